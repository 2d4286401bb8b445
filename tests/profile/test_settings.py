"""Names that a person gives."""

from __future__ import annotations

import pytest

from plexus_rules.profile import (
    PLEXUS,
    BadSetting,
    Generator,
    Profile,
    parse_settings,
    with_settings,
)


def given(*settings: str) -> Profile:
    return with_settings(PLEXUS, parse_settings(settings))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("project", "Shop"),
        ("package", "apps/shop"),
        ("schema_dir", "db/schema"),
        ("parent_index", "db/schema/index.ts"),
        ("database_dir", "db"),
        ("client", "db/client.ts"),
        ("get_schema", "tables"),
        ("types_module", "db/types.ts"),
        ("generator", "ci"),
        ("sqlite_config", "lite.config.ts"),
        ("sqlite_dir", "db/lite"),
        ("sqlite_out", "db/out"),
        ("sqlite_selected_by", "DB=lite"),
        ("postgresql_config", "pg.config.ts"),
        ("postgresql_dir", "db/pg"),
        ("postgresql_out", "db/out_pg"),
        ("postgresql_selected_by", "DB=pg"),
    ],
)
def test_a_name_that_is_given_is_the_one_that_is_used(name: str, value: str) -> None:
    assert given(f"{name}={value}").names()[name] == value


def test_a_directory_that_is_given_is_where_the_tables_are() -> None:
    assert given("sqlite_dir=db/lite").names()["sqlite_tables"] == "`db/lite/`"


def test_tables_may_be_in_several_places() -> None:
    names = given("postgresql_tables=./db/pg/, db/more.ts").names()
    assert names["postgresql_tables"] == "`db/pg/` and `db/more.ts`"


def test_every_name_can_be_given() -> None:
    # The text about the package follows from the package.
    for name in PLEXUS.names().keys() - {"in_package"}:
        assert parse_settings([f"{name}=ci"]) == {name: "ci"}


def test_one_command_for_all_databases() -> None:
    profile = given("generate=make migrations")
    assert profile.generate == ("make migrations",)
    assert {d.generate for d in profile.databases} == {"make migrations"}
    assert profile.names()["generate_sqlite"] == "`make migrations`"


def test_a_command_for_one_database() -> None:
    profile = given("generate_postgresql=make pg")
    assert profile.generate == ("bunx drizzle-kit generate", "make pg")


def test_a_policy_that_is_given_has_no_evidence() -> None:
    assert given("generator=ci").generator is Generator.CI
    assert given("generator=ci").generator_evidence is None


@pytest.mark.parametrize("value", ["./db/schema/", "db//schema", "db\\schema"])
def test_paths_are_made_plain(value: str) -> None:
    assert given(f"schema_dir={value}").schema_dir == "db/schema"


def test_parentheses_of_a_function_are_left_out() -> None:
    assert given("get_schema=tables()").get_schema == "tables"


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("schema_dir", "'schema_dir' is not NAME=VALUE"),
        ("schema_dir=", "'schema_dir=' is not NAME=VALUE"),
        ("schema_dri=x", "no name 'schema_dri', did you mean schema_dir"),
        ("zzz=x", r"no name 'zzz' \(names: client, "),
        ("schema_dir=../x", "'../x' is not a path inside of the checkout"),
        ("schema_dir=/x", "'/x' is not a path inside of the checkout"),
        ("generator=me", "generator is author or ci, not 'me'"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(setting: str, message: str) -> None:
    with pytest.raises(BadSetting, match=message):
        given(setting)


def test_a_dialect_that_the_checkout_lacks_has_no_names() -> None:
    none = Profile("Shop", "", None, None, (), ())
    with pytest.raises(BadSetting, match="the checkout has no sqlite database to name"):
        with_settings(none, {"sqlite_out": "x"})
