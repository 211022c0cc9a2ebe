"""What a schema can reproach to a document, and the sentences that say it to an accountant."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from chorus_edi.domain.dossier import Place
from chorus_edi.domain.labels import Label
from chorus_edi.formats.faults import displayed

_LISTED = 10
"""How many expected names or codes are shown."""


class FaultKind(StrEnum):
    """Kinds of faults, whichever engine found them: two engines agree on (element, kind)."""

    UNEXPECTED_ELEMENT = "unexpected-element"
    MISSING_CHILD = "missing-child"
    BAD_VALUE = "bad-value"
    UNKNOWN_ATTRIBUTE = "unknown-attribute"
    MISSING_ATTRIBUTE = "missing-attribute"
    UNDECLARED = "undeclared"
    CONTENT_NOT_ALLOWED = "content-not-allowed"
    TEXT_NOT_ALLOWED = "text-not-allowed"
    OTHER = "other"
    MORE = "more"


class RawFault(NamedTuple):
    """A fault as an engine found it.

    Attributes:
        kind: what is wrong.
        element: the lxml element at fault; for a missing child, its parent.
        attribute: Clark name of the attribute at fault.
        expected: Clark names of the elements expected, or the codes allowed.
        constraint: the XSD type or facet a value breaks (``date``, ``maxLength``…).
        bound: the facet's figure or pattern.
    """

    kind: FaultKind
    element: Any
    attribute: str = ""
    expected: tuple[str, ...] = ()
    constraint: str = ""
    bound: str = ""

    @property
    def key(self) -> tuple[int, FaultKind, str]:
        """Two raw faults with the same key are the same fault.

        lxml hands out one proxy per node as long as one is alive, so the identity is that of the
        node for whoever keeps the elements.
        """
        return id(self.element), self.kind, local(self.attribute)


class SchemaFault(msgspec.Struct, frozen=True, kw_only=True):
    """A fault as people read it.

    Attributes:
        kind: what is wrong.
        element: local name of the element at fault.
        place: where it stands in the sender's file.
        found: the value or the element found, shortened; None where something is missing.
        expected: what would be right, shortened; None where nothing is.
        message: the fault, in both languages.
        conseil: what to change, one French sentence.
    """

    kind: FaultKind
    element: str
    place: Place
    found: str | None = None
    expected: str | None = None
    message: Label
    conseil: str


def tell(raw: RawFault, place: Place) -> SchemaFault:
    """Put a raw fault into words."""
    found, expected, message, conseil = _SENTENCES[raw.kind](raw)
    return SchemaFault(
        kind=raw.kind,
        element=local(raw.element.tag),
        place=place,
        found=found,
        expected=expected,
        message=message,
        conseil=conseil,
    )


def tell_more(count: int, root: str) -> SchemaFault:
    """Say how many faults are not listed."""
    return SchemaFault(
        kind=FaultKind.MORE,
        element=root,
        place=Place(),
        found=str(count),
        message=Label(
            f"Au moins {count} autres erreurs de schéma ne sont pas détaillées.",
            f"At least {count} more schema errors are not listed.",
        ),
        conseil="Corrigez les erreurs listées puis déposez de nouveau : les suivantes suivront.",
    )


def local(name: str) -> str:
    """Return the local part of a Clark name."""
    return name.rpartition("}")[2]


def listing(names: tuple[str, ...]) -> str | None:
    """List names without namespace, the first ones only; None for an empty list."""
    shown = list(dict.fromkeys(local(name) for name in names))
    more = f"… ({len(shown)})" if len(shown) > _LISTED else ""
    return ", ".join(shown[:_LISTED]) + more if shown else None


_Words = tuple[str | None, str | None, Label, str]


def _unexpected(raw: RawFault) -> _Words:
    name = local(raw.element.tag)
    expected = listing(raw.expected)
    if name in {local(tag) for tag in raw.expected} and raw.element.tag not in raw.expected:
        return _wrong_namespace(raw, name)
    parent = raw.element.getparent()
    inside = local(parent.tag) if parent is not None else ""
    if expected is None:
        message = Label(
            f"L'élément {name} n'a pas sa place dans {inside}.",
            f"Element {name} has no place in {inside}.",
        )
        return name, None, message, f"Retirez {name}, ou replacez-le là où le schéma le prévoit."
    message = Label(
        f"Dans {inside}, l'élément {name} se trouve là où le schéma attend : {expected}.",
        f"In {inside}, element {name} stands where the schema expects: {expected}.",
    )
    missing = "l'élément obligatoire qui manque" if len(raw.expected) > 1 else expected
    conseil = f"Ajoutez {missing} avant {name}, ou remettez les éléments dans l'ordre du schéma."
    return name, expected, message, conseil


def _wrong_namespace(raw: RawFault, name: str) -> _Words:
    wanted = next(tag for tag in raw.expected if local(tag) == name)
    namespace = wanted.rpartition("}")[0].removeprefix("{")
    found = raw.element.tag.rpartition("}")[0].removeprefix("{")
    message = Label(
        f"L'élément {name} n'est pas dans l'espace de noms attendu.",
        f"Element {name} is not in the expected namespace.",
    )
    conseil = f"Déclarez l'espace de noms {displayed(namespace)} pour {name}."
    return displayed(found), displayed(namespace), message, conseil


def _missing_child(raw: RawFault) -> _Words:
    name = local(raw.element.tag)
    expected = listing(raw.expected)
    wanted = expected or "un élément obligatoire"
    message = Label(
        f"L'élément {name} est incomplet, il y manque : {wanted}.",
        f"Element {name} is incomplete, it lacks: {expected or 'a mandatory element'}.",
    )
    return None, expected, message, f"Ajoutez à la fin de {name} : {wanted}."


def _bad_value(raw: RawFault) -> _Words:
    what = _subject(raw)
    value = _value(raw)
    shown = displayed(value)
    expected, en = _expected_value(raw)
    if not value.strip():
        message = Label(f"{what.fr} est vide.", f"{what.en} is empty.")
    else:
        message = Label(
            f"{what.fr} contient « {shown} », ce n'est pas une valeur admise"
            + (f" ; attendu : {expected}." if expected else "."),
            f'{what.en} holds "{shown}", which is not an allowed value'
            + (f"; expected: {en}." if en else "."),
        )
    return shown, expected, message, _value_advice(raw, expected)


def _value_advice(raw: RawFault, expected: str | None) -> str:
    name = local(raw.attribute or raw.element.tag)
    if expected is None:
        return f"Corrigez la valeur de {name}."
    return f"Corrigez la valeur de {name} : {expected}."


def _subject(raw: RawFault) -> Label:
    name = local(raw.element.tag)
    if not raw.attribute:
        return Label(f"L'élément {name}", f"Element {name}")
    attribute = local(raw.attribute)
    return Label(
        f"L'attribut {attribute} de l'élément {name}", f"Attribute {attribute} of element {name}"
    )


def _value(raw: RawFault) -> str:
    """Return the value as the sender wrote it (text on both sides of a comment included)."""
    if raw.attribute:
        return str(raw.element.get(raw.attribute, ""))
    return "".join(raw.element.xpath("text()"))


_TYPES: dict[str, Label] = {
    # Lexical forms of XML Schema part 2, section 3.
    "date": Label("une date AAAA-MM-JJ", "a date YYYY-MM-DD"),
    "time": Label("une heure HH:MM:SS", "a time HH:MM:SS"),
    "dateTime": Label("une date et heure AAAA-MM-JJTHH:MM:SS", "a date and time (ISO 8601)"),
    "boolean": Label("true ou false", "true or false"),
    "decimal": Label(
        "un nombre, point décimal et sans espace, par exemple 1234.56",
        "a number with a decimal point and no blank, such as 1234.56",
    ),
    **dict.fromkeys(
        ("integer", "int", "long", "nonNegativeInteger", "positiveInteger"),
        Label("un nombre entier", "an integer"),
    ),
    "base64Binary": Label("un contenu codé en base64", "base64 content"),
    "anyURI": Label("une adresse (URI)", "a URI"),
    "ID": Label("un identifiant unique dans le fichier", "an identifier unique in the file"),
}
_FACETS: dict[str, Label] = {
    "length": Label("{} caractères", "{} characters"),
    "minLength": Label("au moins {} caractère(s)", "at least {} character(s)"),
    "maxLength": Label("au plus {} caractères", "at most {} characters"),
    "totalDigits": Label("au plus {} chiffres", "at most {} digits"),
    "fractionDigits": Label("au plus {} décimales", "at most {} decimals"),
    "minInclusive": Label("{} au moins", "{} or more"),
    "maxInclusive": Label("{} au plus", "{} or less"),
    "minExclusive": Label("plus de {}", "more than {}"),
    "maxExclusive": Label("moins de {}", "less than {}"),
    "pattern": Label("la forme {}", "the form {}"),
    "fixed": Label("la valeur {}", "the value {}"),
}
_TERMS: tuple[tuple[str, str], ...] = (
    # Representation terms (CCTS 2.01, table 8-3): the end of a name says what it holds. libxml2
    # does not name the anonymous types of UBL and CII.
    ("Amount", "decimal"),
    ("Quantity", "decimal"),
    ("Percent", "decimal"),
    ("Numeric", "decimal"),
    ("Measure", "decimal"),
    ("Rate", "decimal"),
    ("Indicator", "boolean"),
    ("Date", "date"),
    ("Time", "time"),
    ("BinaryObject", "base64Binary"),
)


def _expected_value(raw: RawFault) -> tuple[str | None, str | None]:
    if raw.expected:
        shown = listing(raw.expected)
        return shown, shown
    facet = _FACETS.get(raw.constraint)
    if facet is not None and raw.bound:
        bound = displayed(raw.bound)
        return facet.fr.format(bound), facet.en.format(bound)
    named = _TYPES.get(raw.constraint) or _TYPES.get(_represented(raw))
    return (named.fr, named.en) if named else (None, None)


def _represented(raw: RawFault) -> str:
    name = "" if raw.attribute else local(raw.element.tag)
    return next((kind for end, kind in _TERMS if name.endswith(end)), "")


def _unknown_attribute(raw: RawFault) -> _Words:
    attribute, name = local(raw.attribute), local(raw.element.tag)
    message = Label(
        f"L'attribut {attribute} n'est pas admis sur l'élément {name}.",
        f"Attribute {attribute} is not allowed on element {name}.",
    )
    return displayed(attribute), None, message, f"Retirez l'attribut {attribute} de {name}."


_ATTRIBUTE_EXAMPLES = {
    "currencyID": " (code de la devise, par exemple EUR)",
    "unitCode": " (code de l'unité, par exemple C62)",
    "format": " (102 pour une date AAAAMMJJ)",
    "mimeCode": " (type de la pièce jointe, par exemple application/pdf)",
    "filename": " (nom de la pièce jointe)",
}


def _missing_attribute(raw: RawFault) -> _Words:
    attribute, name = local(raw.attribute), local(raw.element.tag)
    message = Label(
        f"L'attribut obligatoire {attribute} manque sur l'élément {name}.",
        f"Mandatory attribute {attribute} is missing on element {name}.",
    )
    example = _ATTRIBUTE_EXAMPLES.get(attribute, "")
    return None, attribute, message, f"Ajoutez à {name} l'attribut {attribute}{example}."


def _undeclared(raw: RawFault) -> _Words:
    name = local(raw.element.tag)
    message = Label(
        f"L'élément {name} n'est pas connu de ce schéma.",
        f"Element {name} is not known to this schema.",
    )
    if raw.element.getparent() is not None:
        return displayed(raw.element.tag), None, message, f"Retirez {name}."
    return (
        displayed(raw.element.tag),
        None,
        message,
        "Déposez une facture UBL 2.1, CII ou Factur-X.",
    )


def _content_not_allowed(raw: RawFault) -> _Words:
    name = local(raw.element.tag)
    children = listing(tuple(child.tag for child in raw.element.iterchildren("*")))
    message = Label(
        f"L'élément {name} ne peut pas contenir d'autres éléments.",
        f"Element {name} cannot contain other elements.",
    )
    return children, None, message, f"Ne laissez dans {name} que sa valeur."


def _text_not_allowed(raw: RawFault) -> _Words:
    name = local(raw.element.tag)
    message = Label(
        f"L'élément {name} contient du texte, il ne peut contenir que des éléments.",
        f"Element {name} contains text, it may contain elements only.",
    )
    text = next((t.strip() for t in raw.element.xpath("text()") if t.strip()), "")
    return displayed(text), None, message, f"Retirez le texte placé directement dans {name}."


def _other(raw: RawFault) -> _Words:
    what = _subject(raw)
    message = Label(
        f"{what.fr} n'est pas conforme au schéma.", f"{what.en} is not valid by the schema."
    )
    conseil = f"Comparez {local(raw.element.tag)} avec la documentation du format."
    return displayed(_value(raw).strip()) or None, None, message, conseil


_SENTENCES: dict[FaultKind, Callable[[RawFault], _Words]] = {
    FaultKind.UNEXPECTED_ELEMENT: _unexpected,
    FaultKind.MISSING_CHILD: _missing_child,
    FaultKind.BAD_VALUE: _bad_value,
    FaultKind.UNKNOWN_ATTRIBUTE: _unknown_attribute,
    FaultKind.MISSING_ATTRIBUTE: _missing_attribute,
    FaultKind.UNDECLARED: _undeclared,
    FaultKind.CONTENT_NOT_ALLOWED: _content_not_allowed,
    FaultKind.TEXT_NOT_ALLOWED: _text_not_allowed,
    FaultKind.OTHER: _other,
}
