"""The names, commands and policy that guidance is filled with.

A profile is built in (Plexus, as the source document describes it) or read off a checkout.
"""

from plexus_rules.profile.model import DatabaseNames, Generator, Names, Profile
from plexus_rules.profile.plexus import PLEXUS
from plexus_rules.profile.reading import read_profile
from plexus_rules.profile.settings import BadSetting, parse_settings, with_settings

__all__ = [
    "PLEXUS",
    "BadSetting",
    "DatabaseNames",
    "Generator",
    "Names",
    "Profile",
    "parse_settings",
    "read_profile",
    "with_settings",
]
