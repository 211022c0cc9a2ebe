"""What the sheet of CII judges otherwise than that of EN 16931: mostly, a blank text is absent."""

from __future__ import annotations

from typing import Any, NamedTuple

from chorus_edi.domain.groups import Group
from chorus_edi.domain.invoice import DeliverToAddress, Invoice, PrecedingInvoice
from chorus_edi.domain.lines import InvoiceLine, Item
from chorus_edi.domain.parties import Payee, TaxRepresentative
from chorus_edi.rules.en16931.lines import a_line_has_an_identifier, a_line_names_its_item
from chorus_edi.rules.en16931.presence import (
    a_buyer_has_a_name,
    a_seller_has_a_name,
    an_invoice_has_a_currency,
    an_invoice_has_a_number,
    an_invoice_has_a_type_code,
    an_invoice_names_its_specification,
)
from chorus_edi.rules.registry import Breach, Breaches, Check
from chorus_edi.rules.text import as_written, every, has_text

_BLANK = "La feuille CII de l'extension prend un texte blanc pour absent."


class Changed(NamedTuple):
    """How a rule is judged: see ``Judgement``."""

    check: Check
    each: type[Group] = Invoice
    given: tuple[str, ...] = ()
    why: str = _BLANK


def _issue_date(invoice: Invoice, _: Invoice) -> Breach | None:
    odd = invoice.odd.get("issue_date") if invoice.odd is not None else None
    if has_text(invoice.issue_date) and (odd is None or odd.format is None):
        return None
    return Breach("BT-2", found=invoice.issue_date)


def _seller_country(invoice: Invoice, _: Invoice) -> Breach | None:
    address = invoice.seller.address if invoice.seller else None
    return None if address and has_text(address.country) else Breach("BT-40")


def _buyer_country(invoice: Invoice, _: Invoice) -> Breach | None:
    address = invoice.buyer.address if invoice.buyer else None
    return None if address and has_text(address.country) else Breach("BT-55")


def _payee(payee: Payee, invoice: Invoice) -> Breach | None:
    """Hold name, identifiers and registration of a payee against those of the seller."""
    if payee.name is None:
        return Breach("BT-59")
    seller = invoice.seller
    if seller is None:
        return None
    if _texts(payee, "name") & _texts(seller, "name"):
        return Breach("BT-59", found=payee.name)
    same = _bare(payee) & _bare(seller)
    if same:
        return Breach("BT-60", found=min(same), index=1)
    same = _registered(payee) & _registered(seller)
    return Breach("BT-61", found=min(same)) if same else None


def _texts(group: Group, field: str) -> set[str]:
    return {
        text for text in (as_written(group, field), *every(group, field)[1:]) if text is not None
    }


def _bare(party: Any) -> set[str]:
    """Return its identifiers without scheme: CII has those with one in another element."""
    return {
        as_written(one, "value") or ""
        for one in party.identifiers
        if one.scheme is None and one.value is not None
    }


def _registered(party: Any) -> set[str]:
    held = every(party, "legal_registration")
    return {as_written(one, "value") or "" for one in held if one.value is not None}


def _references(invoice: Invoice, _: Invoice) -> Breaches:
    breaches = [
        Breach("BT-122", at=f"BG-24[{index}]")
        for index, document in enumerate(invoice.supporting_documents, 1)
        if not has_text(document.reference)
    ]
    if any(not has_text(one) for one in every(invoice, "tender_or_lot")):
        breaches.append(Breach("BT-17"))
    if any(not has_text(one.value) for one in every(invoice, "invoiced_object")):
        breaches.append(Breach("BT-18"))
    breaches += [
        Breach("BT-128", at=f"BG-25[{index}]")
        for index, line in enumerate(invoice.lines, 1)
        if any(not has_text(one.value) for one in every(line, "invoiced_object"))
    ]
    return tuple(breaches) or None


def _preceding(preceding: PrecedingInvoice, _: Invoice) -> Breach | None:
    return None if has_text(preceding.number) else Breach("BT-25")


def _representative(it: TaxRepresentative, _: Invoice) -> Breach | None:
    return None if has_text(it.vat_identifier) else Breach("BT-63")


def _deliver_to(address: DeliverToAddress, _: Invoice) -> Breach | None:
    return None if has_text(address.country) else Breach("BT-80")


def _standard(item: Item, _: Invoice) -> Breach | None:
    identifiers = every(item, "standard_identifier")
    if any(has_text(one.scheme) for one in identifiers):
        return None
    return Breach("BT-157", found=identifiers[0].value)


def _classifications(item: Item, _: Invoice) -> Breaches:
    found = (
        Breach("BT-158", index=index, found=one.value)
        for index, one in enumerate(item.classifications, 1)
        if one.value is not None and not has_text(one.scheme)
    )
    return tuple(found) or None


def _breakdown(invoice: Invoice, _: Invoice) -> Breach | None:
    return Breach("BG-23") if invoice.lines and not invoice.vat_breakdown else None


CHECKS: dict[str, Changed] = {
    "BR-01": Changed(an_invoice_names_its_specification),
    "BR-02": Changed(an_invoice_has_a_number),
    "BR-03": Changed(_issue_date, why="La feuille CII demande une date de format 102."),
    "BR-04": Changed(an_invoice_has_a_type_code),
    "BR-05": Changed(an_invoice_has_a_currency),
    "BR-06": Changed(a_seller_has_a_name),
    "BR-07": Changed(a_buyer_has_a_name),
    "BR-09": Changed(_seller_country),
    "BR-11": Changed(_buyer_country),
    "BR-17": Changed(_payee, Payee, why="La feuille CII compare nom et identifiants au vendeur."),
    "BR-21": Changed(a_line_has_an_identifier, InvoiceLine),
    "BR-25": Changed(a_line_names_its_item, InvoiceLine),
    "BR-52": Changed(_references),
    "BR-55": Changed(_preceding, PrecedingInvoice),
    "BR-56": Changed(_representative, TaxRepresentative),
    "BR-57": Changed(_deliver_to, DeliverToAddress),
    "BR-64": Changed(_standard, Item, ("BT-157",)),
    "BR-65": Changed(_classifications, Item, why="La feuille CII le demande de chacune."),
    "BR-CO-18": Changed(_breakdown, why="La feuille CII le demande d'une facture qui a une ligne."),
}
"""Id of a rule of EN 16931 → how the extension judges it in CII."""
