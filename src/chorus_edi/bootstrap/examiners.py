"""Workers: what each builds to examine documents, and the supervisor they run under."""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chorus_edi.domain.recipients import UnknownSuppliers
from chorus_edi.domain.scenarios import RuleSet
from chorus_edi.domain.weighing import Weights
from chorus_edi.pipeline.tasks import Chunk, Earlier, Task
from chorus_edi.pipeline.worker import Examine, Supervisor


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminerSpec:
    """What a worker needs to build its examiner; travels to it.

    Attributes:
        directory: a version of the directory; None where there is none.
        state_recipients: SIRETs routed by the code service alone.
        requested: rule sets asked for; None chooses by scenario.
        keep_going: apply the rules even where the schema is not respected.
        thorough: look for schema faults with a second engine too.
        weights: how circuits and partners weigh what is found.
        unknown_suppliers: what a supplier costs whom the directory does not list.
    """

    directory: Path | None = None
    state_recipients: frozenset[str] = frozenset()
    requested: tuple[RuleSet, ...] | None = None
    keep_going: bool = False
    thorough: bool = False
    weights: Weights = field(default_factory=Weights)
    unknown_suppliers: UnknownSuppliers = UnknownSuppliers.REFUSED


def build_examiner(spec: ExaminerSpec) -> Examine:
    """Build, inside a worker, the function that examines a document.

    Raises:
        ConfigurationError: an official artefact is missing or changed.
    """
    from chorus_edi.adapters.files.annuaire import open_directory
    from chorus_edi.adapters.files.artefacts import Schemas, load_manifest
    from chorus_edi.adapters.files.disk import write_scratch
    from chorus_edi.pipeline.examination import Examiner
    from chorus_edi.pipeline.plan import invoice_chain
    from chorus_edi.stages.detect import detect

    chain = invoice_chain(
        Schemas(load_manifest()),
        open_directory(spec.directory) if spec.directory else None,
        spec.state_recipients,
        spec.requested,
        keep_going=spec.keep_going,
        thorough=spec.thorough,
        unknown_suppliers=spec.unknown_suppliers,
    )

    def keep(folder: str, name: str, content: bytes) -> None:
        # Made durable when it is delivered, together with the others of its flow.
        write_scratch(f"{folder}/{name}", content)

    examiner = Examiner(detect, chain, spec.requested, keep, spec.weights)

    def examine(task: Task) -> Any:
        if task.against is not None:
            return examiner.compare(task, _content(task), task.against, _content(task.against))
        return examiner.examine(task, _content(task))

    return examine


def _content(of: Task | Earlier) -> bytes:
    content = Path(os.fsdecode(of.path)).read_bytes() if of.path else of.data
    return content or b""


@contextmanager
def supervised(
    build: Callable[[], Examine],
    *,
    workers: int,
    deadline: Callable[[Chunk], float],
    attempt: Callable[[Task], int],
    survived: Callable[[Task], None] = lambda _: None,
) -> Iterator[Supervisor]:
    """Run workers for as long as this lasts.

    Args:
        build: makes what a worker examines with; called in the worker.
        workers: how many.
        deadline: seconds that a chunk may take.
        attempt: counts the attempts at a document, this one included.
        survived: forgets them, once the document was answered.
    """
    supervisor = Supervisor(
        build, workers=workers, deadline=deadline, attempt=attempt, survived=survived
    )
    try:
        yield supervisor
    finally:
        supervisor.close()


def deadline_of(base: float, per_megabyte: float) -> Callable[[Chunk], float]:
    """Return how many seconds a chunk may take: so many, and so many more per megabyte."""
    return lambda chunk: base + per_megabyte * chunk.size / 1_000_000
