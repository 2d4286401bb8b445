"""The drizzle configs of a tree, and the databases that they describe.

A config is parsed and never run. What cannot be read that way is said, with its place.
"""

from plexus_rules.drizzle.config.reading import Config, DatabaseConfig, find_configs
from plexus_rules.drizzle.config.values import Unread

__all__ = ["Config", "DatabaseConfig", "Unread", "find_configs"]
