"""The shape that the TypeScript of a schema declares, as drizzle-kit 0.31 would write it down."""

from plexus_rules.drizzle.shapes.declared.compare import Comparison
from plexus_rules.drizzle.shapes.declared.model import Declared, DeclaredTable, Hole
from plexus_rules.drizzle.shapes.declared.schema import casing_of, declared

__all__ = ["Comparison", "Declared", "DeclaredTable", "Hole", "casing_of", "declared"]
