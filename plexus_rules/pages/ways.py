"""The workflow as projects of several kinds take it, each with its picture."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from plexus_rules.catalog.workflow import workflow
from plexus_rules.drizzle.repository import Repository
from plexus_rules.gallery.run import NOW
from plexus_rules.pages.picture import picture
from plexus_rules.profile import PLEXUS, Profile, read_profile
from plexus_rules.rule import Workflow
from plexus_rules.samples import by_ci
from plexus_rules.trees import MemoryTree


class Way(Struct, frozen=True):
    """One way through the workflow: that of a profile."""

    title: str
    about: str
    workflow: Workflow
    picture: str


def ways() -> Iterator[Way]:
    """As the source document has it, and as a checkout where the CI generates says it."""
    yield _way(
        PLEXUS,
        "The author generates",
        "As Plexus's schema guide describes it.",
        "workflow-author",
    )
    profile = read_profile(Repository(MemoryTree(by_ci()), NOW)).settled()
    yield _way(
        profile,
        "The CI generates",
        f"As it is read off a checkout in which `{profile.generator_evidence}` generates.",
        "workflow-ci",
    )


def _way(profile: Profile, title: str, about: str, name: str) -> Way:
    steps = workflow(profile)
    return Way(title, about, steps, picture(steps, profile, name))
