"""The command line: one thin function for each command."""

from __future__ import annotations

import click

from plexus_rules import __version__
from plexus_rules.cli.check import check
from plexus_rules.cli.face import Face
from plexus_rules.cli.generate import build, generate
from plexus_rules.cli.rules import explain, gallery, list_rules


@click.group(cls=Face, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="plexus-rules")
def main() -> None:
    """Rules for a repository with Drizzle ORM, as code."""


for _command in (build, check, explain, gallery, generate, list_rules):
    main.add_command(_command)
