"""The tables and enums that the TypeScript of a schema declares and exports."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from plexus_rules.drizzle.builders import Builder, BuilderKind, Builders, core_of
from plexus_rules.drizzle.columns import Column, ColumnReader, UnreadPart, quoted
from plexus_rules.drizzle.declarations import Enum, FileTables, Table
from plexus_rules.drizzle.modules import ImportKind, Modules, Symbol, is_code
from plexus_rules.drizzle.reach import passed_on
from plexus_rules.drizzle.schema_files import entry_files, is_readable, schema_files
from plexus_rules.drizzle.table_files import likely_files
from plexus_rules.drizzle.typescript import string_value
from plexus_rules.drizzle.values import FUNCTIONS, Place, Values, chain, properties, returned
from plexus_rules.finding import WHOLE_FILE, Range
from plexus_rules.trees import Tree

_NO_FILE = "no file of the repository is meant"
_NO_PATTERN = "this kind of pattern cannot be read"
_MOST_CALLS = 4
__all__ = ["Enum", "FileTables", "SchemaTables", "Table", "Tables"]

#: Types of the nodes that hold no call, or none that makes a table.
_WITHOUT_CALLS = frozenset(
    [
        *("comment", "identifier", "import_statement", "interface_declaration", "number", "string"),
        *("property_identifier", "type_alias_declaration", "type_annotation", "type_arguments"),
    ]
)
_CHOICES = ("ternary_expression", "binary_expression", "await_expression", "object")


class SchemaTables(Struct, frozen=True, eq=False):
    """What drizzle-kit finds through a config's ``schema``.

    Attributes:
        files: the files that the entries load, code or not.
        tables: the exported tables, of every core.
        enums: the exported enums.
        unread: what may hold more of them, and cannot be told.
        broken: of these, the files that cannot be parsed: whatever they declare is not certain.
        reader: what read them: it tells what the expressions in them stand for.
    """

    files: tuple[str, ...]
    tables: tuple[Table, ...]
    enums: tuple[Enum, ...]
    unread: tuple[UnreadPart, ...]
    broken: tuple[UnreadPart, ...]
    reader: Tables

    @property
    def complete(self) -> bool:
        """Every table and each of its columns could be read."""
        return not self.unread and all(table.complete for table in self.tables)


class Tables:
    """Reads the tables of a tree's modules. Each file is read once.

    Attributes:
        declared_schemas: room for what others make of whole schemas, by what identifies them.
    """

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self.values = Values(modules)
        self.builders = Builders(self.values)
        self.declared_schemas: dict[object, object] = {}
        self._files: dict[str, dict[object, Table | Enum]] = {}

    def of_file(self, path: str) -> FileTables:
        """Every table and enum that a file declares, exported or not."""
        made = self._made(path).values()
        return FileTables(
            tuple(m for m in made if isinstance(m, Table)),
            tuple(m for m in made if isinstance(m, Enum)),
        )

    def declared(self, paths: Iterable[str] | None = None) -> tuple[Table, ...]:
        """Every table that files declare, exported or not; of all source files by default."""
        chosen = likely_files(self.modules) if paths is None else filter(is_code, paths)
        return tuple(table for path in chosen for table in self.of_file(path).tables)

    def schema(self, entries: Iterable[str]) -> SchemaTables:
        """The tables that the entries of a config's ``schema`` export, as drizzle-kit finds them.

        A table within an exported object or namespace is not found by drizzle-kit either.
        """
        entries = tuple(entries)
        found: dict[object, Table | Enum] = {}
        unread = [
            UnreadPart(entry, WHOLE_FILE, _NO_FILE if is_readable(entry) else _NO_PATTERN)
            for entry in entries
            if not entry_files(self.modules.tree, entry)
        ]
        files = schema_files(self.modules.tree, entries)
        code = list(filter(is_code, files))
        broken = self._broken(code)
        unread += broken
        starred = dict.fromkeys(file for path in code for file in self.modules.star_files(path))
        unread += self._open_ends(starred)
        exported = (self.modules.exports(path).values() for path in code)
        for symbol in dict.fromkeys(symbol for symbols in exported for symbol in symbols):
            unread += self._exported(symbol, found)
        return SchemaTables(
            files,
            tuple(m for m in found.values() if isinstance(m, Table)),
            tuple(m for m in found.values() if isinstance(m, Enum)),
            tuple(dict.fromkeys(unread)),
            broken,
            self,
        )

    def table_at(self, place: Place) -> Table | None:
        """The table that a chain of calls makes."""
        made = self._made(place.path)
        found = (made.get(call.key) for call in chain(place))
        return next((one for one in found if isinstance(one, Table)), None)

    def enum_at(self, place: Place) -> Enum | None:
        """The enum that a call makes."""
        found = self._made(place.path).get(place.key)
        return found if isinstance(found, Enum) else None

    def _broken(self, entries: Iterable[str]) -> tuple[UnreadPart, ...]:
        """The files that cannot be parsed among those that tables, or parts of them, come from."""
        passed = passed_on(self.modules, entries)
        imports = (found for file in passed for found in self.modules.imports(file))
        imported = {i.target for i in imports if i.target and not i.type_only}
        used = passed_on(self.modules, passed | imported)
        found = ((path, self.modules.broken(path)) for path in sorted(used))
        return tuple(UnreadPart(path, *place) for path, place in found if place)

    def _open_ends(self, files: Iterable[str]) -> list[UnreadPart]:
        """The ``export *`` of some files that lead to a file that the tree does not have."""
        return [
            UnreadPart(file, star.statement_range, f"`{star.specifier}` is not in this repository")
            for file in files
            for star in self.modules.imports(file)
            if star.kind is ImportKind.EXPORT
            and star.target is None
            and not star.type_only
            and any(name.name == name.local == "*" for name in star.names)
            and core_of(star.specifier) is None
        ]

    def _exported(self, symbol: Symbol, found: dict[object, Table | Enum]) -> list[UnreadPart]:
        """Adds what an exported name stands for; what cannot be told of it."""
        value = self.values.value_of(symbol)
        is_part = False
        if value is None and symbol.name in self.modules.surface(symbol.path).destructured:
            node = self.modules.surface(symbol.path).destructured[symbol.name]
            value, is_part = Place(self.modules.source(symbol.path), node), True
        if not isinstance(value, Place):
            return []
        made = self._made(value.path)
        for call in chain(value):
            if call.key in made:
                found[call.key] = made[call.key]
                return []
        if self._may_give_a_table(call, is_part):
            reason = f"what {quoted(call)} gives cannot be told without running it"
            return [UnreadPart(call.path, call.range, reason)]
        return []

    def _may_give_a_table(self, value: Place, is_part: bool, calls: int = _MOST_CALLS) -> bool:
        """Whether a value comes from a function of the project, or is chosen from tables.

        A table within an exported object is not found by drizzle-kit: only a part of one counts.
        """
        if value.node.type in _CHOICES and (is_part or value.node.type != "object"):
            made = self._made(value.path).values()
            return any(value.range.line <= m.range.line <= value.range.end_line for m in made)
        function = value.child("function") if value.node.type == "call_expression" else None
        target = self.values.follow(function) if function is not None else None
        if isinstance(target, Symbol):
            return core_of(target.path) is None and self._is_like_a_table(value)
        if target is None or target.node.type not in FUNCTIONS:
            return False
        body = returned(target)
        if body is None or calls == 0:
            return True
        given = self.values.follow(body)
        if isinstance(given, Symbol):
            return False
        is_made = any(call.key in self._made(given.path) for call in chain(given))
        is_name = given.node.type in ("identifier", "member_expression")
        return is_made or is_name or self._may_give_a_table(given, is_part, calls - 1)

    def _is_like_a_table(self, call: Place) -> bool:
        """Whether a call of a package's function has the arguments of a table: name, columns."""
        arguments = call.arguments()
        columns = arguments[1].node.type if len(arguments) > 1 else ""
        is_named = len(arguments) > 1 and self.values.string(arguments[0]) is not None
        return is_named and (columns == "object" or columns in FUNCTIONS)

    def _made(self, path: str) -> dict[object, Table | Enum]:
        """The tables and enums of a file, by the key of the call that makes each."""
        if path not in self._files:
            self._files[path] = self.modules.tree.known(
                ("made", path), lambda tree: self.of(tree)._read(path), same=False
            )
        return self._files[path]

    def of(self, tree: Tree) -> Tables:
        """This reader, or one of another tree."""
        return self if tree is self.modules.tree else Tables(self.modules.of(tree))

    def _read(self, path: str) -> dict[object, Table | Enum]:
        found: dict[object, Table | Enum] = {}
        source = self.modules.source(path)
        symbols = {
            call.key: name
            for name, node in self.modules.surface(path).declared.items()
            for call in chain(Place(source, node).unwrapped())
        }
        columns = ColumnReader(self.builders)
        pending = [source.root]
        while pending:
            node = pending.pop()
            kind = node.type
            if kind == "call_expression":
                call = Place(source, node)
                builder = self.builders.of(call)
                if builder is not None and builder.kind is BuilderKind.TABLE:
                    found[call.key] = self._table(call, builder, symbols.get(call.key), columns)
                    continue  # what it is given makes no other table
                if builder is not None and builder.kind is BuilderKind.ENUM:
                    found[call.key] = self._enum(call, builder, symbols.get(call.key))
                    continue
            if kind not in _WITHOUT_CALLS:
                pending += reversed(node.named_children)
        return found

    def _table(
        self, call: Place, builder: Builder, symbol: str | None, reader: ColumnReader
    ) -> Table:
        arguments = call.arguments()
        name, schema, unread = self._names(call, builder)
        columns: tuple[Column, ...] = ()
        if len(arguments) > 1:
            found = reader.read(arguments[1])
            columns, unread = tuple(found.columns.values()), unread + found.unread
        else:
            unread.append(UnreadPart(call.path, _head(call), "the table has no columns"))
        if call.node.has_error and (place := self.modules.broken(call.path)):
            unread.append(UnreadPart(call.path, *place))
        extras = arguments[2] if len(arguments) > 2 else None
        return Table(
            name=name,
            schema=schema,
            symbol=symbol,
            core=builder.core,
            path=call.path,
            range=_head(call),
            columns=columns,
            complete=not unread,
            unread=tuple(unread),
            extras_range=None if extras is None else extras.range,
            extras=extras,
            in_schema=builder.owner is not None,
        )

    def _names(
        self, call: Place, builder: Builder
    ) -> tuple[str | None, str | None, list[UnreadPart]]:
        """The name and the schema of a table or enum, and which of them cannot be read."""
        unread: list[UnreadPart] = []
        name, schema = self.builders.database_name(call, builder), None
        if name is None:
            unread.append(UnreadPart(call.path, _head(call), "the name is computed"))
        if builder.owner is not None:
            arguments = builder.owner.arguments()
            schema = self.values.string(arguments[0]) if arguments else None
            if schema is None:
                unread.append(UnreadPart(call.path, _head(call), "the schema's name is computed"))
        return name, schema, unread

    def _enum(self, call: Place, builder: Builder, symbol: str | None) -> Enum:
        name, schema, _ = self._names(call, builder)
        arguments = call.arguments()
        values = self._enum_values(arguments[1]) if len(arguments) > 1 else None
        listed = self.values.follow(arguments[1]) if len(arguments) > 1 else None
        of_object = isinstance(listed, Place) and listed.node.type != "array"
        return Enum(name, schema, symbol, values, call.path, _head(call), of_object)

    def _enum_values(self, place: Place) -> tuple[str, ...] | None:
        """The values of an array of strings, of an object's properties, or of a TypeScript enum."""
        found = self.values.follow(place)
        if not isinstance(found, Place):
            return None
        values: list[str | None]
        if found.node.type == "array":
            parts = [found.at(n) for n in found.node.named_children if n.type != "comment"]
            values = [self.values.string(part) for part in parts]
        elif found.node.type == "object":
            values = [self.values.string(part.value) for part in properties(found)]
        elif found.node.type == "enum_declaration" and (body := found.child("body")):
            members = [n for n in body.node.named_children if n.type != "comment"]
            set_to = [member.child_by_field_name("value") for member in members]
            values = [None if n is None else string_value(found.source, n) for n in set_to]
        else:
            return None
        return None if None in values else tuple(v for v in values if v is not None)


def _head(call: Place) -> Range:
    """From the start of a call to the end of its first argument."""
    whole = call.range
    arguments = call.arguments()
    function = call.node.child_by_field_name("function")
    end = arguments[0].node if arguments else function
    last = whole if end is None else call.at(end).range
    return Range(whole.line, whole.column, last.end_line, last.end_column)
