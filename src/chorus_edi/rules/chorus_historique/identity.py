"""G1.01, G1.05, G1.10, CE-DOC-01, CE-DOC-02 and CE-AVOIR-03: document type, numbers, currency."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chorus_edi.domain.codelists.currencies import CURRENCIES
from chorus_edi.domain.findings import Severity
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.registry import Breach, Breaches, Confidence, rule, unjudged
from chorus_edi.rules.text import BLANKS, as_written, has_text

_TYPES = frozenset(
    {"261", "380", "381", "384", "386", "389", "393", "396", "471", "472", "500", "503"}
)
"""Types of annexe 7, without 473, 501 and 502 (self-billed and factored), which are refused."""

_USUAL = frozenset({"380", "381"})

_LONGEST_NUMBER = 20
_NUMBER = re.compile(r"[A-Za-z0-9+_/-]+(?: [A-Za-z0-9+_/-]+)*")


@rule(
    "G1.01",
    "BT-3",
    given=("BT-3",),
    fr="Le type de document (BT-3) n'est pas admis par Chorus Pro.",
    en="The document type (BT-3) is not accepted by Chorus Pro.",
    conseil="Indiquez en BT-3 380 pour une facture, 381 pour un avoir.",
    source="Annexe 7 V1.9, G1.01 ; spécifications externes Chorus Pro V1.1, §6.8",
)
def the_document_type_is_accepted(invoice: Invoice, _: Invoice) -> Breach | None:
    """Self-billed invoices that are factored are not."""
    code = (invoice.type_code or "").strip(BLANKS)
    return Breach("BT-3", found=code) if code and code not in _TYPES else None


@rule(
    "CE-DOC-01",
    "BT-3",
    given=("BT-3",),
    fr="Le circuit historique ne connaît que la facture et l'avoir : il prendra ce type de "
    "document (BT-3) pour l'un des deux.",
    en="The historic circuit only knows invoice and credit note: it will take this document type "
    "(BT-3) for one of the two.",
    conseil="Préférez en BT-3 380 pour une facture et 381 pour un avoir.",
    source="Format pivot de Chorus Pro et échantillons FSO1116A : 380 et 381 seulement",
    confidence=Confidence.INFERRED,
    severity=Severity.WARNING,
)
def a_document_is_an_invoice_or_a_credit_note(invoice: Invoice, _: Invoice) -> Breach | None:
    """The pivot has no other."""
    code = (invoice.type_code or "").strip(BLANKS)
    return Breach("BT-3", found=code) if code in _TYPES - _USUAL else None


@rule(
    "CE-DOC-02",
    "BT-3",
    fr="Le type de document (BT-3) est absent.",
    en="The document type (BT-3) is missing.",
    conseil="Indiquez en BT-3 380 pour une facture, 381 pour un avoir.",
    source="Échantillons FSO1116A : BT-3 est parmi les champs obligatoires de P01",
    confidence=Confidence.INFERRED,
)
def a_document_says_its_type(invoice: Invoice, _: Invoice) -> Breach | None:
    """Blank says nothing."""
    return None if has_text(invoice.type_code) else Breach("BT-3", found=invoice.type_code)


unjudged(
    "CE-DOC-02",
    Syntax.UBL_CREDIT_NOTE,
    why="La racine CreditNote dit déjà que le document est un avoir.",
)


@rule(
    "G1.05",
    "BT-1",
    fr="Le numéro de la facture (BT-1) a plus de 20 caractères, ou l'un d'eux n'est pas admis.",
    en="The number of the invoice (BT-1) has more than 20 characters, or one of them is not "
    "accepted.",
    conseil="N'écrivez en BT-1 que lettres, chiffres, - + _ / et espaces isolés, en 20 caractères "
    "au plus.",
    source="Annexe 7 V1.9, G1.05 (caractères) ; contrôle EDI de Chorus Pro (20 caractères)",
)
def a_number_is_short_and_plain(invoice: Invoice, _: Invoice) -> Breach | None:
    """Blanks stand inside it, one by one; a blank number is no number (CE-ID-01)."""
    written = as_written(invoice, "number")
    expected = _asked_of(written)
    return Breach("BT-1", found=written, expected=expected) if expected else None


@rule(
    "CE-AVOIR-03",
    "BT-25",
    fr="Le numéro de la facture d'origine (BT-25) n'a pas la forme des numéros que Chorus Pro "
    "admet.",
    en="The number of the origin invoice (BT-25) has not the form of numbers that Chorus Pro "
    "accepts.",
    conseil="Vérifiez en BT-25 le numéro de la facture d'origine : Chorus Pro ne peut l'avoir "
    "reçue que sous un numéro de 20 caractères au plus.",
    source="Annexe 7 V1.9, G1.05, qui ne parle que de BT-1 ; une facture d'avant Chorus Pro peut "
    "avoir un autre numéro : elle ne fait qu'avertir",
    confidence=Confidence.INFERRED,
    severity=Severity.WARNING,
    apart=True,
)
def the_number_of_an_origin_invoice_is_short_and_plain(invoice: Invoice, _: Invoice) -> Breaches:
    """It is judged as the number of an invoice is."""
    return tuple(_bad_origins(invoice)) or None


def _bad_origins(invoice: Invoice) -> Iterator[Breach]:
    for n, origin in enumerate(invoice.preceding_invoices, 1):
        written = as_written(origin, "number")
        if expected := _asked_of(written):
            yield Breach("BT-25", found=written, expected=expected, at=f"BG-3[{n}]")


def _asked_of(number: str | None) -> str | None:
    """Say what a number ought to be; None where there is nothing to say."""
    if number is None or not number.strip(BLANKS):
        return None
    if len(number) > _LONGEST_NUMBER:
        return "20 caractères au plus"
    return None if _NUMBER.fullmatch(number) else "lettres, chiffres, - + _ / et espaces isolés"


@rule(
    "G1.10",
    "BT-5",
    "BT-6",
    fr="La devise (BT-5 ou BT-6) n'est pas un code ISO 4217.",
    en="The currency (BT-5 or BT-6) is not an ISO 4217 code.",
    conseil="Indiquez en BT-5 un code de trois lettres, EUR par exemple ; sans code, c'est l'euro.",
    source="Annexe 7 V1.9, G1.10",
    apart=True,
)
def a_currency_is_a_code_of_iso_4217(invoice: Invoice, _: Invoice) -> Breaches:
    """Absent means EUR: most official samples have none; P19 is in dinars."""
    currencies = (("BT-5", invoice.currency), ("BT-6", invoice.accounting_currency))
    breaches = [
        Breach(term, found=code)
        for term, code in currencies
        if has_text(code) and not CURRENCIES.holds(code)
    ]
    return tuple(breaches) or None
