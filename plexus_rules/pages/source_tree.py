"""The source tree of plexus_rules itself, in which pages are generated and the site is built."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from plexus_rules.catalog import all_rules, module_of
from plexus_rules.gallery import Outcome, run_all
from plexus_rules.guidance.files import changed_files, diff, write_whole
from plexus_rules.lab.records import BadRecord, read_records
from plexus_rules.lab.side_by_side import read_comparison
from plexus_rules.pages.blocks import BlockError, fill_blocks
from plexus_rules.pages.card import write_cards
from plexus_rules.pages.site import site_files
from plexus_rules.pages.twins import write_twins
from plexus_rules.pages.views import tests_of
from plexus_rules.pages.written import page_blocks
from plexus_rules.rule import Rule

#: Generated pages stand under these; a page here that is not generated any more is removed.
_OWNED = ("docs/evidence", "docs/rules", "docs/guides", "docs/source")

#: Where `prove --record` writes.
EVIDENCE = "docs/evidence"

#: Pages that a person writes, with generated blocks in them.
WRITTEN = ("README.md", "docs/audit.md", "docs/check.md", "docs/index.md")


class SourceTreeError(Exception):
    """There is no source tree here, or it lacks what a command needs."""


class Generated(Struct, frozen=True):
    """What ``generate`` would write: texts by path in the source tree, and pages to remove."""

    root: Path
    files: dict[str, str]
    changed: list[str]
    gone: list[str]
    outcomes: list[Outcome]

    @property
    def diff(self) -> str:
        """What would change, as a unified diff."""
        return diff(self.root, self.files, [*self.changed, *self.gone])

    def write(self) -> None:
        """Writes what changed and removes what is gone."""
        for path in self.changed:
            write_whole(self.root / path, self.files[path].encode())
        for path in self.gone:
            (self.root / path).unlink(missing_ok=True)


def find_source_tree(start: Path) -> Path:
    """The top of the source tree that a directory lies in.

    Raises:
        SourceTreeError: it lies in none.
    """
    for directory in (start, *start.parents):
        if (directory / "mkdocs.yml").is_file() and (directory / "plexus_rules").is_dir():
            return directory
    raise SourceTreeError(
        "this command works in the source tree of plexus_rules (with mkdocs.yml and docs/): clone "
        "it and run the command there. To write guides into a checkout of yours, use: "
        "plexus-rules generate --into CHECKOUT"
    )


def plan(root: Path, help_blocks: Mapping[str, str]) -> Generated:
    """Runs every example, renders every page, and compares with what stands in the tree.

    ``help_blocks`` are the blocks that only the command line can fill, by name.

    Raises:
        SourceTreeError: a page that a person writes is missing, or a block of it is wrong; or the
            tests of a rule are missing, which the page of its source shows.
    """
    rules = all_rules()
    _require_tests(root, rules)
    outcomes = list(run_all(rules))
    changelog = (root / "CHANGELOG.md").read_text("utf-8")
    try:
        evidence = read_records(root / EVIDENCE, {claim.id for r in rules for claim in r.why})
        comparison = read_comparison(root / EVIDENCE)
    except BadRecord as error:
        raise SourceTreeError(str(error)) from None
    pages = site_files(rules, outcomes, changelog, evidence, comparison)
    files = {f"docs/{path}": text for path, text in pages.items()}
    blocks = page_blocks(rules, outcomes, evidence, comparison) | dict(help_blocks)
    for page in WRITTEN:
        try:
            files[page] = fill_blocks(page, (root / page).read_text("utf-8"), blocks)
        except FileNotFoundError:
            raise SourceTreeError(f"{page} is missing from this source tree") from None
        except BlockError as error:
            raise SourceTreeError(str(error)) from None
    present = [page for owned in _OWNED for page in (root / owned).rglob("*.md")]
    gone = sorted(page.relative_to(root).as_posix() for page in present)
    gone = [path for path in gone if path not in files]
    return Generated(root, files, changed_files(root, files), gone, outcomes)


def _require_tests(root: Path, rules: Sequence[Rule]) -> None:
    """Raises SourceTreeError where a rule whose module is in the tree has a check and no tests."""
    for rule in rules:
        module = module_of(rule)
        tests = tests_of(module)
        if rule.check and (root / module).is_file() and not (root / tests).is_file():
            raise SourceTreeError(
                f"{rule.id} {rule.name} has no tests: {tests} is missing, which the page of its "
                "source shows; write it (docs/writing-a-rule.md), and run this again. Nothing "
                "was written"
            )


def build_site(root: Path) -> Path:
    """Builds the site with mkdocs, strictly, with the twins of its pages; gives its directory.

    Raises:
        SourceTreeError: mkdocs is not installed, the build fails, or a twin cannot be written.
    """
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    done = subprocess.run(command, cwd=root, check=False, capture_output=True, text=True)
    if done.returncode:
        if "No module named mkdocs" in done.stderr:
            raise SourceTreeError("mkdocs is not installed: pip install -e '.[site]'")
        raise SourceTreeError(f"mkdocs build --strict failed:\n{done.stderr.strip()}")
    try:
        write_twins(root, root / "site")
        write_cards(root / "site")
    except (OSError, LookupError) as error:
        raise SourceTreeError(f"twins and cards of the pages cannot be written: {error}") from None
    return root / "site"
