"""What shows that an invoice follows the French reform, where its cadre does not say so.

Sources: facts reform-2026 3.2 (notes), 3.4 (BR-FR-CPRO-00), 5.2 (addresses).
"""

from __future__ import annotations

import re

from chorus_edi.domain.identifiers import ADDRESS_SCHEME
from chorus_edi.domain.invoice import Invoice, Note
from chorus_edi.domain.parties import Buyer, Seller

TREATMENTS = ("B2B", "B2BINT", "B2C", "B2CINT", "OUTOFSCOPE", "ARCHIVEONLY")
"""Text of the note BAR."""

_FRANCE = frozenset({"FR", "GP", "MQ", "RE"})
"""Where French VAT applies, and so the reform, by the codes that BT-40 and BT-55 may give."""

_SUBJECTS = ("ADN", "BAR")
_NOTE = re.compile(rf"#?(?:ADN#B2G|BAR#(?:{'|'.join(TREATMENTS)}))(?:#.*)?", re.DOTALL)


def follows_the_reform(invoice: Invoice) -> bool:
    """True where a note ADN or BAR says so, or an address of the French directory (0225).

    A foreign seller writes to such an address too, by Peppol, and a French one to a foreign
    buyer: the address only speaks where both parties are of France.
    """
    return any(map(_is_of_the_reform, invoice.notes)) or (
        is_domestic(invoice) and (_is_listed(invoice.seller) or _is_listed(invoice.buyer))
    )


def is_domestic(invoice: Invoice) -> bool:
    """True where both parties are of France, by their country or their address (0225)."""
    return _is_french(invoice.seller) and _is_french(invoice.buyer)


def _is_of_the_reform(note: Note) -> bool:
    """Read the note whatever its case: how it must be written is for the rules to say."""
    code = (note.subject_code or "").strip().upper()
    if code and code not in _SUBJECTS:
        return False
    text = (note.text or "").strip().upper()
    return _NOTE.fullmatch(f"{code}#{text}" if code else text) is not None


def _is_french(party: Seller | Buyer | None) -> bool:
    address = party.address if party is not None else None
    country = (address.country or "").strip().upper() if address is not None else ""
    return country in _FRANCE or _is_listed(party)


def _is_listed(party: Seller | Buyer | None) -> bool:
    address = party.electronic_address if party is not None else None
    return address is not None and (address.scheme or "").strip() == ADDRESS_SCHEME
