"""BR-FR-01, 02, 04 and 08, BR-FR-CO-03 to 09 and 12: numbers, types and framework."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chorus_edi.domain.invoice import Invoice, vat_totals_of
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.br_fr.codes import (
    AFTER_DOWN_PAYMENT,
    ALREADY_PAID,
    CORRECTIVE,
    DOCUMENT_TYPES,
    DOWN_PAYMENTS,
    FRAMEWORKS,
    GLOBAL_REBATE,
    SOURCE,
)
from chorus_edi.rules.br_fr.dates import periods_of, written_days
from chorus_edi.rules.br_fr.reading import folded, texts
from chorus_edi.rules.figures import once
from chorus_edi.rules.registry import Breach, Breaches, rule, unjudged, variant
from chorus_edi.rules.text import as_written, has_text, not_empty

_UBL = (Syntax.UBL_INVOICE, Syntax.UBL_CREDIT_NOTE)
_LONGEST_NUMBER = 35
_NUMBER = re.compile(r"[A-Za-z0-9+\-_/]+").fullmatch
_EURO = "EUR"


# -- numbers -----------------------------------------------------------------------------------


def _numbers(invoice: Invoice) -> tuple[tuple[str, str, str], ...]:
    """Return term, address of its group and text of BT-1 and of each BT-25."""
    return once(invoice, _all_numbers)


def _all_numbers(invoice: Invoice) -> tuple[tuple[str, str, str], ...]:
    return tuple(_each_number(invoice))


def _each_number(invoice: Invoice) -> Iterator[tuple[str, str, str]]:
    for text in texts(invoice, "number"):
        yield "BT-1", "", text
    for n, earlier in enumerate(invoice.preceding_invoices, 1):
        for text in texts(earlier, "number"):
            yield "BT-25", f"BG-3[{n}]", text


def _sound(number: str) -> bool:
    if _NUMBER(number):
        return True
    return " " not in number and _NUMBER(folded(number)) is not None


@rule(
    "BR-FR-01",
    "BT-1",
    "BT-25",
    "EXT-FR-FE-136",
    fr="Le numéro de facture (BT-1, BT-25) a plus de 35 caractères.",
    en="The invoice number has more than 35 characters.",
    conseil="Donnez à la facture un numéro de 35 caractères au plus.",
    source=SOURCE,
    apart=True,
)
def a_number_has_at_most_35_characters(invoice: Invoice, _: Invoice) -> Breaches:
    """BT-1, and the numbers of earlier invoices."""
    return (
        tuple(
            Breach(term, found=number, at=at)
            for term, at, number in _numbers(invoice)
            if len(number) > _LONGEST_NUMBER
        )
        or None
    )


@variant(
    "BR-FR-01",
    *_UBL,
    why="La feuille UBL contrôle aussi sous cet identifiant les caractères du numéro.",
)
def a_number_is_short_and_of_plain_characters(invoice: Invoice, _: Invoice) -> Breaches:
    """The UBL sheet tests the characters twice: here and under BR-FR-02."""
    return (
        tuple(
            Breach(term, found=number, at=at)
            for term, at, number in _numbers(invoice)
            if len(number) > _LONGEST_NUMBER or not _sound(number)
        )
        or None
    )


@rule(
    "BR-FR-02",
    "BT-1",
    "BT-25",
    "EXT-FR-FE-136",
    fr="Le numéro de facture (BT-1, BT-25) contient un espace ou un caractère interdit.",
    en="The invoice number holds a blank or a character that is not allowed.",
    conseil="N'utilisez que des lettres sans accent, des chiffres et les signes + - _ /, "
    "sans espace.",
    source=SOURCE,
    apart=True,
)
def a_number_is_of_plain_characters(invoice: Invoice, _: Invoice) -> Breaches:
    """Letters, digits and four signs."""
    return (
        tuple(
            Breach(term, found=number, at=at)
            for term, at, number in _numbers(invoice)
            if not _sound(number)
        )
        or None
    )


# -- type and framework ------------------------------------------------------------------------


@rule(
    "BR-FR-04",
    "BT-3",
    "EXT-FR-FE-02",
    "EXT-FR-FE-137",
    fr="Le type de facture (BT-3) n'est pas admis en France.",
    en="The invoice type (BT-3) is not one of those allowed in France.",
    conseil="Choisissez un type de la liste française, 380 pour une facture, 381 pour un avoir.",
    source=SOURCE,
    apart=True,
)
def the_type_is_of_the_french_list(invoice: Invoice, _: Invoice) -> Breaches:
    """Sixteen codes of UNTDID 1001."""
    return next(
        (
            Breach("BT-3", found=code)
            for code in texts(invoice, "type_code")
            if code not in DOCUMENT_TYPES
        ),
        None,
    )


def framework_of(invoice: Invoice) -> str | None:
    """Return BT-23 as it is written."""
    return as_written(invoice.process, "business_process") if invoice.process is not None else None


@rule(
    "BR-FR-08",
    "BT-23",
    fr="Le cadre de facturation (BT-23) est absent ou n'est pas de la liste française.",
    en="The business process (BT-23) is missing or is not of the French list.",
    conseil="Indiquez en BT-23 un cadre tel que B1 (biens), S1 (services) ou M1 (les deux).",
    source=SOURCE,
)
def the_framework_is_of_the_french_list(invoice: Invoice, _: Invoice) -> Breaches:
    """Twenty codes, compared as they are written."""
    code = framework_of(invoice)
    return None if code in FRAMEWORKS else Breach("BT-23", found=code)


@rule(
    "BR-FR-CO-03",
    "BT-12",
    "BT-73",
    "BT-74",
    "BT-3",
    fr="L'avoir de remise globale (type 262) n'indique pas le contrat (BT-12) et toute la période "
    "de facturation (BT-73, BT-74).",
    en="The global rebate (type 262) does not give the contract (BT-12) and the whole invoicing "
    "period (BT-73, BT-74).",
    conseil="Indiquez le numéro du contrat en BT-12, le début de la période en BT-73 et sa fin en "
    "BT-74.",
    source=SOURCE,
)
def a_global_rebate_has_a_contract_and_a_period(invoice: Invoice, _: Invoice) -> Breaches:
    """White space is text here."""
    if GLOBAL_REBATE not in texts(invoice, "type_code"):
        return None
    if not not_empty(invoice, "contract"):
        return Breach("BT-12")
    periods = periods_of(invoice.delivery) if invoice.delivery is not None else ()
    missing = (
        term
        for term, field in (("BT-73", "start"), ("BT-74", "end"))
        if not any(not_empty(period, field) for period in periods)
    )
    return next((Breach(term) for term in missing), None)


unjudged(
    "BR-FR-CO-03",
    Syntax.UBL_INVOICE,
    why="La feuille UBL ne le demande qu'aux documents CreditNote.",
)


@rule(
    "BR-FR-CO-04",
    "BG-3",
    "BT-3",
    fr="Une facture rectificative doit citer une facture antérieure (BG-3), et une seule.",
    en="A corrective invoice must refer to one preceding invoice (BG-3), and only one.",
    conseil="Indiquez en BT-25 et BT-26 le numéro et la date de la seule facture rectifiée.",
    source=SOURCE,
)
def a_corrective_invoice_refers_to_one_invoice(invoice: Invoice, _: Invoice) -> Breaches:
    """Types 384, 471, 472 and 473."""
    if CORRECTIVE.isdisjoint(texts(invoice, "type_code")):
        return None
    many = len(invoice.preceding_invoices)
    return None if many == 1 else Breach("BG-3", found=str(many), expected="1")


unjudged(
    "BR-FR-CO-04",
    Syntax.UBL_CREDIT_NOTE,
    why="La feuille UBL ne lit que le type des documents Invoice.",
)


@rule(
    "BR-FR-CO-07",
    "BT-9",
    "BT-2",
    fr="L'échéance (BT-9) est antérieure à la date de la facture (BT-2).",
    en="The due date (BT-9) is before the invoice date (BT-2).",
    conseil="Indiquez en BT-9 une date égale ou postérieure à celle de la facture ; seuls un "
    "acompte ou une facture déjà payée (B2, S2, M2) peuvent échoir avant.",
    source=SOURCE,
)
def the_due_date_is_not_before_the_invoice_date(invoice: Invoice, _: Invoice) -> Breaches:
    """Dates are compared as texts."""
    if _may_be_due_before(invoice) or invoice.issue_date is None:
        return None
    issued = as_written(invoice, "issue_date") or ""
    early = next((day for day in texts(invoice, "due_date") if day < issued), None)
    return None if early is None else Breach("BT-9", found=early, expected=f"≥ {issued}")


def _may_be_due_before(invoice: Invoice) -> bool:
    return framework_of(invoice) in ALREADY_PAID or not DOWN_PAYMENTS.isdisjoint(
        texts(invoice, "type_code")
    )


@variant(
    "BR-FR-CO-07",
    Syntax.CII,
    why="La feuille CII ne compare rien si l'échéance est vide, et refuse celle d'une facture "
    "sans date.",
)
def a_due_date_of_cii_is_not_before_the_invoice_date(invoice: Invoice, _: Invoice) -> Breaches:
    """Without BT-2, no due date is in order."""
    due = tuple(written_days(invoice, "due_date", cii=True))
    if _may_be_due_before(invoice) or not any(map(has_text, due)):
        return None
    issued = next(written_days(invoice, "issue_date", cii=True), None)
    early = next((day for day in due if issued is None or day < issued), None)
    return None if early is None else Breach("BT-9", found=early, expected=f"≥ {issued or 'BT-2'}")


@rule(
    "BR-FR-CO-08",
    "BT-23",
    "BT-3",
    fr="Le cadre « facture définitive après acompte » (B4, S4, M4) ne va pas avec une facture "
    "d'acompte (types 386, 500, 503).",
    en="The framework of a final invoice (B4, S4, M4) does not go with a down payment (types 386, "
    "500, 503).",
    conseil="Pour un acompte, indiquez en BT-23 B1, S1 ou M1 ; pour la facture définitive, "
    "corrigez BT-3.",
    source=SOURCE,
)
def a_final_invoice_is_no_down_payment(invoice: Invoice, _: Invoice) -> Breaches:
    """BT-23 and BT-3 contradict each other."""
    code = framework_of(invoice)
    if code not in AFTER_DOWN_PAYMENT or DOWN_PAYMENTS.isdisjoint(texts(invoice, "type_code")):
        return None
    return Breach("BT-23", found=code)


def _paid(invoice: Invoice) -> Breach | None:
    """Judge the amounts of an invoice that is paid already."""
    totals = invoice.totals
    paid = totals.paid if totals is not None else None
    whole = totals.with_vat if totals is not None else None
    if paid is None or whole is None or paid != whole:
        return Breach("BT-113", found=paid, expected=whole)
    due = totals.due if totals is not None else None
    return None if due is not None and not due else Breach("BT-115", found=due, expected="0")


@rule(
    "BR-FR-CO-09",
    "BT-113",
    "BT-115",
    "BT-9",
    "BT-23",
    fr="Une facture déjà payée (cadre B2, S2, M2) doit avoir un montant payé (BT-113) égal au "
    "total TTC (BT-112), un reste à payer (BT-115) nul et une date de paiement en BT-9.",
    en="An invoice already paid (B2, S2, M2) must have a paid amount (BT-113) equal to the total "
    "with VAT (BT-112), nothing due (BT-115) and the date of payment in BT-9.",
    conseil="Recopiez le total TTC en BT-113, mettez BT-115 à 0 et la date du paiement en BT-9.",
    source=SOURCE,
)
def an_invoice_already_paid_has_nothing_due(invoice: Invoice, _: Invoice) -> Breaches:
    """White space is a date here."""
    if framework_of(invoice) not in ALREADY_PAID:
        return None
    return _paid(invoice) or (None if not_empty(invoice, "due_date") else Breach("BT-9"))


@variant(
    "BR-FR-CO-09",
    Syntax.CII,
    why="La feuille CII exige une échéance qui ne soit pas faite de blancs.",
)
def an_invoice_of_cii_already_paid_has_nothing_due(invoice: Invoice, _: Invoice) -> Breaches:
    """White space is no date here."""
    if framework_of(invoice) not in ALREADY_PAID:
        return None
    dated = any(map(has_text, texts(invoice, "due_date")))
    return _paid(invoice) or (None if dated else Breach("BT-9"))


@rule(
    "BR-FR-CO-12",
    "BT-6",
    "BT-111",
    "BT-5",
    fr="La facture n'est pas en euros : la devise de comptabilisation (BT-6) doit être EUR et la "
    "TVA totale donnée en euros (BT-111).",
    en="The invoice is not in euro: the accounting currency (BT-6) must be EUR and the total VAT "
    "be given in euro (BT-111).",
    conseil="Indiquez EUR en BT-6 et le total de la TVA converti en euros en BT-111.",
    source=SOURCE,
)
def the_vat_of_a_foreign_invoice_is_also_in_euro(invoice: Invoice, _: Invoice) -> Breaches:
    """Currencies are compared as they are written."""
    if all(code == _EURO for code in texts(invoice, "currency")):
        return None
    if _EURO not in texts(invoice, "accounting_currency"):
        return Breach("BT-6", found=invoice.accounting_currency, expected=_EURO)
    told = any(total.currency == _EURO for total in vat_totals_of(invoice))
    return None if told else Breach("BT-111")
