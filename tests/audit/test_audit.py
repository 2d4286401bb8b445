"""What an audit says of a history: who brought a fault in, and who ended it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from plexus_rules.audit import AuditRequest, CannotAudit, audit
from plexus_rules.catalog import all_rules
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Severity
from plexus_rules.rule import Problem, Rule
from plexus_rules.samples import (
    ADD_COLUMN_BOTH,
    ADD_COLUMN_SQLITE_ONLY_GENERATED,
    ADD_SECOND_COLUMN_BOTH,
)
from plexus_rules.trees import Append, Delete, Move, Replace, Write
from tests.audit.histories import JOURNAL, PACKAGE, POSTGRES, SQLITE, History, only, told
from tests.check.helpers import problem, rule
from tests.checkouts import git

_REPORT = f"{PACKAGE}/src/services/usage-report.ts"
_PARENT_IMPORT = Write(
    _REPORT,
    "import { requestUsage } from '../../drizzle/schema';\n\nexport const t = requestUsage;\n",
)
_TAG = "0002_add_client_request_id"
_SNAPSHOT = f"{SQLITE}/meta/0002_snapshot.json"


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "repo")


def test_sound_history_gives_nothing(history: History) -> None:
    history.begin()
    history.change(ADD_COLUMN_BOTH)
    history.change(ADD_SECOND_COLUMN_BOTH)
    found = history.audit()
    assert (found.recorded, found.commits, found.report.exit_status) == ((), 3, 0)


class TestFaultOfState:
    def test_is_told_at_the_commit_that_brought_it_in_with_the_one_that_ended_it(
        self, history: History
    ) -> None:
        history.begin()
        came = history.change(_PARENT_IMPORT)
        history.change(Append(f"{PACKAGE}/src/db/client.ts", "\n// unrelated\n"))
        ended = history.change(Delete(_REPORT))
        history.change(ADD_COLUMN_BOTH)
        assert told(history.audit()) == [("PLX111", came, ended)]

    def test_that_is_still_there_has_no_end(self, history: History) -> None:
        history.begin()
        came = history.change(_PARENT_IMPORT)
        history.change(ADD_COLUMN_BOTH)
        found = history.audit()
        assert told(found) == [("PLX111", came, None)]
        assert found.recorded[0].is_open
        assert found.report.exit_status == 1

    def test_of_the_first_commit_is_told_there(self, history: History) -> None:
        history.files = {}
        first = history.change()
        assert first
        came = history.begin()
        history.files = {}
        found = history.audit()
        assert (told(found), found.commits) == ([], 2)
        assert came

    def test_that_goes_and_comes_again_is_told_twice(self, history: History) -> None:
        history.begin()
        first = history.change(_PARENT_IMPORT)
        gone = history.change(Delete(_REPORT))
        second = history.change(_PARENT_IMPORT)
        assert told(history.audit()) == [("PLX111", first, gone), ("PLX111", second, None)]

    def test_stays_itself_where_its_lines_move(self, history: History) -> None:
        history.begin()
        came = history.change(_PARENT_IMPORT)
        history.change(Replace(_REPORT, "import {", "// one\n// two\n\nimport {"))
        assert told(history.audit()) == [("PLX111", came, None)]

    def test_stays_itself_where_its_folder_moves(self, history: History) -> None:
        history.begin()
        came = history.change(ADD_COLUMN_BOTH, Delete(_SNAPSHOT))
        history.change(
            Move(SQLITE, f"{PACKAGE}/drizzle/sqlite_migrations"),
            Replace(
                f"{PACKAGE}/drizzle.config.ts",
                "'./drizzle/migrations'",
                "'./drizzle/sqlite_migrations'",
            ),
        )
        assert told(history.audit()) == [("PLX206", came, None)]

    def test_stays_itself_where_only_a_number_in_it_changes(self, history: History) -> None:
        history.begin()
        row = (
            "export interface UsageRow {\n  id: number;\n  requestId: string;\n  date: number;\n"
            "  provider: string;\n  model: string;\n  isStreamed: number;\n"
            "  tokensInput: number;\n  tokensOutput: number;\n}\n"
        )
        came = history.change(Write(f"{PACKAGE}/src/types/usage.ts", row))
        history.change(ADD_COLUMN_BOTH)
        assert told(history.audit()) == [("PLX501", came, None)]

    def test_that_its_rule_cannot_judge_for_a_while_is_not_ended(self, history: History) -> None:
        history.begin()
        came = history.change(
            ADD_COLUMN_BOTH, Replace(JOURNAL, '"when": 1742029200000', '"when": 1740906000000')
        )
        sound = history.files[JOURNAL]
        broken = history.change(Write(JOURNAL, "<<<<<<< ours\n{}\n"))
        mended = history.put({**history.files, JOURNAL: sound})
        found = history.audit()
        assert ("PLX205", came, None) in told(found)
        assert [one.finding.rule for one in found.recorded].count("PLX205") == 1
        assert ("PLX211", broken, mended) in told(found)

    def test_in_a_pending_migration_keeps_the_level_it_came_with(self, history: History) -> None:
        history.begin()
        came = history.change(
            ADD_COLUMN_BOTH,
            Write(
                f"{SQLITE}/{_TAG}.sql",
                "ALTER TABLE `request_usage` ADD `client_request_id` text;\n"
                "CREATE INDEX `by_client` ON `request_usage` (`client_request_id`);\n",
            ),
        )
        history.change(Append(f"{PACKAGE}/src/db/client.ts", "\n// unrelated\n"))
        found = [one for one in history.audit().recorded if one.finding.rule == "PLX303"]
        assert [(one.commit, one.ended_by) for one in found] == [(came, None)]
        assert found[0].finding.severity is not Severity.INFO


class TestFaultOfAChange:
    def test_is_an_event_without_an_end(self, history: History) -> None:
        history.begin()
        history.change(ADD_COLUMN_BOTH)
        came = history.change(Append(f"{SQLITE}/{_TAG}.sql", "-- edited\nSELECT 1;\n"))
        one = only(history.audit(), "PLX201")
        assert (one.commit, one.ended_by, one.is_event, one.is_open) == (came, None, True, False)

    def test_owns_what_it_leaves_behind(self, history: History) -> None:
        history.begin()
        came = history.change(ADD_COLUMN_SQLITE_ONLY_GENERATED)
        history.change(Append(f"{PACKAGE}/src/db/client.ts", "\n// unrelated\n"))
        found = told(history.audit())
        assert ("PLX209", came, None) in found
        assert {commit for _, commit, _ in found} == {came}

    def test_says_which_tags_had_shipped_what_it_changed(self, history: History) -> None:
        history.begin()
        history.checkout.git("tag", "v0.1")
        history.change(ADD_COLUMN_BOTH)
        history.checkout.git("tag", "v1.0")
        history.change(Append(f"{PACKAGE}/src/db/client.ts", "\n// unrelated\n"))
        history.checkout.git("tag", "--annotate", "--message", "a tag", "v1.1")
        history.change(Append(f"{PACKAGE}/src/db/client.ts", "\n// more\n"))
        history.checkout.git("tag", "v1.2")
        history.change(Append(f"{SQLITE}/{_TAG}.sql", "-- edited\nSELECT 1;\n"))
        history.checkout.git("tag", "v2.0")
        assert only(history.audit(), "PLX201").shipped_in == ("v1.0", "v1.2")

    def test_that_nothing_had_shipped_names_no_tag(self, history: History) -> None:
        history.begin()
        history.checkout.git("tag", "v0.1")
        history.change(ADD_COLUMN_BOTH)
        history.change(Append(f"{SQLITE}/{_TAG}.sql", "-- edited\nSELECT 1;\n"))
        assert only(history.audit(), "PLX201").shipped_in == ()


class TestClock:
    def test_judges_a_time_by_that_of_the_commit(self, history: History) -> None:
        history.begin()
        ahead = (1_750_000_000 + 4 * 86_400) * 1000
        came = history.change(
            ADD_COLUMN_BOTH, Replace(JOURNAL, '"when": 1742029200000', f'"when": {ahead}')
        )
        history.change(Append(f"{PACKAGE}/src/db/client.ts", "\n// the third day\n"))
        past = history.change(Append(f"{PACKAGE}/src/db/client.ts", "\n// the fourth day\n"))
        one = only(history.audit(), "PLX205")
        assert (one.commit, one.ended_by) == (came, past)


class TestRange:
    def test_leaves_out_what_was_there_before(self, history: History) -> None:
        history.begin()
        before = history.change(_PARENT_IMPORT)
        came = history.change(ADD_COLUMN_BOTH, Delete(_SNAPSHOT))
        found = history.audit(f"{before}..HEAD")
        assert told(found) == [("PLX206", came, None)]
        assert (found.commits, found.report.base) == (1, before)

    def test_leaves_out_the_end_of_what_was_there_before(self, history: History) -> None:
        history.begin()
        before = history.change(_PARENT_IMPORT)
        history.change(Delete(_REPORT))
        assert told(history.audit(f"{before}..")) == []

    def test_may_name_no_commit(self, history: History) -> None:
        history.begin()
        found = history.audit("HEAD..HEAD")
        assert (found.commits, found.recorded, found.report.exit_status) == (0, (), 0)

    @pytest.mark.parametrize("text", ["HEAD", "a...b", "..HEAD", "", "nothing..HEAD", "-x..HEAD"])
    def test_that_is_none_cannot_be_audited(self, history: History, text: str) -> None:
        history.begin()
        with pytest.raises(CannotAudit, match="--range"):
            history.audit(text)


class TestMerges:
    def _branch(self, history: History, *changes: Append) -> None:
        history.begin()
        history.change(ADD_COLUMN_BOTH)
        history.checkout.git("checkout", "--quiet", "-b", "topic")
        history.change(*changes)

    def _merge(self, history: History) -> str:
        history.checkout.git("checkout", "--quiet", "main")
        history.checkout.git("merge", "--quiet", "--no-ff", "--no-commit", "topic")
        return history.save("merge")

    def test_default_tells_a_branch_at_its_merge(self, history: History) -> None:
        self._branch(history, Append(f"{SQLITE}/{_TAG}.sql", "-- edited\nSELECT 1;\n"))
        merge = self._merge(history)
        found = history.audit()
        assert (only(found, "PLX201").commit, found.commits) == (merge, 3)

    def test_full_tells_it_where_it_happened_and_once(self, history: History) -> None:
        self._branch(history, Append(f"{SQLITE}/{_TAG}.sql", "-- edited\nSELECT 1;\n"))
        edit = history.checkout.git("rev-parse", "HEAD")
        self._merge(history)
        found = history.audit(full=True)
        one = only(found, "PLX201")
        assert (one.commit, found.commits) == (edit, 4)
        assert one.finding.severity is Severity.ERROR

    def test_full_takes_an_edit_before_the_merge_for_information(self, history: History) -> None:
        history.begin()
        history.checkout.git("checkout", "--quiet", "-b", "topic")
        history.change(ADD_COLUMN_BOTH)
        edit = history.change(Append(f"{SQLITE}/{_TAG}.sql", "-- edited\nSELECT 1;\n"))
        history.checkout.git("checkout", "--quiet", "main")
        history.checkout.git("merge", "--quiet", "--no-ff", "--no-commit", "topic")
        history.save("merge")
        one = only(history.audit(full=True), "PLX201")
        assert (one.commit, one.finding.severity) == (edit, Severity.INFO)
        assert [o for o in history.audit().recorded if o.finding.rule == "PLX201"] == []

    def test_full_keeps_a_fault_that_a_branch_mended_open_until_it_is_merged(
        self, history: History
    ) -> None:
        history.begin()
        came = history.change(_PARENT_IMPORT)
        history.checkout.git("checkout", "--quiet", "-b", "topic")
        mended = history.change(Delete(_REPORT))
        history.checkout.git("checkout", "--quiet", "main")
        history.files, _ = {**history.files}, None
        main = history.save("on main")
        assert told(history.audit(full=True)) == [("PLX111", came, None)]
        history.checkout.git("merge", "--quiet", "--no-ff", "--no-commit", "topic")
        merge = history.save("merge")
        assert told(history.audit(full=True)) == [("PLX111", came, mended)]
        assert told(history.audit()) == [("PLX111", came, merge)]
        assert main

    def test_octopus_is_judged_like_any_merge(self, history: History) -> None:
        history.begin()
        for name in ("one", "two"):
            history.checkout.git("checkout", "--quiet", "-b", name, "main")
            (history.checkout.root / f"{name}.txt").write_text(name)
            history.checkout.git("add", ".")
            history.save(name)
        history.checkout.git("checkout", "--quiet", "main")
        history.checkout.git("merge", "--quiet", "--no-ff", "--no-commit", "one", "two")
        history.save("octopus")
        assert (history.audit().commits, history.audit(full=True).commits) == (2, 4)
        assert history.audit(full=True).recorded == ()


class TestRepository:
    def test_may_be_bare(self, history: History, tmp_path: Path) -> None:
        history.begin()
        came = history.change(_PARENT_IMPORT)
        git("clone", "--quiet", "--bare", str(history.checkout.root), str(tmp_path / "bare"))
        found = audit(AuditRequest(tmp_path / "bare", all_rules()))
        assert told(found) == [("PLX111", came, None)]

    def test_may_lack_content_that_no_rule_needs(self, history: History) -> None:
        history.begin()
        history.change(Write("picture.gif", "GIF"))
        came = history.change(_PARENT_IMPORT)
        blob = history.checkout.git("rev-parse", "HEAD:picture.gif")
        (history.checkout.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
        found = history.audit()
        assert told(found) == [("PLX111", came, None)]
        assert found.report.not_run == ()

    def test_that_lacks_what_a_rule_needs_says_so(self, history: History) -> None:
        history.begin()
        history.change(ADD_COLUMN_BOTH)
        blob = history.checkout.git("rev-parse", f"HEAD:{SQLITE}/{_TAG}.sql")
        (history.checkout.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
        found = history.audit()
        assert any("missing from this clone" in one.reason for one in found.report.not_run)
        assert any("git fetch" in note for note in found.notes)

    def test_that_is_shallow_begins_where_it_is_cut_off(
        self, history: History, tmp_path: Path
    ) -> None:
        history.begin()
        history.change(ADD_COLUMN_BOTH)
        history.change(_PARENT_IMPORT)
        history.checkout.clone(tmp_path / "shallow", "--depth=2")
        found = audit(AuditRequest(tmp_path / "shallow", all_rules()))
        assert (found.commits, [one.finding.rule for one in found.recorded]) == (2, ["PLX111"])
        assert any("shallow" in note for note in found.notes)

    def test_may_name_its_objects_by_sha256(self, tmp_path: Path) -> None:
        history = History(tmp_path / "other", "sha256")
        history.begin()
        came = history.change(_PARENT_IMPORT)
        assert len(came) == 64
        assert told(history.audit()) == [("PLX111", came, None)]

    def test_is_read_without_grafts_and_replacements(self, history: History) -> None:
        first = history.begin()
        came = history.change(_PARENT_IMPORT)
        clean = history.change(Delete(_REPORT))
        history.checkout.git("replace", came, first)
        assert told(history.audit()) == [("PLX111", came, clean)]

    def test_may_have_a_detached_head(self, history: History) -> None:
        history.begin()
        came = history.change(_PARENT_IMPORT)
        history.change(ADD_COLUMN_BOTH)
        history.checkout.git("checkout", "--quiet", "--detach", came)
        assert history.audit().commits == 2

    def test_is_read_below_a_directory(self, history: History) -> None:
        history.begin()
        came = history.change(_PARENT_IMPORT)
        found = audit(AuditRequest(history.checkout.root / PACKAGE, all_rules()))
        assert [(one.commit, one.finding.path) for one in found.recorded] == [
            (came, "src/services/usage-report.ts")
        ]

    def test_may_have_paths_and_names_that_are_no_text(self, history: History) -> None:
        history.begin()
        (history.checkout.root / "caf\udce9.ts").write_bytes(b"import '../x';\n")
        history.checkout.git("add", "--all", "--force", ".")
        history.save("subject \udce9\x1b[31m")
        found = history.audit()
        assert (found.recorded, found.commits) == ((), 2)

    def test_without_a_commit_cannot_be_audited(self, history: History) -> None:
        with pytest.raises(CannotAudit, match="no commit yet"):
            history.audit()

    def test_without_a_config_in_any_commit_cannot_be_audited(self, history: History) -> None:
        history.put({"README.md": b"nothing\n"})
        with pytest.raises(CannotAudit, match="no drizzle config"):
            history.audit()

    def test_is_needed(self, tmp_path: Path) -> None:
        with pytest.raises(CannotAudit, match="not a git repository"):
            audit(AuditRequest(tmp_path, all_rules()))
        with pytest.raises(CannotAudit, match="not a directory"):
            audit(AuditRequest(tmp_path / "none", all_rules()))


def test_what_is_not_judged_is_told_once_with_its_commits(history: History) -> None:
    history.begin()
    history.change(Delete(f"{PACKAGE}/drizzle.config.pg.ts"), Delete(POSTGRES))
    history.change(Append(f"{PACKAGE}/src/db/client.ts", "\n// unrelated\n"))
    found = [one for one in history.audit().report.not_run if one.rule == "PLX111"]
    assert len(found) == 1
    assert found[0].reason.startswith("at 2 of 3 commits, first at ")


def test_progress_is_told_for_each_commit(history: History) -> None:
    history.begin()
    history.change(ADD_COLUMN_BOTH)
    seen: list[tuple[int, int]] = []
    request = AuditRequest(history.checkout.root, all_rules())
    audit(request, lambda done, of: seen.append((done, of)))
    assert seen == [(0, 2), (1, 2), (2, 2)]


class TestSettings:
    """Those of the newest commit hold for the whole history."""

    def _waived(self, history: History, waiver: str) -> None:
        history.begin()
        history.change(_PARENT_IMPORT)
        history.change(Delete(_REPORT))
        history.change(Write("plexus-rules.toml", waiver))

    def test_waive_what_came_before_them(self, history: History) -> None:
        waiver = f'[[waivers]]\nrule = "PLX111"\npath = "{_REPORT}"\nreason = "it was a draft"\n'
        self._waived(history, waiver)
        found = history.audit()
        assert (found.recorded, found.report.exit_status) == ((), 0)
        assert [one.reason for one in found.report.waived] == ["it was a draft"]

    def test_choose_rules_and_levels(self, history: History) -> None:
        self._waived(history, '[levels]\nPLX111 = "warning"\n')
        assert only(history.audit(), "PLX111").finding.severity is Severity.WARNING
        history.change(Write("plexus-rules.toml", 'ignore = ["PLX111"]\n'))
        assert history.audit().recorded == ()

    def test_that_cannot_be_read_stop_the_audit(self, history: History) -> None:
        self._waived(history, "waivers = 1\n")
        with pytest.raises(CannotAudit, match=r"plexus-rules\.toml"):
            history.audit()

    def test_comment_waives_what_it_came_with(self, history: History) -> None:
        history.begin()
        comment = "// plexus-rules: waive PLX111 -- the report is for SQLite\n"
        history.change(Write(_REPORT, comment + _PARENT_IMPORT.text))
        found = history.audit()
        assert (found.recorded, len(found.report.waived)) == ((), 1)


def test_consequence_that_outlives_its_finding_is_told_by_itself(history: History) -> None:
    def rule_of(number: str, word: str) -> Rule:
        def check(repository: Repository) -> Iterator[Problem]:
            text = repository.tree.text("notes.txt")
            if word in text:
                yield problem("notes.txt", "cause", message=f"it says {word}")

        return rule(number, check)

    rules = [rule_of("PLX101", "one"), rule_of("PLX102", "two")]
    history.begin()
    came = history.change(Write("notes.txt", "one and two"))
    ended = history.change(Write("notes.txt", "two"))
    found = history.audit(rules=rules)
    assert told(found) == [("PLX101", came, ended), ("PLX102", came, None)]
    assert [place.message for place in found.recorded[0].finding.related] == [
        "it says two (PLX102)"
    ]
    history.change(Write("notes.txt", "nothing"))
    assert [one.is_open for one in history.audit(rules=rules).recorded] == [False, False]


def test_full_names_no_tag_of_what_never_reached_the_line(history: History) -> None:
    history.begin()
    history.checkout.git("tag", "v1.0")
    history.checkout.git("checkout", "--quiet", "-b", "topic")
    history.change(ADD_COLUMN_BOTH)
    history.change(Append(f"{SQLITE}/{_TAG}.sql", "-- edited\nSELECT 1;\n"))
    history.checkout.git("checkout", "--quiet", "main")
    history.checkout.git("merge", "--quiet", "--no-ff", "--no-commit", "topic")
    history.save("merge")
    assert only(history.audit(full=True), "PLX201").shipped_in == ()
