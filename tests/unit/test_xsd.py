"""Schema faults: what is found, what was expected, where, and in which words."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from chorus_edi.domain.dossier import Place
from chorus_edi.formats.xsd import MAX_FAULTS, Schema
from chorus_edi.formats.xsd_faults import FaultKind, SchemaFault
from chorus_edi.formats.xsd_flood import screened
from chorus_edi.formats.xsd_second import MAX_ELEMENTS

# One schema with every kind of constraint; the element names follow the naming rules of UBL.
XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:t"
    targetNamespace="urn:t" elementFormDefault="qualified">
  <xs:element name="Facture"><xs:complexType><xs:sequence>
    <xs:element name="ID" type="xs:token"/>
    <xs:element name="IssueDate" type="xs:date" minOccurs="0"/>
    <xs:element name="Court" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string">
      <xs:maxLength value="3"/></xs:restriction></xs:simpleType></xs:element>
    <xs:element name="Motif" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string">
      <xs:pattern value="[a-z]*"/></xs:restriction></xs:simpleType></xs:element>
    <xs:element name="Prix" minOccurs="0"><xs:simpleType><xs:restriction base="xs:decimal">
      <xs:fractionDigits value="2"/></xs:restriction></xs:simpleType></xs:element>
    <xs:element name="TaxAmount" minOccurs="0"><xs:complexType><xs:simpleContent>
      <xs:extension base="Montant"><xs:attribute name="currencyID" type="Devise" use="required"/>
      </xs:extension></xs:simpleContent></xs:complexType></xs:element>
    <xs:element name="Vide" minOccurs="0"><xs:complexType/></xs:element>
    <xs:element name="Fixe" type="xs:string" fixed="oui" minOccurs="0"/>
    <xs:element name="Ligne" type="Ligne" minOccurs="0" maxOccurs="unbounded"/>
    <xs:any namespace="##other" processContents="strict" minOccurs="0"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:complexType name="Ligne"><xs:sequence>
    <xs:element name="ID" type="xs:integer"/><xs:element name="Nom" type="xs:string"/>
  </xs:sequence></xs:complexType>
  <xs:simpleType name="Montant"><xs:restriction base="xs:decimal"/></xs:simpleType>
  <xs:simpleType name="Devise"><xs:restriction base="xs:token">
    <xs:enumeration value="EUR"/><xs:enumeration value="USD"/></xs:restriction></xs:simpleType>
</xs:schema>"""


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Schema:
    path = tmp_path_factory.mktemp("schéma officiel") / "facture.xsd"
    path.write_text(XSD, "utf-8")
    return Schema("facture", str(path))


def invoice(body: str, *, namespaces: str = "") -> Any:
    return etree.fromstring(f'<Facture xmlns="urn:t" {namespaces}>{body}</Facture>')


def places(elements: Sequence[Any]) -> tuple[Place, ...]:
    """Stand in for the locator: line of the element, its path without namespaces."""
    return tuple(
        Place(etree.ElementTree(e.getroottree().getroot()).getelementpath(e), e.sourceline, 1)
        for e in elements
    )


def faults(schema: Schema, tree: Any, **options: bool) -> tuple[SchemaFault, ...]:
    return schema.faults(tree, etree.tostring(tree), places, **options)


def only(schema: Schema, body: str, namespaces: str = "") -> SchemaFault:
    (fault,) = faults(schema, invoice(body, namespaces=namespaces))
    return fault


def test_a_valid_document_has_no_fault_and_no_place_is_looked_for(schema: Schema) -> None:
    def never(elements: Sequence[Any]) -> tuple[Place, ...]:
        raise AssertionError(elements)

    assert schema.accepts(invoice("<ID>1</ID>"))
    assert schema.faults(invoice("<ID>1</ID>"), b"", never) == ()
    assert schema.faults(invoice("<ID>1</ID>").getroottree(), b"", never) == ()


CASES = [
    # body, kind, element, found, expected, words of the French message
    (
        "<ID>1</ID><Court>ab</Court><IssueDate>2026-01-01</IssueDate>",
        FaultKind.UNEXPECTED_ELEMENT,
        "IssueDate",
        "IssueDate",
        "Motif, Prix, TaxAmount, Vide, Fixe, Ligne",
        "le schéma attend",
    ),
    (
        "<IssueDate>2026-01-01</IssueDate>",
        FaultKind.UNEXPECTED_ELEMENT,
        "IssueDate",
        "IssueDate",
        "ID",
        "le schéma attend : ID",
    ),
    (
        '<f:ID xmlns:f="urn:faux">1</f:ID>',
        FaultKind.UNEXPECTED_ELEMENT,
        "ID",
        "urn:faux",
        "urn:t",
        "espace de noms",
    ),
    ("", FaultKind.MISSING_CHILD, "Facture", None, "ID", "il y manque : ID"),
    (
        "<ID>1</ID><Ligne><ID>1</ID></Ligne>",
        FaultKind.MISSING_CHILD,
        "Ligne",
        None,
        "Nom",
        "il y manque : Nom",
    ),
    (
        "<ID>1</ID><IssueDate>2026-02-30</IssueDate>",
        FaultKind.BAD_VALUE,
        "IssueDate",
        "2026-02-30",
        "une date AAAA-MM-JJ",
        "« 2026-02-30 »",
    ),
    (
        "<ID>1</ID><IssueDate/>",
        FaultKind.BAD_VALUE,
        "IssueDate",
        "",
        "une date AAAA-MM-JJ",
        "est vide",
    ),
    (
        "<ID>1</ID><Court>abcd</Court>",
        FaultKind.BAD_VALUE,
        "Court",
        "abcd",
        "au plus 3 caractères",
        "au plus 3",
    ),
    (
        "<ID>1</ID><Motif>A1</Motif>",
        FaultKind.BAD_VALUE,
        "Motif",
        "A1",
        "la forme [a-z]*",
        "la forme",
    ),
    (
        "<ID>1</ID><Prix>1.234</Prix>",
        FaultKind.BAD_VALUE,
        "Prix",
        "1.234",
        "au plus 2 décimales",
        "décimales",
    ),
    (
        '<ID>1</ID><TaxAmount currencyID="EUR">1,5</TaxAmount>',
        FaultKind.BAD_VALUE,
        "TaxAmount",
        "1,5",
        "un nombre, point décimal et sans espace, par exemple 1234.56",
        "un nombre",
    ),
    (
        '<ID>1</ID><TaxAmount currencyID="FRF">1</TaxAmount>',
        FaultKind.BAD_VALUE,
        "TaxAmount",
        "FRF",
        "EUR, USD",
        "L'attribut currencyID de l'élément TaxAmount",
    ),
    (
        "<ID>1</ID><Ligne><ID>1.5</ID><Nom>x</Nom></Ligne>",
        FaultKind.BAD_VALUE,
        "ID",
        "1.5",
        "un nombre entier",
        "un nombre entier",
    ),
    (
        "<ID>1</ID><Fixe>non</Fixe>",
        FaultKind.BAD_VALUE,
        "Fixe",
        "non",
        "la valeur oui",
        "la valeur oui",
    ),
    (
        "<ID>1</ID><TaxAmount>1</TaxAmount>",
        FaultKind.MISSING_ATTRIBUTE,
        "TaxAmount",
        None,
        "currencyID",
        "L'attribut obligatoire currencyID manque",
    ),
    (
        '<ID rang="1">1</ID>',
        FaultKind.UNKNOWN_ATTRIBUTE,
        "ID",
        "rang",
        None,
        "L'attribut rang n'est pas admis",
    ),
    (
        "<ID>1<b/></ID>",
        FaultKind.CONTENT_NOT_ALLOWED,
        "ID",
        "b",
        None,
        "ne peut pas contenir d'autres éléments",
    ),
    (
        "<ID>1</ID><Vide>texte</Vide>",
        FaultKind.TEXT_NOT_ALLOWED,
        "Vide",
        "texte",
        None,
        "contient du texte",
    ),
    (
        "<ID>1</ID>perdu",
        FaultKind.TEXT_NOT_ALLOWED,
        "Facture",
        "perdu",
        None,
        "contient du texte",
    ),
    (
        '<ID>1</ID><q:z xmlns:q="urn:q"/>',
        FaultKind.UNDECLARED,
        "z",
        "{urn:q}z",
        None,
        "n'est pas connu",
    ),
    (
        '<ID xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>',
        FaultKind.OTHER,
        "ID",
        None,
        None,
        "n'est pas conforme",
    ),
]


@pytest.mark.parametrize(
    ("body", "kind", "element", "found", "expected", "words"),
    CASES,
    ids=[f"{row[1]}-{row[2]}-{row[3]}" for row in CASES],
)
def test_a_fault_tells_what_was_found_and_what_was_expected(
    schema: Schema,
    body: str,
    kind: FaultKind,
    element: str,
    found: str | None,
    expected: str | None,
    words: str,
) -> None:
    fault = only(schema, body)

    assert (fault.kind, fault.element) == (kind, element)
    assert (fault.found, fault.expected) == (found, expected)
    assert words in fault.message.fr
    assert fault.message.en
    assert fault.conseil.endswith(".")


def test_the_second_engine_tells_the_same_fault_once_whatever_its_kind(schema: Schema) -> None:
    for body, *_ in CASES:
        tree = invoice(body)
        first, second = faults(schema, tree), faults(schema, tree, thorough=True)
        assert [(f.kind, f.element) for f in first] == [(f.kind, f.element) for f in second], body


def test_an_unknown_root_is_undeclared(schema: Schema) -> None:
    (fault,) = faults(schema, etree.fromstring("<autre/>"))

    assert (fault.kind, fault.found) == (FaultKind.UNDECLARED, "autre")
    assert "Factur-X" in fault.conseil


def test_an_element_where_nothing_more_may_stand_has_no_expectation(schema: Schema) -> None:
    fault = only(schema, "<ID>1</ID><Ligne><ID>1</ID><Nom>x</Nom><Nom>y</Nom></Ligne>")

    assert (fault.kind, fault.expected) == (FaultKind.UNEXPECTED_ELEMENT, None)
    assert fault.message.fr == "L'élément Nom n'a pas sa place dans Ligne."


def test_a_value_is_shown_on_one_line_and_shortened(schema: Schema) -> None:
    fault = only(schema, f"<ID>1</ID><Court>a\nb{'c' * 5_000}</Court>")

    assert fault.found is not None
    assert len(fault.found) < 200
    assert "\n" not in fault.message.fr


def test_a_value_cut_by_a_comment_is_read_whole(schema: Schema) -> None:
    assert only(schema, "<ID>1</ID><Court>ab<!-- c -->cd</Court>").found == "abcd"


def test_quotes_and_engine_words_in_a_value_do_not_deceive_the_reader(schema: Schema) -> None:
    value = "x', attribute 'y': Missing child. Expected is ( {u}z )."
    fault = only(schema, f"<ID>1</ID><Court>{value}</Court>")

    assert (fault.kind, fault.found) == (FaultKind.BAD_VALUE, value)
    assert fault.expected == "au plus 3 caractères"


@pytest.mark.parametrize(
    "prefixes",
    [("", "", ""), ("p:", "", "p:"), ("p:", "p:", "p:"), ("q:", "p:", ""), ("", "q:", "q:")],
)
def test_faults_are_placed_whatever_prefixes_the_sender_uses(
    schema: Schema, prefixes: tuple[str, ...]
) -> None:
    lines = "\n".join(
        f"<{p}Ligne><!-- une --><{p}ID>x{n}</{p}ID><{p}Nom/></{p}Ligne>"
        for n, p in enumerate(prefixes, 2)
    )
    tree = invoice(f"<ID>1</ID>\n{lines}", namespaces='xmlns:p="urn:t" xmlns:q="urn:t"')

    told = faults(schema, tree)

    assert [(f.place.line, f.found) for f in told] == [(2, "x2"), (3, "x3"), (4, "x4")]
    assert [f.place.location for f in told] == [
        f"{{urn:t}}Ligne[{n}]/{{urn:t}}ID" for n in (1, 2, 3)
    ]


def test_faults_stand_in_the_order_of_the_file(schema: Schema) -> None:
    body = "<ID rang='1'>1</ID>\n<Ligne><ID>a</ID></Ligne>\n<Ligne>perdu<ID>b</ID></Ligne>"

    told = faults(schema, invoice(body), thorough=True)

    assert [f.place.line for f in told] == sorted(f.place.line or 0 for f in told)
    assert {f.place.line for f in told} == {1, 2, 3}


def test_the_second_engine_adds_the_faults_behind_a_content_fault(schema: Schema) -> None:
    # given: libxml2 reads nothing after the misplaced element of a parent
    body = (
        "<IssueDate>2026-02-30</IssueDate><Court>abcd</Court><Motif>A1</Motif>"
        '<Prix>1.234</Prix><TaxAmount rang="1">x</TaxAmount><Vide>t</Vide><Fixe>non</Fixe>'
        "<Bogue/><Ligne><ID><b/></ID></Ligne>"
    )
    tree = invoice(body)
    assert len(faults(schema, tree)) == 1

    # when
    told = faults(schema, tree, thorough=True)

    # then
    assert {(f.kind, f.element) for f in told} == {
        (FaultKind.UNEXPECTED_ELEMENT, "IssueDate"),
        (FaultKind.BAD_VALUE, "IssueDate"),
        (FaultKind.BAD_VALUE, "Court"),
        (FaultKind.BAD_VALUE, "Motif"),
        (FaultKind.BAD_VALUE, "Prix"),
        (FaultKind.BAD_VALUE, "TaxAmount"),
        (FaultKind.MISSING_ATTRIBUTE, "TaxAmount"),
        (FaultKind.UNKNOWN_ATTRIBUTE, "TaxAmount"),
        (FaultKind.TEXT_NOT_ALLOWED, "Vide"),
        (FaultKind.BAD_VALUE, "Fixe"),
        (FaultKind.UNEXPECTED_ELEMENT, "Bogue"),
        (FaultKind.CONTENT_NOT_ALLOWED, "ID"),
        (FaultKind.MISSING_CHILD, "Ligne"),
    }
    expected = {f.element: f.expected for f in told if f.kind is FaultKind.BAD_VALUE}
    assert expected["Court"] == "au plus 3 caractères"
    assert expected["Prix"] == "au plus 2 décimales"


def test_the_second_engine_leaves_large_documents_alone(schema: Schema) -> None:
    tree = invoice("<Vide/>" + "<Ligne><ID>a</ID></Ligne>" * (MAX_ELEMENTS // 2))

    assert len(faults(schema, tree, thorough=True)) == len(faults(schema, tree)) == 1


def test_what_the_second_engine_fails_on_changes_nothing(schema: Schema) -> None:
    # given: a type that does not exist, which it stumbles over
    body = '<ID xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="Rien">1</ID>'
    tree = invoice(body)

    assert faults(schema, tree, thorough=True) == faults(schema, tree) != ()


def test_faults_beyond_the_limit_are_counted(schema: Schema) -> None:
    line = "<Ligne><ID>a</ID><Nom/></Ligne>"
    tree = invoice("<ID>1</ID>" + line * (MAX_FAULTS + 7))

    told = faults(schema, tree)

    assert len(told) == MAX_FAULTS + 1
    assert (told[-1].kind, told[-1].found, told[-1].place) == (FaultKind.MORE, "7", Place())
    assert re.search(r"\b7 autres", told[-1].message.fr)


def test_a_location_hint_of_the_document_is_not_followed(schema: Schema) -> None:
    body = (
        '<ID xmlns:i="http://www.w3.org/2001/XMLSchema-instance" '
        'i:schemaLocation="urn:q /absent/q.xsd urn:t /absent/t.xsd">1</ID>'
    )

    assert faults(schema, invoice(body), thorough=True) == ()


def test_a_flood_of_faults_is_told_from_the_beginning_of_the_file(schema: Schema) -> None:
    # given: more faults than are told, in a file large enough to be screened
    lines = "".join(
        f"\n<Ligne><ID>n{n}</ID><Nom>{'x' * 40}</Nom></Ligne>" for n in range(2, 20_002)
    )
    tree = invoice(f"<ID rang='1'>1</ID>{lines}")

    # when
    told = faults(schema, tree, thorough=True)

    # then: they are those of the file, and none that the cut made
    assert len(told) == MAX_FAULTS + 1
    assert told[0].kind is FaultKind.UNKNOWN_ATTRIBUTE
    assert [f.found for f in told[1:-1]] == [f"n{n}" for n in range(2, MAX_FAULTS + 1)]
    assert [f.place.line for f in told[1:-1]] == list(range(2, MAX_FAULTS + 1))
    assert told[-1].kind is FaultKind.MORE
    assert "Au moins" in told[-1].message.fr


def test_a_large_document_with_few_faults_is_told_whole(schema: Schema) -> None:
    lines = "\n<Ligne><ID>1</ID><Nom>" + "x" * 400_000 + "</Nom></Ligne>\n<Ligne/>"

    (fault,) = faults(schema, invoice(f"<ID>1</ID>{lines}"))

    assert (fault.kind, fault.place.line) == (FaultKind.MISSING_CHILD, 3)
    assert faults(schema, invoice(f"<ID>1</ID>{lines.removesuffix('<Ligne/>')}")) == ()


def test_screening_a_large_document_leaves_nothing_behind() -> None:
    # given: what a parser left open keeps, a long comment at the end, and no collector of circles
    xml = b"<Facture/><!--" + b"x" * 1_000_000 + b"-->"
    compiled = etree.XMLSchema(etree.fromstring(ANYTHING))
    gc.disable()
    try:
        screened(xml, compiled, 10)
        before = resident()

        # when
        for _ in range(40):
            screened(xml, compiled, 10)

        # then
        assert resident() - before < 20
    finally:
        gc.enable()


ANYTHING = (
    b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="Facture"/>'
    b"</xs:schema>"
)


def resident() -> int:
    """Return what this process holds in memory, in megabytes."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000_000
