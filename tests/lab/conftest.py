"""Every experiment is run once, and each test looks at what it gave."""

import os
from collections.abc import Mapping

import pytest

from plexus_rules.lab.evidence import Evidence
from plexus_rules.lab.experiment import experiments
from plexus_rules.lab.lines import LINES, V0
from plexus_rules.lab.proving import prove
from plexus_rules.lab.toolbox import NoToolbox, Toolbox, toolbox
from tests.once import once

IN_CI = bool(os.environ.get("TESTS_RUN_IN_CI"))


@pytest.fixture(scope="session")
def tried(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Mapping[str, Evidence]:
    """What every experiment gives: on the line v0, and under CI on both."""
    lines = list(LINES.values()) if IN_CI else [V0]
    try:
        found = once(
            tmp_path_factory,
            worker_id,
            "claims",
            lambda: prove(list(experiments().values()), lines),
        )
    except NoToolbox as error:
        if IN_CI:
            raise
        pytest.skip(f"the experiments cannot run here: {error}")
    return {evidence.claim: evidence for evidence in found}


@pytest.fixture(scope="session")
def tools() -> Toolbox:
    """What is installed for the line v0."""
    try:
        return toolbox(V0)
    except NoToolbox as error:
        if IN_CI:
            raise
        pytest.skip(f"drizzle-kit cannot run here: {error}")
