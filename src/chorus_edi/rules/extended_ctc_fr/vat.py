"""BR-FREXT-*-01, *-08 and S-09: the VAT breakdown of the extension, one table, category by rule.

Only lines without a kind and those of kind DETAIL count, an invoice may be broken down by the
reason of an exemption as well, and a base may be a cent off for each amount in it. The sheet of CII
gives the rules on bases the ids of Factur-X (BR-FXEXT-*-08): there they are those of its profile
EXTENDED.
"""

from __future__ import annotations

from typing import NamedTuple

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.money import CENT, EXACT, round_half_up
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.settlement import VatBreakdown
from chorus_edi.rules.en16931.vat_families import FAMILIES, Family
from chorus_edi.rules.extended_ctc_fr.cards import SOURCE, cii_only, ubl_only
from chorus_edi.rules.extended_ctc_fr.shares import shares_of, used_in
from chorus_edi.rules.extended_ctc_fr.sums import abs_sum
from chorus_edi.rules.facturx import added_vat
from chorus_edi.rules.facturx.shares import used_apart_from_services
from chorus_edi.rules.figures import figures_of, is_vat, is_written_vat
from chorus_edi.rules.registry import Breach, Breaches, Check, rule, variant

_NO_RATE = "O"


class Text(NamedTuple):
    """The sentences of a card."""

    fr: str
    en: str
    conseil: str
    name: str


def breakdown_check(of: Family, *, cii: bool) -> Check:
    """Make BR-FREXT-*-01 of a category: it is broken down where it is used."""

    def check(invoice: Invoice, _: Invoice) -> Breach | None:
        broken_down = figures_of(invoice).breakdown.every[of.code]
        used = of.code in (used_apart_from_services(invoice) if cii else used_in(invoice))
        if used == bool(broken_down):
            return None
        return Breach("BG-23", found=str(broken_down), expected=None if used else "0")

    return check


def base_check(of: Family) -> Check:
    """Make BR-FREXT-*-08 of a category, in UBL: its base is near the sum of what it holds."""

    def check(vat: VatBreakdown, invoice: Invoice) -> Breach | None:
        if not is_vat(vat.tax_scheme):
            return None
        found, shares = vat.taxable_amount, shares_of(vat, of.code, invoice)
        if found is not None and any(share.is_near(found) for share in shares):
            return None
        return Breach("BT-116", found=found, expected=shares[1].net)

    return check


def base_check_of_cii(of: Family) -> Check:
    """Make BR-FXEXT-*-08 of a category: as in EXTENDED, but no rate has a base of nothing."""
    with_rate = added_vat.base_check(of)

    def check(vat: VatBreakdown, invoice: Invoice) -> Breaches:
        if vat.rate is not None or of.code == _NO_RATE:
            return with_rate(vat, invoice)
        if not is_written_vat(vat) or (vat.taxable_amount is not None and not vat.taxable_amount):
            return None
        return Breach("BT-119")

    return check


def _breakdown_text(of: Family) -> Text:
    return Text(
        f"La catégorie {of.fr} est employée par une ligne de détail, une remise ou des frais sans "
        "avoir de ventilation de TVA (BG-23), ou elle est ventilée sans être employée.",
        f"The category {of.en} is used by a detail line, an allowance or a charge without a VAT "
        "breakdown (BG-23), or broken down without being used.",
        f"Ventilez (BG-23) la catégorie {of.code} si et seulement si une ligne DETAIL ou sans "
        "sous-type, une remise ou des frais l'emploient.",
        f"the category {of.code} is broken down where it is used by what counts",
    )


def base_text(of: Family) -> Text:
    """Return the sentences of the rule on the base of a category."""
    rate = ("", "") if of.code == _NO_RATE else (" au même taux", " at the same rate")
    return Text(
        f"La base d'imposition (BT-116) de la catégorie {of.fr} s'écarte des lignes de détail, "
        f"moins les remises, plus les frais de cette catégorie{rate[0]}, de plus d'un centime par "
        "montant.",
        f"The taxable amount (BT-116) of the category {of.en} is more than one cent per amount "
        f"away from the detail lines, less the allowances, plus the charges of that "
        f"category{rate[1]}.",
        f"Recalculez la base BT-116 sur les montants de catégorie {of.code}{rate[0]}, ou séparez "
        "les bases par motif d'exonération.",
        f"the taxable amount of the category {of.code} is near the sum of what counts in it",
    )


def _register_breakdown(of: Family) -> None:
    rule_id, text = f"BR-FREXT-{of.prefix}-01", _breakdown_text(of)
    rule(
        rule_id, "BG-23", "BT-118", fr=text.fr, en=text.en, conseil=text.conseil, source=SOURCE,
        name=text.name,
    )(breakdown_check(of, cii=False))  # fmt: skip
    why = "La feuille CII compare la catégorie telle qu'elle est écrite."
    variant(rule_id, Syntax.CII, why=why)(breakdown_check(of, cii=True))


_SUMMED = ("BT-116", "BT-131", "BT-92", "BT-99")


def _register_base(rule_id: str, of: Family, check: Check, *terms: str) -> None:
    text = base_text(of)
    rule(
        rule_id, *_SUMMED, *terms, each=VatBreakdown, category=of.code, fr=text.fr, en=text.en,
        conseil=text.conseil, source=SOURCE, name=text.name,
    )(check)  # fmt: skip


SHARED = "BR-FXEXT-G-08"
"""Id of a base in CII that the sheet of MINIMUM uses too, and otherwise: see ``changed``."""

for _of in FAMILIES:
    _register_breakdown(_of)
    _register_base(f"BR-FREXT-{_of.prefix}-08", _of, base_check(_of))
    ubl_only(f"BR-FREXT-{_of.prefix}-08")
    _id = f"BR-FXEXT-{_of.prefix}-08"
    if _id != SHARED:
        _register_base(_id, _of, base_check_of_cii(_of), "BT-X-272")
        cii_only(_id)


_TAX = Text(
    "Le montant de TVA (BT-117) au taux normal (S) s'écarte de la base (BT-116) multipliée par le "
    "taux (BT-119) de plus d'un centime par montant.",
    "The VAT amount (BT-117) at the standard rate (S) is more than one cent per amount away from "
    "its base (BT-116) multiplied by its rate (BT-119).",
    "Recalculez BT-117 : base BT-116 multipliée par le taux BT-119.",
    "the VAT at the standard rate is near its base at its rate",
)


@rule(
    "BR-FREXT-S-09", "BT-117", "BT-116", "BT-119",
    each=VatBreakdown, category="S", source=SOURCE,
    fr=_TAX.fr, en=_TAX.en, conseil=_TAX.conseil, name=_TAX.name,
)  # fmt: skip
def the_vat_is_near_the_base_at_its_rate(vat: VatBreakdown, invoice: Invoice) -> Breach | None:
    """Only the amounts of the same reason give their cent of slack."""
    if not is_vat(vat.tax_scheme):
        return None
    if vat.rate is None or vat.taxable_amount is None:
        return Breach("BT-119" if vat.rate is None else "BT-116")
    of_base = EXACT.multiply(EXACT.multiply(vat.taxable_amount, vat.rate), CENT)
    found, expected = vat.tax_amount, round_half_up(of_base)
    narrow, _ = shares_of(vat, "S", invoice)
    if found is not None and abs_sum(found, expected.copy_negate()) <= narrow.slack:
        return None
    return Breach("BT-117", found=found, expected=expected)


ubl_only("BR-FREXT-S-09")


@rule(
    "BR-FXEXT-S-09", "BT-117", "BT-116", "BT-119",
    each=VatBreakdown, category="S", source=SOURCE,
    fr=_TAX.fr, en=_TAX.en, conseil=_TAX.conseil, name=_TAX.name,
)  # fmt: skip
def the_vat_of_cii_is_near_the_base_at_its_rate(vat: VatBreakdown, invoice: Invoice) -> Breaches:
    """The amounts of all reasons give their cent of slack."""
    if not is_written_vat(vat):
        return None
    return added_vat.the_vat_is_near_the_base_at_its_rate(vat, invoice)


cii_only("BR-FXEXT-S-09")
