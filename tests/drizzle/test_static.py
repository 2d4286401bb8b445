"""Expressions are read as far as their source tells, in every world that they ask about."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from plexus_rules.drizzle.static.evaluator import Evaluator
from plexus_rules.drizzle.static.functions import ROOT
from plexus_rules.drizzle.static.module import Module
from plexus_rules.drizzle.static.siblings import Siblings
from plexus_rules.drizzle.static.values import Budget, Func, Items, Obj, TooMuch, Unknown, Value
from plexus_rules.drizzle.static.worlds import MAX_WORLDS, World, in_every_world
from plexus_rules.drizzle.typescript import parse
from plexus_rules.trees import FileRefused, MemoryTree

PATH = "app/read.ts"


def plain(evaluator: Evaluator, value: Value) -> object:
    """A value as Python would write it; an unknown one as ``?`` and its reason."""
    value = evaluator.settled(value)
    if isinstance(value, Unknown):
        return f"? {value.reason}"
    if isinstance(value, Items):
        return [plain(evaluator, one) for one in value.values]
    if isinstance(value, Obj):
        keys, _ = evaluator.keys(value)
        return {key: plain(evaluator, evaluator.member(value, key, Module(SOURCE))) for key in keys}
    if isinstance(value, Func):
        return "a function"
    return value


SOURCE = parse(PATH, b"")


def every_value(text: str, files: Mapping[str, str] | None = None) -> tuple[list[object], bool]:
    tree = MemoryTree({path: source.encode() for path, source in (files or {}).items()})
    siblings, budget = Siblings(tree), Budget()
    module = Module(parse(PATH, text.encode()))

    def read(world: World) -> object:
        evaluator = Evaluator(world, siblings.load, budget)
        return plain(evaluator, evaluator.exported(module, "default"))

    return in_every_world(read)


def values(text: str, files: Mapping[str, str] | None = None) -> list[object]:
    """What the default export may be, each value once."""
    found, complete = every_value(text, files)
    assert complete
    distinct: list[object] = []
    for value in found:
        if value not in distinct:
            distinct.append(value)
    return distinct


def value(expression: str, before: str = "", files: Mapping[str, str] | None = None) -> object:
    """The one value of an expression."""
    (found,) = values(f"{before}\nexport default {expression};", files)
    return found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'a'", "a"),
        ('"it\'s"', "it's"),
        ("`a\\n`", "a\n"),
        ("'\\u0041\\x42'", "AB"),
        ("''", ""),
        ("``", ""),
        ("true", True),
        ("null", None),
        ("undefined", None),
        ("void 0", None),
        ("12", 12.0),
        ("1_000", 1000.0),
        ("['a', 'b',]", ["a", "b"]),
        ("[...['a'], 'b']", ["a", "b"]),
        ("{ a: 'x', 'b': 'y', ['c']: 'z' }", {"a": "x", "b": "y", "c": "z"}),
        ("/* why */ ('a' /* so */)", "a"),
        ("(('a')) as const", "a"),
        ("<string>'a'", "a"),
        ("'a' satisfies string as unknown as Config", "a"),
        ("'a'!", "a"),
        ("await 'a'", "a"),
        ("(0, 'a')", "a"),
        ("'a' + 'b' + 1", "ab1"),
        ("['a', 'b'][0 + 1]", "b"),
        ("`${'a'}/${'b'}`", "a/b"),
        ("!''", True),
        ("!!'a'", True),
        ("'' || 'b'", "b"),
        ("'' ?? 'b'", ""),
        ("null ?? 'b'", "b"),
        ("'a' || 'b'", "a"),
        ("'a' && 'b'", "b"),
        ("'a' === 'a' ? 'yes' : 'no'", "yes"),
        ("'a' != 'a' ? 'yes' : 'no'", "no"),
        ("({ a: { b: 'x' } }).a.b", "x"),
        ("({ a: 'x' })['a']", "x"),
        ("({}).a?.b", None),
        ("({}).a?.['b']", None),
        ("({}).a?.b()", None),
        ("['a', 'b'][1]", "b"),
        ("['a'][4]", None),
        ("() => 'a'", "a function"),
        ("(() => 'a')()", "a"),
        ("(function () { return 'a' })()", "a"),
        ("(x => x + '!')('a')", "a!"),
        ("((x = 'b') => x)()", "b"),
        ("(({ a, b: c = 'y' }) => a + c)({ a: 'x' })", "xy"),
        ("(() => {})()", None),
        ("['a', 'b'].map((x) => `${x}.ts`)", ["a.ts", "b.ts"]),
        ("[null, 'a'].filter(Boolean)", ["a"]),
        ("['a', 'b'].join('/')", "a/b"),
        ("'a\\\\b'.replace(/\\\\/g, '/')", "a\\b"),
        ("'a/b'.split('/')", ["a", "b"]),
        ("' A '.trim().toLowerCase()", "a"),
        ("'postgres://x'.startsWith('postgres') ? 'pg' : 'other'", "pg"),
        ("'a.db'.endsWith('.db')", True),
        ("'abc'.includes('b')", True),
        ("String('a')", "a"),
        ("Boolean('a')", True),
        ("Object.freeze('a')", "a"),
        ("{ ...{ a: 'x', b: 'y' }, a: 'z' }.a", "z"),
        ("({ ...{ a: 'x' } }).a", "x"),
        ("({ a: 'x', ...{ a: 'y' } }).a", "y"),
        ("({ a: 'x', ...(true ? {} : {}) }).a", "x"),
    ],
)
def test_literals_and_operators_are_read(expression: str, expected: object) -> None:
    assert value(f"({expression})") == expected


@pytest.mark.parametrize(
    ("before", "expression", "expected"),
    [
        ("const a = 'x';", "a", "x"),
        ("const a = b; const b = 'x';", "a", "x"),
        ("const { a, b: c } = { a: 'x', b: 'y' };", "a + c", "xy"),
        ("const { a = 'x' } = {};", "a", "x"),
        ("const paths = { schema: 'x' } as const;", "paths.schema", "x"),
        ("enum D { Lite = 'sqlite', Pg = 'pg' }", "D.Lite", "sqlite"),
        ("function f() { return 'x' }", "f()", "x"),
        ("const f = async () => 'x';", "await f()", "x"),
        ("function f() { const a = 'x'; return a }", "f()", "x"),
        ("export const a = 'x';", "a", "x"),
        ("let a = 'x'; a = 'y';", "a", "y"),
        ("let a; a = 'y';", "a", "y"),
        ("let a = 'x'; if (true) { a = 'y' } else { a = 'z' }", "a", "y"),
        ("let a = 'x'; try { a = 'y' } catch (e) { a = 'z' }", "a", "y"),
        ("const a = {}; a.b = 'x';", "a.b", "x"),
        ("const a = ['x']; a.push('y', 'z');", "a", ["x", "y", "z"]),
        ("function f() { let a = 'x'; a = 'y'; return a }", "f()", "y"),
        ("function f() { { return 'x' } }", "f()", "x"),
        ("function f(k) { switch (k) { case 'a': return 'x'; default: return 'y' } }",
         "f('b')", "y"),
        ("const { [key]: a, b } = { b: 'x' };", "b", "x"),
        ("const { a: { b } } = { a: { b: 'x' } }, c = 'y';", "c", "y"),
        ("let a = 'x'; b = 'y'; a.c = 'z'; a.push('z');", "a", "x"),
        ("let a = 'x'; function f() { a = 'y'; return 'z' }", "f() + a", "zx"),
        ("let a = 'x'; log(a); for (const b of c) { b = 'z' }", "a", "x"),
        ("const a = {}; a.b = pick();", "a.c", None),
        ("let a = 'x'; a[0] = 'y'; f`b`;", "a", "x"),
        ("function f(k) { let r; switch (k) { case 'a': case 'b': r = 'x'; break; "
         "case 'c': r = 'y' } return r }", "f('a')", "x"),
        ("const shadow = 'x'; const f = (shadow) => shadow;", "f('y')", "y"),
    ],
)  # fmt: skip
def test_names_functions_and_statements_are_followed(
    before: str, expression: str, expected: object
) -> None:
    assert value(expression, before) == expected


@pytest.mark.parametrize(
    ("before", "expression", "expected"),
    [
        ("import path from 'path';", "path.join(__dirname, './a', '../b')", "app/./a/../b"),
        ("import * as path from 'node:path';", "path.posix.join(__dirname, 'a')", "app/a"),
        ("import { join as j } from 'pathe';", "j(import.meta.dirname, 'a')", "app/a"),
        ("const path = require('path');", "path.resolve(__dirname, 'a')", "app/a"),
        ("const { resolve } = require('path');", "resolve('x', import.meta.dir, 'a')", "app/a"),
        ("import p = require('path');", "p.join(__dirname, 'a')", "app/a"),
        ("import { dirname } from 'path'; import { fileURLToPath } from 'url';"
         "const here = dirname(fileURLToPath(import.meta.url));", "`${here}/a`", "app/a"),
        ("", "new URL('./a', import.meta.url).pathname", "app/./a"),
        ("import { dirname } from 'path';", "dirname(new URL(import.meta.url).pathname)", "app"),
        ("import { fileURLToPath } from 'node:url';",
         "fileURLToPath(new URL('a', import.meta.url))", "app/a"),
        ("import path from 'path';", "path.dirname(__dirname)", ""),
        ("import path from 'path';", "path.dirname(path.dirname(__dirname)) + '/a'", "/../a"),
        ("import path from 'path';", "path.resolve(__filename, '..', 'a')", "app/read.ts/../a"),
        ("import path from 'path';", "__dirname.split(path.sep).join('/')", "app"),
    ],
)  # fmt: skip
def test_paths_beside_the_file_start_at_the_root_of_the_tree(
    before: str, expression: str, expected: str
) -> None:
    text = value(expression, before)
    assert isinstance(text, str)
    assert text.removeprefix(ROOT).removeprefix("/") == expected.removeprefix("/")
    assert text.startswith(ROOT)


@pytest.mark.parametrize(
    ("before", "expression", "expected"),
    [
        ("import path from 'path';", "path.join(process.cwd(), 'a')", "./a"),
        ("import path from 'path';", "path.resolve('a', 'b')", "a/b"),
        ("import path from 'path';", "path.resolve('a', '/b')", "/b"),
        ("import path from 'path';", "path.join('', 'a')", "a"),
        ("import path from 'path';", "path.normalize('./a')", "./a"),
        ("import path from 'path';", "path.relative(process.cwd(), './a')", "./a"),
        ("import process from 'node:process';", "process.cwd()", "."),
        ("import { cwd } from 'process';", "cwd()", "."),
    ],
)
def test_other_paths_stay_relative_to_the_working_directory(
    before: str, expression: str, expected: str
) -> None:
    assert value(expression, before) == expected


@pytest.mark.parametrize(
    ("before", "expression", "reason"),
    [
        ("", "getPath()", "is computed by getPath(), which cannot be read without running it"),
        ("", "a.b.c('x').d()",
         "is computed by a.b.c('x').d(), which cannot be read without running it"),
        ("", "typeof x", "is `typeof x`, which cannot be read without running it"),
        ("", "missing", "uses `missing`, which this file does not declare"),
        ("", "process.env.A",
         "is taken from `process.env.A`, which is only known when the command runs"),
        ("", "Bun.env['A']",
         "is taken from `process.env.A`, which is only known when the command runs"),
        ("", "`./x/${import.meta.env.A}`",
         "is taken from `process.env.A`, which is only known when the command runs"),
        ("const { A } = process.env;", "'x' + A",
         "is taken from `process.env.A`, which is only known when the command runs"),
        ("import { env } from 'node:process';", "env.A",
         "is taken from `process.env.A`, which is only known when the command runs"),
        ("import { env } from '@/env';", "env.URL",
         "comes from `env`, imported from '@/env', which is not read"),
        ("import * as env from 'e';", "env", "comes from 'e', which is not read"),
        ("import { p } from './gone';", "p",
         "comes from `p`, imported from './gone', which is not read"),
        ("const a = b; const b = a;", "a", "depends on `a`, which refers to itself"),
        ("let a = 'x'; for (;;) { a = 'y' }", "a",
         "depends on `a`, which is changed in a way that cannot be followed"),
        ("let a = 'x'; a += 'y';", "a",
         "depends on `a`, which is changed in a way that cannot be followed"),
        ("", "new Map()", "is `new Map()`, which cannot be read without running it"),
        ("", "new URL('a', 'https://x')",
         "is `new URL('a', 'https://x')`, which cannot be read without running it"),
        ("", "require(x)", "is computed by require(), which cannot be read without running it"),
        ("", "({ a: {} }).a()",
         "is computed by ({ a: {} }).a(), which cannot be read without running it"),
        ("", "'a'.at(0)", "is computed by 'a'.at(), which cannot be read without running it"),
        ("", "'a'.startsWith('a', 1)",
         "is computed by 'a'.startsWith(), which cannot be read without running it"),
        ("", "'a'.startsWith(process.env.A)",
         "is computed by 'a'.startsWith(), which cannot be read without running it"),
        ("", "['a'].filter((x) => x)",
         "is computed by ['a'].filter(), which cannot be read without running it"),
        ("import { join } from 'path';", "join(process.env.A, 'x')",
         "is taken from `process.env.A`, which is only known when the command runs"),
        ("", "`${'a'}\\n`", "is ``${'a'}\\n``, which cannot be read without running it"),
        ("", "0x10", "is `0x10`, which cannot be read without running it"),
        ("", "2 - 1", "is `2 - 1`, which cannot be read without running it"),
        ("", "[...process.env.A][0]",
         "is taken from `process.env.A`, which is only known when the command runs"),
        ("", "['a'][process.env.A]",
         "is `['a'][process.env.A]`, which cannot be read without running it"),
        ("let a = 'x'; if (process.env.A { a = 'y' }", "a",
         "depends on `a`, which is changed in a way that cannot be followed"),
        ("", "'a' + ['b']", "is built from something that is no text"),
        ("", "'a'.b", "is `.b` of something else than an object"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(before: str, expression: str, reason: str) -> None:
    assert value(expression, before) == f"? {reason}"


def test_a_quotation_in_a_reason_is_short() -> None:
    found = value("f(" + "'long', " * 40 + ")()")
    assert isinstance(found, str)
    assert len(found) < 140


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("export default process.env.A ? 'x' : 'y'", ["x", "y"]),
        ("export default process.env.A === 'x' ? 'x' : 'y'", ["x", "y"]),
        ("export default process.env.A !== 'x' ? 'y' : 'x'", ["x", "y"]),
        ("export default process.env.A || 'x'", ["x"]),
        ("export default process.env.A ?? process.env.B ?? 'x'", ["x"]),
        ("const { A = 'x' } = process.env; export default A", ["x"]),
        ("const on = !!process.env.A; export default on ? 'x' : 'y'", ["x", "y"]),
        ("const on = Boolean(process.env.A); export default on ? 'x' : 'y'", ["x", "y"]),
        ("export default process.env.A == null ? 'y' : 'x'", ["x", "y"]),
        ("export default fs.existsSync('a') ? 'x' : 'y'", ["x", "y"]),
        ("export default [process.env.A ? 'x' : 'y', process.env.A ? 'x' : 'y']",
         [["x", "x"], ["y", "y"]]),
        ("export default [process.env.A ? 'x' : 'y', !process.env.A ? 'x' : 'y']",
         [["x", "y"], ["y", "x"]]),
        ("export default [process.env.A === 'a' ? 1 : 2, process.env['A'] === 'b' ? 3 : 4]",
         [[1.0, 4.0], [2.0, 3.0], [2.0, 4.0]]),
        ("const a = process.env.A; const lower = a?.toLowerCase(); "
         "export default [a === 'x' ? 1 : 2, lower === 'x' ? 1 : 2]",
         [[1.0, 1.0], [2.0, 2.0]]),
        ("const url = process.env.URL; export default [url.startsWith('p') ? 1 : 2, "
         "process.env.URL.startsWith('p') ? 1 : 2]", [[1.0, 1.0], [2.0, 2.0]]),
        ("const kind = process.env.A ?? 'x'; export default kind === 'y' ? `${kind}1` : `${kind}2`",
         ["y1", "x2"]),
        ("const on = process.env.A || process.env.B === 'x'; export default on ? 1 : 2",
         [1.0, 2.0]),
        ("export default process.env.A === process.env.B ? 1 : 2", [1.0, 2.0]),
        ("export default process.env.A ? 1 : process.env.A === 'x' ? 2 : 3", [1.0, 3.0]),
        ("export default null.x", []),
        ("const b = { a: 'y' }; export default ({ a: 'x', ...(process.env.A ? { ...b } : {}) }).a",
         ["x", "y"]),
        ("const m = { a: 'x', ...more() }; export default m[process.env.A]",
         ["x", "? is `m[process.env.A]`, which cannot be read without running it"]),
        ("const m = { a: 'x', b: 'y' }; export default m[process.env.A]", ["x", "y"]),
        ("const m = { a: 'x', ...{ b: 'y' } }; export default m[process.env.A]", ["x", "y"]),
        ("const m = { a: 'x', b: 'y' }; export default m[process.env.A ?? 'b']", ["x", "y"]),
        ("const m = { a: 'x', b: 'y' }; export default m[process.env.A] ?? 'z'", ["x", "y", "z"]),
        ("const m = { a: 'x' }; const k = process.env.A; export default `${m[k]}/${k}`", ["x/a"]),
        ("function f() { switch (process.env.A) { case 'a': case 'b': return 'x'; "
         "case 'c': return 'y'; default: throw new Error() } } export default f()", ["x", "y"]),
        ("function f() { if (process.env.A) return 'x'; return 'y' } export default f()",
         ["x", "y"]),
        ("function f() { if (process.env.A) { return 'x' } else if (process.env.B) { return 'y' } "
         "process.exit(1) } export default f()", ["x", "y"]),
        ("function f() { if (!process.env.A) { console.error('!'); throw new Error() } "
         "return 'x' } export default f()", ["x"]),
        ("function f() { if (!process.env.A) process.exit(1); return 'x' } export default f()",
         ["x"]),
        ("let a = 'x'; if (process.env.A === 'y') { a = 'y' } export default a", ["y", "x"]),
        ("let a; switch (process.env.A) { case 'y': a = 'y'; break; default: a = 'x' } "
         "export default a", ["y", "x"]),
        ("const a = { b: 'x' }; if (process.env.A) a.b = 'y'; export default a.b", ["y", "x"]),
        ("import { flag } from './flags'; export default flag ? 'x' : 'y'", ["x", "y"]),
    ],
)  # fmt: skip
def test_every_world_gives_its_value(text: str, expected: list[object]) -> None:
    found = values(text)
    assert sorted(map(repr, found)) == sorted(map(repr, expected))


def test_a_spread_that_cannot_hold_the_property_asks_nothing() -> None:
    parts = "".join(f"...(process.env.A{i} ? {{ url: {i} }} : {{}})," for i in range(40))
    assert value(f"({{ a: 'x', {parts} }}).a") == "x"


def test_a_conditional_spread_may_be_left_out() -> None:
    found = values("export default ({ a: 'x', ...(process.env.A && { a: 'y' }) }).a")
    assert found == ["y", "x"]


def test_siblings_are_followed_one_step() -> None:
    files = {
        "app/paths.ts": "export const schema = 'x'; const out = 'y'; export { out as folder };"
        "export default { ...{ a: 'z' } };",
        "app/deep/index.ts": "import { far } from '../far'; export { far };"
        "export const near = 'n';",
        "app/far.ts": "export const far = 'f';",
        "app/compiled.mts": "export const made = (name: string) => `./src/${name}`;",
    }
    before = (
        "import all, { schema, folder } from './paths.js'; import * as paths from './paths';"
        "import { far, near } from './deep'; import { made } from './compiled.mjs';"
    )
    expression = "[schema, folder, all.a, paths.schema, near, made('a'), far]"
    assert value(expression, before, files) == [
        "x", "y", "z", "x", "n", "./src/a",
        "? comes from `far`, imported from '../far', which is not read",
    ]  # fmt: skip
    assert value("schema", "import { gone as schema } from './paths'", files) == (
        "? is not exported by 'app/paths.ts'"
    )


@pytest.mark.parametrize(
    "text",
    [
        "export default 'x'",
        "export default 'x' as const;",
        "const x = 'x'; export default x;",
        "const x = 'x'; export { x as default };",
        "const x = 'x'; export { other, x as default }; const other = 1",
        "export = 'x';",
        "module.exports = 'x';",
        "exports.default = 'x';",
        "export { y as default } from './y';",
        "import { y } from './y'; export default y;",
    ],
)
def test_default_exports_are_found_in_every_form(text: str) -> None:
    assert values(text, {"app/y.ts": "export const y = 'x';"}) == ["x"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("export default " + "!" * 500 + "'x'", "is nested too deeply to be read"),
        ("export default " + "[" * 500 + "]" * 500, "is nested too deeply to be read"),
        ("const f = () => f(); export default f()", "is nested too deeply to be read"),
        ("const a = { ...a, b: 1 }; export default a.c", "is nested too deeply to be read"),
        ("function f() {" + "{" * 500 + "return 1" + "}" * 500 + "} export default f()",
         "is nested too deeply to be read"),
        ("export default ({" + "".join(f"k{i}: 1," for i in range(60_000)) + "}).x",
         "takes too many steps to be read"),
        (f"const a0 = '{'x' * 9000}'; const a1 = a0 + a0; export default a1 + a1",
         "is too long to be read"),
        ("const a0 = [" + "1," * 9000 + "]; export default [...a0, ...a0]",
         "is too long to be read"),
    ],
)  # fmt: skip
def test_work_without_end_is_refused(text: str, reason: str) -> None:
    with pytest.raises(TooMuch, match=reason):
        every_value(text)


def test_worlds_are_bounded() -> None:
    choices = ",".join(f"process.env.A{i} ? 1 : 2" for i in range(20))
    found, complete = every_value(f"export default [{choices}]")
    assert len(found) == MAX_WORLDS
    assert not complete


def test_endless_questions_without_an_answer_end() -> None:
    cases = "".join(f"case '{i}': throw 1;" for i in range(2000))
    text = f"function f() {{ switch (process.env.A) {{ {cases} }} }} export default f()"
    assert every_value(text) == ([], False)


def test_broken_source_is_not_guessed_at() -> None:
    assert value("({ a: , })") == "? stands in a part of the file that has a syntax error"


def test_a_sibling_that_cannot_be_opened_is_not_read() -> None:
    class Failing(MemoryTree):
        def _read(self, path: str) -> bytes:
            raise FileRefused(f"{path}: too large")

    importer = Module(parse(PATH, b""))
    assert Siblings(Failing({"app/x.ts": b""})).load(importer, "./x") is None
    assert Siblings(Failing({})).load(importer, "../../x") is None
