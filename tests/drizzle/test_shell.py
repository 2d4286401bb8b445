"""Shell text as simple commands, words and directories."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plexus_rules.drizzle.scripts.shell import entered, simple_commands
from plexus_rules.drizzle.scripts.words import HOLE

H = HOLE


def words(text: str, escape: str = "\\") -> list[list[str]]:
    return [simple.texts for simple in simple_commands(text, "", escape)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b && c || d; e & f | g", [["a", "b"], ["c"], ["d"], ["e"], ["f"], ["g"]]),
        ("a 'b c' \"d e\" f\\ g", [["a", "b c", "d e", "f g"]]),
        ("a \\\n  b\\\r\n c", [["a", "b", "c"]]),
        ("a # b\nc#d", [["a"], ["c#d"]]),
        ("a > b 2>&1 < c >> d", [["a"]]),
        ("if ! a; then b; fi", [["a"], ["b"]]),
        ("A=1 B=2 c d=3", [["c", "d=3"]]),
        ("a $B ${C} $(d e) `f`", [["d", "e"], ["f"], ["a", H, H, H, H]]),
        ("a \"b $(c 'd') ${{ e }}\"", [["c", "d"], ["a", f"b {H} {H}"]]),
        ("a {{.B}} x{y}", [["a", H, "x{y}"]]),
        ("bash -lc 'a b; c'", [["bash", "-lc", "a b; c"], ["a", "b"], ["c"]]),
        ("concurrently 'a b' c", [["concurrently", "a b", "c"], ["a", "b"], ["c"]]),
        ("echo -c 'a b'", [["echo", "-c", "a b"]]),
        ("cat <<EOF\na b\nEOF\nc", [["cat"], ["c"]]),
        ("sh <<-'X'\n\ta b\n\tX\nc", [["sh"], ["a", "b"], ["c"]]),
        ("a <<< b", [["a"]]),
        ("a 'b", [["a", "'b"]]),
        ('a "b $(c', [["a", '"b', "$"], ["c"]]),
        ("", []),
    ],
)
def test_simple_commands(text: str, expected: list[list[str]]) -> None:
    assert words(text) == expected


def test_other_shells_escape_otherwise() -> None:
    assert words("a ^\n b\\c %D%", "^") == [["a", "b\\c", H]]
    assert words("a `\n b", "`") == [["a", "b"]]


def test_what_is_set_before_a_command_is_kept() -> None:
    (simple,) = simple_commands("A=1 B='x y' c")
    assert simple.assignments == ("A=1", "B=x y")


def test_words_know_their_places() -> None:
    text = "sh -c \"a 'b c'\""
    inner = list(simple_commands(text))[-1]
    assert [text[word.start : word.end] for word in inner.words] == ["a", "'b c'"]
    assert "".join(text[place] for place in inner.words[1].places) == "b c"


@pytest.mark.parametrize(
    ("text", "directories"),
    [
        ("cd a && x; cd ../b; y", ["", "a", "a", "b"]),
        ("(cd a; x); y", ["", "a", ""]),
        ("cd $A && x; cd b; y", ["", None, None, None]),
        ("cd .. && x", ["", None]),
        ("cd /d a & x", ["", "a"]),
        ("cd && x", ["", None]),
        ("pushd a; x; popd; y", ["", "a", "a", None]),
        ("ssh host 'cd a; x'; y", ["", "", "", "a", ""]),
    ],
)
def test_directories(text: str, directories: list[str | None]) -> None:
    assert [simple.directory for simple in simple_commands(text, "")] == directories


def test_entered() -> None:
    assert entered("a/b", "../c/./") == "a/c"
    assert entered("a", "/c") is None
    assert entered("a", "~/c") is None
    assert entered(None, "c") is None


@given(st.text(alphabet="ab \n'\"`$(){}<>&|;\\#E=", max_size=60))
def test_no_text_is_refused(text: str) -> None:
    for simple in simple_commands(text):
        for word in simple.words:
            assert 0 <= word.start <= word.end <= len(text)
            assert len(word.places) == len(word.text)


@pytest.mark.parametrize(
    "part", ["'", '"', "$(", "`", "<<a\n", "(", "{{", "${", '"$(', "$('", "a ", "\\\n", "sh -c '"]
)
def test_hostile_text_comes_to_an_end(part: str) -> None:
    assert len(list(simple_commands(part * 20_000))) <= 20_000
