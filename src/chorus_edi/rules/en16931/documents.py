"""BR-29, BR-52, BR-53, BR-55, BR-57, BR-CO-03, BR-CO-18 and BR-CO-19: the document as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import (
    DeliverToAddress,
    Invoice,
    InvoicingPeriod,
    PrecedingInvoice,
    vat_totals_of,
)
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.settlement import Totals
from chorus_edi.rules.en16931.periods import ends_before_it_starts, ends_before_it_starts_in_cii
from chorus_edi.rules.registry import Breach, Breaches, rule, unjudged, variant
from chorus_edi.rules.text import as_written, every, has_text, not_empty

_SOURCE = "EN 16931-1:2017, 6.4.1 ; artefacts EN 16931 1.3.16"
_CONDITIONS = "EN 16931-1:2017, 6.4.2 ; artefacts EN 16931 1.3.16"
_BLANK = "La feuille CII prend des blancs seuls pour un texte."


@rule(
    "BR-29",
    "BT-74",
    "BT-73",
    each=InvoicingPeriod,
    given=("BT-73", "BT-74"),
    fr="La période de facturation finit (BT-74) avant de commencer (BT-73).",
    en="The invoicing period ends (BT-74) before it starts (BT-73).",
    conseil="Corrigez BT-73 ou BT-74 : la fin ne peut pas précéder le début.",
    source=_SOURCE,
)
def an_invoicing_period_does_not_end_before_it_starts(
    period: InvoicingPeriod, _: Invoice
) -> Breach | None:
    """It may be one day long."""
    return ends_before_it_starts("BT-74", period)


@variant(
    "BR-29",
    Syntax.CII,
    each=InvoicingPeriod,
    given=("BT-73", "BT-74"),
    why="La feuille CII ne connaît que les dates au format 102.",
)
def an_invoicing_period_in_days_does_not_end_before_it_starts(
    period: InvoicingPeriod, _: Invoice
) -> Breach | None:
    """A date of another format breaks it."""
    return ends_before_it_starts_in_cii("BT-74", period)


@rule(
    "BR-52",
    "BT-122",
    "BT-17",
    "BT-18",
    fr="Un document justificatif (BT-122, BT-17 ou BT-18) n'a pas de référence.",
    en="A supporting document (BT-122, BT-17 or BT-18) has no reference.",
    conseil="Donnez en BT-122 la référence ou le nom du document joint.",
    source=_SOURCE,
)
def every_supporting_document_has_a_reference(invoice: Invoice, _: Invoice) -> Breaches:
    """In UBL the invoiced object is one of them."""
    return tuple(_without_reference(invoice)) or None


@variant("BR-52", Syntax.UBL_CREDIT_NOTE, why="L'avoir UBL écrit le projet comme un tel document.")
def every_supporting_document_of_a_credit_note_has_a_reference(
    invoice: Invoice, _: Invoice
) -> Breaches:
    """Several projects may stand there."""
    breaches = [*_without_reference(invoice)]
    projects = every(invoice, "project")
    if any(not has_text(project) for project in projects):
        breaches.append(Breach("BT-11", found=projects[0]))
    return tuple(breaches) or None


def _without_reference(invoice: Invoice) -> Iterator[Breach]:
    for index, document in enumerate(invoice.supporting_documents, 1):
        if not has_text(document.reference):
            yield Breach("BT-122", found=document.reference, at=f"BG-24[{index}]")
    objects = every(invoice, "invoiced_object")
    if any(not has_text(one.value) for one in objects):
        yield Breach("BT-18", found=objects[0].value)


@variant(
    "BR-52",
    Syntax.CII,
    why="La feuille CII prend des blancs pour une référence, et regarde aussi BT-17 et BT-128.",
)
def every_referenced_document_has_a_reference(invoice: Invoice, _: Invoice) -> Breaches:
    """Documents of lines count as well."""
    breaches = [
        Breach("BT-122", at=f"BG-24[{index}]")
        for index, document in enumerate(invoice.supporting_documents, 1)
        if not not_empty(document, "reference")
    ]
    if "" in every(invoice, "tender_or_lot") and not not_empty(invoice, "tender_or_lot"):
        breaches.append(Breach("BT-17"))
    if any(not not_empty(one, "value") for one in every(invoice, "invoiced_object")):
        breaches.append(Breach("BT-18"))
    breaches += [
        Breach("BT-128", at=f"BG-25[{index}]")
        for index, line in enumerate(invoice.lines, 1)
        if line.invoiced_object is not None and _some_empty(every(line, "invoiced_object"))
    ]
    return tuple(breaches) or None


def _some_empty(identifiers: tuple[Identifier, ...]) -> bool:
    return any(not not_empty(one, "value") for one in identifiers)


@rule(
    "BR-53",
    "BT-111",
    "BT-6",
    given=("BT-6",),
    fr="La devise de comptabilisation (BT-6) est donnée sans le total de TVA dans cette devise "
    "(BT-111).",
    en="The accounting currency (BT-6) is given without the VAT total in that currency (BT-111).",
    conseil="Ajoutez BT-111, le total de la TVA dans la devise BT-6, ou supprimez BT-6.",
    source=_SOURCE,
)
def an_accounting_currency_comes_with_its_vat_total(invoice: Invoice, _: Invoice) -> Breach | None:
    """It may be the invoice currency; the sheet does not ask whether it is the total of a line."""
    currency = as_written(invoice, "accounting_currency")
    if any(total.currency == currency for total in vat_totals_of(invoice)):
        return None
    if currency in invoice.stray_currencies:
        return None
    return Breach("BT-111")


@variant(
    "BR-53",
    Syntax.CII,
    each=Totals,
    why="La feuille CII refuse une devise de comptabilisation égale à celle de la facture.",
)
def another_accounting_currency_comes_with_its_vat_total(
    _: Totals, invoice: Invoice
) -> Breach | None:
    """Nothing to say without totals: that is BR-12 to BR-15."""
    currency = as_written(invoice, "accounting_currency")
    if currency is None:
        return None
    given = any(total.currency == currency for total in vat_totals_of(invoice))
    other = currency != as_written(invoice, "currency")
    return None if given and other else Breach("BT-111")


@rule(
    "BR-55",
    "BT-25",
    each=PrecedingInvoice,
    fr="La référence de la facture antérieure (BT-25) est absente.",
    en="The preceding invoice reference (BT-25) is missing.",
    conseil="Indiquez en BT-25 le numéro de la facture antérieure.",
    source=_SOURCE,
)
def a_preceding_invoice_has_a_number(preceding: PrecedingInvoice, _: Invoice) -> Breach | None:
    """Blank is there."""
    return None if preceding.number is not None else Breach("BT-25")


@variant("BR-55", Syntax.CII, each=PrecedingInvoice, why="La feuille CII refuse un numéro vide.")
def a_preceding_invoice_has_a_number_that_is_not_empty(
    preceding: PrecedingInvoice, _: Invoice
) -> Breach | None:
    """White space is not empty."""
    return None if not_empty(preceding, "number") else Breach("BT-25")


@rule(
    "BR-57",
    "BT-80",
    each=DeliverToAddress,
    fr="Le code pays de l'adresse de livraison (BT-80) est absent.",
    en="The country code of the deliver to address (BT-80) is missing.",
    conseil="Indiquez en BT-80 le code pays sur deux lettres, FR pour la France.",
    source=_SOURCE,
)
def a_deliver_to_address_has_a_country(address: DeliverToAddress, _: Invoice) -> Breach | None:
    """Blank is there."""
    return None if address.country is not None else Breach("BT-80")


@variant("BR-57", Syntax.CII, each=DeliverToAddress, why="La feuille CII refuse un pays vide.")
def a_deliver_to_address_has_a_country_that_is_not_empty(
    address: DeliverToAddress, _: Invoice
) -> Breach | None:
    """White space is not empty."""
    return None if not_empty(address, "country") else Breach("BT-80")


@rule(
    "BR-CO-03",
    "BT-7",
    "BT-8",
    given=("BT-7", "BT-8"),
    fr="La date d'exigibilité de la TVA (BT-7) et son code (BT-8) sont donnés ensemble.",
    en="The VAT point date (BT-7) and its code (BT-8) are both given.",
    conseil="Gardez BT-7 ou BT-8, pas les deux.",
    source=_CONDITIONS,
)
def the_vat_point_is_a_date_or_a_code(invoice: Invoice, _: Invoice) -> Breach | None:
    """Blank is there."""
    return Breach("BT-7", found=invoice.tax_point_date)


unjudged(
    "BR-CO-03",
    Syntax.CII,
    why="La feuille CII le demande à chaque ventilation de la TVA, qui porte sa date et son code.",
)


@rule(
    "BR-CO-18",
    "BG-23",
    fr="La facture n'a pas de ventilation de la TVA (BG-23).",
    en="The invoice has no VAT breakdown (BG-23).",
    conseil="Ajoutez une ventilation BG-23 par catégorie et par taux de TVA.",
    source=_CONDITIONS,
)
def an_invoice_has_a_vat_breakdown(invoice: Invoice, _: Invoice) -> Breach | None:
    """What it must hold is for other rules."""
    return None if invoice.vat_breakdown else Breach("BG-23")


@rule(
    "BR-CO-19",
    "BT-73",
    "BT-74",
    each=InvoicingPeriod,
    fr="La période de facturation (BG-14) n'a ni début (BT-73) ni fin (BT-74).",
    en="The invoicing period (BG-14) has neither start (BT-73) nor end (BT-74).",
    conseil="Indiquez le début (BT-73) ou la fin (BT-74) de la période, ou supprimez-la.",
    source=_CONDITIONS,
)
def an_invoicing_period_has_a_start_or_an_end(period: InvoicingPeriod, _: Invoice) -> Breach | None:
    """One is enough; in UBL a period that only holds BT-8 is no period."""
    return Breach("BT-73") if period.start is None and period.end is None else None
