"""The fuzzer itself: what it draws, how it stops, and a short run of each reader."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.fuzz import __main__ as program
from tests.fuzz.__main__ import TooSlow, fuzz, main
from tests.fuzz.mutate import LONGEST, Mutator
from tests.fuzz.readers import READERS, Reader, read_journal, read_snapshot

each_reader = pytest.mark.parametrize("reader", READERS.values(), ids=READERS)


def drawn(reader: Reader, seed: int, number: int = 200) -> list[bytes]:
    mutator = Mutator(reader.corpus(), reader.tokens, seed)
    return [mutator.draw() for _ in range(number)]


@each_reader
def test_a_reader_takes_whatever_it_is_given(reader: Reader) -> None:
    assert fuzz(reader, inputs=150, seed=1) is None


@each_reader
def test_a_seed_makes_the_same_inputs_each_time(reader: Reader) -> None:
    assert drawn(reader, 1) == drawn(reader, 1)
    assert drawn(reader, 1) != drawn(reader, 2)
    assert max(map(len, drawn(reader, 1))) <= LONGEST


@each_reader
def test_valid_inputs_are_small_and_of_many_kinds(reader: Reader) -> None:
    corpus = reader.corpus()
    assert len(set(corpus)) == len(corpus) >= 10
    assert max(map(len, corpus)) <= LONGEST


def test_much_of_what_is_drawn_is_read_to_its_end() -> None:
    for name, read in (("journal", read_journal), ("snapshot", read_snapshot)):
        assert sum(read(data) is not None for data in drawn(READERS[name], 1)) > 30


def failing(error: BaseException) -> Reader:
    calls = count()

    def read(data: bytes) -> None:
        if next(calls) == 3:
            raise error

    return Reader("journal", read, READERS["journal"].corpus, ())


@pytest.mark.parametrize("error", [ValueError("no"), RecursionError(), TooSlow("slow")])
def test_the_first_input_that_fails_ends_the_run(error: BaseException) -> None:
    failed = fuzz(failing(error), inputs=10, seed=1)
    assert failed is not None
    assert (failed[0], failed[2]) == (3, error)


def test_an_input_that_takes_too_long_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(data: bytes) -> None:
        while True:
            pass

    monkeypatch.setattr(program, "LIMIT", 0.01)
    failed = fuzz(Reader("journal", read, READERS["journal"].corpus, ()), inputs=10, seed=1)
    assert failed is not None
    assert isinstance(failed[2], TooSlow)


def test_the_command_says_how_many_it_read() -> None:
    ended = CliRunner().invoke(main, ["journal", "--inputs", "20", "--seed", "7"])
    assert ended.exit_code == 0
    assert ended.output.startswith("journal: 20 inputs of seed 7, ")


def test_the_command_saves_what_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(READERS, "journal", failing(ValueError("no")))
    options = ["--inputs", "10", "--save", str(tmp_path)]
    ended = CliRunner().invoke(main, ["journal", *options])
    assert ended.exit_code == 1
    assert f"journal: input 3 of seed 1 fails; saved as {tmp_path / 'journal-1-3'}" in ended.output
    assert (tmp_path / "journal-1-3").read_bytes() == drawn(READERS["journal"], 1, 4)[3]
