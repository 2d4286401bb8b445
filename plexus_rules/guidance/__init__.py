"""Rules as guides: the AGENTS.md pages that agents read."""

from plexus_rules.guidance.render import GuidePage, guide_pages, rule_line

__all__ = ["GuidePage", "guide_pages", "rule_line"]
