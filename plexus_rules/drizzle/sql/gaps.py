"""Forms that drizzle-kit writes, or wrote, and that sqlparser-rs does not know.

Some are read here as a whole. Of others the part is left out that means nothing for the syntax
tree: the rest keeps its places, so that texts are still cut from the statement as it stands.
"""

from __future__ import annotations

import re

from plexus_rules.drizzle.sql.masking import masked
from plexus_rules.drizzle.sql.names import in_schema_of
from plexus_rules.drizzle.sql.operations import (
    DropExpression,
    Operation,
    Other,
    RenameTable,
    RenameType,
    SetIdentity,
)
from plexus_rules.drizzle.sql.statements import stretches

# These are compiled where they are first used: most projects have none of these statements.
_FLAGS = re.IGNORECASE | re.DOTALL
_NAME = r'(?:"[^"]+"|[a-z_][\w$]*)'
_QUALIFIED = rf"{_NAME}(?:\s*\.\s*{_NAME})?"
_ALTER_COLUMN = (
    rf"alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?({_QUALIFIED})\s+"
    rf"alter\s+(?:column\s+)?({_NAME})\s+(?:"
    r"(drop\s+identity(?:\s+if\s+exists)?)|(drop\s+expression(?:\s+if\s+exists)?)|"
    r"set\s+generated\s+(always|by\s+default)|"
    r"((?:set\s+(?:minvalue|maxvalue|increment|start|cache|cycle|no)\b|restart\b)[^,]*))\Z"
)
_SET_SCHEMA = (
    rf"alter\s+(table|type)\s+(?:if\s+exists\s+)?({_QUALIFIED})\s+set\s+schema\s+({_NAME})\Z"
)
_BLOCK = r"do\s+(\$\w*\$)(.*)\1(?:\s+language\s+plpgsql)?\Z"
_BODY = r"\s*begin\b(.*?)(?:\bexception\s+when\s+\w+\s+then\s+null\s*;\s*)?\bend\s*;?\s*\Z"

_LEFT_OUT = {
    "postgresql": (
        rf"(?<=\()\s*sequence\s+name\s+{_QUALIFIED}|(?<=\bunique)\s+nulls\s+not\s+distinct\b(?!\s*\()|"
        r"(?<=\bcreate)\s+unlogged\b|(?<=\bdrop\sindex)\s+concurrently\b"
    ),
    "sqlite": (
        r"(?<=\btext)\s*\(\s*\d+\s*\)|\bon\s+conflict\s+(?:rollback|abort|fail|ignore|replace)\b|"
        r"(?<=\))\s*(?:strict|without\s+rowid)(?:\s*,\s*(?:strict|without\s+rowid))*\s*\Z|"
        r"\bunsigned\s+big\b"
    ),
}
#: libSQL: ``ALTER COLUMN "a" TO "a" …`` says all that ``ADD "a" …`` would say.
_SQLITE_NAME = r'(?:"[^"]+"|`[^`]+`|\w+)'
_REDEFINITION = re.compile(
    rf"alter\s+table\s+{_SQLITE_NAME}\s+(alter\s+column\s+({_SQLITE_NAME})\s+to)(?=\s)", _FLAGS
)


def whole(text: str, dialect: str) -> Operation | None:
    """The operation of a statement in such a form; None for every other statement."""
    if dialect != "postgresql":
        return None
    if found := re.match(_ALTER_COLUMN, text, _FLAGS):
        table, column = _named(found[1]), _named(found[2])
        if found[3]:
            return SetIdentity(table, column, None)
        if found[4]:
            return DropExpression(table, column)
        if found[5]:
            always = found[5].lower() == "always"
            return SetIdentity(table, column, "always" if always else "byDefault")
        return Other("sequence")
    if found := re.match(_SET_SCHEMA, text, _FLAGS):
        old, schema = _named(found[2]), _named(found[3])
        bare = old.rpartition(".")[2]
        new = bare if schema == "public" else f"{schema}.{bare}"
        return RenameTable(old, new) if found[1].lower() == "table" else RenameType(old, new)
    return None


def block(text: str) -> list[str] | None:
    """The statements of a ``DO`` block that does nothing but run them; None for all else.

    drizzle-kit wrote such blocks around what may be there already.
    """
    found = re.match(_BLOCK, text, _FLAGS)
    if found is None:
        return None
    body = found[2]
    inner = re.match(_BODY, masked(body, "postgresql"), _FLAGS)
    if inner is None:
        return None
    start, end = inner.span(1)
    part = body[start:end]
    return [part[first:last] for first, last in stretches(part, "postgresql")]


def redefined(text: str) -> tuple[str, str] | None:
    """A new definition of a column for libSQL: its name, and the statement in the form of ``ADD``.

    None for every other statement.
    """
    found = _REDEFINITION.match(text)
    if found is None:
        return None
    start, end = found.span(1)
    return found[2].strip('"`'), text[:start] + "ADD".ljust(end - start) + text[end:]


def simplified(text: str, dialect: str) -> str | None:
    """The statement with blanks for what the parser does not know; None if that is nothing."""
    pattern = _LEFT_OUT.get(dialect)
    if pattern is None:
        return None
    mask = masked(text, dialect)

    def blank(found: re.Match[str]) -> str:
        start, end = found.span()
        quoted = not mask[start:end].strip('"')
        return text[start:end] if quoted else " " * (end - start)

    simpler = re.sub(pattern, blank, text, flags=_FLAGS)
    return simpler if simpler != text else None


def _named(text: str) -> str:
    """A name as the operations have it: without quotes and the default schema."""
    parts = re.findall(r'"([^"]+)"|([^\s."]+)', text)
    names = [quoted or bare.lower() for quoted, bare in parts]
    return in_schema_of(names[-1], "" if names[0] == "public" else ".".join(names))
