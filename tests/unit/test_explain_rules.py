"""What ``explain`` says of a rule: its terms and their places, its weight, its examples."""

from __future__ import annotations

import pytest

from chorus_edi.domain.findings import Severity
from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.terms import SUB_TERMS
from chorus_edi.formats.mapping.syntaxes import MAPPINGS
from chorus_edi.rules.registry import CATALOGUE, Rule
from chorus_edi.rules.sets import versions
from chorus_edi.services.examples import examples_of
from chorus_edi.services.explain import explain

RULES = [rule for version in versions() for rule in version.rules]
FATAL = [
    rule
    for rule in RULES
    if rule.severity is Severity.FATAL and (rule.judgement or rule.inspection)
]


def details(code: str) -> list[tuple[str, str]]:
    told = explain(code)
    assert told is not None
    return list(told.details)


def text(code: str, name: str) -> list[str]:
    """Return the lines of the one detail of a name."""
    (told,) = (said for called, said in details(code) if called == name)
    return told.splitlines()


def test_a_sum_is_explained_with_the_values_of_its_terms_and_what_is_found() -> None:
    assert text("BR-CO-10", "Exemple refusé") == [
        "Une petite facture (2 lignes, 30.00 EUR hors TVA, TVA à 20 %), où :",
        "BG-22/BT-106 (Somme du montant net des lignes de facture) = 30.01",
        "BG-25[1]/BT-131 (Montant net de ligne de facture) = 10.00",
        "BG-25[2]/BT-131 (Montant net de ligne de facture) = 20.00",
        "Constat : BG-22/BT-106 (Somme du montant net des lignes de facture) : "
        "trouvé 30.01, attendu 30.00",
    ]
    assert text("BR-CO-10", "Exemple accepté")[1:] == [
        "BG-22/BT-106 (Somme du montant net des lignes de facture) = 30.00",
        "BG-25[1]/BT-131 (Montant net de ligne de facture) = 10.00",
        "BG-25[2]/BT-131 (Montant net de ligne de facture) = 20.00",
    ]


def test_the_terms_of_a_rule_are_named_and_placed_in_each_syntax() -> None:
    told = [said.splitlines() for name, said in details("BR-CO-10") if name == "Donnée"]

    assert told[0][:2] == [
        "BT-106 Somme du montant net des lignes de facture",
        "UBL : cac:LegalMonetaryTotal/cbc:LineExtensionAmount",
    ]
    assert [line.partition(" : ")[0] for line in told[1][1:]] == [
        "UBL-Invoice",
        "UBL-CreditNote",
        "CII",
    ]


def test_what_is_missing_reads_as_absent() -> None:
    assert text("BR-12", "Exemple refusé")[1:] == [
        "BG-22/BT-106 (Somme du montant net des lignes de facture) : absent",
        "Constat : BG-22/BT-106 (Somme du montant net des lignes de facture) : absent",
    ]


def test_a_group_left_empty_reads_as_such() -> None:
    assert "BG-4/BG-5 (Adresse postale du vendeur) : présent, mais vide" in text(
        "BR-08", "Exemple accepté"
    )


def test_a_rule_on_the_xml_says_what_it_counts_and_its_edit_in_words() -> None:
    assert text("UBL-SR-01", "Contrôle du XML (UBL)") == [
        "dans le document : au plus 1 cac:ContractDocumentReference/cbc:ID"
    ]
    assert text("UBL-SR-01", "Exemple refusé")[1:] == [
        "deux fois cac:ContractDocumentReference/cbc:ID",
        "Constat : BT-12 (Référence du contrat) : trouvé 2026-M042",
    ]
    assert text("UBL-SR-01", "Exemple accepté") == [
        "La facture complète, en UBL-Invoice, telle quelle."
    ]


@pytest.mark.parametrize(
    ("rule", "edit"),
    [
        ("UBL-DT-06", "sans cbc:EmbeddedDocumentBinaryObject/@mimeCode"),
        ("UBL-DT-01", "cac:LegalMonetaryTotal/cbc:PayableAmount = 10.001"),
        (
            "UBL-CR-673",
            "dans cac:AdditionalDocumentReference[cbc:DocumentTypeCode='130'], en plus : "
            "<cbc:DocumentDescription>Compteur</cbc:DocumentDescription>",
        ),
    ],
)
def test_every_kind_of_edit_is_said_in_words(rule: str, edit: str) -> None:
    assert text(rule, "Exemple refusé")[1] == edit


def test_a_syntax_that_judges_otherwise_is_told_with_its_reason() -> None:
    assert text("BR-CO-10", "En CII") == ["La feuille CII additionne en binaire."]
    assert text("BR-51", "En UBL")[0].startswith("Avertissement. ")
    assert text("BR-DEC-13", "En UBL")[0].startswith("Jamais constatée. ")


def test_a_long_text_of_an_example_is_cut_and_its_length_told() -> None:
    refused = text("BR-FR-CPRO-31", "Exemple refusé")
    accepted = text("BR-FR-CPRO-31", "Exemple accepté")

    assert refused[1].endswith("… (1025 caractères)")
    assert accepted[1].endswith("… (1024 caractères)")


def test_what_is_counted_in_the_xml_is_shown_where_a_person_can_read_it() -> None:
    assert text("BR-FR-18", "Contrôle du XML (UBL et CII)") == [
        "1 comparaison, trop longue pour être écrite ici"
    ]


@pytest.mark.parametrize("rule", FATAL, ids=lambda rule: rule.id)
def test_every_fatal_rule_is_explained_by_a_failing_and_a_passing_example(rule: Rule) -> None:
    told = details(rule.id)

    names = [name for name, _ in told]
    assert {"En anglais", "Que faire", "Donnée", "Gravité", "Motif", "Source"} <= set(names)
    assert names[-2:] == ["Exemple refusé", "Exemple accepté"]
    assert all(line.strip() for _, said in told for line in said.splitlines())
    refused, accepted = examples_of(rule)
    assert refused.lines[-1].startswith("Constat : ")
    assert len(refused.lines) > 1
    assert not any(line.startswith("Constat") for line in accepted.lines)


def test_every_warning_is_explained_by_what_it_counts_or_by_an_example() -> None:
    silent = [
        rule.id
        for rule in RULES
        if rule.severity is Severity.WARNING
        and not any(name.startswith(("Contrôle du XML", "Exemple")) for name, _ in details(rule.id))
    ]
    assert silent == []


def test_the_reason_of_every_variant_is_a_sentence() -> None:
    for rule in RULES:
        for variant in rule.variants.values():
            assert variant.why[0].isupper()
            assert variant.why.endswith(".")


def test_a_rule_without_examples_is_explained_all_the_same() -> None:
    card = next(iter(CATALOGUE.values()))
    unknown = type(card)(
        id="CE-X-01",
        name="x",
        terms=(),
        severity=card.severity,
        motive=card.motive,
        message=card.message,
        conseil=card.conseil,
        source=card.source,
    )
    assert examples_of(unknown) == ()


@pytest.mark.parametrize("sub_term", SUB_TERMS)
def test_a_sub_term_says_what_it_qualifies_and_where_it_stands(sub_term: str) -> None:
    told = details(sub_term)

    assert text(sub_term, "Précise")[0].startswith(f"{SUB_TERMS[sub_term].id} ")
    places = [(name, path) for name, path in told if name in set(Syntax)]
    assert {name for name, _ in places} == set(Syntax)
    for name, path in places:
        held = MAPPINGS[Syntax(name)].table
        written = {one[-1].text for one in held.paths_of(SUB_TERMS[sub_term].id)}
        last = path.rpartition("/")[2]
        assert (path.split("/")[-2].partition("[")[0] in written) is (last[0] == "@")


def test_a_scheme_that_is_no_attribute_is_placed_at_its_own_element() -> None:
    assert text("BT-18-1", "CII")[0].endswith("/ram:ReferenceTypeCode")
    assert text("BT-158-2", "CII")[0].endswith("/ram:ClassCode/@listVersionID")
    assert text("BT-29-1", "CII")[0].endswith("/ram:GlobalID/@schemeID")


def test_a_term_names_its_sub_terms() -> None:
    assert text("BT-158", "Précisions") == ["BT-158-1, BT-158-2"]
    assert explain("BT-95-0") is not None
    assert explain("BT-131-1") is None


def test_a_rule_that_reads_the_directory_says_so_and_how_sure_we_are_of_it() -> None:
    told = dict(details("BR-FR-CPRO-12"))

    assert told["Contrôle"] == "avec l'annuaire des destinataires"
    assert told["Certitude"] == "lue chez un tiers, texte officiel non vu"
    assert told["Motif"].startswith("REJ_CONT_B2G")
    assert told["Jeux de règles"].startswith("chorus-b2g@")
