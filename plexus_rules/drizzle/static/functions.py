"""The few functions of Node and of drizzle-kit whose result is known without running them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

#: Stands at the start of an absolute path for the root of the tree, wherever that is.
ROOT = "\0root"

PATH_MODULES = frozenset({"path", "node:path", "path/posix", "node:path/posix", "pathe", "upath"})
URL_MODULES = frozenset({"url", "node:url"})
DEFINE_CONFIG = ("drizzle-kit", "defineConfig")


def is_absolute(path: str) -> bool:
    """Whether a path starts at a root: the tree's, the file system's or a drive's."""
    return path.startswith((ROOT, "/")) or path[1:3] in (":/", ":\\")


def join(parts: list[str]) -> str:
    """What ``path.join`` gives. ``..`` is kept: what it leaves is judged at the end."""
    return "/".join(part for part in parts if part) or "."


def resolve(parts: list[str]) -> str:
    """What ``path.resolve`` gives; a relative path stays relative to the working directory."""
    start = max((i for i, part in enumerate(parts) if is_absolute(part)), default=0)
    return join(parts[start:])


def dirname(parts: list[str]) -> str:
    """What ``path.dirname`` gives."""
    path = parts[0].rstrip("/") if parts else ""
    if path == ROOT or posixpath.basename(path) == "..":
        return path + "/.."
    return posixpath.dirname(path) or "."


def relative(parts: list[str]) -> str | None:
    """What ``path.relative`` gives, where it starts at the working directory."""
    return parts[1] if len(parts) > 1 and parts[0] == "." else None


def first(parts: list[str]) -> str | None:
    """The first argument."""
    return parts[0] if parts else None


_PATH_FUNCTIONS: dict[str, Callable[[list[str]], str | None]] = {
    "dirname": dirname,
    "join": join,
    "normalize": first,
    "relative": relative,
    "resolve": resolve,
}
#: Methods that leave a text what it is, as far as a choice by it is concerned.
SAME_TEXT = frozenset({"toLowerCase", "toString", "trim"})

_URL_FUNCTIONS: dict[str, Callable[[list[str]], str | None]] = {
    "fileURLToPath": first,
    "pathToFileURL": first,
}


def text_function(origin: tuple[str, str]) -> Callable[[list[str]], str | None] | None:
    """The function of texts that is imported under this name from this module."""
    module, name = origin
    if module in PATH_MODULES:
        return _PATH_FUNCTIONS.get(name)
    return _URL_FUNCTIONS.get(name) if module in URL_MODULES else None


def url(parts: list[str]) -> str | None:
    """The path of ``new URL(relative, base)``, where the base is a file of the tree."""
    if len(parts) == 1 and parts[0].startswith(ROOT):
        return parts[0]
    if len(parts) == 2 and parts[1].startswith(ROOT):
        return join([dirname([parts[1]]), parts[0]])
    return None


def here(path: str, name: str) -> str | None:
    """What ``import.meta.name``, ``__dirname`` or ``__filename`` gives in a file of the tree."""
    if name in ("__dirname", "dirname", "dir"):
        return dirname([f"{ROOT}/{path}"])
    if name in ("__filename", "filename", "path", "url"):
        return f"{ROOT}/{path}"
    return None


def text_method(text: str, name: str, arguments: list[str]) -> str | bool | None:
    """What a method of a text gives; None where it is not one that is read."""
    if name in SAME_TEXT:
        return {"toLowerCase": text.lower(), "trim": text.strip()}.get(name, text)
    if name in ("replace", "replaceAll") and len(arguments) == 2:
        # Config authors turn Windows' separators; a path of the tree has none.
        return text if "\\" in arguments[0] else None
    if len(arguments) != 1:
        return None
    match name:
        case "startsWith":
            return text.startswith(arguments[0])
        case "endsWith":
            return text.endswith(arguments[0])
        case "includes":
            return arguments[0] in text
    return None
