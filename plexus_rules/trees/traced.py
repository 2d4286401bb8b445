"""A directory that notes what it was asked, so that the same can be asked again later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from plexus_rules.trees.base import FileRefused, TreeError, join
from plexus_rules.trees.directory import DirectoryTree

#: What can be asked of the disk: what is in a directory, what is in a file, and what the
#: ``.gitignore`` files above the root say.
_DIRECTORY, _FILE, _ABOVE = "d", "f", "i"


class TracedDirectory(DirectoryTree):
    """A directory that notes every question that it answers from the disk.

    All else follows from these answers: of two directories that answer them alike, whoever
    asked nothing else can tell no difference.

    Attributes:
        answers: an id of each answer, by the question, in the order in which they were asked.
            Equal ids are equal answers.
        is_steady: whether no file was found to be another one when it was read again.
    """

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.answers: dict[str, str] = {}
        self.is_steady = True

    def asked_again(self, answers: Mapping[str, str]) -> bool:
        """Whether earlier questions are answered as they were then."""
        try:
            return all(self._answer(question) == answer for question, answer in answers.items())
        except TreeError:
            return False

    def note(self, answers: Mapping[str, str], *, is_steady: bool) -> None:
        """Notes what somebody else asked of the same directory."""
        known = self.answers
        agrees = all(known.get(question, answer) == answer for question, answer in answers.items())
        self.is_steady = self.is_steady and is_steady and agrees
        self.answers = {**answers, **known}

    def _answer(self, question: str) -> str | None:
        kind, path = question[:1], question[1:]
        if kind == _DIRECTORY:
            self._scan(path)
        elif kind == _FILE:
            with suppress(FileRefused):
                self.read(path)
        elif kind == _ABOVE:
            self._texts_above()
        return self.answers.get(question)

    def _note(self, question: str, parts: Iterable[bytes]) -> None:
        import hashlib

        digest = hashlib.sha256()
        for part in parts:
            digest.update(b"%d:" % len(part))
            digest.update(part)
        answer = digest.hexdigest()
        if self.answers.setdefault(question, answer) != answer:
            self.is_steady = False

    def _entries(self, directory: str) -> Mapping[str, str]:
        self._kind_of(directory)  # so that what is noted next is about this directory alone
        known = len(self._passed_over)
        found = super()._entries(directory)
        links = (
            f"{name}\0{kind}\0{join(directory, name) in self._links}"
            for name, kind in found.items()
        )
        reasons = (f"{path}\0{why}" for path, why in list(self._passed_over.items())[known:])
        said = "\0\0".join([*sorted(links), "", *sorted(reasons)])
        self._note(_DIRECTORY + directory, [said.encode("utf-8", "surrogatepass")])
        return found

    def _read_now(self, path: str) -> bytes:
        try:
            data = super()._read_now(path)
        except TreeError as error:
            self._note(_FILE + path, [b"refused", str(error).encode("utf-8", "surrogatepass")])
            raise
        self._note(_FILE + path, [data])
        return data

    def _texts_above(self) -> list[tuple[str, str]]:
        found = super()._texts_above()
        parts = (part.encode("utf-8", "surrogatepass") for pair in found for part in pair)
        self._note(_ABOVE, parts)
        return found
