"""BR-FR-MV and BR-FR-BD: several sellers in one invoice, and two-way self-billing.

Frameworks B8, S8, M8 (several sellers) and B9, S9, M9 (two-way) gather lines below GROUP lines, one
per sub-invoice. UBL writes what a line is in a reference of the line to its own invoice; CII has
elements for it. The rules compare lines with each other, so they are asked of the XML, and only of
invoices of these frameworks. Sums are made in binary, as the sheets make them.
"""

from __future__ import annotations

from chorus_edi.domain.demands import Key
from chorus_edi.rules.br_fr.subinvoice_places import (
    BOTH,
    CALL,
    CII_PLACES,
    MUTUAL,
    SETTLED,
    SEVERAL,
    STATUS,
    SYNTAXES,
    UBL_PLACES,
    Syntax,
    each_of,
    grouped_rule,
    groups_of,
    lacks,
    root_of,
    wrong,
)
from chorus_edi.rules.br_fr.syntax import one_of
from chorus_edi.rules.inspection import Ask

_AFL = {syntax: syntax.object.format("AFL") for syntax in SYNTAXES}

grouped_rule(
    "BR-FR-MV-01",
    "BT-X-8",
    asks=(
        # The CII sheet only looks at kinds that are given, blank ones.
        *lacks(each_of(UBL_PLACES, BOTH), UBL_PLACES.status),
        wrong(f"{each_of(CII_PLACES, BOTH)}/{STATUS}", "normalize-space(.)=''"),
    ),
    name="each line of a grouped invoice says of which kind it is",
    fr="La ligne d'une facture multi-vendeur ou réciproque ne dit pas son sous-type (BT-X-8).",
    en="The line of an invoice of several sellers, or two-way, does not say its kind.",
    conseil="Indiquez sur chaque ligne GROUP, DETAIL ou INFORMATION.",
)
grouped_rule(
    "BR-FR-MV-02",
    "BT-X-8",
    asks=tuple(
        Ask(
            each=root_of(syntax, SEVERAL),
            counted=f"{syntax.lines}[{syntax.group}]",
            least=1,
            suspects=CALL,
        )
        for syntax in SYNTAXES
    ),
    name="an invoice of several sellers has a GROUP line below no other",
    fr="La facture multi-vendeur (B8, S8, M8) n'a pas de ligne GROUP (BT-X-8) sans ligne mère.",
    en="The invoice of several sellers (B8, S8, M8) has no GROUP line below no other.",
    conseil="Ajoutez une ligne GROUP par sous-facture, sans ligne mère.",
)


def _two_groups(syntax: Syntax) -> tuple[Ask, ...]:
    """Ask for two GROUP lines: one of the seller, one of the buyer."""
    each, lines = root_of(syntax, MUTUAL), f"{syntax.lines}[{syntax.group}]"
    of_parties = (
        f"{lines}[{syntax.item_seller} = {party}]" for party in (syntax.seller, syntax.buyer)
    )
    return (
        Ask(each=each, counted=lines, least=2, most=2, suspects=CALL),
        *(Ask(each=each, counted=one, least=1, most=1, suspects=CALL) for one in of_parties),
    )


grouped_rule(
    "BR-FR-BD-02",
    "BT-X-8",
    "BT-30",
    "BT-47",
    asks=tuple(one for syntax in SYNTAXES for one in _two_groups(syntax)),
    name="a two-way invoice has one GROUP line of the seller and one of the buyer",
    fr="La facture réciproque (B9, S9, M9) doit avoir deux lignes GROUP (BT-X-8) sans ligne mère : "
    "une du vendeur (BT-30), une de l'acheteur (BT-47).",
    en="The two-way invoice (B9, S9, M9) must have two GROUP lines below no other: one of the "
    "seller (BT-30), one of the buyer (BT-47).",
    conseil="Donnez à chacune des deux lignes GROUP l'identifiant légal de son vendeur.",
)


def _complete(syntax: Syntax, each: str) -> tuple[Ask, ...]:
    """Ask of a GROUP line what a sub-invoice must have."""
    vat = f"normalize-space({syntax.vat.format(syntax.currency)})=''"
    in_accounting = (
        f"{syntax.accounting} and ({syntax.accounting}='' or "
        f"normalize-space({syntax.vat.format(syntax.accounting)})='')"
    )
    return (
        *lacks(each, syntax.item_name, syntax.item_seller, syntax.item_country),
        wrong(each, vat),
        wrong(each, in_accounting),
    )


def _objects() -> tuple[Ask, ...]:
    """Ask of a GROUP line the number and the framework of its sub-invoice.

    The CII sheet only looks at those that are given.
    """
    of_ubl = each_of(UBL_PLACES, BOTH, UBL_PLACES.group)
    framework = UBL_PLACES.object.format("AVV")
    again = " or ".join(f"{framework}='{code}'" for code in SEVERAL)
    of_cii = (
        f"{each_of(CII_PLACES, BOTH, CII_PLACES.group)}/{SETTLED}/ram:AdditionalReferencedDocument"
    )
    missing = "not(ram:TypeCode='130') or normalize-space(ram:IssuerAssignedID)=''"
    codes = one_of(SEVERAL, "ram:IssuerAssignedID")
    return (
        *lacks(of_ubl, _AFL[UBL_PLACES], framework),
        wrong(of_ubl, again),
        wrong(f"{of_cii}[ram:ReferenceTypeCode='AFL']", missing),
        wrong(f"{of_cii}[ram:ReferenceTypeCode='AVV']", f"{missing} or {codes}"),
    )


grouped_rule(
    "BR-FR-MV-03",
    "BT-128",
    "BT-X-8",
    asks=(
        *(one for syntax, each in groups_of(BOTH) for one in _complete(syntax, each)),
        *_objects(),
    ),
    name="the GROUP line of a sub-invoice says all of it",
    fr="La ligne GROUP d'une sous-facture est incomplète : vendeur (nom, identifiant légal, pays), "
    "TVA, numéro ou cadre de la sous-facture (BT-128, schémas AFL et AVV).",
    en="The GROUP line of a sub-invoice lacks something: seller (name, registration, country), "
    "VAT, number (AFL) or framework (AVV) of the sub-invoice.",
    conseil="Complétez la ligne GROUP ; le cadre de la sous-facture n'est pas un cadre "
    "multi-vendeur.",
)
grouped_rule(
    "BR-FR-MV-05",
    "BT-131",
    asks=tuple(
        wrong(
            each,
            f"not({syntax.net} - $sum <= $most and $sum - {syntax.net} <= $most)",
            Key(
                name="kept",
                match=syntax.beside,
                use=syntax.kept,
                value=f"normalize-space({syntax.own})",
                totals=(
                    ("sum", f"sum($kept/{syntax.net})"),
                    ("most", f"count($kept/{syntax.net}) div 100"),
                ),
            ),
        )
        for syntax, each in groups_of(BOTH)
    ),
    name="the amount of a GROUP line is the sum of the lines below it",
    fr="Le montant net (BT-131) de la ligne GROUP n'est pas la somme de celui de ses lignes.",
    en="The net amount (BT-131) of the GROUP line is not the sum of those of its lines.",
    conseil="Corrigez le montant de la ligne GROUP ou de ses lignes ; un centime d'écart par ligne "
    "est admis.",
)


def _same(syntax: Syntax, each: str, what: str) -> Ask:
    """Ask that a line has a text, that of the line above it if there is one."""
    above = Key(
        name="above",
        match=f"{syntax.beside}[{what}]",
        use=syntax.own,
        value=f"string({syntax.parent})",
        first=True,
    )
    return wrong(
        each,
        f"$held='' or ({syntax.parent} and not($held = normalize-space($above/{what})))",
        above,
        held=f"normalize-space({what})",
    )


grouped_rule(
    "BR-FR-MV-06",
    "BT-X-304",
    "BT-126",
    asks=tuple(_same(one, each_of(one, BOTH), one.item_seller) for one in SYNTAXES),
    name="a line has the seller of the line above it",
    fr="La ligne n'a pas l'identifiant légal d'un vendeur, ou pas celui de sa ligne mère "
    "(BT-X-304).",
    en="The line has no registration of a seller, or not that of the line above it.",
    conseil="Recopiez sur la ligne l'identifiant légal du vendeur de la ligne GROUP.",
)
grouped_rule(
    "BR-FR-MV-07",
    "BT-128",
    asks=tuple(_same(one, each_of(one, BOTH), _AFL[one]) for one in SYNTAXES),
    name="a line has the number of the sub-invoice of the line above it",
    fr="La ligne n'a pas le numéro de sous-facture (BT-128, schéma AFL), ou pas celui de sa ligne "
    "mère.",
    en="The line has no number of a sub-invoice (BT-128, scheme AFL), or not that of the line "
    "above it.",
    conseil="Recopiez en BT-128, schéma AFL, le numéro de la sous-facture.",
)
grouped_rule(
    "BR-FR-MV-08",
    "BT-X-96",
    "BT-128",
    asks=tuple(
        wrong(
            each_of(syntax, BOTH, syntax.detail),
            f"$afl='' or normalize-space({syntax.reason})='' or "
            f"not(starts-with({syntax.reason}, concat('#', $afl, '#')))",
            afl=f"normalize-space({_AFL[syntax]})",
        )
        for syntax in SYNTAXES
    ),
    name="the reason of exemption of a DETAIL line begins with the number of its sub-invoice",
    fr="Le motif d'exonération (BT-X-96) de la ligne DETAIL ne commence pas par le numéro de sa "
    "sous-facture entre deux signes #.",
    en="The reason of exemption of the DETAIL line does not begin with the number of its "
    "sub-invoice between two signs #.",
    conseil="Écrivez le motif sous la forme #numéro de sous-facture#motif.",
)
_SLACK = "0.0000001"
"""What binary amounts may be off where the sheet computes in decimals."""


def _first_part(text: str) -> str:
    """Return what stands before the first sign #, which a number may hold too."""
    return f"substring-before({text}, '#')"


def _vat_agrees(syntax: Syntax, each: str) -> Ask:
    vat = syntax.vat.format(syntax.currency)
    return wrong(
        each,
        f"not({vat} - $sum <= 0.01 and $sum - {vat} <= 0.01)",
        Key(
            name="rows",
            match=syntax.rows,
            use=_first_part(f"substring({syntax.row_reason}, 2)"),
            value=_first_part(f"concat(normalize-space({_AFL[syntax]}), '#')"),
            totals=(
                ("sum", f"sum($rows[starts-with({syntax.row_reason}, $prefix)]/{syntax.row_vat})"),
            ),
        ),
        prefix=f"concat('#', normalize-space({_AFL[syntax]}), '#')",
    )


grouped_rule(
    "BR-FR-MV-09",
    "BT-117",
    "BT-X-8",
    asks=tuple(_vat_agrees(syntax, each) for syntax, each in groups_of(BOTH)),
    name="the VAT of a GROUP line is that of its rows of the VAT breakdown",
    fr="La TVA de la ligne GROUP n'est pas celle de la ventilation (BT-117) de sa sous-facture.",
    en="The VAT of the GROUP line is not that of the breakdown (BT-117) of its sub-invoice.",
    conseil="Corrigez la TVA de la ligne, ou les lignes de ventilation dont le motif commence par "
    "le numéro de la sous-facture.",
)


def _gross_agrees(syntax: Syntax, each: str) -> Ask:
    vat = syntax.vat.format(syntax.currency)
    rest = f"{syntax.gross} - {syntax.net} - {vat}"
    return wrong(
        f"{each}[{syntax.gross}]",
        f"not({rest} <= $most and -({rest}) <= $most)",
        Key(
            name="counted",
            match=syntax.beside,
            use=syntax.counted,
            value=f"string({syntax.own})",
            totals=(("most", f"count($counted) div 100 + {_SLACK}"),),
        ),
    )


grouped_rule(
    "BR-FR-MV-10",
    "BT-131",
    "BT-X-8",
    asks=tuple(_gross_agrees(syntax, each) for syntax, each in groups_of(BOTH)),
    name="the amount with VAT of a GROUP line is its net amount and its VAT",
    fr="Le montant TTC de la ligne GROUP n'est pas son montant net (BT-131) plus sa TVA.",
    en="The amount with VAT of the GROUP line is not its net amount and its VAT.",
    conseil="Corrigez le montant TTC, le montant net ou la TVA de la ligne GROUP.",
)


def _numbered(syntax: Syntax) -> Ask:
    """Ask that the seller's own sub-invoice bears the number of the invoice, if there is one."""
    seller = f"{syntax.item_seller} = {syntax.seller}"
    if syntax is UBL_PLACES:
        seller = f"normalize-space({syntax.item_seller}) = {syntax.seller}"
    own = Key(
        name="own",
        match=f"{syntax.beside}[{seller}][{syntax.group}]",
        use=_AFL[syntax],
        value=syntax.number,
        totals=(("times", "count($own)"),),
    )
    return wrong(
        each_of(syntax, BOTH, f"({seller}) and ({syntax.group})"),
        f"not($times = 1 or ($times = 0 and $afl = {syntax.number}) or "
        f"($times > 1 and $afl != {syntax.number}))",
        own,
        afl=f"normalize-space({_AFL[syntax]})",
    )


grouped_rule(
    "BR-FR-MV-11",
    "BT-128",
    "BT-1",
    asks=tuple(map(_numbered, SYNTAXES)),
    name="one sub-invoice of the seller has the number of the invoice",
    fr="Aucune sous-facture du vendeur, ou plusieurs, n'a le numéro de la facture (BT-1).",
    en="None of the sub-invoices of the seller, or several, has the number of the invoice (BT-1).",
    conseil="Donnez à une seule sous-facture du vendeur (BT-128, schéma AFL) le numéro BT-1.",
)
# What the UBL sheet compares with; the CII sheet takes the number of any document for one.
_NUMBERS = {
    UBL_PLACES: "//cac:DocumentReference[cbc:DocumentTypeCode='130']/cbc:ID[@schemeID='AFL']",
    CII_PLACES: "//ram:IssuerAssignedID",
}
grouped_rule(
    "BR-FR-MV-12",
    "BT-128",
    asks=tuple(
        wrong(
            f"{each}/{_AFL[syntax]}",
            "count($first | .) > 1",
            Key(name="first", match=_NUMBERS[syntax], use=".", value=".", first=True),
        )
        for syntax, each in groups_of(BOTH)
    ),
    name="no two sub-invoices have the same number",
    fr="Deux sous-factures ont le même numéro (BT-128, schéma AFL).",
    en="Two sub-invoices have the same number (BT-128, scheme AFL).",
    conseil="Donnez à chaque ligne GROUP le numéro de sa propre sous-facture.",
)
