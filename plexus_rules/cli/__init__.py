"""The command line: one thin function for each command."""

from __future__ import annotations

import click

from plexus_rules import __version__
from plexus_rules.cli.face import Commands, Face

#: The module of each command.
_HOMES = {
    "audit": "plexus_rules.cli.audit",
    "build": "plexus_rules.cli.generate",
    "check": "plexus_rules.cli.check",
    "explain": "plexus_rules.cli.rules",
    "gallery": "plexus_rules.cli.rules",
    "generate": "plexus_rules.cli.generate",
    "list": "plexus_rules.cli.rules",
    "prove": "plexus_rules.cli.prove",
}


@click.group(
    cls=Face, commands=Commands(_HOMES), context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="plexus-rules")
def main() -> None:
    """Rules for a repository with Drizzle ORM, as code."""
