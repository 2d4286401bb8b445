"""The site, built as its workflow builds it: strictly, for the address that it is served at."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from plexus_rules.pages.card import write_cards
from plexus_rules.pages.twins import write_twins

ROOT = Path(__file__).parent.parent.parent
#: A browser trusts this name as it trusts https, and asks nobody where it is.
HOST = "plexus.localhost"
BASE = "plexus_rules"
ADDRESS = f"http://{HOST}/{BASE}/"


def build(web: Path, root: Path = ROOT) -> Path:
    """Builds the site below ``web``, at its base path; gives its directory."""
    target = web / BASE
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(target)],
        cwd=root,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "SITE_URL": ADDRESS},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    write_twins(root, target)
    write_cards(target)
    return target
