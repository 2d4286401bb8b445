"""Our block in a reader's file."""

from __future__ import annotations

import pytest

from plexus_rules.guidance.blocks import BEGIN, END, BrokenBlock, find_block, with_block

TEXT = "# Rules\n\n- one\n"
BLOCK = f"{BEGIN}\n\n# Rules\n\n- one\n\n{END}".encode()
OTHER = f"{BEGIN}\nolder text\n{END}".encode()


@pytest.mark.parametrize("data", [None, b""])
def test_a_file_that_is_not_there_is_the_block(data: bytes | None) -> None:
    assert with_block(data, TEXT) == BLOCK + b"\n"


@pytest.mark.parametrize(
    ("before", "between"),
    [
        (b"# Mine\n", b"\n"),
        (b"# Mine", b"\n\n"),
        (b"# Mine\n\n\n", b"\n"),
        (b"# caf\xe9 \xff\xfe, in Latin-1\n", b"\n"),
        (b"\xef\xbb\xbf# Mine, after a mark\n", b"\n"),
        (b"```sh\nleft open\n", b"\n"),
    ],
)
def test_a_file_without_a_block_gets_one_after_an_empty_line(before: bytes, between: bytes) -> None:
    assert with_block(before, TEXT) == before + between + BLOCK + b"\n"


def test_a_block_has_the_line_ends_of_its_file() -> None:
    crlf = BLOCK.replace(b"\n", b"\r\n")
    assert with_block(b"# Mine\r\n", TEXT) == b"# Mine\r\n\r\n" + crlf + b"\r\n"
    assert with_block(b"a\r\n" + OTHER + b"\r\nb", TEXT) == b"a\r\n" + crlf + b"\r\nb"


@pytest.mark.parametrize("before", [b"", b"# Mine\n\n", b"\xff\n", b"\xef\xbb\xbf", b"a\r\n"])
@pytest.mark.parametrize("after", [b"", b"\n", b"\nmore\xff", b"\r\nx\r\n"])
def test_a_block_is_replaced_and_nothing_else(before: bytes, after: bytes) -> None:
    result = with_block(before + OTHER + after, TEXT)
    assert result.startswith(before + BEGIN.encode())
    assert result.endswith(END.encode() + after)
    assert b"older text" not in result
    assert with_block(result, TEXT) == result


@pytest.mark.parametrize(
    "data", [None, b"# Mine", b"# Mine\r\n", b"\xef\xbb\xbf", b"```\nopen\n", OTHER + b"\nafter"]
)
def test_writing_twice_changes_nothing(data: bytes | None) -> None:
    once = with_block(data, TEXT)
    assert with_block(once, TEXT) == once


def test_markers_of_another_version_and_indented_ones_are_known() -> None:
    old = b"> text\n  <!-- plexus-rules:begin, once -->\nx\n\t<!--plexus-rules:end-->  \nafter\n"
    assert with_block(old, TEXT) == b"> text\n  " + BLOCK + b"  \nafter\n"


def test_markers_within_a_line_are_prose() -> None:
    prose = f"Our block starts with `{BEGIN}`.\n".encode()
    assert find_block(prose) is None


@pytest.mark.parametrize(
    ("data", "line", "helps"),
    [
        (f"a\n{BEGIN}\ntext", 2, "put that line where the generated text ends"),
        (f"{END}\n", 1, "delete this line"),
        (f"{END}\n{BEGIN}\n", 1, "delete this line"),
        (f"{BEGIN}\n{BEGIN}\n{END}\n", 1, "put that line where"),
        (f"{BEGIN}\n{END}\n{END}\n", 3, "line 1 begins one; delete the other"),
        (f"{BEGIN}\n{END}\n\n{BEGIN}\n{END}\n", 4, "line 1 begins one; delete the other"),
        (f"```md\n{BEGIN}\n{END}\n```\n", 2, "in a fenced code block"),
        ("a\0b", 1, "not UTF-8 text; save it as UTF-8"),
    ],
)
def test_broken_markers_are_refused(data: str, line: int, helps: str) -> None:
    with pytest.raises(BrokenBlock, match=helps) as error:
        with_block(data.encode(), TEXT)
    assert str(error.value).startswith(f"line {line}: ")


def test_a_file_in_another_encoding_is_refused() -> None:
    with pytest.raises(BrokenBlock, match="not UTF-8"):
        with_block("# Mine\n".encode("utf-16"), TEXT)


def test_a_fence_before_and_after_the_block_is_no_fence_around_it() -> None:
    data = b"```\ncode\n```\n" + OTHER + b"\n~~~\ncode\n~~~\n"
    assert find_block(data) == (13, 13 + len(OTHER))
