"""A guide's steps are read off the page as they stand there."""

from plexus_rules.catalog import all_rules
from plexus_rules.catalog.workflow import workflow
from plexus_rules.drizzle.repository import Repository
from plexus_rules.guidance import guide_pages
from plexus_rules.lab.guide_steps import GuideStep, guide_steps
from plexus_rules.profile import read_profile
from plexus_rules.samples import base
from plexus_rules.trees import MemoryTree

PAGE = """# Rules

1. **Not of this section.** No.

## Every change

In this order:

1. **Edit.** Change `a/` and `b/`, the same. [PLX101~]
2. **Generate.** From the root. [PLX601~]

    ```sh
    cd packages/backend
    bunx drizzle-kit generate
    bunx drizzle-kit generate --config drizzle.config.pg.ts
    ```

3. **Test.** See no error.

## Check

```sh
plexus-rules check
```
"""


def test_the_steps_of_one_section_are_read_with_their_commands() -> None:
    edit, generate, test = guide_steps(PAGE, "Every change")
    assert (edit.title, edit.names, edit.commands) == ("Edit", ("a/", "b/"), ())
    assert generate.commands[0] == "cd packages/backend"
    assert test == GuideStep("Test", "See no error.")


def test_a_command_is_run_where_the_block_goes() -> None:
    _, generate, _ = guide_steps(PAGE, "Every change")
    assert generate.command_lines == (
        "cd packages/backend && bunx drizzle-kit generate",
        "cd packages/backend && bunx drizzle-kit generate --config drizzle.config.pg.ts",
    )


def test_a_page_without_the_section_has_no_steps() -> None:
    assert guide_steps(PAGE, "Another") == ()


def test_the_guide_of_a_project_shows_its_whole_workflow() -> None:
    profile = read_profile(Repository(MemoryTree(base()), 0))
    steps = workflow(profile)
    shown = [
        found
        for page in guide_pages(all_rules(), profile)
        if (found := guide_steps(page.text, steps.title))
    ]
    assert len(shown) == 1
    for step, expected in zip(shown[0], steps.steps, strict=True):
        assert step.title == expected.title
        moves = (f"cd {expected.directory}",) if expected.directory else ()
        assert step.commands == ((*moves, *expected.commands) if expected.commands else ())
