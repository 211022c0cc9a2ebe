"""Parse: from a detected document to the semantic model, its claim and the way it will be judged.

Attachments are judged here, where they are read. Their limits are the platform's: outside its
circuits a fault of an attachment only warns.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import msgspec

from chorus_edi.domain.dossier import Detected, Parsed, Place
from chorus_edi.domain.findings import Finding, Outcome, Passed, Severity, Stage, excerpt
from chorus_edi.domain.flux import FORBIDDEN_IN_NAMES, LONGEST_NAME
from chorus_edi.domain.groups import Attachment
from chorus_edi.domain.identifiers import issued_by, issuer_of
from chorus_edi.domain.interfaces import circuit_of_interface
from chorus_edi.domain.labels import Label
from chorus_edi.domain.motives import LABELS, Motive
from chorus_edi.domain.reform import follows_the_reform
from chorus_edi.domain.scenarios import Circuit, Claim, scenario_for
from chorus_edi.errors import Defect
from chorus_edi.formats.inspection import inspect
from chorus_edi.formats.locate import Locator
from chorus_edi.formats.reader import read
from chorus_edi.formats.sighting import sight

ATTACHMENT_RULE = "CE-PJ-01"
SENDER_RULE = "CE-FLUX-10"
NAME_RULE = "CE-PJ-05"


class ParseRule(msgspec.Struct, frozen=True, kw_only=True):
    """Identity card of a rule on what an invoice brings; ``motive`` is None where it depends."""

    message: Label
    conseil: str
    motive: Motive | None = None
    source: str = ""


RULES: dict[str, ParseRule] = {
    ATTACHMENT_RULE: ParseRule(
        message=Label(
            "Une pièce jointe doit avoir un contenu, d'un type admis, de 10 Mo au plus.",
            "An attachment must have content, of an accepted type, of at most 10 MB.",
        ),
        conseil="Joignez un fichier d'un type admis (PDF par exemple), de 10 Mo au plus, encodé en "
        "base64.",
    ),
    NAME_RULE: ParseRule(
        message=Label(
            f"Le nom d'une pièce jointe dépasse {LONGEST_NAME} caractères ou contient un caractère "
            "interdit.",
            f"The name of an attachment exceeds {LONGEST_NAME} characters or holds a forbidden "
            "character.",
        ),
        conseil="Retirez du nom de la pièce jointe les caractères % $ ! & / \\ : ; « » # @.",
        motive=Motive.IRR_NOM_PJ,
        source="Spécifications Chorus Pro 2026, §3.2.1.4.1 (circuit des plateformes agréées) ; "
        "qu'elles visent aussi les pièces jointes est notre lecture",
    ),
    SENDER_RULE: ParseRule(
        message=Label(
            "L'émetteur de la facture n'est pas de ceux pour qui ce partenaire peut déposer.",
            "The issuer of the invoice is not one that this partner may deposit for.",
        ),
        conseil="Déposez sous le code application de cet émetteur, ou faites étendre vos droits.",
        motive=Motive.IRR_CODE_APP,
    ),
}

_ADVICE = {
    Motive.IRR_VID_PJ: "Joignez de nouveau le fichier, encodé en base64, ou retirez le bloc.",
    Motive.IRR_TAILLE_PJ: "Réduisez la pièce jointe à 10 Mo au plus.",
    Motive.IRR_EXT_DOC: "Joignez le document dans un format admis, PDF par exemple.",
}


def parse(detected: Detected) -> Outcome[Parsed]:
    """Read the invoice and choose its scenario; refuses nothing by itself but bad attachments."""
    if detected.syntax is None or detected.xml is None:
        raise Defect("only a document with invoice data is parsed")
    reading = read(detected.tree, detected.syntax)
    document = detected.document
    claim = Claim(
        syntax=detected.syntax,
        container=detected.container,
        specification=reading.specification,
        process=reading.process,
        imposed=circuit_of_interface(document.interface),
        dates_without_format=reading.dates_without_format,
        historic_fields=reading.historic_fields,
        follows_the_reform=follows_the_reform(reading.invoice),
    )
    locator = Locator(detected.tree, detected.xml, detected.syntax)
    parsed = Parsed(
        detected=detected,
        syntax=detected.syntax,
        tree=detected.tree,
        xml=detected.xml,
        claim=claim,
        scenario=scenario_for(claim, document.default_circuit),
        invoice=reading.invoice,
        locate=locator.places,
        inspect=partial(inspect, locator, reading.suspects),
        sight=partial(sight, locator),
        attachments=reading.attachments,
        unmapped=reading.unmapped,
        irregular=reading.irregular,
        repeats=reading.repeats,
    )
    return Passed(
        parsed, (*_sender_findings(parsed), *_attachment_findings(parsed), *_name_findings(parsed))
    )


def _sender_findings(parsed: Parsed) -> Iterator[Finding]:
    """Tell an invoice that its partner has no right to deposit: its flow is irrecevable."""
    senders = parsed.detected.document.senders
    if not senders or issued_by(parsed.invoice, senders):
        return
    issuer = issuer_of(parsed.invoice)
    (place,) = parsed.locate([issuer.address if issuer else "BG-4"])
    yield Finding(
        rule=SENDER_RULE,
        severity=Severity.FATAL,
        stage=Stage.PARSE,
        motive=Motive.IRR_CODE_APP,
        message=RULES[SENDER_RULE].message,
        conseil=RULES[SENDER_RULE].conseil,
        terms=("BT-29", "BT-30"),
        address=issuer.address if issuer else "BG-4",
        location=place.location,
        line=place.line,
        column=place.column,
        found=excerpt(issuer.identifier) if issuer else None,
    )


def _attachment_findings(parsed: Parsed) -> tuple[Finding, ...]:
    faulty = [
        (f"BG-24[{n}]/BT-125", document.attachment)
        for n, document in enumerate(parsed.invoice.supporting_documents, 1)
        if document.attachment is not None and document.attachment.fault
    ]
    if not faulty:
        return ()
    places = parsed.locate([address for address, _ in faulty])
    severity = Severity.WARNING if parsed.scenario.circuit is None else Severity.FATAL
    return tuple(
        _finding(address, attachment, severity, place)
        for (address, attachment), place in zip(faulty, places, strict=True)
    )


def _name_findings(parsed: Parsed) -> Iterator[Finding]:
    """Tell names of attachments that may not be; only a warning where that is not sure to hold.

    Lengths of 51 to 256 characters refuse one invoice, by the rules of its circuit.
    """
    wrong = [
        (f"BG-24[{n}]/BT-125", name)
        for n, document in enumerate(parsed.invoice.supporting_documents, 1)
        if document.attachment is not None
        and (name := document.attachment.filename)
        and (len(name) > LONGEST_NAME or FORBIDDEN_IN_NAMES.intersection(name))
    ]
    places = parsed.locate([address for address, _ in wrong]) if wrong else ()
    sure = parsed.scenario.circuit is Circuit.AFNOR
    for (address, name), place in zip(wrong, places, strict=True):
        yield Finding(
            rule=NAME_RULE,
            severity=Severity.FATAL if sure else Severity.WARNING,
            stage=Stage.PARSE,
            motive=Motive.IRR_NOM_PJ,
            message=RULES[NAME_RULE].message,
            conseil=RULES[NAME_RULE].conseil,
            terms=("BT-125",),
            address=address,
            location=place.location,
            line=place.line,
            column=place.column,
            found=excerpt(name),
        )


def _finding(address: str, attachment: Attachment, severity: Severity, place: Place) -> Finding:
    motive = Motive(attachment.fault)
    fault = LABELS[motive]
    name = attachment.name or attachment.filename or ""
    return Finding(
        rule=ATTACHMENT_RULE,
        severity=severity,
        stage=Stage.PARSE,
        motive=motive,
        message=Label(f"{fault.fr} : « {name} ».", f"{fault.en}: '{name}'."),
        conseil=_ADVICE.get(motive, ""),
        terms=("BT-125",),
        address=address,
        location=place.location,
        line=place.line,
        column=place.column,
        found=attachment.media_type or None,
    )
