"""Every test sees the same surroundings, on a developer's machine and in CI."""

import os

from plexus_rules.trees.base_commit import TARGET_VARIABLES


def pytest_configure() -> None:
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
