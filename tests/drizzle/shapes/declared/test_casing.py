"""Names that the casing of a drizzle config makes, and how a config says it."""

from __future__ import annotations

import pytest

from plexus_rules.drizzle.shapes.declared.casing import Casing, cased, casing_in


@pytest.mark.parametrize(
    ("key", "snake", "camel"),
    [
        ("userId", "user_id", "userId"),
        ("URLName", "url_name", "urlName"),
        ("x1y", "x1y", "x1y"),
        ("is_active", "is_active", "isActive"),
    ],
)
def test_keys_are_turned_as_drizzle_does(key: str, snake: str, camel: str) -> None:
    assert (cased(key, Casing.SNAKE), cased(key, Casing.CAMEL)) == (snake, camel)


@pytest.mark.parametrize(
    ("text", "casing"),
    [
        (b"{ schema: 'a' }", Casing.KEPT),
        (b"{ casing: 'snake_case' }", Casing.SNAKE),
        (b'{ casing: "camelCase" }', Casing.CAMEL),
        (b"{ introspect: { casing: 'preserve' } }", Casing.KEPT),
        (b"{ casing: CASING }", Casing.UNKNOWN),
        (b"{ casing }", Casing.UNKNOWN),
        (b"{ casing: 'snake_case' } // casing", Casing.UNKNOWN),
    ],
)
def test_a_config_says_it_plainly_or_it_is_unknown(text: bytes, casing: Casing) -> None:
    assert casing_in(text) is casing
