"""``plexus-rules prove`` says what was found, and its exit status says whether to worry."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plexus_rules.cli import main
from plexus_rules.lab import proving
from plexus_rules.lab.evidence import Decision, Evidence, OnLine, Step, Tried
from plexus_rules.lab.experiment import Experiment
from plexus_rules.lab.records import read_records
from plexus_rules.lab.toolbox import NoToolbox

CLAIM = "unjournaled-never-runs"
STEPS = (Step("migrate", "migrate()", output=("error: 42701 it exists",)),)


def gave(so: bool = True, stated: bool = True, stopped: str = "") -> OnLine:
    decisions = () if stopped else (Decision("migrate fails", so, 1),)
    run = Tried("PostgreSQL", STEPS, decisions, stopped, stopped=bool(stopped))
    return OnLine(stated, {"drizzle-kit": "0.31.11"}, (run,))


@pytest.fixture
def outcome(monkeypatch: pytest.MonkeyPatch) -> dict[str, OnLine]:
    """What the experiments are made to give, by line."""
    lines = {"v0": gave()}

    def prove(chosen: Sequence[Experiment], *_: object, **__: object) -> list[Evidence]:
        return [Evidence(one.claim.id, one.claim.sentence, lines) for one in chosen]

    monkeypatch.setattr(proving, "prove", prove)
    return lines


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["prove", *arguments])


def test_a_claim_that_holds_exits_0_and_shows_what_decided(outcome: dict[str, OnLine]) -> None:
    result = run(CLAIM)
    assert result.exit_code == 0
    assert "migrate fails [error: 42701 it exists]" in result.output
    assert "v0: 1 claim: 1 holds; 0 against what is stated" in result.output


def test_a_claim_that_does_not_hold_exits_1(outcome: dict[str, OnLine]) -> None:
    outcome["v0"] = gave(so=False)
    result = run(CLAIM)
    assert result.exit_code == 1
    assert "PostgreSQL: not so: migrate fails" in result.output


def test_a_claim_may_fail_on_a_line_for_which_it_is_not_stated(outcome: dict[str, OnLine]) -> None:
    outcome["v1"] = gave(so=False, stated=False)
    result = run(CLAIM)
    assert result.exit_code == 0
    assert "(not stated for this line)" in result.output


def test_an_experiment_that_breaks_exits_2_and_is_not_recorded(
    outcome: dict[str, OnLine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome["v0"] = gave(stopped="KeyError: 'items'")
    source_tree(tmp_path, monkeypatch)
    result = run(CLAIM, "--record")
    assert result.exit_code == 2
    assert "could not be tried: KeyError: 'items'" in result.output
    assert read_records(tmp_path / "docs/evidence", [CLAIM]) == {}


def test_steps_are_printed_on_request(outcome: dict[str, OnLine]) -> None:
    assert "> migrate()" not in run(CLAIM).output
    assert "> migrate()" in run(CLAIM, "--steps").output


def test_a_record_is_written_and_lines_not_tried_stay(
    outcome: dict[str, OnLine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source_tree(tmp_path, monkeypatch)
    assert run(CLAIM, "--record").exit_code == 0
    del outcome["v0"]
    outcome["v1"] = gave(stated=False)
    assert run(CLAIM, "--line", "v1", "--record").exit_code == 0
    record = read_records(tmp_path / "docs/evidence", [CLAIM])[CLAIM]
    assert record.lines == {"v0": gave(), "v1": gave(stated=False)}


def test_a_record_that_cannot_be_read_is_not_cut_to_one_line(
    outcome: dict[str, OnLine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source_tree(tmp_path, monkeypatch)
    bad = tmp_path / "docs/evidence" / f"{CLAIM}.json"
    bad.parent.mkdir(parents=True)
    bad.write_text("<<<<<<< HEAD\n")
    result = run(CLAIM, "--line", "v0", "--record")
    assert result.exit_code == 2
    assert str(bad) in result.output
    assert bad.read_text() == "<<<<<<< HEAD\n"
    assert run(CLAIM, "--record").exit_code == 0
    assert read_records(bad.parent, [CLAIM])[CLAIM].lines == outcome


def test_a_claim_that_is_named_twice_is_tried_once(outcome: dict[str, OnLine]) -> None:
    assert "v0: 1 claim:" in run(CLAIM, CLAIM).output


def test_a_record_needs_the_source_tree(
    outcome: dict[str, OnLine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(CLAIM, "--record")
    assert result.exit_code == 2
    assert "source tree" in result.output


def test_an_unknown_claim_is_an_error_with_the_nearest(outcome: dict[str, OnLine]) -> None:
    result = run("unjournaled-never-run")
    assert result.exit_code == 2
    assert f"did you mean {CLAIM}?" in result.output


def test_claims_are_listed_without_running_anything() -> None:
    result = run("--list")
    assert result.exit_code == 0
    assert f"{CLAIM}: " in result.output


def test_what_cannot_be_installed_is_exit_2(monkeypatch: pytest.MonkeyPatch) -> None:
    def prove(*_: object, **__: object) -> list[Evidence]:
        raise NoToolbox("node is not installed")

    monkeypatch.setattr(proving, "prove", prove)
    result = run(CLAIM)
    assert result.exit_code == 2
    assert "node is not installed" in result.output


def source_tree(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "mkdocs.yml").touch()
    (root / "plexus_rules").mkdir()
    monkeypatch.chdir(root)
