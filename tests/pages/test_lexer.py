"""What a reader looks for stands out in a finding and in a transcript."""

from __future__ import annotations

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Generic, Text

from plexus_rules.lab.evidence import Decision, Step, Tried
from plexus_rules.lab.transcript import transcript

RUN = Tried(
    "SQLite",
    (
        Step("edit", "schema.ts", output=("+new", " kept", "-old")),
        Step("kit", "drizzle-kit generate", exit=0, output=("+ said", "")),
        Step("sql", "SELECT 1", output=("1",)),
    ),
    (Decision("it is so", True, 3), Decision("it is not", False, 3)),
)


def kinds(lexer: Lexer, text: str) -> dict[str, object]:
    """The kind of each line of a text, by the line."""
    return {value.rstrip("\n"): kind for kind, value in lexer.get_tokens(text) if value.strip()}


def test_transcript_shows_commands_changes_and_decisions() -> None:
    found = kinds(get_lexer_by_name("drizzle-transcript"), transcript(RUN))
    assert found == {
        "edit schema.ts": Generic.Heading,
        "  +new": Generic.Inserted,
        "   kept": Text,
        "  -old": Generic.Deleted,
        "$ drizzle-kit generate": Generic.Prompt,
        "  + said": Text,
        "> SELECT 1": Generic.Prompt,
        "  1": Text,
        "✓ it is so": Generic.Strong,
        "✗ it is not": Generic.Error,
    }


def test_finding_shows_its_level_and_its_carets() -> None:
    text = (
        "a.sql\n  2:1  error  PLX201 edited-migration  it is edited\n    2 | ALTER\n        ^^^^^\n"
    )
    found = kinds(get_lexer_by_name("plexus-findings"), text)
    assert found["a.sql"] == Generic.Heading
    assert found["error"] == Generic.Error
    assert found["    2 | ALTER"] == Generic.Output
    assert found["        ^^^^^"] == Generic.Traceback
