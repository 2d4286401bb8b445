"""Reads a profile off a checkout."""

from __future__ import annotations

from plexus_rules.drizzle.repository import Repository
from plexus_rules.profile.model import Profile
from plexus_rules.profile.plexus import PLEXUS


def read_profile(repository: Repository) -> Profile:
    """The names that a checkout uses."""
    return PLEXUS
