"""The lists that the French rules of flow 2 hold codes against (AFNOR XP Z12-012, V1.4.0)."""

from __future__ import annotations

DOCUMENT_TYPES = frozenset({
    "380", "389", "393", "501", "386", "500", "384", "471", "472", "473",
    "261", "262", "381", "396", "502", "503",
})  # fmt: skip
"""BT-3, and the type of an invoice that another refers to."""

CORRECTIVE = frozenset({"384", "471", "472", "473"})
CREDIT_NOTES = frozenset({"261", "381", "396", "502", "503"})
"""Credit notes on an earlier invoice; 262, the global rebate, is on a contract."""

GLOBAL_REBATE = "262"
DOWN_PAYMENTS = frozenset({"386", "500", "503"})

FRAMEWORKS = frozenset({
    "B1", "S1", "M1", "B2", "S2", "M2", "S3", "B4", "S4", "M4", "S5", "S6",
    "B7", "S7", "B8", "S8", "M8", "B9", "S9", "M9",
})  # fmt: skip
"""BT-23."""

ALREADY_PAID = frozenset({"B2", "S2", "M2"})
AFTER_DOWN_PAYMENT = frozenset({"B4", "S4", "M4"})

ONE_TAXABLE_PERSON = "MEMBRE_ASSUJETTI_UNIQUE"
"""Text of the note TXD of a member of a single taxable person."""

VAT_CATEGORIES = frozenset({"S", "E", "AE", "K", "G", "O", "Z"})

RATES = frozenset({
    "0", "0.0", "0.00", "10", "10.0", "10.00", "13", "13.0", "13.00", "20", "20.0", "20.00",
    "8.5", "8.50", "19.6", "19.60", "2.1", "2.10", "5.5", "5.50", "7", "7.0", "7.00",
    "20.6", "20.60", "1.05", "0.9", "0.90", "1.75", "9.2", "9.20", "9.6", "9.60",
})  # fmt: skip
"""VAT rates in France, as they may be written."""

ATTACHMENTS = (
    "RIB", "LISIBLE", "FEUILLE_DE_STYLE", "PJA", "BORDEREAU_SUIVI", "DOCUMENT_ANNEXE",
    "BON_LIVRAISON", "BON_COMMANDE", "BORDEREAU_SUIVI_VALIDATION", "ETAT_ACOMPTE",
    "FACTURE_PAIEMENT_DIRECT", "RECAPITULATIF_COTRAITANCE",
)  # fmt: skip
"""BT-123."""

READABLE = "LISIBLE"

SIREN, SIRET, ROUTING, ADDRESS, SINGLE_TAXABLE = "0002", "0009", "0224", "0225", "0231"
"""Schemes of identifiers."""

SOURCE = "AFNOR XP Z12-012 ; schematron BR-FR-Flux2 V1.4.0 (FNFE-MPE)"
