"""What a check said is said again where it would say the same, and only there."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from plexus_rules.check import cache as cache_module
from plexus_rules.check.cache import Answer, Cache, open_cache
from plexus_rules.check.compared import compare
from plexus_rules.cli import main
from plexus_rules.trees import GitError, GitRepository
from plexus_rules.trees.traced import TracedDirectory
from tests.checkouts import Checkout, write

NOW = 1_800_000_000_000
SAID = Answer("output\n", ("a note",), 1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "root", {"a.ts": "a", "b.ts": "b"})


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept"


def opened(kept: Path, root: Path, **about: object) -> Cache:
    tree = TracedDirectory(root)
    return Cache(kept, tree, about)


def keep(kept: Path, root: Path, until: int | None = None, **about: object) -> None:
    """Keeps what a check said that read one file."""
    cache = opened(kept, root, **about)
    assert cache.tree.read("a.ts")
    cache.keep(SAID, NOW, until)


def entry(kept: Path) -> Path:
    (found,) = kept.iterdir()
    return found


class TestAnswer:
    def test_is_found_where_nothing_is_different(self, kept: Path, root: Path) -> None:
        assert opened(kept, root).find(NOW) is None
        keep(kept, root)
        assert opened(kept, root).find(NOW) == SAID

    def test_is_not_found_where_a_file_that_was_read_is_different(
        self, kept: Path, root: Path
    ) -> None:
        keep(kept, root)
        write(root, {"a.ts": "another"})
        assert opened(kept, root).find(NOW) is None

    def test_is_not_found_where_anything_else_is_different(self, kept: Path, root: Path) -> None:
        keep(kept, root, base="one")
        assert opened(kept, root, base="other").find(NOW) is None
        assert opened(kept, root, base="one", more="").find(NOW) is None

    def test_is_not_found_by_another_version_of_the_program(
        self, kept: Path, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep(kept, root)
        monkeypatch.setattr(cache_module, "__version__", "99")
        assert opened(kept, root).find(NOW) is None

    def test_is_not_found_with_another_library(
        self, kept: Path, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep(kept, root)
        monkeypatch.setitem(cache_module._LIBRARIES, "sqloxide", "no_such_library")
        assert opened(kept, root).find(NOW) is None

    @pytest.mark.parametrize(
        ("later", "is_found"), [(-1, False), (0, True), (9, True), (10, False)]
    )
    def test_holds_for_a_time(self, kept: Path, root: Path, later: int, is_found: bool) -> None:
        keep(kept, root, until=NOW + 10)
        assert (opened(kept, root).find(NOW + later) is not None) is is_found

    def test_is_not_kept_where_files_changed_meanwhile(self, kept: Path, root: Path) -> None:
        cache = opened(kept, root)
        cache.tree.note({"fa.ts": "one"}, is_steady=True)
        cache.tree.note({"fa.ts": "other"}, is_steady=True)
        cache.keep(SAID, NOW, None)
        assert not kept.exists()

    def test_that_is_too_long_is_not_kept(
        self, kept: Path, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cache_module, "MAX_ENTRY_BYTES", 100)
        keep(kept, root)
        assert not kept.exists()


class TestDamage:
    @pytest.mark.parametrize(
        "damage",
        [
            lambda data: b"",
            lambda data: data[:-1],
            lambda data: data + b" ",
            lambda data: data.replace(b"output", b"Output"),
            lambda data: data.partition(b"\n")[2],
            lambda data: b"\0" * len(data),
            lambda data: checked(b"{}"),
            lambda data: checked(b"[" * 100_000),
            lambda data: checked(b'{"answers":{},"answer":{"output":1},"since":0,"until":null}'),
        ],
    )
    def test_is_as_good_as_nothing(
        self, kept: Path, root: Path, damage: Callable[[bytes], bytes]
    ) -> None:
        keep(kept, root)
        entry(kept).write_bytes(damage(entry(kept).read_bytes()))
        assert opened(kept, root).find(NOW) is None
        keep(kept, root)
        assert opened(kept, root).find(NOW) == SAID

    def test_of_any_byte_is_noticed(self, kept: Path, root: Path) -> None:
        keep(kept, root)
        data = entry(kept).read_bytes()
        for offset in range(0, len(data), 7):
            entry(kept).write_bytes(data[:offset] + b"~" + data[offset + 1 :])
            assert opened(kept, root).find(NOW) is None

    def test_directory_in_place_of_an_entry(self, kept: Path, root: Path) -> None:
        keep(kept, root)
        name = entry(kept)
        name.unlink()
        name.mkdir()
        assert opened(kept, root).find(NOW) is None


def checked(text: bytes) -> bytes:
    return cache_module._checksum(text) + b"\n" + text


class TestDirectory:
    def test_may_be_deleted(self, kept: Path, root: Path) -> None:
        keep(kept, root)
        entry(kept).unlink()
        kept.rmdir()
        assert opened(kept, root).find(NOW) is None
        keep(kept, root)
        assert opened(kept, root).find(NOW) == SAID

    def test_holds_few_entries_and_the_oldest_go(
        self, kept: Path, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cache_module, "MAX_ENTRIES", 3)
        write(kept, {"of-somebody-else.json": "{}"})
        for number in range(5):
            keep(kept, root, number=number)
            for file in kept.iterdir():
                age(file, 10)
        assert len(list(kept.iterdir())) == 4
        assert (kept / "of-somebody-else.json").exists()
        assert opened(kept, root, number=4).find(NOW) == SAID
        assert opened(kept, root, number=0).find(NOW) is None

    def test_that_cannot_be_made_is_an_error(self, tmp_path: Path, root: Path) -> None:
        write(tmp_path, {"file": ""})
        with pytest.raises(OSError, match="file"):
            keep(tmp_path / "file" / "below", root)


def age(path: Path, seconds: float) -> None:
    """Makes a file older."""
    status = path.stat()
    os.utime(path, (status.st_atime - seconds, status.st_mtime - seconds))


class TestOpening:
    def test_a_directory_that_is_not_there(self, kept: Path, tmp_path: Path) -> None:
        path = tmp_path / "nowhere"
        assert open_cache(kept, path, compare(path, None, {}), {}) is None

    def test_a_directory_without_git(self, kept: Path, root: Path) -> None:
        cache = open_cache(kept, root, compare(root, None, {}), {})
        assert cache is not None
        assert cache.find(NOW) is None

    def test_git_that_does_not_work(
        self, kept: Path, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(self: GitRepository, directory: Path) -> None:
            raise GitError("git is not installed")

        monkeypatch.setattr(GitRepository, "__init__", broken)
        assert open_cache(kept, root, compare(root, None, {}), {}) is not None


class TestCommand:
    @pytest.fixture
    def checkout(self, tmp_path: Path) -> Checkout:
        return Checkout.new(tmp_path / "checkout")

    @pytest.fixture
    def run(self, checkout: Checkout, kept: Path) -> Callable[..., Result]:
        def run(*options: str, **environ: str) -> Result:
            command = ["check", str(checkout.root), "--cache", str(kept), *options]
            return CliRunner().invoke(main, command, env={"CI": "", **environ})

        return run

    @pytest.fixture
    def checks(self, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """Gets an item for each check that is really done."""
        from plexus_rules.check import path

        done: list[int] = []
        real = path.check_path

        def check(request: path.Request) -> path.Outcome:
            done.append(1)
            return real(request)

        monkeypatch.setattr(path, "check_path", check)
        return done

    @pytest.mark.parametrize("output", ["text", "json", "github", "sarif"])
    def test_says_the_same_again_without_checking(
        self, run: Callable[..., Result], checks: list[int], checkout: Checkout, output: str
    ) -> None:
        write(checkout.root, {"packages/backend/drizzle/migrations/by_hand.sql": "SELECT 1;\n"})
        first, again = run("--format", output), run("--format", output)
        assert checks == [1]
        assert "PLX202" in first.stdout
        assert (again.stdout, again.stderr, again.exit_code) == (
            first.stdout,
            first.stderr,
            first.exit_code,
        )

    def test_checks_again_what_is_different(
        self, run: Callable[..., Result], checks: list[int], checkout: Checkout
    ) -> None:
        assert run().exit_code == 0
        write(checkout.root, {"packages/backend/drizzle/migrations/by_hand.sql": "SELECT 1;\n"})
        assert run().exit_code == 1
        checkout.commit()
        assert "1 error" in run().stdout
        assert len(checks) == 3

    @pytest.mark.parametrize(
        "options",
        [["--select", "PLX201"], ["--format", "json"], ["--no-config"], ["--show-waived"]],
    )
    def test_checks_again_with_other_options(
        self, run: Callable[..., Result], checks: list[int], options: list[str]
    ) -> None:
        run()
        run(*options)
        assert len(checks) == 2

    def test_checks_again_with_other_settings(
        self, run: Callable[..., Result], checks: list[int], tmp_path: Path
    ) -> None:
        settings = tmp_path / "settings.toml"
        for text in ('select = ["PLX201"]', 'select = ["PLX202"]', 'select = ["PLX202"]'):
            settings.write_text(text)
            run("--config", str(settings))
        assert len(checks) == 2

    def test_checks_again_against_another_base(
        self, run: Callable[..., Result], checks: list[int], checkout: Checkout
    ) -> None:
        first = checkout.git("rev-parse", "HEAD")
        checkout.commit({"README.md": "# Another\n"})
        run("--base", first)
        run()
        run("--base", first)
        assert len(checks) == 2

    def test_keeps_nothing_of_what_could_not_be_checked(
        self, run: Callable[..., Result], checkout: Checkout, kept: Path
    ) -> None:
        assert run("--base", "nowhere").exit_code == 2
        assert not kept.exists()

    def test_says_what_it_found_though_nothing_can_be_kept(
        self, run: Callable[..., Result], kept: Path
    ) -> None:
        write(kept.parent, {kept.name + "/file": ""})
        result = run("--cache", str(kept / "file" / "below"))
        assert result.exit_code == 0
        assert "nothing found" in result.stdout
        assert result.stderr.startswith(
            f"plexus-rules: nothing was kept for the next check: --cache {kept}/file/below: not a "
            "directory; name a directory of yours that can be written, or one that can be made\n"
        )

    def test_names_the_variable_where_that_names_the_directory(
        self, run: Callable[..., Result], checkout: Checkout, tmp_path: Path
    ) -> None:
        place = str(write(tmp_path, {"a": ""}) / "a" / "below")
        result = CliRunner().invoke(
            main, ["check", str(checkout.root)], env={"PLEXUS_RULES_CACHE": place, "CI": ""}
        )
        assert f"next check: PLEXUS_RULES_CACHE={place}: not a directory; " in result.stderr

    def test_believes_and_writes_nothing_where_the_directory_is_another_users(
        self,
        run: Callable[..., Result],
        kept: Path,
        checks: list[int],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        run()
        before = sorted(kept.iterdir())
        monkeypatch.setattr(os, "geteuid", lambda: kept.stat().st_uid + 1)
        result = run("--show-waived")
        assert run().exit_code == result.exit_code == 0
        assert f"--cache {kept}: it belongs to another user, and is not used; " in result.stderr
        assert len(checks) == 3
        assert sorted(kept.iterdir()) == before

    def test_is_named_by_a_variable_too(
        self, checkout: Checkout, kept: Path, checks: list[int]
    ) -> None:
        for _ in range(2):
            CliRunner().invoke(
                main, ["check", str(checkout.root)], env={"PLEXUS_RULES_CACHE": str(kept), "CI": ""}
            )
        assert checks == [1]

    def test_a_time_in_the_future_is_judged_again_when_it_has_come(
        self,
        run: Callable[..., Result],
        checkout: Checkout,
        monkeypatch: pytest.MonkeyPatch,
        checks: list[int],
    ) -> None:
        journal = checkout.root / "packages/backend/drizzle/migrations/meta/_journal.json"
        when = 4_000_000_000_000
        text = journal.read_text()
        last = text.rindex('"when": ') + len('"when": ')
        journal.write_text(text[:last] + str(when) + text[text.index(",", last) :])
        told: list[Any] = []
        for now in (NOW, NOW + 1, when, when + 1):
            monkeypatch.setattr("plexus_rules.cli.check.time.time", lambda now=now: now / 1000)
            told.append("lies in the future" in run().stdout)
        assert told == [True, True, False, False]
        assert len(checks) == 2
