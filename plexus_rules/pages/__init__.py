"""The pages of the site, and the files beside them, all from the rules."""

from plexus_rules.pages.site import site_files

__all__ = ["site_files"]
