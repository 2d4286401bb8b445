"""Packages from npm, in the user's cache: what a lock file pins, and nothing else.

No install script of a package is run, and no setting of the user changes what is installed: only
where it comes from.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from plexus_rules.lab.cache import Notify, NoToolbox, installed, machine
from plexus_rules.lab.leash import run_leashed
from plexus_rules.lab.node import NodeJs

_TIMEOUT = 600
#: To be changed with what is done below, so that everything is installed anew.
_RECIPE = b"2"
#: The command line wins over npm's settings in files.
_OPTIONS = (
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--include=prod",
    "--include=dev",
    "--include=optional",
    "--include=peer",
    "--install-strategy=hoisted",
    "--location=project",
    "--bin-links",
    "--no-dry-run",
    "--no-package-lock-only",
)
#: The settings in the environment that reach npm: where packages come from, and how.
_KEPT = {
    "ca",
    "cache",
    "cafile",
    "cert",
    "fetch_retries",
    "fetch_timeout",
    "globalconfig",
    "https_proxy",
    "key",
    "local_address",
    "maxsockets",
    "noproxy",
    "offline",
    "prefer_offline",
    "proxy",
    "registry",
    "strict_ssl",
    "userconfig",
}
_SETTING = "npm_config_"


def npm_packages(
    name: str,
    what: str,
    directory: Path,
    nodejs: NodeJs,
    notify: Notify,
    *,
    finish: Callable[[Path], None] = lambda _: None,
    recipe: bytes = b"",
) -> Path:
    """The ``node_modules`` that a lock file describes; installed now where it is not yet.

    Args:
        name: says what they are, in the cache.
        what: the same for a reader.
        directory: where package.json and package-lock.json lie.
        nodejs: what npm runs on.
        notify: is told that something is installed, or waited for.
        finish: is given the new ``node_modules``, to do what npm leaves undone.
        recipe: says what ``finish`` does; another one installs everything anew.

    Raises:
        NoToolbox: npm could not install, or ``finish`` found something missing.
    """
    lock = (directory / "package-lock.json").read_bytes()
    pinned = hashlib.sha256(lock + recipe + _RECIPE + machine()).hexdigest()[:16]

    def install(new: Path) -> None:
        shutil.copytree(directory, new, dirs_exist_ok=True)
        _npm_ci(new, what, nodejs)
        if wrong := next(_not_as_locked(new, lock), None):
            raise NoToolbox(f"npm did not install {what}, though it said so: {wrong}")
        finish(new / "node_modules")

    return installed(f"{name}-{pinned}", what, install, notify) / "node_modules"


def _npm_ci(new: Path, what: str, nodejs: NodeJs) -> None:
    path = os.pathsep.join((str(nodejs.node.parent), os.environ.get("PATH", os.defpath)))
    environment = {**settled(os.environ), "PATH": path}
    try:
        said = run_leashed([*nodejs.npm, "ci", *_OPTIONS], new, environment, _TIMEOUT)
    except subprocess.TimeoutExpired:
        raise NoToolbox(f"npm did not install {what} within {_TIMEOUT} seconds") from None
    if said:
        raise NoToolbox(
            f"npm could not install {what}:\n{said}\n"
            "Run this once where the npm registry can be reached."
        )


def settled(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without those settings of npm that change what is installed."""
    return {name: value for name, value in environment.items() if _reaches_npm(name.lower())}


def _reaches_npm(name: str) -> bool:
    if not name.startswith(_SETTING):
        return True
    setting = name.removeprefix(_SETTING).replace("-", "_")
    # Those for one registry, such as //HOST/:_authToken or @SCOPE:registry.
    return setting in _KEPT or setting.startswith("//") or setting.endswith(":registry")


def _not_as_locked(home: Path, lock: bytes) -> Iterator[str]:
    """What the lock file pins for every machine and is not there, or in another version."""
    for place, pinned in json.loads(lock)["packages"].items():
        if not place or pinned.get("optional") or pinned.get("devOptional"):
            continue
        try:
            found = json.loads((home / place / "package.json").read_bytes()).get("version")
        except (OSError, ValueError):
            yield f"{place} is missing"
            continue
        if found != pinned["version"]:
            yield f"{place} is {found}, not {pinned['version']}"
