"""CII-SR: what EN 16931 asks of CII beyond its schema, where it is fatal.

Nearly all say "at most once", as in UBL; they are one table, and a few of their own follow it. They
judge the XML, not the model: see docs/adr/0011-syntax-rules-are-counts.md.

Two sheets hold them: FACTUR-X_EN16931 and EXTENDED-CTC-FR-CII. CII-SR-471 and CII-SR-472 are
exchanged between the two; we follow the first. No document breaks CII-SR-464 (its test is always
true): it is not here.
"""

from __future__ import annotations

from chorus_edi.domain.demands import Distinct
from chorus_edi.rules.en16931.syntax_rows import Once, register_once
from chorus_edi.rules.inspection import CII, Ask, Text, ask

_SOURCE = "CEN/TS 16931-3-3 ; artefacts EN 16931 1.3.16, FACTUR-X_EN16931, EXTENDED-CTC-FR-CII"

_ROOT = "/rsm:CrossIndustryInvoice"
_CONTEXT = f"{_ROOT}/rsm:ExchangedDocumentContext"
_DOCUMENT = f"{_ROOT}/rsm:ExchangedDocument"
_TRADE = f"{_ROOT}/rsm:SupplyChainTradeTransaction"
_AGREEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeAgreement"
_SETTLEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeSettlement"
_TOTALS = f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_LINE = f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem"
_PRODUCT = f"{_LINE}/ram:SpecifiedTradeProduct"
_ALLOWANCE = "//ram:SpecifiedTradeAllowanceCharge"
_MEANS = "//ram:SpecifiedTradeSettlementPaymentMeans"
_GUIDELINE = "ram:GuidelineSpecifiedDocumentContextParameter"


_A_MEANS = ("SpecifiedTradeSettlementPaymentMeans",)

_ONCE = (
    Once("CII-SR-009", "BT-24", _CONTEXT, _GUIDELINE, ("ExchangedDocumentContext",), 1),
    Once(
        "CII-SR-010",
        "BT-24",
        _CONTEXT,
        f"{_GUIDELINE}/ram:ID",
        ("ExchangedDocumentContext", _GUIDELINE[4:]),
        1,
    ),
    Once("CII-SR-014", "BT-3", _DOCUMENT, "ram:TypeCode", ("ExchangedDocument", "ID"), 1),
    Once(
        "CII-SR-090",
        "BT-159",
        f"{_PRODUCT}[ram:OriginTradeCountry]",
        "ram:OriginTradeCountry/ram:ID",
        ("OriginTradeCountry",),
        1,
    ),
    Once(
        "CII-SR-440",
        "BT-147",
        "//ram:GrossPriceProductTradePrice/ram:AppliedTradeAllowanceCharge",
        "ram:ActualAmount",
    ),
    Once(
        "CII-SR-441",
        "BT-146",
        f"{_LINE}/ram:SpecifiedLineTradeAgreement",
        "ram:NetPriceProductTradePrice/ram:ChargeAmount",
    ),
    Once(
        "CII-SR-455",
        "BG-6",
        _AGREEMENT,
        "ram:SellerTradeParty/ram:DefinedTradeContact",
        ("SellerTradeParty",),
    ),
    Once(
        "CII-SR-456",
        "BG-9",
        _AGREEMENT,
        "ram:BuyerTradeParty/ram:DefinedTradeContact",
        ("BuyerTradeParty",),
    ),
    Once(
        "CII-SR-459",
        "BT-34",
        _AGREEMENT,
        "ram:SellerTradeParty/ram:URIUniversalCommunication",
        ("SellerTradeParty", "URIID"),
    ),
    Once(
        "CII-SR-460",
        "BT-49",
        _AGREEMENT,
        "ram:BuyerTradeParty/ram:URIUniversalCommunication",
        ("BuyerTradeParty", "URIID"),
    ),
    Once(
        "CII-SR-461",
        "BT-7",
        _SETTLEMENT,
        "ram:ApplicableTradeTax/ram:TaxPointDate",
        suspects=("DateString",),
    ),
    Once(
        "CII-SR-462",
        "BT-8",
        _SETTLEMENT,
        "//ram:ApplicableTradeTax/ram:DueDateTypeCode",
        distinct=Distinct.EXACT,
    ),
    Once("CII-SR-467", "BT-81", _ROOT, f"{_MEANS}/ram:TypeCode", _A_MEANS, 0, Distinct.FOLDED),
    Once("CII-SR-468", "BT-82", _ROOT, f"{_MEANS}/ram:Information", _A_MEANS, 0, Distinct.FOLDED),
    Once(
        "CII-SR-469", "BT-83", _ROOT, "//ram:ApplicableHeaderTradeSettlement/ram:PaymentReference"
    ),
    Once("CII-SR-471", "BT-95", _ALLOWANCE, "ram:CategoryTradeTax"),
    Once("CII-SR-472", "BT-96", _ALLOWANCE, "ram:RateApplicablePercent"),
    Once("CII-SR-473", "BT-92", _ALLOWANCE, "ram:ActualAmount"),
    Once("CII-SR-477", "BT-106", _TOTALS, "ram:LineTotalAmount"),
    Once("CII-SR-478", "BT-108", _TOTALS, "ram:ChargeTotalAmount"),
    Once("CII-SR-479", "BT-107", _TOTALS, "ram:AllowanceTotalAmount"),
    Once("CII-SR-480", "BT-109", _TOTALS, "ram:TaxBasisTotalAmount"),
    Once("CII-SR-481", "BT-114", _TOTALS, "ram:RoundingAmount"),
    Once("CII-SR-482", "BT-112", _TOTALS, "ram:GrandTotalAmount"),
    Once("CII-SR-483", "BG-22", _TOTALS, "ram:InformationAmount"),
    Once("CII-SR-484", "BT-113", _TOTALS, "ram:TotalPrepaidAmount"),
    Once("CII-SR-485", "BG-22", _TOTALS, "ram:TotalDiscountAmount"),
    Once("CII-SR-486", "BG-22", _TOTALS, "ram:TotalAllowanceChargeAmount"),
    Once("CII-SR-487", "BT-115", _TOTALS, "ram:DuePayableAmount"),
    Once("CII-SR-488", "BG-22", _TOTALS, "ram:RetailValueExcludingTaxInformationAmount"),
    Once("CII-SR-489", "BG-22", _TOTALS, "ram:TotalDepositFeeInformationAmount"),
    Once("CII-SR-490", "BG-22", _TOTALS, "ram:ProductValueExcludingTobaccoTaxInformationAmount"),
    Once("CII-SR-491", "BG-22", _TOTALS, "ram:TotalRetailValueInformationAmount"),
    Once("CII-SR-492", "BG-22", _TOTALS, "ram:GrossLineTotalAmount"),
    Once("CII-SR-493", "BG-22", _TOTALS, "ram:NetLineTotalAmount"),
    Once("CII-SR-494", "BG-22", _TOTALS, "ram:NetIncludingTaxesLineTotalAmount"),
)


register_once(_ONCE, CII, _SOURCE, __name__)


def _register(rule: str, *terms: str, asks: tuple[Ask, ...], text: Text) -> None:
    ask(rule, *terms, asks=asks, syntaxes=CII, text=text, source=_SOURCE, module=__name__)


_register(
    "CII-SR-046",
    "BT-157",
    asks=(
        Ask(
            each=f"{_PRODUCT}[ram:GlobalID]",
            counted="ram:GlobalID/@schemeID",
            least=1,
            suspects=("GlobalID",),
        ),
    ),
    text=Text(
        name="a standard item identifier names its scheme",
        fr="L'identifiant standard d'un article (BT-157) n'indique pas son schéma.",
        en="The standard identifier of an item (BT-157) does not name its scheme.",
        conseil="Ajoutez l'attribut schemeID à BT-157, par exemple 0160 pour un GTIN.",
    ),
)
_register(
    "CII-SR-463",
    "BG-20",
    "BG-21",
    "BG-27",
    "BG-28",
    asks=(
        Ask(
            each=_ALLOWANCE,
            counted="ram:ChargeIndicator",
            least=1,
            suspects=("SpecifiedTradeAllowanceCharge",),
        ),
    ),
    text=Text(
        name="it is said whether it is an allowance or a charge",
        fr="Un bloc ne dit pas s'il est une remise (BG-20, BG-27) ou des frais (BG-21, BG-28).",
        en="A block does not say whether it is an allowance (BG-20, BG-27) or a charge.",
        conseil="Ajoutez ram:ChargeIndicator : false pour une remise, true pour des frais.",
    ),
)

for _rule, _term, _party, _fr, _en in (
    ("CII-SR-465", "BT-41", "ram:SellerTradeParty", "du vendeur", "seller's"),
    ("CII-SR-466", "BT-56", "ram:BuyerTradeParty", "de l'acheteur", "buyer's"),
):
    _contact = f"{_party}/ram:DefinedTradeContact"
    _register(
        _rule,
        _term,
        asks=(
            Ask(
                each=_AGREEMENT,
                counted=f"self::*[{_contact}/ram:PersonName and {_contact}/ram:DepartmentName]",
                most=0,
                suspects=("PersonName", "DepartmentName"),
            ),
        ),
        text=Text(
            name=f"the {_en} point of contact is a person or a department",
            fr=f"Le contact {_fr} ({_term}) est à la fois une personne et un service.",
            en=f"The {_en} point of contact ({_term}) is both a person and a department.",
            conseil=f"Gardez en {_term} soit le nom de la personne, soit celui du service.",
        ),
    )

_TRANSFER = f"{_MEANS}[normalize-space(ram:TypeCode)='30' or normalize-space(ram:TypeCode)='58']"
_IBAN = "ram:PayeePartyCreditorFinancialAccount/ram:IBANID"
_OTHER_ACCOUNT = "ram:PayeePartyCreditorFinancialAccount/ram:ProprietaryID"

_register(
    "CII-SR-470",
    "BT-84",
    asks=(
        Ask(each=_TRANSFER, counted=f"{_IBAN} | {_OTHER_ACCOUNT}", least=1, suspects=_A_MEANS),
        Ask(
            each=_TRANSFER,
            counted=f"self::*[{_IBAN} and {_OTHER_ACCOUNT}]",
            most=0,
            suspects=("IBANID", "ProprietaryID"),
        ),
    ),
    text=Text(
        name="a credit transfer goes to one account, by IBAN or by another identifier",
        fr="Un virement n'a pas de compte (BT-84), ou a un IBAN et un autre identifiant.",
        en="A credit transfer has no account (BT-84), or an IBAN and another identifier.",
        conseil="Donnez en BT-84 soit l'IBAN, soit l'identifiant du compte.",
    ),
)
