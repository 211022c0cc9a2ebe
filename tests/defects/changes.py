"""What a defect is made of: a sound invoice of a cadre, and small changes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from lxml import etree
from msgspec.structs import replace

from chorus_edi.domain.groups import Identifier
from chorus_edi.domain.invoice import Invoice, Note, SupportingDocument
from chorus_edi.rules.syntax_cases import Edit
from tests.afnor import Dressed, dressed
from tests.xml_edits import edit

SYNTAXES = ("ubl", "cii")
Change: TypeAlias = Callable[[Invoice], Invoice]


class Defect(NamedTuple):
    """A sound invoice, and what makes it break one rule.

    Attributes:
        sound: makes the invoice of a number.
        change: what is wrong in it before it is written.
        edits: syntax → what is wrong in its file.
        syntaxes: those that can have this defect, or whose sheet can find it.
        also: rules that cannot but break with it, by syntax (``both``), and why.
    """

    sound: Callable[[int], Dressed]
    change: Change | None = None
    edits: Mapping[str, tuple[Edit, ...]] = {}
    syntaxes: tuple[str, ...] = SYNTAXES
    also: Mapping[tuple[str, str], str] = {}

    def made(self, number: int, syntax: str) -> tuple[Any, Any]:
        """Return the sound file of a number and the broken one, as trees."""
        sound = self.sound(number)
        broken = sound._replace(invoice=self.change(sound.invoice)) if self.change else sound
        tree = etree.fromstring(broken.written(syntax))
        for one in self.edits.get(syntax, ()):
            edit(tree, one)
        return etree.fromstring(sound.written(syntax)), tree

    def with_it(self, syntax: str) -> set[str]:
        """Return the rules that break with it in a syntax."""
        return {rule for rule, where in self.also if where in (syntax, "both")}


def of(cadre: str = "S1", *steps: Change, **parties: Any) -> Callable[[int], Dressed]:
    """Return what makes a sound invoice of a cadre, changed to have what is judged."""

    def make(number: int) -> Dressed:
        made = dressed(number, cadre, plain=True, **parties)
        return made._replace(invoice=both(*steps)(made.invoice))

    return make


def both(*steps: Change) -> Change:
    """Return changes made one after the other."""

    def change(invoice: Invoice) -> Invoice:
        for step in steps:
            invoice = step(invoice)
        return invoice

    return change


PUBLIC, COMPANIES = of(), of(public=False)


def changed(**fields: Any) -> Change:
    """Change terms of the invoice itself."""
    return lambda invoice: replace(invoice, **fields)


def group(name: str, /, **fields: Any) -> Change:
    """Change terms of a group of the invoice: a party, the totals."""
    return lambda invoice: replace(invoice, **{name: replace(getattr(invoice, name), **fields)})


def identified(name: str, *identifiers: tuple[str, str]) -> Change:
    """Give a party other identifiers, each a scheme and a value."""
    return group(name, identifiers=tuple(_identifier(*one) for one in identifiers))


def beside(name: str, scheme: str, value: str) -> Change:
    """Add an identifier to those of a party."""

    def change(invoice: Invoice) -> Invoice:
        held = (*getattr(invoice, name).identifiers, _identifier(scheme, value))
        return group(name, identifiers=held)(invoice)

    return change


def registered(name: str, value: str, scheme: str = "0002") -> Change:
    """Give a party another legal registration."""
    return group(name, legal_registration=_identifier(scheme, value))


def reached(name: str, value: str) -> Change:
    """Give a party another electronic address."""
    return group(name, electronic_address=_identifier("0225", value))


def _identifier(scheme: str, value: str) -> Identifier:
    return Identifier(value=value, scheme=scheme)


def noted(code: str, text: str) -> Change:
    """Add a note; one of the same code may be there already."""
    added = Note(subject_code=code, text=text)
    return lambda invoice: replace(invoice, notes=(*invoice.notes, added))


def unsaid(code: str) -> Change:
    """Take away the note of a code."""
    return lambda invoice: replace(
        invoice, notes=tuple(note for note in invoice.notes if note.subject_code != code)
    )


def line(name: str | None = None, /, **fields: Any) -> Change:
    """Change the only line, or one of its groups."""

    def change(invoice: Invoice) -> Invoice:
        (one,) = invoice.lines
        new = fields if name is None else {name: replace(getattr(one, name), **fields)}
        return replace(invoice, lines=(replace(one, **new),))

    return change


def enclosing(*descriptions: str | None, reference: str = "PJ") -> Change:
    """Give the invoice supporting documents that say these descriptions, without content."""
    documents = (
        SupportingDocument(reference=f"{reference}{n}", description=one)
        for n, one in enumerate(descriptions)
    )
    return changed(supporting_documents=tuple(documents))
