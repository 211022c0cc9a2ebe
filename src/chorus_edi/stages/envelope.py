"""Judges a flow before it is opened: its name, its sender, its interface, whether it came before.

One fault here makes the whole flow irrecevable. Facts: chorus-pro 1.2, 1.4, 1.8; reform-2026 2.4.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

import msgspec

from chorus_edi.domain.findings import Finding, Findings, Severity, Stage, excerpt
from chorus_edi.domain.flux import (
    FORBIDDEN_IN_NAMES,
    LONGEST_NAME,
    Examination,
    FlowName,
    Flux,
    Verdict,
    flow_name_of,
)
from chorus_edi.domain.interfaces import FORMAT_NAMES, Format, Interface, format_of
from chorus_edi.domain.labels import Label
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.partners import Completeness, Partner


class EnvelopeRule(msgspec.Struct, frozen=True, kw_only=True):
    """Identity card of a rule on the envelope of a flow."""

    message: Label
    conseil: str
    motive: Motive


def _rule(motive: Motive, fr: str, en: str, conseil: str) -> EnvelopeRule:
    return EnvelopeRule(message=Label(fr, en), conseil=conseil, motive=motive)


RULES: dict[str, EnvelopeRule] = {
    "CE-FLUX-01": _rule(
        Motive.IRR_UNICITE,
        "Ce flux a déjà été reçu.",
        "This flow was already received.",
        "Voyez le compte rendu du premier flux, qui vous est adressé de nouveau. Si c'est un autre "
        "flux, donnez-lui un autre numéro.",
    ),
    "CE-FLUX-02": _rule(
        Motive.IRR_CODE_APP,
        "Aucun partenaire n'est déclaré sous ce code.",
        "No partner is declared under this code.",
        "Déposez sous votre code application, ou demandez un raccordement.",
    ),
    "CE-FLUX-03": _rule(
        Motive.IRR_CODE_APP,
        "Le raccordement de ce partenaire n'est pas ouvert ce jour-là.",
        "This partner's connection is not open on that day.",
        "Demandez l'ouverture ou la prolongation de votre raccordement.",
    ),
    "CE-FLUX-04": _rule(
        Motive.IRR_CODE_APP,
        "Le code application du nom de flux n'est pas celui du déposant.",
        "The application code of the flow name is not that of the sender.",
        "Nommez le flux d'après votre code application : <interface>_<code>_<numéro de flux>.",
    ),
    "CE-FLUX-05": _rule(
        Motive.IRR_FORM,
        "Le numéro de flux ne commence pas par le code application de son nom.",
        "The flow number does not begin with the application code of its name.",
        "Formez le numéro de flux de votre code application et de 19 chiffres ou majuscules.",
    ),
    "CE-FLUX-06": _rule(
        Motive.IRR_CODE_INTER,
        "Ce code interface est inconnu, ou n'est plus proposé.",
        "This interface code is unknown, or no longer offered.",
        "Choisissez l'interface de votre format dans la liste de la documentation de raccordement.",
    ),
    "CE-FLUX-07": _rule(
        Motive.IRR_CODE_INTER,
        "Ce partenaire n'est pas abonné à cette interface.",
        "This partner has not subscribed to this interface.",
        "Déposez sous une interface à laquelle vous êtes abonné, ou demandez cet abonnement.",
    ),
    "CE-FLUX-08": _rule(
        Motive.IRR_FORM,
        "Le nom du fichier n'est pas un nom de flux.",
        "The file name is no flow name.",
        "Nommez le fichier <interface>_<code application>_<numéro de flux> : 8, 6 et 25 "
        "caractères, suivis au plus de .tar.gz ou de .xml.",
    ),
    "CE-FLUX-09": _rule(
        Motive.IRR_NOM_F,
        f"Le nom du fichier dépasse {LONGEST_NAME} caractères ou contient un caractère interdit.",
        f"The file name exceeds {LONGEST_NAME} characters or holds a forbidden character.",
        "Retirez du nom les caractères % $ ! & / \\ : ; « » # @, et raccourcissez-le au besoin.",
    ),
    # CE-FLUX-10 is in stages/parse.py: only the invoice says who issues it.
    "CE-FLUX-11": _rule(
        Motive.IRR_EXTRAC,
        "Ce fichier n'a pas été déclaré complet dans le délai convenu.",
        "This file was not declared whole in the time agreed.",
        "Déposez de nouveau le fichier, puis le fichier témoin ou le manifeste qui l'accompagne.",
    ),
    "CE-FLUX-12": _rule(
        Motive.IRR_EXTRAC,
        "Le fichier reçu n'a pas la taille ou l'empreinte que son manifeste annonce.",
        "The file received has not the size or the digest that its manifest announces.",
        "Déposez de nouveau le fichier et son manifeste : « empreinte SHA-256, espace, taille ».",
    ),
    "CE-FLUX-13": _rule(
        Motive.IRR_VIDE,
        "Le flux ne contient aucune facture.",
        "The flow holds no invoice.",
        "Placez au moins une facture dans le flux, à côté de la feuille de style ou des "
        "signatures.",
    ),
    "CE-FLUX-14": _rule(
        Motive.IRR_TYPE,
        "Les documents d'un flux nommé doivent être d'un même format.",
        "The documents of a named flow must be of one format.",
        "Déposez un flux par format, chacun sous l'interface de ce format.",
    ),
    "CE-FLUX-15": _rule(
        Motive.IRR_ANTIVIRUS,
        "Un virus a été détecté dans le fichier reçu.",
        "A virus was found in the file received.",
        "Ne renvoyez pas ce fichier. Vérifiez le poste ou le logiciel qui l'a produit.",
    ),
    "CE-FLUX-16": _rule(
        Motive.IRR_CODE_INTER,
        "Les documents de cette interface ne sont pas traités par cette plateforme.",
        "The documents of this interface are not processed by this platform.",
        "Déposez vos factures en UBL 2.1, CII ou Factur-X, sous l'interface de ce format.",
    ),
    "CE-FLUX-17": _rule(
        Motive.IRR_TYPE,
        "Aucun format de cette interface n'est ouvert à ce partenaire.",
        "No format of this interface is open to this partner.",
        "Déposez sous l'interface d'un format qui vous est ouvert, ou faites étendre vos droits.",
    ),
}
"""What ``explain`` shows of each."""


def judge(
    flux: Flux,
    partner: Partner | None,
    interfaces: Mapping[str, Interface],
    day: date,
    first: Flux | None,
) -> Findings:
    """Return why a flow is refused unopened, in the order that the faults are looked for.

    Args:
        flux: the flow as it was claimed.
        partner: who sent it; None where nobody is declared under that code.
        interfaces: those that are known here, by code.
        day: day of deposit, in Europe/Paris.
        first: the flow that makes this one a repetition, if there is one.
    """
    if partner is None:
        return judge_sender(flux.emetteur)
    findings = judge_deposit(flux.nom_fichier, flux.interface, partner, interfaces, day)
    if first is None:
        return findings
    return (*findings, _finding("CE-FLUX-01", first.numero_flux))


def judge_sender(code: str) -> Findings:
    """Return the fault of what comes under a code that nobody is declared under."""
    return (_finding("CE-FLUX-02", code),)


def judge_deposit(
    filename: str,
    interface: str | None,
    partner: Partner,
    interfaces: Mapping[str, Interface],
    day: date,
) -> Findings:
    """Return why a file of a partner is refused unopened, whatever came before it."""
    return (
        *_of_connection(partner, day),
        *_of_name(filename, partner),
        *_of_interface(interface, interfaces),
        *_of_subscription(interface, partner, interfaces),
    )


def judge_name(filename: str, interfaces: Mapping[str, Interface]) -> Findings:
    """Return what is wrong with a file name whoever sends it: a name of its own may be allowed."""
    name = flow_name_of(filename)
    if name is None:
        return tuple(_of_free_name(filename))
    return (*_of_number(name), *_of_interface(name.interface, interfaces))


def judge_arrival(rule: Completeness, witness: bytes | None, sha256: str, size: int) -> Findings:
    """Return why a file was not received whole.

    Args:
        rule: how its partner shows that a file is whole.
        witness: the file that came with it; None where none came.
        sha256: digest of what was received.
        size: its bytes.
    """
    if rule not in (Completeness.DONE_FILE, Completeness.MANIFEST):
        return ()
    if witness is None:
        return (_finding("CE-FLUX-11", f"{size} octets"),)
    if rule is Completeness.DONE_FILE:
        return ()
    announced = witness.decode("ascii", "replace").lower().split()[:2]
    if announced == [sha256, str(size)]:
        return ()
    return (_finding("CE-FLUX-12", f"{sha256} {size}", " ".join(announced) or None),)


def judge_virus(virus: str | None) -> Findings:
    """Return the fault of a file in which a virus was found; none where none was."""
    return (_finding("CE-FLUX-15", virus),) if virus else ()


def judge_content(interface: str | None, examinations: Sequence[Examination]) -> Findings:
    """Return why a flow is refused for what its documents are, all together.

    Args:
        interface: interface code of its name; without one, formats may be mixed.
        examinations: its documents, none of which was refused before it was examined.
    """
    invoices = [e for e in examinations if e.verdict is not Verdict.COMPANION]
    if examinations and not invoices:
        return (_finding("CE-FLUX-13", examinations[0].name),)
    known = {format_of(e.container, e.syntax) for e in invoices if e.container is not None}
    if interface is None or len(known) <= 1:
        return ()
    return (_finding("CE-FLUX-14", _told(known)),)


def _of_connection(partner: Partner, day: date) -> Iterator[Finding]:
    if not partner.active(day):
        yield _finding("CE-FLUX-03", day.isoformat(), _open_days(partner))


def _of_name(filename: str, partner: Partner) -> Iterator[Finding]:
    name = flow_name_of(filename)
    if name is None:
        if not partner.free_names:
            yield _finding("CE-FLUX-08", filename)
        else:
            yield from _of_free_name(filename)
        return
    if name.partner != partner.code:
        yield _finding("CE-FLUX-04", name.partner, partner.code)
    yield from _of_number(name)


def _of_free_name(filename: str) -> Iterator[Finding]:
    if len(filename) > LONGEST_NAME or FORBIDDEN_IN_NAMES.intersection(filename):
        yield _finding("CE-FLUX-09", filename)


def _of_number(name: FlowName) -> Iterator[Finding]:
    # The four digits that follow are not compared with the interface: official examples mix them.
    if not name.numero.startswith(name.partner):
        yield _finding("CE-FLUX-05", name.numero, f"{name.partner}…")


def _of_interface(interface: str | None, interfaces: Mapping[str, Interface]) -> Iterator[Finding]:
    if interface is None:
        return
    known = interfaces.get(interface)
    if known is None or known.withdrawn:
        yield _finding("CE-FLUX-06", interface)
    elif not known.carries:
        yield _finding("CE-FLUX-16", interface)


def _of_subscription(
    interface: str | None, partner: Partner, interfaces: Mapping[str, Interface]
) -> Iterator[Finding]:
    known = interfaces.get(interface or "")
    if known is None or known.withdrawn:
        return
    if partner.interfaces and known.code not in partner.interfaces:
        yield _finding("CE-FLUX-07", known.code, ", ".join(sorted(partner.interfaces)))
    if partner.formats and known.carries and not known.carries & partner.formats:
        yield _finding("CE-FLUX-17", _told(known.carries), _told(partner.formats))


def _told(formats: Collection[Format]) -> str:
    return ", ".join(sorted(FORMAT_NAMES[one] for one in formats))


def _open_days(partner: Partner) -> str:
    since = f"du {partner.active_from:%d/%m/%Y}" if partner.active_from else ""
    until = f"au {partner.active_to:%d/%m/%Y}" if partner.active_to else ""
    return " ".join(filter(None, (since, until)))


def _finding(rule: str, found: str, expected: str | None = None) -> Finding:
    card = RULES[rule]
    return Finding(
        rule=rule,
        severity=Severity.FATAL,
        stage=Stage.UNPACK,
        motive=card.motive,
        message=card.message,
        conseil=card.conseil,
        found=excerpt(found),
        expected=expected,
    )
