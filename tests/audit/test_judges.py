"""Both judges say the same of a history: the quick one is no less right than the slow one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec import structs

from plexus_rules.audit import AuditRequest, audit
from plexus_rules.audit.judge import PlainJudge, WatchingJudge
from plexus_rules.catalog import all_rules
from plexus_rules.samples import base
from plexus_rules.samples.building import build
from tests.audit.histories import History

#: Of all examples, so many parts; each part takes one commit before and one after an example.
_PARTS = 12


@pytest.mark.parametrize("part", [0, 5])
@pytest.mark.parametrize("full", [False, True])
def test_judges_agree_on_a_history_of_examples(tmp_path: Path, part: int, full: bool) -> None:
    history = History(tmp_path / "repo")
    examples = [example for rule in all_rules() for example in rule.examples]
    for example in examples[part::_PARTS]:
        before, last = build(base(), example.given)
        history.put(before)
        history.put(build(before, example.change, last)[0])
    request = AuditRequest(history.checkout.root, all_rules(), full=full)
    quick, slow = audit(request, judge=WatchingJudge), audit(request, judge=PlainJudge)
    assert quick.recorded == slow.recorded
    assert quick.report == slow.report
    assert len(quick.recorded) > 5


def test_judges_agree_where_nothing_is_a_project_for_a_while(tmp_path: Path) -> None:
    history = History(tmp_path / "repo")
    for files in ({"README.md": b"."}, base(), {"README.md": b"."}, base(), base()):
        history.put(files)
    request = AuditRequest(history.checkout.root, all_rules())
    quick, slow = audit(request, judge=WatchingJudge), audit(request, judge=PlainJudge)
    assert (quick.recorded, quick.report) == (slow.recorded, slow.report)


class TestTwoProcesses:
    """A long history is walked in halves; what is told does not show it."""

    @pytest.fixture
    def history(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
        if not hasattr(os, "fork"):
            pytest.skip("this system cannot fork")
        monkeypatch.setattr("plexus_rules.audit.halves.FEWEST", 4)
        history = History(tmp_path / "repo")
        examples = [example for rule in all_rules() for example in rule.examples]
        for example in examples[3 :: 2 * _PARTS]:
            before, last = build(base(), example.given)
            after = build(before, example.change, last)[0]
            for files in (before, after, after):
                history.put(files)
                history.checkout.git("tag", f"v{len(history.checkout.git('tag').split())}")
        return history

    def test_say_what_one_says(self, history: History) -> None:
        request = AuditRequest(history.checkout.root, all_rules())
        one, two = audit(request), audit(structs.replace(request, jobs=2))
        assert two.recorded == one.recorded
        assert two.report == one.report
        assert any(r.ended_by for r in one.recorded)

    def test_that_fail_leave_all_to_one(
        self, history: History, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        request = AuditRequest(history.checkout.root, all_rules(), jobs=2)
        one = audit(structs.replace(request, jobs=1))
        monkeypatch.setattr("plexus_rules.audit.history._second_half", lambda plan, at: 1 / 0)
        assert audit(request).recorded == one.recorded
