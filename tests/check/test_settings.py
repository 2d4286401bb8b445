"""Settings: what they may say, and how a mistake in them is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from plexus_rules.catalog import all_rules
from plexus_rules.check.settings import (
    MAX_SETTINGS_BYTES,
    PYPROJECT,
    SETTINGS_FILE,
    Settings,
    SettingsError,
    find_settings,
    parse_settings,
    read_settings,
)
from plexus_rules.finding import Severity
from plexus_rules.profile import Generator
from plexus_rules.trees import DirectoryTree, MemoryTree

FULL = """\
select = ["PLX2", "raw-ddl"]
ignore = ["PLX206"]
generator = "ci"
raw-ddl-allowed-in = ["scripts/", "src/db/bootstrap.ts"]
baseline = "quality/known.json"

[levels]
PLX201 = "warning"
raw-ddl = "info"

[[waivers]]
rule = "PLX205"
path = "drizzle/meta/_journal.json"
text = "0007_late"
reason = "It ran on every database before the clock was set."

[[waivers]]
rule = "edited-migration"
path = "drizzle/*.sql"
reason = "They could never apply."
"""


def parsed(text: str | bytes, file: str = SETTINGS_FILE) -> Settings:
    return parse_settings(text.encode() if isinstance(text, str) else text, file, all_rules())


def found(files: dict[str, str | bytes]) -> Settings:
    data = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    return find_settings(MemoryTree(data), all_rules())


def refused(text: str | bytes, file: str = SETTINGS_FILE) -> str:
    with pytest.raises(SettingsError) as caught:
        parsed(text, file)
    return str(caught.value)


class TestWhatTheySay:
    def test_everything(self) -> None:
        settings = parsed(FULL)
        assert settings.select == "PLX2,raw-ddl"
        assert settings.ignore == "PLX206"
        assert settings.generator is Generator.CI
        assert [pattern.text for pattern in settings.raw_ddl] == ["scripts/", "src/db/bootstrap.ts"]
        assert settings.baseline == "quality/known.json"
        assert settings.levels == {"PLX201": Severity.WARNING, "PLX401": Severity.INFO}
        first, second = settings.waivers
        assert (first.rule, first.path.text, first.text, first.line) == (
            "PLX205",
            "drizzle/meta/_journal.json",
            "0007_late",
            11,
        )
        assert (second.rule, second.reason, second.file, second.line) == (
            "PLX201",
            "They could never apply.",
            SETTINGS_FILE,
            17,
        )

    @pytest.mark.parametrize("text", ["", "\n", "# nothing", "\ufeff"])
    def test_nothing(self, text: str) -> None:
        assert parsed(text) == Settings()

    def test_the_same_with_crlf_and_bom(self) -> None:
        assert parsed("\ufeff" + FULL.replace("\n", "\r\n")) == parsed(FULL)

    def test_the_same_in_a_pyproject(self) -> None:
        lines = FULL.replace("[[waivers]]", "[[tool.plexus-rules.waivers]]")
        lines = lines.replace("[levels]", "[tool.plexus-rules.levels]")
        settings = parsed(f'[project]\nname = "a"\n[tool.plexus-rules]\n{lines}', PYPROJECT)
        assert settings.levels == parsed(FULL).levels
        assert [w.reason for w in settings.waivers] == [w.reason for w in parsed(FULL).waivers]
        assert [w.line for w in settings.waivers] == [14, 20]

    def test_waivers_in_one_line(self) -> None:
        (waiver,) = parsed('waivers = [{rule = "PLX201", path = "a.sql", reason = "why"}]').waivers
        assert (waiver.rule, waiver.line) == ("PLX201", 0)


class TestWhereTheyStand:
    def test_nowhere(self) -> None:
        assert found({}) == Settings()

    def test_in_a_file_of_their_own_before_all_others(self) -> None:
        files: dict[str, str | bytes] = {
            SETTINGS_FILE: 'generator = "ci"',
            PYPROJECT: '[tool.plexus-rules]\ngenerator = "author"\n',
        }
        assert found(files).generator is Generator.CI
        del files[SETTINGS_FILE]
        assert found(files).generator is Generator.AUTHOR

    @pytest.mark.parametrize(
        "text",
        [
            "[project]\nname = 1",
            "not TOML at all [",
            '[project]\ndependencies = ["plexus-rules"]\n[tool.other]\nx = 1\n',
            "tool = 1 # plexus-rules\n",
            '[tool]\nother = "plexus-rules"\n',
        ],
    )
    def test_not_in_the_pyproject_of_another(self, text: str) -> None:
        assert found({PYPROJECT: text}) == Settings()

    def test_not_below_the_root(self) -> None:
        assert found({f"packages/a/{SETTINGS_FILE}": "nonsense"}) == Settings()

    def test_in_a_file_that_a_person_names(self, tmp_path: Path) -> None:
        file = tmp_path / "any.toml"
        file.write_text('generator = "ci"')
        assert read_settings(file, all_rules()).generator is Generator.CI

    def test_named_file_must_be_there(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="no such file"):
            read_settings(tmp_path / "nowhere.toml", all_rules())
        with pytest.raises(SettingsError, match="is a directory"):
            read_settings(tmp_path, all_rules())

    def test_link_out_of_the_directory_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "outside.toml").write_text("")
        root = tmp_path / "root"
        root.mkdir()
        (root / SETTINGS_FILE).symlink_to(tmp_path / "outside.toml")
        with pytest.raises(SettingsError, match="a link that leaves the checked directory"):
            find_settings(DirectoryTree(root), all_rules())

    def test_directory_in_their_place(self, tmp_path: Path) -> None:
        (tmp_path / SETTINGS_FILE).mkdir()
        with pytest.raises(SettingsError, match="is a directory"):
            find_settings(DirectoryTree(tmp_path), all_rules())

    def test_pipe_in_their_place_does_not_hang(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / SETTINGS_FILE)
        with pytest.raises(SettingsError, match="not a file"):
            find_settings(DirectoryTree(tmp_path), all_rules())


class TestMistakes:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("levles = {}", "plexus-rules.toml:1: levles is no setting: did you mean levels?"),
            ("\n\nxyz = 1", ":3: xyz is no setting: there are select, ignore, levels, "),
            ('select = "PLX2"', ":1: select must be a list, and is 'PLX2'"),
            ("select = [2]", ":1: select must be a list of texts, and holds a number"),
            ('select = [""]', "must be a list of texts, and holds ''"),
            ("select = []", ":1: select names no rule"),
            ('ignore = ["PLX9"]', ":1: ignore cannot be used: no rule 'plx9'; "),
            ('ignore = ["edited-migrations"]', "did you mean edited-migration? See"),
            ("levels = 1", ":1: levels must be a table, and is a number"),
            ("levels = 2026-01-01", "must be a table, and is a date or time"),
            ('[levels]\nPLX201 = "fatal"', ":2: PLX201 must be error or warning or info, and is"),
            ('[levels]\nPLX201 = "off"', ":2: PLX201 is off, which is no level; leave the rule"),
            ("[levels]\nPLX201 = 1", ":2: PLX201 must be a text, and is a number"),
            ('[levels]\nPLX2 = "info"', ":2: PLX2 cannot be used: no rule 'PLX2'"),
            ('[levels]\nPLX403 = "info"', "PLX403 is advice, which no check reports"),
            (
                '[levels]\nPLX201="info"\nedited-migration="info"',
                ":3: edited-migration names PLX201",
            ),
            ('generator = "robot"', ":1: generator must be author or ci, and is 'robot'"),
            ("generator = true", ":1: generator must be a text, and is true or false"),
            ('raw-ddl-allowed-in = "scripts"', "raw-ddl-allowed-in must be a list"),
            ('raw-ddl-allowed-in = ["../x"]', "cannot be used: '../x' fits nothing inside"),
            ('baseline = "../known.json"', ":1: baseline must be a .json file inside"),
            ('baseline = "/etc/known.json"', ":1: baseline must be a .json file inside"),
            ('baseline = "src/index.ts"', ":1: baseline must be a .json file inside"),
            ('baseline = " "', ":1: baseline is empty"),
            ("waivers = 1", ":1: waivers must be a list, and is a number"),
            ("waivers = [1]", ":1: waivers must be a list of tables, and holds a number"),
            ("[waivers]", ":1: waivers must be a list, and is a table"),
            ("[[waivers]]\n" * 1001, ":1: waivers are more than 1000; a baseline serves better"),
            ("a = ?", "plexus-rules.toml: is not TOML: Invalid value (at line 1, column 5)"),
            ("a = 1\na = 2", "plexus-rules.toml: is not TOML: "),
            ("a = 2026-02-31", "is not TOML: "),
            ("a = " + "1" * 5000, "is not TOML: "),
            (b"a = '\xff'\n", "plexus-rules.toml:1: is not UTF-8 text"),
            (b"\n\n\xff\xfe", "plexus-rules.toml:3: is not UTF-8 text"),
            ("a = " + "[" * 100_000, "is nested too deeply"),
            ("#" * (MAX_SETTINGS_BYTES + 1), "is larger than 256 KiB"),
        ],
    )
    def test_is_named_with_its_place(self, text: str | bytes, said: str) -> None:
        assert said in refused(text)

    @pytest.mark.parametrize(
        ("keys", "said"),
        [
            ('path = "a"\nreason = "b"', ":1: waivers 1 has no rule: name the rule"),
            ('rule = "PLX201"\nreason = "b"', ":1: waivers 1 has no path: name the file"),
            ('rule = "PLX201"\npath = "a"', ":1: waivers 1 has no reason: say why"),
            ('rule = "PLX201"\npath = "a"\nreason = ""', ":4: reason is empty"),
            ('rule = "PLX201"\npath = "a"\nreason = " \t"', ":4: reason is empty"),
            ('rule = "PLX201"\npath = "a"\nreason = 1', ":4: reason must be a text"),
            ('rule = "PLX299"\npath = "a"\nreason = "b"', ":2: rule cannot be used: no rule"),
            ('rule = "PLX403"\npath = "a"\nreason = "b"', ":2: rule cannot be used: PLX403 is adv"),
            ('rule = "PLX201"\npath = "!a"\nreason = "b"', ":3: path cannot be used: '!a' starts"),
            ('rule = "PLX201"\nfile = "a"\nreason = "b"', ":3: file is no setting: "),
            ('rule = "PLX201"\npath = "a"\ntext = ""\nreason = "b"', ":4: text is empty"),
            ('rules = ["PLX201"]\npath = "a"', ":2: rules is no setting: did you mean rule?"),
        ],
    )
    def test_in_a_waiver_are_named_with_their_place(self, keys: str, said: str) -> None:
        assert said in refused(f"[[waivers]]\n{keys}\n")

    def test_in_the_second_waiver_are_not_looked_for_in_the_first(self) -> None:
        first = '[[waivers]]\nrule = "PLX201"\npath = "a"\nreason = "b"\n'
        second = '[[waivers]]\nrule = "PLX201"\npath = "a"\n'
        assert ":5: waivers 2 has no reason" in refused(first + second)
        assert ":8: reason is empty" in refused(f'{first}{second}reason = ""')

    def test_in_a_pyproject_are_found_in_its_table(self) -> None:
        text = '[tool.other]\nselect = 1\n[tool.plexus-rules]\ngenerator = "ci"\nselect = 1\n'
        assert refused(text, PYPROJECT).startswith("pyproject.toml:5: select must be a list")
        with pytest.raises(SettingsError, match=r"tool\.plexus-rules must be a table"):
            parsed("tool.plexus-rules = 1", PYPROJECT)

    @pytest.mark.parametrize(
        "text",
        ["a." * 60_000 + "b = 1", "[a." + "a." * 60_000 + "a]", "x = {" + "a." * 60_000 + "a = 1}"],
    )
    def test_in_a_hostile_file_take_no_time(self, text: str) -> None:
        assert "plexus-rules.toml:1: has more than 200 dots" in refused(text)
