"""The statements that make the tables of a PostgreSQL out of what a snapshot says."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from plexus_rules.drizzle.replay.said import Said
from plexus_rules.drizzle.replay.tokens import quoted
from plexus_rules.drizzle.shapes.snapshots import qualified

Raw = Mapping[str, Any]


def creation(said: Said, names: Iterable[str]) -> Iterator[str]:
    """Makes some of the tables, with all that they need: schemas, enums, referenced tables."""
    wanted = [said.tables[name] for name in names if name in said.tables]
    targets = {
        qualified(str(key.get("tableTo")), key.get("schemaTo"))
        for raw in wanted
        for key in _values(raw, "foreignKeys")
    }
    known = {id(raw) for raw in wanted}
    needed = wanted + [
        raw for name, raw in said.tables.items() if name in targets and id(raw) not in known
    ]
    schemas = {str(raw["schema"]) for raw in needed if raw.get("schema")}
    schemas |= {name.rpartition(".")[0] for name in said.enums}
    yield from (f"CREATE SCHEMA IF NOT EXISTS {quoted(s)}" for s in sorted(schemas - {""}))
    for name, values in said.enums.items():
        listed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
        yield f"CREATE TYPE {_dotted(name)} AS ENUM ({listed})"
    for raw in needed:
        yield _table(raw, said.enums)
    for raw in needed:
        yield from (_index(raw, index) for index in _values(raw, "indexes"))
    for raw in wanted:
        yield from (_foreign_key(raw, key) for key in _values(raw, "foreignKeys"))


def _table(raw: Raw, enums: Container[str]) -> str:
    parts = [_column(column, enums) for column in _values(raw, "columns")]
    parts += (
        f"CONSTRAINT {quoted(str(key['name']))} PRIMARY KEY ({_listed(key)})"
        for key in _values(raw, "compositePrimaryKeys")
    )
    for unique in _values(raw, "uniqueConstraints"):
        nulls = " NULLS NOT DISTINCT" if unique.get("nullsNotDistinct") else ""
        parts.append(f"CONSTRAINT {quoted(str(unique['name']))} UNIQUE{nulls} ({_listed(unique)})")
    parts += (
        f"CONSTRAINT {quoted(str(check['name']))} CHECK ({check['value']})"
        for check in _values(raw, "checkConstraints")
    )
    return f"CREATE TABLE {_name(raw)} ({', '.join(parts)})"


def _column(column: Raw, enums: Container[str]) -> str:
    words = [quoted(str(column["name"])), _type(column, enums)]
    if column.get("primaryKey"):
        words.append("PRIMARY KEY")
    if column.get("default") is not None:
        default = column["default"]
        words.append(f"DEFAULT {str(default).lower() if isinstance(default, bool) else default}")
    generated, identity = column.get("generated"), column.get("identity")
    if isinstance(generated, dict):
        words.append(f"GENERATED ALWAYS AS ({generated.get('as')}) STORED")
    if isinstance(identity, dict):
        kind = "ALWAYS" if identity.get("type") == "always" else "BY DEFAULT"
        words.append(f"GENERATED {kind} AS IDENTITY")
    if column.get("notNull"):
        words.append("NOT NULL")
    return " ".join(words)


def _type(column: Raw, enums: Container[str]) -> str:
    kind, schema = str(column["type"]), column.get("typeSchema")
    bare = kind.rstrip("[]")
    if schema:
        return f"{quoted(str(schema))}.{quoted(bare)}{kind[len(bare) :]}"
    # Old snapshots name an enum without its schema.
    return f"{quoted(bare)}{kind[len(bare) :]}" if bare in enums else kind


def _index(raw: Raw, index: Raw) -> str:
    unique = "UNIQUE " if index.get("isUnique") else ""
    method = str(index.get("method") or "btree")
    listed = (_index_column(column, method == "btree") for column in index.get("columns") or ())
    columns = ", ".join(listed)
    options = index.get("with") or {}
    storage = ", ".join(f"{quoted(key)} = {value}" for key, value in options.items())
    return (
        f"CREATE {unique}INDEX {quoted(str(index['name']))} ON {_name(raw)} USING {method} "
        f"({columns})"
        + (f" WITH ({storage})" if storage else "")
        + (f" WHERE {index['where']}" if index.get("where") else "")
    )


def _index_column(column: object, has_order: bool) -> str:
    if not isinstance(column, dict):
        return quoted(str(column))
    said = str(column.get("expression"))
    words = [f"({said})" if column.get("isExpression") else quoted(said)]
    if column.get("opclass"):
        words.append(str(column["opclass"]))
    if has_order:
        words.append("ASC" if column.get("asc") is not False else "DESC")
        if column.get("nulls") in ("first", "last"):
            words.append(f"NULLS {column['nulls']}")
    return " ".join(words)


def _foreign_key(raw: Raw, key: Raw) -> str:
    target = _dotted(qualified(str(key.get("tableTo")), key.get("schemaTo")))
    columns, to = (", ".join(map(quoted, key.get(k) or ())) for k in ("columnsFrom", "columnsTo"))
    return (
        f"ALTER TABLE {_name(raw)} ADD CONSTRAINT {quoted(str(key['name']))} "
        f"FOREIGN KEY ({columns}) REFERENCES {target} ({to}) "
        f"ON DELETE {key.get('onDelete') or 'no action'} "
        f"ON UPDATE {key.get('onUpdate') or 'no action'}"
    )


def _name(raw: Raw) -> str:
    schema, name = raw.get("schema"), quoted(str(raw["name"]))
    return f"{quoted(str(schema))}.{name}" if schema else name


def _dotted(name: str) -> str:
    schema, _, bare = name.rpartition(".")
    return f"{quoted(schema)}.{quoted(bare)}" if schema else quoted(bare)


def _listed(part: Raw) -> str:
    return ", ".join(quoted(str(name)) for name in part.get("columns") or ())


def _values(raw: Raw, key: str) -> list[Raw]:
    parts = raw.get(key)
    if not isinstance(parts, dict):
        return []
    return [part for part in parts.values() if isinstance(part, dict)]
