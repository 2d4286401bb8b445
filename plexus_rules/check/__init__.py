"""Runs rules on a repository, or on a change of one."""

from plexus_rules.check.report import Project, Report
from plexus_rules.check.runner import check_change, check_repository

__all__ = ["Project", "Report", "check_change", "check_repository"]
