"""CE-AVOIR-01, -02 and -04: a credit note names the one invoice it corrects, an invoice none."""

from __future__ import annotations

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.invoice import Invoice
from chorus_edi.rules.registry import Breach, Confidence, rule
from chorus_edi.rules.text import BLANKS, has_text

_CREDIT_NOTES = frozenset({"261", "381", "396", "502", "503"})
_CORRECTED = frozenset({"384", "471", "472", "473"})


def is_credit_note(invoice: Invoice) -> bool:
    """True for a credit note, by its type (BT-3)."""
    return (invoice.type_code or "").strip(BLANKS) in _CREDIT_NOTES


def _has_origin(invoice: Invoice) -> bool:
    return any(has_text(origin.number) for origin in invoice.preceding_invoices)


@rule(
    "CE-AVOIR-01",
    "BT-25",
    "BT-3",
    fr="L'avoir ne dit pas quelle facture il corrige (BT-25).",
    en="The credit note does not say which invoice it corrects (BT-25).",
    conseil="Indiquez en BT-25 le numéro de la facture d'origine.",
    source="Échantillons P92 (avec) et P95 à P97 (sans) de FSO1116A",
    confidence=Confidence.INFERRED,
    severity=Severity.WARNING,
)
def a_credit_note_names_its_origin(invoice: Invoice, _: Invoice) -> Breach | None:
    """Several official samples do without."""
    lacks = is_credit_note(invoice) and not _has_origin(invoice)
    return Breach("BT-25", at="BG-3[1]") if lacks else None


@rule(
    "CE-AVOIR-02",
    "BT-25",
    "BT-3",
    fr="Une facture d'origine (BT-25) n'a de sens que pour un avoir.",
    en="An origin invoice (BT-25) only makes sense for a credit note.",
    conseil="Retirez BT-25, ou indiquez 381 en BT-3 si le document est un avoir.",
    source="Annexe API de Chorus Pro, lue dans un client (numeroFactureOrigine) ; l'échantillon "
    "P02 en a une sur un 380 : elle ne fait qu'avertir",
    confidence=Confidence.RENDERED,
    severity=Severity.WARNING,
)
def only_a_credit_note_has_an_origin(invoice: Invoice, _: Invoice) -> Breach | None:
    """A corrected invoice (384) has one as well."""
    code = (invoice.type_code or "").strip(BLANKS)
    if not _has_origin(invoice) or code in _CREDIT_NOTES or code in _CORRECTED:
        return None
    first = invoice.preceding_invoices[0].number
    return Breach("BT-25", found=first, at="BG-3[1]")


@rule(
    "CE-AVOIR-04",
    "BT-25",
    fr="Plusieurs factures d'origine (BT-25) sont citées : Chorus Pro n'en garde qu'une.",
    en="Several origin invoices (BT-25) are given: Chorus Pro keeps one only.",
    conseil="Faites un avoir par facture d'origine, ou ne gardez que la principale en BT-25.",
    source="Annexe API de Chorus Pro, lue dans un client : numeroFactureOrigine y est unique ; "
    "BR-FR-CPRO-20 dit de même dans l'autre circuit",
    confidence=Confidence.RENDERED,
    severity=Severity.WARNING,
)
def one_origin_is_given(invoice: Invoice, _: Invoice) -> Breach | None:
    """No official sample has two, nor does one say that two are refused."""
    given = [n for n, one in enumerate(invoice.preceding_invoices, 1) if has_text(one.number)]
    if len(given) <= 1:
        return None
    second = given[1]
    number = invoice.preceding_invoices[second - 1].number
    return Breach("BT-25", found=number, at=f"BG-3[{second}]")
