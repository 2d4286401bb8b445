"""Small valid inputs, cut out of the samples' files, and the words of each language."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from plexus_rules.samples import ALL_STEPS, base, recorded

#: The longest input that inputs are made of, in bytes.
_LONGEST = 300


def _words(text: str) -> tuple[bytes, ...]:
    return tuple(word.encode() for word in text.split())


JOURNAL_TOKENS = _words(
    '"version" "7" "dialect" "sqlite" "pg" "entries" "idx" "when" "tag" "breakpoints" '
    '"0000_a" 1740819600000'
)
SNAPSHOT_TOKENS = _words(
    '"version" "6" "id" "prevId" "tables" "columns" "name" "type" "notNull" "primaryKey" "default" '
    '"indexes" "foreignKeys" "tableTo" "columnsFrom" "onDelete" "enums" "values" "schema" '
    '"compositePrimaryKeys" "uniqueConstraints" "checkConstraints" "value" "isUnique" "where" '
    '"expression" "asc" "nulls" "generated" "identity" "as" "typeSchema" "postgresql" "sqlite"'
)
SQL_TOKENS = (
    *_words(
        "CREATE TABLE ALTER ADD COLUMN DROP RENAME TO TYPE AS ENUM VALUE BEFORE AFTER INDEX UNIQUE "
        "INSERT INTO SELECT FROM UPDATE SET DELETE WHERE NOT NULL DEFAULT PRIMARY KEY REFERENCES "
        "FOREIGN CONSTRAINT CHECK ON CASCADE USING IF EXISTS PRAGMA BEGIN END COMMIT TRIGGER CASE "
        "WHEN DO $$ $body$ \"public\".\"a\" `a` 'a' [a] E'\\'' x'00' 1 1.5e3 ; , ( ) :: := -> "
        "GENERATED ALWAYS IDENTITY SERIAL varchar(10) integer[] double precision timestamp "
        "WITH RECURSIVE VALUES RETURNING COLLATE GRANT POLICY"
    ),
    b"--> statement-breakpoint\n",
    b"-- a comment\n",
    b"/* /* nested */",
    b"NOT NULL DEFAULT ",
)
TYPESCRIPT_TOKENS = (
    *_words(
        "import export default from const let function return class extends async await typeof as "
        "satisfies type interface enum pgTable sqliteTable pgEnum pgSchema pgTableCreator text( "
        "integer( .notNull() .default( .primaryKey() .references(()=> .$type<A>() .array() index( "
        "unique( primaryKey( foreignKey( sql` => ... ?? || && ?. ! <div> </div> <T> 'drizzle-orm' "
        "'drizzle-orm/pg-core' './b' require( import( export* make('x') base kind('kind')"
    ),
    b"export * from './b';\n",
    b"import { kind, base, make } from './b';\n",
    b"import * as core from 'drizzle-orm/sqlite-core';\n",
    b"(table) => [",
    b"as const",
)
CONFIG_TOKENS = (
    *_words(
        "defineConfig( export default module.exports = satisfies Config process.env.X schema: out: "
        "dialect: 'sqlite' 'postgresql' driver: 'turso' migrations: prefix: 'timestamp' ? : || ?? "
        "&& ... path.join( path.resolve( __dirname import.meta.url new URL( [ ] { } => function "
        "return const let if else switch case for while try throw `${x}` .map( .concat( .replace( "
        "'./src/schema' '**/*.ts' typeof await async null undefined true 1 - + === !"
    ),
    b"const x = ",
    b"import { defineConfig } from 'drizzle-kit';\n",
    b"export default defineConfig({ dialect: 'sqlite', schema: './src/schema' });\n",
)


def _files(ending: str) -> Iterator[bytes]:
    for found in (base(), *(recorded(step).files for step in ALL_STEPS)):
        for path in sorted(found):
            if path.endswith(ending):
                yield found[path]


def _windows(data: bytes) -> Iterator[bytes]:
    """Runs of whole lines that are short enough."""
    lines = data.splitlines(keepends=True)
    start = size = 0
    for at, line in enumerate(lines):
        size += len(line)
        while size > _LONGEST and start < at:
            yield b"".join(lines[start:at])
            size -= sum(map(len, lines[start : (start + at + 1) // 2]))
            start = (start + at + 1) // 2
    yield b"".join(lines[start:])


def _distinct(found: Iterator[bytes]) -> list[bytes]:
    return list(dict.fromkeys(data[:_LONGEST] for data in found if data.strip()))


def sql() -> list[bytes]:
    """Migrations, or parts of them."""
    return _distinct(window for data in _files(".sql") for window in _windows(data))


def typescript() -> list[bytes]:
    """Schema files and services, or parts of them, and forms that the samples do not have."""
    windows = (w for data in _files(".ts") for w in _windows(data))
    return _distinct(windows) + [form.encode() for form in _FORMS]


def configs() -> list[bytes]:
    """Configs in every form that people write."""
    return _distinct(_files("config.ts")) + [form.encode() for form in _CONFIGS]


def journals() -> list[bytes]:
    """Journals with few entries."""
    found: list[dict[str, Any]] = []
    for journal in map(json.loads, _files("_journal.json")):
        entries: list[Any] = journal["entries"]
        found += [{**journal, "entries": shown} for shown in ([], entries[:1], entries[-2:])]
    return list(dict.fromkeys(json.dumps(journal).encode() for journal in found))


def snapshots() -> list[bytes]:
    """Snapshots with one part of a table each."""
    return list(dict.fromkeys(d for data in _files("_snapshot.json") for d in _parts(data)))


def _parts(data: bytes) -> Iterator[bytes]:
    snapshot = json.loads(data)
    head = {key: snapshot[key] for key in ("version", "dialect", "id", "prevId")}
    head |= {"id": "a", "prevId": "b", "tables": {}}
    if snapshot.get("enums"):
        yield json.dumps({**head, "enums": snapshot["enums"]}).encode()
    for name, table in snapshot["tables"].items():
        for key, value in table.items():
            pairs: list[Any] = [value]
            if isinstance(value, dict):
                items = list(value.items())
                pairs = [dict(pair) for pair in pairwise(items)] or [value]
            for part in pairs:
                kept = {"name": table["name"], "columns": {}, key: part}
                yield json.dumps({**head, "tables": {name: kept}}).encode()


_FORMS = (
    "import { pgSchema, text } from 'drizzle-orm/pg-core';\n"
    "export const auth = pgSchema('auth');\n"
    "export const users = auth.table('users', { id: text('id').primaryKey() });\n",
    "import { pgTableCreator, serial } from 'drizzle-orm/pg-core';\n"
    "const table = pgTableCreator((name) => `app_${name}`);\n"
    "export const posts = table('posts', { id: serial('id') });\n",
    "import * as s from 'drizzle-orm/sqlite-core';\n"
    "const at = { at: s.integer('at', { mode: 'timestamp' }).$defaultFn(() => new Date()) };\n"
    "export const a = s.sqliteTable('a', { ...at, id: s.text() }, (t) => ({\n"
    "  pk: s.primaryKey({ columns: [t.id, t.at] }) }));\n",
    "import { kind, base, make } from './b';\nexport const made = make('made');\n"
    "export { base as other };\nexport default kind;\n",
    "export const pages = pgTable('pages', (t) => ({ id: t.uuid().defaultRandom(),\n"
    "  tags: t.text().array().notNull().default(sql`'{}'::text[]`) }), (t) => [\n"
    "  uniqueIndex('x').on(lower(t.id)).where(sql`${t.tags} is not null`)]);\n",
    "export * as all from './b';\nexport type { X } from './b';\n"
    "const lazy = await import('./b');\n"
    "const { users: { id }, ...rest } = require('./b');\n",
    "enum K { A = 'a', B = 'b' }\nexport const k = pgEnum('k', K);\n"
    "export const t = sqliteTable('t', cols) satisfies Foo as Bar;\n",
)

_CONFIGS = (
    "export default { schema: './a.ts', out: './o', dialect: 'sqlite' } satisfies Config;\n",
    "const config = { schema: ['./a.ts', './b/*'], dialect: 'turso' } as const;\n"
    "export default config;\n",
    "const pg = process.env.DB === 'pg';\nexport default pg ? defineConfig({ dialect: 'postgresql',"
    " schema: './pg' }) : defineConfig({ dialect: 'sqlite', schema: './lite' });\n",
    "function getConfig(d) { switch (d) { case 'pg': return { dialect: 'postgresql' };\n"
    "default: return { dialect: 'sqlite', schema: path.join(__dirname, 'x') } } }\n"
    "export default getConfig(process.env.D ?? 'pg');\n",
    "const base = { out: './drizzle' };\nexport default defineConfig({ ...base,\n"
    "  ...(process.env.X ? { dialect: 'mysql' } : {}), schema: `${dir}/s.ts` });\n",
    "module.exports = { driver: 'pg', schema: ['a', 'b'].map((n) => `./${n}.ts`) };\n",
    "import base from './base';\nlet dialect = 'sqlite';\nif (X) dialect = 'postgresql';\n"
    "export default async () => defineConfig({ dialect, migrations: { prefix: 'none' } });\n",
)
