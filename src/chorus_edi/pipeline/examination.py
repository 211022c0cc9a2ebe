"""One document, from its bytes to what is said of it. Runs in a worker; writes only what is staged.

Same bytes, same rule-set versions and same directory version give the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from hashlib import sha256

import msgspec

from chorus_edi.domain import sameness
from chorus_edi.domain.dossier import (
    Checked,
    Detected,
    Document,
    Parsed,
    Place,
    Resolved,
    Validated,
)
from chorus_edi.domain.findings import Finding, Findings, NotChecked, Outcome, Refused
from chorus_edi.domain.flux import Deliverable, Examination, InvoiceSummary, Verdict, document_id
from chorus_edi.domain.identifiers import seller_of, valideur_of
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.recipients import routing_of
from chorus_edi.domain.scenarios import Circuit, Container, RuleSet
from chorus_edi.domain.weighing import Weighing, Weights
from chorus_edi.pipeline.flow import Chain
from chorus_edi.pipeline.tasks import Earlier, Task
from chorus_edi.rules import recipient
from chorus_edi.rules.sets import weighed_labels
from chorus_edi.stages import check
from chorus_edi.stages.check import unapplied
from chorus_edi.stages.parse import parse
from chorus_edi.stages.resolve import told_once

_YEAR = re.compile(r"(?P<year>[0-9]{4})-[0-9]{2}-[0-9]{2}")
_EXTENSIONS = {Container.XML: ".xml", Container.FACTUR_X: ".pdf", Container.PDF: ".pdf"}
_ORIGINAL = "original"
_PLAIN_PDF = NotChecked("*", "PDF sans données structurées : mis en attente de saisie.")

Detect = Callable[[Document], Outcome[Detected]]
Keep = Callable[[str, str, bytes], None]
"""(folder, name, content): write a file."""


class Examiner:
    """Examines documents one by one.

    Args:
        detect: the first step, which picks the chain.
        chain: the steps of an invoice.
        requested: rule sets asked for; None chooses by scenario.
        keep: writes one staged file.
        weights: how circuits and partners weigh what is found.
    """

    def __init__(
        self,
        detect: Detect,
        chain: Chain[Detected, Checked],
        requested: Sequence[RuleSet] | None,
        keep: Keep,
        weights: Weights,
    ) -> None:
        self._detect = detect
        self._chain = chain
        self._requested = requested
        self._keep = keep
        self._weights = weights

    def examine(self, task: Task, content: bytes) -> Examination:
        """Say everything there is to say of one document."""
        document = Document(
            content=content,
            name=task.entry.name,
            deposited=task.deposited,
            interface=task.interface,
            default_circuit=task.default_circuit,
            judged_by=task.judged_by,
            formats=task.formats,
            senders=task.senders,
        )
        detected = self._detect(document)
        if isinstance(detected, Refused):
            return _answer(task, Verdict.IRRECEVABLE, detected.findings)
        if detected.value.container is Container.PDF:
            return self._waiting(task, detected.findings)
        if detected.value.container is Container.COMPANION:
            answer = _answer(task, Verdict.COMPANION, ())
            return msgspec.structs.replace(answer, container=Container.COMPANION)
        outcome = self._chain.run(detected.value)
        return self._judged(task, detected.value, detected.findings + outcome.findings, outcome)

    def compare(self, task: Task, content: bytes, earlier: Earlier, before: bytes) -> Examination:
        """Say which terms of a document differ from an earlier one's, routing left out.

        None, and no verdict, where one of them cannot be read any more. Only invoices of the
        historic circuit are compared: the others are never recycled.
        """
        first = self._read(before, earlier.entry.name, earlier.deposited)
        again = self._read(content, task.entry.name, task.deposited)
        differing = sameness.differing(first, again) if first and again else None
        return msgspec.structs.replace(_answer(task, Verdict.UNDECIDED, ()), differing=differing)

    def _read(self, content: bytes, name: str, deposited: date) -> Invoice | None:
        detected = self._detect(Document(content=content, name=name, deposited=deposited))
        if isinstance(detected, Refused) or detected.value.syntax is None:
            return None
        outcome = parse(detected.value)
        return None if isinstance(outcome, Refused) else outcome.value.invoice

    @staticmethod
    def _waiting(task: Task, findings: Findings) -> Examination:
        return msgspec.structs.replace(
            _answer(task, Verdict.WAITING, findings),
            container=Container.PDF,
            not_checked=(_PLAIN_PDF,),
        )

    def _judged(
        self, task: Task, detected: Detected, findings: Findings, outcome: Outcome[Checked]
    ) -> Examination:
        reached = outcome.reached if isinstance(outcome, Refused) else outcome.value
        checked = reached if isinstance(reached, Checked) else None
        resolved = checked.resolved if checked else None
        parsed = resolved.parsed if resolved else _parsed(reached)
        weighing = self._weights.of(parsed.scenario.circuit if parsed else None, task.partner)
        findings = told_once(weighing.weigh(findings))
        verdict = _verdict(findings)
        if checked and verdict is Verdict.ACCEPTED:
            verdict = self._unless_unjudged(checked)
        answer = msgspec.structs.replace(
            _answer(task, verdict, findings),
            container=detected.container,
            syntax=detected.syntax,
        )
        if parsed is None:
            return answer
        scenario = parsed.scenario
        return msgspec.structs.replace(
            answer,
            profile=scenario.profile,
            circuit=scenario.circuit,
            rule_sets=_labels(checked, weighing) if checked else (),
            directory_version=resolved.directory_version if resolved else None,
            not_checked=checked.not_checked if checked else unapplied(parsed, self._requested),
            summary=_summary(parsed, resolved),
            # Only a deposit can turn out to be a duplicate, and then says where the number stands.
            number_place=parsed.locate(["BT-1"])[0] if task.stage else Place(),
            deliverables=self._stage(task, parsed, answer.verdict),
        )

    def _unless_unjudged(self, checked: Checked) -> Verdict:
        """Accept nothing on a day before the first rules: nobody has judged it."""
        unjudged = check.none_in_force(checked.resolved.parsed, self._requested)
        return Verdict.UNDECIDED if unjudged else Verdict.ACCEPTED

    def _stage(self, task: Task, parsed: Parsed, verdict: Verdict) -> tuple[Deliverable, ...]:
        """Write what the recipient is to get, under its final names."""
        if task.stage is None or not (verdict is Verdict.ACCEPTED or task.stage_always):
            return ()
        deliverables = []
        for name, kind, content in _files(task, parsed):
            self._keep(task.stage, name, content)
            known = task.entry.sha256 if kind == _ORIGINAL else sha256(content).hexdigest()
            deliverables.append(Deliverable(name=name, kind=kind, size=len(content), sha256=known))
        return tuple(deliverables)


def _files(task: Task, parsed: Parsed) -> Iterator[tuple[str, str, bytes]]:
    stem = document_id(task.flux, task.entry.rank)
    document = parsed.detected.document
    yield f"{stem}{_EXTENSIONS[parsed.detected.container]}", _ORIGINAL, document.content
    for number, (attachment, content) in enumerate(parsed.attachments(), 1):
        yield f"{stem}_PJ{number:02d}_{attachment.name}", "attachment", content


def _labels(checked: Checked, weighing: Weighing) -> tuple[str, ...]:
    """Name the versions that judged, and what weighed otherwise in them or beside them."""
    circuit = checked.resolved.parsed.scenario.circuit
    beside = recipient.weighable_in(circuit) | check.weighable_in(circuit)
    return weighed_labels(checked.rule_sets, weighing, beside)


def _parsed(reached: object) -> Parsed | None:
    if isinstance(reached, Parsed):
        return reached
    return reached.parsed if isinstance(reached, (Validated, Resolved)) else None


def _verdict(findings: Sequence[Finding]) -> Verdict:
    fatal = [finding for finding in findings if finding.fatal]
    if any(finding.stage.technical for finding in fatal):
        return Verdict.IRRECEVABLE
    return Verdict.REFUSED if fatal else Verdict.ACCEPTED


def _answer(task: Task, verdict: Verdict, findings: Findings) -> Examination:
    entry = task.entry
    return Examination(
        rank=entry.rank,
        name=entry.name,
        size=entry.size,
        sha256=entry.sha256,
        verdict=verdict,
        motive=_first_motive(findings),
        findings=findings,
    )


def _first_motive(findings: Findings) -> Motive | None:
    """Return the motive of the fault that weighs most: a technical one before a functional one."""
    fatal = sorted((f for f in findings if f.fatal), key=lambda f: not f.stage.technical)
    return fatal[0].motive if fatal else None


def _summary(parsed: Parsed, resolved: Resolved | None) -> InvoiceSummary:
    invoice, circuit = parsed.invoice, parsed.scenario.circuit
    routing = resolved.routing if resolved else routing_of(invoice, circuit, parsed.syntax)
    structure = resolved.structure if resolved else None
    seller, totals, buyer = invoice.seller, invoice.totals, invoice.buyer
    party = seller_of(invoice)
    year = _YEAR.fullmatch(invoice.issue_date or "")
    return InvoiceSummary(
        number=(invoice.number or "").strip(),
        year=int(year["year"]) if year else None,
        issue_date=invoice.issue_date or "",
        type_code=invoice.type_code or "",
        seller_key=party.key if party else _fallback_key(invoice),
        seller=party.identifier if party else "",
        seller_name=(seller.name if seller else None) or "",
        recipient=routing.siret or "",
        recipient_name=(structure.name if structure else buyer.name if buyer else None) or "",
        code_service=routing.code_service or "",
        engagement=routing.engagement or "",
        without_vat=_digits(totals.without_vat if totals else None),
        vat=_digits(totals.vat if totals else None),
        amount=_digits(totals.with_vat if totals else None),
        due=_digits(totals.due if totals else None),
        currency=invoice.currency or "EUR",
        cadre=_cadre(invoice, circuit),
        valideur=valideur_of(invoice),
    )


def _digits(amount: Decimal | None) -> str:
    return f"{amount:f}" if amount is not None else ""


def _fallback_key(invoice: Invoice) -> str:
    """Scope numbers by the seller's name where he gives no identifier we know.

    Sellers without even a name share one scope: a number must never be unique under nothing.
    """
    return f"NOM:{((invoice.seller.name if invoice.seller else None) or '').strip()}"


def _cadre(invoice: Invoice, circuit: Circuit | None) -> str:
    """Return the cadre de facturation; in the historic circuit absent means A1 (facts 4)."""
    chorus, process = invoice.chorus, invoice.process
    cadre = (chorus.cadre if chorus else None) or (process.business_process if process else None)
    return cadre or ("A1" if circuit is Circuit.HISTORIQUE else "")
