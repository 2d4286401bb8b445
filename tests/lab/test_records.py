"""A record can be read again, and says what is wrong with it where it cannot."""

from pathlib import Path

import pytest

from plexus_rules.lab.evidence import Decision, Evidence, OnLine, Step, Tried
from plexus_rules.lab.records import BadRecord, as_files, decode, encode, merged, read_records

TRIED = Tried(
    "SQLite (bun:sqlite)",
    (Step("kit", "drizzle-kit check", exit=1, output=("no",)), Step("migrate", "migrate()")),
    (Decision("check exits 1", True, 1),),
)
V0 = OnLine(True, {"drizzle-kit": "0.31.11"}, (TRIED,))
V1 = OnLine(False, {"drizzle-kit": "1.0.0"}, (Tried("SQLite", because="it has no journal"),))


def evidence(**lines: OnLine) -> Evidence:
    return Evidence("some-claim", "A sentence.", lines)


def test_a_record_is_read_as_it_was_written() -> None:
    assert decode(encode(evidence(v0=V0, v1=V1)), "some-claim.json") == evidence(v0=V0, v1=V1)


def test_a_line_that_was_not_tried_keeps_its_record() -> None:
    assert merged(evidence(v1=V1), evidence(v0=V0)) == evidence(v0=V0, v1=V1)
    assert merged(evidence(v0=V0), None) == evidence(v0=V0)


def test_a_file_is_named_for_its_claim(tmp_path: Path) -> None:
    ((name, data),) = as_files([evidence(v0=V0)], {}).items()
    (tmp_path / name).write_bytes(data)
    assert read_records(tmp_path, ["some-claim", "another"]) == {"some-claim": evidence(v0=V0)}


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"claim": 1}', b"\xff\xfe"])
def test_what_is_no_record_is_named_with_the_remedy(data: bytes) -> None:
    with pytest.raises(BadRecord, match=r"some-claim\.json: .*prove --record"):
        decode(data, "some-claim.json")
