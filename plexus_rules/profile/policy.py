"""Who generates migrations, as the hooks and workflows of a checkout say it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from plexus_rules.drizzle.mention import TOOL
from plexus_rules.drizzle.scripts.shell import plain_commands
from plexus_rules.profile.model import Generator
from plexus_rules.profile.yaml_text import Value, mappings, strings, yaml_value
from plexus_rules.trees import Tree, TreeError

_WORKFLOW = re.compile(r"\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml|\.gitlab-ci\.ya?ml")
_LEFTHOOK = re.compile(r"\.?lefthook(?:-local)?\.(ya?ml|toml)|\.config/lefthook\.(ya?ml|toml)")
_HUSKY = re.compile(r"\.(?:husky|githooks)/(?:pre-commit|pre-push|commit-msg)")
_PRE_COMMIT = re.compile(r"\.pre-commit-config\.ya?ml")
_COMMITTERS = ("git-auto-commit-action", "create-pull-request", "add-and-commit", "ghcommit-action")
_TALK = frozenset({"echo", "printf", "cat"})
_READS_CHANGE = re.compile(
    r"\bgit\s+(?:diff|status|diff-index|diff-tree)\b|\bgh\s+pr\s+(?:diff|view)\b"
)
_FAILS = re.compile(r"\b(?:exit|return)\s+[1-9]|\bfalse\b")
_FILTER = re.compile(r"--diff-filter=(\w+)")
_LONGEST_TEXT = 20_000
_RUNNERS = frozenset({"bun", "npm", "pnpm", "yarn", "bunx", "npx", "turbo"})


class Stated(Struct, frozen=True):
    """Who generates migrations.

    Attributes:
        generator: the author of a change, or the CI.
        evidence: the file that says so.
        refused_by: the file that keeps migrations out of a change.
    """

    generator: Generator = Generator.AUTHOR
    evidence: str | None = None
    refused_by: str | None = None


class Policy:
    """Reads who generates migrations off a checkout.

    Args:
        tree: the files.
        folders: the migrations folders, as hooks may name them.
        scripts: the names of the project's own scripts that generate.
    """

    def __init__(self, tree: Tree, folders: Sequence[str], scripts: frozenset[str]) -> None:
        self._tree = tree
        self._scripts = scripts
        names = "|".join(re.escape(folder) for folder in folders if folder)
        self._folder = re.compile(rf"(?<![\w-])(?:{names})(?![\w-])") if names else None

    def read(self) -> Stated:
        """Who generates: the author, where no hook or workflow says otherwise."""
        if self._folder is None:
            return Stated()
        generating: list[str] = []
        workflows: list[str] = []
        hooks: list[str] = []
        for path in self._tree.sources:
            if path.startswith(".") and _WORKFLOW.fullmatch(path):
                if not self._may_matter(path):
                    continue
                jobs = list(_jobs(self._yaml(path)))
                if any(self._generates(texts) and _commits(texts, uses) for texts, uses in jobs):
                    generating.append(path)
                elif self._workflow_refuses(path, [texts for texts, _ in jobs]):
                    workflows.append(path)
            elif self._hook_refuses(path):
                hooks.append(path)
        # The workflow that generates says more than what only refuses.
        evidence = [*generating, *workflows, *hooks]
        if not evidence:
            return Stated()
        return Stated(Generator.CI, evidence[0], next(iter([*hooks, *workflows]), None))

    def _may_matter(self, path: str) -> bool:
        """Whether a file names a migrations folder, or what generates; told without parsing it."""
        text = self._read(path).decode("utf-8", "replace").replace("\\", "")
        return self._names_folder(text) or any(name in text for name in (TOOL, *self._scripts))

    def _read(self, path: str) -> bytes:
        try:
            return self._tree.read(path)
        except TreeError:
            return b""

    def _yaml(self, path: str) -> Value:
        return yaml_value(self._read(path))

    def _names_folder(self, text: str) -> bool:
        return self._folder is not None and self._folder.search(text) is not None

    def _generates(self, texts: Sequence[str]) -> bool:
        for text in texts:
            for words in plain_commands(text[:_LONGEST_TEXT]):
                if "generate" in words and any("drizzle-kit" in word for word in words):
                    return True
                runs = not _RUNNERS.isdisjoint(words[:2])
                if runs and not self._scripts.isdisjoint(words):
                    return True
        return False

    def _workflow_refuses(self, path: str, jobs: Sequence[Sequence[str]]) -> bool:
        """Whether a workflow fails where a pull request touches a migrations folder."""
        value = self._yaml(path)
        on = value.get("on") if isinstance(value, dict) else None
        triggers = on if isinstance(on, dict) else dict.fromkeys(strings(on or ""), "")
        events = [v for name, v in triggers.items() if name.startswith("pull_request")]
        if not events:
            return False
        only = [
            p
            for event in events
            if isinstance(event, dict)
            for p in strings(event.get("paths", ""))
        ]
        watched = bool(only) and all(self._names_folder(path) for path in only)
        for texts in jobs:
            if self._generates(texts):
                continue
            if any(self._refuses(text) or (watched and _just_fails(text)) for text in texts):
                return True
        return False

    def _hook_refuses(self, path: str) -> bool:
        if _HUSKY.fullmatch(path):
            return self._refuses(self._read(path).decode("utf-8", "replace"))
        if _PRE_COMMIT.fullmatch(path):
            return self._may_matter(path) and any(
                self._names_folder(" ".join(strings(hook.get("files", ""))).replace("\\", ""))
                and (hook.get("language") == "fail" or _just_fails(_entry(hook)))
                for hook in mappings(self._yaml(path))
            )
        match = _LEFTHOOK.fullmatch(path)
        if match is None or not self._may_matter(path):
            return False
        value = self._toml(path) if path.endswith(".toml") else self._yaml(path)
        for hook in mappings(value):
            run = " ".join(strings(hook.get("run", "")))
            watched = self._names_folder(" ".join(strings(hook.get("glob", ""))))
            if run and (self._refuses(run) or (watched and _just_fails(run))):
                return True
        return False

    def _toml(self, path: str) -> Value:
        import tomllib

        try:
            found: Value = tomllib.loads(self._read(path).decode("utf-8", "replace"))
        except (tomllib.TOMLDecodeError, RecursionError):
            return ""
        return found

    def _refuses(self, text: str) -> bool:
        """Whether a script fails where the change adds to a migrations folder.

        One that speaks of the schema too asks for migrations rather than refusing them.
        """
        said = _without_talk(text[:_LONGEST_TEXT])
        kept = _FILTER.search(said)
        if kept is not None and "A" not in kept[1] and kept[1].isupper():
            return False
        return (
            self._names_folder(said)
            and _READS_CHANGE.search(said) is not None
            and _FAILS.search(said) is not None
            and "schema" not in said
            and not self._generates([said])
        )


def _jobs(workflow: Value) -> Iterator[tuple[list[str], list[str]]]:
    """What each job of a workflow runs, and the actions that it uses."""
    if not isinstance(workflow, dict):
        return
    jobs = workflow.get("jobs", workflow)
    for job in jobs.values() if isinstance(jobs, dict) else ():
        if isinstance(job, dict):
            steps = [step for step in mappings(job.get("steps", "")) if step]
            texts = [text for step in steps for text in strings(step.get("run", ""))]
            uses = [text for step in steps for text in strings(step.get("uses", ""))]
            yield [*texts, "\n".join(strings(job.get("script", "")))], uses


def _commits(texts: Sequence[str], uses: Sequence[str]) -> bool:
    if any(committer in used for used in uses for committer in _COMMITTERS):
        return True
    return any(
        words[:2] == ["git", "push"]
        for text in texts
        for words in plain_commands(text[:_LONGEST_TEXT])
    )


def _without_talk(text: str) -> str:
    """A script without comments and what it prints."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return "\n".join(line for line in lines if (line.split() or [""])[0] not in _TALK)


def _just_fails(text: str) -> bool:
    """Whether a script prints something at most, and then fails."""
    commands = [words for words in plain_commands(text[:_LONGEST_TEXT]) if words[0] not in _TALK]
    return bool(commands) and all(_FAILS.fullmatch(" ".join(words)) for words in commands)


def _entry(hook: dict[str, Value]) -> str:
    text = " ".join(strings(hook.get("entry", "")))
    return re.sub(r"^(?:ba|z)?sh -c ['\"](.*)['\"]$", r"\1", text)
