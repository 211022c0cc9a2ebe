"""The main loop: what is in the inbox goes through the five commits, flow after flow.

Examination runs ahead in the workers; decisions are committed in claim order, ranks ascending,
whatever order examination ends in. Nothing of a flow is decided before all of it was examined.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from chorus_edi.domain.findings import Finding, Findings, Severity, Stage
from chorus_edi.domain.flux import Arrival, DeliveryFormat, Examination, Flux, Verdict
from chorus_edi.domain.labels import Label
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.statuses import FluxState
from chorus_edi.errors import Defect, Delayed, said
from chorus_edi.pipeline.closing import Closing
from chorus_edi.pipeline.continuing import Continuing
from chorus_edi.pipeline.crashpoints import reach
from chorus_edi.pipeline.decision import decisions_of, duplicate, is_irrecevable
from chorus_edi.pipeline.dispatch import Dispatch
from chorus_edi.pipeline.intake import FlowRead, Intake
from chorus_edi.pipeline.packing import archive_for, packed
from chorus_edi.pipeline.rests import Rests
from chorus_edi.pipeline.shipping import Shipping
from chorus_edi.pipeline.tasks import Chunk, Mark
from chorus_edi.pipeline.worker import Answer, Done, Lost, Supervisor
from chorus_edi.ports import Clock, FlowFiles, Store
from chorus_edi.stages.envelope import judge_content

log = logging.getLogger(__name__)

CLAIM_BATCH = 50
DECIDE_BATCH = 64
"""Files claimed, and documents decided, in one transaction."""

LOST_RULE = "CE-EXAM-01"
RULES: dict[str, Label] = {
    LOST_RULE: Label(
        "Le document n'a pas pu être examiné ; il attend un opérateur.",
        "The document could not be examined; it waits for an operator.",
    ),
}

Scan = Callable[[], Sequence[Arrival]]
Progress = Callable[[int, int], None]
"""(documents decided, flows closed) so far."""


@dataclass(slots=True)
class RunSummary:
    """What a run did. ``stages`` are seconds of the main process per commit, and waiting.

    ``recycled`` are the documents that continued an earlier invoice. ``states`` counts the flows by
    how they were closed, those too whose report waits. ``delayed`` are the flows that could not go
    on, and why; the next run takes them up. So are ``defects``, where the fault is ours.
    ``undelivered`` are flows of which something is owed that could not be delivered, and why.
    """

    documents: int = 0
    recycled: int = 0
    incidents: int = 0
    states: dict[FluxState, int] = field(default_factory=lambda: defaultdict(int))
    delayed: dict[str, str] = field(default_factory=dict)
    defects: dict[str, str] = field(default_factory=dict)
    undelivered: dict[str, str] = field(default_factory=dict)
    stages: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    @property
    def flows(self) -> int:
        """Flows closed."""
        return sum(self.states.values())

    def forget(self, numero_flux: str) -> None:
        """Drop why a flow could not go on: it did, or fails otherwise now."""
        self.delayed.pop(numero_flux, None)
        self.defects.pop(numero_flux, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One run over arrivals, recovery of what an interrupted run left included."""

    store: Store
    files: FlowFiles
    clock: Clock
    supervisor: Supervisor
    intake: Intake
    dispatch: Dispatch
    closing: Closing
    shipping: Shipping | None = None
    continuing: Continuing | None = None
    delivery: DeliveryFormat = DeliveryFormat.FILES
    stopping: Callable[[], bool] = lambda: False
    rests: Rests = field(default_factory=Rests)

    def run(self, scan: Scan, summary: RunSummary, progress: Progress | None = None) -> None:
        """Finish what was begun, then process what a scan of the inbox finds, in order."""
        self._finish_closed(summary)
        summary.undelivered.clear()
        self._ship(summary)
        recycled = summary.recycled
        answers: list[Answer] = []
        for item in self._timed_examination(self._fluxes(scan, summary), summary):
            if isinstance(item, Done):
                answers.extend(item.answers)
                continue
            assert isinstance(item.value, FlowRead)
            self._end(item.value, answers, summary)
            answers = []
            if progress:
                progress(summary.documents, summary.flows)
        if summary.recycled > recycled:
            self._ship(summary)

    def _ship(self, summary: RunSummary) -> None:
        """Deliver what is owed because of events."""
        if self.shipping is not None:
            with _timing(summary, "ship"):
                summary.undelivered.update(self.shipping.run(self.stopping))

    def _finish_closed(self, summary: RunSummary) -> None:
        """End the flows that were closed but whose report or shelf was cut off."""
        for numero in self.files.in_work():
            flux = self.store.flux(numero) if self.rests.over(numero) else None
            if flux is not None and flux.etat.closed:
                with self._bearing(flux, summary):
                    if self.files.received(flux):
                        self.closing.finish(numero)
                    else:
                        # Its report was given before its file went: only scratch is left.
                        self.files.shelve(flux, refused=False)

    def _fluxes(self, scan: Scan, summary: RunSummary) -> Iterator[Flux]:
        unfinished = self.store.unfinished()
        begun = [flux for flux in unfinished if self.rests.over(flux.numero_flux)]
        for flux in begun:
            # Before the scan: a file claimed but not yet taken would look like a new arrival.
            # What fails here is told when the flow is read.
            with suppress(OSError, Delayed):
                self.files.take(flux)
        yield from begun
        # A file that cannot be taken is listed again, and its flow was or will be tried.
        known = {flux.numero_flux for flux in unfinished}
        arrivals = scan()
        for start in range(0, len(arrivals), CLAIM_BATCH):
            if self.stopping():
                return
            with _timing(summary, "claim"):
                batch = self.intake.claim(arrivals[start : start + CLAIM_BATCH])
            yield from (flux for flux in batch if flux.numero_flux not in known)

    def _work(self, fluxes: Iterable[Flux], summary: RunSummary) -> Iterator[Chunk | Mark]:
        for flux in fluxes:
            documents = self.intake.documents(flux)
            while True:
                with _timing(summary, "register"):
                    item = next(documents, None)
                if item is None:
                    break
                yield item

    def _timed_examination(
        self, fluxes: Iterable[Flux], summary: RunSummary
    ) -> Iterator[Done | Mark]:
        """Run the supervisor, its time counted without that of the reading it draws on."""
        results = self.supervisor.run(self._work(fluxes, summary))
        while True:
            before = time.perf_counter() - _reading(summary)
            item = next(results, None)
            summary.stages["examine"] += time.perf_counter() - _reading(summary) - before
            if item is None:
                return
            yield item

    def _end(self, read: FlowRead, answers: Sequence[Answer], summary: RunSummary) -> None:
        """Decide, deliver and close one flow that was examined to its end."""
        with self._bearing(read.flux, summary):
            if read.failed is not None:
                raise read.failed
            self._conclude(read, answers, summary)

    @contextmanager
    def _bearing(self, flux: Flux, summary: RunSummary) -> Iterator[None]:
        """Let a flow wait for which the environment fails, or our code; the others go on."""
        numero = flux.numero_flux
        try:
            yield
        except (OSError, Delayed, Defect) as error:
            ours = isinstance(error, Defect)
            reason, taken = said(error), self.files.kept(flux)
            told = f"défaut du programme, à signaler : {reason}" if ours else reason
            # Who mends a defect needs to know where it was met.
            trace = error if ours else None
            log.warning("flux %s en attente du prochain passage : %s", numero, told, exc_info=trace)
            told = f"Attente du prochain passage : {told}"
            self.store.delay(numero, told, self.clock.now(), taken=taken)
            self.rests.put(flux, taken=taken)
            summary.forget(numero)
            (summary.defects if ours else summary.delayed)[numero] = reason
        else:
            self.rests.end(numero)
            summary.forget(numero)

    def _conclude(self, read: FlowRead, answers: Sequence[Answer], summary: RunSummary) -> None:
        flux = read.flux
        if not read.found:
            self.closing.vanish(flux)
            summary.states[FluxState.IN_INCIDENTE] += 1
            return
        reach("screened")
        findings = read.findings or self._decide(read, answers, summary)
        with _timing(summary, "close"):
            documents = self.store.documents(flux.numero_flux)
            summary.states[self.closing.close(flux, documents, findings)] += 1
            self.closing.finish(flux.numero_flux, documents)

    def _decide(self, read: FlowRead, answers: Sequence[Answer], summary: RunSummary) -> Findings:
        """Decide and deliver the documents of a flow; return the faults of the flow as a whole."""
        examinations = [_examined(answer) for answer in answers]
        findings = judge_content(read.flux.interface, examinations)
        irrecevable = bool(findings) or is_irrecevable(examinations)
        decisions = decisions_of(examinations, read.flux.mode, irrecevable=irrecevable)
        numero = read.flux.numero_flux
        with _timing(summary, "decide"):
            if self.delivery is DeliveryFormat.TAR:
                decisions = packed(decisions, archive_for(numero, self.store.intents(numero)))
            for start in range(0, len(decisions), DECIDE_BATCH):
                batch = decisions[start : start + DECIDE_BATCH]
                if self.continuing is not None:
                    batch = self.continuing.recognise(read.flux, batch, read.scratch)
                written = self.store.decide(numero, batch, duplicate, self.clock.now())
                summary.recycled += sum(one.continues is not None for one in written)
                reach("decided")
                self.supervisor.heed()
        with _timing(summary, "deliver"):
            self.dispatch.deliver(read.flux, read.scratch)
        self.supervisor.heed()
        summary.documents += len(decisions)
        summary.incidents += sum(isinstance(answer, Lost) for answer in answers)
        return findings


def _examined(answer: Answer) -> Examination:
    """Return the examination, or what stands for it where the document could not be examined."""
    if isinstance(answer, Examination):
        return answer
    entry = answer.task.entry
    finding = Finding(
        rule=LOST_RULE,
        severity=Severity.WARNING,
        stage=Stage.DECIDE,
        motive=Motive.IRR_SYNTAX,
        message=RULES[LOST_RULE],
        conseil="Aucune action de l'émetteur : un opérateur reprend ou refuse le document.",
        found=answer.reason,
    )
    return Examination(
        rank=entry.rank,
        name=entry.name,
        size=entry.size,
        sha256=entry.sha256,
        verdict=Verdict.UNDECIDED,
        findings=(finding,),
    )


@contextmanager
def _timing(summary: RunSummary, stage: str) -> Iterator[None]:
    began = time.perf_counter()
    try:
        yield
    finally:
        summary.stages[stage] += time.perf_counter() - began


def _reading(summary: RunSummary) -> float:
    return summary.stages["claim"] + summary.stages["register"]
