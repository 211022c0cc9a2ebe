"""Tells whether an invoice that comes again is the same but for where it goes.

Source: facts chorus-pro 3.3 (what recycling may change).
"""

from __future__ import annotations

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.terms import addresses_of

ROUTING_TERMS = frozenset(
    {"BT-10", "BT-13", "CE-SERVICE", "BT-44", "BT-46", "BT-47", "BT-49", "EXT-FR-FE-135"}
)
"""Where the recipient, his code service and the engagement stand; his name goes with him."""


def differing(first: Invoice, again: Invoice) -> tuple[str, ...]:
    """Return the terms, each once, that two invoices say otherwise, those of routing left out."""
    before, after = dict(addresses_of(first)), dict(addresses_of(again))
    addresses = [*before, *(address for address in after if address not in before)]
    changed = (a for a in addresses if before.get(a) != after.get(a))
    terms = dict.fromkeys(address.rpartition("/")[2].partition("[")[0] for address in changed)
    return tuple(term for term in terms if term not in ROUTING_TERMS)
