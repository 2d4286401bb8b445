"""The pages of a few rules at once, for who looks at the site while writing a rule.

``python -m plexus_rules.pages.preview MODULE...`` takes paths of rules' modules in the source
tree that it is run in. What else follows from them is left to ``plexus-rules generate``.
"""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path

from plexus_rules.catalog import all_rules, module_of
from plexus_rules.gallery import run_all
from plexus_rules.guidance.files import write_whole
from plexus_rules.lab.records import read_records
from plexus_rules.pages.site import rule_page


def preview(root: Path, modules: Collection[str]) -> list[str]:
    """Runs the examples of the rules in these modules and writes their pages; the pages' paths.

    Raises:
        BadRecord: what was recorded of a claim cannot be read.
        OSError: a page cannot be written.
    """
    rules = all_rules()
    docs = root / "docs"
    evidence = read_records(docs / "evidence", {claim.id for rule in rules for claim in rule.why})
    written = []
    for rule in rules:
        if module_of(rule) not in modules:
            continue
        page = docs / "rules" / f"{rule.id}.md"
        outcomes = list(run_all(rules, [rule]))
        write_whole(page, rule_page(rule, rules, outcomes, evidence).encode())
        written.append(page.relative_to(root).as_posix())
        # It stays as it is, and shows a module that does not.
        source = docs / "source" / f"{rule.id}.md"
        if source.exists():
            source.touch()
    return written


if __name__ == "__main__":
    preview(Path.cwd(), sys.argv[1:])
