"""Every link of the built site leads somewhere, to its very place on the page."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.site.built import ADDRESS, BASE
from tests.site.tools import absent


@pytest.fixture(scope="session")
def lychee() -> Path:
    found = shutil.which("lychee", path=str(Path(sys.executable).parent)) or shutil.which("lychee")
    if not found:
        absent("lychee is not installed: pip install -e '.[browser]'")
    return Path(str(found))


def checked(lychee: Path, web: Path) -> dict[str, Any]:
    """What lychee says of the pages below a directory, which holds the site at its base path."""
    done = subprocess.run(
        [
            str(lychee),
            *("--offline", "--include-fragments", "--no-progress", "--format=json"),
            *("--root-dir", str(web), "--index-files=index.html"),
            *("--remap", f"^{ADDRESS} file://{web}/{BASE}/"),
            *("--config", "/dev/null", "--extensions=html", str(web / BASE)),
        ],
        cwd=web,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 2), done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def broken(report: dict[str, Any]) -> list[str]:
    return [
        f"{page}: {link['url']}: {link['status']['text']}"
        for page, links in report["error_map"].items()
        for link in links
    ]


def test_no_link_is_broken(lychee: Path, site: Path) -> None:
    report = checked(lychee, site.parent)
    assert report["successful"] > 5000
    assert broken(report) == []


def test_what_is_not_followed_leads_to_another_host(lychee: Path, site: Path) -> None:
    passed_by = checked(lychee, site.parent)["excluded_map"]
    addresses = {link["url"] for links in passed_by.values() for link in links}
    assert [address for address in addresses if not address.startswith("https://")] == []


@pytest.mark.parametrize("link", ["no-such-page/", "there/#no-such-place", "/elsewhere/"])
def test_broken_link_is_found(lychee: Path, tmp_path: Path, link: str) -> None:
    there = tmp_path / BASE / "there/index.html"
    there.parent.mkdir(parents=True)
    there.write_text("<!doctype html><h1 id='place'>There</h1>")
    page = tmp_path / BASE / "index.html"
    good = f"<a href='there/#place'></a> <a href='/{BASE}/there/'></a>"
    page.write_text(f"<!doctype html>{good} <a href='{link}'></a>")
    assert len(broken(checked(lychee, tmp_path))) == 1
