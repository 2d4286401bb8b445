"""What is measured is a project as it should be, and the measuring works."""

from __future__ import annotations

from pathlib import Path

import pytest

from plexus_rules.catalog import all_rules
from plexus_rules.check.path import Request, check_path
from plexus_rules.gallery.run import NOW
from tests.benchmarks.__main__ import CHECK, NOTHING, audit, checks, metadata, parsed, start_up
from tests.benchmarks.grow import grown
from tests.benchmarks.processes import Measured, Process, Taken, measure, table
from tests.checkouts import Checkout


def test_generated_project_is_large_and_clean(tmp_path: Path) -> None:
    checkout = Checkout.new(tmp_path, grown())
    snapshots = [path for path in metadata(tmp_path) if path.name != "_journal.json"]
    assert len(snapshots) == 60 + 80
    assert 60_000 < sum(path.stat().st_size for path in snapshots) / len(snapshots) < 80_000
    report = check_path(Request(checkout.root, all_rules(), {}, NOW, require_base=True)).report
    assert (report.findings, report.incomplete, report.unsupported) == ((), (), ())


def test_measuring_gives_a_table(tmp_path: Path) -> None:
    checkout = Checkout.new(tmp_path / "checkout", grown(4, 4))
    processes = [*start_up(), *checks(checkout.root, tmp_path / "cache")]
    lines = table(measure(processes, rounds=1), NOTHING).splitlines()
    assert lines[-2].startswith(CHECK)
    assert len(lines) == 1 + 7
    assert list((tmp_path / "cache").iterdir())


def test_an_audit_is_measured_beside_a_check(tmp_path: Path) -> None:
    checkout = Checkout.new(tmp_path, grown(4, 4))
    assert len(table(measure(audit(checkout.root), rounds=1), CHECK).splitlines()) == 3


def test_sql_is_parsed(tmp_path: Path) -> None:
    lines = parsed(Checkout.new(tmp_path, grown(4, 4)).root).splitlines()
    assert [line.partition(":")[0] for line in lines] == ["postgresql", "sqlite"]


def test_table_for_a_page() -> None:
    rows = [
        Measured("one", (Taken(0.1, 20.4), Taken(0.3, 20.6), Taken(0.2, 20.5))),
        Measured("other", (Taken(0.05, 1),)),
    ]
    assert table(rows, "one", markdown=True).splitlines() == [
        "|  | median | best | x one | memory |",
        "| --- | ---: | ---: | ---: | ---: |",
        "| one | 200 ms | 100 ms | 1.00 | 21 MB |",
        "| other | 50 ms | 50 ms | 0.25 | 1 MB |",
    ]
    assert table(rows, "one").splitlines()[1] == "one    200 ms  100 ms   1.00   21 MB"


def test_a_process_that_fails_is_no_measure() -> None:
    with pytest.raises(SystemExit, match=r"broken: .*no such thing"):
        measure([Process("broken", (("sh", "-c", "echo no such thing; exit 3"),))], rounds=0)
