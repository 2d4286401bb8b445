"""Names of a profile that a person gives, because a checkout does not tell them, or wrongly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from plexus_rules.profile.model import NAMED_DIALECTS, Generator, Profile
from plexus_rules.trees import normal_path


class BadSetting(ValueError):
    """A setting that is not ``NAME=VALUE``, of an unknown name, or of an impossible value."""


def parse_settings(settings: Iterable[str]) -> dict[str, str]:
    """What ``NAME=VALUE`` texts set, by name.

    Raises:
        BadSetting: a text has another form, or a name is not one of a profile's.
    """
    found: dict[str, str] = {}
    for text in settings:
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals or not value.strip():
            raise BadSetting(f"{text!r} is not NAME=VALUE")
        if name not in _SETTERS:
            import difflib

            near = difflib.get_close_matches(name, _SETTERS, n=1, cutoff=0.5)
            hint = f", did you mean {near[0]}?" if near else ""
            known = ", ".join(sorted(_SETTERS))
            raise BadSetting(f"there is no name {name!r}{hint} (names: {known})")
        found[name] = value.strip()
    return found


def with_settings(profile: Profile, settings: Mapping[str, str]) -> Profile:
    """The profile with the names that a person gave.

    Raises:
        BadSetting: a value cannot be what its name says, or no database has the dialect.
    """
    profile = profile.settled()
    for name, value in settings.items():
        profile = _SETTERS[name](profile, value)
    return profile


_Setter = Callable[[Profile, str], Profile]


def _path(value: str) -> str:
    clean = normal_path(value.replace("\\", "/"))
    if clean is None:
        raise BadSetting(f"{value!r} is not a path inside of the checkout")
    return clean


def _command(value: str) -> str:
    return value.strip("`")


def _yes_or_no(value: str) -> bool:
    if value not in ("yes", "no"):
        raise BadSetting(f"{value!r} is neither yes nor no")
    return value == "yes"


def _generator(value: str) -> Generator:
    try:
        return Generator(value)
    except ValueError:
        raise BadSetting(f"generator is author or ci, not {value!r}") from None


def _set_generator(profile: Profile, value: str) -> Profile:
    """Sets who generates; what the checkout says of that is not evidence for it."""
    generator = _generator(value)
    if generator is profile.generator:
        return profile
    return replace(profile, generator=generator, generator_evidence=None, refused_by=None)


def _sets(name: str, read: Callable[[str], Any] = str) -> _Setter:
    return lambda profile, value: replace(profile, **{name: read(value)})


def _generate(profile: Profile, value: str) -> Profile:
    """Sets the command for all databases; it is then the command for each of them."""
    command = _command(value)
    databases = tuple(replace(database, generate=command) for database in profile.databases)
    return replace(profile, generate=(command,), databases=databases)


def _tables(value: str) -> tuple[str, ...]:
    places = (place.strip() for place in value.split(","))
    return tuple(_path(place) + "/" * place.endswith(("/", "\\")) for place in places)


def _sets_directory(dialect: str) -> _Setter:
    """Sets the directory of a dialect's tables, which is then where they are."""
    sets_directory = _sets_of_database(dialect, "schema_dir", _path)
    sets_tables = _sets_of_database(dialect, "tables", _tables)
    return lambda profile, value: sets_tables(sets_directory(profile, value), f"{value}/")


def _sets_of_database(dialect: str, name: str, read: Callable[[str], Any] = str) -> _Setter:
    def set_name(profile: Profile, value: str) -> Profile:
        of = profile.database(dialect)
        if of is None:
            raise BadSetting(f"the checkout has no {dialect} database to name")
        new = replace(of, **{name: read(value)})
        databases = tuple(new if database is of else database for database in profile.databases)
        commands = profile.generate
        if name == "generate":
            commands = tuple(dict.fromkeys(database.generate for database in databases))
        return replace(profile, databases=databases, generate=commands)

    return set_name


_SETTERS: dict[str, _Setter] = {
    "project": _sets("project"),
    "package": _sets("package", _path),
    "schema_dir": _sets("schema_dir", _path),
    "parent_index": _sets("parent_index", _path),
    "database_dir": _sets("database_dir", _path),
    "client": _sets("client", _path),
    "get_schema": _sets("get_schema", lambda value: value.removesuffix("()")),
    "types_module": _sets("types_module", _path),
    "generator": _set_generator,
    "generate": _generate,
    "generate_custom": _sets("generate_custom", lambda value: (_command(value),)),
    "migrates_at_start": _sets("migrates_at_start", _yes_or_no),
    "migrate": _sets("migrate", lambda value: (_command(value),)),
}
for _dialect in NAMED_DIALECTS:
    _SETTERS |= {
        f"{_dialect}_config": _sets_of_database(_dialect, "config", _path),
        f"{_dialect}_dir": _sets_directory(_dialect),
        f"{_dialect}_tables": _sets_of_database(_dialect, "tables", _tables),
        f"{_dialect}_out": _sets_of_database(_dialect, "out", _path),
        f"{_dialect}_selected_by": _sets_of_database(_dialect, "selected_by"),
        f"generate_{_dialect}": _sets_of_database(_dialect, "generate", _command),
    }
