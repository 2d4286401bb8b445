"""What programs say is the same in each run, on each machine."""

import pytest

from plexus_rules.lab.normal import normal


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("\x1b[32m[✓]\x1b[0m done", "[✓] done"),
        ("id 3f0e1c9a-2b1d-4c5e-8f90-1a2b3c4d5e6f", "id <id>"),
        (
            "drizzle/20261122203445_add_region/migration.sql",
            "drizzle/<time>_add_region/migration.sql",
        ),
        ('"when": 1790000000000', '"when": <milliseconds>'),
        ("took 12.5ms", "took <duration>"),
        ("/home/someone/code/project/schema.ts: gone", "./schema.ts: gone"),
        ("0000_initial.sql has 42701", "0000_initial.sql has 42701"),
    ],
)
def test_ids_times_and_paths_are_replaced(said: str, shown: str) -> None:
    assert normal(said, {"/home/someone/code/project": ".", "/home/someone": "…"}) == (shown,)


def test_noise_is_left_out() -> None:
    said = ("Reading config file '/x/drizzle.config.ts'", "", "Error: no", "    at f (/x/y.js:1:2)")
    assert normal("\n".join((*said, "Node.js v22.1.0")), {}) == ("Error: no",)


def test_what_is_long_is_cut_and_says_so() -> None:
    assert normal("\n".join(map(str, range(30))), {})[-1] == "… and 6 more lines"
    (line,) = normal("x" * 400, {})
    assert line == "x" * 300 + "…"
