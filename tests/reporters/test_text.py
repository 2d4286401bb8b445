"""Findings for a person: by file, with the line and a caret under the place."""

from __future__ import annotations

import pytest

from plexus_rules.check.report import Waived
from plexus_rules.finding import NotRun, Range, Related, Severity, Unsupported
from plexus_rules.reporters import render_text
from plexus_rules.reporters.printable import printable, width
from plexus_rules.reporters.text import render_finding
from plexus_rules.rule import Needs
from plexus_rules.trees import MemoryTree
from tests.reporters.helpers import HOSTILE, finding, is_harmless, report


def excerpt(text: str | bytes, place: Range, widest: int = 120) -> list[str]:
    """The source line and the caret line under it; nothing where there is no excerpt."""
    data = text.encode() if isinstance(text, str) else text
    lines = render_finding(finding("a.sql", place), MemoryTree({"a.sql": data}), widest)
    return lines.split("\n")[2:-2]


def test_of_very_many_related_places_the_first_stand_and_the_rest_are_counted() -> None:
    related = tuple(Related("b.sql", Range(n, 1, n, 2), "this, too") for n in range(1, 101))
    text = render_text(report(finding("gone.sql", related=related)), MemoryTree({}))
    assert "    related: b.sql:20 this, too\n    related: and 80 more, which --format json" in text
    assert text.count("related:") == 21


def test_findings_stand_under_their_file_and_the_last_line_counts() -> None:
    tree = MemoryTree({"a.sql": b"SELECT 1;\nSELECT 2;\n"})
    related = (Related("b.sql", Range(7, 1, 7, 2), "this, too"),)
    text = render_text(
        report(
            finding("a.sql", Range(1, 1, 1, 7)),
            finding("a.sql", Range(2, 8, 2, 9), severity=Severity.WARNING, related=related),
            finding("gone.sql", url="https://example.invalid/rules/PLX201/"),
            not_run=(NotRun("PLX209", ".", "one dialect"),),
        ),
        tree,
    )
    assert text == (
        "a.sql\n"
        "  1:1  error  PLX201 edited-migration  it is edited\n"
        "    1 | SELECT 1;\n"
        "        ^^^^^^\n"
        "    remedy: Restore it.\n"
        "\n"
        "  2:8  warning  PLX201 edited-migration  it is edited\n"
        "    2 | SELECT 2;\n"
        "               ^\n"
        "    remedy: Restore it.\n"
        "    related: b.sql:7 this, too\n"
        "\n"
        "gone.sql\n"
        "  1:1  error  PLX201 edited-migration  it is edited\n"
        "    remedy: Restore it.\n"
        "    see: https://example.invalid/rules/PLX201/\n"
        "\n"
        "2 errors, 1 warning (3 rules on 1 database, 1 part not checked)\n"
    )


@pytest.mark.parametrize(
    ("levels", "line"),
    [
        ([], "nothing found (3 rules on 1 database)"),
        ([Severity.ERROR], "1 error (3 rules on 1 database)"),
        ([Severity.INFO] * 2, "2 info (3 rules on 1 database)"),
        ([Severity.WARNING] * 2, "2 warnings (3 rules on 1 database)"),
    ],
)
def test_last_line(levels: list[Severity], line: str) -> None:
    text = render_text(report(*(finding(severity=level) for level in levels)), MemoryTree({}))
    assert text.split("\n")[-2:] == [line, ""]


def test_last_line_counts_what_is_quiet() -> None:
    waived = (Waived(finding(), "why", "a.toml", 1),)
    text = render_text(report(waived=waived, known=(finding(),) * 3), MemoryTree({}))
    assert text == "nothing found (3 rules on 1 database, 1 waived, 3 in the baseline)\n"


class TestInformation:
    INFOS = tuple(
        finding(path, Range(line, 1, line, 5), severity=Severity.INFO, message=f"hazard {line}")
        for path, line in (("a.sql", 1), ("b.sql", 2), ("b.sql", 9))
    )

    def test_stands_before_the_graver_findings_a_line_each_by_rule(self) -> None:
        other = finding("a.sql", rule="PLX301", severity=Severity.INFO, remedy="Add one.")
        related = finding("c.sql", Range(2, 1, 2, 3))
        text = render_text(report(*self.INFOS, other, related), MemoryTree({}))
        assert text == (
            "info  PLX201 edited-migration\n"
            "  a.sql:1:1  hazard 1\n"
            "  b.sql:2:1  hazard 2\n"
            "  b.sql:9:1  hazard 9\n"
            "  remedy: Restore it.\n"
            "\n"
            "info  PLX301 edited-migration\n"
            "  a.sql:1:1  it is edited\n"
            "  remedy: Add one.\n"
            "\n"
            "c.sql\n"
            "  2:1  error  PLX201 edited-migration  it is edited\n"
            "    remedy: Restore it.\n"
            "\n"
            "1 error, 4 info (3 rules on 1 database)\n"
        )

    def test_of_a_hostile_repository_is_harmless(self) -> None:
        hostile = finding(HOSTILE, severity=Severity.INFO, message=HOSTILE, remedy=HOSTILE)
        waived = (Waived(hostile, HOSTILE, HOSTILE, 1),)
        text = render_text(report(hostile, waived=waived), MemoryTree({}), lists_waived=True)
        assert is_harmless(text)


def test_what_is_waived_is_listed_with_its_reason_where_one_asks() -> None:
    waived = (
        Waived(finding("a.sql", Range(2, 1, 2, 3)), "it is right", "plexus-rules.toml", 7),
        Waived(finding("b.sql"), "so is this", "plexus-rules.toml", 0),
    )
    text = render_text(report(waived=waived), MemoryTree({}), lists_waived=True)
    assert text == (
        "waived  a.sql:2:1  PLX201 edited-migration  it is edited\n"
        "  plexus-rules.toml:7: it is right\n"
        "waived  b.sql:1:1  PLX201 edited-migration  it is edited\n"
        "  plexus-rules.toml: so is this\n"
        "\n"
        "nothing found (3 rules on 1 database, 2 waived)\n"
    )
    assert "it is right" not in render_text(report(waived=waived), MemoryTree({}))


class TestExcerpt:
    def test_tabs_are_one_column(self) -> None:
        assert excerpt("\t\ta\tb", Range(1, 5, 1, 6)) == ["    1 |   a b", "            ^"]

    def test_wide_characters_take_two_columns_and_accents_none(self) -> None:
        assert excerpt("日本 x", Range(1, 4, 1, 5)) == ["    1 | 日本 x", " " * 13 + "^"]
        assert excerpt("日本 x", Range(1, 1, 1, 3)) == ["    1 | 日本 x", " " * 8 + "^^^^"]
        assert excerpt("e\u0301 x", Range(1, 4, 1, 5)) == ["    1 | e\u0301 x", " " * 10 + "^"]

    def test_control_characters_take_the_room_of_their_escapes(self) -> None:
        assert excerpt("\x1b[31m x", Range(1, 7, 1, 8)) == ["    1 | \\x1b[31m x", " " * 17 + "^"]

    def test_caret_marks_at_least_one_column(self) -> None:
        assert excerpt("abc", Range(1, 2, 1, 2))[1] == " " * 9 + "^"
        assert excerpt("abc", Range(1, 99, 1, 120))[1].endswith("^")

    def test_place_of_several_lines_is_marked_to_the_end_of_its_first(self) -> None:
        assert excerpt("abc\ndef", Range(1, 2, 2, 3)) == ["    1 | abc", "         ^^"]

    def test_of_a_long_line_is_a_window_around_the_place(self) -> None:
        line = "a" * 5000 + "HERE" + "b" * 5000
        shown, carets = excerpt(line, Range(1, 5001, 1, 5005), widest=40)
        assert shown == "    1 | " + "a" * 20 + "HERE" + "b" * 16
        assert carets == " " * 28 + "^^^^"
        shown, carets = excerpt(line, Range(1, 1, 1, 10_000), widest=40)
        assert shown == "    1 | " + "a" * 40
        assert carets == " " * 8 + "^" * 40

    @pytest.mark.parametrize("text", ["a\r\nb\r\nc", "a\nb\nc"])
    def test_line_ends_are_no_part_of_a_line(self, text: str) -> None:
        assert excerpt(text, Range(2, 1, 2, 2)) == ["    2 | b", "        ^"]

    def test_lines_are_counted_as_editors_count_them(self) -> None:
        assert excerpt("a\x0c\u2028\x85b\nHERE", Range(2, 1, 2, 5))[0] == "    2 | HERE"

    def test_bytes_that_are_no_text_are_shown_as_such(self) -> None:
        assert excerpt(b"\xff\xfe x", Range(1, 1, 1, 2))[0] == "    1 | \ufffd\ufffd x"

    @pytest.mark.parametrize("place", [Range(), Range(99, 1, 99, 2)])
    def test_is_left_out_where_there_is_no_line(self, place: Range) -> None:
        assert excerpt("abc", place) == []


def test_foreign_text_is_neutralised_wherever_it_comes_from() -> None:
    hostile = finding(
        HOSTILE.replace("\r\n", ""),
        Range(1, 2, 1, 3),
        message=HOSTILE,
        remedy=HOSTILE,
        related=(Related(HOSTILE, Range(), HOSTILE),),
        url=f"https://example.invalid/{HOSTILE}",
    )
    path = hostile.path.encode("utf-8", "replace").decode()
    tree = MemoryTree({path: HOSTILE.encode("utf-8", "replace")})
    shown = render_text(report(hostile, finding(path, Range(1, 2, 1, 3))), tree)
    assert is_harmless(shown)
    assert "\\x1b[31mred" in shown


def test_style_is_put_on_our_own_words_and_on_what_is_harmless() -> None:
    styled: list[tuple[str, str]] = []

    def note(text: str, style: str) -> str:
        styled.append((text, style))
        return f"<{style}>{text}"

    tree = MemoryTree({"a.sql": b"SELECT 1;\n"})
    text = render_text(report(finding("a.sql", Range(1, 1, 1, 7))), tree, note)
    assert "<path>a.sql" in text
    assert "<error>^^^^^^" in text
    assert {style for _, style in styled} == {"path", "error", "rule", "dim"}
    assert all(is_harmless(word) for word, _ in styled)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain ü 日本 ✓", "plain ü 日本 ✓"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\x1b[0m\x00\x7f\x9b", "\\x1b[0m\\x00\\x7f\\x9b"),
        ("\u202e\u2066\ufeff\u00a0", "\\u202e\\u2066\\ufeff\\xa0"),
        ("\U000e0001", "\\U000e0001"),
        ("\udcff", "\\udcff"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert is_harmless(shown)


def test_width() -> None:
    assert [width(text) for text in ("", "ab", "ü", "日本", "e\u0301", "😀")] == [0, 2, 1, 4, 1, 2]


def test_rules_that_do_not_apply_are_no_parts_that_were_not_checked() -> None:
    idle = [NotRun(rule, ".", Needs.TWO_DIALECTS.value) for rule in ("PLX102", "PLX111")]
    missed = [NotRun("PLX203", "a.sql", "too large"), NotRun("PLX204", ".", "no base")]
    unread = Unsupported("b.ts", "line 1: a call")
    for not_run, unsupported, said in (
        (idle, (), "2 rules do not apply"),
        (idle[:1], (), "1 rule does not apply"),
        ([*idle, *missed], (unread,), "2 rules do not apply, 3 parts not checked"),
        (missed[:1], (), "1 part not checked"),
    ):
        text = render_text(report(not_run=tuple(not_run), unsupported=unsupported), MemoryTree({}))
        assert text == f"nothing found (3 rules on 1 database, {said})\n"
