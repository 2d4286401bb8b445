"""While the site is served, what is generated is written again before each build."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

_command = "build"


def on_startup(*, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    """Remember what mkdocs was asked for."""
    global _command
    _command = command


def on_post_build(*, config: MkDocsConfig) -> None:
    """Write the Markdown twin of each page, as a build does."""
    if _command == "serve":
        from plexus_rules.pages.twins import write_twins

        write_twins(Path(config.config_file_path).parent, Path(config.site_dir))


def on_pre_build(*, config: MkDocsConfig) -> None:
    """Run the generator; a new process reads the rules as they are now."""
    if _command != "serve":
        return
    done = subprocess.run(
        [sys.executable, "-m", "plexus_rules", "generate"],
        cwd=Path(config.config_file_path).parent,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    if done.returncode:
        raise PluginError("plexus-rules generate failed; its message is above")
