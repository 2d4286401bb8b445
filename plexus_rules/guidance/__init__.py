"""Rules as guides: the AGENTS.md pages that agents read."""

from plexus_rules.guidance.place import Placement, PlacementError, plan_placement
from plexus_rules.guidance.render import GuidePage, guide_pages, rule_line

__all__ = [
    "GuidePage",
    "Placement",
    "PlacementError",
    "guide_pages",
    "plan_placement",
    "rule_line",
]
