"""Imports as they are written, and what the names that they bring stand for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plexus_rules.drizzle.imports import MAX_IMPORTS, candidates, possible_specifiers
from plexus_rules.drizzle.modules import Import, ImportedName, ImportKind, Modules, Symbol
from plexus_rules.drizzle.reach import passed_on, reachable
from plexus_rules.finding import WHOLE_FILE, Range
from plexus_rules.trees import FileRefused, MemoryTree


def modules(files: dict[str, str]) -> Modules:
    return Modules(MemoryTree({path: text.encode() for path, text in files.items()}))


def imports(text: str, path: str = "a.ts") -> tuple[Import, ...]:
    return modules({path: text}).imports(path)


def only(text: str, path: str = "a.ts") -> Import:
    (found,) = imports(text, path)
    return found


def names(found: Import) -> list[tuple[str, str | None]]:
    return [(name.name, name.local) for name in found.names]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import './x'", []),
        ("import x from './x'", [("default", "x")]),
        ("import * as x from './x'", [("*", "x")]),
        ("import { a, b as c } from './x'", [("a", "a"), ("b", "c")]),
        ("import x, { a } from './x'", [("default", "x"), ("a", "a")]),
        ("import { 'a b' as c } from './x'", [("a b", "c")]),
        ("import{a}from'./x'", [("a", "a")]),
        ("import {\n  a, // one\n  b,\n} from /* where */ './x';", [("a", "a"), ("b", "b")]),
        ("import data from './x' with { type: 'json' }", [("default", "data")]),
    ],
)
def test_an_import_statement_tells_what_it_takes(
    text: str, expected: list[tuple[str, str | None]]
) -> None:
    found = only(text)
    assert (found.kind, found.specifier, found.type_only) == (ImportKind.IMPORT, "./x", False)
    assert names(found) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("export * from './x'", [("*", "*")]),
        ("export * as ns from './x'", [("*", "ns")]),
        (
            "export { a, b as c, default as d } from './x'",
            [("a", "a"), ("b", "c"), ("default", "d")],
        ),
    ],
)
def test_a_re_export_is_an_import_too(text: str, expected: list[tuple[str, str | None]]) -> None:
    found = only(text)
    assert found.kind is ImportKind.EXPORT
    assert names(found) == expected


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("const x = require('./x')", ImportKind.REQUIRE, [("*", "x")]),
        ("const { a, b: c } = require('./x')", ImportKind.REQUIRE, [("a", "a"), ("b", "c")]),
        ("const { a, ...b } = require('./x')", ImportKind.REQUIRE, [("a", "a"), ("*", "b")]),
        ("const x = require('./x').a", ImportKind.REQUIRE, [("a", "x")]),
        ("const x = require('./x') as typeof other", ImportKind.REQUIRE, [("*", "x")]),
        ("const x = require<Foo>('./x')", ImportKind.REQUIRE, [("*", "x")]),
        ("if (pg) { register(require(`./x`)) }", ImportKind.REQUIRE, [("*", None)]),
        ("import x = require('./x')", ImportKind.REQUIRE, [("*", "x")]),
        ("const x = await import('./x')", ImportKind.DYNAMIC, [("*", "x")]),
        ("const { a = 1 } = await import(/* chunk */ './x')", ImportKind.DYNAMIC, [("a", "a")]),
        ("const x = (await import('./x')).a", ImportKind.DYNAMIC, [("a", "x")]),
        ("import('./x').then((m) => m.a)", ImportKind.DYNAMIC, [("*", None)]),
        ("const load = { lazily: import('./x') }", ImportKind.DYNAMIC, [("*", None)]),
    ],
)  # fmt: skip
def test_a_call_can_import(
    text: str, kind: ImportKind, expected: list[tuple[str, str | None]]
) -> None:
    found = only(text)
    assert (found.kind, found.type_only) == (kind, False)
    assert names(found) == expected


@pytest.mark.parametrize(
    "text",
    [
        "import type { A } from './x'",
        "import { type A, type B as C } from './x'",
        "import type x = require('./x')",
        "export type { A } from './x'",
        "export type * from './x'",
        "type A = typeof import('./x')",
        "type A = import('./x').B",
        "const a = b as import('./x').B",
        "function f(a: import('./x').B) {}",
        "const a = text('a').$type<import('./x').B[]>()",
        "const a = text('a').$type<Record<string, typeof import('./x')>>()",
        "const a = text('a').$type<(import('./x').B)[]>()",
        "const a = text('a').$type<[import('./x').B]>()",
        "const a = text('a').$type<keyof import('./x').B>()",
        "const a = text('a').$type<readonly import('./x').B[]>()",
        "interface A { b: import('./x').B[]; c: number }",
    ],
)
def test_what_vanishes_at_run_time_is_type_only(text: str) -> None:
    assert only(text).type_only


def test_one_value_among_the_types_makes_the_import_real() -> None:
    assert not only("import { type A, b } from './x'").type_only


@pytest.mark.parametrize(
    "text",
    [
        "// import a from './x'",
        "/* require('./x') */",
        "const text = \"import a from './x'\"",
        "const text = `import a from './x' ${1}`",
        "const a = from('./x')",
        "const a = require('./' + x)",
        "const a = require(x, './x')",
        "const a = import(`./${x}`)",
        "const a = this.require('./x')",
        "jest.mock('./x')",
    ],
)
def test_what_only_looks_like_an_import_is_none(text: str) -> None:
    assert imports(text) == ()


def test_an_import_within_a_template_is_found() -> None:
    assert only("const text = `${require('./x').a}`").specifier == "./x"


def test_an_import_says_where_it_stands() -> None:
    found = only("\ufeffconst é = 1; import x from './x';")
    assert found.range == Range(1, 28, 1, 33)
    assert found.statement_range == Range(1, 14, 1, 34)


def test_an_escaped_specifier_is_read() -> None:
    files = {"a.ts": r"import x from './\u0062'", "b.ts": ""}
    (found,) = modules(files).importers(["b.ts"])
    assert found.specifier == "./b"


def test_a_generated_file_is_read_up_to_a_limit() -> None:
    read = modules({"a.ts": "import './x'\n" * (MAX_IMPORTS + 10)})
    assert len(read.imports("a.ts")) == MAX_IMPORTS
    assert read.problems == [("a.ts", "a.ts: only its first 2000 imports are read")]


def test_importers_are_found_through_every_way_of_naming_a_file() -> None:
    files = {
        "tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}',
        "src/db/schema/index.ts": "",
        "src/db/schema/users.ts": "",
        "src/a.ts": "import * as schema from './db/schema'",
        "src/b.js": "const schema = require('@/db/schema/index')",
        "src/c.tsx": "export * from '@/db/schema/index.js'",
        "src/other.ts": "// import './db/schema'\nimport './db/schema/users'",
    }
    found = modules(files).importers(["src/db/schema/index.ts"])
    assert [i.path for i in found] == ["src/a.ts", "src/b.js", "src/c.tsx"]


def test_importing_does_not_parse_the_files_without_a_hit() -> None:
    read = modules({"a.ts": "import './b'", "b.ts": "", "c.ts": "import './d'", "d.ts": ""})
    assert [i.path for i in read.importers(["b.ts"])] == ["a.ts"]
    assert set(read._sources) == {"a.ts"}


EXPORTING = {
    "index.ts": "export * from './a'; export { b as renamed } from './b';"
    "export * as all from './b';",
    "a.ts": "export * from './deep'; export const x = 1, y = 2; export default x; const z = 3;",
    "deep.ts": "export const x = 'not this one'; export const deep = 4; export * from './a';",
    "b.ts": "import { deep as local } from './a'; export { local as b }; export type T = 1;",
}


def test_exports_lead_to_where_each_name_is_declared() -> None:
    assert modules(EXPORTING).exports("index.ts") == {
        "renamed": Symbol("deep.ts", "deep"),
        "all": Symbol("b.ts", "*"),
        "x": Symbol("a.ts", "x"),
        "y": Symbol("a.ts", "y"),
        "deep": Symbol("deep.ts", "deep"),
    }


def test_a_default_export_is_its_modules_own() -> None:
    assert modules(EXPORTING).exports("a.ts")["default"] == Symbol("a.ts", "x")
    assert "default" not in modules(EXPORTING).exports("index.ts")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("export function f() {} export class C {} export enum E { A }", {"f", "C", "E"}),
        ("export const { a, b: [c = 1], ...d } = make()", {"a", "c", "d"}),
        ("export async function* g() {} export abstract class A {}", {"g", "A"}),
        ("export default function named() {}", {"default"}),
        ("export default { a: 1 }", {"default"}),
        ("const a = 1; export { a, a as 'b c', a as default }", {"a", "b c", "default"}),
        (
            "export interface I {} export type T = I; export type { T as U }; export { type T }",
            set(),
        ),
        ("const a = 1; module.exports = { a, b: 2 }", {"a", "b"}),
        ("exports.a = 1; module.exports.b = 2", {"a", "b"}),
    ],
)
def test_every_form_of_exported_value_counts_and_types_do_not(
    text: str, expected: set[str]
) -> None:
    assert set(modules({"a.ts": text}).exports("a.ts")) == expected


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("import { pgTable as t } from 'pkg'", Symbol("pkg", "pgTable", external=True)),
        ("import * as t from 'pkg'", Symbol("pkg", "*", external=True)),
        ("const { a: t } = require('pkg')", Symbol("pkg", "a", external=True)),
        ("import { t } from './b'", Symbol("pkg", "thing", external=True)),
        ("import { here as t } from './b'", Symbol("b.ts", "here")),
        ("import * as t from './b'", Symbol("b.ts", "*")),
        ("import { nothing as t } from './b'", None),
        ("import t from './missing'", Symbol("./missing", "default", external=True)),
        ("const t = 1", Symbol("a.ts", "t")),
    ],
)
def test_the_origin_of_a_name_is_followed_out_of_the_file(text: str, symbol: Symbol | None) -> None:
    other = "export { thing as t } from 'pkg'; export const here = 1;"
    assert modules({"a.ts": text, "b.ts": other}).origin("a.ts", "t") == symbol


def test_circles_of_re_exports_end() -> None:
    files = {
        "a.ts": "export * from './b'; export { x } from './b'; import './a'",
        "b.ts": "export * from './a'; export { x } from './a';",
    }
    read = modules(files)
    assert read.exports("a.ts") == {}
    assert reachable(read, "a.ts") == {"a.ts", "b.ts"}


def test_a_long_chain_of_re_exports_is_followed_to_its_end() -> None:
    files = {f"f{n}.ts": f"export * from './f{n + 1}'" for n in range(3_000)}
    files["f3000.ts"] = "export const end = 1"
    read = modules(files)
    assert read.exports("f0.ts") == {"end": Symbol("f3000.ts", "end")}
    assert read.member("f0.ts", "end") == Symbol("f3000.ts", "end")
    assert len(reachable(read, "f0.ts")) == 3_001


def test_dense_barrels_are_read_in_little_time() -> None:
    count = 100
    stars = [f"export * from './f{n}';\n" for n in range(count)]
    files = {
        f"f{n}.ts": f"export const x{n} = {n}, shared = {n};\n" + "".join(stars)
        for n in range(count)
    }
    read = modules(files)
    for n in range(count):
        found = read.exports(f"f{n}.ts")
        assert len(found) == count + 1
        assert found["shared"] == Symbol(f"f{n}.ts", "shared")
        assert len(read.star_files(f"f{n}.ts")) == count


def test_what_is_passed_on_is_followed_through_named_re_exports_too() -> None:
    files = {
        "a.ts": "export { b } from './b'; import './d'; export type { T } from './t'",
        "b.ts": "export * from './c'",
        "c.ts": "",
        "d.ts": "",
        "t.ts": "",
    }
    assert passed_on(modules(files), ["a.ts"]) == {"a.ts", "b.ts", "c.ts"}


def test_types_do_not_make_a_file_reachable() -> None:
    files = {"a.ts": "import type { B } from './b'; import './c'", "b.ts": "", "c.ts": ""}
    assert reachable(modules(files), "a.ts") == {"a.ts", "c.ts"}


class Refusing(MemoryTree):
    def _read(self, path: str) -> bytes:
        if path == "b.ts":
            raise FileRefused("b.ts: too large")
        return super()._read(path)


def test_a_file_that_cannot_be_read_is_a_problem_and_no_error() -> None:
    read = Modules(Refusing({"a.ts": b"import { x } from './b'", "b.ts": b"export const x = 1"}))
    assert read.exports("b.ts") == {}
    assert [i.path for i in read.importers(["b.ts"])] == ["a.ts"]
    assert read.problems == [("b.ts", "b.ts: too large")]


def test_a_file_that_cannot_be_read_is_broken() -> None:
    read = Modules(Refusing({"a.ts": b"", "b.ts": b"export const x = 1"}))
    assert read.broken("a.ts") is None
    assert read.broken("b.ts") == (WHOLE_FILE, "too large")


def test_of_a_huge_file_only_the_start_is_read() -> None:
    read = modules({"a.ts": "import './b';" + " " * 3_000_000 + "import './c'"})
    assert [i.specifier for i in read.imports("a.ts")] == ["./b"]
    assert read.problems == [("a.ts", "a.ts: only its first 2 MiB are read")]


@pytest.mark.parametrize(
    "text",
    [
        "from//" * 40_000,
        "import(" * 40_000,
        "[require('./x')," * 20_000,
        "(" * 100_000,
        "require<" * 40_000,
        "export {" * 40_000,
        "import('./x').then(" * 20_000,
    ],
)
def test_reading_hostile_text_comes_to_an_end(text: str) -> None:
    read = modules({"a.ts": text})
    assert len(read.imports("a.ts")) <= len(text)
    assert len(read.exports("a.ts")) <= len(text)


@pytest.mark.parametrize("text", ["import/*", "from//", "import <", "require\n//\n", "from'"])
def test_looking_for_specifiers_comes_to_an_end(text: str) -> None:
    assert len(candidates(text.encode() * 100_000)) <= MAX_IMPORTS


WORDS = ["import", "export", "from", "require", "type", "*", "{", "}", "(", ")", "'./a'", "default"]
WORDS += ["as", "const", "=", ",", "import(", "typeof", "`./b`", "<", ">", ";", "\n", "[", "]", "é"]


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(st.sampled_from(WORDS), max_size=40).map(lambda words: " ".join(words).encode()),
    )
)
def test_no_text_makes_it_fail(data: bytes) -> None:
    for ending in (".ts", ".jsx"):
        path = "a" + ending
        read = Modules(MemoryTree({path: data, "b.ts": data}))
        read.imports(path)
        read.exports(path)
        reachable(read, path)
        list(read.importers(["b.ts"]))


def test_names_are_plain_values() -> None:
    assert only("import { a } from './x'").names == (ImportedName("a", "a"),)


@pytest.mark.parametrize(
    ("text", "specifiers"),
    [
        ("import a from './a'", {"./a"}),
        ("export * from /* b */ // c\n './a'", {"./a"}),
        ("import './a'; import('./b'); require<X>('./c')", {"./a", "./b", "./c"}),
        ("import './\\x61'", {None}),
        ("Buffer.from('./a'); Array.from ('./b'); Uint8Array.from<X>('./c')", set()),
    ],
)
def test_what_may_be_a_specifier_is_told_by_what_stands_before_it(
    text: str, specifiers: set[str | None]
) -> None:
    assert possible_specifiers(text.encode()) == specifiers
    assert set(candidates(text.encode()).values()) == specifiers
