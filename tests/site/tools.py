"""What comes from npm for the tests of the site: the versions in ``packages/`` and no others."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import pytest
from msgspec import Struct

from plexus_rules.lab.node import NoToolbox, node_js
from plexus_rules.lab.npm import npm_packages

PACKAGES = Path(__file__).parent / "packages"
#: What html-validate asks for.
_OLDEST_NODE = 20
IN_CI = bool(os.environ.get("TESTS_RUN_IN_CI"))


class Tools(Struct, frozen=True):
    """Node.js, and the ``node_modules`` beside it."""

    node: Path
    modules: Path


def tools() -> Tools:
    """The tools, installed once in the user's cache; a test that needs them is skipped without."""
    try:
        nodejs = node_js(lambda _: None, _OLDEST_NODE)
        modules = npm_packages(
            "site", "what the tests of the site need", PACKAGES, nodejs, lambda _: None
        )
    except NoToolbox as error:
        absent(str(error))
    return Tools(nodejs.node, modules)


def absent(why: str) -> NoReturn:
    """Skips the test for what is not there; in CI everything has to be there."""
    assert not IN_CI, f"CI must run every test of the site: {why}"
    pytest.skip(why)
