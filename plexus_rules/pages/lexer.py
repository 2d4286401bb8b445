"""A Pygments lexer that colours the findings on the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from pygments.lexer import RegexLexer
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


_LEVELS = {"error": Generic.Error, "warning": Name.Exception, "info": Keyword}


def _finding(match: Any) -> Any:
    kinds = (Text, Number, Text, _LEVELS[match.group(4)], Text, Name.Label, Text)
    for group, kind in enumerate(kinds, start=1):
        yield match.start(group), kind, match.group(group)
