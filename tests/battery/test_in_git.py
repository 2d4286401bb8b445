"""A few states as a maintainer meets them: in a git repository, against the target branch."""

from __future__ import annotations

from pathlib import Path

import pytest

from plexus_rules.check.api import check_directory
from plexus_rules.finding import Severity
from plexus_rules.gallery.run import NOW
from plexus_rules.lab.battery import STATES, Found, State
from plexus_rules.samples import (
    ADD_COLUMN_BOTH,
    ADD_OTHER_COLUMN_BOTH,
    MERGE_OTHER_COLUMN_BOTH,
    files,
)
from tests.checkouts import Checkout, write

CHOSEN = [
    *("merge-target-snapshot", "merge-same-parent", "merge-branch-sql-lost", "right-merge"),
    *("edited-migration", "moved-folders", "windows-line-ends", "squash"),
]


def found(root: Path) -> list[Found]:
    report = check_directory(root, base="main", require_base=True, now=NOW, environ={})
    assert report.incomplete == ()
    graver = (f for f in report.findings if f.severity is not Severity.INFO)
    return sorted(Found(finding.rule, finding.path) for finding in graver)


def replace_all(checkout: Checkout, now: dict[str, bytes]) -> None:
    """Makes the files of a checkout these, and commits them."""
    checkout.git("rm", "-r", "-q", "--force", ".")
    write(checkout.root, now)
    checkout.commit()


@pytest.mark.parametrize("name", CHOSEN)
def test_a_state_on_a_branch_is_judged_against_the_target(name: str, tmp_path: Path) -> None:
    (state,) = (state for state in STATES if state.name == name)
    checkout = Checkout.new(tmp_path, state.files_before)
    checkout.git("switch", "-qc", "work")
    replace_all(checkout, state.files)
    assert found(tmp_path) == sorted(state.gives)


def test_a_branch_may_clean_up_what_has_not_landed(tmp_path: Path) -> None:
    checkout = Checkout.new(tmp_path)
    checkout.git("switch", "-qc", "work")
    replace_all(checkout, files(ADD_OTHER_COLUMN_BOTH))
    replace_all(checkout, files(ADD_COLUMN_BOTH))
    assert found(tmp_path) == []


def merging(tmp_path: Path) -> Checkout:
    """A branch with a migration 0002, into which a target with another one is being merged."""
    checkout = Checkout.new(tmp_path)
    checkout.git("switch", "-qc", "work")
    replace_all(checkout, files(ADD_OTHER_COLUMN_BOTH))
    checkout.git("switch", "-q", "main")
    replace_all(checkout, files(ADD_COLUMN_BOTH))
    checkout.git("switch", "-q", "work")
    checkout.git("merge", "-q", "--no-commit", "-s", "ours", "main")
    return checkout


def test_the_right_merge_of_two_branches_gives_nothing(tmp_path: Path) -> None:
    checkout = merging(tmp_path)
    replace_all(checkout, files(ADD_COLUMN_BOTH, MERGE_OTHER_COLUMN_BOTH))
    assert checkout.git("rev-list", "--count", "--merges", "HEAD") == "1"
    assert found(tmp_path) == []


def test_a_wrong_merge_of_two_branches_is_told(tmp_path: Path) -> None:
    state: State
    (state,) = (state for state in STATES if state.name == "merge-branch-snapshot")
    checkout = merging(tmp_path)
    replace_all(checkout, state.files)
    assert found(tmp_path) == sorted(state.gives)
