"""PLX308: migrations, and parts of them, that hold no statement."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.sql.statements import BREAKPOINT
from plexus_rules.finding import Range, Severity
from tests.catalog.helpers import messages
from tests.catalog.sql.databases import breakpoints, judge

TABLES = "notes: id!"


def found(sql: str, dialect: str = "sqlite") -> list[tuple[Range, str]]:
    report = judge("PLX308", ("SELECT 1;", TABLES), (sql, TABLES), dialect=dialect)
    return [(finding.range, finding.message) for finding in report.findings]


@pytest.mark.parametrize("sql", ["", "\n \n", "-- to be written", "/* a; */", ";", BREAKPOINT])
def test_migration_without_a_statement(sql: str) -> None:
    assert found(sql) == [
        (
            Range(),
            "this migration holds no statement: bun:sqlite and libsql fail on it, and every "
            "migration after it waits",
        )
    ]
    assert found(sql, "postgresql") == [
        (
            Range(),
            "this migration holds no statement: PostgreSQL records it as applied, and what is "
            "written into it later never runs",
        )
    ]


@pytest.mark.parametrize(
    ("sql", "line", "side"),
    [
        (f"DROP TABLE a;\n{BREAKPOINT}\n", 2, "after"),
        (f"-- a note\n{BREAKPOINT}\nDROP TABLE a;", 2, "before"),
        (f"DROP TABLE a;{BREAKPOINT}\n-- x\n{BREAKPOINT}\nDROP TABLE b;", 1, "after"),
    ],
)
def test_sqlite_fails_on_a_part_without_a_statement(sql: str, line: int, side: str) -> None:
    ((place, message),) = found(sql)
    assert place.line == line
    assert message.startswith(f"no statement stands {side} this breakpoint")
    assert found(sql, "postgresql") == []


def test_range_of_a_part_is_its_breakpoint() -> None:
    ((place, _),) = found(f"DROP TABLE a;{BREAKPOINT}\n")
    assert place == Range(1, 14, 1, 14 + len(BREAKPOINT))


def test_each_part_with_a_statement_is_fine() -> None:
    assert (
        found(breakpoints("DROP TABLE a", "-- b\nDROP TABLE b").removesuffix(f"{BREAKPOINT}\n"))
        == []
    )
    assert found("SELECT 1; -- done") == []


def test_it_is_a_warning_and_information_once_it_has_landed() -> None:
    for landed, severity in ((1, Severity.WARNING), (2, Severity.INFO)):
        report = judge("PLX308", ("SELECT 1;", TABLES), ("", TABLES), landed=landed)
        assert [finding.severity for finding in report.findings] == [severity]


def test_other_databases_are_not_judged() -> None:
    report = judge("PLX308", ("SELECT 1;", TABLES), ("", TABLES), dialect="mysql")
    assert messages(report) == []
