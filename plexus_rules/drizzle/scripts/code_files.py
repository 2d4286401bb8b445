"""The commands that TypeScript and JavaScript files run: ``exec``, ``spawn``, ``$`…```."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from plexus_rules.drizzle.modules import Modules
from plexus_rules.drizzle.scopes import Scope, called, calls
from plexus_rules.drizzle.scripts.passages import Call, call_of
from plexus_rules.drizzle.scripts.shell import entered, from_words, simple_commands
from plexus_rules.drizzle.scripts.words import Word
from plexus_rules.drizzle.text_reader import MAX_TEXTS, TextReader
from plexus_rules.drizzle.texts import Text, choices, joined
from plexus_rules.drizzle.typescript import SourceFile
from plexus_rules.drizzle.values import property_name

if TYPE_CHECKING:
    from tree_sitter import Node

#: Functions that are given a command line, and tags of templates that are one.
_NAMES = (
    r"\$|\$\$|sh|shell|bash|cmd|command|fork|x|run(?:Command|Script|Shell|Sync|InShell|Cmd)?"
    r"|(?:exec|execa|spawn)(?:a?Command|File|Sync|Async|Promise|P|Shell|Script|Node|a)*+"
)
_RUNNER = re.compile(_NAMES)
_MENTION = called(rf"(?:{_NAMES})(?:\s*+\.\s*+(?:raw|quiet|sync))?+", "$bcefrsx")
_LONGEST_NAME = 60


def may_call(data: bytes) -> bool:
    """Whether a source file may call anything that is given a command; told without parsing."""
    return _MENTION.search(data) is not None


def code_calls(
    source: SourceFile, directory: str | None, modules: Modules | None = None
) -> Iterator[Call]:
    """The commands that a source file runs, from a directory."""
    path = source.path
    texts = TextReader(modules)
    for node, scope in calls(source, _MENTION):
        function = node.child_by_field_name("function")
        arguments = node.child_by_field_name("arguments")
        if function is None or arguments is None or not _is_runner(scope, function):
            continue
        if arguments.type == "template_string":
            found = [(text, None) for text in texts.of(arguments, scope)]
            yield from _calls(path, found, directory)
        else:
            given = [n for n in arguments.named_children if n.type != "comment"]
            where = _option(given, scope, texts, directory)
            yield from _calls(path, _commands(given, scope, texts), where)


def _is_runner(scope: Scope, function: Node) -> bool:
    if function.end_byte - function.start_byte > 10 * _LONGEST_NAME:
        return False
    while function.type in ("member_expression", "call_expression"):
        is_call = function.type == "call_expression"
        # `$({ cwd })`…``: the tag is what a call gives.
        inner = function.child_by_field_name("function" if is_call else "property")
        if inner is None:
            return False
        if not is_call and scope.source.text(inner) in ("raw", "quiet", "sync"):
            inner = function.child_by_field_name("object") or inner
        function = inner
    return _RUNNER.fullmatch(scope.source.text(function)[:_LONGEST_NAME]) is not None


_Found = tuple[Text, tuple[Word, ...] | None]


def _commands(given: Sequence[Node], scope: Scope, texts: TextReader) -> list[_Found]:
    """The command lines that the arguments of a call may give; the words of a list of words."""
    if not given:
        return []
    listed = texts.elements(given[0], scope)
    if listed is not None:
        return _lists(listed)
    first = texts.of(given[0], scope)
    more = texts.elements(given[1], scope) if len(given) > 1 else None
    return [(text, None) for text in first] if more is None else _lists((first, *more))


def _lists(words: Sequence[tuple[Text, ...]]) -> list[_Found]:
    found: list[_Found] = []
    for chosen in choices(words, MAX_TEXTS) if words else ():
        text = joined(chosen, " ")
        listed: list[Word] = []
        at = 0
        for word in chosen:
            end = at + len(word.value)
            listed.append(Word(word.value, tuple(range(at, end)), at, end))
            at = end + 1
        found.append((text, tuple(listed)))
    return found


def _calls(path: str, found: Sequence[_Found], directory: str | None) -> Iterator[Call]:
    for text, words in found:
        simple = (
            simple_commands(text.value, directory)
            if words is None
            else from_words(words, directory)
        )
        for one in simple:
            yield call_of(path, one, text)


def _option(
    given: Sequence[Node], scope: Scope, texts: TextReader, directory: str | None
) -> str | None:
    """The directory in which a call runs its command: that of its option ``cwd``, if any."""
    for node in given[1:]:
        for pair in node.named_children if node.type == "object" else ():
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            if pair.type == "shorthand_property_identifier":
                key = value = pair
            if key is not None and property_name(scope.source, key) == "cwd":
                found = texts.of(value, scope) if value is not None else ()
                return entered(directory, found[0].value) if len(found) == 1 else None
            if pair.type == "spread_element":
                return None
    return directory
