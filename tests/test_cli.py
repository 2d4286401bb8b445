"""The command line from end to end: statuses, what goes to stdout and what to stderr."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plexus_rules import __version__
from plexus_rules.catalog import all_rules
from plexus_rules.check import path as check_module
from plexus_rules.cli import main
from plexus_rules.samples import base
from plexus_rules.trees import Append, Edit, Write, apply
from tests.checkouts import Checkout, git, write
from tests.reporters.helpers import is_harmless

SQL = "packages/backend/drizzle/migrations/0001_add_request_tokens.sql"
EDIT = "\n--> statement-breakpoint\nSELECT 1;\n"
BY_HAND = "packages/backend/drizzle/migrations/0002_by_hand.sql"
ROOT = Path(__file__).parent.parent
PROGRAM = [sys.executable, "-m", "plexus_rules"]


def run(*arguments: str | Path, **environ: str | None) -> Result:
    """Runs a command in this process."""
    settled = {"CI": None, "NO_COLOR": None, "PLEXUS_RULES_URL": None, **environ}
    return CliRunner().invoke(main, list(map(str, arguments)), env=settled)


def program(
    *arguments: str | bytes, cwd: Path, **environ: str
) -> subprocess.CompletedProcess[bytes]:
    """Runs the real program in a directory."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        check=False,
        capture_output=True,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
    )


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, committed: nothing can be found in it."""
    return Checkout.new(tmp_path_factory.mktemp("clean")).root


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, committed, with a landed migration edited in the working tree."""
    root = Checkout.new(tmp_path_factory.mktemp("faulty")).root
    return write(root, apply(base(), [Append(SQL, EDIT)]))


class TestStatus:
    def test_0_where_nothing_is_found(self, clean: Path) -> None:
        result = run("check", clean)
        assert result.exit_code == 0
        assert result.stdout.startswith("nothing found (")
        assert result.stderr.startswith("base: ")

    def test_1_where_an_error_is_found(self, faulty: Path) -> None:
        result = run("check", faulty)
        assert result.exit_code == 1
        assert f"{SQL}\n" in result.stdout
        assert "error  PLX201 edited-migration" in result.stdout
        assert result.stdout.splitlines()[-1].startswith("1 error (")

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["check", "/no/such/place"], "/no/such/place: no such file or directory"),
            (["check", __file__], "not a directory; name the directory to check"),
            (["check", "--select", "PLX999"], "no rule 'plx999'; "),
            (["check", "--select", "edited-migrations"], "did you mean edited-migration? See"),
            (["check", "--select", ""], "--select names no rule"),
            (["check", "--ignore", "PLX"], "--ignore leaves no rule to run"),
            (["check", "--select", "PLX403"], "advice, which no program can check"),
            (["explain", "PLX999"], "no rule 'PLX999'"),
            (["gallery", "--select", "x"], "no rule 'x'"),
        ],
    )
    def test_2_where_it_cannot_be_done(self, arguments: list[str], said: str) -> None:
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("plexus-rules: ")
        assert said in result.stderr

    @pytest.mark.parametrize(
        "arguments",
        [
            ["--nonsense"],
            ["nonsense"],
            ["check", "--nonsense"],
            ["check", "--format", "xml"],
            ["check", "--base"],
            ["check", "a", "b"],
            ["explain"],
        ],
    )
    def test_2_where_it_is_called_wrongly(self, arguments: list[str]) -> None:
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "Error: " in result.stderr

    @pytest.mark.parametrize("revision", ["nonsense", "-x", "", "HEAD..HEAD", "\x1b[31m"])
    def test_2_where_the_revision_is_none(self, clean: Path, revision: str) -> None:
        result = run("check", clean, f"--base={revision}")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("plexus-rules: --base ")
        assert is_harmless(result.stderr)

    def test_2_where_a_required_base_is_missing(self, tmp_path: Path) -> None:
        write(tmp_path, base())
        assert run("check", tmp_path).exit_code == 0
        assert run("check", tmp_path, "--require-base").exit_code == 2
        for value in ("true", "1", "True", "woodpecker"):
            result = run("check", tmp_path, CI=value)
            assert result.exit_code == 2
            assert "the check is incomplete: no base to compare with" in result.stderr
        for value in ("", "false", "0"):
            assert run("check", tmp_path, CI=value).exit_code == 0

    def test_1_wins_over_a_required_base_that_is_missing(self, tmp_path: Path) -> None:
        write(tmp_path, apply(base(), [Write(BY_HAND, "SELECT 1;\n")]))
        assert run("check", tmp_path, CI="true").exit_code == 1

    def test_2_where_the_program_itself_is_wrong(
        self, clean: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(request: object) -> None:
            raise KeyError("oops\x1b[31m")

        monkeypatch.setattr(check_module, "check_path", fail)
        result = run("check", clean)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("plexus-rules: internal error (KeyError: 'oops")
        assert result.stderr.endswith("); please report it\n")
        assert is_harmless(result.stderr)


class TestFormat:
    def test_json_is_all_of_stdout(self, faulty: Path) -> None:
        result = run("check", faulty, "--format=json")
        assert result.exit_code == 1
        value = json.loads(result.stdout)
        assert value["version"] == 1
        assert [finding["rule"] for finding in value["findings"]] == ["PLX201"]
        assert result.stderr.startswith("base: ")

    def test_json_is_all_of_stdout_where_much_is_not_checked(self, tmp_path: Path) -> None:
        write(tmp_path, {"drizzle.config.ts": "export default {{{"})
        result = run("check", tmp_path, "--format=json")
        assert result.exit_code == 2
        value = json.loads(result.stdout)
        assert [place["path"] for place in value["unsupported"]] == ["drizzle.config.ts"]
        assert value["not_run"]
        assert result.stderr.count("not checked: ") >= 2

    def test_json_is_the_same_from_run_to_run(self, faulty: Path) -> None:
        arguments = ("check", faulty, "--format=json")
        assert run(*arguments).stdout == run(*arguments).stdout

    def test_github_prints_annotations_only(self, faulty: Path, clean: Path) -> None:
        result = run("check", faulty, "--format=github")
        assert result.stdout.startswith(f"::error file={SQL},line=")
        assert result.stdout.count("\n") == 1
        assert run("check", clean, "--format=github").stdout == ""

    def test_link_needs_the_address_of_a_site(self, faulty: Path) -> None:
        url = "https://example.invalid/plexus"
        result = run("check", faulty, "--format=json", PLEXUS_RULES_URL=url)
        (found,) = json.loads(result.stdout)["findings"]
        assert found["url"] == f"{url}/rules/PLX201/"
        assert (
            json.loads(run("check", faulty, "--format=json").stdout)["findings"][0]["url"] is None
        )


class TestSelection:
    def test_of_another_rule_finds_nothing(self, faulty: Path) -> None:
        assert run("check", faulty, "--select=PLX205").exit_code == 0
        assert run("check", faulty, "--ignore=edited-migration").exit_code == 0
        assert run("check", faulty, "--select=plx2").exit_code == 1

    def test_of_a_base_decides_what_has_landed(self, tmp_path: Path) -> None:
        checkout = Checkout.new(tmp_path)
        checkout.git("tag", "before")
        checkout.commit(apply(base(), [Append(SQL, EDIT)]))
        assert run("check", tmp_path).exit_code == 0
        result = run("check", tmp_path, "--base", "before")
        assert result.exit_code == 1
        assert "the merge base of HEAD and before" in result.stderr


class TestPath:
    @pytest.mark.parametrize("name", ["sp ace", "new\nline", "ünï", "-x", "\x1b[31m", "a'b$(c)"])
    def test_of_any_name(self, faulty: Path, tmp_path: Path, name: str) -> None:
        git("clone", "--quiet", str(faulty), str(tmp_path / name))
        write(tmp_path / name, {BY_HAND: "SELECT 1;\n"})
        result = run("check", "--format=json", "--", tmp_path / name)
        assert result.exit_code == 1
        value = json.loads(result.stdout)
        assert value["base"]
        assert {finding["path"] for finding in value["findings"]} == {BY_HAND}
        assert is_harmless(result.stderr)

    def test_that_is_not_utf8(self, faulty: Path, tmp_path: Path) -> None:
        name = b"caf\xe9"
        root = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
        done = program("check", name, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr == b"plexus-rules: caf\\udce9: no such file or directory\n"
        faulty.rename(root)
        try:
            done = program("check", name, cwd=tmp_path)
        finally:
            root.rename(faulty)
        assert done.returncode == 1
        assert b"PLX201" in done.stdout

    def test_is_here_by_default(self, faulty: Path) -> None:
        done = program("check", cwd=faulty / "packages/backend")
        assert done.returncode == 1
        assert done.stdout.startswith(b"drizzle/migrations/0001_add_request_tokens.sql\n")


class TestHook:
    def test_before_a_commit_judges_what_is_committed(self, tmp_path: Path) -> None:
        checkout = Checkout.new(tmp_path)
        called = " ".join(f'"{word}"' for word in PROGRAM)
        hook = f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec {called} check --format=json > said\n'
        write(tmp_path, {".git/hooks/pre-commit": hook, ".git/info/exclude": "said\n"})
        (tmp_path / ".git/hooks/pre-commit").chmod(0o755)
        checkout.commit({"README.md": "more"})
        assert json.loads((tmp_path / "said").read_text())["findings"] == []

        write(tmp_path, apply(base(), [Append(SQL, EDIT)]))
        done = subprocess.run(
            ["git", "-C", str(tmp_path), "commit", "--quiet", "--all", "--message", "x"],
            check=False,
            capture_output=True,
        )
        said = json.loads((tmp_path / "said").read_text())
        assert (done.returncode, [f["path"] for f in said["findings"]]) == (1, [SQL])
        assert said["base"] == checkout.git("rev-parse", "HEAD")


class TestHostileFiles:
    HOSTILE = "\x1b]0;title\x07\x1b[2J\u202e\x9b31m"

    def test_never_reach_the_terminal_raw(self, tmp_path: Path) -> None:
        folder = "packages/backend/drizzle/migrations"
        edits: list[Edit] = [
            Append(SQL, f"\nSELECT '{self.HOSTILE}';\n"),
            Write(f"{folder}/0002_{self.HOSTILE}.sql", "SELECT 1;\n"),
            Write(f"{folder}/meta/{self.HOSTILE}_snapshot.json", f'{{"id": "{self.HOSTILE}"'),
            Write(f"{self.HOSTILE}/drizzle.config.ts", f"export default '{self.HOSTILE}'"),
            Write(f"src/{self.HOSTILE}.ts", f"sql`CREATE TABLE {self.HOSTILE} (a int)`"),
            Write("tools/package.json", f'{{"scripts": {{"{self.HOSTILE}": "drizzle-kit push"}}}}'),
        ]
        checkout = Checkout.new(tmp_path)
        checkout.git("switch", "--quiet", "-c", "work\u202e")
        write(tmp_path, apply(base(), edits))
        for output in ("text", "json", "github", "sarif"):
            result = run("check", tmp_path, f"--format={output}")
            assert result.exit_code == 1
            assert is_harmless(result.stdout)
            assert is_harmless(result.stderr)


class TestTerminal:
    def test_shows_colours(self, faulty: Path) -> None:
        shown = on_terminal(["check"], faulty)
        assert b"\x1b[31m\x1b[1merror\x1b[0m" in shown

    @pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
    def test_that_wants_none_shows_none(self, faulty: Path, environ: dict[str, str]) -> None:
        shown = on_terminal(["check"], faulty, **environ)
        assert b"PLX201" in shown
        assert b"\x1b" not in shown

    def test_gets_json_without_colours(self, faulty: Path) -> None:
        assert b"\x1b" not in on_terminal(["check", "--format=json"], faulty)

    def test_that_is_none_gets_no_colours(self, faulty: Path) -> None:
        assert b"\x1b" not in program("check", cwd=faulty, TERM="xterm").stdout

    def test_of_another_encoding_gets_escapes(self, tmp_path: Path) -> None:
        write(tmp_path, apply(base(), [Write("tools/日本.sh", "drizzle-kit push\n")]))
        done = program("check", cwd=tmp_path, PYTHONIOENCODING="latin-1")
        assert done.returncode == 1
        assert b"tools/\\u65e5\\u672c.sh" in done.stdout


def on_terminal(arguments: Sequence[str], cwd: Path, **environ: str) -> bytes:
    """What the program shows on a terminal of its own."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", **environ}
    if "NO_COLOR" not in environ:
        environment.pop("NO_COLOR", None)
    environment["PYTHONPATH"] = str(ROOT)
    process = subprocess.Popen(
        [*PROGRAM, *arguments], cwd=cwd, stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux says so that the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(ours)
    process.wait()
    return shown


class TestInterruption:
    def test_of_the_pipe_is_quiet(self, faulty: Path) -> None:
        script = f'"{sys.executable}" -m plexus_rules list | true; echo "${{PIPESTATUS[0]}}"'
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            ["bash", "-c", script], check=True, capture_output=True, cwd=faulty, env=environment
        )
        assert done.stderr == b""
        assert done.stdout in (b"141\n", b"0\n")

    def test_of_a_full_pipe_is_no_finding(self, faulty: Path) -> None:
        ours, theirs = os.pipe()
        os.close(ours)
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [*PROGRAM, "list"], stdout=theirs, stderr=subprocess.PIPE, env=environment
        )
        os.close(theirs)
        _, said = process.communicate()
        assert (process.returncode, said) == (141, b"")

    def test_by_a_person_is_no_finding(self, tmp_path: Path) -> None:
        write(tmp_path, base())
        (tmp_path / "hang").mkdir()
        # A git that never answers keeps the program waiting.
        write(tmp_path, {"hang/git": "#!/bin/sh\ntouch started\nexec sleep 60\n"})
        (tmp_path / "hang/git").chmod(0o755)
        environment = {
            **os.environ,
            "PATH": f"{tmp_path / 'hang'}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
        }
        process = subprocess.Popen(
            [*PROGRAM, "check"],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        for _ in range(600):
            if (tmp_path / "started").exists():
                break
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        out, said = process.communicate(timeout=30)
        assert (process.returncode, out) == (130, b"")
        assert said == b"plexus-rules: interrupted\n"


class TestOtherCommands:
    def test_version(self) -> None:
        result = run("--version")
        assert (result.exit_code, result.stdout) == (0, f"plexus-rules, version {__version__}\n")

    @pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["check", "-h"]])
    def test_help(self, arguments: list[str]) -> None:
        result = run(*arguments)
        assert result.exit_code == 0
        assert result.stdout.startswith("Usage: ")

    def test_list_names_every_rule_on_a_line(self) -> None:
        result = run("list")
        assert result.exit_code == 0
        for rule in all_rules():
            assert sum(rule.id in line for line in result.stdout.splitlines()) == 1

    def test_list_as_json(self) -> None:
        value = json.loads(run("list", "--format=json").stdout)
        assert [rule["id"] for rule in value["rules"]] == [rule.id for rule in all_rules()]

    @pytest.mark.parametrize("key", ["PLX201", "plx201", "edited-migration"])
    def test_explain_by_id_or_name(self, key: str) -> None:
        result = run("explain", key)
        assert result.exit_code == 0
        assert result.stdout.startswith("PLX201 edited-migration: ")

    def test_gallery_of_one_rule(self) -> None:
        result = run("gallery", "--select=PLX205")
        assert result.exit_code == 0
        assert "0 failed" in result.stdout

    def test_in_another_directory_nothing_is_generated(self, tmp_path: Path) -> None:
        for command in ("generate", "build"):
            done = program(command, cwd=tmp_path)
            assert done.returncode == 2
            assert done.stderr.startswith(b"plexus-rules: ")
            assert b"Traceback" not in done.stderr
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["check .", "list", "prove --list"])
def test_a_closed_stdout_is_said_before_any_work_is_done(command: str, clean: Path) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$0" -m plexus_rules {command} >&-', sys.executable],
        check=False,
        cwd=clean,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
    )
    says = b"plexus-rules: stdout is closed; where its text is not wanted, lead it to /dev/null\n"
    assert (done.returncode, done.stderr) == (2, says)


def test_a_closed_stderr_hinders_nothing(faulty: Path) -> None:
    command = ["/bin/sh", "-c", '"$0" -m plexus_rules check . 2>&-', sys.executable]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, check=False, cwd=faulty, env=environ, stdout=subprocess.PIPE)
    assert done.returncode == 1
    assert b"0001_add_request_tokens.sql" in done.stdout
