"""Pygments lexers that colour the findings and the transcripts on the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from pygments.lexer import RegexLexer, default
from pygments.token import Generic, Keyword, Name, Number, Text


class FindingLexer(RegexLexer):
    """The text that ``plexus-rules check`` prints."""

    name = "plexus findings"
    aliases: ClassVar[list[str]] = ["plexus-findings"]
    filenames: ClassVar[list[str]] = []
    tokens: ClassVar[dict[str, list[Any]]] = {
        "root": [
            (r"^\S.*\n?", Generic.Heading),
            (
                r"^(  )(\d+:\d+)(  )(error|warning|info)(  )(PLX\d+)( [\w-]+)",
                lambda lexer, match, ctx=None: _finding(match),
            ),
            # Classes for the style sheet, which keeps a line and its carets together.
            (r"^ +\d+ \| .*\n?", Generic.Output),
            (r"^ +\^+\n?", Generic.Traceback),
            (r"^    (?:remedy|related|see):", Keyword),
            (r".+?\n|.+$|\n", Text),
        ]
    }


class TranscriptLexer(RegexLexer):
    """What was done to a project and its databases, and what came of it."""

    name = "drizzle transcript"
    aliases: ClassVar[list[str]] = ["drizzle-transcript"]
    filenames: ClassVar[list[str]] = []
    tokens: ClassVar[dict[str, list[Any]]] = {
        "root": [
            (r"^(?:edit|delete) .*\n?", Generic.Heading, "edit"),
            (r"^[$>] .*\n?", Generic.Prompt),
            (r"^✓ .*\n?", Generic.Strong),
            (r"^✗ .*\n?", Generic.Error),
            (r".+\n?|\n", Text),
        ],
        "edit": [
            (r"^  \+.*\n?", Generic.Inserted),
            (r"^  -.*\n?", Generic.Deleted),
            (r"^  .*\n?|\n", Text),
            default("#pop"),
        ],
    }


_LEVELS = {"error": Generic.Error, "warning": Name.Exception, "info": Keyword}


def _finding(match: Any) -> Any:
    kinds = (Text, Number, Text, _LEVELS[match.group(4)], Text, Name.Label, Text)
    for group, kind in enumerate(kinds, start=1):
        yield match.start(group), kind, match.group(group)
