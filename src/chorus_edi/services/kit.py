"""What a vendor of ERPs needs to connect: names, formats, motives, rules, and worked cases."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from chorus_edi.domain import motives
from chorus_edi.domain.flux import Flux
from chorus_edi.domain.interfaces import FORMAT_NAMES, INTERFACES
from chorus_edi.domain.statuses import FLUX_LABELS
from chorus_edi.rules.registry import CATALOGUE
from chorus_edi.rules.sets import versions
from chorus_edi.services.explain import platform_rules

_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


class Case(msgspec.Struct, frozen=True):
    """A flow that was processed: where its input and its return files lie in the kit."""

    folder: str
    flux: Flux
    returned: tuple[str, ...]


def case_folder(number: int, flux: Flux) -> str:
    """Return the folder of a case: its number, then what became of the flow."""
    end = flux.motif.value if flux.motif else flux.etat.value
    return f"cas/{number:02d}-{end.lower().replace('_', '-')}"


def guide(cases: Sequence[Case]) -> str:
    """Return the page that a vendor begins with (Markdown, French)."""
    rows = "\n".join(
        f"| [{case.folder}]({case.folder}/) | `{case.flux.nom_fichier}` "
        f"| {FLUX_LABELS[case.flux.etat].fr} | {_motive(case.flux)} |"
        for case in cases
    )
    return f"""# Kit de raccordement

Ce dossier est écrit par `chorus-edi kit`. Les cas sont des flux fictifs, réellement traités par le
programme : chacun contient le fichier déposé (`depot/`) et ce que l'émetteur reçoit (`retour/`).

## Nommer un flux

    <interface>_<code application>_<numéro de flux>

- interface : 8 caractères, voir `interfaces.csv` ;
- code application : 6 caractères, donné au raccordement ;
- numéro de flux : 25 caractères : le code application, puis 19 chiffres ou majuscules, par exemple
  les 4 chiffres de l'interface et un numéro d'ordre sur 15. Il ne sert qu'une fois.

Une facture seule se dépose sans extension ou en `.xml` ; plusieurs, en archive `.tar.gz` (extension
facultative). Un flux nommé ne contient qu'un format, 500 factures et 1 Go au plus ; une facture et
ses pièces jointes, 120 Mo ; une pièce jointe, 10 Mo et un nom de 50 caractères.

## Déposer sans risque

Écrivez sous un nom terminé par `.part`, puis renommez : un fichier n'est jamais lu à moitié. Un
fichier témoin (`<nom>.done`) ou un manifeste (`<nom>.manifest` : empreinte SHA-256, espace, taille)
peuvent être convenus.

## Lire le retour

Chaque flux donne un compte rendu, en JSON pour le logiciel et en HTML pour les personnes. L'état du
flux dit tout d'abord ce qu'il faut faire :

| état | ce qu'il faut faire |
|---|---|
| `IN_INTEGRE` | rien : toutes les factures sont transmises |
| `IN_INTEGRE_PARTIEL` | corriger les factures rejetées, les redéposer dans un nouveau flux |
| `IN_REJETE` | corriger, redéposer tout le flux sous un nouveau numéro |
| `IN_EN_ATTENTE_RETRAITEMENT_CPP` | attendre : l'exploitant s'en occupe |
| `IN_INCIDENTE` | redéposer le flux |
| `QP_…` | essai de qualification : rien n'a été transmis |

Chaque anomalie porte sa règle (`regles.csv`), son motif officiel (`motifs.csv`), la donnée en
cause, la ligne du fichier, la valeur trouvée et ce qu'il faut corriger.

## Cas traités

| cas | fichier déposé | état | motif |
|---|---|---|---|
{rows}
"""


def _motive(flux: Flux) -> str:
    return f"`{flux.motif}` {motives.LABELS[flux.motif].fr}" if flux.motif else ""


def tables() -> Mapping[str, Callable[[], str]]:
    """Return the tables of the kit: file name → what writes it (CSV, ``;``, for spreadsheets)."""
    return {
        "interfaces.csv": lambda: _csv(("code", "contenu", "circuit", "formats"), _interfaces()),
        "motifs.csv": lambda: _csv(("motif", "portée", "libellé", "label"), _motives()),
        "regles.csv": lambda: _csv(("règle", "jeu", "motif", "message", "conseil"), _rules()),
    }


def _interfaces() -> Iterator[Sequence[str]]:
    for one in INTERFACES.values():
        carried = ", ".join(name for form, name in FORMAT_NAMES.items() if form in one.carries)
        if not one.withdrawn and carried:
            yield one.code, one.title, one.circuit.value, carried


def _motives() -> Iterator[Sequence[str]]:
    for motive, label in motives.LABELS.items():
        yield motive.value, "flux" if motive.irrecevable else "facture", label.fr, label.en


def _rules() -> Iterator[Sequence[str]]:
    for code, card in sorted(platform_rules().items()):
        motive = card.motive.value if card.motive else ""
        yield code, "plateforme", motive, card.message.fr, card.conseil
    told: set[str] = set()
    for version in versions():
        for rule in version.rules:
            # Warnings on what carries no term refuse nothing.
            if rule.terms and rule.id not in told:
                told.add(rule.id)
                yield rule.id, version.name.value, rule.motive.value, rule.message.fr, rule.conseil
    for rule_id in sorted(CATALOGUE.keys() - told):
        rule = CATALOGUE[rule_id]
        if rule.terms:
            yield rule_id, "profil", rule.motive.value, rule.message.fr, rule.conseil


def _csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return _BOM + out.getvalue()
