"""``INSERT INTO … SELECT … FROM``, out of syntax trees."""

from __future__ import annotations

from plexus_rules.drizzle.sql.names import name_of, names_of, object_name
from plexus_rules.drizzle.sql.operations import CopyRows, Data, Operation
from plexus_rules.drizzle.sql.sqlparser import Node
from plexus_rules.drizzle.sql.texts import Text


def insert(node: Node, text: Text) -> Operation:
    """The rows of one table that go into another; Data for every other ``INSERT``."""
    try:
        return _copy(node, text.dialect)
    except (KeyError, TypeError, ValueError):
        return Data("insert")


def _copy(node: Node, dialect: str) -> CopyRows:
    select = node["source"]["body"]["Select"]
    (origin,) = select["from"]
    if origin["joins"]:
        raise ValueError("more than one table")
    selected = tuple(_selected(each, dialect) for each in select["projection"])
    return CopyRows(
        into=object_name(node["table"]["TableName"], dialect),
        columns=names_of(node["columns"], dialect),
        source=object_name(origin["relation"]["Table"]["name"], dialect),
        selected=selected,
    )


def _selected(node: Node, dialect: str) -> tuple[str, bool] | None:
    """A name that is selected as it is, bare or quoted; None for another expression."""
    if "Wildcard" in node:
        raise ValueError("which columns are selected is not said")
    expression = node.get("UnnamedExpr") or node["ExprWithAlias"]["expr"]
    if "Identifier" not in expression:
        return None
    identifier = expression["Identifier"]
    return name_of(identifier, dialect), identifier["quote_style"] is not None
