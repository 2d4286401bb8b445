"""Runs the examples: each is a small repository before and after, checked by every rule."""

from plexus_rules.gallery.run import Outcome, example_id, run_all, run_example

__all__ = ["Outcome", "example_id", "run_all", "run_example"]
