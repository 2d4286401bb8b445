"""Reads shell text. Nothing is ever run or expanded.

What several shells share is enough: quotes, variables, substitutions, operators, comments,
here-documents. A text that no shell would take is read as far as it makes sense.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from plexus_rules.drizzle.scripts.words import HOLE, Simple, Word, command_lines

#: Deeper substitutions and quoted commands are not looked into.
MAX_DEPTH = 8

_MAX_UNCLOSED = 20

_PLAIN = re.compile(r"[^\s'\"\\`$;&|()<>{%^#]++")
_SPACE = re.compile(r"[^\S\n]++")
_OPERATOR = re.compile(r"&&|\|\||\|&|;;|[;&|]")
_REDIRECTION = re.compile(r"&>>?|>>|>\||>&|<&|<<<|[<>]")
_HERE = re.compile(r"<<-?[ \t]*+(?:'([^'\n]++)'|\"([^\"\n]++)\"|\\?([\w.-]++))")
_VARIABLE = re.compile(r"\$(?:\w++|[@*#?$!-])")
_BATCH_VARIABLE = re.compile(r"%(?:\w++%|[~\w]++)")
_QUOTED_PLAIN = re.compile(r"[^\"\\`$]++")
_IN_PARENTHESES = re.compile(r"[^()'\"\\`]++|\\.|'[^']*+'|\"(?:[^\"\\]|\\.)*+\"|.", re.DOTALL)
_ASSIGNMENT = re.compile(r"\w++\+?=.*", re.DOTALL)

_SHELLS = frozenset({"ash", "bash", "dash", "fish", "ksh", "sh", "zsh"})
#: Words that stand before a command, and are none.
_RESERVED = frozenset(
    {"!", "{", "}", "builtin", "command", "do", "done", "elif", "else", "exec", "fi", "if"}
    | {"nohup", "sudo", "then", "time", "until", "while"}
)

#: Around the commands that a directory change ends with.
OPEN, CLOSE = "(", ")"
Event = Simple | str


class Lexer:
    """Reads the part of a text from ``start`` to ``end``."""

    def __init__(self, text: str, start: int, end: int, escape: str, depth: int = 0) -> None:
        self.text, self.at, self.end = text, start, end
        self.escape, self.depth = escape, depth
        self._events: list[Event] = []
        self._words: list[Word] = []
        self._chars: list[str] = []
        self._places: list[int] = []
        self._word_start: int | None = None
        self._is_target = False
        self._here: list[str] = []
        self._unclosed: dict[str, int] = {}

    def events(self) -> list[Event]:
        """Simple commands, and parentheses around those that a directory change ends with."""
        while self.at < self.end:
            plain = _PLAIN.match(self.text, self.at, self.end)
            if plain is None:
                self._step()
            else:  # as most of a text is
                self._begin_word()
                self._take(self.at, plain.end())
        self._end_command()
        return self._events

    def _step(self) -> None:
        character = self.text[self.at]
        space = _SPACE.match(self.text, self.at, self.end)
        if character == "\n":
            self._end_command()
            self.at += 1
            self._skip_here_documents()
        elif space is not None:
            self._end_word()
            self.at = space.end()
        elif character == "#" and self._word_start is None:
            line_end = self.text.find("\n", self.at, self.end)
            self.at = self.end if line_end < 0 else line_end
        elif character in "()":
            self._end_command()
            self._events.append(OPEN if character == "(" else CLOSE)
            self.at += 1
        elif character in ";&|<>" and self._operator():
            return
        else:
            self._begin_word()
            self._in_word(character)

    def _operator(self) -> bool:
        here = _HERE.match(self.text, self.at, self.end)
        if here is not None and not self.text.startswith("<<<", self.at):
            self._end_word()
            self._here.append(next(filter(None, here.groups())))
            self.at = here.end()
            return True
        redirection = _REDIRECTION.match(self.text, self.at, self.end)
        if redirection is not None:
            if self._chars and all(c.isdigit() for c in self._chars):
                self._forget_word()
            self._end_word()
            self._is_target = True
            self.at = redirection.end()
            return True
        operator = _OPERATOR.match(self.text, self.at, self.end)
        if operator is not None:
            self._end_command()
            self.at = operator.end()
        return operator is not None

    def _in_word(self, character: str) -> None:
        text, at = self.text, self.at
        if character == self.escape:
            self._escaped()
        elif character == "'":
            close = text.find("'", at + 1, self.end)
            if close < 0:
                self._take(at, at + 1)
            else:
                self._take(at + 1, close)
                self.at = close + 1
        elif character == '"':
            self._double_quoted()
        elif character in "$`":
            self._substitution()
        elif text.startswith("{{", at) and (close := self._find("}}", at)) >= 0:
            self._hole(close + 2)
        elif character == "%" and (match := _BATCH_VARIABLE.match(text, at, self.end)):
            if self.escape == "^":
                self._hole(match.end())
            else:
                self._take(at, match.end())
        else:
            self._take(at, at + 1)

    def _escaped(self) -> None:
        following = self.text[self.at + 1 : self.at + 3]
        if following.startswith("\n") or following == "\r\n":
            self.at += 2 if following.startswith("\n") else 3
            if not self._chars:
                self._forget_word()
        elif following and self.at + 1 < self.end:
            self._take(self.at + 1, self.at + 2)
        else:
            self.at += 1

    def _double_quoted(self) -> None:
        start, kept = self.at, len(self._chars)
        if self._unclosed.get('"', 0) >= 1:
            self._take(start, start + 1)
            return
        self.at += 1
        while self.at < self.end:
            character = self.text[self.at]
            plain = _QUOTED_PLAIN.match(self.text, self.at, self.end)
            if character == '"':
                self.at += 1
                return
            if plain is not None:
                self._take(self.at, plain.end())
            elif character in "$`":
                self._substitution()
            elif self.text[self.at + 1 : self.at + 2] in ('"', "\\", "$", "`"):
                self._take(self.at + 1, self.at + 2)
            else:
                self._take(self.at, self.at + 1)
        self._unclosed['"'] = 1
        del self._chars[kept:], self._places[kept:]
        self._take(start, start + 1)

    def _substitution(self) -> None:
        text, at = self.text, self.at
        variable = _VARIABLE.match(text, at, self.end)
        if text.startswith("${{", at) and (close := self._find("}}", at)) >= 0:
            self._hole(close + 2)
        elif text.startswith("${", at) and (close := self._find("}", at)) >= 0:
            self._hole(close + 1)
        elif text.startswith("$(", at) and (close := self._parenthesis(at + 1)) >= 0:
            self._nested(at + 2, close)
            self._hole(close + 1)
        elif text[at] == "`" and (close := self._find("`", at + 1)) >= 0:
            self._nested(at + 1, close)
            self._hole(close + 1)
        elif variable is not None:
            self._hole(variable.end())
        else:
            self._take(at, at + 1)

    def _find(self, mark: str, start: int) -> int:
        """Where a mark stands next; -1 where it does not, or too often did not."""
        if self._unclosed.get(mark, 0) >= _MAX_UNCLOSED:
            return -1
        found = self.text.find(mark, start, self.end)
        if found < 0:
            self._unclosed[mark] = self._unclosed.get(mark, 0) + 1
        return found

    def _parenthesis(self, at: int) -> int:
        """Where the parenthesis that opens at an offset closes; -1 where it does not."""
        if self._unclosed.get("(", 0):
            return -1
        depth = 0
        for match in _IN_PARENTHESES.finditer(self.text, at, self.end):
            if match.group() == "(":
                depth += 1
            elif match.group() == ")":
                depth -= 1
                if not depth:
                    return match.start()
        self._unclosed["("] = 1
        return -1

    def _nested(self, start: int, end: int) -> None:
        if self.depth < MAX_DEPTH:
            inner = Lexer(self.text, start, end, self.escape, self.depth + 1).events()
            self._events += [OPEN, *inner, CLOSE]

    def _skip_here_documents(self) -> None:
        """The bodies that begin at this line: skipped, unless a shell reads them."""
        delimiters, self._here = self._here, []
        last = self._events[-1] if self._events else None
        is_shell = isinstance(last, Simple) and not _SHELLS.isdisjoint(last.texts)
        for delimiter in delimiters:
            body = re.compile(rf"^[ \t]*{re.escape(delimiter)}[ \t]*\r?$", re.MULTILINE)
            if self._unclosed.get("<<", 0) >= _MAX_UNCLOSED:
                return
            close = body.search(self.text, self.at, self.end)
            if close is None:
                self._unclosed["<<"] = self._unclosed.get("<<", 0) + 1
                continue
            if is_shell:
                self._nested(self.at, close.start())
            self.at = close.end()

    def _begin_word(self) -> None:
        if self._word_start is None:
            self._word_start = self.at

    def _take(self, start: int, end: int) -> None:
        self._chars.extend(self.text[start:end])
        self._places.extend(range(start, end))
        self.at = end

    def _hole(self, end: int) -> None:
        self._chars.append(HOLE)
        self._places.append(self.at)
        self.at = end

    def _forget_word(self) -> None:
        self._chars, self._places, self._word_start = [], [], None

    def _end_word(self) -> None:
        if self._word_start is not None:
            word = Word("".join(self._chars), tuple(self._places), self._word_start, self.at)
            if self._is_target:
                self._is_target = False
            else:
                self._words.append(word)
        self._forget_word()

    def _end_command(self) -> None:
        self._end_word()
        self._is_target = False
        words, self._words = self._words, []
        first = 0
        assignments: list[str] = []
        while first < len(words):
            if _ASSIGNMENT.fullmatch(words[first].text):
                assignments.append(words[first].text)
            elif words[first].text not in _RESERVED:
                simple = Simple(tuple(words[first:]), tuple(assignments))
                self._events += with_quoted(simple, self.escape, self.depth)
                break
            first += 1


def with_quoted(simple: Simple, escape: str, depth: int = 0) -> Iterator[Event]:
    """A command, and the commands of its words that are command lines themselves."""
    yield simple
    for word in command_lines(simple.words) if depth < MAX_DEPTH else ():
        yield from (OPEN, *_moved(word, escape, depth + 1), CLOSE)


def _moved(word: Word, escape: str, depth: int) -> Iterator[Event]:
    """The commands of a quoted text, with offsets of the text around it."""
    for event in Lexer(word.text, 0, len(word.text), escape, depth).events():
        if isinstance(event, Simple):
            moved = tuple(
                Word(
                    inner.text,
                    tuple(word.places[place] for place in inner.places),
                    word.places[inner.start],
                    word.places[inner.end - 1] + 1,
                )
                for inner in event.words
            )
            yield replace(event, words=moved)
        else:
            yield event
