"""Rules are picked by what a person types."""

from __future__ import annotations

import pytest

from plexus_rules.catalog import all_rules, find_rule
from plexus_rules.catalog.selection import UnknownRule, one_rule, select_rules

RULES = all_rules()


def picked(select: str | None = None, ignore: str | None = None) -> list[str]:
    return [rule.id for rule in select_rules(RULES, select, ignore)]


EVERY = picked()


class TestSelect:
    def test_nothing_typed_means_every_rule(self) -> None:
        assert [rule.id for rule in RULES] == EVERY

    @pytest.mark.parametrize(
        "typed",
        ["PLX201", "plx201", " PLX201 ", "edited-migration", "Edited-Migration", "PLX201,PLX201"],
    )
    def test_id_or_name_in_any_case(self, typed: str) -> None:
        assert picked(typed) == ["PLX201"]

    def test_several_by_comma_come_in_order_of_their_ids(self) -> None:
        assert picked("journal-order, PLX111,,PLX201,") == ["PLX111", "PLX201", "PLX205"]

    @pytest.mark.parametrize(("prefix", "start"), [("PLX2", "PLX2"), ("plx20", "PLX20")])
    def test_prefix_of_an_id_means_all_that_start_with_it(self, prefix: str, start: str) -> None:
        assert picked(prefix) == [rule for rule in EVERY if rule.startswith(start)]
        assert len(picked(prefix)) > 1

    def test_whole_word_plx_means_every_rule(self) -> None:
        assert picked("PLX") == EVERY

    @pytest.mark.parametrize("typed", ["", " ", ",", ", ,"])
    def test_empty_selection_is_an_error(self, typed: str) -> None:
        with pytest.raises(UnknownRule, match="--select names no rule"):
            picked(typed)

    @pytest.mark.parametrize("typed", ["PLX9", "PLX2010", "edited", "201", "PL", "PLX*", "PLX201;"])
    def test_what_fits_no_rule_is_an_error(self, typed: str) -> None:
        with pytest.raises(UnknownRule, match=r"[Ss]ee: plexus-rules list$"):
            picked(f"PLX201,{typed}")


class TestIgnore:
    def test_takes_from_what_is_selected(self) -> None:
        assert picked(ignore="PLX2") == [rule for rule in EVERY if not rule.startswith("PLX2")]
        assert picked("PLX201,PLX205", "journal-order") == ["PLX201"]

    @pytest.mark.parametrize("typed", [None, "", " , "])
    def test_nothing_typed_takes_nothing(self, typed: str | None) -> None:
        assert picked(ignore=typed) == EVERY

    def test_unknown_rule_is_an_error(self) -> None:
        with pytest.raises(UnknownRule):
            picked(ignore="PLX999")

    def test_of_all_that_is_selected_is_an_error(self) -> None:
        with pytest.raises(UnknownRule, match="--ignore leaves no rule to run"):
            picked("PLX201", "PLX2")


class TestSuggestion:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("PLX21", "PLX211"),
            ("PLX2O1", "PLX201"),
            ("PLX20l", "PLX201"),
            ("edited-migrations", "edited-migration"),
            ("journl-order", "journal-order"),
            ("parent_schema_import", "parent-schema-import"),
        ],
    )
    def test_near_miss_suggests_the_nearest(self, typed: str, meant: str) -> None:
        with pytest.raises(UnknownRule) as caught:
            one_rule(RULES, typed)
        assert f"did you mean {meant}" in str(caught.value)

    def test_far_miss_suggests_nothing(self) -> None:
        with pytest.raises(UnknownRule) as caught:
            one_rule(RULES, "zzz")
        assert str(caught.value) == "no rule 'zzz'; see: plexus-rules list"


@pytest.mark.parametrize("key", ["PLX201", "plx201", "edited-migration", " Edited-Migration "])
def test_one_rule_is_found_by_id_or_name(key: str) -> None:
    assert one_rule(RULES, key).id == "PLX201"
    found = find_rule(key)
    assert found is not None
    assert found.id == "PLX201"


def test_one_rule_is_not_found_by_a_prefix() -> None:
    with pytest.raises(UnknownRule):
        one_rule(RULES, "PLX20")
    assert find_rule("PLX20") is None
