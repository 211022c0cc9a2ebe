"""The tables of a version of the directory: columns, keys, and what each is in its CSV file.

Import, export, comparison and reading are all derived from these rows.
"""

# ruff: noqa: S608 - statements are made of our own names of tables and columns

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LAYOUT = 2
"""Number of our SQLite layout; it is part of the version, and it is ``user_version``."""

FLAG = "INTEGER NOT NULL"
_TEXT = "TEXT NOT NULL"
_DAY = "TEXT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One table of the directory and the CSV file that it comes from.

    Attributes:
        table: its name in the database.
        file: what its CSV file is called where we write it.
        told: what its rows are called, plural, in French.
        columns: column of the CSV file → (column of the table, its type), in stored order.
        key: columns of the table that no two rows share, in the order of the table.
        optional: columns that a CSV file may do without.
    """

    table: str
    file: str
    told: str
    columns: Mapping[str, tuple[str, str]]
    key: tuple[str, ...]
    optional: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """Columns of the table."""
        return tuple(name for name, _ in self.columns.values())

    @property
    def create(self) -> str:
        """The statement that makes the table."""
        columns = ", ".join(f"{name} {kind}" for name, kind in self.columns.values())
        keys = ", ".join(self.key)
        return f"CREATE TABLE {self.table} ({columns}, PRIMARY KEY ({keys})) WITHOUT ROWID;"

    @property
    def insert(self) -> str:
        """The statement that adds a row, or nothing where its key is taken."""
        marks = ",".join("?" * len(self.columns))
        return f"INSERT OR IGNORE INTO {self.table} VALUES ({marks})"

    @property
    def select(self) -> str:
        """The statement that gives every row, by key."""
        return f"SELECT {', '.join(self.names)} FROM {self.table} ORDER BY {', '.join(self.key)}"


_PARTY = {
    "TypeIdentifiant": ("kind", _TEXT),
    "Identifiant": ("identifier", _TEXT),
    "RaisonSociale": ("name", _TEXT),
}

STRUCTURES = Listed(
    table="structure",
    file="structures.csv",
    told="structures",
    columns={
        **_PARTY,
        "EmetteurEdi": ("edi_sender", FLAG),
        "RecepteurEdi": ("edi_recipient", FLAG),
        "GestionStatutMiseEnPaiement": ("payment_status", FLAG),
        "GestionEngagement": ("demands_engagement", FLAG),
        "GestionService": ("demands_service", FLAG),
        "GestionServiceEngagement": ("demands_service_or_engagement", FLAG),
        "EstMOA": ("is_moa", FLAG),
        "EstMOAUniquement": ("is_moa_only", FLAG),
        "StructureActive": ("active", FLAG),
    },
    key=("identifier", "kind"),
)
"""Columns of addresses are allowed and left out: nothing here needs them."""

SERVICES = Listed(
    table="service",
    file="services.csv",
    told="services",
    columns={
        "TypeIdentifiant": ("kind", _TEXT),
        "Identifiant": ("structure", _TEXT),
        "Code": ("code", _TEXT),
        "Nom": ("name", _TEXT),
        "GestionEGMT": ("demands_engagement", FLAG),
        "ServiceActif": ("active", FLAG),
        "ValideDu": ("valid_from", _DAY),
        "ValideAu": ("valid_to", _DAY),
    },
    key=("structure", "code", "kind"),
    optional=frozenset({"ValideDu", "ValideAu"}),
)
"""RaisonSociale repeats that of the structure; it is left out as the addresses are."""

SUPPLIERS = Listed(
    table="supplier",
    file="fournisseurs.csv",
    told="fournisseurs",
    columns={**_PARTY, "StructureActive": ("active", FLAG)},
    key=("identifier", "kind"),
    optional=frozenset({"StructureActive"}),
)
"""Its first columns are those of the structures; the others of those are allowed and left out."""

ENGAGEMENTS = Listed(
    table="engagement",
    file="engagements.csv",
    told="engagements",
    columns={
        "SIRET": ("structure", _TEXT),
        "Numero": ("number", _TEXT),
        "Ouvert": ("open", FLAG),
    },
    key=("structure", "number"),
)

ALL = (STRUCTURES, SERVICES, SUPPLIERS, ENGAGEMENTS)

VERSION = """CREATE TABLE version (
    version TEXT NOT NULL, structures INTEGER NOT NULL, services INTEGER NOT NULL,
    orphans INTEGER NOT NULL, suppliers INTEGER, engagements INTEGER, wrong_keys INTEGER NOT NULL
);"""
"""One row; the count of a list that was not given is NULL."""


def schema() -> Iterator[str]:
    """Yield the statements that make an empty version."""
    yield f"PRAGMA user_version = {LAYOUT};"
    yield from (listed.create for listed in ALL)
    yield VERSION
