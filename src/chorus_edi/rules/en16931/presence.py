"""BR-01…BR-11 and BR-16: what every invoice must say of itself and of its parties."""

from __future__ import annotations

from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.parties import BuyerAddress, SellerAddress
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.registry import Breach, rule, variant
from chorus_edi.rules.text import has_text, not_empty

_BLANK = "La feuille CII prend des blancs seuls pour un texte."
_SOURCE = "EN 16931-1:2017, 6.4.1 ; artefacts EN 16931 1.3.16"


@rule(
    "BR-01",
    "BT-24",
    fr="L'identifiant de spécification (BT-24) est absent ou vide.",
    en="The specification identifier (BT-24) is missing or blank.",
    conseil="Indiquez en BT-24 la spécification suivie, par exemple urn:cen.eu:en16931:2017.",
    source=_SOURCE,
)
def an_invoice_names_its_specification(invoice: Invoice, _: Invoice) -> Breach | None:
    """BT-24 sits in BG-2, which is absent with it."""
    process = invoice.process
    return None if process and has_text(process.specification) else Breach("BT-24")


@variant("BR-01", Syntax.CII, why=_BLANK)
def an_invoice_names_its_specification_be_it_blank(invoice: Invoice, _: Invoice) -> Breach | None:
    """Empty is not enough."""
    process = invoice.process
    return None if process and not_empty(process, "specification") else Breach("BT-24")


@rule(
    "BR-02",
    "BT-1",
    fr="Le numéro de facture (BT-1) est absent ou vide.",
    en="The invoice number (BT-1) is missing or blank.",
    conseil="Renseignez en BT-1 le numéro de la facture, tel qu'il figure dans votre comptabilité.",
    source=_SOURCE,
)
def an_invoice_has_a_number(invoice: Invoice, _: Invoice) -> Breach | None:
    """Blank counts as absent."""
    return None if has_text(invoice.number) else Breach("BT-1")


@variant("BR-02", Syntax.CII, why=_BLANK)
def an_invoice_has_a_number_be_it_blank(invoice: Invoice, _: Invoice) -> Breach | None:
    """Empty is not enough."""
    return None if not_empty(invoice, "number") else Breach("BT-1")


@rule(
    "BR-03",
    "BT-2",
    fr="La date d'émission (BT-2) est absente ou vide.",
    en="The issue date (BT-2) is missing or blank.",
    conseil="Renseignez en BT-2 la date d'émission de la facture.",
    source=_SOURCE,
)
def an_invoice_has_an_issue_date(invoice: Invoice, _: Invoice) -> Breach | None:
    """Whether the day exists is another matter."""
    return None if has_text(invoice.issue_date) else Breach("BT-2")


@variant("BR-03", Syntax.CII, why="La feuille CII demande une date au format 102, même vide.")
def an_invoice_has_an_issue_date_of_format_102(invoice: Invoice, _: Invoice) -> Breach | None:
    """Whether the day exists is another matter."""
    odd = invoice.odd.get("issue_date") if invoice.odd is not None else None
    if not_empty(invoice, "issue_date") and (odd is None or odd.format is None):
        return None
    return Breach("BT-2", found=invoice.issue_date)


@rule(
    "BR-04",
    "BT-3",
    fr="Le code du type de facture (BT-3) est absent ou vide.",
    en="The invoice type code (BT-3) is missing or blank.",
    conseil="Indiquez en BT-3 le type de document : 380 pour une facture, 381 pour un avoir.",
    source=_SOURCE,
)
def an_invoice_has_a_type_code(invoice: Invoice, _: Invoice) -> Breach | None:
    """Whether the code is on its list is another matter."""
    return None if has_text(invoice.type_code) else Breach("BT-3")


@variant("BR-04", Syntax.CII, why=_BLANK)
def an_invoice_has_a_type_code_be_it_blank(invoice: Invoice, _: Invoice) -> Breach | None:
    """Empty is not enough."""
    return None if not_empty(invoice, "type_code") else Breach("BT-3")


@rule(
    "BR-05",
    "BT-5",
    fr="Le code de la devise de facturation (BT-5) est absent ou vide.",
    en="The invoice currency code (BT-5) is missing or blank.",
    conseil="Indiquez en BT-5 la devise de la facture, EUR pour l'euro.",
    source=_SOURCE,
)
def an_invoice_has_a_currency(invoice: Invoice, _: Invoice) -> Breach | None:
    """Whether the code is on its list is another matter."""
    return None if has_text(invoice.currency) else Breach("BT-5")


@variant("BR-05", Syntax.CII, why=_BLANK)
def an_invoice_has_a_currency_be_it_blank(invoice: Invoice, _: Invoice) -> Breach | None:
    """Empty is not enough."""
    return None if not_empty(invoice, "currency") else Breach("BT-5")


@rule(
    "BR-06",
    "BT-27",
    fr="Le nom du vendeur (BT-27) est absent ou vide.",
    en="The seller name (BT-27) is missing or blank.",
    conseil="Renseignez en BT-27 la raison sociale de l'entreprise qui facture.",
    source=_SOURCE,
)
def a_seller_has_a_name(invoice: Invoice, _: Invoice) -> Breach | None:
    """Judged on the invoice: the rule holds where the whole seller is absent."""
    return None if invoice.seller and has_text(invoice.seller.name) else Breach("BT-27")


@variant("BR-06", Syntax.CII, why=_BLANK)
def a_seller_has_a_name_be_it_blank(invoice: Invoice, _: Invoice) -> Breach | None:
    """Empty is not enough."""
    seller = invoice.seller
    return None if seller and not_empty(seller, "name") else Breach("BT-27")


@rule(
    "BR-07",
    "BT-44",
    fr="Le nom de l'acheteur (BT-44) est absent ou vide.",
    en="The buyer name (BT-44) is missing or blank.",
    conseil="Renseignez en BT-44 la raison sociale ou le nom de l'organisme facturé.",
    source=_SOURCE,
)
def a_buyer_has_a_name(invoice: Invoice, _: Invoice) -> Breach | None:
    """Judged on the invoice: the rule holds where the whole buyer is absent."""
    return None if invoice.buyer and has_text(invoice.buyer.name) else Breach("BT-44")


@variant("BR-07", Syntax.CII, why=_BLANK)
def a_buyer_has_a_name_be_it_blank(invoice: Invoice, _: Invoice) -> Breach | None:
    """Empty is not enough."""
    buyer = invoice.buyer
    return None if buyer and not_empty(buyer, "name") else Breach("BT-44")


@rule(
    "BR-08",
    "BG-5",
    fr="L'adresse postale du vendeur (BG-5) est absente.",
    en="The seller postal address (BG-5) is missing.",
    conseil="Ajoutez l'adresse postale du vendeur, avec au moins son code pays (BT-40).",
    source=_SOURCE,
)
def a_seller_has_a_postal_address(invoice: Invoice, _: Invoice) -> Breach | None:
    """An empty address is an address here; BR-09 sees to its country."""
    return None if invoice.seller and invoice.seller.address else Breach("BG-5")


@rule(
    "BR-09",
    "BT-40",
    each=SellerAddress,
    fr="Le code pays de l'adresse du vendeur (BT-40) est absent ou vide.",
    en="The country code of the seller's address (BT-40) is missing or blank.",
    conseil="Indiquez en BT-40 le code pays du vendeur sur deux lettres, FR pour la France.",
    source=_SOURCE,
)
def a_seller_address_has_a_country(address: SellerAddress, _: Invoice) -> Breach | None:
    """Nothing to say where there is no address: that is BR-08."""
    return None if has_text(address.country) else Breach("BT-40")


@variant("BR-09", Syntax.CII, why="La feuille CII le demande même sans adresse, et l'accepte vide.")
def a_seller_has_a_country(invoice: Invoice, _: Invoice) -> Breach | None:
    """BR-08 and BR-09 break together."""
    address = invoice.seller.address if invoice.seller else None
    return None if address and not_empty(address, "country") else Breach("BT-40")


@rule(
    "BR-10",
    "BG-8",
    fr="L'adresse postale de l'acheteur (BG-8) est absente.",
    en="The buyer postal address (BG-8) is missing.",
    conseil="Ajoutez l'adresse postale de l'acheteur, avec au moins son code pays (BT-55).",
    source=_SOURCE,
)
def a_buyer_has_a_postal_address(invoice: Invoice, _: Invoice) -> Breach | None:
    """An empty address is an address here; BR-11 sees to its country."""
    return None if invoice.buyer and invoice.buyer.address else Breach("BG-8")


@rule(
    "BR-11",
    "BT-55",
    each=BuyerAddress,
    fr="Le code pays de l'adresse de l'acheteur (BT-55) est absent ou vide.",
    en="The country code of the buyer's address (BT-55) is missing or blank.",
    conseil="Indiquez en BT-55 le code pays de l'acheteur sur deux lettres, FR pour la France.",
    source=_SOURCE,
)
def a_buyer_address_has_a_country(address: BuyerAddress, _: Invoice) -> Breach | None:
    """Nothing to say where there is no address: that is BR-10."""
    return None if has_text(address.country) else Breach("BT-55")


@variant("BR-11", Syntax.CII, why="La feuille CII le demande même sans adresse, et l'accepte vide.")
def a_buyer_has_a_country(invoice: Invoice, _: Invoice) -> Breach | None:
    """BR-10 and BR-11 break together."""
    address = invoice.buyer.address if invoice.buyer else None
    return None if address and not_empty(address, "country") else Breach("BT-55")


@rule(
    "BR-16",
    "BG-25",
    fr="La facture ne comporte aucune ligne (BG-25).",
    en="The invoice has no line (BG-25).",
    conseil="Ajoutez au moins une ligne de facture.",
    source=_SOURCE,
)
def an_invoice_has_a_line(invoice: Invoice, _: Invoice) -> Breach | None:
    """What a line must hold is for the rules on lines."""
    return None if invoice.lines else Breach("BG-25")
