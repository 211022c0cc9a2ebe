"""BR-FR-MV-13, -14, BR-FR-BD-13 and -14: what types grouped invoices may be of, and refer to."""

from __future__ import annotations

from chorus_edi.domain.identifiers import SELF_BILLED
from chorus_edi.rules.br_fr.subinvoice_places import (
    MUTUAL,
    SEVERAL,
    SYNTAXES,
    UBL_PLACES,
    grouped_rule,
    root_of,
    wrong,
)
from chorus_edi.rules.br_fr.syntax import one_of
from chorus_edi.rules.inspection import Ask

grouped_rule(
    "BR-FR-MV-13",
    "BT-3",
    asks=tuple(
        wrong(
            f"{root_of(syntax, SEVERAL)}/{syntax.type}",
            f"normalize-space(.)='' or "
            f"{one_of(SELF_BILLED, 'normalize-space(.)' if syntax is UBL_PLACES else '.')}",
        )
        for syntax in SYNTAXES
    ),
    name="an invoice of several sellers is not self-billed",
    fr="La facture multi-vendeur (B8, S8, M8) est d'un type autofacturé (BT-3).",
    en="The invoice of several sellers (B8, S8, M8) is of a self-billed type (BT-3).",
    conseil="Corrigez BT-3, par exemple 380 ou 381.",
)
grouped_rule(
    "BR-FR-BD-13",
    "BT-3",
    asks=tuple(
        wrong(
            f"{root_of(syntax, MUTUAL)}/{syntax.type}",
            f"not{one_of(SELF_BILLED, 'normalize-space(.)')}",
        )
        for syntax in SYNTAXES
    ),
    name="a two-way invoice is self-billed",
    fr="La facture réciproque (B9, S9, M9) n'est pas d'un type autofacturé (BT-3).",
    en="The two-way invoice (B9, S9, M9) is not of a self-billed type (BT-3).",
    conseil="Corrigez BT-3, par exemple 389 ou 261.",
)


def _refers(codes: tuple[str, ...], types: tuple[str, ...]) -> tuple[Ask, ...]:
    """Ask that the GROUP lines of some types of invoices refer to an earlier one, with its date."""
    return tuple(
        wrong(
            f"{root_of(syntax, codes)}[{one_of(types, syntax.type)}]"
            f"/{syntax.lines}[{syntax.group}]",
            f"not({path})",
        )
        for syntax in SYNTAXES
        for path in syntax.earlier
    )


for _id, _codes, _types, _fr, _en in (
    (
        "BR-FR-MV-14",
        SEVERAL,
        ("384", "472", "381", "396", "503"),
        "multi-vendeur",
        "of several sellers",
    ),
    ("BR-FR-BD-14", MUTUAL, ("261", "471", "473", "502"), "réciproque", "two-way"),
):
    grouped_rule(
        _id,
        "BT-X-8",
        "BT-3",
        asks=_refers(_codes, _types),
        name=f"each sub-invoice of a corrective invoice {_en} refers to an earlier one",
        fr=f"La ligne GROUP (BT-X-8) d'une facture rectificative ou d'un avoir {_fr} ne cite pas "
        "le numéro et la date d'une facture antérieure.",
        en=f"The GROUP line of a corrective invoice or credit note {_en} does not give number and "
        "date of an earlier invoice.",
        conseil="Indiquez sur la ligne GROUP le numéro et la date de la facture corrigée.",
    )
