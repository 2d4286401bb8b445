"""Whatever the files hold, the check ends with a report, and what it prints is harmless."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from plexus_rules.catalog import all_rules
from plexus_rules.check import check_change
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.gallery.run import NOW
from plexus_rules.profile import read_profile
from plexus_rules.reporters import render_github, render_json, render_text
from plexus_rules.reporters.notes import notes
from plexus_rules.samples import ADD_COLUMN_BOTH, ADD_ENUM_VALUE_PG, SQUASH_BOTH, files
from plexus_rules.trees import MemoryTree, NoBase
from tests.reporters.helpers import is_harmless

Files = dict[str, bytes]

#: Pieces that mean something to one reader or another.
PIECES = [
    *[b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\x1b[31m", b"\xe2\x80\xae"],
    *[b"{", b"}", b"[", b"]", b"(", b")", b"'", b'"', b"`", b"${", b"/*", b"//", b"\\", b"\\ud800"],
    *[
        b"null",
        b"-1",
        b"1e999",
        b"NaN",
        b"true",
        b"[]",
        b"{}",
        b'""',
        b"<<<<<<< HEAD\n",
        b"*",
        b"..",
    ],
    *[b"--> statement-breakpoint", b";", b"--", b"export default ", b"export * from './index';\n"],
    *[b"import x from '..';\n", b"drizzle-kit push", b"process.env.X", b"...", b" ? a : b"],
]


@cache
def samples() -> list[Files]:
    steps = [(), (ADD_COLUMN_BOTH,), (SQUASH_BOTH,), (ADD_ENUM_VALUE_PG,)]
    return [files(*step) for step in steps]


def values(value: Any) -> list[tuple[Any, Any]]:
    """Every place of a JSON value: what holds it, and under which key."""
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    found = [(value, key) for key in keys]
    return found + [
        inner for key in keys if isinstance(value[key], dict | list) for inner in values(value[key])
    ]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)


@st.composite
def changed(draw: st.DrawFn) -> Files:
    """A sample in which some files were damaged, swapped, renamed or deleted."""
    result = dict(draw(st.sampled_from(samples())))
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(sorted(result)))
        data = result[path]
        kind = draw(st.sampled_from(["cut", "splice", "splice", "json", "swap", "any", "delete"]))
        at = draw(st.integers(0, len(data)))
        end = draw(st.integers(at, min(len(data), at + 60)))
        if kind == "cut":
            result[path] = data[:at]
        elif kind == "splice":
            result[path] = data[:at] + draw(st.sampled_from(PIECES)) + data[end:]
        elif kind == "json" and path.endswith(".json"):
            result[path] = damaged(draw, data)
        elif kind == "swap":
            result[path] = result[draw(st.sampled_from(sorted(result)))]
        elif kind == "any":
            result[path] = draw(st.binary(max_size=200))
        elif kind == "delete" and len(result) > 1:
            del result[path]
    return result


def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    try:
        value = json.loads(data)
    except ValueError:
        return data
    places = values(value) if isinstance(value, dict | list) else []
    if places:
        holder, key = draw(st.sampled_from(places))
        if draw(st.booleans()):
            holder[key] = draw(JSON_VALUES)
        else:
            del holder[key]
    return json.dumps(value).encode()


def run(before: Files, after: Files) -> None:
    tree = MemoryTree(after)
    head = Repository(tree, NOW)
    change = Change(Repository(MemoryTree(before), NOW), head)
    report = check_change(change, all_rules(), read_profile(head))
    assert report.incomplete == ()
    assert not [entry for entry in report.not_run if "nested too deeply for" in entry.reason]
    for text in (render_text(report, tree), render_json(report), render_github(report)):
        assert is_harmless(text)
    json.loads(render_json(report))
    assert all(map(str.isprintable, notes(report, NoBase(""))))


def often(count: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return settings(max_examples=count, deadline=None, derandomize=True, database=None)


@often(40)
@given(changed())
def test_damaged_files_break_nothing(after: Files) -> None:
    run(samples()[0], after)


@often(20)
@given(changed(), changed())
def test_damaged_files_that_have_landed_break_nothing(before: Files, after: Files) -> None:
    run(before, after)
