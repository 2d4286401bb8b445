"""What ``drizzle-kit check`` and plexus_rules see of the same repositories, side by side.

The repositories are the states of the battery: broken ones, wrong merges, and sound ones.
"""

from __future__ import annotations

import json
import os
import posixpath
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct

from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Severity
from plexus_rules.lab.battery import BROKEN, NOW, RIGHT_MERGES, SOUND, WRONG_MERGES, State
from plexus_rules.lab.kit import Kit
from plexus_rules.lab.normal import normal
from plexus_rules.lab.ours import ONE_AT_A_TIME, check
from plexus_rules.lab.records import BadRecord
from plexus_rules.lab.toolbox import Toolbox
from plexus_rules.lab.workshop import workshop
from plexus_rules.trees import MemoryTree

#: The file that a comparison is recorded in.
RECORD = "drizzle-kit-check.json"
_CONTENT = "Everything's fine"
_DEFAULT_CONFIG = "drizzle.config.ts"
#: What drizzle-kit reads before it reads its config.
_SETTINGS = frozenset({"package.json", "tsconfig.json", ".env"})


class Kind(StrEnum):
    """What a state of the battery is."""

    BROKEN = "broken"
    MERGE = "wrong merge"
    SOUND = "sound"


class Checked(Struct, frozen=True):
    """One run of ``drizzle-kit check``.

    Attributes:
        command: as a person types it, in the directory of the config's package.
        config: the path of the drizzle config.
        exit: its exit status.
        output: what it said. Ids, times and paths of the machine are replaced.
    """

    command: str
    config: str
    exit: int
    output: tuple[str, ...]

    @property
    def noticed(self) -> bool:
        """Whether it said that something is wrong, whatever its exit status."""
        return self.exit != 0 or not any(line.startswith(_CONTENT) for line in self.output)


class Reported(Struct, frozen=True):
    """One finding of plexus_rules; the path counts from the repository."""

    rule: str
    severity: Severity
    path: str
    message: str


class Compared(Struct, frozen=True, omit_defaults=True):
    """What both checkers say of one state of the battery.

    Attributes:
        name: the state's name.
        kind: what the state is.
        title: what was done, in one sentence.
        note: why it is broken though nothing fails at once, or sound though it looks broken.
        kit: a run of ``drizzle-kit check`` for each config.
        found: what plexus_rules reports, information included.
        tree: what tells its files from those of another state. States that differ in their
            base alone have the same: drizzle-kit knows no base.
    """

    name: str
    kind: Kind
    title: str
    kit: tuple[Checked, ...]
    found: tuple[Reported, ...] = ()
    note: str = ""
    tree: str = ""

    @property
    def kit_noticed(self) -> bool:
        """Whether ``drizzle-kit check`` said of a config that something is wrong."""
        return any(run.noticed for run in self.kit)

    @property
    def noticed(self) -> bool:
        """Whether plexus_rules reports an error or a warning."""
        return any(finding.severity is not Severity.INFO for finding in self.found)


class Comparison(Struct, frozen=True):
    """Every state of the battery, and the version of drizzle-kit that was run."""

    drizzle_kit: str
    states: tuple[Compared, ...]

    def of(self, *kinds: Kind) -> tuple[Compared, ...]:
        """The states of these kinds, in the order of the battery."""
        return tuple(state for state in self.states if state.kind in kinds)


def compare_checks(
    tools: Toolbox,
    *,
    progress: Callable[[Iterable[Compared], int], Iterable[Compared]] = lambda states, _: states,
) -> Comparison:
    """Runs both checkers over every state of the battery, in its order.

    Args:
        tools: what is installed for a line of Drizzle with journals.
        progress: is handed the states as they end, and how many there will be.
    """
    wanted = _wanted()
    with workshop(tools) as directory, ThreadPoolExecutor(max(2, os.cpu_count() or 1)) as pool:
        kit = Kit(tools, directory)
        try:
            runs = [_kit_checks(pool, kit, state) for _, state in wanted]
            ended = (_compared(*one, done) for one, done in zip(wanted, runs, strict=True))
            states = tuple(progress(ended, len(wanted)))
        finally:
            pool.shutdown(cancel_futures=True)
    return Comparison(tools.line.versions["drizzle-kit"], states)


def read_by_check(
    repository: Repository, files: Mapping[str, bytes], config: str
) -> dict[str, bytes]:
    """The files that ``drizzle-kit check`` reads with a config: neither schema nor SQL."""
    described = [d for d in repository.databases if config in (c.config for c in d.configs)]
    histories = tuple(f"{database.out}/meta/" for database in described if database.out)
    return {
        path: data
        for path, data in files.items()
        if path == config or path.startswith(histories) or posixpath.basename(path) in _SETTINGS
    }


def encode(comparison: Comparison) -> bytes:
    """A comparison as it lies on disk."""
    value = msgspec.to_builtins(comparison)
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def read_comparison(directory: Path) -> Comparison | None:
    """What was recorded in a directory; None where nothing was.

    Raises:
        BadRecord: the file is there and holds no comparison.
    """
    path = directory / RECORD
    try:
        return msgspec.json.decode(path.read_bytes(), type=Comparison)
    except FileNotFoundError:
        return None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadRecord(f"{path}: {error}; record it again: plexus-rules prove --record") from None


def _wanted() -> list[tuple[Kind, State]]:
    by_kind = (
        (Kind.BROKEN, BROKEN),
        (Kind.MERGE, WRONG_MERGES),
        (Kind.SOUND, (*RIGHT_MERGES, *SOUND)),
    )
    return [(kind, state) for kind, states in by_kind for state in states]


def _compared(kind: Kind, state: State, runs: Iterable[Future[Checked]]) -> Compared:
    report = check(state.files_before, state.files, NOW)
    return Compared(
        name=state.name,
        kind=kind,
        title=state.title,
        kit=tuple(run.result() for run in runs),
        found=tuple(Reported(f.rule, f.severity, f.path, f.message) for f in report.findings),
        note=state.note,
        tree=_digest(state.files),
    )


def _digest(files: Mapping[str, bytes]) -> str:
    """Twelve characters that stand for a set of files."""
    whole = sha256()
    for path, data in sorted(files.items()):
        whole.update(f"{path}\0{len(data)}\0".encode() + data)
    return whole.hexdigest()[:12]


def _kit_checks(pool: Executor, kit: Kit, state: State) -> list[Future[Checked]]:
    """Starts a run of drizzle-kit for each config of a state."""
    with ONE_AT_A_TIME:
        repository = Repository(MemoryTree(state.files), NOW)
        return [
            pool.submit(
                _kit_check,
                kit,
                read_by_check(repository, state.files, config.path),
                repository.packages.directory(config.path),
                config.path,
            )
            for config in repository.configs
        ]


def _kit_check(kit: Kit, files: Mapping[str, bytes], package: str, config: str) -> Checked:
    name = posixpath.relpath(config, package or ".")
    arguments = ("check",) if name == _DEFAULT_CONFIG else ("check", "--config", name)
    said = kit.run(files, arguments, package or ".")
    output = normal(said.text, {said.root: "."})
    return Checked(" ".join(("drizzle-kit", *arguments)), config, said.exit, output)
