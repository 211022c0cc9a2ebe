"""BR-FR-05, 06, 20, 31 and BR-FR-CO-14: the notes that French invoices must or may carry."""

from __future__ import annotations

import re

from chorus_edi.domain.invoice import Invoice, Note
from chorus_edi.domain.labels import Label
from chorus_edi.domain.reform import TREATMENTS
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.rules.br_fr.codes import ONE_TAXABLE_PERSON, SINGLE_TAXABLE, SOURCE
from chorus_edi.rules.br_fr.reading import (
    folded,
    joined_notes,
    notes_on,
    parties,
    said_after,
    texts,
    treatments,
    under,
    written_note,
)
from chorus_edi.rules.registry import Breach, Breaches, rule, variant

_SAID = {
    "PMT": (
        Label(
            "La mention PMT (indemnité forfaitaire de recouvrement) manque.",
            "The note PMT (fixed recovery fee) is missing.",
        ),
        "Ajoutez une note de code PMT, par exemple « L'indemnité forfaitaire pour frais de "
        "recouvrement est de 40 € ».",
    ),
    "PMD": (
        Label(
            "La mention PMD (pénalités de retard) manque.",
            "The note PMD (penalties for late payment) is missing.",
        ),
        "Ajoutez une note de code PMD qui donne le taux des pénalités de retard.",
    ),
    "AAB": (
        Label(
            "La mention AAB (escompte pour paiement anticipé) manque.",
            "The note AAB (discount for early payment) is missing.",
        ),
        "Ajoutez une note de code AAB, par exemple « Pas d'escompte pour paiement anticipé ».",
    ),
}
"""Notes that every invoice must carry: what to say where one is missing."""

_ONCE = (*_SAID, "TXD")
_MARKS = {subject: f"#{subject}#" for subject in _ONCE}
"""How UBL writes the code of a note."""

_BAR_NOTE = re.compile("|".join(f"BAR#{one}#" for one in TREATMENTS))
_EXPECTED = ", ".join(TREATMENTS)


def _missing(subject: str, *, cii: bool = False) -> Breach:
    message, conseil = _SAID[subject]
    written = subject if cii else f"#{subject}#…"
    return Breach("BG-1", expected=written, message=message, conseil=conseil)


@rule(
    "BR-FR-05",
    "BG-1",
    "BT-21",
    "BT-22",
    fr="Une mention légale (BG-1) manque : indemnité de recouvrement (PMT), pénalités de retard "
    "(PMD) ou escompte (AAB).",
    en="A legal note is missing: recovery fee (PMT), late penalties (PMD) or discount (AAB).",
    conseil="Ajoutez les trois notes de codes PMT, PMD et AAB.",
    source=SOURCE,
)
def the_three_legal_notes_are_there(invoice: Invoice, _: Invoice) -> Breaches:
    """In UBL the code stands in the note, as ``#PMT#``."""
    notes = joined_notes(invoice)
    return tuple(_missing(subject) for subject in _SAID if _MARKS[subject] not in notes) or None


@variant(
    "BR-FR-05",
    Syntax.CII,
    why="Le code est un élément de la note ; en UBL, il est écrit dans son texte.",
)
def the_three_legal_notes_of_cii_are_there(invoice: Invoice, _: Invoice) -> Breaches:
    """The text may be empty."""
    return (
        tuple(_missing(subject, cii=True) for subject in _SAID if not notes_on(invoice, subject))
        or None
    )


def _twice(subject: str, at: int) -> Breach:
    return Breach("BT-21", found=subject, at=f"BG-1[{at}]")


@rule(
    "BR-FR-06",
    "BT-21",
    fr="La même mention (BT-21 : PMT, PMD, AAB ou TXD) figure plusieurs fois.",
    en="The same note (PMT, PMD, AAB or TXD) stands more than once.",
    conseil="Ne gardez qu'une note de chacun des codes PMT, PMD, AAB et TXD.",
    source=SOURCE,
)
def each_legal_note_stands_once(invoice: Invoice, _: Invoice) -> Breaches:
    """Counted in the joined text."""
    notes = joined_notes(invoice)
    return (
        tuple(
            _twice(subject, _last(invoice, subject))
            for subject, mark in _MARKS.items()
            if notes.count(mark) > 1
        )
        or None
    )


def _last(invoice: Invoice, subject: str) -> int:
    """Return the number of the last note that holds a subject code."""
    held = [n for n, note in enumerate(invoice.notes, 1) if f"{subject}#" in written_note(note)]
    return held[-1] if held else 1


@variant(
    "BR-FR-06",
    Syntax.CII,
    why="Le code est un élément de la note ; en UBL, il est écrit dans son texte.",
)
def each_legal_note_of_cii_stands_once(invoice: Invoice, _: Invoice) -> Breaches:
    """Counted by their codes."""
    counted = ((subject, notes_on(invoice, subject)) for subject in _ONCE)
    return tuple(_twice(subject, held[-1][0]) for subject, held in counted if len(held) > 1) or None


@rule(
    "BR-FR-20",
    "BT-22",
    "BT-21",
    fr="Le traitement demandé par la note BAR (BT-22) n'est pas de la liste.",
    en="The treatment asked for by the note BAR is not of the list.",
    conseil="Écrivez dans la note BAR B2B, B2BINT, B2C, B2CINT, OUTOFSCOPE ou ARCHIVEONLY.",
    source=SOURCE,
)
def a_note_bar_asks_for_a_known_treatment(invoice: Invoice, _: Invoice) -> Breaches:
    """What follows the first ``#BAR#``, up to the next sign."""
    said = treatments(invoice, cii=False)[0]
    if not said or said in TREATMENTS:
        return None
    return Breach("BT-22", found=said, expected=_EXPECTED, at=f"BG-1[{_last(invoice, 'BAR')}]")


def _unknown(note: Note) -> bool:
    said = texts(note, "text")
    return not said or said[0] not in TREATMENTS


@variant(
    "BR-FR-20",
    Syntax.CII,
    why="La feuille CII lit chaque note BAR, et refuse celle qui est vide.",
)
def every_note_bar_of_cii_asks_for_a_known_treatment(invoice: Invoice, _: Invoice) -> Breaches:
    """A note without text asks for nothing known."""
    return (
        tuple(
            Breach("BT-22", found=note.text, expected=_EXPECTED, at=f"BG-1[{n}]")
            for n, note in notes_on(invoice, "BAR")
            if _unknown(note)
        )
        or None
    )


@rule(
    "BR-FR-31",
    "BT-22",
    "BT-21",
    fr="Plusieurs notes BAR (BT-22) demandent un traitement.",
    en="Several notes BAR ask for a treatment.",
    conseil="Ne gardez qu'une note BAR, avec un seul traitement.",
    source=SOURCE,
)
def one_treatment_is_asked_for(invoice: Invoice, _: Invoice) -> Breaches:
    """Each known treatment that is followed by the sign, in the notes that hold ``#BAR#``."""
    if "#BAR#" not in joined_notes(invoice):
        return None
    written = map(written_note, invoice.notes)
    held = "".join(text for text in written if "#BAR#" in text) + "#"
    if len(_BAR_NOTE.findall(held)) <= 1:
        return None
    return Breach("BT-22", at=f"BG-1[{_last(invoice, 'BAR')}]")


@variant(
    "BR-FR-31",
    Syntax.CII,
    why="Le code est un élément de la note ; en UBL, il est écrit dans son texte.",
)
def one_treatment_is_asked_for_in_cii(invoice: Invoice, _: Invoice) -> Breaches:
    """Blanks around the treatment do not matter."""
    asked = [
        n
        for n, note in notes_on(invoice, "BAR")
        if any(folded(text) in TREATMENTS for text in texts(note, "text"))
    ]
    return Breach("BT-22", at=f"BG-1[{asked[-1]}]") if len(asked) > 1 else None


def _is_member(invoice: Invoice) -> bool:
    """True where the seller is a member of a single taxable person."""
    return bool(under(SINGLE_TAXABLE, parties(invoice).seller.identifiers))


def _no_mention(mark: str = "") -> Breach:
    return Breach("BG-1", expected=f"{mark}{ONE_TAXABLE_PERSON}")


@rule(
    "BR-FR-CO-14",
    "BG-1",
    "BT-21",
    "BT-22",
    "BT-29",
    fr="Le vendeur est membre d'un assujetti unique (identifiant 0231), mais la note TXD "
    "(BG-1) « MEMBRE_ASSUJETTI_UNIQUE » manque.",
    en="The seller is a member of a single taxable person (scheme 0231), but the note TXD that "
    "says so is missing.",
    conseil="Ajoutez une note de code TXD dont le texte est MEMBRE_ASSUJETTI_UNIQUE.",
    source=SOURCE,
)
def a_member_of_a_single_taxable_person_says_so(invoice: Invoice, _: Invoice) -> Breaches:
    """What follows the first ``#TXD#``."""
    if not _is_member(invoice):
        return None
    said = said_after(joined_notes(invoice), "TXD")
    return None if said == ONE_TAXABLE_PERSON else _no_mention("#TXD#")


@variant(
    "BR-FR-CO-14",
    Syntax.CII,
    why="Le code est un élément de la note ; en UBL, il est écrit dans son texte.",
)
def a_member_of_a_single_taxable_person_says_so_in_cii(invoice: Invoice, _: Invoice) -> Breaches:
    """Any of the notes may say it."""
    if not _is_member(invoice):
        return None
    said = (text for _, note in notes_on(invoice, "TXD") for text in texts(note, "text"))
    return None if ONE_TAXABLE_PERSON in said else _no_mention()
