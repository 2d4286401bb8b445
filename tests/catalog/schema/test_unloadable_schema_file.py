"""Files that drizzle-kit loads with a schema, and that are no code."""

from __future__ import annotations

import pytest

from tests.catalog.helpers import check, config, messages, places, skipped, table

PROJECT = {
    "drizzle.config.ts": config("sqlite", "./src/schema", "./drizzle"),
    "src/schema/users.ts": table("sqlite", "users"),
}
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("AGENTS.md", "# Tables\n\nOne file for each table.\n"),
        ("notes.txt", "two words here\n"),
        ("users.sql", "CREATE TABLE users (id integer);\n"),
        ("LICENSE", "MIT License\n"),
        ("users.ts.map", '{"version":3,"sources":[]}'),
        ("tables.png", PNG),
        (".DS_Store", b"\0\1"),
        (".users.ts.swp", b"b0VIM 9.1\0"),
        ("users.ts.orig", "<<<<<<< HEAD\nexport const a = 1;\n=======\n"),
        ("names.json", "{,"),
        ("empty.json", ""),
        ("page.html", "<p>a page</p>\n"),
    ],
)
def test_a_file_that_cannot_be_run_as_javascript_is_told(name: str, content: str | bytes) -> None:
    assert places(check("PLX104", {**PROJECT, f"src/schema/{name}": content})) == [
        (f"src/schema/{name}", 1)
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".gitkeep", ""),
        ("empty.md", "\n"),
        ("comment.md", "<!-- nothing to say -->\n"),
        ("comment.txt", "// nothing to say\n"),
        ("names.json", '{"users": "Users"}'),
        ("names.json", '\ufeff{"users": "Users"}'),
        ("types.d.ts", "declare module 'x' { export type A = string }\n"),
        ("page.tsx", "export const A = () => <p/>;\n"),
        ("broken.ts", "export const = ;\n"),
        ("notes/AGENTS.md", "# Tables\n\nOne file for each table.\n"),
    ],
)
def test_a_file_that_loads_or_is_code_is_none(name: str, content: str) -> None:
    report = check("PLX104", {**PROJECT, f"src/schema/{name}": content})
    assert not report.findings
    assert skipped(report) == []


def test_a_text_that_happens_to_be_javascript_is_not_judged() -> None:
    report = check("PLX104", {**PROJECT, "src/schema/README.md": "hello\n"})
    assert skipped(report) == [
        (
            "src/schema/README.md",
            "drizzle-kit loads it as JavaScript; what it does is not known",
        )
    ]


@pytest.mark.parametrize(
    ("entry", "is_loaded"),
    [
        ("./src/schema", True),
        ("./src/schema/*", True),
        ("./src/**", True),
        ("./src/schema/*.ts", False),
        ("./src/schema/users.ts", False),
    ],
)
def test_only_what_the_entry_takes_in_counts(entry: str, is_loaded: bool) -> None:
    files = {**PROJECT, "drizzle.config.ts": config("sqlite", entry, "./drizzle")}
    report = check("PLX104", {**files, "src/schema/AGENTS.md": "# Tables\n\nTwo words.\n"})
    assert bool(report.findings) is is_loaded


def test_a_glob_takes_in_no_hidden_file() -> None:
    files = {**PROJECT, "drizzle.config.ts": config("sqlite", "./src/schema/*", "./drizzle")}
    assert not check("PLX104", {**files, "src/schema/.notes": "two words\n"}).findings


def test_a_file_that_two_configs_load_is_told_once() -> None:
    second = {"drizzle.test.config.ts": config("sqlite", "./src/schema", "./test-drizzle")}
    files = {**PROJECT, **second, "src/schema/AGENTS.md": "# Tables\n\nTwo words.\n"}
    assert messages(check("PLX104", files)) == [
        "drizzle-kit loads this file as JavaScript, and it is none: generate with "
        "drizzle.config.ts makes nothing, and exits 0"
    ]


def test_a_json_file_says_what_is_wrong_with_it() -> None:
    (message,) = messages(check("PLX104", {**PROJECT, "src/schema/a.json": "{,"}))
    assert message.startswith("this file is not JSON: ")


def test_json_that_is_nested_too_deeply_is_not_judged() -> None:
    deep = "[" * 100_000 + "]" * 100_000
    assert skipped(check("PLX104", {**PROJECT, "src/schema/a.json": deep})) == [
        ("src/schema/a.json", "is nested too deeply to be read")
    ]
