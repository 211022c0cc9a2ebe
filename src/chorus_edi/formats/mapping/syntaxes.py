"""Syntax → its mapping table, checked and compiled once, when this module is imported."""

from __future__ import annotations

from typing import NamedTuple

from chorus_edi.domain.scenarios import Syntax
from chorus_edi.formats.mapping import cii, ubl
from chorus_edi.formats.mapping.dispatch import Compiled, compile_table
from chorus_edi.formats.mapping.table import Table, build


class Mapping(NamedTuple):
    """A syntax's table, and what is compiled from it."""

    table: Table
    compiled: Compiled


def _mapping(table: Table) -> Mapping:
    return Mapping(table, compile_table(table))


MAPPINGS: dict[Syntax, Mapping] = {
    Syntax.UBL_INVOICE: _mapping(
        build(ubl.INVOICE, ubl.known("cac:InvoiceLine"), ubl.ABSENT, ubl.PREFIXES)
    ),
    Syntax.UBL_CREDIT_NOTE: _mapping(
        build(ubl.CREDIT_NOTE, ubl.known("cac:CreditNoteLine"), ubl.ABSENT, ubl.PREFIXES)
    ),
    Syntax.CII: _mapping(build(cii.INVOICE, cii.KNOWN, cii.ABSENT, cii.PREFIXES)),
}
"""The three syntaxes of EN 16931."""
