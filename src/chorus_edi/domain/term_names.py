"""The names and data types of every term and group: one line each, read by ``domain/terms.py``.

English as in EN 16931-1, French as in NF EN 16931-1. The letter is the data type (``DataType``).
"""

from __future__ import annotations

TERM_NAMES = """
BT-1 I|Invoice number|Numéro de facture
BT-2 D|Invoice issue date|Date d'émission de la facture
BT-3 C|Invoice type code|Code de type de facture
BT-5 C|Invoice currency code|Code de devise de la facture
BT-6 C|VAT accounting currency code|Code de devise de comptabilisation de la TVA
BT-7 D|Value added tax point date|Date d'exigibilité de la TVA
BT-8 C|Value added tax point date code|Code de date d'exigibilité de la TVA
BT-9 D|Payment due date|Date d'échéance
BT-10 T|Buyer reference|Référence de l'acheteur
BT-11 R|Project reference|Référence du projet
BT-12 R|Contract reference|Référence du contrat
BT-13 R|Purchase order reference|Référence du bon de commande
BT-14 R|Sales order reference|Référence de l'ordre de vente
BT-15 R|Receiving advice reference|Référence de l'avis de réception
BT-16 R|Despatch advice reference|Référence de l'avis d'expédition
BT-17 R|Tender or lot reference|Référence de l'appel d'offres ou du lot
BT-18 I|Invoiced object identifier|Identifiant de l'objet facturé
BT-19 T|Buyer accounting reference|Référence comptable de l'acheteur
BT-20 T|Payment terms|Conditions de paiement
BT-21 C|Invoice note subject code|Code de sujet de la note de facture
BT-22 T|Invoice note|Note de facture
BT-23 T|Business process type|Type de processus métier
BT-24 I|Specification identifier|Identifiant de la spécification
BT-25 R|Preceding Invoice reference|Référence à une facture antérieure
BT-26 D|Preceding Invoice issue date|Date d'émission de la facture antérieure
BT-27 T|Seller name|Raison sociale du vendeur
BT-28 T|Seller trading name|Appellation commerciale du vendeur
BT-29 I|Seller identifier|Identifiant du vendeur
BT-30 I|Seller legal registration identifier|Identifiant d'enregistrement légal du vendeur
BT-31 I|Seller VAT identifier|Identifiant à la TVA du vendeur
BT-32 I|Seller tax registration identifier|Identifiant d'enregistrement fiscal du vendeur
BT-33 T|Seller additional legal information|Informations juridiques complémentaires du vendeur
BT-34 I|Seller electronic address|Adresse électronique du vendeur
BT-35 T|Seller address line 1|Adresse du vendeur, ligne 1
BT-36 T|Seller address line 2|Adresse du vendeur, ligne 2
BT-162 T|Seller address line 3|Adresse du vendeur, ligne 3
BT-37 T|Seller city|Localité du vendeur
BT-38 T|Seller post code|Code postal du vendeur
BT-39 T|Seller country subdivision|Subdivision du pays du vendeur
BT-40 C|Seller country code|Code de pays du vendeur
BT-41 T|Seller contact point|Point de contact du vendeur
BT-42 T|Seller contact telephone number|Numéro de téléphone du contact du vendeur
BT-43 T|Seller contact email address|Adresse électronique du contact du vendeur
BT-44 T|Buyer name|Nom de l'acheteur
BT-45 T|Buyer trading name|Appellation commerciale de l'acheteur
BT-46 I|Buyer identifier|Identifiant de l'acheteur
BT-47 I|Buyer legal registration identifier|Identifiant d'enregistrement légal de l'acheteur
BT-48 I|Buyer VAT identifier|Identifiant à la TVA de l'acheteur
BT-49 I|Buyer electronic address|Adresse électronique de l'acheteur
BT-50 T|Buyer address line 1|Adresse de l'acheteur, ligne 1
BT-51 T|Buyer address line 2|Adresse de l'acheteur, ligne 2
BT-163 T|Buyer address line 3|Adresse de l'acheteur, ligne 3
BT-52 T|Buyer city|Localité de l'acheteur
BT-53 T|Buyer post code|Code postal de l'acheteur
BT-54 T|Buyer country subdivision|Subdivision du pays de l'acheteur
BT-55 C|Buyer country code|Code de pays de l'acheteur
BT-56 T|Buyer contact point|Point de contact de l'acheteur
BT-57 T|Buyer contact telephone number|Numéro de téléphone du contact de l'acheteur
BT-58 T|Buyer contact email address|Adresse électronique du contact de l'acheteur
BT-59 T|Payee name|Nom du bénéficiaire
BT-60 I|Payee identifier|Identifiant du bénéficiaire
BT-61 I|Payee legal registration identifier|Identifiant d'enregistrement légal du bénéficiaire
BT-62 T|Seller tax representative name|Nom du représentant fiscal du vendeur
BT-63 I|Seller tax representative VAT identifier|Identifiant à la TVA du représentant fiscal du vendeur
BT-64 T|Tax representative address line 1|Adresse du représentant fiscal, ligne 1
BT-65 T|Tax representative address line 2|Adresse du représentant fiscal, ligne 2
BT-164 T|Tax representative address line 3|Adresse du représentant fiscal, ligne 3
BT-66 T|Tax representative city|Localité du représentant fiscal
BT-67 T|Tax representative post code|Code postal du représentant fiscal
BT-68 T|Tax representative country subdivision|Subdivision du pays du représentant fiscal
BT-69 C|Tax representative country code|Code de pays du représentant fiscal
BT-70 T|Deliver to party name|Nom de la partie livrée
BT-71 I|Deliver to location identifier|Identifiant du lieu de livraison
BT-72 D|Actual delivery date|Date effective de livraison
BT-73 D|Invoicing period start date|Date de début de la période de facturation
BT-74 D|Invoicing period end date|Date de fin de la période de facturation
BT-75 T|Deliver to address line 1|Adresse de livraison, ligne 1
BT-76 T|Deliver to address line 2|Adresse de livraison, ligne 2
BT-165 T|Deliver to address line 3|Adresse de livraison, ligne 3
BT-77 T|Deliver to city|Localité de livraison
BT-78 T|Deliver to post code|Code postal de livraison
BT-79 T|Deliver to country subdivision|Subdivision du pays de livraison
BT-80 C|Deliver to country code|Code de pays de livraison
BT-81 C|Payment means type code|Code de type de moyen de paiement
BT-82 T|Payment means text|Libellé du moyen de paiement
BT-83 T|Remittance information|Avis de paiement
BT-84 I|Payment account identifier|Identifiant du compte de paiement
BT-85 T|Payment account name|Nom du compte de paiement
BT-86 I|Payment service provider identifier|Identifiant de l'établissement de paiement
BT-87 T|Payment card primary account number|Numéro de compte principal de la carte de paiement
BT-88 T|Payment card holder name|Nom du titulaire de la carte de paiement
BT-89 I|Mandate reference identifier|Identifiant de référence du mandat
BT-90 I|Bank assigned creditor identifier|Identifiant du créancier attribué par la banque
BT-91 I|Debited account identifier|Identifiant du compte débité
BT-92 A|Document level allowance amount|Montant de la remise au niveau du document
BT-93 A|Document level allowance base amount|Assiette de la remise au niveau du document
BT-94 P|Document level allowance percentage|Pourcentage de la remise au niveau du document
BT-95-0 C|Document level allowance tax type|Type de taxe de la remise au niveau du document
BT-95 C|Document level allowance VAT category code|Code de type de TVA de la remise au niveau du document
BT-96 P|Document level allowance VAT rate|Taux de TVA de la remise au niveau du document
BT-97 T|Document level allowance reason|Motif de la remise au niveau du document
BT-98 C|Document level allowance reason code|Code de motif de la remise au niveau du document
BT-99 A|Document level charge amount|Montant des charges ou frais au niveau du document
BT-100 A|Document level charge base amount|Assiette des charges ou frais au niveau du document
BT-101 P|Document level charge percentage|Pourcentage des charges ou frais au niveau du document
BT-102-0 C|Document level charge tax type|Type de taxe des charges ou frais au niveau du document
BT-102 C|Document level charge VAT category code|Code de type de TVA des charges ou frais au niveau du document
BT-103 P|Document level charge VAT rate|Taux de TVA des charges ou frais au niveau du document
BT-104 T|Document level charge reason|Motif des charges ou frais au niveau du document
BT-105 C|Document level charge reason code|Code de motif des charges ou frais au niveau du document
BT-106 A|Sum of Invoice line net amount|Somme du montant net des lignes de facture
BT-107 A|Sum of allowances on document level|Somme des remises au niveau du document
BT-108 A|Sum of charges on document level|Somme des charges ou frais au niveau du document
BT-109 A|Invoice total amount without VAT|Montant total de la facture hors TVA
BT-110 A|Invoice total VAT amount|Montant total de TVA de la facture
BT-111 A|Invoice total VAT amount in accounting currency|Montant total de TVA de la facture en devise de comptabilisation
BT-112 A|Invoice total amount with VAT|Montant total de la facture, TVA comprise
BT-113 A|Paid amount|Montant déjà payé
BT-114 A|Rounding amount|Montant d'arrondi
BT-115 A|Amount due for payment|Montant à payer
BT-116 A|VAT category taxable amount|Base d'imposition du type de TVA
BT-117 A|VAT category tax amount|Montant de la TVA pour chaque type de TVA
BT-118-0 C|Tax type|Type de taxe
BT-118 C|VAT category code|Code de type de TVA
BT-119 P|VAT category rate|Taux de type de TVA
BT-120 T|VAT exemption reason text|Motif d'exonération de la TVA
BT-121 C|VAT exemption reason code|Code de motif d'exonération de la TVA
BT-122 R|Supporting document reference|Référence du document justificatif
BT-123 T|Supporting document description|Description du document justificatif
BT-124 T|External document location|Emplacement du document externe
BT-125 B|Attached document|Document joint
BT-126 I|Invoice line identifier|Identifiant de ligne de facture
BT-127 T|Invoice line note|Note de ligne de facture
BT-128 I|Invoice line object identifier|Identifiant d'objet de ligne de facture
BT-129 Q|Invoiced quantity|Quantité facturée
BT-130 C|Invoiced quantity unit of measure code|Code de l'unité de mesure de la quantité facturée
BT-131 A|Invoice line net amount|Montant net de ligne de facture
BT-132 R|Referenced purchase order line reference|Référence de ligne de bon de commande
BT-133 T|Invoice line Buyer accounting reference|Référence comptable de l'acheteur pour la ligne de facture
BT-134 D|Invoice line period start date|Date de début de la période de ligne de facture
BT-135 D|Invoice line period end date|Date de fin de la période de ligne de facture
BT-136 A|Invoice line allowance amount|Montant de la remise de ligne de facture
BT-137 A|Invoice line allowance base amount|Assiette de la remise de ligne de facture
BT-138 P|Invoice line allowance percentage|Pourcentage de la remise de ligne de facture
BT-139 T|Invoice line allowance reason|Motif de la remise de ligne de facture
BT-140 C|Invoice line allowance reason code|Code de motif de la remise de ligne de facture
BT-141 A|Invoice line charge amount|Montant des charges ou frais de ligne de facture
BT-142 A|Invoice line charge base amount|Assiette des charges ou frais de ligne de facture
BT-143 P|Invoice line charge percentage|Pourcentage des charges ou frais de ligne de facture
BT-144 T|Invoice line charge reason|Motif des charges ou frais de ligne de facture
BT-145 C|Invoice line charge reason code|Code de motif des charges ou frais de ligne de facture
BT-146 U|Item net price|Prix net de l'article
BT-147 U|Item price discount|Rabais sur le prix de l'article
BT-148 U|Item gross price|Prix brut de l'article
BT-149 Q|Item price base quantity|Quantité de base du prix de l'article
BT-150 C|Item price base quantity unit of measure code|Code de l'unité de mesure de la quantité de base du prix de l'article
BT-151-0 C|Invoiced item tax type|Type de taxe de l'article facturé
BT-151 C|Invoiced item VAT category code|Code de type de TVA de l'article facturé
BT-152 P|Invoiced item VAT rate|Taux de TVA de l'article facturé
BT-153 T|Item name|Nom de l'article
BT-154 T|Item description|Description de l'article
BT-155 I|Item Seller's identifier|Identifiant de l'article du vendeur
BT-156 I|Item Buyer's identifier|Identifiant de l'article de l'acheteur
BT-157 I|Item standard identifier|Identifiant standard de l'article
BT-158 I|Item classification identifier|Identifiant de la classification de l'article
BT-159 C|Item country of origin|Pays d'origine de l'article
BT-160 T|Item attribute name|Nom d'attribut d'article
BT-161 T|Item attribute value|Valeur d'attribut d'article
BT-173 T|Document level allowance VAT exemption reason text|Motif d'exonération de TVA de la remise, en texte
BT-174 C|Document level allowance VAT exemption reason code|Code de motif d'exonération de TVA de la remise
BT-175 T|Document level charge VAT exemption reason text|Motif d'exonération de TVA des frais, en texte
BT-176 C|Document level charge VAT exemption reason code|Code de motif d'exonération de TVA des frais
BT-179 A|Amount collected on behalf of a third party|Montant encaissé pour le compte d'un tiers
BT-180 T|Reason of the amount collected on behalf of a third party|Motif du montant encaissé pour le compte d'un tiers
BT-X-5 C|Coded invoice note|Code de la note de facture
BT-X-8 C|Invoice line subtype|Sous-type de ligne de facture
BT-X-11 C|Item attribute code|Code d'attribut d'article
BT-X-12 Q|Item attribute measure|Mesure d'attribut d'article
BT-X-12-0 C|Item attribute unit of measure|Unité de mesure d'attribut d'article
BT-X-96 T|Line VAT exemption reason text|Motif d'exonération de TVA de la ligne, en texte
BT-X-97 C|Line VAT exemption reason code|Code de motif d'exonération de TVA de la ligne
BT-X-271 T|Logistics service charge description|Description des frais logistiques
BT-X-272 A|Logistics service charge amount|Montant des frais logistiques
BT-X-273-0 C|Logistics service charge tax type|Type de taxe des frais logistiques
BT-X-273 C|Logistics service charge VAT category code|Code de type de TVA des frais logistiques
BT-X-274 P|Logistics service charge VAT rate|Taux de TVA des frais logistiques
BT-X-304 R|Parent line identifier|Identifiant de la ligne mère
BT-X-591 T|Logistics service charge VAT exemption reason text|Motif d'exonération de TVA des frais logistiques, en texte
BT-X-592 C|Logistics service charge VAT exemption reason code|Code de motif d'exonération de TVA des frais logistiques
EXT-FR-FE-02 C|Preceding Invoice type code|Code de type de la facture antérieure
EXT-FR-FE-29 I|Payee electronic address|Adresse électronique du bénéficiaire
EXT-FR-FE-03 T|Buyer agent name|Raison sociale de l'agent de l'acheteur
EXT-FR-FE-06 I|Buyer agent identifier|Identifiant de l'agent de l'acheteur
EXT-FR-FE-08 I|Buyer agent legal registration identifier|Identifiant d'enregistrement légal de l'agent de l'acheteur
EXT-FR-FE-12 I|Buyer agent electronic address|Adresse électronique de l'agent de l'acheteur
EXT-FR-FE-43 T|Payer name|Raison sociale du payeur
EXT-FR-FE-46 I|Payer identifier|Identifiant du payeur
EXT-FR-FE-48 I|Payer legal registration identifier|Identifiant d'enregistrement légal du payeur
EXT-FR-FE-52 I|Payer electronic address|Adresse électronique du payeur
EXT-FR-FE-66 T|Seller agent name|Raison sociale de l'agent du vendeur
EXT-FR-FE-69 I|Seller agent identifier|Identifiant de l'agent du vendeur
EXT-FR-FE-71 I|Seller agent legal registration identifier|Identifiant d'enregistrement légal de l'agent du vendeur
EXT-FR-FE-75 I|Seller agent electronic address|Adresse électronique de l'agent du vendeur
EXT-FR-FE-89 T|Invoicee name|Raison sociale de la partie facturée
EXT-FR-FE-92 I|Invoicee identifier|Identifiant de la partie facturée
EXT-FR-FE-94 I|Invoicee legal registration identifier|Identifiant d'enregistrement légal de la partie facturée
EXT-FR-FE-98 I|Invoicee electronic address|Adresse électronique de la partie facturée
EXT-FR-FE-112 T|Invoicer name|Raison sociale du facturant
EXT-FR-FE-115 I|Invoicer identifier|Identifiant du facturant
EXT-FR-FE-117 I|Invoicer legal registration identifier|Identifiant d'enregistrement légal du facturant
EXT-FR-FE-121 I|Invoicer electronic address|Adresse électronique du facturant
EXT-FR-FE-135 R|Purchase order reference of the line|Référence du bon de commande de la ligne
EXT-FR-FE-136 R|Preceding Invoice reference of the line|Référence à une facture antérieure de la ligne
EXT-FR-FE-137 C|Preceding Invoice type code of the line|Code de type de la facture antérieure de la ligne
EXT-FR-FE-138 D|Preceding Invoice issue date of the line|Date d'émission de la facture antérieure de la ligne
EXT-FR-FE-146 I|Deliver to location identifier of the line|Identifiant du lieu de livraison de la ligne
EXT-FR-FE-162 R|Parent line identifier, in UBL|Identifiant de la ligne mère, en UBL
EXT-FR-FE-163 C|Invoice line subtype, in UBL|Sous-type de ligne de facture, en UBL
EXT-FR-FE-158 D|Actual delivery date of the line|Date effective de livraison de la ligne
CE-CADRE C|Invoicing framework (historic place)|Cadre de facturation (place historique)
CE-SERVICE I|Executing service code (historic place)|Code du service exécutant (place historique)
CE-TYPE-MARCHE C|Contract type|Type de marché ou de contrat
CE-VALIDEUR I|Validating party|Valideur
CE-REGIME-TVA C|VAT regime|Régime de TVA
CE-TYPE-PJ C|Attachment type|Type de pièce jointe
"""  # noqa: E501
GROUP_NAMES = """
BG-0|Invoice|Facture
BG-1|Invoice note|Note de facture
BG-2|Process control|Contrôle du processus
BG-3|Preceding Invoice reference|Référence à une facture antérieure
BG-4|Seller|Vendeur
BG-5|Seller postal address|Adresse postale du vendeur
BG-6|Seller contact|Contact du vendeur
BG-7|Buyer|Acheteur
BG-8|Buyer postal address|Adresse postale de l'acheteur
BG-9|Buyer contact|Contact de l'acheteur
BG-10|Payee|Bénéficiaire
BG-11|Seller tax representative party|Représentant fiscal du vendeur
BG-12|Seller tax representative postal address|Adresse postale du représentant fiscal du vendeur
BG-13|Delivery information|Informations de livraison
BG-14|Delivery or invoice period|Période de livraison ou de facturation
BG-15|Deliver to address|Adresse de livraison
BG-16|Payment instructions|Instructions de paiement
BG-17|Credit transfer|Virement
BG-18|Payment card information|Informations sur la carte de paiement
BG-19|Direct debit|Prélèvement
BG-20|Document level allowances|Remises au niveau du document
BG-21|Document level charges|Charges ou frais au niveau du document
BG-22|Document totals|Totaux du document
BG-23|VAT breakdown|Ventilation de la TVA
BG-24|Additional supporting documents|Documents justificatifs additionnels
BG-25|Invoice line|Ligne de facture
BG-26|Invoice line period|Période de ligne de facture
BG-27|Invoice line allowances|Remises de ligne de facture
BG-28|Invoice line charges|Charges ou frais de ligne de facture
BG-29|Price details|Détail du prix
BG-30|Line VAT information|Informations de TVA de ligne
BG-31|Item information|Informations sur l'article
BG-32|Item attributes|Attributs d'article
BG-34|Amounts collected on behalf of a third party|Montants encaissés pour le compte d'un tiers
BG-X-42|Logistics service charges|Frais logistiques
EXT-FR-FE-BG-01|Buyer agent|Agent de l'acheteur
EXT-FR-FE-BG-02|Payer|Payeur
EXT-FR-FE-BG-03|Seller agent|Agent du vendeur
EXT-FR-FE-BG-04|Invoicee|Partie facturée (adressé à)
EXT-FR-FE-BG-05|Invoicer|Facturant
EXT-FR-FE-BG-06|Preceding Invoice references of the line|Factures antérieures de la ligne
EXT-FR-FE-BG-10|Delivery of the line|Livraison de la ligne
CE-CHORUS|Chorus data outside EN 16931|Données Chorus hors EN 16931
"""
