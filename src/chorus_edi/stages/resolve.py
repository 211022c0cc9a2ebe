"""Who is the recipient: looks him up in the directory and says what he demands and lacks.

The supplier is looked up where the directory lists suppliers, and so are commitment numbers. It
never refuses: its findings join those of ``check``, which alone does, so that a supplier learns
all his faults at once. Sources: facts chorus-pro 5.3-5.5 (recipients, obligations, P40 and P46),
2.7 (motives), reform-2026 5.2 (order of the checks on deposit).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter

import msgspec

from chorus_edi.domain.dossier import Parsed, Resolved, Validated
from chorus_edi.domain.findings import (
    Finding,
    Findings,
    Outcome,
    Passed,
    Severity,
    Stage,
    excerpt,
)
from chorus_edi.domain.identifiers import (
    IdentifierKind,
    compact,
    looks_like_siret,
    seller_of,
)
from chorus_edi.domain.invoice import Invoice
from chorus_edi.domain.recipients import (
    Routing,
    Service,
    Structure,
    UnknownSuppliers,
    is_b2g,
    routing_of,
)
from chorus_edi.domain.scenarios import Circuit
from chorus_edi.ports import Directory
from chorus_edi.rules.chorus_b2g.directory import CARDS
from chorus_edi.rules.recipient import RULES, RecipientRule
from chorus_edi.rules.registry import Rule, id_order

_TOLD_BY: Mapping[str, tuple[str, ...]] = {
    "CE-DEST-01": ("BR-FR-CPRO-10",),
    "CE-DEST-02": ("BR-FR-CPRO-10", "BR-FR-09"),
}
"""Rule → those of the sets that tell the same fault of the recipient, where they refuse."""

_TELLING = frozenset(rule for rules in _TOLD_BY.values() for rule in rules)

_BY_ID = {rule.id: rule for rule in RULES}
_NEEDS_PUBLIC_RECIPIENT = ("CE-DEST-01", "CE-DEST-02")
_NOT_CHECKED = {
    (circuit, public): tuple(
        sorted(
            {
                rule.id_in(circuit)
                for rule in RULES
                if rule.needs_directory or (rule.id in _NEEDS_PUBLIC_RECIPIENT and not public)
            },
            key=id_order,
        )
    )
    for circuit in (None, *Circuit)
    for public in (True, False)
}
"""(circuit, whether the recipient is known as a public body) → what needs a directory there."""


class _Fault(msgspec.Struct, frozen=True):
    """A rule broken at an address of the invoice; ``other`` would have done as well.

    ``severity`` is that of the rule's card unless it is said.
    """

    rule: str
    address: str
    found: str | None = None
    expected: str | None = None
    other: str | None = None
    severity: Severity | None = None


class _Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """What the directory answered; ``siret`` is whom the invoice is for in the end."""

    siret: str | None
    state: bool
    structure: Structure | None = None
    service: Service | None = None


def resolver(
    directory: Directory | None,
    state_recipients: frozenset[str],
    unknown_suppliers: UnknownSuppliers = UnknownSuppliers.REFUSED,
) -> Callable[[Validated], Outcome[Resolved]]:
    """Make the step.

    Args:
        directory: where recipients are looked up; None where there is none (``validate``): then
            only the rules that need none are judged, see ``not_checked``.
        state_recipients: SIRETs of the State, routed by the code service alone.
        unknown_suppliers: what a supplier costs whom the directory does not list.

    Returns:
        A step that always passes, with the faults of recipient and supplier as findings.
    """

    def step(validated: Validated) -> Outcome[Resolved]:
        parsed = validated.parsed
        routing = _routing(parsed)
        public, circuit = _is_public(parsed, directory), parsed.scenario.circuit
        recipient = _look_up(routing, circuit, directory, state_recipients)
        faults = [*_faults_of_invoice(routing, recipient, circuit, public)]
        if directory is not None:
            faults += _faults_by_directory(routing, recipient, _deposited(parsed))
            numbers = _engagements(parsed.invoice)
            faults += _faults_of_engagements(numbers, recipient, directory)
            faults += _faults_of_supplier(parsed, directory, unknown_suppliers)
        resolved = Resolved(
            parsed=parsed,
            routing=msgspec.structs.replace(routing, siret=recipient.siret),
            structure=recipient.structure,
            service=recipient.service,
            public=recipient.structure is not None or recipient.state or _is_public(parsed, None),
            directory_version=directory.version if directory else None,
        )
        return Passed(resolved, _findings(parsed, faults))

    return step


class Rerouted(msgspec.Struct, frozen=True):
    """Whom an invoice would be for if it were sent anew, and the rules that would refuse it."""

    siret: str | None
    name: str
    broken: tuple[RecipientRule | Rule, ...]


def rerouted(
    routing: Routing,
    circuit: Circuit | None,
    day: date,
    directory: Directory,
    state_recipients: frozenset[str],
) -> Rerouted:
    """Look a routing up as that of a deposit is.

    Args:
        routing: where an invoice is to go; its addresses are not read.
        circuit: the circuit that it follows.
        day: when it is to go there.
        directory: where recipients are looked up.
        state_recipients: SIRETs of the State, routed by the code service alone.
    """
    recipient = _look_up(routing, circuit, directory, state_recipients)
    faults = (
        *_faults_of_invoice(routing, recipient, circuit, public=True),
        *_faults_by_directory(routing, recipient, day),
        *_faults_of_engagements({routing.engagement or "": "BT-13"}, recipient, directory),
    )
    name = recipient.structure.name if recipient.structure else ""
    cards = [(one.severity, _card(one.rule, circuit)) for one in faults]
    fatal = (card for weight, card in cards if (weight or card.severity) is Severity.FATAL)
    return Rerouted(recipient.siret, name, tuple(fatal))


def not_checked(parsed: Parsed) -> tuple[str, ...]:
    """Return the ids of the rules that are not judged on this document without a directory.

    Beyond ``NEEDS_DIRECTORY``: where nothing says that the recipient is a public body, nothing
    says either that he must have a SIRET.
    """
    return _NOT_CHECKED[parsed.scenario.circuit, _is_public(parsed, None)]


def told_once(findings: Findings) -> Findings:
    """Leave out what a rule set has told as well, once all is weighed: one fault, one finding.

    A rule that only warns does not stand for one that refuses.
    """
    of_buyer = {one.rule for one in findings if one.fatal and one.address.startswith("BG-7")}
    if of_buyer.isdisjoint(_TELLING):
        return findings
    return tuple(one for one in findings if of_buyer.isdisjoint(_TOLD_BY.get(one.rule, ())))


def _routing(parsed: Parsed) -> Routing:
    return routing_of(parsed.invoice, parsed.scenario.circuit, parsed.syntax)


def _is_public(parsed: Parsed, directory: Directory | None) -> bool:
    """True where the recipient must be a public body.

    Whoever asks with a directory expects a recipient of it; the historic circuit knows no other;
    elsewhere the note ADN says so (BR-FR-CPRO-00), and the AFNOR circuit also carries invoices
    between companies.
    """
    historic = parsed.scenario.circuit is Circuit.HISTORIQUE
    return directory is not None or historic or is_b2g(parsed.invoice)


def _look_up(
    routing: Routing,
    circuit: Circuit | None,
    directory: Directory | None,
    state_recipients: frozenset[str],
) -> _Recipient:
    siret = routing.siret
    state = siret in state_recipients
    if directory is None or siret is None:
        return _Recipient(siret=siret, state=state)
    structure = directory.structure(IdentifierKind.SIRET, siret)
    if structure is None and not state and circuit is Circuit.HISTORIQUE:
        # Official sample P46: the SIRET is unknown, the code service is the State's.
        siret = _state_behind(routing.code_service, directory, state_recipients) or siret
        state = siret in state_recipients
        structure = directory.structure(IdentifierKind.SIRET, siret) if state else None
    code = routing.code_service
    service = directory.service(siret, code) if code and (structure or state) else None
    return _Recipient(siret=siret, state=state, structure=structure, service=service)


def _state_behind(
    code: str | None, directory: Directory, state_recipients: frozenset[str]
) -> str | None:
    """Return the State recipient that has this service."""
    if code is None:
        return None
    owners = (siret for siret in sorted(state_recipients) if directory.service(siret, code))
    return next(owners, None)


def _faults_of_invoice(
    routing: Routing, recipient: _Recipient, circuit: Circuit | None, public: bool
) -> Iterator[_Fault]:
    """Yield what the invoice alone tells."""
    if public and routing.identifier is None:
        yield _Fault("CE-DEST-01", routing.siret_address)
    elif public and routing.siret is None:
        asked = _asked_of(routing.identifier, circuit)
        yield _Fault("CE-DEST-02", routing.siret_address, routing.identifier, asked)
    if recipient.state and routing.code_service is None:
        yield _Fault("CE-SERV-04", routing.code_service_address)


def _asked_of(identifier: str | None, circuit: Circuit | None) -> str:
    """Say what an identifier that is no SIRET lacks: its digits, or the type of one."""
    if not looks_like_siret(compact(identifier or "")):
        return "14 chiffres"
    return "schéma 0009 (SIRET)" if circuit is Circuit.AFNOR else "type 1 (SIRET)"


def _deposited(parsed: Parsed) -> date:
    return parsed.detected.document.deposited


def _faults_by_directory(routing: Routing, recipient: _Recipient, day: date) -> Iterator[_Fault]:
    """Yield what the directory adds, recipient first."""
    if routing.siret is None:
        return
    structure = recipient.structure
    if structure is None and not recipient.state:
        yield _Fault("CE-DEST-03", routing.siret_address, routing.siret)
        return
    if structure is not None and not structure.active:
        yield _Fault("CE-DEST-04", routing.siret_address, routing.siret)
    yield from _faults_of_service(routing, recipient, day)
    yield from _missing(routing, recipient)


def _faults_of_service(routing: Routing, recipient: _Recipient, day: date) -> Iterator[_Fault]:
    if routing.code_service is None:
        return
    place, code = routing.code_service_address, routing.code_service
    if recipient.service is None:
        yield _Fault("CE-SERV-02", place, code)
    elif not recipient.service.open_on(day):
        yield _Fault("CE-SERV-03", place, code, recipient.service.period)


def _faults_of_engagements(
    numbers: Mapping[str, str], recipient: _Recipient, directory: Directory
) -> Iterator[_Fault]:
    """Yield commitment numbers that the recipient's list does not know, or knows as closed.

    Who has no number in the list keeps none there, and is not judged by it.

    Args:
        numbers: those of the invoice, each with its place; an empty one is none.
        recipient: whose they should be.
        directory: what lists them.
    """
    siret = recipient.siret
    if siret is None or not directory.lists_engagements(siret):
        return
    severity = Severity.FATAL if recipient.state else None
    for number, address in filter(itemgetter(0), numbers.items()):
        opened = directory.engagement(siret, number)
        if not opened:
            rule = "CE-EJ-04" if opened is None else "CE-EJ-05"
            yield _Fault(rule, address, number, severity=severity)


def _engagements(invoice: Invoice) -> dict[str, str]:
    """Return each commitment number with the first place that gives it."""
    lines = ((line.order, f"BG-25[{n}]/EXT-FR-FE-135") for n, line in enumerate(invoice.lines, 1))
    found: dict[str, str] = {}
    for text, address in ((invoice.purchase_order, "BT-13"), *lines):
        number = (text or "").strip()
        if number:
            found.setdefault(number, address)
    return found


def _faults_of_supplier(
    parsed: Parsed, directory: Directory, unknown: UnknownSuppliers
) -> Iterator[_Fault]:
    """Yield what the list of suppliers says; one whom nothing identifies is told by other rules."""
    party = seller_of(parsed.invoice) if directory.lists_suppliers else None
    if party is None:
        return
    supplier = directory.supplier(party.kind, party.identifier)
    if supplier is None:
        severity = Severity.WARNING if unknown is UnknownSuppliers.ACCEPTED else None
        yield _Fault("CE-FOURN-03", party.address, party.identifier, severity=severity)
    elif not supplier.active:
        yield _Fault("CE-FOURN-04", party.address, party.identifier)


def _missing(routing: Routing, recipient: _Recipient) -> Iterator[_Fault]:
    """Yield obligations that are not met, each missing value once."""
    structure, service = recipient.structure, recipient.service
    no_service = routing.code_service is None
    no_engagement = routing.engagement is None
    demands_service = structure is not None and structure.demands_service
    demands_engagement = structure is not None and structure.demands_engagement
    if no_service and demands_service and not recipient.state:
        yield _Fault("CE-SERV-01", routing.code_service_address)
    if no_engagement and demands_engagement:
        yield _Fault("CE-EJ-01", routing.engagement_address)
    elif no_engagement and service is not None and service.demands_engagement:
        yield _Fault("CE-EJ-02", routing.engagement_address)
    told = recipient.state or demands_service or demands_engagement
    either = structure is not None and structure.demands_service_or_engagement
    if either and no_service and no_engagement and not told:
        yield _Fault("CE-EJ-03", routing.engagement_address, other=routing.code_service_address)


def _findings(parsed: Parsed, faults: Sequence[_Fault]) -> Findings:
    """Give each fault its card and its place; the file is walked once, and only for faults."""
    if not faults:
        return ()
    places = parsed.locate([fault.address for fault in faults])
    cards = [_card(fault.rule, parsed.scenario.circuit) for fault in faults]
    return tuple(
        Finding(
            rule=card.id,
            severity=fault.severity or card.severity,
            stage=Stage.RESOLVE,
            motive=card.motive,
            message=card.message,
            conseil=card.conseil,
            terms=_terms(fault),
            address=fault.address,
            location=place.location,
            line=place.line,
            column=place.column,
            found=None if fault.found is None else excerpt(fault.found),
            expected=fault.expected,
        )
        for fault, card, place in zip(faults, cards, places, strict=True)
    )


def _card(rule: str, circuit: Circuit | None) -> RecipientRule | Rule:
    """Return what is said where a rule of ours is broken: in AFNOR, by the authority's own card."""
    ours = _BY_ID[rule]
    return CARDS.get(ours.id_in(circuit), ours)


def _terms(fault: _Fault) -> tuple[str, ...]:
    """Return the term at fault, where this sender writes it: the end of its address."""
    addresses = (fault.address, fault.other) if fault.other else (fault.address,)
    return tuple(map(_term_at, addresses))


def _term_at(address: str) -> str:
    # A code service that is missing is placed at the buyer, whose identifier it would be.
    return "BT-46" if address == "BG-7" else address.rpartition("/")[2].partition("[")[0]
