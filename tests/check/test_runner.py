"""Rules are run, and what they yield becomes findings: one for each cause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from msgspec import structs

from plexus_rules.catalog import all_rules
from plexus_rules.check import check_change, check_repository
from plexus_rules.check.runner import remedy
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import WHOLE_FILE, NotRun, Range, Related, Severity, Unsupported
from plexus_rules.gallery.run import NOW
from plexus_rules.profile import PLEXUS, Profile
from plexus_rules.rule import Line, Needs, Problem, Rule, Skipped
from plexus_rules.samples import base
from plexus_rules.trees import Delete, Edit, FileMissing, MemoryTree, Replace, Write, apply
from tests.check.helpers import change, failing, on_change, on_state, problem, rule, sample, state

CONFIG = "packages/backend/drizzle.config.ts"


class TestFinding:
    def test_is_made_of_the_rule_and_its_problem(self) -> None:
        seen = Problem("a.ts", Range(2, 3, 4, 5), "wrong", related=(Related("b", WHOLE_FILE, "x"),))
        (found,) = on_change(state("PLX101", seen)).findings
        assert (found.rule, found.name) == ("PLX101", "rule-plx101")
        assert (found.path, found.range, found.message) == ("a.ts", Range(2, 3, 4, 5), "wrong")
        assert (found.severity, found.remedy) == (Severity.ERROR, "Undo it.")
        assert found.related == (Related("b", WHOLE_FILE, "x"),)
        assert found.url is None

    def test_takes_what_the_problem_says_otherwise(self) -> None:
        seen = Problem("a", WHOLE_FILE, "m", severity=Severity.INFO, remedy="Run {generate}.")
        (found,) = on_change(state("PLX101", seen)).findings
        assert found.severity is Severity.INFO
        assert found.remedy.startswith("Run `")

    def test_links_to_its_page_where_a_site_is_known(self) -> None:
        head = sample()
        rules = [state("PLX101", problem("a"))]
        for url in ("https://example.invalid/x", "https://example.invalid/x/"):
            report = check_change(Change(head, head), rules, PLEXUS, url=url)
            assert report.findings[0].url == "https://example.invalid/x/rules/PLX101/"

    def test_comes_in_order_of_place_and_once(self) -> None:
        one = state("PLX102", problem("b", line=9), problem("b", line=10), problem("a"))
        two = state("PLX101", problem("b", line=9), problem("b", line=9))
        report = on_change(one, two)
        places = [(f.path, f.range.line, f.rule) for f in report.findings]
        assert places == [
            ("a", 1, "PLX102"),
            ("b", 9, "PLX101"),
            ("b", 9, "PLX102"),
            ("b", 10, "PLX102"),
        ]
        assert on_change(two, one).findings == report.findings


class TestCauses:
    def test_what_two_rules_see_of_one_cause_is_one_finding(self) -> None:
        lower = state("PLX101", problem("a", "cause", message="a is wrong"))
        upper = state("PLX102", problem("b", "cause", line=7, message="b is wrong"))
        (found,) = on_change(upper, lower).findings
        assert (found.rule, found.path) == ("PLX101", "a")
        assert found.related == (Related("b", Range(7, 1, 7, 2), "b is wrong (PLX102)"),)

    def test_rule_that_saw_the_change_names_it_best(self) -> None:
        upper = change("PLX299", problem("a", "cause"))
        lower = state("PLX101", problem("b", "cause"))
        assert [f.rule for f in on_change(lower, upper).findings] == ["PLX299"]

    def test_rule_that_saw_a_symptom_alone_never_names_it(self) -> None:
        symptom = structs.replace(problem("a", "other"), symptom_of="cause")
        seen = state("PLX102", problem("b", "cause"))
        (found,) = on_change(state("PLX101", symptom), seen).findings
        assert (found.rule, [r.path for r in found.related]) == ("PLX102", ["a"])
        third = state("PLX103", problem("c", "other"))
        (found,) = on_change(state("PLX101", symptom), third).findings
        assert found.rule == "PLX101"

    def test_gravest_of_them_gives_the_level(self) -> None:
        warning = state("PLX101", problem("a", "cause", severity=Severity.WARNING))
        error = state("PLX102", problem("b", "cause"))
        info = state("PLX103", problem("c", "cause", severity=Severity.INFO))
        (found,) = on_change(warning, info, error).findings
        assert (found.rule, found.severity) == ("PLX101", Severity.ERROR)
        (found,) = on_change(info, warning).findings
        assert found.severity is Severity.WARNING

    def test_one_rule_may_see_a_cause_at_two_places(self) -> None:
        report = on_change(state("PLX101", problem("a", "cause"), problem("b", "cause")))
        assert [f.path for f in report.findings] == ["a", "b"]

    def test_problem_of_several_causes_goes_with_the_first_that_is_known(self) -> None:
        lower = state("PLX101", problem("a", "one"), problem("b", "two"))
        upper = state("PLX102", problem("c", "two", "one"))
        first, second = on_change(lower, upper).findings
        assert (first.related, [r.path for r in second.related]) == ((), ["c"])

    def test_problems_without_a_cause_stay_apart(self) -> None:
        report = on_change(state("PLX101", problem("a")), state("PLX102", problem("a")))
        assert len(report.findings) == 2

    def test_same_consequence_is_told_once(self) -> None:
        twice = state("PLX102", problem("b", "x"), problem("b", "y"))
        (found,) = on_change(state("PLX101", problem("a", "x", "y")), twice).findings
        assert len(found.related) == 1


class TestNotRun:
    def test_rule_of_two_dialects_where_there_is_one(self) -> None:
        files = apply(base(), [Delete("packages/backend/drizzle.config.pg.ts")])
        head = Repository(MemoryTree(files), NOW)
        two = state("PLX102", problem("a"), needs=Needs.TWO_DIALECTS)
        report = check_repository(head, [two], PLEXUS, "no base")
        assert report.not_run == (NotRun("PLX102", ".", Needs.TWO_DIALECTS.value),)
        assert (report.findings, report.rules, report.exit_status) == ((), 0, 0)
        assert on_change(two).not_run == ()

    def test_rule_of_a_dialect_that_there_is_not(self) -> None:
        files = apply(base(), [Delete("packages/backend/drizzle.config.pg.ts")])
        head = Repository(MemoryTree(files), NOW)
        rules = [
            state("PLX301", problem("a"), needs=Needs.SQLITE),
            state("PLX306", problem("b"), needs=Needs.POSTGRESQL),
        ]
        report = check_repository(head, rules, PLEXUS, "no base")
        assert report.not_run == (NotRun("PLX306", ".", Needs.POSTGRESQL.value),)
        assert [finding.rule for finding in report.findings] == ["PLX301"]
        assert on_change(*rules).not_run == ()

    def test_dialect_that_no_config_says_is_not_taken_for_missing(self) -> None:
        config = "packages/backend/drizzle.config.pg.ts"
        unread = Write(config, "export default { dialect: process.env.D, out: './out' };\n")
        head = Repository(MemoryTree(apply(base(), [unread])), NOW)
        rule = state("PLX306", problem("b"), needs=Needs.POSTGRESQL)
        report = check_repository(head, [rule], PLEXUS, "no base")
        reason = (
            "no PostgreSQL database could be read off the configs; this rule is about PostgreSQL"
        )
        assert report.not_run == (NotRun("PLX306", ".", reason),)

    def test_rule_of_a_change_where_there_is_no_base(self) -> None:
        report = on_state([change("PLX201", problem("a")), state("PLX101")], "there is no git")
        assert report.not_run == (NotRun("PLX201", ".", "there is no git"),)
        assert (report.base, report.rules) == (None, 1)

    def test_rule_that_is_advice_is_not_counted(self) -> None:
        advice = Rule(
            id="PLX603",
            name="advice",
            since="0.1.0",
            obligation=state("X").obligation,
            statement="",
            why=(),
            remedy="",
            line=state("X").line,
            guides=(),
            advised_because="no program knows",
        )
        report = on_change(advice, state("PLX101"))
        assert (report.rules, report.not_run) == (1, ())

    def test_part_that_a_rule_skips_is_told_and_the_rule_has_run(self) -> None:
        skipping = state("PLX101", Skipped("a", "cannot be read"), problem("b"))
        report = on_change(skipping)
        assert report.not_run == (NotRun("PLX101", "a", "cannot be read"),)
        assert len(report.findings) == report.rules == 1

    def test_file_that_vanishes_stops_one_rule(self) -> None:
        def check(repository: Repository) -> Iterator[Problem]:
            yield problem("a")
            raise FileMissing("b: vanished while it was being checked")

        report = on_change(rule("PLX101", check), state("PLX102", problem("c")))
        assert report.not_run == (NotRun("PLX101", ".", "b: vanished while it was being checked"),)
        assert [f.path for f in report.findings] == ["a", "c"]
        assert report.incomplete == ()


class TestInternalError:
    @staticmethod
    def broken(repository: Repository) -> Iterator[Problem]:
        yield problem("seen-before")
        raise KeyError("oops")

    def test_is_told_with_its_place_and_hides_nothing(self) -> None:
        ours = rule("PLX101", self.broken)
        report = on_change(ours, state("PLX102", problem("a", severity=Severity.WARNING)))
        assert [f.path for f in report.findings] == ["a", "seen-before"]
        (told,) = report.not_run
        assert told.rule == "PLX101"
        assert told.reason.startswith("stopped by an internal error (KeyError: 'oops' at plexus_")
        assert report.incomplete == (f"PLX101 {told.reason}",)
        assert report.rules == 1

    def test_decides_the_status_unless_an_error_was_found(self) -> None:
        broken = failing("PLX101", KeyError())
        assert on_change(broken).exit_status == 2
        assert on_change(broken, state("PLX102", problem("a"))).exit_status == 1

    def test_of_a_remedy_that_names_nothing_is_one_too(self) -> None:
        wrong = state("PLX101", problem("a"), remedy="Run {nonsense}.")
        report = on_change(wrong, state("PLX102", problem("b")))
        assert [f.path for f in report.findings] == ["b"]
        assert "a remedy uses an unknown name" in report.incomplete[0]

    def test_of_endless_nesting_is_the_files_fault(self) -> None:
        report = on_change(failing("PLX101", RecursionError()))
        (told,) = report.not_run
        assert told == NotRun("PLX101", ".", "a file is nested too deeply for this rule")
        assert report.incomplete == ()

    @pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
    def test_is_none_where_a_person_stops_the_program(self, stop: type[BaseException]) -> None:
        with pytest.raises(stop):
            on_change(failing("PLX101", stop()))


class TestUnsupported:
    def test_lists_what_cannot_be_read_off_a_config(self) -> None:
        edit = Replace(CONFIG, "out: './drizzle/migrations'", "out: process.env.OUT")
        head = Repository(MemoryTree(apply(base(), [edit])), NOW)
        report = check_repository(head, [state("PLX101")], PLEXUS, "")
        (told,) = report.unsupported
        assert told.path == CONFIG
        assert told.reason.startswith("line ")
        assert report.exit_status == 0

    def test_lists_a_folder_for_each_migration(self) -> None:
        folder = "packages/backend/drizzle/migrations"
        edits: list[Edit] = [
            Delete(folder),
            Write(f"{folder}/20260101000000_first/migration.sql", "CREATE TABLE a (id int);"),
            Write(f"{folder}/20260101000000_first/snapshot.json", "{}"),
        ]
        head = Repository(MemoryTree(apply(base(), edits)), NOW)
        report = check_repository(head, [state("PLX101")], PLEXUS, "")
        assert [told.path for told in report.unsupported] == [folder]
        assert "not supported yet" in report.unsupported[0].reason
        assert [p.layout for p in report.projects] == ["journal", "folders"]

    def test_lists_what_the_base_alone_does_not_tell(self) -> None:
        edit = Replace(CONFIG, "out: './drizzle/migrations'", "out: process.env.OUT")
        before = Repository(MemoryTree(apply(base(), [edit])), NOW)
        (told,) = on_change(change("PLX201"), before=before).unsupported
        assert told.path == CONFIG
        assert told.reason.startswith("in the base commit, line ")
        assert on_change(state("PLX101"), before=before).unsupported == ()
        both = check_change(Change(before, before), [change("PLX201")], PLEXUS)
        assert len(both.unsupported) == 1

    def test_lists_what_the_tree_passed_over(self) -> None:
        reason = "the directory cannot be read: permission denied"

        class Tree(MemoryTree):
            @property
            def passed_over(self) -> dict[str, str]:
                return {"a": reason}

        head = Repository(Tree(base()), NOW)
        report = check_repository(head, [state("PLX101")], PLEXUS, "")
        assert report.unsupported == (Unsupported("a", reason),)


class TestReport:
    def test_names_the_databases(self) -> None:
        projects = on_change(state("PLX101")).projects
        assert [(p.dialect, p.config, p.layout) for p in projects] == [
            ("postgresql", "packages/backend/drizzle.config.pg.ts", "journal"),
            ("sqlite", CONFIG, "journal"),
        ]
        assert projects[1].migrations == "packages/backend/drizzle/migrations"
        assert projects[1].schema == ("packages/backend/drizzle/schema/index.ts",)

    @pytest.mark.parametrize(
        ("levels", "status"),
        [
            ([], 0),
            ([Severity.INFO], 0),
            ([Severity.WARNING, Severity.INFO], 0),
            ([Severity.WARNING, Severity.ERROR], 1),
        ],
    )
    def test_only_an_error_gives_status_1(self, levels: list[Severity], status: int) -> None:
        problems = [problem(str(level), severity=level) for level in levels]
        report = on_change(state("PLX101", *problems))
        assert report.exit_status == status
        assert [report.count(level) for level in Severity] == [
            levels.count(level) for level in Severity
        ]


def test_remedy_describes_what_the_profile_does_not_know() -> None:
    assert "every config" not in remedy("{generate}", PLEXUS)
    assert remedy("No names at all.", PLEXUS) == "No names at all."


def test_remedy_falls_back_where_a_name_is_unknown() -> None:
    line = Line("Use {get_schema}() of {client}.", fallback="Choose by dialect.")
    assert remedy(line, PLEXUS) == "Use getSchema() of packages/backend/src/db/client.ts."
    assert remedy(line, replace(PLEXUS, client=None)) == "Choose by dialect."
    with pytest.raises(ValueError, match="has no fallback"):
        remedy("Use {client}.", replace(PLEXUS, client=None))


def test_every_remedy_reads_well_where_nothing_is_known() -> None:
    nothing = Profile("", "", None, None, (), ())
    for known in all_rules():
        text = remedy(known.remedy, nothing)
        assert "{" not in text
        assert "the function of" not in text
