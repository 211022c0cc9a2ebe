"""Interface codes of the EDI exchange: which documents each carries, on which circuit.

Sources: facts chorus-pro 1.2 (historic interfaces), reform-2026 2.4 (those of the platforms, whose
digit per syntax is not public: which documents they carry is a matter of configuration).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from chorus_edi.domain.scenarios import Circuit, Container, Syntax
from chorus_edi.errors import ConfigurationError


class Format(StrEnum):
    """Form of a document, as partners subscribe to it."""

    UBL = "ubl"
    CII = "cii"
    FACTUR_X = "facturx"
    PDF = "pdf"


FORMAT_NAMES: Mapping[Format, str] = {
    Format.UBL: "UBL",
    Format.CII: "CII",
    Format.FACTUR_X: "Factur-X",
    Format.PDF: "PDF",
}
"""What people call a format."""


def format_of(container: Container, syntax: Syntax | None) -> Format:
    """Return the format of a document whose container and syntax are known."""
    if container is Container.PDF:
        return Format.PDF
    if container is Container.FACTUR_X:
        return Format.FACTUR_X
    return Format.CII if syntax is Syntax.CII else Format.UBL


class Interface(msgspec.Struct, frozen=True, kw_only=True):
    """One flow that a partner may subscribe to.

    Attributes:
        code: eight characters, with which an official flow name begins.
        circuit: the body of rules its invoices follow.
        carries: formats of its documents, one of which a flow is made of; none where it carries
            what this program does not read.
        title: what it is, in French.
        withdrawn: True where the platform no longer offers it.
        inferred: True where what it carries is our conclusion.
    """

    code: str
    circuit: Circuit
    carries: frozenset[Format]
    title: str
    withdrawn: bool = False
    inferred: bool = False


def _historic(code: str, title: str, *carries: Format, withdrawn: bool = False) -> Interface:
    return Interface(
        code=code,
        circuit=Circuit.HISTORIQUE,
        carries=frozenset(carries),
        title=title,
        withdrawn=withdrawn,
    )


_HISTORIC = (
    _historic("FSO1100A", "E1 UBL Invoice", Format.UBL),
    _historic("FSO1101A", "E1 CII (avant 16B)", Format.CII),
    _historic("FSO1102A", "E1 PES facture", withdrawn=True),
    _historic("FSO1106A", "E1 CII 16B", Format.CII),
    _historic("FSO1110A", "E2 UBL Invoice minimal", Format.UBL),
    _historic("FSO1111A", "E2 CII minimal", Format.CII),
    _historic("FSO1112A", "E2 PES facture minimal", withdrawn=True),
    _historic("FSO1113A", "E2 CPPFactureMixte"),
    _historic("FSO1116A", "E2 CII 16B minimal", Format.CII),
    _historic("FSO1117A", "E2 Factur-X", Format.FACTUR_X),
    _historic("FSO1120A", "E3 UBL Invoice, mémoire", Format.UBL),
)
_AFNOR = tuple(
    Interface(
        code=f"FSO115{digit}A",
        circuit=Circuit.AFNOR,
        carries=frozenset({Format.UBL, Format.CII, Format.FACTUR_X}),
        title="Facture d'une plateforme agréée",
        inferred=True,
    )
    for digit in range(10)
)

INTERFACES: Mapping[str, Interface] = {one.code: one for one in (*_HISTORIC, *_AFNOR)}
"""Every interface known, by its code."""


def carrying(formats: Mapping[str, Collection[Format]]) -> Mapping[str, Interface]:
    """Return the interfaces, with what an installation knows that some of them carry.

    Raises:
        ConfigurationError: there is no such interface.
    """
    unknown = sorted(formats.keys() - INTERFACES.keys())
    if unknown:
        raise ConfigurationError(f"interfaces.formats : code inconnu : {', '.join(unknown)}")
    known = {code: frozenset(carried) for code, carried in formats.items()}
    return {
        code: replace(one, carries=known[code]) if known.get(code) else one
        for code, one in INTERFACES.items()
    }


def formats_open(interface: Interface | None, own: Collection[Format]) -> frozenset[Format]:
    """Return the formats that documents of a flow may have; none where all are free.

    Args:
        interface: that of the flow; None where its name says none.
        own: formats that its sender may send; none means all.
    """
    carried = interface.carries if interface is not None else frozenset(own)
    return carried & frozenset(own) if own else carried


def circuit_of_interface(code: str | None) -> Circuit | None:
    """Return the circuit that an interface code imposes; None where it is unknown or absent."""
    known = INTERFACES.get(code or "")
    return known.circuit if known is not None else None
