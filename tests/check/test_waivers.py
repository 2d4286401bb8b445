"""Waived findings are let pass, each with its reason; waivers that waive nothing are named."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from plexus_rules.check import Report
from plexus_rules.check.patterns import Pattern
from plexus_rules.check.settings import Waiver
from plexus_rules.check.waivers import Waiving
from plexus_rules.finding import Finding, NotRun, Range
from plexus_rules.rule import Rule
from plexus_rules.trees import MemoryTree
from tests.check.helpers import change, rule, state
from tests.reporters.helpers import finding, report

TREE = MemoryTree(
    {
        "a.sql": b"SELECT 1;\n-- plexus-rules: waive PLX205 -- a comment says why\nDROP TABLE a;\n",
        "b.sql": b"DROP TABLE a;\nDROP TABLE b;\n",
        "c.ts": b"// plexus-rules: waive PLX205, PLX206 -- nothing is wrong here\nfoo();\n",
        "d.ts": b"// plexus-rules: waive PLX205\nfoo();\n",
    }
)
RULES = (state("PLX205"), state("PLX206"), change("PLX201"))


def waiver(rule: str = "PLX205", path: str = "b.sql", text: str = "", line: int = 3) -> Waiver:
    return Waiver(rule, Pattern(path), f"it is right ({line})", text, line=line)


def at(path: str, line: int = 1, rule: str = "PLX205") -> Finding:
    return finding(path, Range(line, 1, line, 14), rule=rule)


def waived(
    before: Report,
    *waivers: Waiver,
    rules: tuple[Rule, ...] = RULES,
    landed: Collection[str] = (),
    sources: Collection[str] = (),
) -> Report:
    waiving = Waiving(waivers, rules, RULES, TREE, lambda: landed, sources)
    return waiving.apply(before)


def stale(of: Report) -> list[str]:
    return [f"{entry.path}:{entry.line}: {entry.reason}" for entry in of.stale]


class TestWaiverOfTheSettings:
    def test_takes_a_finding_out_and_keeps_its_reason(self) -> None:
        after = waived(report(at("b.sql"), at("b.sql", rule="PLX206")), waiver())
        assert after.findings == (at("b.sql", rule="PLX206"),)
        (entry,) = after.waived
        assert (entry.finding, entry.reason) == (at("b.sql"), "it is right (3)")
        assert (entry.file, entry.line) == ("plexus-rules.toml", 3)
        assert after.exit_status == 1
        assert waived(report(at("b.sql")), waiver()).exit_status == 0

    def test_of_a_pattern_takes_all_that_fit(self) -> None:
        after = waived(report(at("b.sql", 1), at("b.sql", 2)), waiver(path="*.sql"))
        assert (after.findings, len(after.waived)) == ((), 2)

    def test_with_a_text_takes_what_has_it_in_its_lines_or_message(self) -> None:
        before = report(at("b.sql", 1), at("b.sql", 2), finding("x", rule="PLX205"))
        assert waived(before, waiver(text="TABLE b")).findings == before.findings[::2]
        after = waived(before, waiver(path="x", text="is edited"))
        assert after.findings == before.findings[:2]

    def test_with_a_text_takes_nothing_of_a_file_that_is_gone(self) -> None:
        before = report(at("gone.sql"))
        assert waived(before, waiver(path="gone.sql", text="TABLE b")).findings == before.findings

    def test_that_waives_nothing_is_named(self) -> None:
        after = waived(report(), waiver(line=7))
        assert stale(after) == [
            "plexus-rules.toml:7: PLX205 in b.sql: this waiver waives nothing any more; remove it"
        ]
        assert after.exit_status == 0

    def test_second_of_two_for_one_finding_is_of_use_too(self) -> None:
        after = waived(report(at("b.sql")), waiver(line=3), waiver(path="*.sql", line=8))
        assert [entry.line for entry in after.waived] == [3]
        assert after.stale == ()

    def test_of_a_rule_that_did_not_run_is_not_named(self) -> None:
        everywhere = NotRun("PLX205", ".", "no base")
        here, elsewhere = NotRun("PLX205", "b.sql", "too large"), NotRun("PLX205", "z", "too large")
        assert waived(report(not_run=(everywhere,)), waiver()).stale == ()
        assert waived(report(not_run=(here,)), waiver()).stale == ()
        assert len(waived(report(not_run=(elsewhere,)), waiver()).stale) == 1

    def test_of_a_rule_that_was_not_selected_is_not_named(self) -> None:
        assert waived(report(), waiver(), rules=(RULES[1],)).stale == ()


class TestWaiverInAComment:
    def test_takes_a_finding_out_that_it_covers(self) -> None:
        after = waived(report(at("a.sql", 1), at("a.sql", 3)))
        assert after.findings == (at("a.sql", 1),)
        (entry,) = after.waived
        assert (entry.file, entry.line, entry.reason) == ("a.sql", 2, "a comment says why")

    def test_of_another_rule_takes_none(self) -> None:
        before = report(at("a.sql", 3, "PLX206"))
        after = waived(before)
        assert after.findings == before.findings
        assert stale(after) == ["a.sql:2: PLX205: this waiver waives nothing any more; remove it"]

    def test_and_one_of_the_settings_are_both_of_use(self) -> None:
        after = waived(report(at("a.sql", 3)), waiver(path="a.sql"))
        assert (len(after.waived), after.stale) == (1, ())

    def test_that_is_wrong_leaves_the_finding_and_the_check_incomplete(self) -> None:
        after = waived(report(at("d.ts", 2)))
        assert after.findings == (at("d.ts", 2),)
        (reason,) = after.incomplete
        assert reason.startswith("d.ts:1: the waiver gives no reason; write: ")

    def test_is_looked_for_where_findings_are_and_where_one_asks(self) -> None:
        assert waived(report()).stale == ()
        after = waived(report(), sources=["b.sql", "c.ts", "d.ts", "gone.ts"])
        assert [entry.partition(":")[0] for entry in stale(after)] == ["c.ts", "c.ts", "d.ts"]
        assert after.incomplete == ()

    def test_cannot_excuse_the_edit_that_it_is_itself(self) -> None:
        text = b"-- plexus-rules: waive PLX201 -- trust me\nDROP TABLE a;\n"
        tree = MemoryTree({"a.sql": text})
        before = report(at("a.sql", 2, "PLX201"))
        landed = Waiving((), RULES, RULES, tree, lambda: ["a.sql"]).apply(before)
        assert landed.findings == before.findings
        assert "a comment cannot waive this" in landed.incomplete[0]
        pending = Waiving((), RULES, RULES, tree, list).apply(before)
        assert pending.findings == ()


def test_nothing_is_read_where_nothing_is_found() -> None:
    class Unread(MemoryTree):
        def _read(self, path: str) -> bytes:
            raise AssertionError(path)

    waiving = Waiving([waiver()], RULES, RULES, Unread({"b.sql": b""}))
    assert waiving.apply(report()).findings == ()


def test_advice_is_never_judged() -> None:
    checked = rule("PLX299", lambda _: iter(()))
    advice = replace(checked, check=None, advised_because="Only a person can tell.")
    assert waived(report(), waiver("PLX299"), rules=(advice,)).stale == ()
