"""Files of a line of history, asked for before they are needed.

To ask git for one file and to wait for it takes longer than to read it: so it is told beforehand
which ones are likely to be asked for, and reads them while others are judged.
"""

from __future__ import annotations

import subprocess
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO

from plexus_rules.trees.base import FileRefused
from plexus_rules.trees.changes import Changed
from plexus_rules.trees.git import GitRepository, ask, receive

#: So many commits are looked ahead.
_COMMITS = 8
#: So many files are asked for at a time: their ids fit into a pipe that nobody reads.
_AT_A_TIME = 200
#: So many bytes are kept that nobody has asked for yet; the oldest go first.
_MOST_BYTES = 8 * 1024 * 1024
#: So many bytes git may send before they are taken.
_PIPE_BYTES = 1024 * 1024


class AheadRepository(GitRepository):
    """A git repository whose files can be asked for before they are needed."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._process: subprocess.Popen[bytes] | None = None
        self._is_able = True
        #: The blobs to ask for, those that are asked for, and those that have come: in order.
        self._wanted: dict[str, None] = {}
        self._asked: dict[str, None] = {}
        self._come: dict[str, bytes] = {}
        self._room = _MOST_BYTES
        self._paths: set[str] = set()
        self._endings: set[str] = set()

    def look_ahead(self, changes: Iterable[list[Changed]]) -> Iterator[list[Changed]]:
        """Gives on what commits changed, and meanwhile has files of the next ones read."""
        window: deque[list[Changed]] = deque()
        for changed in changes:
            likely = (c.blob.id for c in changed if c.blob is not None and self._is_likely(c))
            new = (blob for blob in likely if blob not in self._asked and blob not in self._come)
            self._wanted.update(dict.fromkeys(new))
            window.append(changed)
            if len(window) > _COMMITS:
                self._ask()
                yield window.popleft()
        yield from window

    def _is_likely(self, changed: Changed) -> bool:
        """Whether a file was asked for before; or one like it, if it is new."""
        path = changed.path.removeprefix(self.prefix)
        return _ending(path) in self._endings if changed.is_new else path in self._paths

    def blob(self, blob: str, path: str) -> bytes:
        self._paths.add(path)
        self._endings.add(_ending(path))
        while blob in self._asked:
            self._receive()
        data = self._come.pop(blob, None)
        if data is None:
            self._wanted.pop(blob, None)
            return super().blob(blob, path)
        self._room += len(data)
        return data

    def _ask(self) -> None:
        """Asks for more, as much as may be asked for."""
        more = list(islice(self._wanted, _AT_A_TIME - len(self._asked)))
        if not more or not self._is_able:
            return
        if self._process is None:
            self._process = self._start()
            _widen(self._process.stdout)
        for blob in more:
            del self._wanted[blob]
        self._asked.update(dict.fromkeys(more))
        try:
            ask(self._process, more)
        except OSError:
            self._stop()

    def _receive(self) -> None:
        """Takes the next file that git sends. One that it has not, or refuses, is left out."""
        assert self._process is not None
        blob = next(iter(self._asked))
        found, data = blob, None
        try:
            found, data = receive(self._process, "")
        except FileRefused:
            pass
        except OSError:
            found = ""
        if found != blob:
            self._stop()
            return
        del self._asked[blob]
        if data is not None:
            self._come[blob] = data
            self._room -= len(data)
        while self._room < 0:
            self._room += len(self._come.pop(next(iter(self._come))))

    def _stop(self) -> None:
        """Looks ahead no more: git ends where a file would have to come over the network."""
        self._is_able = False
        self._wanted.clear()
        self._asked.clear()
        if self._process is not None:
            process, self._process = self._process, None
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()
            process.wait()

    def __enter__(self) -> AheadRepository:
        return self

    def close(self) -> None:
        self._stop()
        super().close()


def _widen(pipe: IO[bytes] | None) -> None:
    """Has a pipe hold more, where the system can: git goes on to read while nobody takes any."""
    with suppress(ImportError, AttributeError, OSError):
        from fcntl import F_SETPIPE_SZ, fcntl

        assert pipe is not None
        fcntl(pipe, F_SETPIPE_SZ, _PIPE_BYTES)


def _ending(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[2]
