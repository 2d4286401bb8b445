"""Every claim is tried on the real Drizzle, and what the pages show of it is what happens."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from plexus_rules.catalog import all_rules, claims
from plexus_rules.lab.evidence import Evidence, OnLine
from plexus_rules.lab.experiment import experiments
from plexus_rules.lab.records import read_records, record_name
from plexus_rules.lab.transcript import transcript
from plexus_rules.pages.source_tree import EVIDENCE
from plexus_rules.rule import Claim

ROOT = Path(__file__).parents[2]
CLAIMS = {value.id: value for value in vars(claims).values() if isinstance(value, Claim)}
RECORDS = read_records(ROOT / EVIDENCE, CLAIMS)

each_claim = pytest.mark.parametrize("claim", sorted(CLAIMS))


@each_claim
def test_a_claim_has_an_experiment_and_a_record(claim: str) -> None:
    assert claim in experiments()
    assert claim in RECORDS, "record it: plexus-rules prove --record"
    assert RECORDS[claim].sentence == CLAIMS[claim].sentence


def test_no_experiment_and_no_record_is_left_of_a_claim_that_is_gone() -> None:
    assert experiments().keys() == CLAIMS.keys()
    files = {path.name for path in (ROOT / EVIDENCE).glob("*.json")} - {"drizzle-kit-check.json"}
    assert files == {record_name(claim) for claim in CLAIMS}


@each_claim
def test_the_record_holds_where_the_claim_is_stated(claim: str) -> None:
    record = RECORDS[claim]
    assert set(CLAIMS[claim].lines) <= record.lines.keys() == {"v0", "v1"}
    assert [name for name, on in record.lines.items() if on.contradicts] == []
    for name, on in record.lines.items():
        assert on.stated == (name in CLAIMS[claim].lines)


@each_claim
def test_the_claim_holds_where_it_is_stated(claim: str, tried: Mapping[str, Evidence]) -> None:
    for name, on in tried[claim].lines.items():
        shown = "\n\n".join(f"{name}, {run.on}\n{transcript(run)}" for run in on.tried)
        assert not on.stopped, shown
        assert not on.contradicts, shown


@each_claim
def test_the_record_shows_what_happens(claim: str, tried: Mapping[str, Evidence]) -> None:
    for name, on in tried[claim].lines.items():
        recorded = RECORDS[claim].lines[name]
        assert decisions(recorded) == decisions(on), "record it: plexus-rules prove --record"
        if recorded.versions == on.versions:
            assert recorded == on, "record it: plexus-rules prove --record"


def decisions(on: OnLine) -> list[list[tuple[str, bool]]]:
    return [[(decision.says, decision.so) for decision in run.decisions] for run in on.tried]


def test_every_claim_has_a_rule_that_rests_on_it() -> None:
    assert {claim.id for rule in all_rules() for claim in rule.why} == CLAIMS.keys()
