"""Every test sees the same surroundings, on a developer's machine and in CI."""

import faulthandler
import os
from collections.abc import Iterator

import pytest

from plexus_rules.trees.base_commit import TARGET_VARIABLES

#: A test that runs longer hangs: its place is printed, and the run fails.
HANG_SECONDS = 300


def pytest_configure() -> None:
    if os.environ.get("CI"):
        # Tests see no CI of their own; those of an absent part ask for this.
        os.environ["TESTS_RUN_IN_CI"] = "1"
    for variable in ("CI", *TARGET_VARIABLES):
        os.environ.pop(variable, None)
    os.environ.update(
        GIT_AUTHOR_EMAIL="author@example.invalid",
        GIT_AUTHOR_NAME="Author",
        GIT_COMMITTER_EMAIL="author@example.invalid",
        GIT_COMMITTER_NAME="Author",
        GIT_CONFIG_GLOBAL=os.devnull,
        GIT_CONFIG_NOSYSTEM="1",
    )


@pytest.fixture(autouse=True)
def watchdog() -> Iterator[None]:
    """Ends the run where a test hangs, as hostile input could make it."""
    faulthandler.dump_traceback_later(HANG_SECONDS, exit=True)
    yield
    faulthandler.cancel_dump_traceback_later()
