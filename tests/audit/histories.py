"""Small histories of the sample, in real git repositories."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from plexus_rules.audit import Audit, AuditRequest, Recorded, audit
from plexus_rules.catalog import all_rules
from plexus_rules.rule import Rule
from plexus_rules.samples import Step, base
from plexus_rules.samples.building import build
from plexus_rules.trees import Edit
from tests.checkouts import Checkout

#: The newest migration of the base project was generated before this: the first commit's time.
START = 1_750_000_000

PACKAGE = "packages/backend"
SQLITE = f"{PACKAGE}/drizzle/migrations"
POSTGRES = f"{PACKAGE}/drizzle/migrations_pg"
JOURNAL = f"{SQLITE}/meta/_journal.json"


class History:
    """A repository whose commits follow one another by a day."""

    def __init__(self, root: Path, objects: str = "sha1") -> None:
        self.checkout = Checkout(root)
        self.files: Mapping[str, bytes] = {}
        self._last: Step | None = None
        self._days = 0
        root.mkdir(parents=True)
        self.checkout.git("init", "--quiet", "--initial-branch=main", f"--object-format={objects}")

    def begin(self) -> str:
        """The base project, as a commit."""
        self.files = base()
        return self.commit()

    def change(self, *changes: Step | Edit) -> str:
        """The next commit: recorded steps and edits."""
        self.files, self._last = build(self.files, changes, self._last)
        return self.commit()

    def put(self, files: Mapping[str, bytes]) -> str:
        """The next commit: these files, and no other."""
        self.files = files
        return self.commit()

    def commit(self, subject: str = "a commit") -> str:
        for there in self.checkout.root.iterdir():
            if there.name != ".git":
                shutil.rmtree(there) if there.is_dir() else there.unlink()
        for path, data in self.files.items():
            target = self.checkout.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        self.checkout.git("add", "--all", "--force", ".")
        return self.save(subject)

    def save(self, subject: str = "a commit", *options: str) -> str:
        """Commits what is in the index; the new commit's id."""
        self._days += 1
        time = f"{START + self._days * 86_400} +0000"
        dates = ("-c", f"user.name=A {self._days}")
        self.checkout.git(
            *dates, "commit", "--quiet", "--allow-empty", *options, f"--date={time}", "-m", subject
        )
        return self._dated(time)

    def _dated(self, time: str) -> str:
        """Gives the newest commit its committer's date."""
        raw = self.checkout.git("cat-file", "commit", "HEAD")
        header, _, message = raw.partition("\n\n")
        lines = [
            line.rpartition("> ")[0] + f"> {time}" if line.startswith("committer ") else line
            for line in header.split("\n")
        ]
        path = self.checkout.root.parent / "commit"
        path.write_text("\n".join(lines) + f"\n\n{message}\n")
        made = self.checkout.git("hash-object", "-t", "commit", "-w", str(path))
        self.checkout.git("reset", "--quiet", "--soft", made)
        return made

    def audit(
        self, span: str | None = None, *, full: bool = False, rules: Sequence[Rule] | None = None
    ) -> Audit:
        chosen = all_rules() if rules is None else rules
        return audit(AuditRequest(self.checkout.root, chosen, span, full))


def told(found: Audit) -> list[tuple[str, str, str | None]]:
    """Rule, commit and end of each finding."""
    return [(one.finding.rule, one.commit, one.ended_by) for one in found.recorded]


def only(found: Audit, rule: str) -> Recorded:
    (one,) = [one for one in found.recorded if one.finding.rule == rule]
    return one
