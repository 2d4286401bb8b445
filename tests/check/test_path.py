"""A directory is checked: what is found in it, what it is compared with, what stops the check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from plexus_rules.catalog import all_rules
from plexus_rules.catalog.selection import select_rules
from plexus_rules.check.path import CannotCheck, Outcome, Request, check_path
from plexus_rules.gallery.run import NOW
from plexus_rules.samples import ADD_COLUMN_BOTH, base, files
from plexus_rules.trees import Base, Delete, DirectoryTree, FileMissing, NoBase, Write, apply
from tests.checkouts import Checkout, close, git, write

BACKEND = "packages/backend"
SQLITE = f"{BACKEND}/drizzle/migrations"
LANDED = f"{SQLITE}/0001_add_request_tokens.sql"


def request(path: Path, rules: str | None = None, **rest: Any) -> Request:
    chosen = select_rules(all_rules(), rules, None)
    return replace(Request(path, chosen, environ={}, now=NOW), **rest)


def check(path: Path, rules: str | None = None, **rest: Any) -> Outcome:
    return check_path(request(path, rules, **rest))


def refused(path: Path, **rest: Any) -> str:
    with pytest.raises(CannotCheck) as caught:
        check(path, **rest)
    return str(caught.value)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The sample project, committed. Not to be changed."""
    return Checkout.new(tmp_path_factory.mktemp("sample"))


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout.new(tmp_path / "checkout")


class TestPath:
    def test_that_is_not_there(self, tmp_path: Path) -> None:
        assert refused(tmp_path / "nowhere").endswith("nowhere: no such file or directory")

    def test_that_is_a_file(self, tmp_path: Path) -> None:
        write(tmp_path, {"drizzle.config.ts": ""})
        assert "not a directory" in refused(tmp_path / "drizzle.config.ts")

    def test_that_is_the_whole_machine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(DirectoryTree, "is_file", lambda self, path: False)
        monkeypatch.setattr(DirectoryTree, "sources", ())
        assert refused(Path("/")) == (
            "/: the root of the file system, and it has no package.json; name the directory of the "
            "project"
        )

    def test_that_is_the_root_of_a_container_with_the_project_in_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(DirectoryTree, "is_file", lambda self, path: path == "package.json")
        monkeypatch.setattr(DirectoryTree, "sources", ())
        assert refused(Path("/")).startswith("/: no drizzle config found here")

    def test_that_holds_more_than_a_project_has(
        self, sample: Checkout, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("plexus_rules.trees.directory.MAX_ENTRIES", 20)
        said = refused(sample.root)
        assert said.startswith(f"{sample.root}: holds more than 20 files and directories")
        assert said.endswith(
            "name the directory of the project, or list in a .gitignore what does not belong to it"
        )

    def test_with_sql_that_is_too_long_to_be_read_is_not_checked_to_its_end(
        self, checkout: Checkout, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("plexus_rules.drizzle.database.MAX_SQL_CHARACTERS", 1024)
        checkout.commit({LANDED: "-- " + "x" * 2000})
        report = check(checkout.root).report
        assert report.exit_status == 2
        assert [reason for reason in report.incomplete if reason.startswith(LANDED)] == [
            f"{LANDED}: 0.0 MiB is over the limit of 0 MiB for the SQL of one migration"
        ]

    def test_with_an_edit_of_landed_sql_that_is_too_long_is_still_told(
        self, checkout: Checkout, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("plexus_rules.drizzle.database.MAX_SQL_CHARACTERS", 1024)
        write(checkout.root, {LANDED: "-- " + "x" * 2000})
        (finding,) = check(checkout.root, "PLX201").report.findings
        assert (finding.path, finding.message) == (LANDED, "this landed migration is edited")

    def test_that_is_empty(self, tmp_path: Path) -> None:
        assert refused(tmp_path) == (
            f"{tmp_path}: no drizzle config found here; name the directory that holds "
            "drizzle.config.ts, or one above it"
        )

    def test_whose_config_is_a_directory(self, tmp_path: Path) -> None:
        write(tmp_path, {"drizzle.config.ts/index.ts": "export default {}"})
        assert "no drizzle config found" in refused(tmp_path)

    def test_that_is_a_bare_repository(self, sample: Checkout, tmp_path: Path) -> None:
        git("clone", "--quiet", "--bare", str(sample.root), str(tmp_path / "b are.git"))
        reason = refused(tmp_path / "b are.git")
        assert "a bare git repository has no files to check" in reason
        assert reason.endswith(f"(git clone '{tmp_path}/b are.git' checkout)")

    def test_that_is_a_part_of_a_repository(self, checkout: Checkout) -> None:
        edited = (checkout.root / LANDED).read_text() + "SELECT 1;\n"
        write(checkout.root, {LANDED: edited})
        outcome = check(checkout.root / BACKEND, "PLX201")
        (found,) = outcome.report.findings
        assert found.path == LANDED.removeprefix(f"{BACKEND}/")

    def test_that_is_reached_over_a_link(self, checkout: Checkout, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to(checkout.root / BACKEND)
        (checkout.root / LANDED).unlink()
        outcome = check(tmp_path / "link", "PLX201")
        assert len(outcome.report.findings) == 1
        assert isinstance(outcome.base, Base)

    def test_that_is_a_worktree(self, checkout: Checkout, tmp_path: Path) -> None:
        checkout.git("worktree", "add", "--quiet", "-b", "work", str(tmp_path / "tree"))
        (tmp_path / "tree" / LANDED).unlink()
        assert len(check(tmp_path / "tree", "PLX201").report.findings) == 1
        assert check(checkout.root, "PLX201").report.findings == ()


def test_advice_alone_is_no_check(tmp_path: Path) -> None:
    with pytest.raises(CannotCheck, match="PLX403, PLX404: advice, which no program can check"):
        check(write(tmp_path, base()), "PLX403,PLX404")


class TestLayout:
    def folders(self, folder: str = SQLITE) -> list[Delete | Write]:
        name = f"{folder}/20260101000000_first"
        return [
            Delete(folder),
            Write(f"{name}/migration.sql", "CREATE TABLE a (id integer);\n"),
            Write(f"{name}/snapshot.json", '{"version": "7", "ddl": []}'),
        ]

    def test_of_version_1_alone_is_not_checked(self, tmp_path: Path) -> None:
        edits = [*self.folders(), *self.folders(f"{SQLITE}_pg")]
        reason = refused(write(tmp_path, apply(base(), edits)))
        assert "laid out in a folder each (drizzle-kit 1.x), which is not supported" in reason
        assert f"{SQLITE}, {SQLITE}_pg" in reason or f"{SQLITE}_pg, {SQLITE}" in reason

    def test_of_both_versions_is_checked_in_part_and_says_so(self, tmp_path: Path) -> None:
        report = check(write(tmp_path, apply(base(), self.folders()))).report
        assert [place.path for place in report.unsupported] == [SQLITE]
        assert {project.layout for project in report.projects} == {"folders", "journal"}
        assert report.exit_status != 2

    def test_folders_beside_a_journal_are_listed(self, tmp_path: Path) -> None:
        folder = f"{SQLITE}/20260101000000_new"
        new = {f"{folder}/migration.sql": b"", f"{folder}/snapshot.json": b"{}"}
        files = {**base(), **new}
        (entry,) = check(write(tmp_path, files)).report.unsupported
        assert entry.path == SQLITE
        assert entry.reason.startswith(f"{folder}: laid out as drizzle-kit 1.x does")

    def test_whose_folder_does_not_exist_yet_is_no_finding(self, tmp_path: Path) -> None:
        edits = [Delete(SQLITE), Delete(f"{SQLITE}_pg")]
        report = check(write(tmp_path, apply(base(), edits)), "PLX2").report
        assert (report.findings, report.unsupported, report.exit_status) == ((), (), 0)


class TestConfig:
    def test_that_cannot_be_read_at_all_gives_status_2(self, tmp_path: Path) -> None:
        write(tmp_path, {"drizzle.config.ts": "export default {{{{"})
        report = check(tmp_path).report
        assert report.projects == ()
        assert [place.path for place in report.unsupported] == ["drizzle.config.ts"]
        assert report.incomplete == ("no database could be read off a drizzle config",)
        assert report.exit_status == 2

    def test_that_cannot_be_read_does_not_hide_an_error(self, tmp_path: Path) -> None:
        files = {
            "drizzle.config.ts": "export default {{{{",
            "package.json": '{"scripts": {"deploy": "drizzle-kit push"}}',
        }
        report = check(write(tmp_path, files)).report
        assert [finding.rule for finding in report.findings] == ["PLX402"]
        assert report.exit_status == 1

    def test_that_leads_out_of_the_root_is_told(self, tmp_path: Path) -> None:
        config = "export default { dialect: 'sqlite', out: '../../x', schema: './s.ts' };"
        write(tmp_path / "a", {"drizzle.config.ts": config, "s.ts": ""})
        write(tmp_path / "x", {"meta/_journal.json": "{"})
        (told,) = check(tmp_path / "a").report.unsupported
        assert told.path == "drizzle.config.ts"
        assert "out" in told.reason

    def test_whose_folder_is_a_link_out_of_the_root_is_told(self, tmp_path: Path) -> None:
        root = write(tmp_path / "a", base())
        (root / SQLITE).rename(tmp_path / "moved")
        (root / SQLITE).symlink_to(tmp_path / "moved")
        report = check(root, "PLX2").report
        assert [place.path for place in report.unsupported] == [SQLITE]
        assert "a link that leaves the checked directory" in report.unsupported[0].reason

    def test_whose_folder_is_a_link_inside_is_read_before_and_after(
        self, checkout: Checkout
    ) -> None:
        (checkout.root / SQLITE).rename(checkout.root / "moved")
        (checkout.root / SQLITE).symlink_to(checkout.root / "moved")
        (checkout.root / SQLITE).unlink()
        (checkout.root / SQLITE).symlink_to("../../../moved")
        checkout.commit()
        assert check(checkout.root, "PLX2").report.findings == ()
        edited = "SELECT 1;\n"
        write(checkout.root, {"moved/0000_initial.sql": edited})
        report = check(checkout.root, "PLX201").report
        assert [finding.path for finding in report.findings] == [f"{SQLITE}/0000_initial.sql"]


class TestBase:
    def test_is_none_in_a_plain_directory(self, tmp_path: Path) -> None:
        outcome = check(write(tmp_path, base()))
        assert outcome.base == NoBase("this directory belongs to no git repository")
        reasons = {entry.reason for entry in outcome.report.not_run if entry.path == "."}
        assert reasons == {"no base to compare with: this directory belongs to no git repository"}
        not_run = {entry.rule for entry in outcome.report.not_run if entry.path == "."}
        assert not_run == {rule.id for rule in all_rules() if rule.reads_change}
        assert outcome.report.base is None
        assert outcome.report.exit_status == 0

    def test_is_none_before_the_first_commit(self, tmp_path: Path) -> None:
        git("init", "--quiet", str(write(tmp_path, base())))
        assert check(tmp_path).base == NoBase("the repository has no commit yet")

    def test_is_in_the_report(self, sample: Checkout) -> None:
        outcome = check(sample.root)
        assert outcome.report.base == sample.git("rev-parse", "HEAD")
        assert outcome.report.findings == ()

    def test_that_the_ci_names(self, checkout: Checkout) -> None:
        checkout.git("switch", "--quiet", "-c", "work")
        checkout.commit(files(ADD_COLUMN_BOTH))
        outcome = check(checkout.root, environ={"GITHUB_BASE_REF": "main"})
        assert outcome.report.base == checkout.git("rev-parse", "main")
        assert outcome.report.exit_status == 0

    def test_that_the_ci_names_and_does_not_fetch(self, checkout: Checkout) -> None:
        outcome = check(checkout.root, environ={"GITHUB_BASE_REF": "develop"})
        assert isinstance(outcome.base, NoBase)
        assert outcome.base.reason.endswith(
            "run: git fetch origin +refs/heads/develop:refs/remotes/origin/develop"
        )

    def test_that_is_no_commit(self, sample: Checkout) -> None:
        assert "--base nonsense: no such commit" in refused(sample.root, base="nonsense")
        assert "--base is empty" in refused(sample.root, base="")

    def test_that_is_named_where_there_is_no_git(self, tmp_path: Path) -> None:
        reason = refused(write(tmp_path, base()), base="main")
        assert reason.startswith("--base main: not a git repository")

    def test_whose_repository_is_broken(self, checkout: Checkout) -> None:
        write(checkout.root, {".git/HEAD": "nonsense"})
        outcome = check(checkout.root)
        assert outcome.base == NoBase("this directory belongs to no git repository")
        (checkout.root / ".git/HEAD").unlink()
        (checkout.root / ".git").rename(checkout.root / "git")
        write(checkout.root, {".git": "gitdir: /nowhere"})
        outcome = check(checkout.root)
        expected = "git cannot read this repository: not a git repository: /nowhere"
        assert outcome.base == NoBase(expected)

    def test_whose_repository_is_another_persons(
        self, sample: Checkout, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        outcome = check(sample.root)
        assert isinstance(outcome.base, NoBase)
        assert "detected dubious ownership" in outcome.base.reason
        assert outcome.base.reason.endswith(
            f"run: git config --global --add safe.directory {sample.root}"
        )

    def test_whose_files_are_broken_does_not_break_the_check(self, checkout: Checkout) -> None:
        checkout.commit(
            {f"{SQLITE}/meta/_journal.json": "<<<<<<< HEAD\n", "drizzle.config.ts": "{"}
        )
        write(checkout.root, base())
        (checkout.root / "drizzle.config.ts").unlink()
        report = check(checkout.root).report
        assert report.findings == ()
        assert report.incomplete == ()
        told = [*(e.path for e in report.not_run), *(e.path for e in report.unsupported)]
        assert f"{SQLITE}/meta/_journal.json" in told
        assert "drizzle.config.ts" in told

    def test_that_lacks_the_directory_has_nothing_that_landed(self, checkout: Checkout) -> None:
        write(checkout.root, {f"new/{path}": data for path, data in base().items()})
        report = check(checkout.root / "new").report
        assert (report.findings, report.incomplete) == ((), ())
        assert report.base is not None

    def test_in_a_partial_clone_is_told_and_fails_where_it_is_required(
        self, checkout: Checkout, tmp_path: Path
    ) -> None:
        checkout.git("config", "uploadpack.allowFilter", "true")
        checkout.git("switch", "--quiet", "-c", "work")
        (checkout.root / LANDED).unlink()
        checkout.commit({f"{SQLITE}/meta/_journal.json": "{}"})
        checkout.git("switch", "--quiet", "main")
        clone = checkout.clone(tmp_path / "partial", "--filter=blob:none", "--branch=work")
        report = check(clone.root, "PLX201").report
        assert report.exit_status == 0
        assert any("missing from this clone" in entry.reason for entry in report.not_run)
        report = check(clone.root, "PLX201", require_base=True).report
        assert report.incomplete[0].endswith("run: git fetch --refetch --no-filter")
        assert report.exit_status == 2

    def test_in_a_clone_without_its_trees_is_none(self, checkout: Checkout, tmp_path: Path) -> None:
        checkout.git("config", "uploadpack.allowFilter", "true")
        checkout.git("switch", "--quiet", "-c", "work")
        checkout.commit({"a": ""})
        checkout.git("switch", "--quiet", "main")
        clone = checkout.clone(tmp_path / "partial", "--filter=tree:0", "--branch=work")
        outcome = check(clone.root, require_base=True)
        assert isinstance(outcome.base, NoBase)
        assert "cannot be read" in outcome.base.reason
        assert outcome.report.exit_status == 2


class TestRequiredBase:
    def test_that_is_missing_gives_status_2(self, tmp_path: Path) -> None:
        report = check(write(tmp_path, base()), require_base=True).report
        assert report.exit_status == 2
        assert report.incomplete[0].startswith("no base to compare with: this directory belongs")

    def test_that_is_missing_does_not_hide_an_error(self, tmp_path: Path) -> None:
        write(tmp_path, apply(base(), [Write(f"{SQLITE}/0002_by_hand.sql", "SELECT 1;")]))
        assert check(tmp_path, require_base=True).report.exit_status == 1

    def test_matters_to_rules_of_a_change_only(self, tmp_path: Path) -> None:
        write(tmp_path, base())
        assert check(tmp_path, "PLX205", require_base=True).report.exit_status == 0

    def test_is_wanted_by_who_names_one(self, checkout: Checkout, tmp_path: Path) -> None:
        checkout.git("branch", "other")
        checkout.commit()
        options = ("--depth=1", "--no-single-branch")
        clone = checkout.clone(tmp_path / "clone", *options)
        report = check(clone.root, base="other").report
        assert "too shallow" in report.incomplete[0]
        assert report.exit_status == 2

    def test_that_is_there_is_enough(self, sample: Checkout) -> None:
        assert check(sample.root, require_base=True).report.exit_status == 0


class TestVanishing:
    @pytest.fixture
    def vanish(self, monkeypatch: pytest.MonkeyPatch) -> set[str]:
        """The paths of files that are listed, and are gone when they are read."""
        gone: set[str] = set()
        read = DirectoryTree._read

        def vanish(tree: DirectoryTree, path: str) -> bytes:
            if path in gone:
                raise FileMissing(f"{path}: vanished while it was being checked")
            return read(tree, path)

        monkeypatch.setattr(DirectoryTree, "_read", vanish)
        return gone

    def test_of_any_one_file_stops_nothing(self, checkout: Checkout, vanish: set[str]) -> None:
        folder = f"{BACKEND}/drizzle/migrations_pg"
        write(checkout.root, {f"{folder}/0000_initial.sql": "SELECT 1;\n"})
        for path in base():
            vanish.clear()
            vanish.add(path)
            report = check(checkout.root, "PLX2,PLX4,PLX6").report
            assert report.incomplete == (), path
            if path not in (f"{folder}/0000_initial.sql", f"{BACKEND}/drizzle.config.pg.ts"):
                assert "PLX201" in {finding.rule for finding in report.findings}, path

    @pytest.mark.parametrize(
        "path",
        [
            f"{BACKEND}/drizzle.config.ts",
            f"{SQLITE}/meta/_journal.json",
            f"{SQLITE}/meta/0001_snapshot.json",
            LANDED,
        ],
    )
    def test_is_told(self, checkout: Checkout, vanish: set[str], path: str) -> None:
        write(checkout.root, {LANDED: "SELECT 1;\n"})
        vanish.add(path)
        report = check(checkout.root).report
        told = [
            *((entry.path, entry.reason) for entry in report.not_run),
            *((entry.path, entry.reason) for entry in report.unsupported),
            *((finding.path, finding.message) for finding in report.findings),
        ]
        assert any(path == where and "vanished" in reason for where, reason in told), told


def test_directory_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    write(tmp_path, base())
    try:
        close(tmp_path / SQLITE)
        report = check(tmp_path).report
    finally:
        (tmp_path / SQLITE).chmod(0o755)
    told = {place.path: place.reason for place in report.unsupported}
    assert told == {SQLITE: "the directory cannot be read: permission denied"}


def test_folder_that_a_config_names_is_read_though_git_ignores_it(checkout: Checkout) -> None:
    by_hand = f"{SQLITE}/0002_by_hand.sql"
    write(checkout.root, {".gitignore": f"/{SQLITE}/\n", by_hand: "SELECT 1;\n"})
    report = check(checkout.root, "PLX202").report
    assert [finding.path for finding in report.findings] == [by_hand]
