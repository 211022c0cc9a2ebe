"""A certificate of deposit: its number, its page, and what is read back from a PDF."""

from __future__ import annotations

import base64
import hashlib
import io
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chorus_edi.domain.deposits import Deposit, looks_like_certificate, place_of
from chorus_edi.domain.flux import InvoiceSummary
from chorus_edi.formats.certificates import LARGEST, claim_of, shows
from chorus_edi.formats.writers.certificate import facts, to_certificate

GOLDEN = Path(__file__).parent / "golden" / "certificat.txt"
NUMERO = "ABC1231150000000000000099"
SHA = hashlib.sha256(b"<Invoice/>").hexdigest()
AT = datetime(2026, 7, 14, 22, 30, 5, 999_999, tzinfo=UTC)
DEPOSIT = Deposit(
    numero_flux=NUMERO,
    rank=7,
    name="facture-été.xml",
    size=12_345,
    sha256=SHA,
    date_depot=AT,
    emetteur="ABC123",
    summary=InvoiceSummary(
        number="F-2026-0042",
        issue_date="2026-07-13",
        seller="99990001200017",
        seller_name="Éditions Œuvre & Fils",
        recipient="21990001600011",
        recipient_name="COMMUNE FICTIVE DE MONTREPAPIER",
        code_service="BATI",
        engagement="EJ-17",
        without_vat="1028806.50",
        vat="205761.30",
        amount="1234567.80",
        due="1234567.80",
        currency="EUR",
    ),
)


def with_summary(**changes: str) -> Deposit:
    summary = msgspec.structs.replace(DEPOSIT.summary, **changes)
    return msgspec.structs.replace(DEPOSIT, summary=summary)


def texts(content: bytes) -> list[str]:
    """What a page says, in the order in which it is drawn."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        (page,) = pdf.pages
        return [
            bytes(operation.operands[0]).decode("cp1252")
            for operation in pikepdf.parse_content_stream(page)
            if str(operation.operator) == "Tj"
        ]


# -- the number ----------------------------------------------------------------------------------


def test_the_number_is_what_anybody_computes_from_the_published_recipe() -> None:
    lines = (
        "chorus-edi/certificat-de-depot/1\n"
        "ABC1231150000000000000099-0007\n"
        f"{SHA}\n"
        "2026-07-14T22:30:05Z\n"
    )

    assert DEPOSIT.certificate == base64.b64encode(hashlib.sha256(lines.encode()).digest()).decode()


def test_the_number_is_the_same_for_ever() -> None:
    assert DEPOSIT.certificate == "VZ01M6orw9/52fDhK2EEB1HRy6zPOxGoHTjcErIIUzI="
    assert len(DEPOSIT.certificate) == 44
    assert looks_like_certificate(DEPOSIT.certificate)


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"rank": 8}, False),
        ({"numero_flux": NUMERO.replace("99", "98")}, False),
        ({"sha256": "0" * 64}, False),
        ({"date_depot": AT + timedelta(seconds=1)}, False),
        ({"date_depot": AT.replace(microsecond=0)}, True),
        ({"date_depot": AT.astimezone(timezone(timedelta(hours=2)))}, True),
        ({"name": "autre.xml", "summary": InvoiceSummary()}, True),
    ],
)
def test_the_number_changes_with_bytes_identity_and_second_of_the_deposit(
    changes: dict[str, object], same: bool
) -> None:
    other = msgspec.structs.replace(DEPOSIT, **changes)

    assert (other.certificate == DEPOSIT.certificate) is same


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"{NUMERO}-0007", (NUMERO, 7)),
        (f" {NUMERO.lower()}-0012 ", (NUMERO, 12)),
        (NUMERO, None),
        (f"{NUMERO}-7", None),
        (f"{NUMERO}-0007-1", None),
        ("", None),
    ],
)
def test_an_id_names_a_flow_and_a_rank(text: str, place: tuple[str, int] | None) -> None:
    assert place_of(text) == place


# -- the page ------------------------------------------------------------------------------------


def test_the_page_says_what_was_deposited_when_and_how_to_verify_it() -> None:
    page = "\n".join(texts(to_certificate(DEPOSIT))) + "\n"
    if os.environ.get("REGENERATE"):
        GOLDEN.write_text(page, encoding="utf-8")

    assert page == GOLDEN.read_text(encoding="utf-8")


def test_the_same_deposit_gives_the_same_sound_bytes() -> None:
    content = to_certificate(DEPOSIT)

    assert content == to_certificate(DEPOSIT)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == 1
        assert str(pdf.Root.Lang) == "fr-FR"
        assert str(pdf.docinfo.CreationDate) == "D:20260714223005Z"
        assert str(pdf.docinfo.Title) == f"Certificat de dépôt {DEPOSIT.certificate}"


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("1234567.80", "EUR", "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567,80 EUR"),
        ("-12.5", "USD", "-12,5 USD"),
        ("0.00", "EUR", "0,00 EUR"),
        ("1000", "", "1\N{NO-BREAK SPACE}000"),
        ("", "EUR", "non indiqué"),
        ("douze", "EUR", "douze"),
    ],
)
def test_amounts_are_written_as_the_french_do_with_all_their_digits(
    amount: str, currency: str, shown: str
) -> None:
    assert dict(facts(with_summary(amount=amount, currency=currency)))["Montant TTC"] == shown


def test_what_an_invoice_does_not_say_is_told_as_such() -> None:
    told = dict(facts(msgspec.structs.replace(DEPOSIT, summary=InvoiceSummary())))

    assert told["Facture n°"] == told["Fournisseur"] == told["Destinataire"] == "non indiqué"
    assert "Code service" not in told


@pytest.mark.parametrize(
    ("name", "shown", "noted"),
    [
        ("Cœur d'Été & Ÿ – €", "Cœur d'Été & Ÿ – €", False),
        ("Łódź Nový Ștefan", "Lódz Nový Stefan", True),
        ("株式会社", "????", True),
        ("Deux\nlignes", "Deux lignes", False),
        ("\x00\x1b[31m", "??[31m", True),
    ],
)
def test_letters_that_the_font_lacks_are_replaced_and_the_page_says_so(
    name: str, shown: str, noted: bool
) -> None:
    said = texts(to_certificate(with_summary(seller_name=name)))

    assert f"99990001200017 – {shown}" in said
    assert any(line.startswith("Les lettres que la police") for line in said) is noted


@given(st.text(), st.text(max_size=3000))
def test_any_name_and_number_fit_on_one_page_within_its_edges(number: str, name: str) -> None:
    deposit = with_summary(number=number, seller_name=name, recipient_name=name, engagement=number)

    with pikepdf.open(io.BytesIO(to_certificate(deposit))) as pdf:
        (page,) = pdf.pages
        heights = [
            float(operation.operands[5])
            for operation in pikepdf.parse_content_stream(page)
            if str(operation.operator) == "Tm"
        ]
    assert min(heights) > 30


# -- reading it back -----------------------------------------------------------------------------


def test_a_certificate_says_its_number_and_its_invoice() -> None:
    assert claim_of(to_certificate(DEPOSIT)) == (DEPOSIT.certificate, DEPOSIT.id)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7 /ChorusEdiCertificat",
        b"/ChorusEdiCertificat <Invoice/>",
        to_certificate(DEPOSIT).replace(b"/ChorusEdiFacture", b"/ChorusEdiFactura"),
        to_certificate(DEPOSIT) + b" " * LARGEST,
    ],
)
def test_anything_else_is_no_certificate(content: bytes) -> None:
    assert claim_of(content) is None


def rewritten(content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def test_a_page_written_anew_by_another_program_shows_the_same() -> None:
    content = rewritten(to_certificate(DEPOSIT))

    assert content != to_certificate(DEPOSIT)
    assert shows(content, DEPOSIT)


def noted(content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.pages[0].Annots = pikepdf.Array([])
        return saved(pdf)


def longer(content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.add_blank_page()
        return saved(pdf)


def painted_over(content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.pages[0].contents_add(b"1 1 1 rg 0 0 600 400 re f")
        return saved(pdf)


def other_font(content: bytes) -> bytes:
    return rewritten(content).replace(b"/BaseFont /Courier-Bold", b"/BaseFont /ZapfDingbats")


def enormous(content: bytes) -> bytes:
    """A page that unpacks to a thousand times its size."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        drawn = pdf.pages[0].obj.Contents.read_bytes()
        pdf.pages[0].obj.Contents = pdf.make_stream(drawn + b" " * 2_000_000)
        return saved(pdf)


def broken(content: bytes) -> bytes:
    return content[: len(content) // 4]


def saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize("change", [noted, longer, painted_over, other_font, enormous, broken])
def test_a_page_that_shows_anything_else_is_seen(change: Callable[[bytes], bytes]) -> None:
    assert not shows(change(to_certificate(DEPOSIT)), DEPOSIT)


def test_another_amount_on_the_page_is_seen() -> None:
    assert not shows(to_certificate(with_summary(amount="9234567.80")), DEPOSIT)
