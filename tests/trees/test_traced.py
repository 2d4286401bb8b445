"""A directory that was asked something answers the same later, or it is told that it does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from plexus_rules.trees import FileRefused
from plexus_rules.trees.traced import TracedDirectory
from tests.checkouts import write

FILES = {"a.ts": "a", "b.ts": "b", "src/c.ts": "c", "src/deep/d.ts": "d", ".gitignore": "*.log\n"}


def asked(root: Path) -> TracedDirectory:
    """A directory that was asked for its sources, and for what is in some files."""
    tree = TracedDirectory(root)
    assert tree.sources == (".gitignore", "a.ts", "b.ts", "src/c.ts", "src/deep/d.ts")
    assert tree.read("a.ts") == b"a"
    assert tree.blob("src/c.ts")
    return tree


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path / "root", FILES)


def test_same_files_answer_the_same(root: Path) -> None:
    answers = asked(root).answers
    assert TracedDirectory(root).asked_again(answers)


def test_same_files_elsewhere_answer_the_same(root: Path, tmp_path: Path) -> None:
    assert TracedDirectory(write(tmp_path / "other", FILES)).asked_again(asked(root).answers)


@pytest.mark.parametrize(
    "change",
    [
        lambda root: write(root, {"a.ts": "A"}),
        lambda root: (root / "a.ts").unlink(),
        lambda root: (root / "b.ts").unlink(),
        lambda root: write(root, {"new.ts": ""}),
        lambda root: write(root, {"src/deep/new.ts": ""}),
        lambda root: write(root, {"empty/.keep": ""}),
        lambda root: write(root, {".gitignore": "*.ts\n"}),
        lambda root: (root / "link").symlink_to("a.ts"),
        lambda root: (root / "link").symlink_to("/"),
        lambda root: ((root / "b.ts").unlink(), (root / "b.ts").mkdir()),
        lambda root: ((root / "b.ts").unlink(), (root / "b.ts").symlink_to("a.ts")),
        lambda root: ((root / "a.ts").unlink(), (root / "a.ts").symlink_to("b.ts")),
        lambda root: root.rename(root.parent / "gone"),
    ],
)
def test_what_a_question_was_about_is_different(
    root: Path, change: Callable[[Path], object]
) -> None:
    answers = asked(root).answers
    later = TracedDirectory(root)
    change(root)
    assert not later.asked_again(answers)


def test_a_file_that_nobody_read_may_change(root: Path) -> None:
    answers = asked(root).answers
    write(root, {"b.ts": "B", "src/deep/d.ts": "D"})
    assert TracedDirectory(root).asked_again(answers)


def test_what_lies_above_counts_as_far_as_the_checkout_goes(tmp_path: Path) -> None:
    top = write(tmp_path, {".git/HEAD": "", ".gitignore": "*.log\n", "root/a.ts": ""})
    tree = TracedDirectory(top / "root")
    assert tree.sources == ("a.ts",)
    assert TracedDirectory(top / "root").asked_again(tree.answers)
    write(top, {".gitignore": "*.ts\n"})
    assert not TracedDirectory(top / "root").asked_again(tree.answers)


def test_a_refusal_is_an_answer(root: Path) -> None:
    (root / "out").symlink_to("/")
    tree = TracedDirectory(root)
    with pytest.raises(FileRefused):
        tree.read("out")
    assert TracedDirectory(root).asked_again(tree.answers)
    (root / "out").unlink()
    write(root, {"out": "in"})
    assert not TracedDirectory(root).asked_again(tree.answers)


def test_an_answer_of_another_kind_of_question_is_none(root: Path) -> None:
    for question in ("", "?", "xa.ts", "f../root/a.ts", "f/etc/passwd", "d..", "fmissing"):
        assert not TracedDirectory(root).asked_again({question: "0" * 64}), question


def test_a_file_that_changes_while_it_is_asked_for_is_noticed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plexus_rules.trees.base.MAX_KEPT_BYTES", 0)
    tree = asked(root)
    assert tree.is_steady
    write(root, {"a.ts": "another"})
    assert tree.read("a.ts") == b"another"
    assert not tree.is_steady


def test_what_another_process_asked_is_taken_over(root: Path) -> None:
    tree, other = TracedDirectory(root), asked(root)
    assert tree.names("") == other.names("")
    tree.note(other.answers, is_steady=other.is_steady)
    assert tree.is_steady
    assert TracedDirectory(root).asked_again(tree.answers)
    assert other.answers.items() <= tree.answers.items()


def test_another_process_that_saw_something_else_is_noticed(root: Path) -> None:
    tree = asked(root)
    tree.note({"fa.ts": "0" * 64}, is_steady=True)
    assert not tree.is_steady
