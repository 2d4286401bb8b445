"""Runs what a person types in the project of a trial: commands of Bun, and its scripts."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from plexus_rules.lab.kit import Said, read_files
from plexus_rules.lab.trial import Trial

_ANSWER_ONCE = Path(__file__).parent / "answer_once.ts"
_ONCE = "it is sent one request, and ends"
_TIMEOUT = 120


class Shell:
    """A shell in which ``bun``, ``bunx`` and ``node`` are those of the lab, and nothing else is."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial
        tools = trial.bench.tools
        self._home = trial.bench.directory()
        for name, program in (("bun", tools.bun), ("bunx", tools.bun), ("node", tools.node)):
            (self._home / name).symlink_to(program.resolve())

    def run(self, command: str, where: str = "", **environment: str) -> Said:
        """One command line, from the root of the project, which is then what the command left.

        Random names of new migrations are shown as ``<name>``. ``where`` says what ``environment``
        brings about.
        """
        trial = self._trial
        root = trial.on_disk()
        said = self._run(command, root, environment)
        for path in said.files.keys() - trial.files.keys():
            number, _, name = Path(path).stem.partition("_")
            if path.endswith(".sql") and name:
                trial.show_as(f"{number}_{name}", f"{number}_<name>")
        trial.files = said.files
        trial.ran(command, said, where=where)
        return said

    def start(self, directory: str, settings: Mapping[str, str], command: str) -> Said:
        """The same for a command that starts an application: it answers one request, and ends."""
        shown = (f"{name}={shlex.quote(value)}" for name, value in settings.items())
        line = f"cd {directory} && {' '.join((*shown, command))}"
        return self.run(line, _ONCE, BUN_OPTIONS=f"--preload={_ANSWER_ONCE}")

    def _run(self, command: str, root: Path, environment: dict[str, str]) -> Said:
        settings = {
            "PATH": os.pathsep.join((str(self._home), os.defpath)),
            "HOME": str(self._home),
            "TMPDIR": str(self._home),
            # What is not there must not be fetched.
            "npm_config_registry": "http://127.0.0.1:9",
        }
        process = subprocess.Popen(
            ["/bin/sh", "-c", command],
            cwd=root,
            env=settings | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            text, _ = process.communicate(timeout=_TIMEOUT)
        except BaseException:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise
        return Said(process.returncode, text.decode(errors="replace"), read_files(root), str(root))
