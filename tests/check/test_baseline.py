"""Known findings are quiet, new ones are not, and mended ones are named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from plexus_rules.check import Report
from plexus_rules.check.baseline import (
    BaselineError,
    Known,
    baseline_place,
    baseline_text,
    find_baseline,
    new_baseline,
    parse_baseline,
    read_baseline,
    without_known,
    write_baseline,
)
from plexus_rules.check.settings import BASELINE_FILE
from plexus_rules.finding import Finding, NotRun, Range
from plexus_rules.trees import DirectoryTree, MemoryTree
from tests.check.helpers import state
from tests.reporters.helpers import HOSTILE, finding, report

RULES = (state("PLX201"), state("PLX205"))
TEXT = b"SELECT 1;\nDROP TABLE a;\nDROP TABLE a;\nDROP TABLE b;\n"
TREE = MemoryTree({"a.sql": TEXT})


def at(line: int, rule: str = "PLX201", path: str = "a.sql") -> Finding:
    return finding(path, Range(line, 1, line, 14), rule=rule)


def known(*findings: Finding) -> tuple[Known, ...]:
    return new_baseline(report(*findings), (), TREE, RULES)


def against(
    baseline: tuple[Known, ...], now: Report, tree: MemoryTree = TREE
) -> tuple[tuple[Finding, ...], tuple[Finding, ...], list[str]]:
    """What is reported, what is known, and what is mended."""
    after = without_known(now, baseline, "known.json", tree, RULES)
    return after.findings, after.known, [entry.reason for entry in after.stale]


class TestFindings:
    def test_that_are_known_are_quiet_and_new_ones_are_not(self) -> None:
        baseline = known(at(2), at(4))
        new = at(2, "PLX205")
        assert against(baseline, report(at(2), new, at(4))) == ((new,), (at(2), at(4)), [])

    def test_are_known_where_their_lines_have_moved_to(self) -> None:
        moved = MemoryTree({"a.sql": b"\n\n\n" + TEXT})
        assert against(known(at(2)), report(at(5)), moved) == ((), (at(5),), [])

    def test_one_more_of_the_same_is_new(self) -> None:
        reported, quiet, _ = against(known(at(2)), report(at(2), at(3)))
        assert (reported, quiet) == ((at(3),), (at(2),))

    def test_that_are_mended_are_named(self) -> None:
        _, _, mended = against(known(at(2), at(4)), report(at(4)))
        assert mended == [
            "PLX201 in a.sql is mended; to take it out, run: plexus-rules check --write-baseline"
        ]

    @pytest.mark.parametrize(
        "missed", [NotRun("PLX201", ".", "no base"), NotRun("PLX201", "a.sql", "too large")]
    )
    def test_that_were_not_looked_for_are_not_mended(self, missed: NotRun) -> None:
        now = report(not_run=(missed,))
        assert against(known(at(2)), now) == ((), (), [])
        assert new_baseline(now, known(at(2)), TREE, RULES) == known(at(2))

    def test_of_a_rule_that_is_not_selected_stay_in_it(self) -> None:
        old = known(at(2), at(4, "PLX205"))
        new = new_baseline(report(at(3)), old, TREE, RULES[:1])
        assert {entry.rule for entry in new} == {"PLX201", "PLX205"}

    def test_that_are_all_known_make_no_error(self) -> None:
        after = without_known(report(at(2)), known(at(2)), "known.json", TREE, RULES)
        assert after.exit_status == 0


class TestText:
    def test_is_sorted_and_names_no_line(self) -> None:
        text = baseline_text(known(at(4, "PLX205"), at(4), at(2)))
        value = json.loads(text)
        assert value["plexus-rules-baseline"] == 1
        assert [entry["rule"] for entry in value["findings"]] == ["PLX201", "PLX201", "PLX205"]
        assert set(value["findings"][0]) == {"rule", "path", "message", "key"}
        assert text.endswith("\n")

    def test_is_the_same_for_the_same_findings_in_any_lines(self) -> None:
        moved = MemoryTree({"a.sql": b"\n" + TEXT})
        later = new_baseline(report(at(3), at(5)), (), moved, RULES)
        assert baseline_text(later) == baseline_text(known(at(2), at(4)))

    def test_is_read_back(self) -> None:
        hostile = known(replace(at(2), message=HOSTILE, path=HOSTILE))
        text = baseline_text(hostile)
        assert text.isascii()
        assert parse_baseline(text.encode(), "x") == hostile

    def test_is_read_with_crlf_and_bom(self) -> None:
        text = "\ufeff" + baseline_text(known(at(2))).replace("\n", "\r\n")
        assert parse_baseline(text.encode(), "x") == known(at(2))

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"", "is not JSON"),
            (b"{", "is not JSON"),
            (b"\x00\x01\xff\xfe", "is not UTF-8 text"),
            (b"[" * 100_000, "is not JSON"),
            (b'{\n<<<<<<< HEAD\n"a": 1\n=======\n', "has conflict markers"),
            (b"[]", "is no baseline"),
            (b"1", "is no baseline"),
            (b'{"findings": {}}', "is no baseline"),
            (b'{"findings": []}', "is of another version than 1"),
            (b'{"plexus-rules-baseline": 2, "findings": []}', "is of another version than 1"),
            (b'{"plexus-rules-baseline": 1, "findings": [1]}', "for its finding 1"),
            (
                b'{"plexus-rules-baseline": 1, "findings": [{"rule": "PLX201"}]}',
                "has no path, rule",
            ),
        ],
    )
    def test_that_is_none_says_what_helps(self, data: bytes, said: str) -> None:
        with pytest.raises(BaselineError, match="to make it anew, run: plexus-rules") as caught:
            parse_baseline(data, "known.json")
        assert said in str(caught.value)

    def test_that_is_too_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("plexus_rules.check.baseline.MAX_FILE_BYTES", 10)
        with pytest.raises(BaselineError, match="is larger than"):
            parse_baseline(b" " * 11, "known.json")


class TestFile:
    def test_is_read_from_the_directory(self) -> None:
        tree = MemoryTree({"a/known.json": baseline_text(known(at(2))).encode()})
        assert find_baseline(tree, "a/known.json") == known(at(2))

    def test_must_be_there(self, tmp_path: Path) -> None:
        with pytest.raises(BaselineError, match="no such file; to make it, run: plexus-rules"):
            find_baseline(MemoryTree({}), "known.json")
        with pytest.raises(BaselineError, match="no such file or directory; to make it, run"):
            read_baseline(tmp_path / "known.json")

    def test_that_a_person_names_is_read(self, tmp_path: Path) -> None:
        write_baseline(tmp_path / "known.json", known(at(2)))
        assert read_baseline(tmp_path / "known.json") == known(at(2))

    def test_link_out_of_the_directory_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "known.json").write_text(baseline_text(()))
        root = tmp_path / "root"
        root.mkdir()
        (root / BASELINE_FILE).symlink_to(tmp_path / "known.json")
        with pytest.raises(BaselineError, match="a link that leaves"):
            find_baseline(DirectoryTree(root), BASELINE_FILE)

    def test_directory_in_its_place(self, tmp_path: Path) -> None:
        (tmp_path / BASELINE_FILE).mkdir()
        with pytest.raises(BaselineError, match="no such file"):
            find_baseline(DirectoryTree(tmp_path), BASELINE_FILE)
        with pytest.raises(BaselineError, match="directory"):
            write_baseline(tmp_path / BASELINE_FILE, ())


class TestWriting:
    def test_replaces_the_file_whole_and_keeps_its_rights(self, tmp_path: Path) -> None:
        file = tmp_path / "known.json"
        write_baseline(file, known(at(2)))
        file.chmod(0o604)
        write_baseline(file, known(at(4)))
        assert read_baseline(file) == known(at(4))
        assert file.stat().st_mode & 0o777 == 0o604
        assert [entry.name for entry in tmp_path.iterdir()] == ["known.json"]

    def test_leaves_nothing_behind_where_it_fails(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = tmp_path / "known.json"
        write_baseline(file, known(at(2)))

        def fail(self: Path, target: Path) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "replace", fail)
        with pytest.raises(BaselineError, match="no space left on device"):
            write_baseline(file, known(at(4)))
        assert read_baseline(file) == known(at(2))
        assert [entry.name for entry in tmp_path.iterdir()] == ["known.json"]

    @pytest.mark.parametrize("text", ["", baseline_text(()), "{\n<<<<<<<\n  "])
    def test_goes_over_a_baseline_and_what_a_merge_made_of_it(
        self, tmp_path: Path, text: str
    ) -> None:
        file = tmp_path / "known.json"
        if text.startswith("{\n<<"):
            text += baseline_text(())
        file.write_text(text)
        write_baseline(file, known(at(2)))
        assert read_baseline(file) == known(at(2))

    def test_never_goes_over_another_file(self, tmp_path: Path) -> None:
        file = tmp_path / "package.json"
        file.write_text('{"name": "a"}')
        with pytest.raises(BaselineError, match="is no baseline, and is not overwritten"):
            write_baseline(file, ())
        assert file.read_text() == '{"name": "a"}'

    def test_into_a_directory_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(BaselineError, match="no such file or directory"):
            write_baseline(tmp_path / "nowhere" / "known.json", ())

    def test_stays_inside_of_the_directory(self, tmp_path: Path) -> None:
        root = tmp_path / "root"
        (root / ".git").mkdir(parents=True)
        (root / "out").symlink_to(tmp_path)
        tree = DirectoryTree(root)
        assert baseline_place(tree, None) == root / BASELINE_FILE
        assert baseline_place(tree, "quality/known.json") == root / "quality/known.json"
        for path in ("out/known.json", ".git/known.json", "node_modules/a/known.json"):
            with pytest.raises(BaselineError, match="outside of the checked directory"):
                baseline_place(tree, path)

    def test_replaces_a_link_and_not_what_it_leads_to(self, tmp_path: Path) -> None:
        target = tmp_path / "target.json"
        target.write_text("")
        (tmp_path / "known.json").symlink_to(target)
        write_baseline(tmp_path / "known.json", known(at(2)))
        assert target.read_text() == ""
        assert not (tmp_path / "known.json").is_symlink()
