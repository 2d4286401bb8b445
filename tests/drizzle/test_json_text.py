"""JSON with positions."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.json_text import Malformed, has_mark, locate, parse_json
from plexus_rules.finding import WHOLE_FILE, Range

TEXT = b'{\r\n  "a": {"b": [1, {"\\u00e9": "x"}, "\xc3\xa9", 4]},\r\n  "a.b": null\r\n}'


def test_value_of_json() -> None:
    assert parse_json("x", TEXT) == {"a": {"b": [1, {"é": "x"}, "é", 4]}, "a.b": None}
    assert parse_json("x", b"\xef\xbb\xbf[1]") == [1]
    assert has_mark(b"\xef\xbb\xbf[1]")
    assert not has_mark(b"[1]")


@pytest.mark.parametrize(
    ("data", "place", "reason"),
    [
        (b"", WHOLE_FILE, "is empty"),
        (b'{\n  "a": 1,\n}', Range(3, 1, 3, 2), "is not JSON: "),
        (b'"\xc3\xa9" x', Range(1, 5, 1, 6), "is not JSON: extra data"),
        (b"[\n1\n=======\n>>>>>>> theirs\n]", Range(4, 1, 4, 2), "has unresolved conflict markers"),
        (b"[\n\xff\n]", Range(2, 1, 2, 2), "is not UTF-8 text"),
        (b"[-Infinity]", WHOLE_FILE, "is not JSON: -Infinity is not a JSON value"),
        (b"[" + b"9" * 5000 + b"]", WHOLE_FILE, "is not JSON: Exceeds"),
        (b"{" * 10, Range(1, 2, 1, 3), "is not JSON: "),
        (b'{"a":' * 50_000, WHOLE_FILE, "is nested too deeply to be read"),
    ],
)
def test_what_is_wrong_and_where(data: bytes, place: Range, reason: str) -> None:
    found = parse_json("x", data)
    assert isinstance(found, Malformed)
    assert (found.path, found.range) == ("x", place)
    assert found.reason.startswith(reason)


def test_signs_of_a_conflict_within_a_text_are_none() -> None:
    assert parse_json("x", b'["<<<<<<< HEAD", ">>>>>>> main"]') == ["<<<<<<< HEAD", ">>>>>>> main"]


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ((), Range(1, 1, 4, 2)),
        (("a", "b", 0), Range(2, 15, 2, 16)),
        (("a", "b", 2), Range(2, 35, 2, 38)),
        (("a.b",), Range(3, 10, 3, 14)),
        (("a", "missing", 0), Range(2, 8, 2, 43)),
        (("a", "b", 9), Range(2, 14, 2, 42)),
        (("a", 0), Range(2, 8, 2, 43)),
    ],
)
def test_place_of_a_value_or_of_the_last_that_was_found(
    keys: tuple[str | int, ...], place: Range
) -> None:
    assert locate(TEXT, keys) == place


@pytest.mark.parametrize("data", [b"", b"\xff", b"{" * 10_000, b"]"])
def test_place_in_what_is_no_json(data: bytes) -> None:
    assert locate(data, ("a", 0)).line == 1
