"""How an audit is told: as text, as JSON, as Markdown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from plexus_rules.audit import Audit, Recorded, Told
from plexus_rules.check.report import Report
from plexus_rules.cli import main
from plexus_rules.cli.audit_formats import render_json, render_markdown, render_text
from plexus_rules.cli.face import plain
from plexus_rules.finding import Finding, NotRun, Range, Related, Severity, Unsupported
from plexus_rules.reporters.json import report_value
from plexus_rules.rule import Needs
from plexus_rules.samples import ADD_COLUMN_BOTH
from plexus_rules.trees import Append
from tests.audit.histories import SQLITE, History

_A, _B, _C = "a" * 40, "b" * 40, "c" * 40
_EDIT = Append(f"{SQLITE}/0002_add_client_request_id.sql", "-- edited\nSELECT 1;\n")


def finding(rule: str, severity: Severity = Severity.ERROR, **rest: Any) -> Finding:
    values: dict[str, Any] = {
        "path": "a.ts",
        "range": Range(3, 1, 3, 2),
        "name": "a-rule",
        "message": "it is wrong",
        "remedy": "Mend it.",
    }
    return Finding(rule=rule, severity=severity, **values | rest)


def made(*recorded: Recorded, **rest: Any) -> Audit:
    report = Report(
        base=None,
        findings=tuple(one.finding for one in recorded),
        projects=(),
        not_run=(NotRun("PLX111", ".", "at 1 of 9 commits, first at c: `no`"),),
        unsupported=(Unsupported("x", "not read"),),
        rules=5,
    )
    told = {_A: Told("2026-01-02", "Add it"), _B: Told("2026-01-03", "Mend | it\x1b[31m <b>")}
    return Audit(report, recorded, 9, told | {_C: Told("2026-01-04", "x" * 300)}, **rest)


ENDED = Recorded(finding("PLX101", related=(Related("b.ts", Range(7, 1, 7, 2), "too"),)), _A, _B)
OPEN = Recorded(finding("PLX102", Severity.WARNING), _A)
EVENT = Recorded(finding("PLX201"), _B, is_event=True, shipped_in=("v1", "v2"))


class TestText:
    def test_groups_findings_by_commit_with_what_became_of_each(self) -> None:
        assert render_text(made(ENDED, OPEN, EVENT), plain) == (
            "aaaaaaaaaa  2026-01-02  Add it\n"
            "  error  PLX101 a-rule  a.ts:3\n"
            "    it is wrong\n"
            "    related: b.ts:7 too\n"
            "    ended by bbbbbbbbbb  2026-01-03  Mend | it\\x1b[31m <b>\n"
            "\n"
            "  warning  PLX102 a-rule  a.ts:3\n"
            "    it is wrong\n"
            "    still there\n"
            "    remedy: Mend it.\n"
            "\n"
            "bbbbbbbbbb  2026-01-03  Mend | it\\x1b[31m <b>\n"
            "  error  PLX201 a-rule  a.ts:3\n"
            "    it is wrong\n"
            "    after it had shipped in v1 … v2\n"
            "\n"
            "2 error, 1 warning, 1 still there (5 rules on 9 commits, 2 parts not checked)\n"
        )

    def test_of_nothing_is_a_line(self) -> None:
        assert render_text(made(), plain) == (
            "nothing found (5 rules on 9 commits, 2 parts not checked)\n"
        )

    def test_counts_rules_that_do_not_apply_apart(self) -> None:
        need, at_first = Needs.TWO_DIALECTS.value, "at 1 of 9 commits, first at c: "
        parts = (
            NotRun("PLX102", ".", need),
            NotRun("PLX111", ".", f"{at_first}{need}"),
            NotRun("PLX112", ".", f"{at_first}{need}"),
            NotRun("PLX203", "a", f"{at_first}too large"),
        )
        audit = made()
        audit = replace(audit, report=replace(audit.report, not_run=parts, unsupported=()))
        assert render_text(audit, plain) == (
            "nothing found (5 rules on 9 commits, 1 rule does not apply, "
            "2 rules do not apply at times, 1 part not checked)\n"
        )

    def test_clips_a_long_subject(self) -> None:
        first = render_text(made(Recorded(OPEN.finding, _C)), plain).split("\n")[0]
        assert first.endswith("x…")
        assert len(first) < 140


class TestJson:
    def test_is_that_of_a_check_with_the_place_in_the_history(self) -> None:
        value = json.loads(render_json(made(ENDED, EVENT)))
        assert list(value) == [*report_value(made().report), "commits"]
        assert (value["version"], value["base"], value["commits"]) == (1, None, 9)
        first, second = value["findings"]
        assert (first["rule"], first["commit"], first["ended_by"]) == ("PLX101", _A, _B)
        assert (second["commit"], second["ended_by"]) == (_B, None)
        assert (first["shipped_in"], second["shipped_in"]) == ([], ["v1", "v2"])


class TestMarkdown:
    def test_can_be_pasted_whatever_a_commit_says(self) -> None:
        hostile = finding("PLX102", message="[x](javascript:y) <img> `a`", url="http://e/>x")
        text = render_markdown(made(Recorded(hostile, _B)))
        assert "## `bbbbbbbbbb` 2026-01-03 Mend \\| it\\\\x1b\\[31m \\<b\\>" in text
        assert "[PLX102 a-rule](<http://e/x>)" in text
        assert "\\[x\\]\\(javascript\\:y\\) \\<img\\> \\`a\\`" in text
        assert "<img>" not in text

    def test_says_what_became_of_each_finding(self) -> None:
        text = render_markdown(made(ENDED, OPEN, EVENT))
        assert "- **error** PLX101 a-rule in a\\.ts\\:3: it is wrong\n" in text
        assert "    - ended by bbbbbbbbbb  2026\\-01\\-03" in text
        assert "    - still there\n    - Remedy: Mend it\\.\n" in text
        assert "## Not checked" in text


class TestCommand:
    @pytest.fixture
    def root(self, tmp_path: Path) -> str:
        history = History(tmp_path / "repo")
        history.begin()
        history.change(ADD_COLUMN_BOTH)
        history.change(_EDIT)
        return str(history.checkout.root)

    def run(self, *arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["audit", *arguments])
        return done.exit_code, done.output

    def test_exits_1_where_an_error_was_ever_brought_in(self, root: str) -> None:
        status, output = self.run(root)
        assert status == 1
        assert "PLX201 edited-migration" in output

    def test_exits_0_where_none_was(self, root: str) -> None:
        status, output = self.run(root, "--range", "HEAD~2..HEAD~1")
        assert status == 0
        assert "nothing found" in output
        assert self.run(root, "--ignore", "PLX2")[0] == 0

    def test_exits_2_where_it_cannot_be_done(self, root: str, tmp_path: Path) -> None:
        for arguments in ([str(tmp_path)], [root, "--range", "x..y"], [root, "--select", "PLX9"]):
            status, output = self.run(*arguments)
            assert status == 2
            assert output.startswith("plexus-rules: ")

    def test_prints_each_format(self, root: str) -> None:
        assert json.loads(self.run(root, "--format", "json", "--full")[1])["commits"] == 3
        assert self.run(root, "--format", "markdown")[1].startswith("# Audit\n")

    def test_tells_on_stderr_what_was_not_judged(self, root: str) -> None:
        done = CliRunner().invoke(main, ["audit", root, "--select", "PLX201,PLX402"])
        assert "Judging" not in done.stderr
        assert done.stdout.count("PLX201") == 1

    def test_says_in_its_help_what_the_status_means(self) -> None:
        assert "though it may be mended by now" in " ".join(self.run("--help")[1].split())
