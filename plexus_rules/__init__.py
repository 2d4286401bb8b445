"""Rules for Drizzle schemas and migrations: written once, told to agents and checked."""

__version__ = "0.2.0"

TYPE_CHECKING = False  # type checkers know the name; importing it would cost start-up time
if TYPE_CHECKING:
    from plexus_rules.catalog import all_rules, find_rule
    from plexus_rules.catalog.selection import UnknownRule
    from plexus_rules.check.api import check_directory
    from plexus_rules.check.path import CannotCheck
    from plexus_rules.check.report import Project, Report, Stale, Waived
    from plexus_rules.finding import Finding, NotRun, Range, Related, Severity, Unsupported
    from plexus_rules.rule import Claim, Enforcement, Obligation, Rule

#: Where each public name lives. A name is imported when it is first used, so that
#: ``import plexus_rules`` costs nothing.
_HOMES = {
    "CannotCheck": "plexus_rules.check.path",
    "Claim": "plexus_rules.rule",
    "Enforcement": "plexus_rules.rule",
    "Finding": "plexus_rules.finding",
    "NotRun": "plexus_rules.finding",
    "Obligation": "plexus_rules.rule",
    "Project": "plexus_rules.check.report",
    "Range": "plexus_rules.finding",
    "Related": "plexus_rules.finding",
    "Report": "plexus_rules.check.report",
    "Rule": "plexus_rules.rule",
    "Severity": "plexus_rules.finding",
    "Stale": "plexus_rules.check.report",
    "UnknownRule": "plexus_rules.catalog.selection",
    "Unsupported": "plexus_rules.finding",
    "Waived": "plexus_rules.check.report",
    "all_rules": "plexus_rules.catalog",
    "check_directory": "plexus_rules.check.api",
    "find_rule": "plexus_rules.catalog",
}

__all__ = [
    "CannotCheck",
    "Claim",
    "Enforcement",
    "Finding",
    "NotRun",
    "Obligation",
    "Project",
    "Range",
    "Related",
    "Report",
    "Rule",
    "Severity",
    "Stale",
    "UnknownRule",
    "Unsupported",
    "Waived",
    "all_rules",
    "check_directory",
    "find_rule",
]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
