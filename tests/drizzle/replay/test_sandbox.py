"""The SQL of strangers in a SQLite: what runs, what fails, what is refused, and that it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from plexus_rules.drizzle.replay.outcome import Failure, Unable
from plexus_rules.drizzle.replay.sandbox import Sandbox

#: A text with no end, if anything ran it.
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"


@pytest.fixture
def sandbox() -> Sandbox:
    """One table, ``a`` with the columns ``id`` and ``b``, and an index."""
    made = Sandbox()
    for statement in (
        "CREATE TABLE a (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, b text)",
        "CREATE INDEX i ON a (b)",
    ):
        assert made.run(statement) is None
    return made


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE a ADD c text",
        "ALTER TABLE a RENAME COLUMN b TO c",
        "CREATE TABLE b (a text, c AS (a || 'x'), CHECK (a > ''))",
        "CREATE TEMP TABLE t (x)",
        "INSERT INTO a (b) SELECT 'x' FROM a",
        "UPDATE a SET b = upper(b) WHERE id > 5 RETURNING id",
        "DELETE FROM sqlite_sequence WHERE name = 'a'",
        "DELETE FROM __drizzle_migrations",
        "PRAGMA foreign_keys=OFF",
        "PRAGMA legacy_alter_table=ON",
        "CREATE VIEW v AS SELECT nothing FROM nowhere",
        "CREATE TRIGGER t AFTER INSERT ON nowhere BEGIN SELECT 1; END",
        "BEGIN",
        "COMMIT",
        "ANALYZE",
        "CREATE VIRTUAL TABLE f USING fts5(b, content='a')",
        "CREATE TABLE copy AS SELECT * FROM a",
    ],
)
def test_statement_that_fits_is_no_fault(sandbox: Sandbox, statement: str) -> None:
    assert sandbox.run(statement) is None


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("ALTER TABLE a ADD b text", "duplicate column name: b"),
        ("ALTER TABLE a DROP COLUMN c", "no such column: "),
        ("ALTER TABLE nowhere ADD c text", "no such table: nowhere"),
        ("CREATE TABLE a (id integer)", "table a already exists"),
        ("CREATE INDEX i ON a (id)", "index i already exists"),
        ("CREATE INDEX j ON a (`c`)", "no such column: c"),
        ("DROP INDEX j", "no such index: j"),
        ("DROP TABLE nowhere", "no such table: nowhere"),
        ("UPDATE a SET c = 1", "no such column: c"),
        ("INSERT INTO a (c) VALUES (1)", "table a has no column named c"),
        ("INSERT INTO a VALUES (1)", "table a has 2 columns but 1 values were supplied"),
    ],
)
def test_statement_that_does_not_fit_the_schema_fails(
    sandbox: Sandbox, statement: str, reason: str
) -> None:
    found = sandbox.run(statement)
    assert isinstance(found, Failure)
    assert found.reason.startswith(reason)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE a ALTER COLUMN b TO b text NOT NULL",  # libSQL's
        "CREATE TABLE c (embedding F32_BLOB(3)) USING anything",
        "CREATE INDEX j ON a (libsql_vector_idx(b))",
        "CREATE VIRTUAL TABLE f USING vec0(b)",
        "ROLLBACK",
        "no SQL at all",
        "ATTACH 'file.db' AS other",
        "DETACH main",
        "CREATE TABLE other.c (x)",
    ],
)
def test_what_this_sqlite_cannot_run_is_no_failure(sandbox: Sandbox, statement: str) -> None:
    assert isinstance(sandbox.run(statement), Unable)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT vector32('[1]') FROM a",  # a function of another SQLite
        'INSERT INTO a (b) SELECT "new" FROM a',  # a text to many builds, an error to others
        "SELECT * FROM sqlite_master",
        "SELECT ?",
        "SELECT load_extension('x')",
    ],
)
def test_rows_are_nobodys_schema(sandbox: Sandbox, statement: str) -> None:
    assert sandbox.run(statement) is None


def test_rows_of_a_view_are_not_looked_for(sandbox: Sandbox) -> None:
    assert sandbox.run("SELECT * FROM v") == Failure("no such table: v")
    assert sandbox.run("CREATE VIEW IF NOT EXISTS v AS SELECT 1") is None
    assert sandbox.run("SELECT * FROM v") is None


@pytest.mark.parametrize(
    "statement",
    [
        "VACUUM INTO 'copy.db'",
        "/* a comment */ VACUUM /* and one */ INTO 'copy.db'",
        "ATTACH 'copy.db' AS other",
        "CREATE TABLE c AS SELECT writefile('copy.db', 'x')",
        "PRAGMA journal_mode=WAL",
        "PRAGMA temp_store_directory = '.'",
        "SELECT fts3_tokenizer('simple', x'00')",
    ],
)
def test_no_file_is_ever_made(
    sandbox: Sandbox, statement: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sandbox.run(statement)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "statement",
    [
        f"{ENDLESS} INSERT INTO a (b) SELECT x FROM n",
        f"{ENDLESS} SELECT hex(zeroblob(400000)) || x FROM n ORDER BY 1",
        f"\ufeff{ENDLESS} SELECT x FROM n ORDER BY 1",
        f"CREATE TABLE c AS {ENDLESS} SELECT x FROM n",
        f"CREATE {' ' * 200} TABLE c AS {ENDLESS} SELECT x FROM n ORDER BY 1",
        f"CREATE /* {'x' * 200} */ TABLE c AS {ENDLESS} SELECT x FROM n ORDER BY 1",
        f"CREATE TABLE c AS {ENDLESS} SELECT x FROM n) LIMIT 100000000 /*",
        f"CREATE TABLE c AS SELECT 1) UNION ALL SELECT * FROM ({ENDLESS} SELECT x FROM n",
        "UPDATE a SET b = printf('%.*c', 2000000000, 'x')",
        "CREATE INDEX j ON a (id) WHERE hex(zeroblob(1000000000)) > ''",
        "CREATE TABLE c (x DEFAULT (randomblob(1000000000)))",
        "SELECT " + "(" * 5000 + "1" + ")" * 5000,
        "CREATE TABLE c (a0 int, "
        + ", ".join(f"a{n + 1} AS (a{n} + a{n})" for n in range(60))
        + ")",
    ],
)
def test_no_statement_runs_for_long(sandbox: Sandbox, statement: str) -> None:
    sandbox.run(statement)
    assert sandbox.rows("SELECT count(*) FROM a") == [(0,)]


@pytest.mark.parametrize("start", ["SELECT * FROM", "CREATE TABLE c AS WITH {} SELECT * FROM"])
def test_tables_of_with_that_double_and_double_are_not_put_in(sandbox: Sandbox, start: str) -> None:
    names = [f"c{n} (x) AS (SELECT p.x FROM c{n - 1} p, c{n - 1} q)" for n in range(1, 60)]
    tables = ", ".join(["c0 (x) AS (SELECT 1)", *names])
    if start.startswith("CREATE"):
        assert isinstance(sandbox.run(f"{start.format(tables)} c59"), Unable)
    else:
        assert sandbox.run(f"WITH {tables} {start} c59") is None


def test_index_of_columns_that_double_and_double_is_not_made(sandbox: Sandbox) -> None:
    columns = ", ".join(f"a{n + 1} AS (a{n} + a{n})" for n in range(40))
    assert sandbox.run(f"CREATE TABLE c (a0 int, {columns})") is None
    assert isinstance(sandbox.run("CREATE INDEX j ON c (a40)"), Unable)


def test_content_of_a_virtual_table_is_out_of_reach(sandbox: Sandbox) -> None:
    assert sandbox.run("CREATE VIRTUAL TABLE f USING fts5(b)") is None
    assert sandbox.run("INSERT INTO f (f) VALUES ('rebuild')") is None
    assert sandbox.run("INSERT INTO f_data VALUES (1, x'00')") is None
    assert isinstance(sandbox.run("ALTER TABLE f_data RENAME TO mine"), Unable)
    assert [name for _, name, _, _ in sandbox.objects()] == ["a", "i", "f"]


def test_endless_changes_of_many_tables_come_to_an_end(sandbox: Sandbox) -> None:
    for number in range(300):
        sandbox.run(f"CREATE TABLE t{number} (x)")
    sandbox._read = 2_999_900
    assert isinstance(sandbox.run("ALTER TABLE t1 ADD y"), Unable)
