"""The texts that expressions may stand for, and where these are written."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plexus_rules.drizzle.modules import Modules
from plexus_rules.drizzle.scopes import calls
from plexus_rules.drizzle.text_reader import MAX_TEXTS, TextReader
from plexus_rules.drizzle.texts import HOLE, Text
from plexus_rules.trees import MemoryTree

H = HOLE


def texts(code: str, **others: str) -> list[Text]:
    """The texts of the first argument of each call of ``q``, in order."""
    files = {"a.ts": code, **{f"{name}.ts": text for name, text in others.items()}}
    modules = Modules(MemoryTree({path: text.encode() for path, text in files.items()}))
    source = modules.source("a.ts")
    found: list[Text] = []
    for node, scope in calls(source, re.compile(rb"\bq\b")):
        arguments = node.child_by_field_name("arguments")
        if arguments and arguments.named_children and source.text(node).startswith("q("):
            found += TextReader(modules).of(arguments.named_children[0], scope)
    return found


def values(code: str, **others: str) -> list[str]:
    return [text.value for text in texts(code, **others)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("q('a')", ["a"]),
        ("q('a\\n\\u00e9\\x41')", ["a\né" + "A"]),
        ("q(`a ${x} b`)", [f"a {H} b"]),
        ("q(``)", [""]),
        ("q('a' + b + 'c')", [f"a{H}c"]),
        ("q(a - 'b')", [H]),
        ("q((('a' as string)!))", ["a"]),
        ("q(c ? 'a' : 'b')", ["a", "b"]),
        ("q(a ?? 'b')", [H, "b"]),
        ("const a = 'x'; q(a); q(`${a}.${a}`)", ["x", "x.x"]),
        ("const a = b; const b = a; q(a)", [H]),
        ("const a = 'x'; function f(a) { q(a) }", [H]),
        ("function f() { const a = 'x'; { q(a) } } q(a)", ["x", H]),
        ("for (const a of ['x', 'y']) q(a)", ["x", "y"]),
        ("for (const a in ['x']) q(a)", [H]),
        ("const l = ['x', 'y']; l.forEach((a) => q(a))", ["x", "y"]),
        ("l.forEach((a) => q(a))", [H]),
        ("['x'].reduce((a) => q(a))", [H]),
        ("for (const { a } of l) q(a)", [H]),
        ("try {} catch (a) { q(a) }", [H]),
        ("for (let a = 'x';;) q(a)", ["x"]),
        ("const m = { a: 'x', 'b': 'y' }; q(m.a); q(m['b']); q(m[c])", ["x", "y", "x", "y"]),
        ("const m = { a: 'x' }; q(m.b)", [H]),
        ("const l = ['x']; q(l[0]); q(l.join(';'))", ["x", "x"]),
        ("q(['x', 'y'].join('; '))", ["x; y"]),
        ("q(['x', y].join())", [f"x,{H}"]),
        ("q(['x', c ? 'a' : 'b'].join())", [H]),
        ("q('a'.trim())", ["a"]),
        ("q(dedent`a`); q(String.raw`b`); q(sql`c`)", ["a", "b", H]),
        ("const f = () => 'x'; q(f())", ["x"]),
        ("function f(a) { const b = 'y'; return `${a}${b}` } q(f(1))", [f"{H}y"]),
        ("function f() { if (x) return 'y'; z() } q(f())", [H]),
        ("q(`a ${sql.identifier('b')} ${sql.raw(c)}`)", [f"a b {H}"]),
        ("q({})", [H]),
        ("switch (x) { case 1: const a = 'x'; q(a) }", ["x"]),
        ("export const a = 'x'; q(a)", ["x"]),
        ("class A { b() { q(this.c) } }", [H]),
    ],
)
def test_values(code: str, expected: list[str]) -> None:
    assert values(code) == expected


def test_names_of_other_modules() -> None:
    code = "import { a, m, none } from './b'; import x from 'y'; q(a); q(m.k); q(none); q(x)"
    assert values(code, b="export const a = 'x'; export const m = { k: 'y' };") == ["x", "y", H, H]


def test_too_many_texts_are_cut_short() -> None:
    listed = ", ".join(f"'{n}'" for n in range(100))
    found = values(f"for (const a of [{listed}]) {{ q(a); q(`x ${{a}}`) }}")
    assert found[:MAX_TEXTS] == [str(n) for n in range(MAX_TEXTS)]
    assert found[MAX_TEXTS:] == [H, f"x {H}"]


def test_texts_that_grow_without_end_are_not_read() -> None:
    code = ";".join(f"const a{n} = a{n + 1} + a{n + 1}" for n in range(40)) + ";const a40 = 'x';"
    assert H in values(f"{code} q(a0)")[0]


def test_places() -> None:
    code = "const a = 'é' + \"b\\n${c}\";\nq(`ü ${a} xyz`);\nq(a);"
    whole, named = texts(code)
    start = whole.value.index("xyz")
    place = whole.range(start, start + 3)
    assert (place.line, place.column, place.end_column) == (2, 11, 14)
    inner = whole.range(2, 3)
    assert (inner.line, inner.column, inner.end_column) == (2, 6, 10)
    assert whole.origin is None
    assert named.range(0, 1).line == 3
    assert named.origin is not None
    assert (named.origin[0], named.origin[1].line, named.origin[1].column) == ("a.ts", 1, 11)


def test_place_in_another_module() -> None:
    (text,) = texts("import { a } from './b'; q(a)", b="\nexport const a = 'x';")
    assert text.range(0, 1).column == 28
    assert text.origin is not None
    assert (text.origin[0], text.origin[1].line) == ("b.ts", 2)


PARTS = ("q(", ")", "'", '"', "`", "${", "}", "+", "a", "const a =", "[", "]", "{", ",", "=>", ";")


@given(st.lists(st.sampled_from(PARTS), max_size=25))
def test_no_source_is_refused(parts: list[str]) -> None:
    code = "q(" + " ".join(parts)
    for text in texts(code):
        place = text.range(0, len(text.value))
        assert (place.line, place.column) <= (place.end_line, place.end_column)
