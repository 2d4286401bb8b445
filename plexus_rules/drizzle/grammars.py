"""The grammars of tree-sitter."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from types import ModuleType


@cache
def grammar(package: str) -> ModuleType:
    """The module of a grammar's package that has its languages.

    The package as a whole loads ``importlib.resources``, for queries that nobody asks for here,
    and that takes twenty times as long. It is what a grammar comes from that is built in another
    way.

    Raises:
        ModuleNotFoundError: the package is not installed.
    """
    found = find_spec(package)
    places = None if found is None else found.submodule_search_locations
    compiled = PathFinder.find_spec("_binding", places) if places else None
    if compiled is None or compiled.loader is None:
        return import_module(package)
    module = module_from_spec(compiled)
    compiled.loader.exec_module(module)
    return module
