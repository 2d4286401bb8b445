"""Workflow commands: one line each, in the escaping that GitHub's runner undoes."""

from __future__ import annotations

import re

import pytest

from plexus_rules.finding import Range, Related, Severity
from plexus_rules.reporters import render_github
from tests.reporters.helpers import HOSTILE, finding, is_harmless, report


def undone(line: str) -> tuple[str, dict[str, str], str]:
    """Command, properties and message of a line, as the runner reads them."""
    match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
    assert match, line
    properties = dict(part.split("=", 1) for part in match[2].split(","))
    return match[1], {k: unescaped(v) for k, v in properties.items()}, unescaped(match[3])


def unescaped(text: str) -> str:
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ",")):
        text = text.replace(code, character)
    return text.replace("%25", "%")


def test_finding_is_one_annotation() -> None:
    text = render_github(report(finding("d/a.sql", Range(2, 3, 2, 9))))
    assert text == (
        "::error file=d/a.sql,line=2,endLine=2,title=PLX201 edited-migration,col=3,endColumn=9"
        "::it is edited%0ARestore it.\n"
    )


def test_address_of_the_rule_stands_last_where_it_is_known() -> None:
    address = "https://example.invalid/rules/PLX201/"
    _, _, text = undone(render_github(report(finding(url=address)))[:-1])
    assert text == f"it is edited\nRestore it.\n{address}"


def test_nothing_found_prints_nothing() -> None:
    assert render_github(report()) == ""


@pytest.mark.parametrize(
    ("level", "command"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "notice")],
)
def test_level_picks_the_command(level: Severity, command: str) -> None:
    assert undone(render_github(report(finding(severity=level))).rstrip("\n"))[0] == command


def test_columns_are_left_out_where_the_place_has_several_lines() -> None:
    _, properties, _ = undone(render_github(report(finding("a", Range(2, 3, 5, 1))))[:-1])
    assert (properties["line"], properties["endLine"]) == ("2", "5")
    assert not {"col", "endColumn"} & properties.keys()


def test_escaping_can_be_undone() -> None:
    path, message = "100%,a:b::c\n%0A.sql", "50% of a,b::error::c %0A"
    _, properties, text = undone(render_github(report(finding(path, message=message)))[:-1])
    assert properties["file"] == path
    assert text.split("\n")[0] == message


def test_related_places_count_from_the_top_of_the_repository_too() -> None:
    related = (Related("b.sql", Range(7, 1, 7, 2), "this, too"),)
    text = render_github(report(finding(related=related)), "pkg/a/")
    assert "%0Apkg/a/b.sql:7: this, too" in text


def test_related_places_stand_in_the_message() -> None:
    related = (Related("b.sql", Range(7, 1, 7, 2), "this, too"),)
    _, _, text = undone(render_github(report(finding(related=related)))[:-1])
    assert text.split("\n") == ["it is edited", "Restore it.", "b.sql:7: this, too"]


def test_foreign_text_starts_no_second_command_and_no_escape() -> None:
    hostile = f"{HOSTILE}\n::error::forged"
    related = (Related(hostile, Range(), hostile),)
    text = render_github(report(finding(hostile, message=hostile, remedy=hostile, related=related)))
    assert is_harmless(text)
    assert text.count("\n") == 1


def test_paths_count_from_the_top_of_the_repository() -> None:
    (line,) = render_github(report(finding()), "packages/backend/").splitlines()
    assert line.startswith("::error file=packages/backend/")
