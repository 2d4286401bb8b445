"""What all commands share: how they fail, and how they look on a terminal."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from plexus_rules.rule import Rule

_STYLES: dict[str, dict[str, object]] = {
    "path": {"bold": True, "underline": True},
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "info": {"fg": "blue", "bold": True},
    "rule": {"bold": True},
    "good": {"fg": "green"},
    "dim": {"dim": True},
}


def styled(text: str, style: str) -> str:
    """The text in the colours of a style."""
    return click.style(text, **_STYLES.get(style, {}))  # type: ignore[arg-type]


def wants_colour() -> bool:
    """Whether stdout is a terminal that may be given colours."""
    is_plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not is_plain


def plain(text: str, style: str) -> str:
    """The text as it is."""
    return text


def fail(message: str) -> NoReturn:
    """Says why a command could not do its work, and exits 2."""
    from plexus_rules.reporters.printable import printable

    click.echo("\n".join(map(printable, f"plexus-rules: {message}".split("\n"))), err=True)
    sys.exit(2)


class Commands(MutableMapping[str, click.Command]):
    """Commands by their names, each imported when it is first asked for.

    Args:
        homes: the module of each; the command is the one of that name there.
    """

    def __init__(self, homes: Mapping[str, str]) -> None:
        self._homes = homes
        self._known: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._known:
            module = vars(import_module(self._homes[name]))
            commands = (value for value in module.values() if isinstance(value, click.Command))
            self._known[name] = next(found for found in commands if found.name == name)
        return self._known[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._known[name] = command

    def __delitem__(self, name: str) -> None:
        del self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._homes, *self._known)))

    def __len__(self) -> int:
        return len(self._homes.keys() | self._known)


class Face(click.Group):
    """Says in a line what stopped a command, and never takes a status that means findings."""

    def invoke(self, ctx: click.Context) -> Any:
        if sys.stderr is None:
            sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 - closed: nothing is said
        if sys.stdout is None:
            fail("stdout is closed; where its text is not wanted, lead it to /dev/null")
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt:
            click.echo("plexus-rules: interrupted", err=True)
            sys.exit(130)
        except BrokenPipeError:  # whoever read stdout has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(141)
        except OSError as error:
            fail(f"{error.strerror or error}")
        except Exception as error:
            from plexus_rules.check.unexpected import described

            fail(f"internal error ({described(error)}); please report it")


def selected_rules(select: str | None, ignore: str | None) -> tuple[Rule, ...]:
    """The rules that ``--select`` and ``--ignore`` name; exits 2 where one does not exist."""
    from plexus_rules.catalog import all_rules
    from plexus_rules.catalog.selection import UnknownRule, select_rules

    try:
        return select_rules(all_rules(), select, ignore)
    except UnknownRule as error:
        fail(str(error))
