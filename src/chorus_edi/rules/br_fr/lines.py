"""BR-FR-27 and 28: what an item attribute is made of."""

from __future__ import annotations

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.lines import ItemAttribute
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.br_fr.codes import SOURCE
from chorus_edi.rules.br_fr.reading import texts
from chorus_edi.rules.registry import Breach, Breaches, rule, unjudged
from chorus_edi.rules.text import has_text

_UBL = (Syntax.UBL_INVOICE, Syntax.UBL_CREDIT_NOTE)


@rule(
    "BR-FR-27",
    "BT-160",
    "BT-X-11",
    each=ItemAttribute,
    fr="L'attribut d'article n'a ni nom (BT-160) ni code, ou l'un d'eux est vide.",
    en="The item attribute has neither name (BT-160) nor code, or one of them is blank.",
    conseil="Donnez à l'attribut un nom en BT-160, ou un code.",
    source=SOURCE,
)
def an_attribute_has_a_name_or_a_code(attribute: ItemAttribute, _: Invoice) -> Breaches:
    """What is there must not be blank."""
    if attribute.odd is None and attribute.code is None and has_text(attribute.name):
        return None
    named = (("BT-160", texts(attribute, "name")), ("BT-X-11", texts(attribute, "code")))
    blank = next((term for term, held in named if not all(map(has_text, held))), None)
    if blank is None and any(held for _, held in named):
        return None
    return Breach(blank or "BT-160")


unjudged(
    "BR-FR-27",
    *_UBL,
    why="La feuille UBL cherche les articles hors des lignes, où il n'y en a pas.",
)


@rule(
    "BR-FR-28",
    "BT-161",
    "BT-X-12",
    each=ItemAttribute,
    fr="L'attribut d'article doit avoir une valeur (BT-161), ou une mesure avec son unité, mais "
    "pas les deux.",
    en="The item attribute must have a value (BT-161), or a measure with its unit, but not both.",
    conseil="Indiquez la valeur en BT-161, ou la mesure et le code de son unité.",
    source=SOURCE,
)
def an_attribute_has_a_value_or_a_measure(attribute: ItemAttribute, _: Invoice) -> Breaches:
    """One of the two."""
    if attribute.measure is None and attribute.measure_unit is None:
        return None if attribute.value is not None else Breach("BT-161")
    if attribute.value is not None:
        return Breach("BT-161", found=attribute.value)
    return None if attribute.measure_unit else Breach("BT-X-12")
