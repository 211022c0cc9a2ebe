"""The historic circuit takes every case that AIFE published, and says what is wrong with others."""

from __future__ import annotations

import base64
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chorus_edi import bootstrap
from chorus_edi.domain.invoice import Invoice, SupportingDocument
from chorus_edi.formats.attachments import MAX_BYTES, take
from chorus_edi.formats.writers import to_cii
from chorus_edi.services.verification import VerificationOptions
from tests.builders import tar_gz
from tests.historic import CASES, case_file, historic, siret, supplier, written

ANNUAIRE = Path(__file__).parents[2] / "config" / "annuaire"
BOTH = (ANNUAIRE / "structures.csv", ANNUAIRE / "services.csv")
Row = dict[str, Any]


class StandingClock:
    """A clock that always says the same."""

    def now(self) -> datetime:
        return datetime(2018, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def verified(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    """Every case, an archive and a bad invoice, as ``validate`` judges them with the directory."""
    folder = tmp_path_factory.mktemp("cases")
    for name in CASES:
        number = int(name[1:3])
        (folder / f"P{number:02d}.xml").write_bytes(case_file(name, number))
    two = {f"{n}.xml": written(historic(f"HIST-2018-{n:04d}")) for n in (100, 101)}
    (folder / "P100.tar.gz").write_bytes(tar_gz(two))
    (folder / "wrong.xml").write_bytes(written(wrong()))
    rows = bootstrap.verify([folder], VerificationOptions(annuaire=BOTH), clock=StandingClock())
    return {row["path"].rpartition("/")[2]: row for row in rows}


def wrong() -> Invoice:
    """Return an invoice with too long a number, a day to come and no SIRET."""
    return historic(
        "HIST-2018-000000000001",
        issue_date="2018-12-01",
        seller=supplier(siret("8103473280001")),
    )


@pytest.mark.parametrize("name", CASES)
def test_a_case_that_aife_published_is_accepted(name: str, verified: dict[str, Row]) -> None:
    row = verified[f"{name[:3]}.xml"]

    assert [f for f in row["findings"] if f["severity"] == "fatal"] == []
    assert (row["verdict"], row["circuit"]) == ("valid", "historique")
    assert row["rule_sets"] == ["chorus-historique@4.21-1"]


def test_only_what_the_published_rules_forbid_in_a_sample_warns(verified: dict[str, Row]) -> None:
    warned = {
        path: [finding["rule"] for finding in row["findings"]]
        for path, row in verified.items()
        if row["findings"] and row["verdict"] == "valid"
    }

    assert warned == {
        "P02.xml": ["CE-AVOIR-02"],
        "P20.xml": ["G1.24"],
        "P95.xml": ["CE-AVOIR-01"],
        "P96.xml": ["CE-AVOIR-01"],
        "P97.xml": ["CE-AVOIR-01"],
    }


def test_an_archive_of_two_invoices_is_accepted(verified: dict[str, Row]) -> None:
    archived = [row for path, row in verified.items() if path.startswith("P100.tar.gz!")]

    assert [row["verdict"] for row in archived] == ["valid", "valid"]


def test_a_supplier_learns_all_his_faults_with_their_places(verified: dict[str, Row]) -> None:
    row = verified["wrong.xml"]

    assert row["verdict"] == "invalid"
    fatal = {f["rule"]: f for f in row["findings"] if f["severity"] == "fatal"}
    assert set(fatal) == {"G1.05", "G1.07", "G2.19"}
    assert fatal["G1.07"]["found"] == "2018-12-01"
    assert fatal["G1.07"]["expected"] == "2018-11-21 au plus tard"
    assert all(finding["line"] and finding["location"] for finding in fatal.values())


def deflated(name: str, content: bytes) -> bytes:
    """Return a zip of one file that is much smaller than the file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(("files", "refused"), [(12, []), (13, ["CE-PJ-04"])])
def test_attachments_of_more_than_120_megabytes_are_refused(
    tmp_path: Path, files: int, refused: list[str]
) -> None:
    content = deflated("plan.pdf", b"%PDF-".ljust(MAX_BYTES, b" "))
    attachment, _ = take(base64.b64encode(content).decode(), filename="plan.pdf", mime=None)
    document = SupportingDocument(reference="plan.pdf", attachment=attachment)
    invoice = historic(supporting_documents=(document,) * files)
    (tmp_path / "plans.xml").write_bytes(to_cii(invoice, {"plan.pdf": content}, historic=True))

    (row,) = bootstrap.verify([tmp_path], VerificationOptions(), clock=StandingClock())

    fatal = [finding for finding in row["findings"] if finding["severity"] == "fatal"]
    assert [finding["rule"] for finding in fatal] == refused
    assert [finding["found"] for finding in fatal] == [f"{files * 10} Mo"] * len(refused)
