"""Invoices that break no French rule, written for the mutator: every framework, kind and party.

They are the bases of EN 16931 with what the French sheets ask beside. All of it is made up.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from msgspec.structs import replace

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import (
    Invoice,
    Note,
    PrecedingInvoice,
    ProcessControl,
    SupportingDocument,
)
from chorus_edi.domain.lines import LineDelivery, LinePrecedingInvoice
from chorus_edi.domain.parties import BuyerAgent, Invoicee, Invoicer, Payer, SellerAgent
from chorus_edi.formats.writers import to_cii, to_ubl
from tests.builders import D
from tests.conformance.bases import FILES, invoices, written_for
from tests.conformance.grouped import grouped_documents

LEGAL = (
    Note(subject_code="PMT", text="Indemnité forfaitaire de recouvrement : 40 €"),
    Note(subject_code="PMD", text="Pénalités de retard : taux BCE majoré de 8 points"),
    Note(subject_code="AAB", text="Pas d’escompte pour paiement anticipé"),
)
_FOREIGN = ("canary", "ceuta", "split-payment")
_FRAMEWORKS = ("S1", "B1", "M1", "B7", "S6", "M2", "S3")


def _french(n: int, invoice: Invoice) -> Invoice:
    """Return an invoice with the notes, treatment and attachments that the French rules ask."""
    treatment = ("B2B", "B2BINT", "B2C", "OUTOFSCOPE", None)[n % 5]
    notes = (*LEGAL, *((Note(subject_code="BAR", text=treatment),) if treatment else ()))
    earlier = invoice.preceding_invoices
    return replace(
        invoice,
        notes=(*invoice.notes, *notes),
        preceding_invoices=tuple(replace(one, issue_date="2026-08-01") for one in earlier),
        supporting_documents=tuple(map(_described, invoice.supporting_documents)),
    )


def _described(document: SupportingDocument) -> SupportingDocument:
    code = "LISIBLE" if document.attachment and document.uri is None else "BON_LIVRAISON"
    return replace(document, description=code)


def _with(invoice: Invoice, framework: str, **terms: Any) -> Invoice:
    process = ProcessControl(business_process=framework, specification="urn:cen.eu:en16931:2017")
    return replace(invoice, process=process, **terms)


def _member(invoice: Invoice) -> Invoice:
    """Make the seller a member of a single taxable person."""
    assert invoice.seller is not None
    ids = (*invoice.seller.identifiers, Identifier(value="999907779", scheme="0231"))
    note = Note(subject_code="TXD", text="MEMBRE_ASSUJETTI_UNIQUE")
    seller = replace(invoice.seller, identifiers=ids)
    return replace(invoice, seller=seller, notes=(*invoice.notes, note))


def represented(invoice: Invoice) -> Invoice:
    """Give an invoice the parties, references and places of the French extension."""
    line, *others = invoice.lines
    reference = LinePrecedingInvoice(number="F2026-0000", type_code="386", issue_date="2026-08-01")
    place = LineDelivery(
        location=Identifier(value="21800019800026", scheme="0009"), date="2026-09-28"
    )
    return replace(
        invoice,
        lines=(replace(line, preceding_invoices=(reference,), delivery=place), *others),
        buyer_agent=BuyerAgent(**_party("99990777900012")),
        payer=Payer(**_party("99990777900020")),
        seller_agent=SellerAgent(**_party("99990777900038")),
        invoicee=Invoicee(**_party("99990777900046", registered=False)),
        invoicer=Invoicer(**_party("99990777900053")),
    )


def _party(siret: str, *, registered: bool = True) -> dict[str, Any]:
    siren = Identifier(value=siret[:9], scheme="0002")
    return {
        "name": "Partie fictive",
        "identifiers": (
            Identifier(value=siret, scheme="0009"),
            Identifier(value="SERVICE-1", scheme="0224"),
        ),
        "legal_registration": siren if registered else None,
        "electronic_address": Identifier(value=siret, scheme="0225"),
    }


def _routed(invoice: Invoice) -> Invoice:
    assert invoice.seller is not None
    assert invoice.buyer is not None
    route = Identifier(value="SERVICE-1", scheme="0224")
    return replace(
        invoice,
        seller=replace(invoice.seller, identifiers=(*invoice.seller.identifiers, route)),
        buyer=replace(invoice.buyer, identifiers=(route,)),
    )


@cache
def french_invoices() -> dict[str, Invoice]:
    """Return the base invoices by name."""
    made = {
        name: _french(n, one)
        for n, (name, one) in enumerate(invoices().items())
        if name not in _FOREIGN
    }
    full, plain = made["standard-full"], made["standard-plain"]
    totals = plain.totals
    assert totals is not None
    paid = replace(totals, paid=totals.with_vat, due=D("0.00"))
    dollars = replace(totals, vat_in_accounting_currency=D("90.00"))
    refers = (PrecedingInvoice(number="F2026-0001", issue_date="2026-08-01"),)
    more = {
        "paid": _with(plain, "S2", totals=paid),
        "final": _with(plain, "B4"),
        "dollars": replace(plain, currency="USD", accounting_currency="EUR", totals=dollars),
        "member": _member(full),
        "routed": _routed(plain),
        "represented": represented(plain),
        "self-billed": replace(plain, type_code="389"),
        "self-corrective": replace(plain, type_code="471", preceding_invoices=refers),
        "global-rebate": replace(full, type_code="262"),
        "credit-self": replace(made["credit-full"], type_code="261"),
        "object": replace(plain, invoiced_object=Identifier(value="F2026-1", scheme="AFL")),
    }
    return {**made, **more}


@cache
def french_documents(syntax: str) -> dict[str, bytes]:
    """Return the base documents of a syntax (``ubl`` or ``cii``) by name."""
    write = {"ubl": to_ubl, "cii": to_cii}[syntax]
    made = {name: write(written_for(one, syntax), FILES) for name, one in french_invoices().items()}
    return {**made, **dict(grouped_documents(made["standard-plain"], made["self-corrective"]))}
