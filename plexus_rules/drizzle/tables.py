"""The tables and enums that the TypeScript of a schema declares and exports."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from plexus_rules.drizzle.builders import Builder, BuilderKind, Builders, core_of
from plexus_rules.drizzle.columns import Column, ColumnReader, UnreadPart, quoted
from plexus_rules.drizzle.modules import ImportKind, Modules, Symbol, is_code
from plexus_rules.drizzle.schema_files import entry_files, is_readable, schema_files
from plexus_rules.drizzle.typescript import string_value, walk
from plexus_rules.drizzle.values import FUNCTIONS, Place, Values, chain, properties, returned
from plexus_rules.finding import WHOLE_FILE, Range

#: What a file says that may give other files a function that makes tables.
_MAKES_MAKERS = re.compile(
    rb"TableCreator|\b(?:pg|mysql|singlestore|gel|mssql|cockroach)Schema\b"
    rb"|\bexport\b[^;]{0,500}?-core\b"
)
_NO_FILE = "no file of the repository is meant"
_NO_PATTERN = "this kind of pattern cannot be read"
_MOST_CALLS = 4
_CHOICES = ("ternary_expression", "binary_expression", "await_expression", "object")


@dataclass(frozen=True, slots=True)
class Table:
    """One table that a schema declares.

    Attributes:
        name: the name in the database; None where it is computed.
        schema: the database schema it lies in, as ``pgSchema`` names it; else None.
        symbol: the name that it is declared under at the top of its file; else None.
        core: the dialect of the core that it is built with: ``sqlite``, ``postgresql``, …
        path: the file that declares it.
        range: from the function to the table's name: ``pgTable("users"``.
        columns: the columns that could be read, in order.
        complete: nothing of the name and the columns is left unread.
        unread: what could not be read.
        extras_range: the third argument: indexes and constraints.
    """

    name: str | None
    schema: str | None
    symbol: str | None
    core: str
    path: str
    range: Range
    columns: tuple[Column, ...]
    complete: bool
    unread: tuple[UnreadPart, ...]
    extras_range: Range | None

    def column(self, key: str) -> Column | None:
        """The column with this key in TypeScript."""
        return next((column for column in self.columns if column.key == key), None)


@dataclass(frozen=True, slots=True)
class Enum:
    """One enum of the database.

    Attributes:
        name: the name in the database; None where it is computed.
        schema: the database schema it lies in; None for the default one.
        symbol: the name that it is declared under at the top of its file; else None.
        values: its values, in order; None where they are computed.
        path: the file that declares it.
        range: from the function to the enum's name.
    """

    name: str | None
    schema: str | None
    symbol: str | None
    values: tuple[str, ...] | None
    path: str
    range: Range


@dataclass(frozen=True, slots=True)
class FileTables:
    """What one file declares, exported or not, in source order."""

    tables: tuple[Table, ...]
    enums: tuple[Enum, ...]


@dataclass(frozen=True, slots=True)
class SchemaTables:
    """What drizzle-kit finds through a config's ``schema``.

    Attributes:
        files: the files that the entries load, code or not.
        tables: the exported tables, of every core.
        enums: the exported enums.
        unread: what may hold more of them, and cannot be told.
        broken: of these, the files that cannot be parsed: whatever they declare is not certain.
    """

    files: tuple[str, ...]
    tables: tuple[Table, ...]
    enums: tuple[Enum, ...]
    unread: tuple[UnreadPart, ...]
    broken: tuple[UnreadPart, ...]

    @property
    def complete(self) -> bool:
        """Every table and each of its columns could be read."""
        return not self.unread and all(table.complete for table in self.tables)


class Tables:
    """Reads the tables of a tree's modules. Each file is read once."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self._values = Values(modules)
        self._builders = Builders(self._values)
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
        chosen = self._likely_files() if paths is None else filter(is_code, paths)
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
        )

    def _broken(self, entries: Iterable[str]) -> tuple[UnreadPart, ...]:
        """The files that cannot be parsed among those that tables, or parts of them, come from."""
        passed_on = self.modules.passed_on(entries)
        imports = (found for file in passed_on for found in self.modules.imports(file))
        imported = {i.target for i in imports if i.target and not i.type_only}
        used = self.modules.passed_on(passed_on | imported)
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
        value = self._values.value_of(symbol)
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
        target = self._values.follow(function) if function is not None else None
        if not isinstance(target, Place) or target.node.type not in FUNCTIONS:
            return False
        body = returned(target)
        if body is None or calls == 0:
            return True
        given = self._values.follow(body)
        if isinstance(given, Symbol):
            return False
        is_made = any(call.key in self._made(given.path) for call in chain(given))
        is_name = given.node.type in ("identifier", "member_expression")
        return is_made or is_name or self._may_give_a_table(given, is_part, calls - 1)

    def _made(self, path: str) -> dict[object, Table | Enum]:
        """The tables and enums of a file, by the key of the call that makes each."""
        if path not in self._files:
            self._files[path] = self._read(path)
        return self._files[path]

    def _read(self, path: str) -> dict[object, Table | Enum]:
        found: dict[object, Table | Enum] = {}
        source = self.modules.source(path)
        symbols = {
            call.key: name
            for name, node in self.modules.surface(path).declared.items()
            for call in chain(Place(source, node).unwrapped())
        }
        columns = ColumnReader(self._builders)
        for node in walk(source.root):
            call = Place(source, node)
            if node.type == "call_expression":
                builder = self._builders.of(call)
                symbol = symbols.get(call.key)
                if builder is not None and builder.kind is BuilderKind.TABLE:
                    found[call.key] = self._table(call, builder, symbol, columns)
                elif builder is not None and builder.kind is BuilderKind.ENUM:
                    found[call.key] = self._enum(call, builder, symbol)
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
        )

    def _names(
        self, call: Place, builder: Builder
    ) -> tuple[str | None, str | None, list[UnreadPart]]:
        """The name and the schema of a table or enum, and which of them cannot be read."""
        unread: list[UnreadPart] = []
        name, schema = self._builders.database_name(call, builder), None
        if name is None:
            unread.append(UnreadPart(call.path, _head(call), "the name is computed"))
        if builder.owner is not None:
            arguments = builder.owner.arguments()
            schema = self._values.string(arguments[0]) if arguments else None
            if schema is None:
                unread.append(UnreadPart(call.path, _head(call), "the schema's name is computed"))
        return name, schema, unread

    def _enum(self, call: Place, builder: Builder, symbol: str | None) -> Enum:
        name, schema, _ = self._names(call, builder)
        arguments = call.arguments()
        values = self._enum_values(arguments[1]) if len(arguments) > 1 else None
        return Enum(name, schema, symbol, values, call.path, _head(call))

    def _enum_values(self, place: Place) -> tuple[str, ...] | None:
        """The values of an array of strings, of an object's properties, or of a TypeScript enum."""
        found = self._values.follow(place)
        if not isinstance(found, Place):
            return None
        values: list[str | None]
        if found.node.type == "array":
            parts = [found.at(n) for n in found.node.named_children if n.type != "comment"]
            values = [self._values.string(part) for part in parts]
        elif found.node.type == "object":
            values = [self._values.string(part.value) for part in properties(found)]
        elif found.node.type == "enum_declaration" and (body := found.child("body")):
            members = [n for n in body.node.named_children if n.type != "comment"]
            set_to = [member.child_by_field_name("value") for member in members]
            values = [None if n is None else string_value(found.source, n) for n in set_to]
        else:
            return None
        return None if None in values else tuple(v for v in values if v is not None)

    def _likely_files(self) -> list[str]:
        """The source files that may declare a table, told without parsing most of them."""
        found: dict[str, None] = {}
        makers: set[str] = set()
        for path in filter(is_code, self.modules.tree.sources):
            if any(s is None or core_of(s) for s in self.modules.specifiers(path)):
                found[path] = None
                if _MAKES_MAKERS.search(self.modules.source(path).data):
                    makers.add(path)
        known = 0
        while known < len(makers):
            known = len(makers)
            for use in list(self.modules.importers(makers.__contains__)):
                found[use.path] = None
                if use.kind is ImportKind.EXPORT:
                    makers.add(use.path)
        return sorted(found)


def _head(call: Place) -> Range:
    """From the start of a call to the end of its first argument."""
    whole = call.range
    arguments = call.arguments()
    function = call.node.child_by_field_name("function")
    end = arguments[0].node if arguments else function
    last = whole if end is None else call.at(end).range
    return Range(whole.line, whole.column, last.end_line, last.end_column)
