"""What is measured is a project as it should be, and the measuring works."""

from __future__ import annotations

from pathlib import Path

from plexus_rules.catalog import all_rules
from plexus_rules.check.path import Request, check_path
from plexus_rules.gallery.run import NOW
from tests.benchmarks.__main__ import measure, metadata, table
from tests.benchmarks.grow import grown
from tests.checkouts import Checkout


def test_generated_project_is_large_and_clean(tmp_path: Path) -> None:
    checkout = Checkout.new(tmp_path, grown())
    snapshots = [path for path in metadata(tmp_path) if path.name != "_journal.json"]
    assert len(snapshots) == 60 + 80
    assert 60_000 < sum(path.stat().st_size for path in snapshots) / len(snapshots) < 80_000
    report = check_path(Request(checkout.root, all_rules(), {}, NOW, require_base=True)).report
    assert (report.findings, report.incomplete, report.unsupported) == ((), (), ())


def test_measuring_gives_a_table(tmp_path: Path) -> None:
    checkout = Checkout.new(tmp_path, grown(4, 4))
    lines = table(measure(checkout.root, rounds=1)).splitlines()
    assert lines[-1].startswith("plexus-rules check")
    assert len(lines) == 7
