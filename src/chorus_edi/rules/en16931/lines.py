"""BR-21…BR-30, BR-54, BR-64, BR-65, BR-CO-04 and BR-CO-20: what a line must say."""

from __future__ import annotations

from decimal import Decimal

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.lines import InvoiceLine, Item, ItemAttribute, LinePeriod
from chorus_edi.domain.money import below_zero
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.en16931.periods import ends_before_it_starts, ends_before_it_starts_in_cii
from chorus_edi.rules.figures import is_vat, is_written_vat
from chorus_edi.rules.registry import Breach, rule, variant
from chorus_edi.rules.text import every, has_text, not_empty

_SOURCE = "EN 16931-1:2017, 6.4.1 ; artefacts EN 16931 1.3.16"
_CONDITIONS = "EN 16931-1:2017, 6.4.2 ; artefacts EN 16931 1.3.16"
_BLANK = "La feuille CII prend des blancs seuls pour un texte."


@rule(
    "BR-21",
    "BT-126",
    each=InvoiceLine,
    fr="Le numéro de la ligne (BT-126) est absent ou vide.",
    en="The line identifier (BT-126) is missing or blank.",
    conseil="Numérotez la ligne en BT-126, sans répéter un numéro.",
    source=_SOURCE,
)
def a_line_has_an_identifier(line: InvoiceLine, _: Invoice) -> Breach | None:
    """Whether it is the only line of that number is another matter."""
    return None if has_text(line.identifier) else Breach("BT-126")


@variant("BR-21", Syntax.CII, each=InvoiceLine, why=_BLANK)
def a_line_has_an_identifier_be_it_blank(line: InvoiceLine, _: Invoice) -> Breach | None:
    """Empty is not enough."""
    return None if not_empty(line, "identifier") else Breach("BT-126")


@rule(
    "BR-22",
    "BT-129",
    each=InvoiceLine,
    fr="La quantité facturée (BT-129) de la ligne est absente.",
    en="The invoiced quantity (BT-129) of the line is missing.",
    conseil="Indiquez en BT-129 la quantité facturée, 1 pour un forfait.",
    source=_SOURCE,
)
def a_line_has_a_quantity(line: InvoiceLine, _: Invoice) -> Breach | None:
    """Zero is a quantity."""
    return None if line.quantity is not None else Breach("BT-129")


@rule(
    "BR-23",
    "BT-130",
    each=InvoiceLine,
    fr="L'unité de la quantité facturée (BT-130) est absente.",
    en="The unit of the invoiced quantity (BT-130) is missing.",
    conseil="Indiquez en BT-130 le code de l'unité, C62 pour une pièce.",
    source=_SOURCE,
)
def a_line_has_a_unit(line: InvoiceLine, _: Invoice) -> Breach | None:
    """Whether the code is on its list is another matter."""
    return None if line.unit is not None else Breach("BT-130")


@rule(
    "BR-25",
    "BT-153",
    each=InvoiceLine,
    fr="Le nom de l'article (BT-153) est absent ou vide.",
    en="The item name (BT-153) is missing or blank.",
    conseil="Donnez en BT-153 le nom de l'article ou de la prestation.",
    source=_SOURCE,
)
def a_line_names_its_item(line: InvoiceLine, _: Invoice) -> Breach | None:
    """Judged on the line: the rule holds where the whole item is absent."""
    return None if line.item and has_text(line.item.name) else Breach("BT-153")


@variant("BR-25", Syntax.CII, each=InvoiceLine, why=_BLANK)
def a_line_names_its_item_be_it_blank(line: InvoiceLine, _: Invoice) -> Breach | None:
    """Empty is not enough."""
    return None if line.item and not_empty(line.item, "name") else Breach("BT-153")


@rule(
    "BR-26",
    "BT-146",
    each=InvoiceLine,
    fr="Le prix net de l'article (BT-146) est absent.",
    en="The item net price (BT-146) is missing.",
    conseil="Indiquez en BT-146 le prix unitaire hors TVA, remise déduite.",
    source=_SOURCE,
)
def a_line_has_a_net_price(line: InvoiceLine, _: Invoice) -> Breach | None:
    """Judged on the line: the rule holds where the whole price is absent."""
    return None if line.price and line.price.net is not None else Breach("BT-146")


@rule(
    "BR-27",
    "BT-146",
    each=InvoiceLine,
    fr="Le prix net de l'article (BT-146) est négatif ou absent.",
    en="The item net price (BT-146) is negative or missing.",
    conseil="Indiquez un prix BT-146 positif, et une quantité (BT-129) négative pour déduire.",
    source=_SOURCE,
)
def a_net_price_is_not_negative(line: InvoiceLine, _: Invoice) -> Breach | None:
    """An absent price breaks it too, beside BR-26."""
    price = line.price
    if price is None or price.net is None:
        return Breach("BT-146")
    if not price.net.is_signed() or _some_not_negative(every(price, "net")):
        return None
    return Breach("BT-146", found=price.net)


@rule(
    "BR-28",
    "BT-148",
    each=InvoiceLine,
    fr="Le prix brut de l'article (BT-148) est négatif.",
    en="The item gross price (BT-148) is negative.",
    conseil="Indiquez un prix brut BT-148 positif, ou supprimez-le.",
    source=_SOURCE,
)
def a_gross_price_is_not_negative(line: InvoiceLine, _: Invoice) -> Breach | None:
    """The gross price may be left out."""
    price = line.price
    if price is None or price.gross is None or _some_not_negative(every(price, "gross")):
        return None
    return Breach("BT-148", found=price.gross)


def _some_not_negative(amounts: tuple[Decimal | None, ...]) -> bool:
    return any(amount is not None and not below_zero(amount) for amount in amounts)


@rule(
    "BR-30",
    "BT-135",
    "BT-134",
    each=LinePeriod,
    given=("BT-134", "BT-135"),
    fr="La période de la ligne finit (BT-135) avant de commencer (BT-134).",
    en="The line period ends (BT-135) before it starts (BT-134).",
    conseil="Corrigez BT-134 ou BT-135 : la fin ne peut pas précéder le début.",
    source=_SOURCE,
)
def a_line_period_does_not_end_before_it_starts(period: LinePeriod, _: Invoice) -> Breach | None:
    """It may be one day long."""
    return ends_before_it_starts("BT-135", period)


@variant(
    "BR-30",
    Syntax.CII,
    each=LinePeriod,
    given=("BT-134", "BT-135"),
    why="La feuille CII ne connaît que les dates au format 102.",
)
def a_line_period_in_days_does_not_end_before_it_starts(
    period: LinePeriod, _: Invoice
) -> Breach | None:
    """A date of another format, or none, breaks it."""
    return ends_before_it_starts_in_cii("BT-135", period)


@rule(
    "BR-54",
    "BT-161",
    "BT-160",
    each=ItemAttribute,
    fr="Une caractéristique de l'article n'a pas à la fois un nom (BT-160) et une valeur (BT-161).",
    en="An item attribute lacks its name (BT-160) or its value (BT-161).",
    conseil="Donnez à la caractéristique son nom en BT-160 et sa valeur en BT-161.",
    source=_SOURCE,
)
def an_item_attribute_has_a_name_and_a_value(attribute: ItemAttribute, _: Invoice) -> Breach | None:
    """Blank is there."""
    if attribute.name is None:
        return Breach("BT-160")
    return None if attribute.value is not None else Breach("BT-161")


@rule(
    "BR-64",
    "BT-157",
    each=Item,
    given=("BT-157",),
    fr="L'identifiant standard de l'article (BT-157) n'a pas de schéma.",
    en="The item standard identifier (BT-157) has no scheme.",
    conseil="Indiquez le schéma de BT-157, 0160 pour un code GTIN.",
    source=_SOURCE,
)
def a_standard_identifier_has_a_scheme(item: Item, _: Invoice) -> Breach | None:
    """Blank is there."""
    identifier = item.standard_identifier
    if identifier is None or identifier.scheme is not None:
        return None
    return Breach("BT-157", found=identifier.value)


@variant(
    "BR-64",
    Syntax.CII,
    each=Item,
    given=("BT-157",),
    why="La feuille CII refuse un schéma vide ; le schéma d'un seul identifiant lui suffit.",
)
def a_standard_identifier_has_a_scheme_of_its_own(item: Item, _: Invoice) -> Breach | None:
    """White space is a scheme."""
    identifiers = every(item, "standard_identifier")
    if any(one.scheme is not None and not_empty(one, "scheme") for one in identifiers):
        return None
    return Breach("BT-157", found=identifiers[0].value)


@rule(
    "BR-65",
    "BT-158",
    each=Item,
    fr="Une classification de l'article (BT-158) n'a pas de schéma.",
    en="An item classification (BT-158) has no scheme.",
    conseil="Indiquez le schéma de BT-158, STI pour le vocabulaire commun des marchés publics.",
    source=_SOURCE,
)
def every_classification_has_a_scheme(item: Item, _: Invoice) -> Breach | None:
    """Blank is there."""
    for index, one in enumerate(item.classifications, 1):
        if one.scheme is None:
            return Breach("BT-158", index=index, found=one.value)
    return None


@variant(
    "BR-65",
    Syntax.CII,
    each=Item,
    why="Le schéma d'une seule des classifications suffit à la feuille CII.",
)
def a_classification_has_a_scheme(item: Item, _: Invoice) -> Breach | None:
    """An empty scheme is none."""
    classifications = item.classifications
    if not classifications or any(
        one.scheme is not None and not_empty(one, "scheme") for one in classifications
    ):
        return None
    return Breach("BT-158", index=1, found=classifications[0].value)


@rule(
    "BR-CO-04",
    "BT-151",
    each=InvoiceLine,
    fr="La ligne n'a pas de code de catégorie de TVA (BT-151).",
    en="The line has no VAT category code (BT-151).",
    conseil="Indiquez en BT-151 la catégorie de TVA de la ligne, S pour un taux normal.",
    source=_CONDITIONS,
)
def a_line_has_a_vat_category(line: InvoiceLine, _: Invoice) -> Breach | None:
    """Of the value added tax; blank is there."""
    vat = line.vat
    if vat is not None and vat.category is not None and is_vat(vat.tax_scheme):
        return None
    if any(one.category is not None and is_vat(one.tax_scheme) for one in every(line, "vat")):
        return None
    return Breach("BT-151")


@variant(
    "BR-CO-04",
    Syntax.CII,
    each=InvoiceLine,
    why="La feuille CII lit le type de taxe tel qu'il est écrit, blancs compris.",
)
def a_line_has_a_category_of_the_vat(line: InvoiceLine, _: Invoice) -> Breach | None:
    """The case does not matter."""
    vat = line.vat
    if vat is not None and vat.category is not None and is_written_vat(vat):
        return None
    if any(one.category is not None and is_written_vat(one) for one in every(line, "vat")):
        return None
    return Breach("BT-151")


@rule(
    "BR-CO-20",
    "BT-134",
    "BT-135",
    each=LinePeriod,
    fr="La période de la ligne (BG-26) n'a ni début (BT-134) ni fin (BT-135).",
    en="The line period (BG-26) has neither start (BT-134) nor end (BT-135).",
    conseil="Indiquez le début (BT-134) ou la fin (BT-135) de la période, ou supprimez-la.",
    source=_CONDITIONS,
)
def a_line_period_has_a_start_or_an_end(period: LinePeriod, _: Invoice) -> Breach | None:
    """One is enough."""
    return Breach("BT-134") if period.start is None and period.end is None else None
