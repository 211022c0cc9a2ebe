"""What other rules would say: ``chorus-edi rules compare``, over files or the flows already taken.

Every document is examined twice, by the rules of its own day and by those of another day, with
the same directory and the same weights; what is told is where the verdict is no longer the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.legal_time import day_of, midnight, paris
from chorus_edi.domain.partners import Partner
from chorus_edi.errors import ConfigurationError
from chorus_edi.ports import FlowFiles, Store
from chorus_edi.rules.registry import id_order
from chorus_edi.rules.sets import versions
from chorus_edi.services.verification import Row, Subject

_SIDE = ("verdict", "motif", "rule_sets")


class ComparisonOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What ``rules compare`` is asked.

    Attributes:
        version: a day, ``AAAA-MM-JJ``, or the label of a version of a set, whose first day is
            taken: all sets are those in force then.
        since: first day of deposit of the flows to judge again; None for all of them.
        jobs: number of worker processes for each of the two judgements.
    """

    version: str
    since: date | None = None
    jobs: int = 1

    @property
    def on(self) -> date:
        """The day whose rules are compared.

        Raises:
            ConfigurationError: neither a day nor a version.
        """
        known = {version.label: version.valid_from for version in versions()}
        if self.version in known:
            return known[self.version]
        try:
            return day_of(self.version)
        except ValueError:
            raise ConfigurationError(
                f"version inconnue : « {self.version} » (une date AAAA-MM-JJ, ou "
                f"{', '.join(known)})"
            ) from None


@dataclass
class Tally:
    """What was compared: filled while changes are told, whole once they all are.

    Attributes:
        documents: how many were judged on both sides.
        before: labels of the versions that judged some of them on their own day.
        after: labels of those that judged some of them by the other rules.
    """

    documents: int = 0
    before: dict[str, None] = field(default_factory=dict)
    after: dict[str, None] = field(default_factory=dict)

    def count(self, before: Row, after: Row) -> None:
        """Count one document."""
        self.documents += 1
        self.before.update(dict.fromkeys(before["rule_sets"]))
        self.after.update(dict.fromkeys(after["rule_sets"]))


def archived(
    store: Store, files: FlowFiles, partners: Mapping[str, Partner], since: date | None
) -> Iterator[Subject]:
    """Yield the stored copy of each flow that was taken, by claim order, on its day of deposit.

    Raises:
        Incident: a stored copy is missing.
    """
    first = midnight(since) if since else None
    for flux in sorted(store.suivi(depuis=first), key=lambda one: one.sequence):
        if not flux.etat.closed:
            continue
        partner = partners.get(flux.emetteur)
        yield Subject(
            path=files.path(flux),
            deposited=paris(flux.date_depot).date(),
            interface=flux.interface,
            default_circuit=partner.default_circuit if partner else None,
            partner=flux.emetteur,
        )


def changes(
    before: Iterable[Row], after: Iterable[Row], tally: Tally | None = None
) -> Iterator[Row]:
    """Yield one object per document whose verdict changes.

    ``gained`` and ``lost`` are the fatal rules that it breaks on one side only.

    Args:
        before: verdicts by the rules of each document's own day.
        after: verdicts on the same documents, in the same order, by the other rules.
        tally: counts every document, changed or not.
    """
    for one, other in zip(before, after, strict=True):
        if tally is not None:
            tally.count(one, other)
        if one["verdict"] == other["verdict"]:
            continue
        was, becomes = _fatal(one), _fatal(other)
        yield {
            "path": one["path"],
            "before": {name: one[name] for name in _SIDE},
            "after": {name: other[name] for name in _SIDE},
            "gained": sorted(becomes - was, key=id_order),
            "lost": sorted(was - becomes, key=id_order),
        }


def _fatal(row: Mapping[str, Any]) -> set[str]:
    return {found["rule"] for found in row["findings"] if found["severity"] == Severity.FATAL}
