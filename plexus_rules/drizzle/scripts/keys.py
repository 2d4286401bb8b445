"""Which keys of YAML, TOML and JSON files have a command as their value."""

from __future__ import annotations

_COMMANDS = frozenset(
    {"args", "bash", "cmd", "cmds", "commands", "entry", "entrypoint", "exec", "execute", "pwsh"}
    | {"powershell", "run", "runcmd", "script", "scripts", "sh", "shell", "steps"}
)
_ENDS = ("cmd", "command", "commands", "script")
#: Every value under these is a command.
_PARENTS = frozenset({"hooks", "scripts", "tasks"})
_TALK = frozenset({"desc", "description", "help", "label", "name", "summary", "title"})
#: Keys that name the directory in which the commands beside them run.
DIRECTORY_KEYS = frozenset({"cwd", "dir", "root", "working-directory", "workingdirectory"})


def is_command_key(key: str, parent: str) -> bool:
    """Whether the value of a key is a command; ``parent`` is the key that it stands under.

    What nothing takes for a command is taken for text that people read.
    """
    plain = key.lower().replace("-", "").replace("_", "")
    if plain in _TALK:
        return False
    return plain in _COMMANDS or plain.endswith(_ENDS) or parent.lower() in _PARENTS


def is_directory_key(key: str) -> bool:
    """Whether the value of a key is the directory of the commands beside it."""
    return key.lower().replace("_", "-") in DIRECTORY_KEYS
