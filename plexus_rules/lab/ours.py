"""plexus_rules as the lab runs it on files in memory.

Its parsers are shared: whatever reads a repository in the lab holds ``ONE_AT_A_TIME``.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import RLock

from plexus_rules.check import Report, check_change
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.trees import MemoryTree

#: To be held where a repository is read, since threads share the parsers.
ONE_AT_A_TIME = RLock()


def check(before: Mapping[str, bytes], after: Mapping[str, bytes], now: int) -> Report:
    """What ``plexus-rules check`` reports of a change.

    Args:
        before: every file that has landed, by path.
        after: every file that is checked.
        now: the time of the check, in milliseconds since 1970.
    """
    from plexus_rules.catalog import all_rules
    from plexus_rules.profile import read_profile

    with ONE_AT_A_TIME:
        head = Repository(MemoryTree(after), now)
        change = Change(Repository(MemoryTree(before), now), head)
        return check_change(change, all_rules(), read_profile(head))
