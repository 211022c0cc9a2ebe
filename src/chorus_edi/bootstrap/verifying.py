"""Checks without deposit: ``validate``, and ``rules compare`` with the rules of another day."""

# ruff: noqa: PLC0415 - a worker stays small and starts fast: see the package

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from chorus_edi.adapters.clock import SystemClock
from chorus_edi.bootstrap.databases import environment, open_store
from chorus_edi.bootstrap.examiners import (
    ExaminerSpec,
    build_examiner,
    deadline_of,
    supervised,
)
from chorus_edi.bootstrap.installation import (
    limits_in,
    load_settings,
    refuse_changed_artefacts,
    spec_of,
    weights_in,
)
from chorus_edi.domain.interfaces import carrying
from chorus_edi.domain.legal_time import paris
from chorus_edi.domain.weighing import Weights
from chorus_edi.errors import ConfigurationError
from chorus_edi.pipeline.worker import Examine

if TYPE_CHECKING:
    from chorus_edi.adapters.official import OfficialSheets
    from chorus_edi.pipeline.night import Progress
    from chorus_edi.ports import Clock
    from chorus_edi.services.comparison import ComparisonOptions, Tally
    from chorus_edi.services.verification import Row, Subject, VerificationOptions
    from chorus_edi.settings import Settings


def verify(
    paths: Sequence[Path],
    options: VerificationOptions,
    progress: Progress | None = None,
    *,
    clock: Clock | None = None,
    examiner: Callable[[ExaminerSpec], Examine] = build_examiner,
) -> Iterator[Row]:
    """Check files without depositing them; one object per document, in path order.

    Raises:
        ConfigurationError: wrong usage, or saxonche is needed and absent; nothing was started.
        Incident: a worker does not start, a file cannot be read.
    """
    from chorus_edi.domain.recipients import STATE_RECIPIENTS
    from chorus_edi.formats.archive import Limits
    from chorus_edi.services.verification import Attempts, files_of, verify

    requested, files = options.requested, files_of(paths)
    refuse_changed_artefacts()
    subjects, weights = _judged(files, options, _today(clock))
    with environment(), ExitStack() as stack:
        sheets = stack.enter_context(_official_sheets()) if options.official else None
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chorus-edi-")))
        spec = ExaminerSpec(
            directory=_given_directory(options, scratch),
            state_recipients=STATE_RECIPIENTS,
            requested=requested,
            keep_going=options.keep_going,
            thorough=True,
            weights=weights,
        )
        supervisor = stack.enter_context(
            supervised(
                partial(examiner, spec),
                workers=options.jobs,
                deadline=deadline_of(60, 10),
                attempt=Attempts().count,
            )
        )
        yield from verify(
            subjects,
            supervisor,
            limits=Limits(),
            scratch=str(scratch),
            progress=progress,
            second=(sheets.judge, requested) if sheets else None,
            open_all=options.keep_going,
        )


def _judged(
    files: Sequence[Path], options: VerificationOptions, today: date
) -> tuple[Sequence[Subject], Weights]:
    """Return what is to be checked, as deposits of a partner where one is named."""
    from chorus_edi.adapters.files.partners import load_partners
    from chorus_edi.services.envelopes import deposit_of, subject_of

    if options.partner is None:
        if options.config is not None:
            raise ConfigurationError("--config dit où un partenaire est déclaré : nommez-le aussi")
        return [subject_of(file, today, options.on) for file in files], Weights()
    settings = load_settings(options.config)
    partners = load_partners(settings.partenaires.file)
    judge = partial(
        deposit_of,
        deposited=today,
        judged_by=options.on,
        code=options.partner,
        partners=partners,
        interfaces=carrying(settings.interfaces.formats),
        limits=limits_in(settings),
    )
    return [judge(file) for file in files], weights_in(settings, partners)


def _today(clock: Clock | None) -> date:
    return paris((clock or SystemClock()).now()).date()


def _official_sheets() -> OfficialSheets:
    from chorus_edi.adapters.files.artefacts import load_manifest, sheets
    from chorus_edi.adapters.official import OfficialSheets

    return OfficialSheets(sheets(load_manifest()))


def _given_directory(options: VerificationOptions, scratch: Path) -> Path | None:
    from chorus_edi.adapters.files.annuaire import current_directory
    from chorus_edi.adapters.files.annuaire_import import import_annuaire

    if options.annuaire is None:
        return None
    import_annuaire(*options.annuaire, scratch / "annuaire")
    return current_directory(scratch / "annuaire")


def compare_rules(
    paths: Sequence[Path],
    options: ComparisonOptions,
    config: Path | None,
    tally: Tally | None = None,
    *,
    clock: Clock | None = None,
    examiner: Callable[[ExaminerSpec], Examine] = build_examiner,
) -> Iterator[Row]:
    """Judge by other rules too: one object per document whose verdict changes.

    Args:
        paths: files and folders, judged by today's rules; without any, the flows already taken,
            judged by those of their deposit.
        options: which other rules.
        config: the settings' file; only asked for without paths.
        tally: counts what is compared.
        clock: the system's unless a test holds it still.
        examiner: builds what workers run.

    Raises:
        ConfigurationError: wrong usage, or nothing was ever taken; nothing was started.
        Incident: a worker does not start, a file cannot be read.
    """
    from msgspec.structs import replace

    from chorus_edi.domain.recipients import STATE_RECIPIENTS
    from chorus_edi.services.comparison import changes
    from chorus_edi.services.verification import Subject, files_of

    if paths and options.since:
        raise ConfigurationError("--depuis choisit dans l'archive : ne donnez pas de fichiers")
    on, files = options.on, files_of(paths)
    refuse_changed_artefacts()
    with environment(), ExitStack() as stack:
        if paths:
            spec = ExaminerSpec(state_recipients=STATE_RECIPIENTS)
            subjects = [Subject(path=str(file), deposited=_today(clock)) for file in files]
        else:
            spec, subjects = _taken(stack, load_settings(config), options.since)
        examine = partial(examiner, spec)
        before = _rows(stack, examine, subjects, options.jobs)
        others = [replace(subject, judged_by=on) for subject in subjects]
        yield from changes(before, _rows(stack, examine, others, options.jobs), tally)


def _taken(
    stack: ExitStack, settings: Settings, since: date | None
) -> tuple[ExaminerSpec, list[Subject]]:
    """Return how flows are examined here, and those already taken."""
    from chorus_edi.adapters.files.flows import FlowFolders
    from chorus_edi.adapters.files.partners import load_partners
    from chorus_edi.services.comparison import archived

    partners = load_partners(settings.partenaires.file)
    store = stack.enter_context(open_store(settings))
    files = FlowFolders(settings.folders.inbox, settings.folders.data)
    subjects = list(archived(store, files, partners.by_code, since))
    return spec_of(settings, partners), subjects


def _rows(
    stack: ExitStack, examine: Callable[[], Examine], subjects: Sequence[Subject], jobs: int
) -> Iterator[Row]:
    from chorus_edi.formats.archive import Limits
    from chorus_edi.services.verification import Attempts, verify

    scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="chorus-edi-"))
    supervisor = stack.enter_context(
        supervised(examine, workers=jobs, deadline=deadline_of(60, 10), attempt=Attempts().count)
    )
    return verify(subjects, supervisor, limits=Limits(), scratch=scratch)
