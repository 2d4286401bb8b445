"""Which file a specifier means."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plexus_rules.drizzle.modules import Modules
from plexus_rules.drizzle.tsconfig import parse_jsonc
from plexus_rules.trees import MemoryTree


def resolve(files: dict[str, object], importer: str, specifier: str) -> str | None:
    """The files' contents: JSON where it is not text."""
    texts = {p: c if isinstance(c, str) else json.dumps(c) for p, c in files.items()}
    tree = MemoryTree({path: text.encode() for path, text in texts.items()})
    return Modules(tree).resolve(importer, specifier)


RELATIVE: dict[str, object] = dict.fromkeys(
    [
        "src/a.ts",
        "src/view.tsx",
        "src/both.ts",
        "src/both/index.ts",
        "src/types.d.ts",
        "src/made.js",
        "src/made.ts",
        "src/data.json",
        "src/table.sql",
        "src/module.mts",
        "src/db/index.ts",
        "src/db/users.ts",
        "index.ts",
    ],
    "",
)


@pytest.mark.parametrize(
    ("specifier", "target"),
    [
        ("./a", "src/a.ts"),
        ("./a.ts", "src/a.ts"),
        ("./a.js", "src/a.ts"),
        ("./view.js", "src/view.tsx"),
        ("./view.jsx", "src/view.tsx"),
        ("./module.mjs", "src/module.mts"),
        ("./made.js", "src/made.js"),
        ("./types", "src/types.d.ts"),
        ("./data.json", "src/data.json"),
        ("./data", "src/data.json"),
        ("./table.sql?raw", "src/table.sql"),
        ("./both", "src/both.ts"),
        ("./both/", "src/both/index.ts"),
        ("./db", "src/db/index.ts"),
        ("./db/index", "src/db/index.ts"),
        ("./db/../db//users", "src/db/users.ts"),
        (".", None),
        ("..", "index.ts"),
        ("../", "index.ts"),
        ("../index.js", "index.ts"),
        ("../../index", None),
        ("../../../../etc/passwd", None),
        ("/src/a", None),
        ("./missing", None),
        ("./a.css", None),
        ("", None),
        ("a", None),
        ("./a\0", None),
    ],
)
def test_a_relative_specifier_is_found_beside_its_importer(
    specifier: str, target: str | None
) -> None:
    assert resolve(RELATIVE, "src/main.ts", specifier) == target


def test_a_directory_is_entered_where_its_package_says() -> None:
    files: dict[str, object] = {"lib/package.json": {"main": "./dist/main.js"}}
    files |= {"lib/src/main.ts": "", "lib/index.ts": ""}
    assert resolve(files, "a.ts", "./lib") == "lib/src/main.ts"
    assert resolve(files | {"lib/dist/main.js": ""}, "a.ts", "./lib") == "lib/dist/main.js"
    assert resolve(files | {"lib/package.json": {"main": "."}}, "a.ts", "./lib") == "lib/index.ts"


GENERATED = "generated/db/users.ts"
TARGETS: dict[str, object] = dict.fromkeys(
    ["src/a.ts", "src/db/users.ts", GENERATED, "generated/extra.ts", "app/src/a.ts"],
    "",
)


@pytest.mark.parametrize(
    ("options", "specifier", "target"),
    [
        ({"paths": {"@/*": ["./src/*"]}}, "@/a", "src/a.ts"),
        ({"paths": {"@/*": ["src/*"]}}, "@/db/users.js", "src/db/users.ts"),
        ({"paths": {"@/*": ["./src/*"], "@/db/*": ["./generated/db/*"]}}, "@/db/users", GENERATED),
        ({"paths": {"@/*": ["./src/*", "./generated/*"]}}, "@/extra", "generated/extra.ts"),
        ({"paths": {"@a": ["./src/a.ts"]}}, "@a", "src/a.ts"),
        ({"paths": {"*.js": ["./src/*.ts"]}}, "a.js", "src/a.ts"),
        ({"baseUrl": "./src", "paths": {"@/*": ["db/*"]}}, "@/users", "src/db/users.ts"),
        ({"baseUrl": "src"}, "db/users", "src/db/users.ts"),
        ({"paths": {"@/*": ["${configDir}/src/*"]}}, "@/a", "src/a.ts"),
        ({"paths": {"@/*": ["../../outside/*"]}}, "@/a", None),
        ({"paths": {"@/*": "src/*"}}, "@/a", None),
        ({"paths": ["nonsense"]}, "@/a", None),
        ({"baseUrl": 3}, "a", None),
    ],
)  # fmt: skip
def test_the_paths_of_a_tsconfig_are_followed(
    options: dict[str, object], specifier: str, target: str | None
) -> None:
    files = TARGETS | {"tsconfig.json": {"compilerOptions": options}}
    assert resolve(files, "src/main.ts", specifier) == target


def test_the_nearest_tsconfig_governs() -> None:
    files = TARGETS | {
        "tsconfig.json": {"compilerOptions": {"paths": {"@/*": ["./src/*"]}}},
        "app/tsconfig.json": {"extends": "../tsconfig"},
        "app/src/tsconfig.json": {"compilerOptions": {}},
    }
    assert resolve(files, "src/main.ts", "@/a") == "src/a.ts"
    assert resolve(files, "app/main.ts", "@/a") == "src/a.ts"
    assert resolve(files, "app/src/main.ts", "@/a") is None


def test_an_extending_config_overrides_and_paths_stay_where_they_are_written() -> None:
    files = TARGETS | {
        "base/tsconfig.json": {"compilerOptions": {"paths": {"@/*": ["../src/*"]}}},
        "tsconfig.json": {"extends": ["./missing.json", "./base/tsconfig.json", "./loop.json"]},
        "loop.json": {"extends": "./tsconfig.json", "compilerOptions": {"baseUrl": 0}},
    }
    assert resolve(files, "main.ts", "@/a") == "src/a.ts"
    own = {"extends": "./base/tsconfig.json", "compilerOptions": {"paths": {"#/*": ["./src/*"]}}}
    assert resolve(files | {"tsconfig.json": own}, "main.ts", "#/a") == "src/a.ts"
    assert resolve(files | {"tsconfig.json": own}, "main.ts", "@/a") is None


def test_a_config_may_be_extended_from_a_package_of_the_workspace() -> None:
    files = TARGETS | {
        "app/tsconfig.json": {"extends": "@repo/tsconfig/base.json"},
        "tools/package.json": {"name": "@repo/tsconfig"},
        "tools/base.json": {"compilerOptions": {"paths": {"@/*": ["../src/*"]}}},
    }
    assert resolve(files, "app/main.ts", "@/a") == "src/a.ts"


def test_a_config_of_references_only_leaves_it_to_them() -> None:
    files = TARGETS | {
        "tsconfig.json": {"references": [{"path": "./tsconfig.node.json"}, {"path": "./app"}, 3]},
        "tsconfig.node.json": {},
        "app/tsconfig.json": {"compilerOptions": {"paths": {"@/*": ["./src/*"]}}},
    }
    assert resolve(files, "main.ts", "@/a") == "app/src/a.ts"


def test_a_jsconfig_counts_and_comments_and_trailing_commas_are_read() -> None:
    text = '\ufeff{ // one\n "compilerOptions": { /* "two" */ "paths": {"@/*": ["./src/*",],}, }, }'
    assert resolve(TARGETS | {"jsconfig.json": text}, "main.ts", "@/a") == "src/a.ts"


@pytest.mark.parametrize("text", ["{", "[]", '"text', "\0", "[" * 100_000, '{"extends": {}}'])
def test_a_broken_tsconfig_is_as_good_as_none(text: str) -> None:
    assert resolve(TARGETS | {"tsconfig.json": text}, "src/main.ts", "./a") == "src/a.ts"
    assert resolve(TARGETS | {"tsconfig.json": text}, "src/main.ts", "@/a") is None


def test_a_broken_tsconfig_is_told() -> None:
    modules = Modules(MemoryTree({"tsconfig.json": b"{oops}"}))
    modules.resolve("a.ts", "@/a")
    ((path, reason),) = modules.problems
    assert path == "tsconfig.json"
    assert reason.startswith("is not JSON")


SHARED: dict[str, object] = {
    "packages/shared/package.json": {"name": "@plexus/shared", "exports": {".": "./src/index.ts"}},
    "packages/shared/src/index.ts": "",
    "packages/shared/src/db/users.ts": "",
}


@pytest.mark.parametrize(
    ("package", "specifier", "target"),
    [
        ({"exports": {".": "./src/index.ts"}}, "@plexus/shared", "src/index.ts"),
        ({"exports": "./src/index.ts"}, "@plexus/shared", "src/index.ts"),
        ({"exports": {"import": {"types": "./dist/index.d.ts"}}}, "@plexus/shared", "src/index.ts"),
        ({"exports": {".": ["./nope.js", "./src/index.js"]}}, "@plexus/shared", "src/index.ts"),
        ({"exports": {"./*": "./src/*.ts"}}, "@plexus/shared/db/users", "src/db/users.ts"),
        ({"exports": {"./db": ["./dist/db/users.js"]}}, "@plexus/shared/db", "src/db/users.ts"),
        ({"exports": {"./users": "./src/db/users.ts"}}, "@plexus/shared/users", "src/db/users.ts"),
        ({"main": "dist/index.js"}, "@plexus/shared", "src/index.ts"),
        ({"types": "./src/index.ts"}, "@plexus/shared", "src/index.ts"),
        ({}, "@plexus/shared/src/db/users", "src/db/users.ts"),
        ({}, "@plexus/shared", None),
        ({}, "@plexus/other", None),
        ({"exports": {".": "../../etc/passwd"}}, "@plexus/shared", None),
        ({"exports": {".": {"import": 3}}}, "@plexus/shared", None),
    ],
)  # fmt: skip
def test_a_package_of_the_workspace_is_found_by_its_name(
    package: dict[str, object], specifier: str, target: str | None
) -> None:
    files = SHARED | {"packages/shared/package.json": {"name": "@plexus/shared"} | package}
    expected = None if target is None else f"packages/shared/{target}"
    assert resolve(files, "packages/backend/src/a.ts", specifier) == expected


@pytest.mark.parametrize(
    ("specifier", "target"),
    [("#db", "pkg/src/db.ts"), ("#src/db", "pkg/src/db.ts"), ("#other", None), ("#gone", None)],
)
def test_a_packages_own_imports_are_followed(specifier: str, target: str | None) -> None:
    own = {"#db": {"node": "./src/db.js"}, "#src/*": "./src/*.ts", "#gone": "./gone.js"}
    files: dict[str, object] = {
        "package.json": {"name": "root", "imports": {"#other": "./root.ts"}},
        "pkg/package.json": {"imports": own},
        "pkg/src/db.ts": "",
        "root.ts": "",
    }
    assert resolve(files, "pkg/src/deep/a.ts", specifier) == target


def test_drizzle_itself_is_never_taken_for_a_file_of_the_tree() -> None:
    files: dict[str, object] = {"package.json": {"name": "drizzle-orm"}, "pg-core/index.ts": ""}
    assert resolve(files, "a.ts", "drizzle-orm/pg-core") is None


@given(st.text(max_size=60), st.sampled_from(["", "./", "../", "#", "@plexus/shared/", "@/"]))
def test_no_specifier_makes_it_fail(text: str, start: str) -> None:
    config = {"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["*"]}}}
    target = resolve(SHARED | {"tsconfig.json": config}, "packages/a.ts", start + text)
    assert target is None or target in SHARED or target == "tsconfig.json"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["extends", "compilerOptions", "paths", "baseUrl", "*", ".", "./*"])
            | st.sampled_from(["references", "path", "name", "exports", "imports", "main", "#a"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON, st.sampled_from(["@/a", "#a", "p", "p/sub", "./p"]))
def test_no_config_makes_it_fail(config: object, specifier: str) -> None:
    named = {**config, "name": "p"} if isinstance(config, dict) else config
    files: dict[str, object] = {"tsconfig.json": config, "p/package.json": named, "p/index.ts": ""}
    resolve(files, "a.ts", specifier)


@pytest.mark.parametrize("text", ['"\\"' * 200_000, "/*" * 200_000, '"' * 200_001, ", " * 200_000])
def test_hostile_configs_are_read_in_time_or_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not JSON"):
        parse_jsonc(text)
