"""Writing files: all or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from plexus_rules.guidance.files import changed_files, diff, unified, write_all, write_whole


def test_files_are_written_whole_and_keep_their_modes(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_bytes(b"old")
    script.chmod(0o750)
    write_all({script: b"new", tmp_path / "other": b"more"})
    assert script.read_bytes() == b"new"
    assert script.stat().st_mode & 0o777 == 0o750
    assert (tmp_path / "other").stat().st_mode & 0o777 == 0o644
    assert sorted(p.name for p in tmp_path.iterdir()) == ["other", "script"]


def test_nothing_is_written_where_one_file_cannot_be(tmp_path: Path) -> None:
    first = tmp_path / "first"
    first.write_bytes(b"old")
    with pytest.raises(OSError, match="missing"):
        write_all({first: b"new", tmp_path / "missing" / "second": b"new"})
    assert first.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["first"]


def test_what_was_moved_is_taken_back_where_a_later_move_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, fresh, last = (tmp_path / name for name in ("a-old", "b-fresh", "c-last"))
    old.write_bytes(b"old")
    replace = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if target == last:
            raise PermissionError(13, "no", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(PermissionError):
        write_all({old: b"new", fresh: b"new", last: b"new"})
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a-old", b"old")]


def test_a_page_makes_the_directories_that_it_needs(tmp_path: Path) -> None:
    write_whole(tmp_path / "a" / "b.md", b"text")
    assert (tmp_path / "a" / "b.md").read_bytes() == b"text"


def test_what_changed_and_how(tmp_path: Path) -> None:
    (tmp_path / "same").write_text("a\n")
    (tmp_path / "other").write_text("a\n")
    files = {"same": "a\n", "other": "b\n", "new": "c"}
    assert changed_files(tmp_path, files) == ["other", "new"]
    (tmp_path / "gone").write_text("x\n")
    assert diff(tmp_path, files, ["other", "new", "gone"]) == (
        "--- a/other\n+++ b/other\n@@ -1 +1 @@\n-a\n+b\n"
        "--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+c\n\\ No newline at end of file\n"
        "--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
    )


def test_a_diff_can_be_printed() -> None:
    shown = unified("a", b"\x1b[31mred\r\n\xff\nend", b"\x1b[31mred\r\n\xff\nmore\n")
    assert "\x1b" not in shown
    assert "\\x1b[31mred\n" in shown
    assert "-end\n\\ No newline at end of file\n+more\n" in shown
