"""Who generates migrations: what hooks and workflows say."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.repository import Repository
from plexus_rules.profile import Generator, read_profile
from plexus_rules.trees import MemoryTree

BASE = {
    "package.json": '{"scripts": {"db:generate": "cd app && drizzle-kit generate"}}',
    "app/package.json": "{}",
    "app/drizzle.config.ts": (
        "export default { dialect: 'sqlite', schema: './schema.ts', out: './drizzle/migrations' };"
    ),
}
REFUSAL = """\
added=$(git diff --cached --name-only -- 'app/drizzle/migrations/' || true)
if [ -n "$added" ]; then
  echo "Change the schema only"
  exit 1
fi
"""
WORKFLOW = ".github/workflows/migrations.yml"


def indented(text: str, by: int) -> str:
    return "".join(" " * by + line for line in text.splitlines(keepends=True))


def policy(**tree: str) -> tuple[Generator, str | None]:
    files = BASE | tree
    memory = MemoryTree({path: text.encode() for path, text in files.items()})
    profile = read_profile(Repository(memory, now=0))
    return profile.generator, profile.generator_evidence


def workflow(steps: str, on: str = "push") -> str:
    return f"on: {on}\njobs:\n  one:\n    runs-on: x\n    steps:\n{indented(steps, 6)}"


def test_the_author_where_nothing_says_otherwise() -> None:
    assert policy() == (Generator.AUTHOR, None)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("lefthook.yml", f"pre-commit:\n  commands:\n    a:\n      run: |\n{indented(REFUSAL, 8)}"),
        (
            ".lefthook.yaml",
            "pre-commit:\n  jobs:\n    - glob: 'app/drizzle/migrations/**'\n"
            "      run: echo no && exit 1\n",
        ),
        (
            "lefthook.toml",
            '[pre-commit.commands.a]\nglob = "app/drizzle/migrations/*.sql"\nrun = "exit 1"\n',
        ),
        (".husky/pre-commit", f"#!/bin/sh\n{REFUSAL}"),
        (".husky/pre-push", REFUSAL.replace("app/drizzle", "drizzle")),
        (
            ".pre-commit-config.yaml",
            "repos:\n- repo: local\n  hooks:\n  - id: a\n    language: fail\n"
            "    entry: no migrations\n    files: ^app/drizzle/migrations/\n",
        ),
        (
            ".pre-commit-config.yaml",
            "repos:\n- repo: local\n  hooks:\n  - id: a\n    language: system\n"
            "    entry: bash -c 'exit 1'\n    files: '^app\\/drizzle\\/migrations\\/.*\\.sql$'\n",
        ),
        (WORKFLOW, workflow(f"- run: |\n{indented(REFUSAL, 4)}", "pull_request")),
        (
            WORKFLOW,
            workflow(
                "- run: |\n    echo no\n    exit 1\n",
                "{pull_request: {paths: [app/drizzle/migrations/**]}}",
            ),
        ),
    ],
)
def test_the_ci_where_migrations_are_kept_out_of_a_change(path: str, text: str) -> None:
    assert policy(**{path: text}) == (Generator.CI, path)


@pytest.mark.parametrize(
    "steps",
    [
        "- run: npm run db:generate\n- run: git commit -am x\n- run: git push\n",
        "- run: npx drizzle-kit generate\n- uses: stefanzweifel/git-auto-commit-action@v5\n",
        "- run: |\n    npm run db:generate\n    git push\n",
    ],
)
def test_the_ci_where_a_workflow_generates_and_commits(steps: str) -> None:
    assert policy(**{WORKFLOW: workflow(steps)}) == (Generator.CI, WORKFLOW)


def test_the_ci_of_another_kind() -> None:
    text = "generate:\n  script:\n    - npm run db:generate\n    - git push\n"
    assert policy(**{".gitlab-ci.yml": text}) == (Generator.CI, ".gitlab-ci.yml")


def test_the_workflow_that_generates_is_the_better_evidence() -> None:
    tree = {
        ".husky/pre-commit": REFUSAL,
        ".github/workflows/a.yml": workflow(f"- run: |\n{indented(REFUSAL, 4)}", "pull_request"),
        ".github/workflows/b.yml": workflow("- run: npm run db:generate\n- run: git push\n"),
    }
    assert policy(**tree) == (Generator.CI, ".github/workflows/b.yml")
    files = {path: text.encode() for path, text in (BASE | tree).items()}
    profile = read_profile(Repository(MemoryTree(files), now=0))
    assert profile.refused_by == ".husky/pre-commit"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        # Migrations have to be there when the schema changes.
        (
            ".husky/pre-commit",
            "if git diff --cached --name-only | grep -q schema.ts && ! git diff --cached "
            "--name-only | grep -q app/drizzle/migrations; then exit 1; fi\n",
        ),
        # Those that have landed are not to be changed.
        (".husky/pre-commit", REFUSAL.replace("--cached", "--cached --diff-filter=MDR")),
        # They are formatted by others, or looked at by a linter.
        (
            "lefthook.yml",
            "pre-commit:\n  commands:\n    a:\n      exclude: ['app/drizzle/migrations/**']\n"
            "      run: biome format || exit 1\n",
        ),
        (
            "lefthook.yml",
            "pre-commit:\n  commands:\n    a:\n      glob: 'app/drizzle/migrations/**'\n"
            "      run: npm run lint:sql\n",
        ),
        # Generated ones have to be committed: the workflow compares.
        (
            WORKFLOW,
            workflow(
                "- run: npm run db:generate\n"
                "- run: git diff --exit-code app/drizzle/migrations || exit 1\n",
                "pull_request",
            ),
        ),
        # It generates, and throws away.
        (WORKFLOW, workflow("- run: npm run db:generate\n- run: npm test\n")),
        # It pushes something else.
        (WORKFLOW, workflow("- run: npm run docs\n- run: git push\n")),
        # It refuses after the fact.
        (WORKFLOW, workflow(f"- run: |\n{indented(REFUSAL, 4)}", "push")),
        ("docs/workflows/a.yml", workflow("- run: npm run db:generate\n- run: git push\n")),
    ],
)
def test_the_author_where_a_hook_or_workflow_is_about_something_else(path: str, text: str) -> None:
    assert policy(**{path: text}) == (Generator.AUTHOR, None)
