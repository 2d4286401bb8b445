"""The columns of a table as drizzle-kit writes them into a snapshot."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from plexus_rules.drizzle.builders import BuilderKind
from plexus_rules.drizzle.columns import Column, Modifier, quoted
from plexus_rules.drizzle.shapes.declared.defaults import default_of
from plexus_rules.drizzle.shapes.declared.literals import Odd
from plexus_rules.drizzle.shapes.declared.model import Hole, Notes
from plexus_rules.drizzle.shapes.declared.naming import Names
from plexus_rules.drizzle.shapes.declared.types import REQUIRED, sql_type
from plexus_rules.drizzle.shapes.model import Aspect
from plexus_rules.drizzle.values import Place, property_name, returned

#: Methods that change nothing of what is in the database.
_IN_CODE_ONLY = ("$type", "$default", "$defaultFn", "$onUpdate", "$onUpdateFn")
_NOW = {
    "sqlite": "(cast((julianday('now') - 2440587.5)*86400000 as integer))",
    "postgresql": "now()",
}
#: What can be said of a column.
_OF_ONE = (
    *(Aspect.TYPE, Aspect.NOT_NULL, Aspect.DEFAULT, Aspect.GENERATED, Aspect.IDENTITY),
    Aspect.AUTOINCREMENT,
)
#: What a column that cannot be read may bring besides.
_BESIDES = (Aspect.PRIMARY_KEY, Aspect.INDEX, Aspect.UNIQUE, Aspect.FOREIGN_KEY)


class Built(Struct):
    """What a chain of builder and modifiers makes of one column.

    ``default`` and ``generated`` are the calls that set them: their text depends on the type.
    """

    name: str
    kind: str | None
    enum_schema: str | None = None
    not_null: bool = False
    primary_key: bool = False
    autoincrement: bool = False
    default: Modifier | None = None
    generated: Place | None = None
    identity: str | None = None
    unique: Modifier | None = None
    references: list[Modifier] = field(default_factory=list)


class ColumnWriter:
    """Reads columns, and notes what cannot be read of them."""

    def __init__(self, names: Names, notes: Notes) -> None:
        self._names = names
        self._notes = notes

    def build(self, column: Column, name: str) -> Built:
        """What the builder and the modifiers of a column say."""
        built = Built(name, *self._type(column, name))
        options = self._options(column)
        if column.type in REQUIRED:
            built.not_null = True
        elif column.type == "bigserial":
            mode = self._names.option(options, "mode")
            built.not_null = mode == "number"
            if mode is Odd.UNKNOWN:
                self._vague(column, name, Aspect.NOT_NULL)
        for modifier in column.modifiers:
            built = self._apply(built, modifier, column)
        return built

    def raw(self, built: Built, column: Column, generated: str | None) -> dict[str, Any]:
        """A column as a snapshot holds it."""
        found: dict[str, Any] = {"name": built.name, "type": built.kind or ""}
        if self._names.core == "sqlite":
            found["autoincrement"] = built.autoincrement
        elif built.enum_schema is not None:
            found["typeSchema"] = built.enum_schema
        found |= {"primaryKey": built.primary_key, "notNull": built.not_null}
        if generated is not None:
            found["generated"] = {"as": generated}
        if built.identity is not None:
            found["identity"] = {"type": built.identity}
        if built.default is not None:
            value = self._default(built, column)
            if value is not Odd.UNDEFINED:
                found["default"] = value
        return found

    def _default(self, built: Built, column: Column) -> object:
        assert built.default is not None
        match built.default.name:
            case "defaultNow":
                return _NOW[self._names.core]
            case "defaultRandom":
                return "gen_random_uuid()"
        value = self._argument(built.default)
        if value is Odd.UNDEFINED:
            return value
        text = default_of(self._names.core, built.kind, value)
        if text is Odd.UNKNOWN:
            self._vague(column, built.name, Aspect.DEFAULT)
            return Odd.UNDEFINED
        return text

    def _argument(self, modifier: Modifier) -> object:
        arguments = modifier.call.arguments() if modifier.call else []
        return self._names.literals.value(arguments[0]) if arguments else Odd.UNDEFINED

    def _apply(self, built: Built, modifier: Modifier, column: Column) -> Built:
        match modifier.name:
            case "notNull":
                built.not_null = True
            case "primaryKey":
                built.primary_key = built.not_null = True
                self._primary_key(built, modifier, column)
            case "default" | "defaultNow" | "defaultRandom":
                built.default = modifier
            case "unique":
                built.unique = modifier
            case "references":
                built.references.append(modifier)
            case "generatedAlwaysAs":
                arguments = modifier.call.arguments() if modifier.call else []
                built.generated = arguments[0] if arguments else None
            case "generatedAlwaysAsIdentity" | "generatedByDefaultAsIdentity":
                is_always = modifier.name == "generatedAlwaysAsIdentity"
                built.identity = "always" if is_always else "byDefault"
                built.not_null = True
            case "array" if self._names.core == "postgresql":
                return self._array(built, modifier, column)
            case name if name not in _IN_CODE_ONLY:
                self._unread(column, built.name, f"`.{name}()` is not a method that is known here")
        return built

    def _primary_key(self, built: Built, modifier: Modifier, column: Column) -> None:
        arguments = modifier.call.arguments() if modifier.call else []
        if arguments and self._names.core == "sqlite":
            value = self._names.option(arguments[0], "autoIncrement")
            if value is Odd.UNKNOWN:
                self._vague(column, built.name, Aspect.AUTOINCREMENT)
            built.autoincrement = value is True and built.kind == "integer"

    def _array(self, built: Built, modifier: Modifier, column: Column) -> Built:
        """An array: what was said of the column before counts no more."""
        size = self._argument(modifier)
        kind = built.kind
        if size is Odd.UNKNOWN:
            self._vague(column, built.name, Aspect.TYPE)
            kind = None
        is_number = isinstance(size, int) and not isinstance(size, bool)
        kind = None if kind is None else f"{kind}[{size if is_number else ''}]"
        return Built(built.name, kind, built.enum_schema)

    def _type(self, column: Column, name: str) -> tuple[str | None, str | None]:
        """The type of a column, and for an enum the database schema of that."""
        if column.maker is not None:
            kind, schema = self._made(column.maker)
        elif not column.of_core:
            self._unread(column, name, f"what {_started(column)} makes is not known here")
            return None, None
        else:
            options = self._options(column)
            kind = sql_type(
                self._names.core, column.type, lambda key: self._names.option(options, key)
            )
            schema = None
        if kind is None:
            self._vague(column, name, Aspect.TYPE)
        return kind, schema

    def _options(self, column: Column) -> Place | None:
        """The object of options that a builder is given."""
        if column.call is None or not ("," in column.arguments or not column.named):
            return None
        arguments = column.call.arguments()
        return next(iter(arguments[1:] if column.named else arguments), None)

    def _made(self, maker: Place) -> tuple[str | None, str | None]:
        builder = self._names.builders.of(maker)
        if builder is None:
            return None, None
        if builder.kind is BuilderKind.ENUM:
            return self._enum(maker, builder.owner)
        arguments = maker.arguments()
        return (self._custom(arguments[0]) if arguments else None), None

    def _enum(self, maker: Place, owner: Place | None) -> tuple[str | None, str | None]:
        found = self._names.reader.enum_at(maker)
        if found is None or found.name is None or (owner is not None and found.schema is None):
            return None, None
        if found.of_object:
            # drizzle-kit does not know the columns of these for columns of an enum.
            return (found.name if owner is None else None), None
        return found.name, found.schema or "public"

    def _custom(self, options: Place) -> str | None:
        """The type that ``dataType`` of a custom type gives, where it always gives one text."""
        found = self._names.values.follow(options)
        if not isinstance(found, Place) or found.node.type != "object":
            return None
        for part in found.node.named_children:
            field_name = "name" if part.type == "method_definition" else "key"
            key = part.child_by_field_name(field_name)
            if key is None or property_name(found.source, key) != "dataType":
                continue
            value = part if field_name == "name" else part.child_by_field_name("value")
            function = None if value is None else self._names.values.follow(found.at(value))
            body = returned(function) if isinstance(function, Place) else None
            return None if body is None else self._names.values.string(body)
        return None

    def _vague(self, column: Column, name: str, aspect: Aspect) -> None:
        """Notes one thing of a column that cannot be told."""
        if column.call is not None:
            reason = f"the {aspect.value} of column {name!r} cannot be told without running it"
            self._notes.miss(column.call, reason, Hole(aspect, name))

    def _unread(self, column: Column, name: str, reason: str) -> None:
        """Notes a column of which nothing is known but its name."""
        if column.call is not None:
            holes = [Hole(aspect, name) for aspect in _OF_ONE] + [Hole(a) for a in _BESIDES]
            self._notes.miss(column.call, reason, *holes)


def _started(column: Column) -> str:
    return quoted(column.call) if column.call is not None else column.type
