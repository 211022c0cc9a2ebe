"""What only one VAT category demands: BR-IC-11 and 12, BR-O-11…14, BR-B-01 and 02."""

from __future__ import annotations

from collections.abc import Callable

from chorus_edi.domain.groups import OTHERS
from chorus_edi.domain.invoice import Invoice, InvoicingPeriod
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.figures import Counts, Figures, Tally, figures_of, written_categories
from chorus_edi.rules.registry import Breach, Check, rule, variant
from chorus_edi.rules.text import as_written, every

_SOURCE = "EN 16931-1:2017, 6.4.3 ; artefacts EN 16931 1.3.16"
_ITALY = "IT"
_OF_HEADER = frozenset({"BG-20", "BG-21"})
_SPLIT = "B"
_ANYWHERE = ("lines", "allowances", "charges", "others", "")


def _intra_community(invoice: Invoice) -> bool:
    return bool(figures_of(invoice).breakdown.vat["K"])


@rule(
    "BR-IC-11",
    "BT-72",
    "BT-73",
    "BT-74",
    "BT-118",
    category="K",
    fr="Une livraison intracommunautaire (K) est facturée sans date de livraison (BT-72) ni "
    "période de facturation (BG-14).",
    en="An intra-community supply (K) is invoiced without a delivery date (BT-72) or an invoicing "
    "period (BG-14).",
    conseil="Indiquez la date de livraison en BT-72, ou la période de facturation (BT-73, BT-74).",
    source=_SOURCE,
)
def an_intra_community_supply_says_when_it_was_delivered(
    invoice: Invoice, _: Invoice
) -> Breach | None:
    """In UBL anything in a period will do, be it BT-8 or what EN 16931 has no term for."""
    if not _intra_community(invoice) or invoice.tax_point_code is not None:
        return None
    delivery = invoice.delivery
    if delivery is None:
        return Breach("BT-72")
    if any(map(_says_something, every(delivery, "period"))):
        return None
    if delivery.date is not None and len(as_written(delivery, "date") or "") > 1:
        return None
    return Breach("BT-72", found=delivery.date)


def _says_something(period: InvoicingPeriod | None) -> bool:
    if period is None:
        return False
    dated = period.start is not None or period.end is not None
    return dated or (period.odd is not None and OTHERS in period.odd)


@variant(
    "BR-IC-11",
    Syntax.CII,
    category="K",
    why="La feuille CII accepte une date sans texte, ignore BT-8 et ne regarde pas la taxe.",
)
def an_intra_community_supply_has_a_date_or_a_period(invoice: Invoice, _: Invoice) -> Breach | None:
    """Nothing to say where it has no breakdown: that is BR-IC-01."""
    if not figures_of(invoice).breakdown.every["K"]:
        return None
    delivery = invoice.delivery
    if delivery is None:
        return Breach("BT-72")
    period = delivery.period
    given = delivery.date is not None or (
        period is not None and (period.start is not None or period.end is not None)
    )
    return None if given else Breach("BT-72")


@rule(
    "BR-IC-12",
    "BT-80",
    "BT-118",
    category="K",
    fr="Une livraison intracommunautaire (K) est facturée sans le pays de livraison (BT-80).",
    en="An intra-community supply (K) is invoiced without the deliver to country (BT-80).",
    conseil="Indiquez en BT-80 le code du pays de livraison.",
    source=_SOURCE,
)
def an_intra_community_supply_says_where_it_was_delivered(
    invoice: Invoice, _: Invoice
) -> Breach | None:
    """A country code has at least two letters."""
    if not _intra_community(invoice):
        return None
    address = invoice.delivery.address if invoice.delivery else None
    country = as_written(address, "country") if address else None
    return None if country is not None and len(country) > 1 else Breach("BT-80", found=country)


@variant(
    "BR-IC-12",
    Syntax.CII,
    category="K",
    why="La feuille CII accepte un pays vide et ne regarde pas la taxe.",
)
def an_intra_community_supply_has_a_deliver_to_country(
    invoice: Invoice, _: Invoice
) -> Breach | None:
    """Nothing to say where it has no breakdown: that is BR-IC-01."""
    if not figures_of(invoice).breakdown.every["K"]:
        return None
    address = invoice.delivery.address if invoice.delivery else None
    return None if address and address.country is not None else Breach("BT-80")


def _out_of_scope(
    number: int, term: str, fr: str, en: str, here: Callable[[Figures], list[Counts]]
) -> Check:
    """Register BR-O-11…14 for UBL: what is out of scope shares its invoice with nothing else."""

    def check(invoice: Invoice, _: Invoice) -> Breach | None:
        figures = figures_of(invoice)
        if not figures.breakdown.vat["O"]:
            return None
        others = [code for counted in here(figures) for code in counted if code != "O"]
        return Breach(term, found=others[0]) if others else None

    return rule(
        f"BR-O-{number}",
        term,
        "BT-118",
        category="O",
        fr=f"La facture est hors du champ de la TVA (O), mais {fr}.",
        en=f"The invoice is not subject to VAT (O), but {en}.",
        conseil=f"Facturez à part ce qui est hors du champ de la TVA, ou corrigez {term}.",
        source=_SOURCE,
        name=f"an invoice out of the scope of VAT has no other category ({term})",
    )(check)


def _out_of_scope_in_cii(number: int, term: str, here: Callable[[Figures], list[Counts]]) -> Check:
    """A category that is absent is no other one, and lines and breakdowns are not told apart."""

    def check(invoice: Invoice, _: Invoice) -> Breach | None:
        figures = figures_of(invoice)
        if not figures.breakdown.every["O"]:
            return None
        used = [code for counted in here(figures) for code in counted]
        if term in _OF_HEADER:
            used += figures.strays
        others = [code for code in used if code is not None and code != "O"]
        return Breach(term, found=others[0]) if others else None

    why = "La feuille CII juge ensemble lignes et ventilations, ou remises et charges."
    return variant(f"BR-O-{number}", Syntax.CII, why=why, category="O")(check)


def _with_strays(figures: Figures, where: str) -> list[Counts]:
    tallies: list[Tally] = [getattr(figures, where)]
    if where in figures.stray:
        tallies.append(figures.stray[where])
    return [tally.vat for tally in tallies]


_out_of_scope(
    11, "BG-23", "ventile la TVA d'une autre catégorie (BG-23)",
    "breaks down the VAT of another category (BG-23)", lambda f: [f.breakdown.vat],
)  # fmt: skip
_out_of_scope(
    12, "BG-25", "une ligne (BG-25) est d'une autre catégorie",
    "a line (BG-25) is of another category", lambda f: _with_strays(f, "lines"),
)  # fmt: skip
_out_of_scope(
    13, "BG-20", "une remise (BG-20) est d'une autre catégorie",
    "an allowance (BG-20) is of another category", lambda f: _with_strays(f, "allowances"),
)  # fmt: skip
_out_of_scope(
    14, "BG-21", "des frais (BG-21) sont d'une autre catégorie",
    "a charge (BG-21) is of another category", lambda f: _with_strays(f, "charges"),
)  # fmt: skip
for _number, _term in ((11, "BG-23"), (12, "BG-25")):
    _out_of_scope_in_cii(_number, _term, lambda f: [f.breakdown.every, f.lines.every])
for _number, _term in ((13, "BG-20"), (14, "BG-21")):
    _out_of_scope_in_cii(_number, _term, lambda f: [f.allowances.every, f.charges.every])


@rule(
    "BR-B-01",
    "BT-40",
    "BT-55",
    "BT-80",
    "BT-159",
    "BT-118",
    category="B",
    fr="Le paiement scindé (B) n'existe qu'en Italie, et la facture nomme un autre pays (BT-40, "
    "BT-55, BT-69, BT-80 ou BT-159).",
    en="Split payment (B) exists in Italy only, and the invoice names another country (BT-40, "
    "BT-55, BT-69, BT-80 or BT-159).",
    conseil="Corrigez la catégorie de TVA, ou le pays (BT-40) s'il est faux.",
    source=_SOURCE,
)
def split_payment_is_between_italians(invoice: Invoice, _: Invoice) -> Breach | None:
    """Every country of the document counts, the items' countries of origin too."""
    if _SPLIT not in written_categories(invoice, *_ANYWHERE):
        return None
    return _abroad(invoice, "BR-CL-14", "BR-CL-15")


@variant(
    "BR-B-01", Syntax.CII, category="B", why="La feuille CII ne regarde pas les pays d'origine."
)
def split_payment_is_between_parties_of_italy(invoice: Invoice, _: Invoice) -> Breach | None:
    """Every country of an address of the document counts."""
    return _abroad(invoice, "BR-CL-14")


def _abroad(invoice: Invoice, *rules: str) -> Breach | None:
    """Find a country that is not Italy among the codes that some rules judge."""
    seen = invoice.codes.by_rule if invoice.codes else {}
    abroad = (code for one in rules for code in seen.get(one, ()) if code != _ITALY)
    country = next(abroad, None)
    return None if country is None else Breach("BT-40", found=country)


@rule(
    "BR-B-02",
    "BT-118",
    "BT-151",
    category="B",
    fr="La facture mêle le paiement scindé (B) et le taux normal (S) en BT-118 ou BT-151.",
    en="The invoice mixes split payment (B) and the standard rate (S) in BT-118 or BT-151.",
    conseil="Facturez à part ce qui relève du paiement scindé, ou corrigez BT-151.",
    source=_SOURCE,
)
def split_payment_is_not_mixed_with_the_standard_rate(
    invoice: Invoice, _: Invoice
) -> Breach | None:
    """Whatever the tax; of what the model has no place for, only the lines count."""
    mixed = {_SPLIT, "S"} <= written_categories(invoice, "lines")
    return Breach("BG-23", found="S") if mixed else None
