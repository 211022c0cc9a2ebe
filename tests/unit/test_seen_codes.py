"""The codes a reader gathers beside the model, and what the rules of code lists tell of them."""

from typing import Any

import pytest
from lxml import etree

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.lines import InvoiceLine, LineVat, Price
from chorus_edi.domain.parties import Seller, SellerAddress
from chorus_edi.domain.scenarios import ROOTS, Syntax
from chorus_edi.domain.seen import SeenCodes
from chorus_edi.domain.settlement import DocumentAllowance, VatBreakdown
from chorus_edi.domain.terms import DataType
from chorus_edi.formats import code_places
from chorus_edi.formats.code_places import SITES, Site, place_of
from chorus_edi.formats.codes import Codes
from chorus_edi.formats.mapping import cii, ubl
from chorus_edi.formats.mapping.syntaxes import MAPPINGS
from chorus_edi.formats.reader import read
from chorus_edi.formats.texts import text_of
from chorus_edi.rules.plan import Plan
from chorus_edi.rules.registry import Breach
from chorus_edi.rules.sets import versions

_RULES = {rule.id: rule for version in versions() for rule in version.rules}
_UBL = (
    '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" '
    f'xmlns:cac="{ubl.PREFIXES["cac"]}" xmlns:cbc="{ubl.PREFIXES["cbc"]}">{{}}</Invoice>'
)
_CII = (
    f'<rsm:CrossIndustryInvoice xmlns:rsm="{cii.PREFIXES["rsm"]}" '
    f'xmlns:ram="{cii.PREFIXES["ram"]}" xmlns:udt="{cii.PREFIXES["udt"]}">'
    "<rsm:SupplyChainTradeTransaction>{}</rsm:SupplyChainTradeTransaction>"
    "</rsm:CrossIndustryInvoice>"
)


def _seen(rule: str, body: str, frame: str = _UBL) -> list[str]:
    """Read a document, and hold what the reader gathered against a full pass."""
    root = etree.fromstring(frame.format(body))
    syntax = ROOTS[root.tag]
    whole = Codes(syntax)
    whole.take_below(root)
    codes = read(root, syntax).invoice.codes
    assert codes is not None
    assert {r: set(v) for r, v in codes.by_rule.items()} == {
        r: set(v) for r, v in whole.all().by_rule.items()
    }
    return list(codes.by_rule.get(rule, ()))


def test_every_currency_of_an_amount_is_seen_once_and_a_missing_one_as_nothing() -> None:
    lines = "".join(
        f"<cac:InvoiceLine><cbc:LineExtensionAmount{currency}>1</cbc:LineExtensionAmount>"
        "</cac:InvoiceLine>"
        for currency in (' currencyID="EUR"', ' currencyID="USD"', ' currencyID="EUR"', "")
    )

    assert _seen("BR-CL-03", lines) == ["EUR", "USD", ""]


def test_the_scheme_of_a_text_is_seen_though_the_text_is_no_code() -> None:
    account = "ram:ReceivableSpecifiedTradeAccountingAccount"
    body = (
        "<ram:ApplicableHeaderTradeSettlement>"
        f"<{account}><ram:ID schemeID='X'>60612</ram:ID></{account}>"
        "</ram:ApplicableHeaderTradeSettlement>"
    )

    assert _seen("BR-CL-11", body, _CII) == ["X"]


def test_a_code_is_seen_again_and_where_the_model_has_no_term() -> None:
    body = (
        "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
        "<cbc:DocumentCurrencyCode> XX</cbc:DocumentCurrencyCode>"
        "<cac:BuyerCustomerParty><cac:Party><cac:PostalAddress><cac:Country>"
        "<cbc:IdentificationCode>ZZ</cbc:IdentificationCode>"
        "</cac:Country></cac:PostalAddress></cac:Party></cac:BuyerCustomerParty>"
    )

    assert _seen("BR-CL-04", body) == ["EUR", " XX"]
    assert _seen("BR-CL-14", body) == ["ZZ"]


@pytest.mark.parametrize(
    ("party", "seen"),
    [("AccountingSupplierParty", []), ("AccountingCustomerParty", ["SEPA"])],
)
def test_sepa_says_a_creditor_identifier_of_the_seller_only(party: str, seen: list[str]) -> None:
    body = (
        f"<cac:{party}><cac:Party><cac:PartyIdentification>"
        '<cbc:ID schemeID="SEPA">X</cbc:ID>'
        f"</cac:PartyIdentification></cac:Party></cac:{party}>"
    )

    assert _seen("BR-CL-10", body) == seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("#AAI#a text", ["AAI"]),
        ("a text #QQQ# in it", ["QQQ"]),
        ("#AA#short", []),
        ("#AAI", []),
        ("none", []),
    ],
)
def test_the_subject_of_a_ubl_note_is_three_characters_between_two_signs(
    text: str, seen: list[str]
) -> None:
    line = "<cac:InvoiceLine><cbc:Note>#ZZZ#no header</cbc:Note></cac:InvoiceLine>"

    assert _seen("BR-CL-08", f"<cbc:Note>{text}</cbc:Note>{line}") == seen


@pytest.mark.parametrize("said", ["true", "1", " true "])
def test_the_reason_of_a_ubl_charge_is_no_reason_of_an_allowance(said: str) -> None:
    body = (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{said}</cbc:ChargeIndicator>"
        "<cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode></cac:AllowanceCharge>"
    )

    assert _seen("BR-CL-20", body) == ["FC"]
    assert _seen("BR-CL-19", body) == []


@pytest.mark.parametrize(
    ("said", "attribute", "allowance", "charge"),
    [
        ("false", "", ["X"], []),
        ("0", "", ["X"], []),
        ("true", "", [], ["X"]),
        ("1", "", [], []),
        ("true", ' listID="5153"', [], []),
    ],
)
def test_the_profile_compares_the_word_of_a_cii_charge(
    said: str, attribute: str, allowance: list[str], charge: list[str]
) -> None:
    body = (
        "<ram:ApplicableHeaderTradeSettlement><ram:SpecifiedTradeAllowanceCharge>"
        f"<ram:ChargeIndicator><udt:Indicator>{said}</udt:Indicator></ram:ChargeIndicator>"
        f"<ram:ReasonCode{attribute}>X</ram:ReasonCode>"
        "</ram:SpecifiedTradeAllowanceCharge></ram:ApplicableHeaderTradeSettlement>"
    )

    assert _seen("BR-CL-19", body, _CII) == allowance
    assert _seen("BR-CL-20", body, _CII) == charge


def test_a_cii_identifier_with_a_scheme_is_judged_by_it_but_not_a_tax_registration() -> None:
    party = (
        '<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:ID schemeID="A">1</ram:ID>'
        '<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">2</ram:ID>'
        "</ram:SpecifiedTaxRegistration></ram:SellerTradeParty>"
        "</ram:ApplicableHeaderTradeAgreement>"
    )
    origin = (
        "<ram:IncludedSupplyChainTradeLineItem><ram:SpecifiedTradeProduct><ram:OriginTradeCountry>"
        "<ram:ID{}>ZZ</ram:ID></ram:OriginTradeCountry></ram:SpecifiedTradeProduct>"
        "</ram:IncludedSupplyChainTradeLineItem>"
    )

    assert _seen("BR-CL-11", party, _CII) == ["A"]
    assert _seen("BR-CL-15", origin.format(""), _CII) == ["ZZ"]
    assert _seen("BR-CL-15", origin.format(' schemeID="B"'), _CII) == []


@pytest.mark.parametrize(("kind", "seen"), [("130", ["AVE"]), ("916", [])])
def test_the_kind_of_an_object_is_looked_at_where_the_document_is_one(
    kind: str, seen: list[str]
) -> None:
    body = (
        "<ram:ApplicableHeaderTradeAgreement><ram:AdditionalReferencedDocument>"
        f"<ram:TypeCode>{kind}</ram:TypeCode><ram:ReferenceTypeCode>AVE</ram:ReferenceTypeCode>"
        "</ram:AdditionalReferencedDocument></ram:ApplicableHeaderTradeAgreement>"
    )

    assert _seen("BR-CL-07", body, _CII) == seen


_REASONS = (
    "<cac:AllowanceCharge>{}</cac:AllowanceCharge>",
    "<cbc:ChargeIndicator>x{0}</cbc:ChargeIndicator>"
    "<cbc:AllowanceChargeReasonCode>z{0}</cbc:AllowanceChargeReasonCode>",
)
_IN_EACH_OTHER = (
    "<cac:AllowanceCharge>{}</cac:AllowanceCharge>",
    "<cbc:ChargeIndicator>x{0}</cbc:ChargeIndicator>"
    "<cbc:AllowanceChargeReasonCode>z{0}</cbc:AllowanceChargeReasonCode>"
    "<cac:AllowanceCharge><cbc:AllowanceChargeReasonCode>y{0}</cbc:AllowanceChargeReasonCode>"
    "</cac:AllowanceCharge>",
)
_OBJECTS = (
    "<cac:AdditionalDocumentReference>{}</cac:AdditionalDocumentReference>",
    '<cbc:ID schemeID="z{0}">1</cbc:ID><cbc:DocumentTypeCode>13{0}</cbc:DocumentTypeCode>',
)
_CII_REASONS = (
    "<ram:ApplicableHeaderTradeSettlement><ram:SpecifiedTradeAllowanceCharge>{}"
    "</ram:SpecifiedTradeAllowanceCharge></ram:ApplicableHeaderTradeSettlement>",
    "<ram:ChargeIndicator><udt:Indicator>x{0}</udt:Indicator></ram:ChargeIndicator>"
    "<ram:ReasonCode>z{0}</ram:ReasonCode>",
)
_CII_OBJECTS = (
    "<ram:ApplicableHeaderTradeAgreement><ram:AdditionalReferencedDocument>{}"
    "</ram:AdditionalReferencedDocument></ram:ApplicableHeaderTradeAgreement>",
    "<ram:TypeCode>13{0}</ram:TypeCode><ram:ReferenceTypeCode>z{0}</ram:ReferenceTypeCode>",
)


@pytest.mark.parametrize(
    ("around", "each", "frame"),
    [
        (*_REASONS, _UBL),
        (*_IN_EACH_OTHER, _UBL),
        (*_OBJECTS, _UBL),
        (*_CII_REASONS, _CII),
        (*_CII_OBJECTS, _CII),
    ],
)
def test_twice_as_many_codes_beside_each_other_are_twice_as_much_work(
    monkeypatch: pytest.MonkeyPatch, around: str, each: str, frame: str
) -> None:
    looked: list[Any] = []

    def counting(element: Any) -> str:
        looked.append(element)
        return text_of(element)

    monkeypatch.setattr(code_places, "text_of", counting)
    work = []
    for times in (100, 200):
        looked.clear()
        root = etree.fromstring(
            frame.format(around.format("".join(map(each.format, range(times)))))
        )
        read(root, ROOTS[root.tag])
        work.append(len(looked))

    assert 0 < work[1] <= 2 * work[0] + 10


def test_the_currency_of_every_amount_that_ubl_maps_is_judged() -> None:
    """The walk lets the list see an attribute once, on whatever amount has it first."""
    money = (DataType.AMOUNT, DataType.UNIT_PRICE)
    for syntax in (Syntax.UBL_INVOICE, Syntax.UBL_CREDIT_NOTE):
        amounts = [
            [step.name for step in entry.path]
            for entry in MAPPINGS[syntax].table.entries
            if entry.term.data_type in money
        ]
        slots = [place_of([*names, "@currencyID"]) for names in amounts]

        assert len(amounts) > 20
        assert {SITES[syntax].rules[slot] for slot in slots if isinstance(slot, int)} == {
            "BR-CL-03"
        }
        assert not [slot for slot in slots if not isinstance(slot, int)]


def places(found: int | tuple[Site, ...]) -> tuple[Site, ...]:
    assert isinstance(found, tuple)
    return found


def test_most_codes_need_no_second_look() -> None:
    cbc, cac = (f"{{{ubl.PREFIXES[prefix]}}}" for prefix in ("cbc", "cac"))
    ram = f"{{{cii.PREFIXES['ram']}}}"

    assert isinstance(place_of([f"{cbc}DocumentCurrencyCode"]), int)
    assert place_of([f"{cac}OrderReference", f"{cbc}ID"]) == ()
    assert isinstance(place_of([f"{cac}Price", f"{cbc}BaseQuantity", "@unitCode"]), int)
    assert place_of([f"{cac}Price", f"{cbc}BaseQuantity", "@other"]) == ()
    (scheme,) = places(place_of([f"{ram}SellerTradeParty", f"{ram}ID"]))
    assert (scheme.attribute, scheme.above, scheme.pick) == ("schemeID", (), None)
    (reason,) = places(place_of([f"{cac}AllowanceCharge", f"{cbc}AllowanceChargeReasonCode"]))[:1]
    assert reason.beside is not None


def test_the_path_of_an_element_settles_where_a_rule_does_not_look() -> None:
    ram = f"{{{cii.PREFIXES['ram']}}}"

    assert place_of([f"{ram}SpecifiedTaxRegistration", f"{ram}ID"]) == ()
    assert place_of([f"{ram}ShipToTradeParty", f"{ram}GlobalID"]) == ()


def test_what_was_seen_makes_no_difference_between_invoices() -> None:
    assert Invoice(codes=SeenCodes({"BR-CL-04": ("EUR",)})) == Invoice()
    assert len({SeenCodes({}), SeenCodes({"BR-CL-04": ()})}) == 1
    assert SeenCodes({}) != "codes"


def _hits(
    rule: str, invoice: Invoice, syntax: Syntax = Syntax.UBL_INVOICE
) -> list[tuple[str, str]]:
    hits = Plan([_RULES[rule]], syntax).examine(invoice)
    return [(hit.address, str(hit.breach.found)) for hit in hits]


def _breaches(rule: str, invoice: Invoice, syntax: Syntax = Syntax.UBL_INVOICE) -> list[Breach]:
    return [hit.breach for hit in Plan([_RULES[rule]], syntax).examine(invoice)]


def test_every_place_of_a_wrong_code_is_told() -> None:
    lines = (
        InvoiceLine(unit="heure", price=Price(base_unit="jour")),
        InvoiceLine(unit="C62", price=Price(base_unit="C62")),
        InvoiceLine(unit="heure"),
    )

    assert _hits("BR-CL-23", Invoice(lines=lines)) == [
        ("BG-25[1]/BT-130", "heure"),
        ("BG-25[1]/BG-29/BT-150", "jour"),
        ("BG-25[3]/BT-130", "heure"),
    ]


def test_the_scheme_of_one_identifier_of_several_is_told_by_its_number() -> None:
    identifiers = (Identifier("1", scheme="0009"), Identifier("2", scheme="SIRET"))

    found = _hits("BR-CL-10", Invoice(seller=Seller(identifiers=identifiers)))

    assert found == [("BG-4/BT-29-1[2]", "SIRET")]


def test_a_wrong_code_without_a_term_is_a_stray_at_the_first_term_of_the_rule() -> None:
    seller = Seller(address=SellerAddress(country="FR"))
    codes = SeenCodes({"BR-CL-14": ("FR", "ZZ"), "BR-CL-23": ("heure",)})
    invoice = Invoice(seller=seller, codes=codes)

    assert _hits("BR-CL-14", invoice) == [("BG-4/BG-5/BT-40", "ZZ")]
    assert _hits("BR-CL-23", invoice) == [("BG-25[1]/BT-130", "heure")]
    assert all(breach.stray for breach in _breaches("BR-CL-14", invoice))


def test_a_code_is_compared_as_it_is_written() -> None:
    identifiers = (Identifier("1", scheme="0088"), Identifier("2", scheme="SIRET"))
    codes = SeenCodes({"BR-CL-10": ("\N{NO-BREAK SPACE}0088", "0088", "SIRET")})
    invoice = Invoice(seller=Seller(identifiers=identifiers), codes=codes)

    told = {breach.found: breach for breach in _breaches("BR-CL-10", invoice, Syntax.CII)}

    assert set(told) == {"\N{NO-BREAK SPACE}0088", "SIRET"}
    assert (told["SIRET"].stray, told["SIRET"].index) == (False, 2)
    assert told["\N{NO-BREAK SPACE}0088"].stray
    assert "blancs" in (told["\N{NO-BREAK SPACE}0088"].conseil or "")
    assert told["SIRET"].conseil is None


@pytest.mark.parametrize(
    ("syntax", "of_breakdowns", "of_lines"),
    [
        (Syntax.UBL_INVOICE, [("BG-23[1]/BT-118", "X")], [("BG-25[1]/BG-30/BT-151", "X")]),
        (
            Syntax.CII,
            [("BG-20[1]/BT-95", "X")],
            [("BG-23[1]/BT-118", "X"), ("BG-25[1]/BG-30/BT-151", "X")],
        ),
    ],
)
def test_the_category_of_a_breakdown_is_told_by_the_rule_whose_sheet_looks_at_it(
    syntax: Syntax, of_breakdowns: list[tuple[str, str]], of_lines: list[tuple[str, str]]
) -> None:
    codes = SeenCodes({"BR-CL-17": ("X",), "BR-CL-18": ("X",)})
    invoice = Invoice(
        allowances=(DocumentAllowance(vat_category="X"),) if syntax is Syntax.CII else (),
        vat_breakdown=(VatBreakdown(category="X"),),
        lines=(InvoiceLine(vat=LineVat(category="X")),),
        codes=codes,
    )

    assert _hits("BR-CL-17", invoice, syntax) == of_breakdowns
    assert _hits("BR-CL-18", invoice, syntax) == of_lines


def test_the_type_of_a_second_file_in_one_block_is_seen() -> None:
    body = (
        "<ram:ApplicableHeaderTradeAgreement>"
        "<ram:AdditionalReferencedDocument><ram:TypeCode>916</ram:TypeCode>"
        '<ram:AttachmentBinaryObject mimeCode="text/csv"/>'
        '<ram:AttachmentBinaryObject mimeCode="E"/></ram:AdditionalReferencedDocument>'
        "</ram:ApplicableHeaderTradeAgreement>"
    )

    assert _seen("BR-CL-24", body, _CII) == ["text/csv", "E"]
