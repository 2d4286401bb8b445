"""Who writes a rule sees its page change, and a little later the pages that follow from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from plexus_rules.catalog import all_rules
from tests.benchmarks.serving import copy_of_source, serving, shown, until_shown, wait


def test_changed_rule_is_shown_on_every_page_that_has_it(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    rule = next(rule for rule in all_rules() if rule.id == "PLX404")
    with serving(copy_of_source(tmp_path)) as address:
        until_shown(tmp_path, address, rule, "indubitably")
        assert "indubitably" in (shown(address, f"source/{rule.id}/") or "")
        wait(lambda: "indubitably" in (shown(address, "rules/") or ""))
    # The guide that an agent reads comes with it.
    assert "indubitably" in (tmp_path / "docs" / "rules.json").read_text("utf-8")
