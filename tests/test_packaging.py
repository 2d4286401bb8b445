"""What is shipped: the package's data, its pinned dependencies, its licence and its version."""

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import EntryPoint
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import plexus_rules

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements/lock.txt").read_text(encoding="utf-8")
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT: dict[str, Any] = PYPROJECT["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]

REQUIREMENTS = sorted(
    {*PYPROJECT["build-system"]["requires"], *PROJECT["dependencies"], *chain(*EXTRAS.values())}
)
PINS = re.findall(r"^([a-z0-9-]+)==(\S+).* \\\n((?: {4}.*\n)+)", LOCK, re.MULTILINE)


class TestLock:
    def test_names_no_place_to_download_from(self) -> None:
        assert not re.search(r"\w+://|^-|index|find-links| @ ", LOCK, re.MULTILINE)

    def test_names_no_place_on_the_machine_that_made_it(self) -> None:
        paths = [word for word in LOCK.split() if "/" in word]
        assert paths == []

    def test_has_a_hash_for_every_pin(self) -> None:
        assert len(PINS) == len(re.findall(r"^[a-z]", LOCK, re.MULTILINE))
        for name, _, hashes in PINS:
            assert re.search(r"--hash=sha256:[0-9a-f]{64}", hashes), name

    @pytest.mark.parametrize("text", REQUIREMENTS)
    def test_pins_what_the_package_asks_for(self, text: str) -> None:
        wanted = Requirement(text)
        versions = [version for name, version, _ in PINS if name == canonicalize_name(wanted.name)]
        assert versions, f"{text}: not in the lock; run `make lock`"
        assert all(version in wanted.specifier for version in versions), f"{text}: run `make lock`"


@pytest.mark.parametrize("text", REQUIREMENTS)
def test_a_requirement_has_bounds_on_both_sides(text: str) -> None:
    operators = {specifier.operator for specifier in Requirement(text).specifier}
    assert operators == {">=", "<"}


def test_the_version_stands_in_one_place() -> None:
    assert PROJECT["dynamic"] == ["version"]
    assert PYPROJECT["tool"]["hatch"]["version"]["path"] == "plexus_rules/__init__.py"
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## {plexus_rules.__version__}\n" in changelog


def test_the_licence_is_mit() -> None:
    assert PROJECT["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License\n")


@pytest.mark.parametrize(
    ("group", "name", "value"),
    [
        (group, name, value)
        for group, points in {"scripts": PROJECT["scripts"], **PROJECT["entry-points"]}.items()
        for name, value in points.items()
    ],
)
def test_an_entry_point_leads_somewhere(group: str, name: str, value: str) -> None:
    assert callable(EntryPoint(name, value, group).load())


def package_files() -> set[str]:
    found = (ROOT / "plexus_rules").rglob("*")
    return {
        path.relative_to(ROOT).as_posix()
        for path in found
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_everything_in_the_package_is_in_the_wheel_and_the_source_archive(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    [archive] = tmp_path.glob("*.tar.gz")
    with zipfile.ZipFile(wheel) as opened:
        in_wheel = set(opened.namelist())
    with tarfile.open(archive) as opened_archive:
        in_archive = {name.partition("/")[2] for name in opened_archive.getnames()}

    expected = package_files()
    assert "plexus_rules/samples/base/.gitignore" in expected
    assert "plexus_rules/samples/base/.github/workflows/test.yml" in expected
    assert expected - in_wheel == set()
    assert expected - in_archive == set()
    assert {name.partition("/")[0] for name in in_wheel - expected} == {
        f"plexus_rules-{plexus_rules.__version__}.dist-info"
    }


def test_the_contributing_page_names_targets_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`make ([a-z]+)`", contributing)) <= targets


def test_the_site_asks_no_other_host_for_anything() -> None:
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert re.search(r"^  font: false$", config, re.MULTILINE)
    assert not re.search(r"^(repo_url|\s+inventories|\s+- privacy)", config, re.MULTILINE)
    texts = [path for path in (ROOT / "docs/assets").iterdir() if path.suffix != ".png"]
    assert {path.suffix for path in texts} == {".css", ".js", ".svg"}
    for asset in texts:
        text = asset.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "//" not in re.sub(r"^\s*// .*$", "", text, flags=re.MULTILINE), asset.name
