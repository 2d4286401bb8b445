"""Reads a profile off a checkout."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from plexus_rules.drizzle.database import Database
from plexus_rules.drizzle.repository import Repository
from plexus_rules.profile.model import DatabaseNames, Generator, Profile

if TYPE_CHECKING:
    from plexus_rules.profile.checkout import Checkout


def read_profile(repository: Repository, generator: Generator | None = None) -> Profile:
    """The names that a checkout uses. Each is read when it is first asked for.

    ``generator`` is who generates migrations, where the project says it; what the checkout
    says of that is then not read.
    """
    profile = _CheckoutProfile(repository)
    if generator is not None:
        said = {"generator": generator, "generator_evidence": None, "refused_by": None}
        profile.__dict__.update(said)
    return profile


class _CheckoutDatabase(DatabaseNames):
    """The names of a database. What takes reading of code is read when it is asked for."""

    def __init__(self, checkout: Checkout, index: int) -> None:
        self.__dict__.update(_checkout=checkout, _index=index)

    _checkout: Checkout
    _index: int

    @property
    def _database(self) -> Database:
        return self._checkout.databases[self._index]

    @cached_property
    def dialect(self) -> str:
        return self._database.dialect

    @cached_property
    def config(self) -> str:
        return self._database.config

    @cached_property
    def out(self) -> str | None:
        return self._database.out

    @cached_property
    def generate(self) -> str:
        return self._checkout.commands.each[self._index]

    @cached_property
    def schema_dir(self) -> str | None:
        return self._checkout.own_directory(self._database)

    @cached_property
    def tables(self) -> tuple[str, ...]:
        return self._checkout.tables(self._database)

    @cached_property
    def selected_by(self) -> str | None:
        found = self._checkout.selection
        return None if found is None else found.settings.get(self.dialect)

    @cached_property
    def default(self) -> bool:
        found = self._checkout.selection
        return found is not None and found.default == self.dialect


class _CheckoutProfile(Profile):
    """The names of a checkout. Each is read when it is asked for."""

    def __init__(self, repository: Repository) -> None:
        self.__dict__.update(_repository=repository)

    _repository: Repository

    @cached_property
    def _checkout(self) -> Checkout:
        # Imported here: where nothing is found, no name is wanted.
        from plexus_rules.profile.checkout import Checkout

        return Checkout(self._repository)

    @cached_property
    def project(self) -> str:
        return self._checkout.project

    @cached_property
    def package(self) -> str:
        return self._checkout.commands.directory

    @cached_property
    def databases(self) -> tuple[DatabaseNames, ...]:
        indices = range(len(self._checkout.databases))
        return tuple(_CheckoutDatabase(self._checkout, index) for index in indices)

    @cached_property
    def schema_dir(self) -> str | None:
        return self._checkout.schema_dir

    @cached_property
    def parent_index(self) -> str | None:
        return self._checkout.repository.parent_index

    @cached_property
    def generate(self) -> tuple[str, ...]:
        return self._checkout.commands.every

    @cached_property
    def generate_custom(self) -> tuple[str, ...]:
        return self._checkout.commands.custom

    @cached_property
    def generator(self) -> Generator:
        return self._checkout.policy.generator

    @cached_property
    def generator_evidence(self) -> str | None:
        return self._checkout.policy.evidence

    @cached_property
    def refused_by(self) -> str | None:
        return self._checkout.policy.refused_by

    @cached_property
    def client(self) -> str | None:
        return None if self._checkout.client is None else self._checkout.client.path

    @cached_property
    def get_schema(self) -> str | None:
        return None if self._checkout.client is None else self._checkout.client.get_schema

    @cached_property
    def types_module(self) -> str | None:
        return self._checkout.types_module

    @cached_property
    def migrates_at_start(self) -> bool:
        return self._checkout.migrating.at_start

    @cached_property
    def migrate(self) -> tuple[str, ...]:
        return () if self.migrates_at_start else self._checkout.migrate
