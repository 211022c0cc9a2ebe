"""CII-DT: the elements and attributes of CII that the schema has and EN 16931 does not use.

Two tables: elements that a block may not hold, attributes that values may not carry. Three rules
of their own follow. They judge the XML, not the model: docs/adr/0011-syntax-rules-are-counts.md.

No document breaks CII-DT-010, 011 and 012 (the sheet tries another template on those elements):
they are not here.
"""

from __future__ import annotations

from typing import NamedTuple

from chorus_edi.rules.inspection import CII, Ask, Text, ask

_SOURCE = "CEN/TS 16931-3-3 ; artefacts EN 16931 1.3.16, EXTENDED-CTC-FR-CII"

_ROOT = "/rsm:CrossIndustryInvoice"
_CONTEXT = f"{_ROOT}/rsm:ExchangedDocumentContext"
_DOCUMENT = f"{_ROOT}/rsm:ExchangedDocument"
_LINE = f"{_ROOT}/rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem"
_PRODUCT = f"{_LINE}/ram:SpecifiedTradeProduct"
_GUIDELINE = "ram:GuidelineSpecifiedDocumentContextParameter"


def ending(name: str) -> str:
    """Return the condition that an element's name ends with some letters."""
    return f"substring(local-name(), string-length(local-name()) - {len(name) - 1})='{name}'"


def _register(rule: str, *terms: str, asks: tuple[Ask, ...], text: Text) -> None:
    ask(rule, *terms, asks=asks, syntaxes=CII, text=text, source=_SOURCE, module=__name__)


class _Block(NamedTuple):
    """Elements of one name that the binding uses in part only.

    Attributes:
        terms: what they are, in the model.
        each: where they are.
        fr: what they are called.
        en: the same in English.
        refused: rule → what they may not hold.
        but_files: rules on what supporting documents of code 916 may hold, and no others.
    """

    terms: tuple[str, ...]
    each: str
    fr: str
    en: str
    refused: dict[str, str]
    but_files: tuple[str, ...] = ()


_FILE = "AdditionalReferencedDocument"
_BLOCKS = (
    _Block(
        ("BG-24", "BT-122", "BT-12", "BT-13", "BT-25"),
        f"//ram:*[{ending('ReferencedDocument')}]",
        "Une référence à un document (pièce BG-24 ou autre)",
        "A reference to a document (supporting document BG-24 or another)",
        {
            "CII-DT-015": "ram:URIID",
            "CII-DT-016": "ram:StatusCode",
            "CII-DT-017": "ram:CopyIndicator",
            "CII-DT-019": "ram:GlobalID",
            "CII-DT-020": "ram:RevisionID",
            "CII-DT-021": "ram:Name",
            "CII-DT-022": "ram:AttachmentBinaryObject",
            "CII-DT-023": "ram:Information",
            "CII-DT-025": "ram:SectionName",
            "CII-DT-026": "ram:PreviousRevisionID",
            "CII-DT-028": "ram:EffectiveSpecifiedPeriod",
            "CII-DT-029": "ram:IssuerTradeParty",
            "CII-DT-030": "ram:AttachedSpecifiedBinaryFile",
        },
        ("CII-DT-015", "CII-DT-021", "CII-DT-022"),
    ),
    _Block(
        ("BG-14", "BG-26"),
        "//ram:BillingSpecifiedPeriod",
        "Une période de facturation (BG-14 ou BG-26)",
        "An invoicing period (BG-14 or BG-26)",
        {
            "CII-DT-068": "ram:StartDateTime/udt:DateTime",
            "CII-DT-069": "ram:DurationMeasure",
            "CII-DT-070": "ram:InclusiveIndicator",
            "CII-DT-071": "ram:Description",
            "CII-DT-072": "ram:EndDateTime/udt:DateTime",
            "CII-DT-073": "ram:CompleteDateTime",
            "CII-DT-074": "ram:OpenIndicator",
            "CII-DT-075": "ram:SeasonCode",
            "CII-DT-076": "ram:ID",
            "CII-DT-077": "ram:Name",
            "CII-DT-078": "ram:SequenceNumeric",
            "CII-DT-079": "ram:StartDateFlexibilityCode",
            "CII-DT-080": "ram:ContinuousIndicator",
            "CII-DT-081": "ram:PurposeCode",
        },
    ),
    _Block(
        ("BG-5", "BG-8", "BG-12", "BG-15"),
        "//ram:PostalTradeAddress",
        "Une adresse postale (BG-5, BG-8, BG-12 ou BG-15)",
        "A postal address (BG-5, BG-8, BG-12 or BG-15)",
        {
            "CII-DT-082": "ram:ID",
            "CII-DT-083": "ram:PostOfficeBox",
            "CII-DT-084": "ram:BuildingName",
            "CII-DT-086": "ram:LineFour",
            "CII-DT-087": "ram:LineFive",
            "CII-DT-088": "ram:StreetName",
            "CII-DT-089": "ram:CitySubDivisionName",
            "CII-DT-090": "ram:CountryName",
            "CII-DT-091": "ram:CountrySubDivisionID",
            "CII-DT-092": "ram:AttentionOf",
            "CII-DT-093": "ram:CareOf",
            "CII-DT-094": "ram:BuildingNumber",
            "CII-DT-095": "ram:DepartmentName",
            "CII-DT-096": "ram:AdditionalStreetName",
        },
    ),
)


def _block(block: _Block) -> None:
    for rule, path in block.refused.items():
        spared = rule in block.but_files
        only_fr = " sans être une pièce de code 916" if spared else ""
        only_en = " without being a document of code 916" if spared else ""
        _register(
            rule,
            *block.terms,
            asks=_asked_but_of_files(block, path)
            if spared
            else (Ask(each=block.each, counted=path, most=0),),
            text=Text(
                name=f"{block.en[0].lower()}{block.en[1:]} does not hold {path}"
                + (" unless its code is 916" if spared else ""),
                fr=f"{block.fr} contient l'élément {path}{only_fr}.",
                en=f"{block.en} holds the element {path}{only_en}.",
                conseil=f"Retirez l'élément {path}, que la norme n'utilise pas ici.",
            ),
        )


def _asked_but_of_files(block: _Block, path: str) -> tuple[Ask, ...]:
    """Ask apart of what may be a file: it is read there, and not suspect by its own name."""
    return (
        Ask(each=f"{block.each}[not(self::ram:{_FILE})]", counted=path, most=0),
        Ask(
            each=f"//ram:{_FILE}[not(ram:TypeCode='916')]",
            counted=path,
            most=0,
            suspects=(_FILE,),
        ),
    )


for _one in _BLOCKS:
    _block(_one)

_BARE_IDS = " | ".join(
    (
        f"{_CONTEXT}/{_GUIDELINE}/ram:ID",
        f"{_DOCUMENT}/ram:ID",
        f"{_LINE}/ram:AssociatedDocumentLineDocument/ram:LineID",
        f"{_PRODUCT}/ram:SellerAssignedID",
    )
)
_OTHER_IDS = (
    f"//ram:*[{ending('ID')}]"
    f"[not(self::ram:ID[parent::{_GUIDELINE}/parent::rsm:ExchangedDocumentContext/parent::rsm:*])]"
    "[not(self::ram:ID[parent::rsm:ExchangedDocument/parent::rsm:*])]"
    "[not(self::ram:LineID[parent::ram:AssociatedDocumentLineDocument"
    "/parent::ram:IncludedSupplyChainTradeLineItem])]"
    "[not(self::ram:SellerAssignedID[parent::ram:SpecifiedTradeProduct"
    "/parent::ram:IncludedSupplyChainTradeLineItem])]"
)
_AMOUNTS = f"//ram:*[{ending('Amount')} and not(self::ram:TaxTotalAmount)]"
_QUANTITIES = f"//ram:*[{ending('Quantity')}]"


class _Bare(NamedTuple):
    """Values that may not carry some attributes (rule → attribute)."""

    terms: tuple[str, ...]
    each: str
    fr: str
    en: str
    refused: dict[str, str]


_BARE = (
    _Bare(
        ("BT-1", "BT-24", "BT-126", "BT-155"),
        _BARE_IDS,
        "Un identifiant (BT-1, BT-24, BT-126 ou BT-155)",
        "An identifier (BT-1, BT-24, BT-126 or BT-155)",
        {
            "CII-DT-001": "schemeName",
            "CII-DT-002": "schemeAgencyName",
            "CII-DT-003": "schemeDataURI",
            "CII-DT-004": "schemeURI",
            "CII-DT-005": "schemeID",
            "CII-DT-006": "schemeAgencyID",
            "CII-DT-007": "schemeVersionID",
        },
    ),
    _Bare(
        ("BT-3", "BT-81"),
        "//ram:TypeCode",
        "Un code de type (BT-3, BT-81 ou autre)",
        "A type code (BT-3, BT-81 or another)",
        {"CII-DT-008": "name", "CII-DT-009": "listURI"},
    ),
    _Bare(
        ("BG-0",),
        _ROOT,
        "L'élément racine de la facture (BG-0)",
        "The root element of the invoice (BG-0)",
        {"CII-DT-013": "languageID", "CII-DT-014": "languageLocaleID"},
    ),
    _Bare(
        ("BG-22", "BT-131"),
        _AMOUNTS,
        "Un montant autre que celui de la TVA (BG-22, BT-131 ou autre)",
        "An amount other than that of VAT (BG-22, BT-131 or another)",
        {"CII-DT-031": "currencyID", "CII-DT-032": "currencyCodeListVersionID"},
    ),
    _Bare(
        ("BT-129", "BT-149"),
        _QUANTITIES,
        "Une quantité (BT-129 ou BT-149)",
        "A quantity (BT-129 or BT-149)",
        {
            "CII-DT-034": "unitCodeListID",
            "CII-DT-035": "unitCodeListAgencyID",
            "CII-DT-036": "unitCodeListAgencyName",
        },
    ),
    _Bare(
        ("BT-29", "BT-46", "BT-30"),
        _OTHER_IDS,
        "Un identifiant (BT-29, BT-46 ou autre)",
        "An identifier (BT-29, BT-46 or another)",
        {
            "CII-DT-101": "schemeName",
            "CII-DT-102": "schemeAgencyName",
            "CII-DT-103": "schemeDataURI",
            "CII-DT-104": "schemeURI",
        },
    ),
)

for _values in _BARE:
    for _rule, _attribute in _values.refused.items():
        _register(
            _rule,
            *_values.terms,
            asks=(Ask(each=_values.each, counted=f"@{_attribute}", most=0),),
            text=Text(
                name=f"{_values.en[0].lower()}{_values.en[1:]} does not carry {_attribute}",
                fr=f"{_values.fr} porte l'attribut {_attribute}.",
                en=f"{_values.en} carries the attribute {_attribute}.",
                conseil=f"Retirez l'attribut {_attribute}, que la norme n'utilise pas ici.",
            ),
        )

_register(
    "CII-DT-033",
    "BT-150",
    "BT-130",
    asks=(
        Ask(
            each=f"{_ROOT}[not({_LINE}/ram:SpecifiedLineTradeDelivery/ram:BilledQuantity/@unitCode)]",
            counted=f".//ram:*[{ending('Quantity')}]/@unitCode",
            most=0,
            suspects=("BilledQuantity",),
        ),
    ),
    text=Text(
        name="a quantity has a unit only where an invoiced quantity has one",
        fr="Une quantité a une unité (BT-150) alors qu'aucune quantité facturée n'en a (BT-130).",
        en="A quantity has a unit (BT-150) though no invoiced quantity has one (BT-130).",
        conseil="Indiquez l'unité de chaque quantité facturée (BT-130).",
    ),
)
_register(
    "CII-DT-037",
    "BT-118-0",
    "BT-151-0",
    "BT-95-0",
    "BT-102-0",
    asks=(
        Ask(
            each=f"//ram:*[{ending('TradeTax')}][not(ram:TypeCode='VAT')]",
            counted="ram:TypeCode",
            most=0,
        ),
    ),
    text=Text(
        name="a tax is VAT",
        fr="Une taxe (BT-118-0, BT-151-0, BT-95-0 ou BT-102-0) n'est pas la TVA.",
        en="A tax (BT-118-0, BT-151-0, BT-95-0 or BT-102-0) is not VAT.",
        conseil="Écrivez VAT dans ram:TypeCode de chaque bloc de taxe.",
    ),
)
_register(
    "CII-DT-097",
    "BT-2",
    "BT-9",
    "BT-72",
    asks=(
        Ask(
            each="//udt:DateTimeString[@format='102']",
            counted=r"self::*[not(re:test(string(.), '^[ \t\r\n]*\d{4}(1[0-2]|0[1-9])"
            r"(3[01]|[12][0-9]|0[1-9])[ \t\r\n]*$'))]",
            most=0,
            suspects=("DateTimeString",),
        ),
    ),
    text=Text(
        name="a date of format 102 has eight digits",
        fr="Une date (BT-2, BT-9, BT-72 ou autre) n'a pas la forme AAAAMMJJ.",
        en="A date (BT-2, BT-9, BT-72 or another) does not have the form YYYYMMDD.",
        conseil="Écrivez chaque date en huit chiffres, par exemple 20260131.",
    ),
)
