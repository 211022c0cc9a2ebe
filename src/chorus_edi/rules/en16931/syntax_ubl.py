"""UBL-SR, UBL-DT and UBL-CR: what EN 16931 asks of UBL beyond its schema, where it is fatal.

Nearly all say "at most once": the schema lets many elements repeat that carry one term. They are
one table; those that say something else follow it. They judge the XML, not the model, which has no
place for a second contract number: see docs/adr/0011-syntax-rules-are-counts.md.
"""

from __future__ import annotations

from chorus_edi.domain.demands import Distinct
from chorus_edi.domain.terms import label_of
from chorus_edi.rules.en16931.syntax_rows import Once, register_once
from chorus_edi.rules.inspection import UBL, Ask, Text, ask, first

_SOURCE = "CEN/TS 16931-3-2 ; artefacts EN 16931 1.3.16, EN16931-UBL"

_INVOICE = "/*"
_LINE = "//cac:InvoiceLine | //cac:CreditNoteLine"
_SELLER = "cac:AccountingSupplierParty/cac:Party"
_BUYER = "cac:AccountingCustomerParty/cac:Party"
_OBJECT = "cac:AdditionalDocumentReference[cbc:DocumentTypeCode='130']"
_VAT_SCHEME = "cac:PartyTaxScheme[cac:TaxScheme/cbc:ID[translate(., 'vat', 'VAT')='VAT']]"
_OTHER_SCHEME = "cac:PartyTaxScheme[cac:TaxScheme[not(cbc:ID[translate(., 'vat', 'VAT')='VAT'])]]"
_SEPA = "translate(@schemeID, 'sepa', 'SEPA')='SEPA'"


def _saying(*values: str) -> str:
    """Return the condition that an allowance or charge says one of two spellings of a boolean."""
    said = " or ".join(f"normalize-space(.)='{value}'" for value in values)
    return f"//cac:AllowanceCharge[cbc:ChargeIndicator[{said}]]"


_MEANS = ("PaymentMeans",)

_ONCE = (
    Once("UBL-SR-01", "BT-12", _INVOICE, "cac:ContractDocumentReference/cbc:ID"),
    Once("UBL-SR-02", "BT-15", _INVOICE, "cac:ReceiptDocumentReference/cbc:ID"),
    Once("UBL-SR-03", "BT-16", _INVOICE, "cac:DespatchDocumentReference/cbc:ID"),
    Once("UBL-SR-04", "BT-18", _INVOICE, f"{_OBJECT}/cbc:ID"),
    Once("UBL-SR-05", "BT-20", _INVOICE, "cac:PaymentTerms/cbc:Note"),
    Once("UBL-SR-06", "BG-3", "//cac:BillingReference", "cac:InvoiceDocumentReference"),
    Once("UBL-SR-08", "BG-14", _INVOICE, "cac:InvoicePeriod", ("DescriptionCode",)),
    Once("UBL-SR-09", "BT-27", _INVOICE, f"{_SELLER}/cac:PartyLegalEntity/cbc:RegistrationName"),
    Once("UBL-SR-10", "BT-28", _INVOICE, f"{_SELLER}/cac:PartyName/cbc:Name"),
    Once("UBL-SR-11", "BT-30", _INVOICE, f"{_SELLER}/cac:PartyLegalEntity/cbc:CompanyID"),
    Once("UBL-SR-12", "BT-31", _INVOICE, f"{_SELLER}/{_VAT_SCHEME}/cbc:CompanyID", ("ID",)),
    Once("UBL-SR-13", "BT-32", _INVOICE, f"{_SELLER}/{_OTHER_SCHEME}/cbc:CompanyID", ("ID",)),
    Once("UBL-SR-14", "BT-33", _INVOICE, f"{_SELLER}/cac:PartyLegalEntity/cbc:CompanyLegalForm"),
    Once("UBL-SR-15", "BT-44", _INVOICE, f"{_BUYER}/cac:PartyLegalEntity/cbc:RegistrationName"),
    Once(
        "UBL-SR-16",
        "BT-46",
        _INVOICE,
        f"{_BUYER}/cac:PartyIdentification/cbc:ID",
        ("PartyIdentification",),
    ),
    Once("UBL-SR-17", "BT-47", _INVOICE, f"{_BUYER}/cac:PartyLegalEntity/cbc:CompanyID"),
    Once("UBL-SR-18", "BT-48", _INVOICE, f"{_BUYER}/{_VAT_SCHEME}/cbc:CompanyID", ("ID",)),
    Once("UBL-SR-22", "BT-62", "//cac:TaxRepresentativeParty", "cac:PartyName/cbc:Name"),
    Once("UBL-SR-23", "BT-63", "//cac:TaxRepresentativeParty", "cac:PartyTaxScheme/cbc:CompanyID"),
    Once("UBL-SR-24", "BG-13", _INVOICE, "cac:Delivery"),
    Once("UBL-SR-25", "BT-70", "//cac:Delivery", "cac:DeliveryParty/cac:PartyName/cbc:Name"),
    Once("UBL-SR-26", "BT-83", "//cac:PaymentMeans", "cbc:PaymentID"),
    Once("UBL-SR-27", "BT-81", "//cac:PaymentMeans", "cbc:PaymentMeansCode"),
    Once("UBL-SR-28", "BT-89", "//cac:PaymentMeans", "cac:PaymentMandate/cbc:ID"),
    Once(
        "UBL-SR-29",
        "BT-90",
        _INVOICE,
        f"//cac:PartyIdentification/cbc:ID[{_SEPA}]",
        ("PartyIdentification",),
    ),
    Once(
        "UBL-SR-30", "BT-97", _saying("false", "0"), "cbc:AllowanceChargeReason", others=("BT-139",)
    ),
    Once(
        "UBL-SR-31", "BT-104", _saying("true", "1"), "cbc:AllowanceChargeReason", others=("BT-144",)
    ),
    Once("UBL-SR-32", "BT-120", "//cac:TaxSubtotal", "cac:TaxCategory/cbc:TaxExemptionReason"),
    Once("UBL-SR-33", "BT-123", "//cac:AdditionalDocumentReference", "cbc:DocumentDescription"),
    Once("UBL-SR-34", "BT-127", _LINE, "cbc:Note"),
    Once("UBL-SR-35", "BT-132", _LINE, "cac:OrderLineReference/cbc:LineID"),
    Once("UBL-SR-36", "BG-26", _LINE, "cac:InvoicePeriod"),
    Once("UBL-SR-37", "BT-147", _LINE, "cac:Price/cac:AllowanceCharge/cbc:Amount"),
    Once("UBL-SR-39", "BT-11", _INVOICE, "cac:ProjectReference/cbc:ID"),
    Once("UBL-SR-40", "BT-45", _INVOICE, f"{_BUYER}/cac:PartyName/cbc:Name"),
    Once("UBL-SR-44", "BT-83", _INVOICE, "//cbc:PaymentID", _MEANS, distinct=Distinct.EXACT),
    Once("UBL-SR-45", "BT-9", _INVOICE, "cac:PaymentMeans/cbc:PaymentDueDate", _MEANS),
    Once(
        "UBL-SR-46",
        "BT-82",
        _INVOICE,
        "cac:PaymentMeans/cbc:PaymentMeansCode/@name",
        (*_MEANS, "PaymentMeansCode"),
    ),
    Once("UBL-SR-47", "BT-81", _INVOICE, "//cbc:PaymentMeansCode", _MEANS, distinct=Distinct.EXACT),
    Once("UBL-SR-49", "BT-8", _INVOICE, "cac:InvoicePeriod/cbc:DescriptionCode"),
    Once("UBL-SR-50", "BT-154", _LINE, "cac:Item/cbc:Description"),
    Once(
        "UBL-SR-51", "BT-162", "//cac:PostalAddress | //cac:Address", "cac:AddressLine", ("Line",)
    ),
    Once("UBL-SR-52", "BT-128", _LINE, "cac:DocumentReference", ("ID",)),
    Once("UBL-SR-54", "BG-18", _INVOICE, "cac:PaymentMeans/cac:CardAccount", _MEANS),
    Once("UBL-SR-55", "BG-19", _INVOICE, "cac:PaymentMeans/cac:PaymentMandate", _MEANS),
    Once("UBL-SR-56", "BT-17", _INVOICE, "cac:OriginatorDocumentReference/cbc:ID"),
)

register_once(_ONCE, UBL, _SOURCE, __name__)

_PAYEE = first("//cac:PayeeParty")
_PAYEE_NAME = "cac:PartyName/cbc:Name"
_SELLER_NAME = f"../{_SELLER}/cac:PartyLegalEntity/cbc:RegistrationName"
_A_PAYEE = ("PayeeParty",)
_FIRST_PAYEE = f"{_PAYEE}[not(preceding-sibling::cac:PayeeParty[1])]"
_OF_ONE_NAME = f"../cac:PayeeParty[not({_PAYEE_NAME} != string({_PAYEE_NAME}))]"

_IS_ANOTHER_PARTY = (
    # Two lists hold no pair of different values where one is empty, or both repeat one value. The
    # first payee asks for all: thousands of them would look through each other for the seller.
    Ask(each=_PAYEE, counted=_PAYEE_NAME, least=1, suspects=_A_PAYEE),
    Ask(each=_FIRST_PAYEE, counted=_SELLER_NAME, least=1, suspects=_A_PAYEE),
    Ask(
        each=_FIRST_PAYEE,
        counted=f"self::*[{_SELLER_NAME} != string({_SELLER_NAME})"
        f" or not({_OF_ONE_NAME}/{_PAYEE_NAME} = string({_SELLER_NAME}))]",
        least=1,
        suspects=_A_PAYEE,
    ),
)

for _rule, _term, _path in (
    ("UBL-SR-19", "BT-59", _PAYEE_NAME),
    ("UBL-SR-20", "BT-60", f"cac:PartyIdentification/cbc:ID[not({_SEPA})]"),
    ("UBL-SR-21", "BT-61", "cac:PartyLegalEntity/cbc:CompanyID"),
):
    _label = label_of(_term)
    ask(
        _rule,
        _term,
        "BG-10",
        asks=(Ask(each=_PAYEE, counted=_path, most=1, suspects=_A_PAYEE), *_IS_ANOTHER_PARTY),
        syntaxes=UBL,
        text=Text(
            name=f"a payee other than the seller gives {_term} at most once",
            fr=f"Le bénéficiaire porte le nom du vendeur, ou a plusieurs fois {_term} "
            f"(« {_label.fr} »).",
            en=f"The payee is named as the seller, or has {_term} ('{_label.en}') several times.",
            conseil="Ne décrivez un bénéficiaire que s'il diffère du vendeur, et ne donnez "
            f"{_term} qu'une fois.",
        ),
        source=_SOURCE,
        module=__name__,
    )

ask(
    "UBL-SR-07",
    "BT-25",
    asks=(
        Ask(
            each="//cac:BillingReference",
            counted="cac:InvoiceDocumentReference/cbc:ID",
            least=1,
            suspects=("BillingReference", "InvoiceDocumentReference"),
        ),
    ),
    syntaxes=UBL,
    text=Text(
        name="a reference to a preceding invoice gives its number",
        fr="Une référence à une facture antérieure n'en donne pas le numéro (BT-25).",
        en="A reference to a preceding invoice does not give its number (BT-25).",
        conseil="Indiquez en BT-25 le numéro de la facture antérieure, ou retirez la référence.",
    ),
    source=_SOURCE,
    module=__name__,
)

ask(
    "UBL-SR-42",
    "BT-31",
    "BT-32",
    asks=(
        Ask(
            each="//cac:AccountingSupplierParty/cac:Party",
            counted="cac:PartyTaxScheme",
            most=2,
            suspects=("CompanyID",),
        ),
    ),
    syntaxes=UBL,
    text=Text(
        name="a seller has at most two tax registrations",
        fr="Le vendeur a plus de deux immatriculations fiscales (BT-31 et BT-32).",
        en="The seller has more than two tax registrations (BT-31 and BT-32).",
        conseil="Gardez au plus un numéro de TVA (BT-31) et une autre immatriculation (BT-32).",
    ),
    source=_SOURCE,
    module=__name__,
)

ask(
    "UBL-SR-43",
    "BT-122",
    "BT-18",
    asks=(
        Ask(
            each="//cac:AdditionalDocumentReference",
            counted="self::*[not(cbc:DocumentTypeCode='130') "
            "and not(local-name(/*)='CreditNote' and cbc:DocumentTypeCode='50') "
            "and (cbc:ID/@schemeID or cbc:DocumentTypeCode)]",
            most=0,
            suspects=("AdditionalDocumentReference",),
        ),
    ),
    syntaxes=UBL,
    text=Text(
        name="only an invoiced object has a scheme, and 130 says that it is one",
        fr="Une pièce justificative (BT-122) porte un code de type ou un identifiant de schéma.",
        en="A supporting document (BT-122) has a type code or a scheme identifier.",
        conseil="Retirez le code et le schéma d'une pièce (BT-122), ou mettez le code 130 si "
        "c'est l'objet facturé (BT-18).",
    ),
    source=_SOURCE,
    module=__name__,
)

ask(
    "UBL-SR-48",
    "BG-30",
    asks=(
        Ask(
            each=_LINE,
            counted="cac:Item/cac:ClassifiedTaxCategory",
            least=1,
            most=1,
            suspects=("InvoiceLine", "CreditNoteLine", "Item"),
        ),
    ),
    syntaxes=UBL,
    text=Text(
        name="a line has exactly one VAT category",
        fr="Une ligne n'a pas exactement un bloc d'informations de TVA (BG-30).",
        en="A line does not have exactly one block of VAT information (BG-30).",
        conseil="Donnez à chaque ligne un seul bloc cac:ClassifiedTaxCategory (BG-30).",
    ),
    source=_SOURCE,
    module=__name__,
)

ask(
    "UBL-SR-53",
    "BT-31",
    "BT-32",
    "BT-48",
    "BT-63",
    asks=tuple(
        Ask(
            each="//cac:PartyTaxScheme",
            counted=path,
            least=1,
            suspects=("PartyTaxScheme", "TaxScheme", "TaxTypeCode"),
        )
        for path in ("cac:TaxScheme/cbc:ID", "cbc:CompanyID")
    ),
    syntaxes=UBL,
    text=Text(
        name="a tax registration has a number and a scheme",
        fr="Une immatriculation fiscale (BT-31, BT-32, BT-48 ou BT-63) n'a pas de numéro ou ne "
        "dit pas de quelle taxe.",
        en="A tax registration (BT-31, BT-32, BT-48 or BT-63) has no number or does not name its "
        "tax.",
        conseil="Donnez le numéro et la taxe (VAT pour la TVA), ou retirez l'immatriculation.",
    ),
    source=_SOURCE,
    module=__name__,
)

_ENDS_IN_AMOUNT = "substring(local-name(), string-length(local-name()) - 5)='Amount'"
# The second test is part of the third: it spares thousands of allowances a look beside them.
_IS_A_PRICE = (
    "substring(local-name(), string-length(local-name()) - 10)='PriceAmount' "
    "or ancestor::cac:AllowanceCharge/parent::cac:Price "
    "or ancestor::cac:Price[cac:AllowanceCharge]"
)

ask(
    "UBL-DT-01",
    "BG-22",
    "BT-131",
    asks=(
        Ask(
            each=f"//*[{_ENDS_IN_AMOUNT} and not({_IS_A_PRICE})]",
            counted="self::*[string-length(substring-after(., '.')) > 2]",
            most=0,
            suspects=("*Amount",),
        ),
    ),
    syntaxes=UBL,
    text=Text(
        name="an amount has at most two decimals",
        fr="Un montant (BG-22, BT-131 ou autre) a plus de deux décimales.",
        en="An amount (BG-22, BT-131 or another) has more than two decimals.",
        conseil="Arrondissez au centime tout montant autre qu'un prix unitaire.",
    ),
    source=_SOURCE,
    module=__name__,
)

_ENDS_IN_OBJECT = "substring(local-name(), string-length(local-name()) - 11)='BinaryObject'"

for _rule, _attribute, _fr, _en in (
    ("UBL-DT-06", "mimeCode", "son type MIME", "its MIME type"),
    ("UBL-DT-07", "filename", "son nom de fichier", "its file name"),
):
    ask(
        _rule,
        "BT-125",
        asks=(
            Ask(
                each=f"//*[{_ENDS_IN_OBJECT}]",
                counted=f"@{_attribute}",
                least=1,
                suspects=("*BinaryObject",),
            ),
        ),
        syntaxes=UBL,
        text=Text(
            name=f"an attached document gives {_en}",
            fr=f"Un document joint (BT-125) n'indique pas {_fr}.",
            en=f"An attached document (BT-125) does not give {_en}.",
            conseil=f"Ajoutez l'attribut {_attribute} au document joint (BT-125).",
        ),
        source=_SOURCE,
        module=__name__,
    )

for _rule, _path, _fr, _en in (
    ("UBL-CR-666", "cac:Attachment", "un fichier ou un lien", "a file or a link"),
    ("UBL-CR-673", "cbc:DocumentDescription", "une description", "a description"),
):
    ask(
        _rule,
        "BT-18",
        asks=(Ask(each=_INVOICE, counted=f"//{_OBJECT}/{_path}", most=0),),
        syntaxes=UBL,
        text=Text(
            name=f"the invoiced object does not have {_en}",
            fr=f"L'objet facturé (BT-18) porte {_fr}.",
            en=f"The invoiced object (BT-18) has {_en}.",
            conseil=f"Retirez {_path} de l'objet facturé (BT-18), ou décrivez la pièce en BG-24.",
        ),
        source=_SOURCE,
        module=__name__,
    )
