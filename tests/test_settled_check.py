"""The check of a project that has settled something: settings, waivers, a baseline."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plexus_rules import CannotCheck, Severity, UnknownRule, check_directory
from plexus_rules.catalog import all_rules
from plexus_rules.check.comments import Comment, comments
from plexus_rules.check.path import Request, check_path
from plexus_rules.check.settings import BASELINE_FILE, SETTINGS_FILE, parse_settings
from plexus_rules.cli import main
from plexus_rules.gallery.run import NOW
from plexus_rules.profile import Generator
from plexus_rules.samples import base
from plexus_rules.trees import Append, Edit, Write, apply
from tests.check.helpers import problem, state
from tests.checkouts import Checkout, write
from tests.reporters.helpers import HOSTILE, is_harmless

ROOT = Path(__file__).parent.parent
BACKEND = "packages/backend"
MIGRATIONS = f"{BACKEND}/drizzle/migrations"
SQL = f"{MIGRATIONS}/0001_add_request_tokens.sql"
PUSH = "tools/setup.sh"
DDL = f"{BACKEND}/src/db/bootstrap.ts"
FAULTS: tuple[Edit, ...] = (
    Write(PUSH, "#!/bin/sh\necho start\ndrizzle-kit push\n"),
    Write(
        DDL,
        "import { sql } from 'drizzle-orm';\nimport { getDatabase } from './client';\n\n"
        "getDatabase().run(sql`CREATE TABLE cache (id text)`);\n",
    ),
)
WAIVER = f'[[waivers]]\nrule = "PLX402"\npath = "{PUSH}"\nreason = "A throw-away database."\n'


def run(*arguments: str | Path) -> Result:
    settled = {"CI": None, "NO_COLOR": None, "PLEXUS_RULES_URL": None}
    return CliRunner().invoke(main, ["check", *map(str, arguments)], env=settled)


def rules(result: Result) -> list[str]:
    """The rules of the findings in JSON."""
    return [found["rule"] for found in json.loads(result.stdout)["findings"]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The sample with a push in a script, and raw DDL in the code; no git."""
    return write(tmp_path, apply(base(), list(FAULTS)))


def test_faults_are_found_where_nothing_is_settled(project: Path) -> None:
    assert rules(run(project, "--format=json")) == ["PLX401", "PLX402"]


class TestSettings:
    def test_select_and_ignore(self, project: Path) -> None:
        write(project, {SETTINGS_FILE: 'select = ["PLX4"]\nignore = ["raw-ddl"]\n'})
        assert rules(run(project, "--format=json")) == ["PLX402"]

    def test_command_line_stands_before_them(self, project: Path) -> None:
        write(project, {SETTINGS_FILE: 'select = ["PLX4"]\nignore = ["raw-ddl"]\n'})
        assert rules(run(project, "--format=json", "--select=PLX401")) == ["PLX401"]
        assert rules(run(project, "--format=json", "--ignore=PLX201")) == ["PLX402"]
        assert rules(run(project, "--format=json", "--no-config")) == ["PLX401", "PLX402"]
        result = run(project, "--ignore=PLX402,PLX403,PLX404")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "of the settings, leave no rule to run" in result.stderr

    def test_level_decides_the_exit_status(self, project: Path) -> None:
        write(project, {SETTINGS_FILE: '[levels]\nPLX401 = "warning"\nschema-push = "info"\n'})
        result = run(project)
        assert result.exit_code == 0
        assert "1 warning, 1 info" in result.stdout

    def test_place_where_ddl_is_legitimate(self, project: Path) -> None:
        write(project, {SETTINGS_FILE: f'raw-ddl-allowed-in = ["{BACKEND}/src/db/"]\n'})
        result = run(project, "--format=json")
        assert rules(result) == ["PLX402"]
        assert json.loads(result.stdout)["suppressed"] == {"waived": 0, "baseline": 0}

    def test_of_another_file(self, project: Path, tmp_path: Path) -> None:
        write(project, {SETTINGS_FILE: 'select = ["PLX401"]\n', "ci.toml": 'select = ["PLX402"]'})
        assert rules(run(project, "--format=json", f"--config={project}/ci.toml")) == ["PLX402"]

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("levles = {}", "plexus-rules.toml:1: levles is no setting: did you mean levels?"),
            ("[[waivers]]\nrule = 'PLX402'\npath = 'a'", ":1: waivers 1 has no reason"),
            ("\x00", "is not TOML"),
            (f'"{HOSTILE[1:6]}" = 1', "is no setting"),
        ],
    )
    def test_that_are_wrong_stop_the_check(self, project: Path, text: str, said: str) -> None:
        write(project, {SETTINGS_FILE: text})
        result = run(project)
        assert (result.exit_code, result.stdout) == (2, "")
        assert said in result.stderr
        assert is_harmless(result.stderr)

    def test_that_are_missing_where_they_are_named(self, project: Path) -> None:
        result = run(project, f"--config={project}/nowhere.toml")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "nowhere.toml: no such file or directory" in result.stderr
        result = run(project, "--no-config", f"--config={project}/nowhere.toml")
        assert "--config and --no-config exclude each other" in result.stderr

    @pytest.mark.parametrize(
        ("generator", "level"), [("ci", Severity.INFO), ("author", Severity.ERROR)]
    )
    def test_who_generates(self, project: Path, generator: str, level: Severity) -> None:
        write(project, {SETTINGS_FILE: f'generator = "{generator}"\n'})
        rule = state("PLX901", problem("a.ts"), ci_remedy="Leave it to the CI.")
        (found,) = check_path(Request(project, (rule,), {}, NOW)).report.findings
        assert found.severity is level


class TestWaivers:
    def test_are_counted_and_listed_where_one_asks(self, project: Path) -> None:
        write(project, {SETTINGS_FILE: WAIVER})
        result = run(project)
        assert "PLX402" not in result.stdout
        assert result.stdout.endswith(" 1 waived)\n")
        listed = run(project, "--show-waived").stdout
        assert f"waived  {PUSH}:3:1  PLX402 schema-push  " in listed
        assert f"  {SETTINGS_FILE}:1: A throw-away database.\n" in listed
        value = json.loads(run(project, "--show-waived", "--format=json").stdout)
        assert value["suppressed"] == {"waived": 1, "baseline": 0}
        assert value["waived"][0]["finding"]["rule"] == "PLX402"

    def test_in_a_comment(self, project: Path) -> None:
        mark = "plexus-rules: waive"
        write(
            project,
            {
                PUSH: f"#!/bin/sh\n# {mark} PLX402 -- a throw-away database\ndrizzle-kit push\n",
                DDL: apply(base(), list(FAULTS))[DDL].replace(
                    b"getDatabase().run(",
                    f"// {mark} raw-ddl -- a cache\ngetDatabase().run(".encode(),
                ),
            },
        )
        result = run(project)
        assert result.exit_code == 0
        assert result.stdout.endswith(" 2 waived)\n")

    def test_that_waive_nothing_are_named(self, project: Path) -> None:
        write(project, {SETTINGS_FILE: WAIVER.replace("PLX402", "PLX111"), "a.ts": COMMENT})
        result = run(project)
        assert "plexus-rules.toml:1: PLX111 in tools/setup.sh: this waiver waives" in result.stderr
        assert "a.ts" not in result.stderr
        assert "a.ts:1: PLX111: this waiver waives nothing" in run(project, "--show-waived").stderr
        assert "PLX111" not in run(project, "--ignore=PLX111").stderr

    def test_of_landed_sql_stand_in_the_settings(self, tmp_path: Path) -> None:
        checkout = Checkout.new(tmp_path)
        edit = "\n-- plexus-rules: waive PLX201 -- it could never apply\nSELECT 1;\n"
        write(checkout.root, apply(base(), [Append(SQL, edit)]))
        result = run(checkout.root)
        assert result.exit_code == 1
        assert f"{SQL}:3: a comment cannot waive this in a migration that has" in result.stderr
        waiver = f'[[waivers]]\nrule = "PLX201"\npath = "{MIGRATIONS}/"\nreason = "It never ran."\n'
        write(checkout.root, {SETTINGS_FILE: waiver})
        assert run(checkout.root).exit_code == 2
        write(checkout.root, apply(base(), [Append(SQL, "\nSELECT 1;\n")]))
        assert run(checkout.root).exit_code == 0


COMMENT = "// plexus-rules: waive PLX111 -- it was once\nexport {};\n"


class TestBaseline:
    def test_makes_what_is_found_known(self, project: Path) -> None:
        result = run(project, "--write-baseline")
        assert result.exit_code == 0
        assert result.stdout.endswith(f"{BASELINE_FILE}: 2 known findings (2 added, 0 removed)\n")
        result = run(project)
        assert result.exit_code == 0
        assert result.stdout.endswith(" 2 in the baseline)\n")

    def test_is_the_same_when_it_is_written_again(self, project: Path) -> None:
        run(project, "--write-baseline")
        before = (project / BASELINE_FILE).read_bytes()
        assert "(0 added, 0 removed)" in run(project, "--write-baseline").stdout
        assert (project / BASELINE_FILE).read_bytes() == before

    def test_lets_new_findings_through_and_keeps_moved_ones_quiet(self, project: Path) -> None:
        run(project, "--write-baseline")
        write(project, {PUSH: "#!/bin/sh\n\n\n\ndrizzle-kit push\n"})
        assert run(project).exit_code == 0
        write(project, {PUSH: "#!/bin/sh\ndrizzle-kit push\ndrizzle-kit push --force\n"})
        result = run(project, "--format=json")
        assert (result.exit_code, rules(result)) == (1, ["PLX402"])

    def test_loses_what_is_mended(self, project: Path) -> None:
        run(project, "--write-baseline")
        (project / PUSH).unlink()
        result = run(project)
        assert f"{BASELINE_FILE}: PLX402 in {PUSH} is mended; to take it out" in result.stderr
        (stale,) = json.loads(run(project, "--format=json").stdout)["stale"]
        assert stale["path"] == BASELINE_FILE
        assert "(0 added, 1 removed)" in run(project, "--write-baseline").stdout
        assert run(project).stderr.count("mended") == 0

    def test_keeps_what_was_not_looked_for(self, project: Path) -> None:
        run(project, "--write-baseline")
        assert "2 known findings (0 added, 0 removed)" in (
            run(project, "--write-baseline", "--select=PLX401").stdout
        )

    def test_does_not_hold_what_is_waived(self, project: Path) -> None:
        write(project, {SETTINGS_FILE: WAIVER})
        assert "1 known finding (1 added" in run(project, "--write-baseline").stdout

    def test_lies_where_the_settings_or_a_person_name_it(self, project: Path) -> None:
        write(project, {SETTINGS_FILE: 'baseline = "quality/known.json"\n', "quality/x": ""})
        assert "no such file; to make it, run" in run(project).stderr
        run(project, "--write-baseline")
        assert (project / "quality/known.json").exists()
        assert run(project).exit_code == 0
        other = project / "other.json"
        assert "other.json: no such file" in run(project, f"--baseline={other}").stderr
        run(project, "--write-baseline", f"--baseline={other}")
        assert run(project, f"--baseline={other}").exit_code == 0

    @pytest.mark.parametrize(
        "data", [b"", b"\xff\x00", b'{\n<<<<<<< HEAD\n"plexus-rules-baseline"']
    )
    def test_that_is_broken_stops_the_check_and_is_made_anew(
        self, project: Path, data: bytes
    ) -> None:
        write(project, {BASELINE_FILE: data})
        result = run(project)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "to make it anew, run: plexus-rules check --write-baseline" in result.stderr
        if data != b"\xff\x00":
            assert run(project, "--write-baseline").exit_code == 0
            assert run(project).exit_code == 0

    def test_is_not_written_by_an_incomplete_check(self, project: Path) -> None:
        result = run(project, "--write-baseline", "--require-base")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "no baseline is written, for the check is incomplete: no base" in result.stderr
        assert not (project / BASELINE_FILE).exists()

    def test_is_never_written_over_a_file_of_the_project(self, project: Path) -> None:
        write(project, {SETTINGS_FILE: 'baseline = "package.json"\n'})
        result = run(project, "--write-baseline")
        assert result.exit_code == 2
        assert (project / "package.json").read_bytes() == base()["package.json"]


class TestSarif:
    def test_names_no_path_of_the_machine(self, project: Path) -> None:
        result = run(project, "--format=sarif")
        assert result.exit_code == 1
        (log,) = json.loads(result.stdout)["runs"]
        assert [found["ruleId"] for found in log["results"]] == ["PLX401", "PLX402"]
        assert str(project) not in result.stdout

    def test_counts_paths_from_the_top_of_the_repository(self, tmp_path: Path) -> None:
        Checkout.new(tmp_path, apply(base(), list(FAULTS)))
        result = run(tmp_path / BACKEND, "--format=sarif")
        (found,) = json.loads(result.stdout)["runs"][0]["results"]
        place = found["locations"][0]["physicalLocation"]["artifactLocation"]
        assert place == {"uri": DDL, "uriBaseId": "%SRCROOT%"}


class TestApi:
    def test_has_what_the_command_line_has(self, project: Path) -> None:
        write(project, {SETTINGS_FILE: f'[levels]\nPLX401 = "info"\n\n{WAIVER}'})
        report = check_directory(project, environ={})
        assert [found.severity for found in report.findings] == [Severity.INFO]
        assert [waived.reason for waived in report.waived] == ["A throw-away database."]
        assert len(check_directory(project, environ={}, no_config=True).findings) == 2
        run(project, "--write-baseline", f"--baseline={project}/known.json")
        report = check_directory(project, environ={}, baseline=project / "known.json")
        assert (report.findings, len(report.known)) == ((), 1)

    def test_says_what_cannot_be_read(self, project: Path) -> None:
        with pytest.raises(CannotCheck, match="no such file"):
            check_directory(project, environ={}, config=project / "nowhere.toml")
        with pytest.raises(CannotCheck, match="no such file"):
            check_directory(project, environ={}, baseline=project / "nowhere.json")
        with pytest.raises(UnknownRule, match="no rule 'plx9'"):
            check_directory(project, environ={}, select="PLX9")


class TestPage:
    """What docs/check.md shows works as it is shown."""

    TEXT = (ROOT / "docs/check.md").read_text("utf-8")

    def fence(self, language: str) -> str:
        found = re.search(rf"^```{language}\n(.*?)^```$", self.TEXT, re.MULTILINE | re.DOTALL)
        assert found
        return found[1]

    def test_settings(self) -> None:
        settings = parse_settings(self.fence("toml").encode(), SETTINGS_FILE, all_rules())
        assert settings.generator is Generator.CI
        assert len(settings.waivers) == 1
        assert len(settings.levels) == 2

    @pytest.mark.parametrize("language", ["sql", "ts"])
    def test_comments(self, language: str) -> None:
        (found,) = comments(f"a.{language}", self.fence(language), all_rules())
        assert isinstance(found, Comment)
