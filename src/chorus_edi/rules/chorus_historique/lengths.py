"""CE-LONG-01: no text is longer than Chorus Pro keeps."""

from __future__ import annotations

from collections.abc import Iterator

from chorus_edi.domain.invoice import Invoice
from chorus_edi.rules.registry import Breach, Breaches, Confidence, rule

_NAME, _REFERENCE, _SERVICE, _SITE, _ADDRESS, _TEXT = 99, 50, 100, 20, 400, 1024

_Text = tuple[str | None, str, str | None, int]
"""Address of the group, term, text, most characters."""


@rule(
    "CE-LONG-01",
    "BT-13",
    "BT-12",
    "BT-10",
    "CE-SERVICE",
    "BT-20",
    "BT-22",
    "BT-27",
    "BT-28",
    "BT-35",
    "BT-37",
    "BT-44",
    "BT-45",
    "BT-50",
    "BT-52",
    "BT-59",
    "BT-71",
    "BT-154",
    fr="Un texte (BT-13, BT-12, BT-27…) est plus long que Chorus Pro ne l'accepte.",
    en="A text (BT-13, BT-12, BT-27…) is longer than Chorus Pro accepts.",
    conseil="Raccourcissez ce texte au nombre de caractères attendu.",
    source="Annexe API de Chorus Pro et BR-FR-CPRO-14, -15, -29 à -44, lues chez des tiers",
    confidence=Confidence.RENDERED,
    apart=True,
)
def no_text_is_too_long(invoice: Invoice, _: Invoice) -> Breaches:
    """Numbers of invoices have their own rule (G1.05), and so have names of files (CE-PJ-02)."""
    breaches = [
        Breach(term, found=text, expected=f"{most} caractères au plus", at=at)
        for at, term, text, most in _texts(invoice)
        if text is not None and len(text) > most
    ]
    return tuple(breaches) or None


def _texts(invoice: Invoice) -> Iterator[_Text]:
    yield None, "BT-10", invoice.buyer_reference, _SERVICE
    yield None, "BT-12", invoice.contract, _REFERENCE
    yield None, "BT-13", invoice.purchase_order, _REFERENCE
    yield None, "BT-20", invoice.payment_terms, _TEXT
    if invoice.chorus is not None:
        yield None, "CE-SERVICE", invoice.chorus.code_service, _SERVICE
    for n, note in enumerate(invoice.notes, 1):
        yield f"BG-1[{n}]", "BT-22", note.text, _TEXT
    yield from _of_parties(invoice)
    if invoice.delivery is not None and invoice.delivery.location is not None:
        yield None, "BT-71", invoice.delivery.location.value, _SITE
    for n, line in enumerate(invoice.lines, 1):
        if line.item is not None:
            yield f"BG-25[{n}]/BG-31", "BT-154", line.item.description, _TEXT


def _of_parties(invoice: Invoice) -> Iterator[_Text]:
    if invoice.seller is not None:
        yield None, "BT-27", invoice.seller.name, _NAME
        yield None, "BT-28", invoice.seller.trading_name, _NAME
        if invoice.seller.address is not None:
            yield None, "BT-35", invoice.seller.address.line_1, _ADDRESS
            yield None, "BT-37", invoice.seller.address.city, _ADDRESS
    if invoice.buyer is not None:
        yield None, "BT-44", invoice.buyer.name, _NAME
        yield None, "BT-45", invoice.buyer.trading_name, _NAME
        if invoice.buyer.address is not None:
            yield None, "BT-50", invoice.buyer.address.line_1, _ADDRESS
            yield None, "BT-52", invoice.buyer.address.city, _ADDRESS
    if invoice.payee is not None:
        yield None, "BT-59", invoice.payee.name, _NAME
