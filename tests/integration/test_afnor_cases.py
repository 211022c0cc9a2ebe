"""Invoices of the AFNOR circuit, whole: read, looked up and judged as ``validate`` does."""

from datetime import date
from pathlib import Path

import pytest

from chorus_edi import bootstrap
from chorus_edi.services.verification import VerificationOptions
from tests.afnor import CADRES, PRIVATE, dressed
from tests.defects.changes import Change, both, identified, of, reached

OPTIONS = VerificationOptions(on=date(2026, 11, 21))
SIREN = "218000198"


def judged(folder: Path, xml: bytes) -> tuple[list[str], list[str]]:
    """Return the sets that judged a file, and the rules that refuse it."""
    path = folder / "facture.xml"
    path.write_bytes(xml)
    (row,) = bootstrap.verify([path], OPTIONS)
    sets = [label.partition("@")[0] for label in row["rule_sets"]]
    return sets, [one["rule"] for one in row["findings"] if one["severity"] == "fatal"]


@pytest.mark.parametrize("cadre", [one for one in CADRES if one not in PRIVATE])
def test_an_invoice_to_a_public_body_is_judged_by_the_three_sets(
    tmp_path: Path, cadre: str
) -> None:
    sets, refusing = judged(tmp_path, dressed(1, cadre).written("cii"))

    assert sets == ["en16931", "br-fr", "chorus-b2g"]
    assert refusing == []


def test_an_invoice_between_companies_is_not_judged_by_the_rules_of_chorus_pro(
    tmp_path: Path,
) -> None:
    sets, refusing = judged(tmp_path, dressed(1, "S5").written("ubl"))

    assert sets == ["en16931", "br-fr"]
    assert refusing == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (both(identified("buyer"), reached("buyer", SIREN)), "BR-FR-CPRO-10"),
        (identified("buyer", ("0088", "3760000000017")), "BR-FR-CPRO-10"),
        (identified("buyer", ("0009", "2180001980001")), "BR-FR-09"),
    ],
)
@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_a_public_buyer_without_a_siret_is_told_once(
    tmp_path: Path, change: Change, told: str, syntax: str
) -> None:
    made = of("S1")(1)
    broken = made._replace(invoice=both(reached("buyer", SIREN), change)(made.invoice))

    assert judged(tmp_path, broken.written(syntax))[1] == [told]
