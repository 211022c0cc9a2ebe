"""Where the rules BR-FR-CPRO were read, as their cards cite it."""

_ANNEX = "XP Z12-012, annexe A, feuille BR-France-CTC-CPRO (texte non vu)"

GOBL = f"{_ANNEX} ; rendue par invopop/gobl.fr.ctc, addon flow2"
PAGERO = f"{_ANNEX} ; rendue par pagero/puf-billing, guide France"
DOLIBARR = "tickets Dolibarr #678, #691 et #962"
NOTE = "note explicative FNFE v1.4.0, qui compte les règles BR-FR-CPRO de 01 à 50"
SPEC = "AIFE, spécifications externes Chorus Pro v1.1 du 30/04/2026"
"""The State's own text, seen."""
