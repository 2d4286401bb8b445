"""The drizzle-kit commands of all kinds of files: what is run, where it stands, what is talk."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plexus_rules.drizzle.mention import mentions_tool
from plexus_rules.drizzle.package_scripts import find_scripts
from plexus_rules.drizzle.repository import Repository
from plexus_rules.drizzle.scripts.all_commands import find_commands
from plexus_rules.drizzle.scripts.commands import COMPUTED, Command
from plexus_rules.drizzle.scripts.shell import plain_commands
from plexus_rules.trees import MAX_FILE_BYTES, MemoryTree

PUSH = "drizzle-kit push"


def repository(**files: str | bytes) -> Repository:
    return Repository(tree(files), now=0)


def tree(files: dict[str, str | bytes]) -> MemoryTree:
    return MemoryTree({p: t if isinstance(t, bytes) else t.encode() for p, t in files.items()})


def commands(path: str, text: str | bytes) -> tuple[Command, ...]:
    return repository(**{path: text}).commands


def seen(path: str, text: str) -> list[str]:
    """The source text of every command, on one line."""
    lines = text.split("\n")
    found: list[str] = []
    for command in commands(path, text):
        place = command.range
        rows = lines[place.line - 1 : place.end_line]
        rows[-1] = rows[-1][: place.end_column - 1]
        rows[0] = rows[0][place.column - 1 :]
        found.append(" ".join(" ".join(rows).split()))
    return found


@pytest.mark.parametrize(
    "text",
    [
        PUSH,
        "npx drizzle-kit push",
        "npx --yes drizzle-kit@0.31.4 push --force",
        "bunx drizzle-kit@latest push",
        "bun x drizzle-kit push",
        "pnpm exec drizzle-kit push",
        "pnpm dlx drizzle-kit push",
        "yarn drizzle-kit push",
        "node node_modules/drizzle-kit/bin.cjs push",
        "./node_modules/.bin/drizzle-kit push",
        "bun --bun run drizzle-kit push",
        "deno run -A npm:drizzle-kit push",
        "drizzle-kit --config a.ts push",
        "drizzle-kit push:sqlite",
        "NODE_ENV=x dotenv -e .env -- drizzle-kit push",
        "if ! drizzle-kit push; then exit 1; fi",
        "OUT=$(drizzle-kit push 2>&1)",
        "sh -c 'drizzle-kit push'",
        "docker compose exec app npx drizzle-kit push",
        'concurrently "drizzle-kit push" "next dev"',
        "bash <<EOF\ndrizzle-kit push\nEOF",
    ],
)
def test_calls_of_the_tool(text: str) -> None:
    (command,) = commands("deploy.sh", text)
    assert command.action == "push"


@pytest.mark.parametrize(
    "text",
    [
        "# drizzle-kit push",
        "x # drizzle-kit push",
        "echo drizzle-kit push",
        'echo "drizzle-kit push"',
        "printf '%s' 'drizzle-kit push'",
        'grep -rn "drizzle-kit push" .',
        'git commit -m "drizzle-kit push"',
        '[ "$x" = "drizzle-kit push" ]',
        "cat <<EOF\ndrizzle-kit push\nEOF",
        "npm install -D drizzle-kit up",
        "bun add drizzle-kit push",
        "for x in drizzle-kit push; do y; done",
        "drizzle-kit pushing",
        "my-drizzle-kit push",
        "x > drizzle-kit push",
        "curl -d 'drizzle-kit push' url",
        "drizzle-kit",
        "drizzle-kit --help",
    ],
)
def test_talk_and_other_programs(text: str) -> None:
    assert not commands("deploy.sh", text)


def test_what_a_call_says() -> None:
    text = "cd packages/a && DB=pg npx drizzle-kit generate --name x --config=b.ts --custom"
    (command,) = commands("package.json", json.dumps({"scripts": {"gen": text}}))
    assert command.action == "generate"
    assert command.config == "b.ts"
    assert command.directory == "packages/a"
    assert command.script == "gen"
    assert command.assignments == ("DB=pg",)
    assert command.arguments == ("--name", "x", "--config=b.ts", "--custom")


@pytest.mark.parametrize(
    ("words", "dialect"),
    [
        ("generate:pg", "postgresql"),
        ("generate:sqlite", "sqlite"),
        ("generate --dialect=turso", "sqlite"),
        ("generate --dialect mysql", "mysql"),
        ("generate", None),
    ],
)
def test_dialect_that_a_call_names(words: str, dialect: str | None) -> None:
    (command,) = commands("a.sh", f"drizzle-kit {words}")
    assert (command.action, command.dialect) == ("generate", dialect)


@pytest.mark.parametrize("text", ["drizzle-kit $1", "drizzle-kit ${{ matrix.action }}"])
def test_computed_action(text: str) -> None:
    (command,) = commands("a.sh", text)
    assert command.action == COMPUTED


def test_bare_tool_is_a_command_only_as_a_script() -> None:
    (command,) = commands("package.json", json.dumps({"scripts": {"kit": "drizzle-kit"}}))
    assert command.action == ""


YAML = """\
name: drizzle-kit push
on: {push: {branches: [main]}}
defaults:
  run:
    working-directory: app
jobs:
  a:
    name: drizzle-kit push
    steps:
      - name: run drizzle-kit push
        run: bunx drizzle-kit push # drizzle-kit push
      - run: |
          echo "no drizzle-kit push"
          cd db
          bunx drizzle-kit push \\
            --force
      - run: >-
          bunx
          drizzle-kit push
      - run: "bunx 'drizzle-kit' push"
      - run: 'it''s; drizzle-kit push'
      - if: "'drizzle-kit push'"
        description: drizzle-kit push
"""


def test_workflow() -> None:
    found = commands(".github/workflows/a.yml", YAML)
    assert [command.range.line for command in found] == [11, 15, 19, 20, 21]
    assert [command.directory for command in found] == ["app", "app/db", "app", "app", "app"]
    assert seen(".github/workflows/a.yml", YAML)[3] == "'drizzle-kit' push"


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("compose.yml", "a:\n  command: ['npx', 'drizzle-kit', 'push']\n", ["drizzle-kit', 'push"]),
        ("k8s.yaml", "args:\n  - drizzle-kit\n  - push\n", ["drizzle-kit - push"]),
        ("lefthook.yml", "pre-push:\n  commands:\n    a:\n      run: drizzle-kit push\n", [PUSH]),
        ("Taskfile.yml", "tasks:\n  up: drizzle-kit push\n", [PUSH]),
        ("Taskfile.yml", "tasks:\n  up:\n    desc: drizzle-kit push\n", []),
        ("a.yml", "x: &a drizzle-kit push\nrun: *a\n", [PUSH]),
        ("a.yml", "text: drizzle-kit push\n", []),
        ("Dockerfile", "RUN npx drizzle-kit push\n", [PUSH]),
        ("api.Dockerfile", 'CMD ["npx", "drizzle-kit", "push"]\n', ['drizzle-kit", "push']),
        ("Dockerfile.dev", 'ENTRYPOINT ["sh", "-c", "drizzle-kit push"]\n', [PUSH]),
        ("Dockerfile", "RUN a && \\\n# drizzle-kit push\n  drizzle-kit push\n", [PUSH]),
        ("Dockerfile", "RUN <<EOF\nnpx drizzle-kit push\nEOF\n", [PUSH]),
        ("Dockerfile", "RUN bash <<EOF\nnpx drizzle-kit push\nEOF\n", [PUSH]),
        ("Dockerfile", "RUN --mount=type=cache,target=/x drizzle-kit push\n", [PUSH]),
        ("Dockerfile", "# RUN drizzle-kit push\nLABEL a=drizzle-kit push\n", []),
        ("Makefile", "db: ## drizzle-kit push\n\t@cd a; $(BUN) drizzle-kit push\n", [PUSH]),
        ("Makefile", "X = drizzle-kit push\n", []),
        ("justfile", "# drizzle-kit push\ndb:\n    drizzle-kit push\n", [PUSH]),
        ("Procfile", "release: npx drizzle-kit push\n", [PUSH]),
        ("fly.toml", "[deploy]\n  release_command = 'npx drizzle-kit push'\n", [PUSH]),
        ("mise.toml", '[tasks]\ndb = "drizzle-kit push"\n', [PUSH]),
        ("mise.toml", '[tasks.db]\nrun = """\na\ndrizzle-kit push"""\n', [PUSH]),
        ("mise.toml", '[tasks.db]\ndescription = "drizzle-kit push"\n', []),
        ("a.toml", 'args = ["drizzle-kit", "push"] # drizzle-kit push\n', ['drizzle-kit", "push']),
        ("a.toml", 'text = "drizzle-kit push"\n', []),
        (".husky/pre-push", "npx drizzle-kit push\n", [PUSH]),
        (".githooks/post-merge", "npx drizzle-kit push\n", [PUSH]),
        ("bin/deploy", "#!/usr/bin/env bash\ndrizzle-kit push\n", [PUSH]),
        ("bin/notes", "drizzle-kit push\n", []),
        ("a.ps1", "npx drizzle-kit `\n  push\n", ["drizzle-kit ` push"]),
        ("a.bat", "REM drizzle-kit push\r\ncall npx drizzle-kit push\r\n", [PUSH]),
        ("a.cmd", "bin\\drizzle-kit.cmd push\r\n", ["bin\\drizzle-kit.cmd push"]),
        ("vercel.json", '{"buildCommand": "drizzle-kit push && next build"}', [PUSH]),
        ("vercel.json", '{"title": "drizzle-kit push"}', []),
        ("README.md", "drizzle-kit push\n", []),
        ("pnpm-lock.yaml", "run: drizzle-kit push\n", []),
        ("a.sh", "\ufeffdrizzle-kit push", [PUSH]),
    ],
)  # fmt: skip
def test_kinds_of_files(path: str, text: str, expected: list[str]) -> None:
    assert seen(path, text.replace("\ufeff", "")) == expected
    assert len(commands(path, text)) == len(expected)


def test_package_with_hooks_and_escapes() -> None:
    text = (
        '{\n "scripts": {"p": "sh -c \\"drizzle-kit push\\" \\u00e9"},\n'
        ' "simple-git-hooks": {"pre-commit": "drizzle-kit push"},\n'
        ' "lint-staged": {"*.ts": ["x", "drizzle-kit push"]},\n'
        ' "description": "drizzle-kit push"\n}'
    )
    found = commands("package.json", text)
    assert [(c.range.line, c.script) for c in found] == [(2, "p"), (3, None), (4, None)]
    assert seen("package.json", text) == [PUSH, PUSH, PUSH]


@pytest.mark.parametrize(
    ("code", "actions"),
    [
        ("execSync('npx drizzle-kit push')", ["push"]),
        ("cp.spawn('npx', ['drizzle-kit', 'push', ...more])", ["push"]),
        ("Bun.spawnSync(['drizzle-kit', 'push'])", ["push"]),
        ("await $`bunx drizzle-kit push`", ["push"]),
        ("await $({ cwd: 'x' })`drizzle-kit push`", ["push"]),
        ("await execa('drizzle-kit', ['push'])", ["push"]),
        ("const c = 'drizzle-kit push'; run(c)", ["push"]),
        ("for (const a of ['push', 'check']) exec(`drizzle-kit ${a}`)", ["check", "push"]),
        ("console.log('drizzle-kit push')", []),
        ("// exec('drizzle-kit push')", []),
        ("const help = `drizzle-kit push`", []),
    ],
)
def test_code(code: str, actions: list[str]) -> None:
    assert [c.action for c in commands("scripts/a.ts", code)] == actions


def test_code_of_tests_and_declarations_is_left_out() -> None:
    code = "execSync('drizzle-kit push')"
    assert not commands("a.test.ts", code)
    assert not commands("tests/setup.ts", code)
    assert not commands("a.d.ts", code)


def test_code_says_where_it_runs() -> None:
    code = "exec('drizzle-kit push', { cwd: 'a' }); exec('drizzle-kit push', { cwd });"
    found = repository(**{"x.ts": code}).scripts.calls("x.ts", "root")
    assert [call.directory for call in found] == ["root/a", None]


def test_crlf() -> None:
    (command,) = commands("a.sh", "x\r\nnpx drizzle-kit push \\\r\n --force\r\n")
    assert (command.range.line, command.range.column) == (2, 5)
    assert command.arguments == ("--force",)


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("package.json", '{"scripts": {"a": "drizzle-kit push"', "is not JSON"),
        ("a.yml", "run: [drizzle-kit push", "is not YAML"),
        ("a.yml", "# drizzle-kit push\n" + "- " * 100 + "a", "nested too deeply"),
        ("a.sh", "drizzle-kit push\n" + " " * 1_100_000, "larger than 1024 KiB"),
        ("a.ts", "exec('drizzle-kit push');" + " " * 2_100_000, "larger than 2048 KiB"),
    ],
)
def test_what_cannot_be_read_is_said(path: str, text: str, reason: str) -> None:
    found = repository(**{path: text})
    assert len(found.commands) <= 1
    (unread,) = found.scripts.unread
    assert unread.path == path
    assert reason in unread.reason


def test_unread_file_without_the_tool_is_nothing_to_say() -> None:
    files: dict[str, str | bytes] = {"a.yml": "run: [", "package.json": "{", "b.sh": b"x" * 2**21}
    found = repository(**files)
    assert not found.commands
    assert not found.scripts.unread


def test_refused_file_is_said() -> None:
    class Refusing(MemoryTree):
        def read(self, path: str) -> bytes:
            if path == "a.sh":
                from plexus_rules.trees import FileRefused

                raise FileRefused(f"a.sh: over {MAX_FILE_BYTES}")
            return super().read(path)

    found = Repository(Refusing({"a.sh": b"drizzle-kit push"}), now=0)
    assert not found.commands
    assert [unread.path for unread in found.scripts.unread] == ["a.sh"]


def test_scripts_and_plain_commands() -> None:
    files = tree({"a/package.json": '{"scripts": {"x": "y", "z": 1}}', "package.json": "[]"})
    (script,) = find_scripts(files)
    assert (script.path, script.name, script.text) == ("a/package.json", "x", "y")
    assert list(plain_commands("A=1 b c")) == [["A=1", "b", "c"]]
    assert find_commands(files) == ()


NAMES = (
    *("package.json", "a.yml", ".github/workflows/b.yml", "Dockerfile", "Makefile", "a.toml"),
    *("Procfile", "deploy", ".husky/pre-commit", "a.ts", "a.sh", "a.ps1", "a.bat", "vercel.json"),
)
PARTS = st.sampled_from(
    [
        *("drizzle-kit", "push", " ", "\n", "\r\n", "\t", "'", '"', "`", "$(", "${", "}", "{{"),
        *("(", ")", "[", "]", "{", ":", "- ", "|", ">", "\\", "#", "&a", "*a", "<<EOF", "EOF"),
        *("run", "scripts", "exec(", "spawn(", "$`", "RUN ", "CMD [", ",", "=", "'''", '"""'),
        *("\x00", "\x85", "\u2028", "é", "😀", "\\u12", "for (const x of "),
    ]
)


@settings(max_examples=150)
@given(st.sampled_from(NAMES), st.lists(PARTS, max_size=30), st.binary(max_size=4))
def test_no_bytes_are_refused(path: str, parts: list[str], more: bytes) -> None:
    data = "".join(parts).encode() + more
    lines = data.decode("utf-8", "replace").removeprefix("\ufeff").split("\n")
    for command in commands(path, data):
        place = command.range
        assert (place.line, place.column) <= (place.end_line, place.end_column)
        assert 1 <= place.end_line <= len(lines)
        assert 1 <= place.end_column <= len(lines[place.end_line - 1]) + 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("package.json", json.dumps({"scripts": {f"s{i}": PUSH for i in range(5_000)}})),
        ("a.yml", f"# {PUSH}\n" + "[" * 200_000),
        ("a.yml", f"run: &a {PUSH}\nx:\n" + "".join(f" - [*a, *a, {i}]\n" for i in range(5_000))),
        ("a.yml", f"- run: {PUSH}\n" * 5_000),
        ("Dockerfile", "RUN <<E\n" * 20_000 + PUSH),
        ("Dockerfile", f"RUN {PUSH} \\\n" * 10_000),
        ("a.toml", "run = [" + f"'{PUSH}'," * 5_000),
        ("a.toml", PUSH + '"""' * 50_000),
        ("a.ts", f"/*{PUSH}*/" + "exec(`a${" * 30_000),
        ("a.ts", f"/*{PUSH}*/" + "a.map((x) => { exec(x);" * 10_000),
        ("a.ts", f"exec('{PUSH}');\n" * 5_000),
        ("a.ts", f"/*{PUSH}*/" + "".join(f"const a{i} = a{i + 1} + a{i};" for i in range(5_000))),
    ],
    ids=range(12),
)  # fmt: skip
def test_hostile_files_come_to_an_end(path: str, text: str) -> None:
    assert commands(path, text) is not None


@pytest.mark.parametrize(
    ("code", "is_mention"),
    [
        ("await $`drizzle-kit push`;", True),
        ("// drizzle-kit\n", False),
        ("  // run drizzle-kit push\nexec(x);", False),
        ("/* drizzle-kit */\n", False),
        ("/**\n * drizzle-kit's push\n */\nexport const a = 1;", False),
        ("/* a */ exec('drizzle-kit push')", True),
        ("/**\n * a\n */\nexec('drizzle-kit push')", True),
        ("exec('drizzle-kit push') // drizzle-kit", True),
        ("const a = b /* c\n drizzle-kit */;", True),
        ("// drizzle-kit\nexec('drizzle-kit push')", True),
        ("// drizzle-kit\n" * 200, True),
        ("exec('kit push')", False),
    ],
)
def test_source_that_speaks_of_the_tool_in_comments_alone_is_not_looked_at(
    code: str, is_mention: bool
) -> None:
    assert mentions_tool("a.ts", code.encode()) is is_mention
    assert mentions_tool("a.sh", code.encode()) is ("drizzle-kit" in code)
