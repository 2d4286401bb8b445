"""Findings as text for a terminal, as JSON, and as GitHub annotations."""

from plexus_rules.reporters.github import render_github
from plexus_rules.reporters.json import render_json
from plexus_rules.reporters.text import render_text

__all__ = ["render_github", "render_json", "render_text"]
