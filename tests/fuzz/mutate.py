"""Makes damaged inputs out of valid ones: small, fast, and the same for the same seed."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

#: No input is longer, in bytes.
LONGEST = 1000

#: Bytes that mean something to a tokenizer, an encoding or a terminal.
ODD = (
    *(b"\0", b"\r", b"\r\n", b"\n", b"\t", b" ", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b[31m"),
    *("\u202e".encode(), "é".encode(), "\U0001f600".encode(), b"\xc3", b"\xed\xa0\x80"),
    *(b"'", b'"', b"`", b"(", b")", b"[", b"]", b"{", b"}", b"<", b">", b",", b";", b":", b"."),
    *(b"/*", b"*/", b"//", b"--", b"$", b"$$", b"${", b"\\", b"\\u", b"\\ud800", b"=", b"=>", b"?"),
    *(b"-1", b"0", b"1e999", b"9" * 40, b"null", b"true", b"NaN", b"*", b"..", b"...", b"#", b"@"),
    *(b"<<<<<<< HEAD\n", b"=======\n", b">>>>>>> x\n"),
)
_JSON_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 2**53, 10**30, 1.5, 1e300, "", "x", "public", "\ud83d\ude00"),
    *([], {}, [None], [[]], {"": None}, {"name": 1}, {"name": "x"}, ["a", 1], "0000_x", "../x"),
)


class Mutator:
    """Draws inputs: one or a few mutations of a valid one each."""

    def __init__(self, corpus: Sequence[bytes], tokens: Sequence[bytes], seed: int) -> None:
        self._corpus = list(corpus)
        self._tokens = [*tokens, *ODD]
        self._random = random.Random(seed)
        # Most damage makes a JSON text unreadable: three times as much leaves it whole.
        is_json = all(data.startswith(b"{") for data in corpus)
        self._operations = (
            *((self._change_json,) * 30 if is_json else ()),
            self._cut,
            self._remove,
            self._double,
            self._swap,
            self._insert,
            self._insert,
            self._insert,
            self._byte,
            self._splice,
            self._change_json,
        )

    def draw(self) -> bytes:
        """The next input, of at most ``LONGEST`` bytes."""
        random_ = self._random.random
        data = self._corpus[int(random_() * len(self._corpus))]
        if random_() < 0.02:
            return self._nonsense()
        for _ in range(1 + int(4 * random_() * random_())):
            data = self._operations[int(random_() * len(self._operations))](data)
        return data[:LONGEST]

    def _below(self, limit: int) -> int:
        return int(self._random.random() * limit)

    def _piece(self, data: bytes, longest: int = 40) -> tuple[int, int]:
        start = self._below(len(data) + 1)
        return start, min(len(data), start + 1 + self._below(longest))

    def _token(self) -> bytes:
        return self._tokens[self._below(len(self._tokens))]

    def _nonsense(self) -> bytes:
        if self._random.random() < 0.5:
            return self._random.randbytes(self._below(60))
        return b"".join(self._token() for _ in range(self._below(25)))

    def _cut(self, data: bytes) -> bytes:
        return data[: self._below(len(data) + 1)]

    def _remove(self, data: bytes) -> bytes:
        start, end = self._piece(data)
        return data[:start] + data[end:]

    def _double(self, data: bytes) -> bytes:
        start, end = self._piece(data)
        return data[:end] + data[start:end] * (1 + self._below(3)) + data[end:]

    def _swap(self, data: bytes) -> bytes:
        (a, b), (c, d) = sorted((self._piece(data, 20), self._piece(data, 20)))
        return data if b > c else data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]

    def _insert(self, data: bytes) -> bytes:
        start, end = self._piece(data, 12)
        if self._random.random() < 0.5:
            end = start
        return data[:start] + self._token() + data[end:]

    def _byte(self, data: bytes) -> bytes:
        at = self._below(len(data) + 1)
        return data[:at] + bytes((self._below(256),)) + data[at + 1 :]

    def _splice(self, data: bytes) -> bytes:
        other = self._corpus[self._below(len(self._corpus))]
        start, end = self._piece(other, 80)
        at = self._below(len(data) + 1)
        return data[:at] + other[start:end] + data[at:]

    def _change_json(self, data: bytes) -> bytes:
        """One value of a JSON text becomes another, or goes; other texts get a token."""
        if not data.startswith(b"{"):
            return self._insert(data)
        try:
            value = json.loads(data)
        except (ValueError, RecursionError):
            return self._insert(data)
        places = _places(value)
        if not places:
            return self._insert(data)
        # The deepest come last: what is above them decides whether they are read at all.
        holder, key = places[int(len(places) * self._random.random() ** 0.3)]
        if self._below(4):
            holder[key] = _JSON_VALUES[self._below(len(_JSON_VALUES))]
        else:
            del holder[key]
        return json.dumps(value).encode()


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place of a JSON value: what holds it, and under which key; the outermost first."""
    found: list[tuple[Any, Any]] = []
    pending = [value]
    for holder in pending:
        if isinstance(holder, dict | list):
            keys = list(holder) if isinstance(holder, dict) else range(len(holder))
            found += [(holder, key) for key in keys]
            pending += [holder[key] for key in keys]
    return found
