"""What a migration does to the rows that are there, by the schema before it.

All four rules about that ask :func:`effects` once for each migration: the SQL is followed a
single time, and the snapshot before it is read only where an operation makes that necessary.
"""

from plexus_rules.catalog.sql.effects.copies import MissingColumn
from plexus_rules.catalog.sql.effects.drops import Drop, Effect, Referrer
from plexus_rules.catalog.sql.effects.following import FOLLOWED, Effects, effects
from plexus_rules.catalog.sql.effects.losses import Loss
from plexus_rules.catalog.sql.effects.moment import Doubt, Question
from plexus_rules.catalog.sql.effects.required import Fills, Required, Way, is_written

__all__ = [
    "FOLLOWED",
    "Doubt",
    "Drop",
    "Effect",
    "Effects",
    "Fills",
    "Loss",
    "MissingColumn",
    "Question",
    "Referrer",
    "Required",
    "Way",
    "effects",
    "is_written",
]
