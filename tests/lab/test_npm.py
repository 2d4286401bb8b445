"""Packages are installed as the lock file says, whatever npm is told elsewhere, or not at all."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from plexus_rules.lab.cache import NoToolbox
from plexus_rules.lab.node import NodeJs
from plexus_rules.lab.npm import npm_packages, settled

LOCK = {
    "packages": {
        "": {"name": "wanted"},
        "node_modules/one": {"version": "1.2.3"},
        "node_modules/for-another-machine": {"version": "1.0.0", "optional": True},
    }
}
INSTALLS = """
mkdir -p node_modules/one
echo '{"version": "VERSION"}' >node_modules/one/package.json
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "plexus-rules" / "lab"


def install(tmp_path: Path, npm: str | None) -> Path:
    """Installs with a program that stands for npm, or with none."""
    (tmp_path / "wanted").mkdir()
    (tmp_path / "wanted" / "package-lock.json").write_text(json.dumps(LOCK))
    if npm is not None:
        (tmp_path / "npm").write_text(f"#!/bin/sh\n{npm}\n")
        (tmp_path / "npm").chmod(0o755)
    nodejs = NodeJs(tmp_path / "node", (str(tmp_path / "npm"),))
    return npm_packages("x", "what is wanted", tmp_path / "wanted", nodejs, lambda _: None)


def test_what_is_locked_is_there(tmp_path: Path) -> None:
    modules = install(tmp_path, INSTALLS.replace("VERSION", "1.2.3"))
    assert [path.name for path in modules.iterdir()] == ["one"]


@pytest.mark.parametrize(
    ("npm", "says"),
    [
        (":", "npm did not install what is wanted, though it said so: node_modules/one is missing"),
        (INSTALLS.replace("VERSION", "1.2.4"), "node_modules/one is 1.2.4, not 1.2.3"),
        ("echo no network; exit 1", "npm could not install what is wanted:\nno network\nRun this"),
        ("exit 3", "it said nothing, and ended with status 3"),
        ("kill -9 $$", "it said nothing, and ended with status 137"),
    ],
)
def test_what_npm_did_not_do_is_said_and_nothing_is_kept(
    npm: str, says: str, tmp_path: Path, cache: Path
) -> None:
    with pytest.raises(NoToolbox, match=re.escape(says)):
        install(tmp_path, npm)
    assert [path.name for path in cache.iterdir()] == ["lock"]


def test_an_npm_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoToolbox, match="/npm: No such file or directory\nRun this once"):
        install(tmp_path, None)


@pytest.mark.parametrize(
    "name",
    [
        "npm_config_omit",
        "NPM_CONFIG_INCLUDE",
        "npm_config_dry-run",
        "npm_config_dry_run",
        "npm_config_ignore_scripts",
        "npm_config_prefix",
        "npm_config_global",
        "npm_config_workspace",
        "npm_config_cpu",
    ],
)
def test_settings_that_change_what_is_installed_do_not_reach_npm(name: str) -> None:
    assert settled({name: "x", "PATH": "y"}) == {"PATH": "y"}


@pytest.mark.parametrize(
    "name",
    [
        "npm_config_registry",
        "NPM_CONFIG_HTTPS_PROXY",
        "npm_config_https-proxy",
        "npm_config_cafile",
        "npm_config_cache",
        "npm_config_userconfig",
        "npm_config_//example.org/:_authToken",
        "HTTPS_PROXY",
        "HOME",
    ],
)
def test_settings_that_say_where_packages_come_from_reach_npm(name: str) -> None:
    assert settled({name: "x"}) == {name: "x"}


def test_files_with_settings_are_overruled(tmp_path: Path) -> None:
    modules = install(
        tmp_path, f'echo "$@" >{tmp_path}/said\n{INSTALLS.replace("VERSION", "1.2.3")}'
    )
    assert modules.is_dir()
    said = (tmp_path / "said").read_text().split()
    assert {"--include=optional", "--include=dev", "--no-dry-run", "--ignore-scripts"} < set(said)
