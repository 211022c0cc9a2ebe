"""Whether two invoices say the same but for where they go: which terms differ, by the model.

Recycling lets three data change: the recipient's SIRET, the code service and the engagement
(facts chorus-pro 3.3), wherever the historic circuit reads them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from chorus_edi.domain.groups import Group, Identifier
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.recipients import routing_of
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.domain.terms import TERMS, addresses_of, terms_of

ROUTING_TERMS = frozenset({"BT-13", "BT-46", "BT-47", "BT-49", "CE-SERVICE", "EXT-FR-FE-135"})
"""Terms that hold nothing but routing: the buyer's identifiers, his service, the engagement."""

_SERVICE_OR_NOT = "BT-10"
"""A routing datum only where the code service is read from it."""

_BESIDE = {
    "vat_totals": "BT-110",
    "stray_categories": "BG-20",
    "stray_vat": "BG-23",
    "stray_currencies": "BT-110",
    "stray_lines": "BG-25",
}
"""What an invoice holds beside its terms → the term or group that tells a reader where it is."""


def differing(first: Invoice, second: Invoice) -> tuple[str, ...]:
    """Return the ids of the terms that two invoices say differently, in the model's order.

    Absent and blank are the same, and so are two ways of writing one number. Routing is left out.
    """
    free = ROUTING_TERMS | _free_service(first) | _free_service(second)
    before, after = _counted(first, free), _counted(second, free)
    differing = {term for term, _ in (before - after) | (after - before)}
    differing |= {term for field, term in _BESIDE.items() if _differ(first, second, field)}
    return tuple(term for term in TERMS if term in differing)


def _differ(first: Invoice, second: Invoice, field: str) -> bool:
    return bool(getattr(first, field) != getattr(second, field))


def _free_service(invoice: Invoice) -> frozenset[str]:
    routing = routing_of(invoice, Circuit.HISTORIQUE)
    there = routing.code_service is not None and routing.code_service_address == _SERVICE_OR_NOT
    return frozenset({_SERVICE_OR_NOT} if there else ())


def _counted(invoice: Invoice, free: frozenset[str]) -> Counter[tuple[str, Any]]:
    """Count what an invoice says: (term, (its address, its value))."""
    said = [*_said(invoice), *_further(invoice)]
    kept = ((_term_at(address), (address, _bare(value))) for address, value in said)
    return Counter((term, pair) for term, pair in kept if term not in free and pair[1])


def _said(invoice: Invoice) -> Iterator[tuple[str, Any]]:
    yield from addresses_of(invoice)


def _further(group: Group, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield what stands more than once where the model keeps the first: address, values."""
    for term in terms_of(type(group)):
        odd = (group.odd or {}).get(term.field)
        if odd is not None and odd.further:
            yield f"{prefix}{term.id}", odd.further
        if term.opens is None:
            continue
        value = getattr(group, term.field)
        values = value if term.repeated else () if value is None else (value,)
        for number, item in enumerate(values, 1):
            yield from _further(item, f"{prefix}{term.id}[{number}]/")


def _bare(value: Any) -> Any:
    """Return a value without the way it is written."""
    if isinstance(value, str):
        return ("text", value) if value.strip() else None
    if isinstance(value, Identifier):
        said = (value.value, value.scheme, value.scheme_version, value.scheme_name)
        return said if any(said) else None
    return ("value", value)


def _term_at(address: str) -> str:
    return address.rpartition("/")[2].partition("[")[0]
