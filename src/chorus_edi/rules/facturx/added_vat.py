"""BR-FXEXT-*-01, *-08b and S-09b: the VAT breakdown in EXTENDED, one table, category by rule.

EXTENDED counts the details among the lines, adds logistics service charges, and lets an invoice be
broken down by the reason of an exemption as well. A base may be a cent off for each amount in it.
"""

from __future__ import annotations

from decimal import Decimal

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.money import CENT, EXACT, round_half_up
from chorus_edi.domain.settlement import VatBreakdown
from chorus_edi.rules.en16931.vat_families import FAMILIES, Family
from chorus_edi.rules.facturx.shares import Share, share_of, shares_of, used_in
from chorus_edi.rules.figures import figures_of, is_written_vat
from chorus_edi.rules.registry import Breach, Check, rule

_SOURCE = "Factur-X 1.09, profil EXTENDED"
_NO_RATE = "O"


def _breakdown_check(of: Family) -> Check:
    def check(invoice: Invoice, _: Invoice) -> Breach | None:
        broken_down = figures_of(invoice).breakdown.every[of.code]
        used = of.code in used_in(invoice)
        if used == bool(broken_down):
            return None
        return Breach("BG-23", found=str(broken_down), expected=None if used else "0")

    return check


def base_check(of: Family) -> Check:
    """Make BR-FXEXT-*-08b of a category: its base is near the sum of what it holds."""

    def check(vat: VatBreakdown, invoice: Invoice) -> Breach | None:
        if not is_written_vat(vat):
            return None
        if vat.rate is None and of.code != _NO_RATE:
            return Breach("BT-119")
        shares = shares_of(vat, of.code, invoice)
        if any(_near(vat.taxable_amount, share.base, share) for share in shares):
            return None
        return Breach("BT-116", found=vat.taxable_amount, expected=shares[-1].base)

    return check


def _near(found: Decimal | None, expected: Decimal, share: Share) -> bool:
    if found is None:
        return False
    return EXACT.subtract(found, expected).copy_abs() <= share.amounts * CENT


def _register_breakdown(of: Family) -> None:
    rule(
        f"BR-FXEXT-{of.prefix}-01",
        "BG-23",
        "BT-118",
        fr=f"La facture emploie la catégorie {of.fr} (BT-118) sans ventilation de TVA (BG-23) pour "
        "elle, ou la ventile sans l'employer.",
        en=f"The invoice uses the category {of.en} (BT-118) without a VAT breakdown (BG-23) for "
        "it, or breaks it down without using it.",
        conseil=f"Donnez une ventilation de TVA (BG-23) à la catégorie {of.code} si des lignes de "
        "détail, remises ou frais l'emploient, et seulement alors.",
        source=_SOURCE,
        name=f"the category {of.code} is broken down where it is used",
    )(_breakdown_check(of))


def _register_base(of: Family) -> None:
    # The one for S is published without its second hyphen.
    number = "S08b" if of.code == "S" else f"{of.prefix}-08b"
    rate = ("", "") if of.code == _NO_RATE else (" au même taux", " at the same rate")
    rule(
        f"BR-FXEXT-{number}",
        "BT-116",
        "BT-131",
        "BT-92",
        "BT-99",
        "BT-X-272",
        each=VatBreakdown,
        category=of.code,
        fr=f"La base d'imposition (BT-116) de la catégorie {of.fr} n'est pas la somme des lignes "
        f"de détail, moins les remises, plus les frais de cette catégorie{rate[0]}, à un centime "
        "près par montant.",
        en=f"The taxable amount (BT-116) of the category {of.en} is not the sum of the detail "
        f"lines, less the allowances, plus the charges of that category{rate[1]}, within one cent "
        "per amount.",
        conseil=f"Recalculez la base BT-116 à partir des montants de catégorie {of.code}{rate[0]}, "
        "et du même motif d'exonération si la facture le détaille.",
        source=_SOURCE,
        name=f"the taxable amount of the category {of.code} is near the sum of what it holds",
    )(base_check(of))


for _of in FAMILIES:
    _register_breakdown(_of)
    _register_base(_of)


@rule(
    "BR-FXEXT-G-08",
    "BT-116",
    "BT-131",
    "BT-92",
    "BT-99",
    "BT-X-272",
    each=VatBreakdown,
    category="G",
    fr="La base d'imposition (BT-116) de la catégorie exportation hors de l'Union (G) n'est pas la "
    "somme des lignes, moins les remises, plus les frais de cette catégorie, à un centime près par "
    "montant.",
    en="The taxable amount (BT-116) of the category export outside the EU (G) is not the sum of "
    "the lines, less the allowances, plus the charges of that category, within one cent per "
    "amount.",
    conseil="Recalculez la base BT-116 à partir des montants de catégorie G.",
    source="Factur-X 1.09, profil MINIMUM",
)
def the_base_of_exports_is_near_the_sum(vat: VatBreakdown, invoice: Invoice) -> Breach | None:
    """Of whatever tax and rate: the sheet of MINIMUM has this older form of it beside the other."""
    share = share_of("G", invoice)
    if _near(vat.taxable_amount, share.base, share):
        return None
    return Breach("BT-116", found=vat.taxable_amount, expected=share.base)


@rule(
    "BR-FXEXT-S-09b",
    "BT-117",
    "BT-116",
    "BT-119",
    each=VatBreakdown,
    category="S",
    fr="Le montant de TVA (BT-117) de la catégorie taux normal (S) n'est pas la base (BT-116) "
    "multipliée par le taux (BT-119), à un centime près par montant.",
    en="The VAT amount (BT-117) of the category standard rate (S) is not its base (BT-116) "
    "multiplied by its rate (BT-119), within one cent per amount.",
    conseil="Recalculez BT-117 : base BT-116 multipliée par le taux BT-119.",
    source=_SOURCE,
)
def the_vat_is_near_the_base_at_its_rate(vat: VatBreakdown, invoice: Invoice) -> Breach | None:
    """Of whatever tax; the amounts of all reasons give their cent of slack."""
    if vat.rate is None or vat.taxable_amount is None:
        return Breach("BT-119" if vat.rate is None else "BT-116")
    of_base = EXACT.multiply(EXACT.multiply(vat.taxable_amount, vat.rate), CENT)
    expected = round_half_up(of_base)
    _, share = shares_of(vat, "S", invoice)
    if _near(vat.tax_amount, expected, share):
        return None
    return Breach("BT-117", found=vat.tax_amount, expected=expected)
