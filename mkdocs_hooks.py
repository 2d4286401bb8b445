"""While the site is served, what is generated follows what is written. A build needs none of it.

The pages of a changed rule are made at once; all else that follows from it comes a little later.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

_command = "build"
#: When each module was changed, in nanoseconds, as it was last generated from.
_seen: dict[str, int] = {}
#: Whether only the pages of changed rules are new.
_is_preview = False
#: The generator, where it runs beside the server.
_later: subprocess.Popen[bytes] | None = None


def on_startup(*, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    """Remember what mkdocs was asked for."""
    global _command
    _command = command


def on_pre_build(*, config: MkDocsConfig) -> None:
    """Write what is generated, where something that it is made from has changed."""
    global _is_preview
    if _command != "serve":
        return
    root = Path(config.config_file_path).parent
    found = {path.relative_to(root).as_posix(): path.stat().st_mtime_ns for path in _sources(root)}
    changed = [path for path in found.keys() | _seen.keys() if found.get(path) != _seen.get(path)]
    rules_only = bool(_seen) and all(
        path.startswith("plexus_rules/catalog/") and path in found for path in changed
    )
    _seen.clear()
    _seen.update(found)
    if not changed:
        return
    if not rules_only:
        _stop()
        _done(_started(root, "plexus_rules", "generate"))
        for page in (root / "docs" / "api").glob("*.md"):
            page.touch()  # it shows what modules say
        return
    _stop()
    _done(_started(root, "plexus_rules.pages.preview", *changed))
    _is_preview = True


def on_post_build(*, config: MkDocsConfig) -> None:
    """Write the Markdown twin of each page, as a build does, or see to all that comes later."""
    global _is_preview, _later
    if _command != "serve":
        return
    root = Path(config.config_file_path).parent
    if _is_preview:
        _is_preview = False
        _later = _started(root, "plexus_rules", "generate")
        return
    from plexus_rules.pages.twins import write_twins

    write_twins(root, Path(config.site_dir))


def on_shutdown() -> None:
    """Leave nothing running."""
    _stop()


def _sources(root: Path) -> list[Path]:
    found = [path for path in (root / "plexus_rules").rglob("*") if path.suffix != ".pyc"]
    return [path for path in (*found, root / "CHANGELOG.md") if path.is_file()]


def _started(root: Path, module: str, *words: str) -> subprocess.Popen[bytes]:
    """A new process: it reads the rules as they are now."""
    command = [sys.executable, "-m", module, *words]
    return subprocess.Popen(command, cwd=root, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})


def _done(process: subprocess.Popen[bytes]) -> None:
    if process.wait():
        raise PluginError("the pages could not be generated; why is said above")


def _stop() -> None:
    if _later is not None and _later.poll() is None:
        _later.terminate()
        _later.wait()
