"""What a vendor of ERPs needs to connect: names, formats, motives, rules, and worked cases."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from chorus_edi.domain import motives
from chorus_edi.domain.flux import Flux
from chorus_edi.domain.interfaces import FORMAT_NAMES, INTERFACES
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.statuses import FLUX_LABELS
from chorus_edi.rules.registry import CATALOGUE
from chorus_edi.rules.sets import versions
from chorus_edi.services.cases import Sent
from chorus_edi.services.explain import platform_rules

_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A flow that was processed.

    Attributes:
        folder: where its input and its return files lie in the kit.
        sent: what was sent.
        flux: what became of it.
        rules: what refused it, or some of its invoices.
        motives: the official reasons of that.
    """

    folder: str
    sent: Sent
    flux: Flux
    rules: Sequence[str]
    motives: Sequence[Motive]


def case_folder(number: int, flux: Flux) -> str:
    """Return the folder of a case: its number, then what became of the flow."""
    end = flux.motif.value if flux.motif else flux.etat.value
    return f"cas/{number:02d}-{end.lower().replace('_', '-')}"


def guide(template: str, cases: Sequence[Case]) -> str:
    """Return the page that a vendor begins with: a template, with the table of the cases in it."""
    return template.replace("{{cas}}", "\n".join(map(_case_row, cases)))


def _case_row(case: Case) -> str:
    number = case.folder.partition("/")[2].partition("-")[0]
    cells = (
        f"[{number}]({case.folder}/)",
        case.sent.shows,
        case.sent.partner,
        FLUX_LABELS[case.flux.etat].fr,
        "<br>".join(f"`{one}` {motives.LABELS[one].fr}" for one in case.motives),
        ", ".join(case.rules),
    )
    return f"| {' | '.join(cells)} |"


def tables() -> Mapping[str, Callable[[], str]]:
    """Return the tables of the kit: file name → what writes it (CSV, ``;``, for spreadsheets)."""
    return {
        "interfaces.csv": lambda: _csv(
            ("code", "contenu", "circuit", "formats", "source"), _interfaces()
        ),
        "motifs.csv": lambda: _csv(("motif", "portée", "libellé", "label"), _motives()),
        "regles.csv": lambda: _csv(("règle", "jeu", "motif", "message", "conseil"), _rules()),
    }


def _interfaces() -> Iterator[Sequence[str]]:
    for one in INTERFACES.values():
        carried = ", ".join(name for form, name in FORMAT_NAMES.items() if form in one.carries)
        if not one.withdrawn and carried:
            source = "déduit : l'exploitant dit ce qu'il en est" if one.inferred else "publié"
            yield one.code, one.title, one.circuit.value, carried, source


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
