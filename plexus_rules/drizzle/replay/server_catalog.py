"""The tables of a real PostgreSQL as shapes, in its own spelling."""

from __future__ import annotations

import json
import re
from typing import Any

from plexus_rules.drizzle.replay.engine import Session
from plexus_rules.drizzle.shapes.model import (
    CheckShape,
    ColumnShape,
    ForeignKeyShape,
    IndexShape,
    TableShape,
    UniqueShape,
)
from plexus_rules.drizzle.shapes.snapshots import qualified

_OURS = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
#: Every table with its columns, indexes and constraints: one row.
_CATALOGUE = f"""
SELECT coalesce(json_agg(json_build_object(
  'schema', n.nspname, 'name', c.relname,
  'columns', (SELECT json_agg(json_build_array(
      a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
      pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated) ORDER BY a.attnum)
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  'indexes', (SELECT json_agg(json_build_array(
      i.relname, x.indisunique, m.amname, pg_get_expr(x.indpred, x.indrelid),
      (SELECT json_agg(pg_get_indexdef(x.indexrelid, k, false) || ' ' || x.indoption[k - 1]
         ORDER BY k) FROM generate_series(1, x.indnkeyatts) k)))
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am m ON m.oid = i.relam
    WHERE x.indrelid = c.oid
      AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = x.indexrelid
                      AND o.contype IN ('p', 'u', 'x'))),
  'constraints', (SELECT json_agg(json_build_array(
      o.conname, o.contype, pg_get_constraintdef(o.oid),
      (SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(o.conkey) WITH ORDINALITY k(c, n)
         JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.c),
      (SELECT f.nspname FROM pg_namespace f WHERE f.oid = t.relnamespace), t.relname,
      (SELECT json_agg(a.attname ORDER BY k.n) FROM unnest(o.confkey) WITH ORDINALITY k(c, n)
         JOIN pg_attribute a ON a.attrelid = o.confrelid AND a.attnum = k.c),
      o.confdeltype, o.confupdtype))
    FROM pg_constraint o LEFT JOIN pg_class t ON t.oid = o.confrelid
    WHERE o.conrelid = c.oid)
)), '[]')::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND {_OURS}
  AND c.relname <> '__drizzle_migrations'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = c.oid AND e.deptype = 'e')
"""
_ENUMS = f"""
SELECT n.nspname, t.typname, json_agg(e.enumlabel ORDER BY e.enumsortorder)::text
FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE {_OURS} GROUP BY 1, 2
"""
_ACTIONS = {
    "a": "no action",
    "r": "restrict",
    "c": "cascade",
    "n": "set null",
    "d": "set default",
}
_IDENTITIES = {"a": "always", "d": "byDefault"}
#: The name of a sequence tells how its table was called when it was made, and no more.
_SEQUENCE = re.compile(r"nextval\('.*'::regclass\)", re.DOTALL)


def read_tables(session: Session) -> dict[str, TableShape]:
    """Every table.

    Raises:
        Refused: the server does not answer.
    """
    (((found,),)) = session.run(_CATALOGUE)
    shapes = (_table(table) for table in json.loads(str(found)))
    return {shape.name: shape for shape in shapes}


def read_enums(session: Session) -> dict[str, tuple[str, ...]]:
    """Every enum.

    Raises:
        Refused: the server does not answer.
    """
    return {
        qualified(name, schema): tuple(json.loads(values))
        for schema, name, values in session.run(_ENUMS)
    }


def _table(table: dict[str, Any]) -> TableShape:
    foreign_keys: list[ForeignKeyShape] = []
    uniques: dict[str, UniqueShape] = {}
    checks: dict[str, CheckShape] = {}
    key: tuple[str, ...] = ()
    for name, kind, text, columns, schema, to, to_columns, on_delete, on_update in (
        table["constraints"] or ()
    ):
        listed = tuple(columns or ())
        if kind == "p":
            key = listed
        elif kind == "u":
            uniques[name] = UniqueShape(name, listed, "NULLS NOT DISTINCT" in text)
        elif kind == "c":
            checks[name] = CheckShape(name, text)
        elif kind == "f":
            foreign_keys.append(
                ForeignKeyShape(
                    name,
                    listed,
                    qualified(to, schema),
                    tuple(to_columns),
                    _ACTIONS[on_delete],
                    _ACTIONS[on_update],
                )
            )
    return TableShape(
        name=qualified(table["name"], table["schema"]),
        columns={column[0]: _column(*column) for column in table["columns"] or ()},
        primary_key=key,
        indexes={
            name: IndexShape(name, tuple(columns), unique, where, method)
            for name, unique, method, where, columns in table["indexes"] or ()
        },
        foreign_keys=tuple(foreign_keys),
        uniques=uniques,
        checks=checks,
    )


def _column(
    name: str, kind: str, not_null: bool, text: str | None, identity: str, generated: str
) -> ColumnShape:
    default = _SEQUENCE.sub("nextval", text) if text else None
    return ColumnShape(
        name=name,
        type=kind,
        not_null=not_null,
        default=None if generated else default,
        generated=text if generated else None,
        identity=_IDENTITIES.get(identity),
    )
