"""Files as they should not be: each gives a finding or a clear word, and never a silent pass."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from plexus_rules.catalog import all_rules
from plexus_rules.check import Report, check_change
from plexus_rules.check.path import CannotCheck, Request, check_path
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.gallery.run import NOW
from plexus_rules.profile import read_profile
from plexus_rules.samples import base
from plexus_rules.trees import Delete, Edit, MemoryTree, Replace, Write, apply
from tests.checkouts import write

BACKEND = "packages/backend"
CONFIG = f"{BACKEND}/drizzle.config.ts"
FOLDER = f"{BACKEND}/drizzle/migrations"
JOURNAL = f"{FOLDER}/meta/_journal.json"
SNAPSHOT = f"{FOLDER}/meta/0001_snapshot.json"
SQL = f"{FOLDER}/0001_add_request_tokens.sql"
SCHEMA = f"{BACKEND}/drizzle/schema/sqlite/providers.ts"
SOURCE = f"{BACKEND}/src/services/usage-storage.ts"
PACKAGE = f"{BACKEND}/package.json"

CONFLICT = b"<<<<<<< HEAD\n%s=======\n%s>>>>>>> theirs\n"


def check(head: dict[str, bytes], before: dict[str, bytes] | None = None) -> Report:
    """Every rule, on the sample's files as the base and these as the head."""
    after = Repository(MemoryTree(head), NOW)
    landed = Repository(MemoryTree(dict(base()) if before is None else before), NOW)
    return check_change(Change(landed, after), all_rules(), read_profile(after))


def with_file(path: str, data: bytes) -> dict[str, bytes]:
    return {**base(), path: data}


def told(report: Report) -> dict[str, str]:
    """What is said of each path."""
    found = {entry.path: entry.reason for entry in (*report.not_run,)}
    found |= {entry.path: entry.reason for entry in report.unsupported}
    for finding in report.findings:
        found |= {place.path: place.message for place in finding.related}
    return found | {finding.path: finding.message for finding in report.findings}


def nested(opening: bytes, closing: bytes, depth: int = 100_000) -> bytes:
    return opening * depth + closing * depth


METADATA: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "blank": lambda data: b" \n",
    "conflict": lambda data: CONFLICT % (data, data),
    "conflict with CRLF": lambda data: (CONFLICT % (data, data)).replace(b"\n", b"\r\n"),
    "not JSON": lambda data: b"version: 7\n",
    "NaN": lambda data: data.replace(b'"version":', b'"more": NaN, "version":', 1),
    "not UTF-8": lambda data: b'{"version": "\xff\xfe"}',
    "binary": lambda data: bytes(range(256)) * 40,
    "UTF-16": lambda data: data.decode().encode("utf-16"),
    "a list": lambda data: b"[]",
    "a number": lambda data: b"1",
    "null": lambda data: b"null",
    "an empty object": lambda data: b"{}",
    "deep lists": lambda data: nested(b"[", b"]"),
    "deep objects": lambda data: nested(b'{"a":', b"}"),
    "as deep as can be parsed": lambda data: nested(b"[", b"]", 900),
    "a number of 5000 digits": lambda data: b'{"idx": ' + b"1" * 5000 + b"}",
    "an LFS pointer": lambda data: b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n",
}


@pytest.mark.parametrize("kind", METADATA)
@pytest.mark.parametrize("path", [JOURNAL, SNAPSHOT])
def test_broken_metadata_is_a_finding(path: str, kind: str) -> None:
    report = check(with_file(path, METADATA[kind](base()[path])))
    assert path in {finding.path for finding in report.findings}, told(report)
    assert report.incomplete == ()
    assert report.exit_status == 1


@pytest.mark.parametrize("kind", METADATA)
@pytest.mark.parametrize("path", [JOURNAL, SNAPSHOT])
def test_broken_metadata_that_has_landed_stops_nothing(path: str, kind: str) -> None:
    before = with_file(path, METADATA[kind](base()[path]))
    report = check(dict(base()), before)
    assert report.incomplete == ()
    assert report.findings == ()
    if path == JOURNAL:
        assert path in told(report)


@pytest.mark.parametrize(
    "value",
    [None, 8, "x", [], {}, [1], True, -1, 1.5, 1e308, "9" * 400],
    ids=lambda value: json.dumps(value)[:20],
)
@pytest.mark.parametrize("key", ["entries", "version", "dialect", "idx", "when", "tag"])
def test_value_of_a_wrong_type_in_the_journal(key: str, value: object) -> None:
    journal = json.loads(base()[JOURNAL])
    (journal if key in journal else journal["entries"][1])[key] = value
    report = check(with_file(JOURNAL, json.dumps(journal).encode()))
    assert report.incomplete == ()
    assert report.findings


@pytest.mark.parametrize("tag", ["../../../etc/passwd", "/etc/passwd", "a/b", "..", "a\0b", "\x1b"])
def test_tag_that_leads_elsewhere_reads_nothing(tag: str) -> None:
    journal = json.loads(base()[JOURNAL])
    journal["entries"][1]["tag"] = tag
    report = check(with_file(JOURNAL, json.dumps(journal).encode()))
    assert report.incomplete == ()
    assert report.findings


@pytest.mark.parametrize(
    "value", [None, 1, "x", [], {}, [1], {"a": 1}, {"a": {"columns": 3}}], ids=json.dumps
)
@pytest.mark.parametrize("key", ["id", "prevId", "version", "dialect", "tables", "enums", "views"])
def test_value_of_a_wrong_type_in_a_snapshot(key: str, value: object) -> None:
    snapshot = json.loads(base()[SNAPSHOT])
    if snapshot.get(key) == value:
        return
    snapshot[key] = value
    report = check(with_file(SNAPSHOT, json.dumps(snapshot).encode()))
    assert report.incomplete == ()
    assert SNAPSHOT in told(report)


class TestSize:
    def test_of_a_snapshot_of_50_mb_is_told(self, tmp_path: Path) -> None:
        write(tmp_path, base())
        with (tmp_path / SNAPSHOT).open("r+b") as file:
            file.truncate(50_000_000)
        report = check_path(Request(tmp_path, all_rules(), {}, NOW)).report
        assert "47.7 MiB is over the limit of 32 MiB" in told(report)[SNAPSHOT]
        assert report.incomplete == (
            f"{SNAPSHOT}: 47.7 MiB is over the limit of 32 MiB for one file",
        )

    def test_of_a_package_json_is_no_matter(self) -> None:
        scripts = {f"script-{number}": "drizzle-kit generate" for number in range(20_000)}
        package = json.dumps({"name": "x" * 1_000_000, "scripts": scripts}).encode()
        report = check(with_file(PACKAGE, package))
        assert report.incomplete == ()

    def test_of_a_source_file_is_told(self) -> None:
        report = check(with_file(SOURCE, base()[SOURCE] + b"// \n" * 1_000_000))
        assert "only its first 2 MiB are read" in told(report)[SOURCE]

    def test_of_sql_is_no_matter(self) -> None:
        report = check(with_file(SQL, base()[SQL] + b"-- comment\n" * 300_000))
        assert {finding.path for finding in report.findings} == {SQL}


SOURCES = {
    "empty": b"",
    "binary": bytes(range(256)) * 40,
    "not UTF-8": b"export const a = '\xff\xfe';\nimport x from '../../drizzle/schema';\n",
    "conflict": CONFLICT % (b"import a from 'a';\n", b"import b from 'b';\n"),
    "deep lists": b"export default " + nested(b"[", b"]", 20_000) + b";\n",
    "deep objects": b"export default " + nested(b"{a:", b"}", 20_000) + b";\n",
    "deep calls": b"export default " + nested(b"f(", b")", 20_000) + b";\n",
    "deep functions": b"export default " + nested(b"() => (", b")", 20_000) + b";\n",
    "deep types": b"type A = " + nested(b"Array<", b">", 20_000) + b";\n",
    "deep blocks": nested(b"{", b"}", 20_000),
    "deep templates": b"export default " + nested(b"`${", b"}`", 5_000) + b";\n",
    "a long chain": b"export default a" + b".b()" * 20_000 + b";\n",
    "a long sum": b"export default " + b"1 + " * 20_000 + b"1;\n",
    "a long condition": b"export default " + b"a ? b : " * 20_000 + b"c;\n",
    "unfinished": b"export default defineConfig({ dialect: 'sqlite', schema: [",
    "itself": b"export { default } from './usage-storage'; export * from './usage-storage';\n",
}


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize("path", [CONFIG, SCHEMA, SOURCE])
def test_strange_source_stops_nothing(path: str, kind: str) -> None:
    report = check(with_file(path, SOURCES[kind]))
    assert report.incomplete == ()
    assert not [entry for entry in report.not_run if "nested too deeply" in entry.reason]
    if path == CONFIG:
        assert CONFIG in told(report)


@pytest.mark.parametrize("kind", SOURCES)
def test_strange_source_that_has_landed_stops_nothing(kind: str) -> None:
    before = {**base(), CONFIG: SOURCES[kind], SCHEMA: SOURCES[kind]}
    assert check(dict(base()), before).incomplete == ()


OTHERS = {
    "package.json": [b"", b"[]", b'{"scripts": [1]}', b'{"scripts": {"a": 1}}', b"<<<<<<< a\n"],
    "tsconfig.json": [b"", b"[]", b'{"extends": "./tsconfig.json"}', nested(b"[", b"]"), b"/*"],
    ".gitignore": [b"[", b"\\", b"!", b"**/" * 500, b"\xff\xfe", b"[[:nonsense:]]\n[z-a]\n"],
    ".github/workflows/test.yml": [
        b"drizzle-kit push: [",
        b"# drizzle-kit\n" + nested(b"[", b"]"),
        b"# drizzle-kit\n" + nested(b"{a: ", b"}"),
        b"# drizzle-kit\n" + b"- " * 50_000 + b"a",
        b"# drizzle-kit\na: &a [*a, *a]\n",
        b"# drizzle-kit\na: *nothing\n",
        b"# drizzle-kit\n\xff\xfe\x00",
        b"# drizzle-kit\n\t- x\n",
    ],
    "Dockerfile": [b"RUN drizzle-kit push '", b'RUN ["drizzle-kit', b"\xff drizzle-kit \\"],
    "tools/x.sh": [b"drizzle-kit push \"'", b"drizzle-kit \\\n" * 10_000, b"\xff" * 99],
    "tools/x.toml": [b'drizzle-kit = """', b"drizzle-kit = = \xff"],
}


@pytest.mark.parametrize(
    ("path", "data"),
    [(path, data) for path, listed in OTHERS.items() for data in listed],
    ids=lambda value: repr(value[:30]),
)
def test_strange_files_of_other_tools_stop_nothing(path: str, data: bytes) -> None:
    for place in (path, f"{BACKEND}/{path}"):
        report = check(with_file(place, data))
        assert report.incomplete == ()
        assert not [finding for finding in report.findings if finding.path != place]


class TestLineEnds:
    def test_of_a_checkout_on_windows_change_nothing(self) -> None:
        crlf = {path: data.replace(b"\n", b"\r\n") for path, data in base().items()}
        for head, before in ((crlf, dict(base())), (dict(base()), crlf), (crlf, crlf)):
            report = check(head, before)
            assert (report.findings, report.incomplete) == ((), ())

    def test_of_a_checkout_on_windows_hide_nothing(self) -> None:
        crlf = {path: data.replace(b"\n", b"\r\n") for path, data in base().items()}
        edited = {**crlf, SQL: crlf[SQL] + b"\r\nSELECT 1;\r\n"}
        assert {finding.path for finding in check(edited).findings} == {SQL}

    def test_and_a_byte_order_mark_make_no_edit(self) -> None:
        report = check(with_file(SQL, b"\xef\xbb\xbf" + base()[SQL]))
        assert report.incomplete == ()


class TestOut:
    @pytest.mark.parametrize("out", ["../../../../x", "/x", "../../../x/y", "//x", "C:\\\\x"])
    def test_that_leaves_the_root_is_told(self, out: str) -> None:
        edit = Replace(CONFIG, "out: './drizzle/migrations'", f"out: '{out}'")
        report = check(apply(base(), [edit]))
        assert CONFIG in told(report) or out.startswith("C:")
        assert report.incomplete == ()

    def test_that_is_a_file_is_told(self) -> None:
        edits: list[Edit] = [Delete(FOLDER), Write(FOLDER, "not a directory")]
        assert told(check(apply(base(), edits)))[FOLDER].endswith("it is a file")

    @pytest.mark.parametrize("name", ["new\nline", "sp ace", "ü", "\x1b[31m", "a:b", "-x"])
    def test_of_any_name(self, name: str) -> None:
        literal = json.dumps(f"./drizzle/{name}")
        folder = f"{BACKEND}/drizzle/{name}"
        edits: list[Edit] = [Replace(CONFIG, "'./drizzle/migrations'", literal)]
        files = {
            path.replace(FOLDER + "/", folder + "/"): data
            for path, data in apply(base(), edits).items()
        }
        assert check(files, files).findings == ()
        assert name in {(p.migrations or "").rpartition("/")[2] for p in check(files).projects}
        edited = {**files, f"{folder}/0009_by_hand.sql": b"SELECT 1;"}
        assert f"{folder}/0009_by_hand.sql" in {f.path for f in check(edited, files).findings}


def test_config_that_is_a_directory_is_no_config(tmp_path: Path) -> None:
    files = {path: data for path, data in base().items() if "drizzle.config" not in path}
    write(tmp_path, {**files, f"{CONFIG}/index.ts": base()[CONFIG]})
    with pytest.raises(CannotCheck, match="no drizzle config found"):
        check_path(Request(tmp_path, all_rules(), {}, NOW))


@pytest.mark.parametrize("path", [JOURNAL, SNAPSHOT, SQL, SCHEMA, FOLDER])
def test_link_that_leaves_the_directory_is_no_passed_check(tmp_path: Path, path: str) -> None:
    root = write(tmp_path / "checkout", base())
    outside = tmp_path / "outside"
    (root / path).rename(outside)
    (root / path).symlink_to(outside)
    report = check_path(Request(root, all_rules(), {}, NOW)).report
    assert report.exit_status == 2
    assert [reason.partition(":")[0] for reason in report.incomplete] == [path]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"foreignKeys": {}', '"foreignKeys": "../../etc/passwd"'),
        ('"foreignKeys": {}', '"foreignKeys": {"a": {"columnsFrom": 1e30}}'),
        ('"enums": {}', '"enums": 1e30'),
    ],
)
def test_odd_parts_of_a_snapshot_break_no_rule(old: str, new: str) -> None:
    data = base()[SNAPSHOT].decode().replace(old, new)
    assert new in data
    assert check(with_file(SNAPSHOT, data.encode())).incomplete == ()
