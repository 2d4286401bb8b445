"""The topics that rules are grouped by: the first digit of a rule's id."""

from __future__ import annotations

from msgspec import Struct

from plexus_rules.rule import Rule


class Topic(Struct, frozen=True):
    """A group of rules. ``digit`` is the first digit of their ids."""

    digit: str
    title: str
    about: str


TOPICS = (
    Topic("1", "Schema and imports", "Where tables live, and which of them code may import."),
    Topic("2", "Migration history", "What has landed stays; what is new comes from drizzle-kit."),
    Topic("3", "Generated SQL", "What a generated migration does to the rows that are there."),
    Topic("4", "Live database", "How a database that people use is changed."),
    Topic("5", "Types", "Where row types come from."),
    Topic("6", "Workflow", "What to run, to read and to commit."),
)


def topic_of(rule: Rule) -> Topic:
    """The topic that a rule belongs to."""
    return next(topic for topic in TOPICS if topic.digit == rule.id[3])
