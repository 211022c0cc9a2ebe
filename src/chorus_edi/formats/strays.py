"""Gathers what the official sheets count in the parts of a document that no term is mapped on.

The sheets look for categories, tax registrations and lines wherever they stand: in a line of a
line, in an extension of UBL that holds another invoice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chorus_edi.domain.lines import StrayLine
from chorus_edi.domain.money import amount
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.settlement import StrayVat
from chorus_edi.formats.mapping import cii, ubl
from chorus_edi.formats.mapping.conditions import child_text
from chorus_edi.formats.texts import BLANKS, text_of

_CAC, _CBC = (f"{{{ubl.PREFIXES[prefix]}}}" for prefix in ("cac", "cbc"))
_RAM = f"{{{cii.PREFIXES['ram']}}}"

_OF_LINE, _OF_OTHERS = f"{_CAC}ClassifiedTaxCategory", f"{_CAC}TaxCategory"
_INDICATED = {"true": "charges", "1": "charges", "false": "allowances", "0": "allowances"}
_TOTAL, _TAX = f"{_CAC}TaxTotal", f"{_CBC}TaxAmount"
_SELLER, _BUYER = f"{_CAC}AccountingSupplierParty", f"{_CAC}AccountingCustomerParty"
_REPRESENTATIVE = f"{_CAC}TaxRepresentativeParty"
_REGISTRATION, _LEGAL = f"{_CAC}PartyTaxScheme", f"{_CAC}PartyLegalEntity"
_NUMBER, _ID = f"{_CBC}CompanyID", f"{_CBC}ID"
_SCHEME = f"{_CAC}TaxScheme"
_EXEMPTION = f"{_CBC}TaxExemptionReason"
_REFERENCE, _DOCUMENT = f"{_CAC}BillingReference", f"{_CAC}InvoiceDocumentReference"
_LINE_OF = {
    f"{_CAC}InvoiceLine": Syntax.UBL_INVOICE,
    f"{_CAC}CreditNoteLine": Syntax.UBL_CREDIT_NOTE,
}
_CATEGORY_TAX, _CATEGORY = f"{_RAM}CategoryTradeTax", f"{_RAM}CategoryCode"

_ASKED = (
    *(f"{_CAC}{name}" for name in ("LegalMonetaryTotal", "PayeeParty", "PaymentMeans")),
    *(f"{_CBC}{name}" for name in ("IdentificationCode", "InvoiceTypeCode", "CreditNoteTypeCode")),
)
"""What nothing is counted of, but demands ask where it stands."""

_SEEN = {
    Syntax.CII: (_CATEGORY_TAX,),
    **dict.fromkeys(
        _LINE_OF.values(),
        (_OF_LINE, _OF_OTHERS, _TOTAL, _SELLER, _BUYER, _REPRESENTATIVE, *_LINE_OF, *_ASKED),
    ),
}


class Strays:
    """What one document holds of these; attributes as those of ``Invoice`` named ``stray_*``."""

    def __init__(self, syntax: Syntax) -> None:
        self.categories: list[str] = []
        self.vat: list[StrayVat] = []
        self.currencies: set[str] = set()
        self.identifiers: set[str] = set()
        self.lines: list[StrayLine] = []
        self._syntax = syntax
        self._tags = _SEEN[syntax]
        self._met: set[str] = set()

    def take_below(self, element: Any) -> None:
        """Gather from an element and all that stands in it."""
        for one in element.iter(*self._tags):
            self._met.add(one.tag)
            self._take(one)

    def suspects(self) -> Iterator[str]:
        """Yield the names of what was met, for demands on what stands in no part that is read."""
        return (f"//{tag.rpartition('}')[2]}" for tag in self._met)

    def fields(self) -> dict[str, Any]:
        """Return the fields of ``Invoice``."""
        if not self._met:
            return {}
        return {
            "stray_categories": tuple(self.categories),
            "stray_vat": tuple(self.vat),
            "stray_currencies": tuple(sorted(self.currencies)),
            "stray_identifiers": tuple(sorted(self.identifiers)),
            "stray_lines": tuple(self.lines),
        }

    def _take(self, element: Any) -> None:
        tag = element.tag
        if tag == _CATEGORY_TAX:
            # On a line of CII they have no place in the model, nor where nothing tells a charge
            # from an allowance.
            self.categories += {text_of(child) for child in element.iterchildren(_CATEGORY)}
        elif tag in (_OF_LINE, _OF_OTHERS):
            self.vat.append(_vat(element))
        elif tag == _TOTAL:
            taxes = element.iterchildren(_TAX)
            self.currencies.update(tax.get("currencyID", "") for tax in taxes)
        elif tag in _LINE_OF:
            self.lines.append(_line(element, other=_LINE_OF[tag] is not self._syntax))
        elif tag not in _ASKED:
            self.identifiers.update(_identifiers(element))


def _vat(category: Any) -> StrayVat:
    return StrayVat(
        "lines" if category.tag == _OF_LINE else _indicated(category.getparent()),
        child_text(category, (_ID,)),
        child_text(category, (_SCHEME, _ID)),
        _decimal(category, f"{_CBC}Percent"),
    )


def _indicated(parent: Any) -> str:
    """Say what an element is that has a tax: see ``StrayVat.where``."""
    if parent.tag != f"{_CAC}AllowanceCharge":
        return ""
    said = child_text(parent, (f"{_CBC}ChargeIndicator",)) or ""
    return _INDICATED.get(said.strip(BLANKS), "others")


def _line(line: Any, *, other: bool) -> StrayLine:
    items = line.iterchildren(f"{_CAC}Item")
    categories = [one for item in items for one in item.iterchildren(_OF_LINE)]
    return StrayLine(
        other,
        _decimal(line, f"{_CBC}LineExtensionAmount"),
        tuple(child_text(one, (_ID,)) for one in categories),
        tuple(_decimal(one, f"{_CBC}Percent") for one in categories),
        tuple(
            (child_text(one, (_EXEMPTION,)), child_text(one, (f"{_EXEMPTION}Code",)))
            for one in categories
        ),
        _counts(line),
    )


def _counts(line: Any) -> bool:
    """Say whether a line counts in the French extension: see ``rules/extended_ctc_fr/kinds``."""
    number = child_text(line.getroottree().getroot(), (_ID,))
    references = line.iterchildren(_REFERENCE)
    documents = [one for held in references for one in held.iterchildren(_DOCUMENT)]
    own = [one for one in documents if number is not None and child_text(one, (_ID,)) == number]
    return not own or any(
        child_text(one, (f"{_CBC}DocumentStatusCode",)) == "DETAIL" for one in own
    )


def _decimal(element: Any, name: str) -> Any:
    text = child_text(element, (name,))
    return amount(text.strip(BLANKS)) if text is not None else None


def _identifiers(party: Any) -> set[str]:
    """Return the terms that a seller, a buyer or a tax representative has an identifier for."""
    if party.tag == _REPRESENTATIVE:
        return {"BT-63"} & _registered([party], "BT-63", "")
    parties = list(party.iterchildren(f"{_CAC}Party"))
    if party.tag == _SELLER:
        return _registered(parties, "BT-31", "BT-32")
    legal = (entity for one in parties for entity in one.iterchildren(_LEGAL))
    found = {"BT-47"} if any(entity.find(_NUMBER) is not None for entity in legal) else set()
    return found | {"BT-48"} & _registered(parties, "BT-48", "")


def _registered(parties: list[Any], vat: str, other: str) -> set[str]:
    """Return which terms their tax registrations are: that of the VAT, or of another tax."""
    found = set()
    for scheme in (one for party in parties for one in party.iterchildren(_REGISTRATION)):
        if scheme.find(_NUMBER) is not None:
            taxes = (child_text(tax, (_ID,)) or "" for tax in scheme.iterchildren(_SCHEME))
            of_vat = any(tax.strip(BLANKS).upper() == "VAT" for tax in taxes)
            found.add(vat if of_vat else other)
    return found
