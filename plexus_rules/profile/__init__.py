"""The names, commands and policy that guidance is filled with.

A profile is built in (Plexus, as the source document describes it) or read off a checkout.
"""

from plexus_rules.profile.model import DatabaseNames, Generator, Profile
from plexus_rules.profile.plexus import PLEXUS
from plexus_rules.profile.reading import read_profile

__all__ = ["PLEXUS", "DatabaseNames", "Generator", "Profile", "read_profile"]
