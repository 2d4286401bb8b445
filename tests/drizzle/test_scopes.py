"""What may be called is found in the bytes of a file."""

from __future__ import annotations

import re

import pytest

from plexus_rules.drizzle import sql_calls
from plexus_rules.drizzle.scopes import called
from plexus_rules.drizzle.scripts import code_files

_COMMANDS = "$ $$ sh shell bash cmd command fork x run runShell exec execaCommand spawnSync"
_METHODS = "exec $execute query $queryRaw run prepare unsafe raw batch sql get values transaction"
_TAGS = "sql client pg postgres db database tx trx conn connection pool"


@pytest.mark.parametrize(
    ("places", "names"),
    [
        (code_files._MENTION, _COMMANDS),
        (sql_calls._MENTION, _METHODS),
        (sql_calls._MENTION, _TAGS),
        (sql_calls._MENTION, _TAGS.upper()),
    ],
)
def test_each_of_the_names(places: re.Pattern[bytes], names: str) -> None:
    for name in names.split():
        found = [match.start() for match in places.finditer(f"a.{name} (1); {name}`1`".encode())]
        assert found == [2, len(name) + 8], name


def test_no_part_of_another_name() -> None:
    places = called("run|exec", "re")
    assert places.search(b"rerun(); runs(); $exec(); exec; // run") is None
    assert places.search(b"re.run()") is not None
