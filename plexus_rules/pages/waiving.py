"""How a finding of a rule is waived, shown for one of its bad examples."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct

from plexus_rules.check.comments import comment_opener
from plexus_rules.check.waivers import MARK
from plexus_rules.drizzle.change import Change
from plexus_rules.drizzle.repository import Repository
from plexus_rules.finding import Finding
from plexus_rules.gallery import Outcome
from plexus_rules.gallery.run import NOW
from plexus_rules.rule import Rule
from plexus_rules.trees import MemoryTree

#: What the reader replaces.
_REASON = "why it is right here"


class Waiving(Struct, frozen=True):
    """The two forms of a waiver, for a finding of a bad example.

    Attributes:
        finding: what is waived.
        outcome: the example that gives it.
        settings: the entry for ``plexus-rules.toml``.
        comment: the comment that stands above what is found; empty where none can.
        no_comment: why none can; empty where one can.
        above: the line that the comment stands above.
        language: of the file.
    """

    finding: Finding
    outcome: Outcome
    settings: str
    comment: str
    no_comment: str
    above: str = ""
    language: str = ""


def waiving(rule: Rule, outcomes: Sequence[Outcome]) -> Waiving | None:
    """How the first finding of a rule's bad examples is waived; one that a comment can, if any.

    None for a rule without findings.
    """
    found = [_shown(rule, outcome, finding) for outcome, finding in _own(rule, outcomes)]
    return next((one for one in found if one.comment), found[0] if found else None)


def _own(rule: Rule, outcomes: Sequence[Outcome]) -> Iterator[tuple[Outcome, Finding]]:
    for outcome in outcomes:
        for finding in outcome.report.findings:
            if finding.rule == rule.id:
                yield outcome, finding


def _shown(rule: Rule, outcome: Outcome, finding: Finding) -> Waiving:
    path, opener = finding.path, comment_opener(finding.path)
    entry = (
        f"[[waivers]]\nrule = {json.dumps(rule.id)}\npath = {json.dumps(path)}\n"
        f"reason = {json.dumps(_REASON)}"
    )
    no_comment = ""
    if path not in outcome.after:
        no_comment = "The file is gone, so no comment can stand in it."
    elif opener is None:
        no_comment = "This file has no comments."
    elif path in _landed(outcome):
        no_comment = "A comment in SQL that has landed is an edit of it (PLX201)."
    if no_comment:
        return Waiving(finding, outcome, entry, "", no_comment)
    lines = MemoryTree(outcome.after).text(path).split("\n")
    return Waiving(
        finding,
        outcome,
        entry,
        f"{opener} {MARK} {rule.id} -- {_REASON}",
        "",
        lines[finding.range.line - 1].strip(),
        path.rpartition(".")[2] if "." in path.rpartition("/")[2] else "text",
    )


def _landed(outcome: Outcome) -> Collection[str]:
    before, after = (MemoryTree(files) for files in (outcome.before, outcome.after))
    return Change(Repository(before, NOW), Repository(after, NOW)).landed_sql
