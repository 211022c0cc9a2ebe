"""Certificates of deposit over an installation: found, written, verified from the originals."""

from __future__ import annotations

import gzip
import io
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pikepdf
import pytest
from sqlalchemy import Engine

from chorus_edi import bootstrap
from chorus_edi.adapters.store.deposits import SqlDeposits
from chorus_edi.adapters.store.store import SqlStore
from chorus_edi.domain.deposits import Deposit
from chorus_edi.errors import ConfigurationError, ExitCode
from chorus_edi.formats.writers.certificate import to_certificate
from chorus_edi.services.certificats import (
    COLUMNS,
    VERIFIED_COLUMNS,
    Answer,
    Verified,
    exit_code,
    row_of,
    verified_row,
)
from tests.crash.conftest import DataFolder, data_folder, folder_with_a_lot
from tests.integration.flows import AT, accepted, duplicate, finding, later, refused, registered

LOT = "CPP0010000000000000000001"


# -- what durable memory tells ---------------------------------------------------------------------


def test_integrated_invoices_are_told_by_claim_and_rank_and_nothing_else(
    store: SqlStore, engine: Engine
) -> None:
    first, second = registered(store, 3), registered(store, name="b.xml", at=later(1))
    decisions = [accepted(1, "F1"), refused(2, finding()), accepted(3, "F3")]
    store.decide(first, decisions, duplicate, later(2))
    store.decide(second, [accepted(1, "F4")], duplicate, later(2))

    found = list(SqlDeposits(engine).deposits())

    assert [(one.numero_flux, one.rank, one.summary.number) for one in found] == [
        (first, 1, "F1"),
        (first, 3, "F3"),
        (second, 1, "F4"),
    ]
    assert (found[0].date_depot, found[0].name, found[0].size) == (AT, "f1.xml", 1)
    assert SqlDeposits(engine).deposit(first, 3) == found[1]
    assert SqlDeposits(engine).deposit(first, 2) is None
    assert [one.rank for one in SqlDeposits(engine).deposits(sha256=found[0].sha256)] == [1, 3, 1]
    assert list(SqlDeposits(engine).deposits(sha256="0" * 64)) == []


# -- an installation -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def processed(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """An archive of three invoices, processed; only looked at."""
    made = folder_with_a_lot(tmp_path_factory.mktemp("processed") / "data", "")
    made.run()
    return made


@pytest.fixture
def folder(processed: DataFolder, tmp_path: Path) -> DataFolder:
    """The same, to do anything with."""
    shutil.copytree(processed.root, tmp_path / "data")
    return DataFolder(tmp_path / "data", "")


def deposit_of(folder: DataFolder, rank: int = 2) -> Deposit:
    with bootstrap.open_certificates(bootstrap.load_settings(folder.config)) as certificates:
        return certificates.find(f"{LOT}-{rank:04d}")


def verified(folder: DataFolder, subject: str | Path) -> list[Verified]:
    with bootstrap.open_certificates(bootstrap.load_settings(folder.config)) as certificates:
        return list(certificates.verify(str(subject)))


def delivered(folder: DataFolder, rank: int = 2) -> Path:
    return next((folder.root / "outbox").rglob(f"{LOT}-{rank:04d}.xml"))


def archived(folder: DataFolder) -> Path:
    return next((folder.root / "var" / "archive").rglob("lot.tar.gz"))


def written(folder: DataFolder, target: Path, rank: int = 2) -> Path:
    settings = bootstrap.load_settings(folder.config)
    bootstrap.write_certificate(settings, f"{LOT}-{rank:04d}", target)
    return target


def test_a_number_a_certificate_and_an_invoice_are_each_found_valid(
    folder: DataFolder, tmp_path: Path
) -> None:
    deposit = deposit_of(folder)
    subjects = (deposit.certificate, written(folder, tmp_path / "c.pdf"), delivered(folder))

    for subject in subjects:
        (told,) = verified(folder, subject)
        assert (told.answer, told.deposit) == (Answer.VALID, deposit)
        assert told.subject == str(subject)


def test_a_certificate_is_verified_on_both_databases(tmp_path: Path, database_url: str) -> None:
    folder = folder_with_a_lot(tmp_path / "data", database_url)
    folder.run()

    (told,) = verified(folder, deposit_of(folder).certificate)

    assert (told.answer, told.deposit) == (Answer.VALID, deposit_of(folder))


def test_the_certificate_is_the_same_whenever_it_is_asked_for(
    folder: DataFolder, tmp_path: Path
) -> None:
    first = written(folder, tmp_path / "c.pdf").read_bytes()

    assert written(folder, tmp_path / "c.pdf").read_bytes() == first
    assert first == to_certificate(deposit_of(folder))


def changed_inside(archive: bytes) -> bytes:
    """The same archive with one letter of each invoice changed."""
    out = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(archive)) as read,
        tarfile.open(fileobj=out, mode="w:gz") as made,
    ):
        for member in read:
            file = read.extractfile(member)
            assert file is not None
            made.addfile(member, io.BytesIO(file.read().replace(b"2026", b"2027", 1)))
    return out.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        changed_inside,
        lambda content: content[: len(content) // 2],
        lambda _: b"",
        lambda _: b"<Invoice/>",
        lambda _: gzip.compress(b"not a tar"),
    ],
)
def test_a_stored_original_that_was_changed_is_not_valid(
    folder: DataFolder, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    number, page = deposit_of(folder).certificate, written(folder, tmp_path / "c.pdf")
    archived(folder).write_bytes(change(archived(folder).read_bytes()))

    for subject in (number, page, delivered(folder)):
        (told,) = verified(folder, subject)
        assert told.answer is Answer.INVALID
        assert "a été modifié ou abîmé" in told.detail


def test_an_original_that_is_gone_leaves_a_known_number_undecided(
    folder: DataFolder, tmp_path: Path
) -> None:
    number, page = deposit_of(folder).certificate, written(folder, tmp_path / "c.pdf")
    archived(folder).unlink()

    assert [told.answer for told in verified(folder, number)] == [Answer.UNDECIDED]
    assert [told.answer for told in verified(folder, page)] == [Answer.UNDECIDED]


def test_a_page_that_says_something_else_is_not_valid(folder: DataFolder, tmp_path: Path) -> None:
    deposit = deposit_of(folder)
    page = tmp_path / "c.pdf"
    dearer = msgspec.structs.replace(deposit.summary, amount="1.00")
    page.write_bytes(to_certificate(msgspec.structs.replace(deposit, summary=dearer)))

    (told,) = verified(folder, page)

    assert (told.answer, told.deposit) == (Answer.INVALID, deposit)
    assert "modifiée" in told.detail


@pytest.mark.parametrize("change", ["a font that draws other letters", "a page that is turned"])
def test_a_page_that_looks_otherwise_is_not_valid(
    folder: DataFolder, tmp_path: Path, change: str
) -> None:
    page = written(folder, tmp_path / "c.pdf")
    with pikepdf.open(page, allow_overwriting_input=True) as pdf:
        if "font" in change:
            font = next(iter(pdf.pages[0].obj.Resources.Font.values()))
            font.CharProcs = pikepdf.Dictionary(A=pdf.make_stream(b"0 0 500 500 re f"))
        else:
            pdf.pages[0].obj.Rotate = 180
        pdf.save(page)

    (told,) = verified(folder, page)

    assert told.answer is Answer.INVALID


def test_a_certificate_of_another_number_or_of_no_invoice_here_is_not_valid(
    folder: DataFolder, tmp_path: Path
) -> None:
    page = written(folder, tmp_path / "c.pdf")
    content = page.read_bytes()
    other = deposit_of(folder, 3)

    page.write_bytes(content.replace(deposit_of(folder).certificate.encode(), b"A" * 43 + b"="))
    (told,) = verified(folder, page)
    assert told.answer is Answer.INVALID
    assert "n'est pas celui de la facture" in told.detail

    elsewhere = msgspec.structs.replace(other, numero_flux=f"{LOT[:-1]}9")
    page.write_bytes(to_certificate(elsewhere))
    (told,) = verified(folder, page)
    assert (told.answer, told.deposit) == (Answer.INVALID, None)


def test_what_was_never_deposited_is_not_valid(folder: DataFolder, tmp_path: Path) -> None:
    stranger = tmp_path / "facture.xml"
    stranger.write_bytes(delivered(folder).read_bytes() + b"\n")

    for subject in (stranger, "A" * 43 + "="):
        (told,) = verified(folder, subject)
        assert (told.answer, told.deposit) == (Answer.INVALID, None)


@pytest.mark.parametrize(
    ("identity", "told"),
    [
        ("F-1", "n'est pas un identifiant de facture"),
        (f"{LOT}-0004", "aucune facture intégrée n'a l'identifiant"),
    ],
)
def test_an_unknown_invoice_has_no_certificate(
    folder: DataFolder, tmp_path: Path, identity: str, told: str
) -> None:
    settings = bootstrap.load_settings(folder.config)

    with pytest.raises(ConfigurationError, match=told):
        bootstrap.write_certificate(settings, identity, tmp_path / "c.pdf")
    assert not (tmp_path / "c.pdf").exists()


def test_neither_a_number_nor_a_file_is_told(folder: DataFolder) -> None:
    with pytest.raises(ConfigurationError, match="ni un numéro de certificat"):
        verified(folder, "absent.pdf")


def test_a_certificate_is_not_written_into_a_folder_that_is_not_there(
    folder: DataFolder, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match="n'existe pas"):
        written(folder, tmp_path / "absent" / "c.pdf")


def test_where_nothing_was_processed_there_is_no_certificate(tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "data", "")

    with pytest.raises(ConfigurationError, match="aucune donnée"):
        deposit_of(folder)


def test_rows_have_the_columns_of_the_contract(folder: DataFolder) -> None:
    deposit = deposit_of(folder)
    told = Verified(subject="x", answer=Answer.INVALID, detail="y")

    assert tuple(row_of(deposit)) == COLUMNS
    assert row_of(deposit)["certificat"] == deposit.certificate
    assert tuple(verified_row(told)) == VERIFIED_COLUMNS
    assert tuple(verified_row(msgspec.structs.replace(told, deposit=deposit))) == VERIFIED_COLUMNS


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([], ExitCode.OK),
        ([Answer.VALID], ExitCode.OK),
        ([Answer.VALID, Answer.UNDECIDED], ExitCode.UNDECIDED),
        ([Answer.UNDECIDED, Answer.INVALID], ExitCode.INVALID),
    ],
)
def test_one_that_is_not_valid_makes_the_whole_not_valid(
    answers: list[Answer], code: ExitCode
) -> None:
    told = [Verified(subject="x", answer=answer, detail="y") for answer in answers]

    assert exit_code(told) is code
