"""How the VAT families judge the tax identifiers of seller and buyer (BR-*-02, 03 and 04)."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

from chorus_edi.domain.groups import Group
from chorus_edi.domain.invoice import Invoice
from chorus_edi.rules.en16931.vat_families import Family, Parties
from chorus_edi.rules.figures import Tally, codes_of, figures_of, indicated, written_categories
from chorus_edi.rules.registry import Breach, Check


def identifier_check(where: str) -> Callable[[Family, bool], Check]:
    """Make the rules on lines, allowances or charges (a tally of ``Figures``)."""
    tally_of: Callable[[object], Tally] = attrgetter(where)

    def make(of: Family, cii: bool) -> Check:
        judge = _JUDGES[of.parties]
        # The UBL sheet finds BR-S-02 broken by lines of category S of any other tax.
        of_any_tax = cii or (of.prefix == "S" and where == "lines")
        # For O it only looks at the document's own allowances and charges; BR-AF-04 is exact.
        of_header = of.prefix == "O" and where != "lines"
        exact = not cii and (of.prefix, where) == ("AF", "charges")

        def check(invoice: Invoice, _: Invoice) -> Breach | None:
            figures = figures_of(invoice)
            tallies = [tally_of(figures)]
            if where in figures.stray and not of_header:
                tallies.append(figures.stray[where])
            if not any((one.every if of_any_tax else one.vat)[of.code] for one in tallies):
                return None
            if not cii and not any(one.vat[of.code] for one in tallies):
                return Breach("BT-31")
            if exact and of.code not in written_categories(invoice, where):
                return None
            if cii and where != "lines" and not _told(getattr(invoice, where), of.code):
                return None
            return judge(invoice)

        return check

    return make


def _told(groups: tuple[Group, ...], code: str) -> bool:
    """True where an allowance or charge of a category is one to the CII sheet."""
    return any(code in codes_of(group, exact=True) for group in indicated(groups))


def _seller(invoice: Invoice) -> Breach | None:
    seller = invoice.seller
    if seller is not None and seller.tax_registration is not None:
        return None
    return None if "BT-32" in invoice.stray_identifiers else _seller_vat(invoice)


def _seller_vat(invoice: Invoice) -> Breach | None:
    seller, representative = invoice.seller, invoice.tax_representative
    if seller is not None and seller.vat_identifier is not None:
        return None
    if representative is not None and representative.vat_identifier is not None:
        return None
    # The sheet takes the number of any seller or representative, in an extension too.
    return None if {"BT-31", "BT-63"} & {*invoice.stray_identifiers} else Breach("BT-31")


def _buyer_vat(invoice: Invoice) -> Breach | None:
    buyer = invoice.buyer
    if buyer is not None and buyer.vat_identifier is not None:
        return None
    return None if "BT-48" in invoice.stray_identifiers else Breach("BT-48")


def _seller_and_buyer(invoice: Invoice) -> Breach | None:
    buyer = invoice.buyer
    registered = (
        buyer is not None and buyer.legal_registration is not None
    ) or "BT-47" in invoice.stray_identifiers
    return _seller(invoice) or (None if registered else _buyer_vat(invoice))


def _seller_vat_and_buyer_vat(invoice: Invoice) -> Breach | None:
    return _seller_vat(invoice) or _buyer_vat(invoice)


def _none(invoice: Invoice) -> Breach | None:
    """Whoever is subject to VAT by its number does not sell outside its scope."""
    holders = (
        ("BT-31", invoice.seller),
        ("BT-63", invoice.tax_representative),
        ("BT-48", invoice.buyer),
    )
    for term, party in holders:
        if party is not None and party.vat_identifier is not None:
            return Breach(term, found=party.vat_identifier)
    for term, _ in holders:
        if term in invoice.stray_identifiers:
            return Breach(term)
    return None


_JUDGES: dict[Parties, Callable[[Invoice], Breach | None]] = {
    Parties.SELLER: _seller,
    Parties.SELLER_VAT: _seller_vat,
    Parties.SELLER_AND_BUYER: _seller_and_buyer,
    Parties.SELLER_VAT_AND_BUYER_VAT: _seller_vat_and_buyer_vat,
    Parties.NONE: _none,
}
