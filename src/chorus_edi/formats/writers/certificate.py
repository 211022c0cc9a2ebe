"""Writes a certificate of deposit as a PDF of one page; ``formats/certificates.py`` reads it back.

The same deposit gives the same bytes: dates are those of the deposit, ids are fixed, and nothing is
compressed. The page uses standard fonts, which hold the letters of Western Europe; a letter that
they lack is written without its mark, or else as a question mark.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

import pikepdf
from pikepdf import Dictionary
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from chorus_edi.domain.deposits import Deposit, instant
from chorus_edi.domain.legal_time import with_offset
from chorus_edi.domain.money import amount as read_amount

MARK = "/ChorusEdiCertificat"
IDENTITY = "/ChorusEdiFacture"
"""What the PDF says of itself to programs: number of the certificate, id of the invoice."""

_WIDTH, _HEIGHT = 595, 842
"""A4, in points of 1/72 inch: whole ones are exact enough for a page."""

_LEFT, _RIGHT = 62, _WIDTH - 62
_VALUES = _LEFT + 150
_LINES = 3
"""Lines that one value may take; the rest of a very long name is cut."""

_INK, _SOFT, _RULE = HexColor("#1a1f33"), HexColor("#61697a"), HexColor("#d5d8de")
_BAND = HexColor("#f0f2fa")


class _Style(NamedTuple):
    """How a text is written: font, size in points, color."""

    font: str
    size: int
    ink: Color = _INK


_TITLE = _Style("Helvetica-Bold", 24)
_HEADING = _Style("Helvetica-Bold", 12)
_PLAIN, _SMALL = _Style("Helvetica", 11), _Style("Helvetica", 9)
_LABEL, _NOTE = _Style("Helvetica", 10, _SOFT), _Style("Helvetica-Oblique", 8, _SOFT)
_CODE, _STRONG_CODE = _Style("Courier", 9), _Style("Courier-Bold", 15)

_BREAKS = re.compile(r"[\t\n\v\f\r\u2028\u2029]+")

_STROKES = str.maketrans("ŁłĐđĦħŦŧı", "LlDdHhTti")
"""Letters that hold together with their mark, so that it cannot be taken off."""

_INTRODUCTION = (
    "La plateforme atteste avoir pris en charge cette facture au dépôt indiqué ci-dessous."
)
_REPLACED = (
    "Les lettres que la police n'a pas sont remplacées ; le texte exact est dans la facture."
)
_HOW = (
    "Auprès de la plateforme : « chorus-edi certificat verify » avec ce numéro, ce fichier ou la "
    "facture d'origine recalcule le numéro à partir de l'original conservé.",
    "Par vous-même : le numéro est le SHA-256, écrit en base64, des quatre lignes suivantes, "
    "chacune suivie d'un saut de ligne (LF) :",
)


def to_certificate(deposit: Deposit) -> bytes:
    """Write the certificate of a deposit."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(_WIDTH, _HEIGHT), invariant=1, pageCompression=0)
    _draw(canvas, deposit)
    canvas.showPage()
    canvas.save()
    return _stamped(out.getvalue(), deposit)


def _stamped(drawn: bytes, deposit: Deposit) -> bytes:
    """Give a page its title, its dates and its number, which programs read."""
    made = f"D:{instant(deposit.date_depot).translate(str.maketrans('', '', '-:TZ'))}Z"
    with pikepdf.open(io.BytesIO(drawn)) as pdf:
        pdf.trailer.Info = pdf.make_indirect(
            Dictionary(
                {
                    "/Title": f"Certificat de dépôt {deposit.certificate}",
                    "/Subject": f"Facture {deposit.id}",
                    "/Creator": "chorus-edi",
                    "/CreationDate": made,
                    "/ModDate": made,
                    MARK: deposit.certificate,
                    IDENTITY: deposit.id,
                }
            )
        )
        pdf.Root.Lang = pikepdf.String("fr-FR")
        out = io.BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue()


def _draw(canvas: Canvas, deposit: Deposit) -> None:
    _text(canvas, _LEFT, _HEIGHT - 92, "Certificat de dépôt", _TITLE)
    y = _paragraph(canvas, _HEIGHT - 122, _INTRODUCTION, _PLAIN)
    y = _number(canvas, y - 16, deposit.certificate)
    y = _fields(canvas, y - 30, deposit)
    _recipe(canvas, y - 26, deposit)


def _number(canvas: Canvas, y: int, number: str) -> int:
    """Draw the number in its band; return where the band ends."""
    bottom = y - 52
    canvas.setFillColor(_BAND)
    canvas.rect(_LEFT, bottom, _RIGHT - _LEFT, 52, stroke=0, fill=1)
    _text(canvas, _LEFT + 14, bottom + 33, "Certificat n°", _LABEL)
    _text(canvas, _LEFT + 14, bottom + 13, number, _STRONG_CODE)
    return bottom


def _fields(canvas: Canvas, y: int, deposit: Deposit) -> int:
    canvas.setLineWidth(1)
    canvas.setStrokeColor(_RULE)
    for label, value in facts(deposit):
        _text(canvas, _LEFT, y, label, _LABEL)
        for line in _wrapped(value, _RIGHT - _VALUES, _PLAIN):
            _text(canvas, _VALUES, y, line, _PLAIN)
            y -= 14
        canvas.line(_LEFT, y + 5, _RIGHT, y + 5)
        y -= 9
    if any(_written(value) != _BREAKS.sub(" ", value) for _, value in facts(deposit)):
        _text(canvas, _LEFT, y, _REPLACED, _NOTE)
        y -= 14
    return y


def _recipe(canvas: Canvas, y: int, deposit: Deposit) -> None:
    _text(canvas, _LEFT, y, "Comment vérifier ce certificat", _HEADING)
    y -= 18
    for paragraph in _HOW:
        y = _paragraph(canvas, y, paragraph, _SMALL) - 4
    for line in deposit.recipe:
        _text(canvas, _LEFT + 14, y, line, _CODE)
        y -= 13
    _paragraph(canvas, y - 6, "La troisième ligne est le SHA-256 de la facture d'origine.", _SMALL)


def _paragraph(canvas: Canvas, y: int, text: str, style: _Style) -> int:
    for line in simpleSplit(_written(text), style.font, style.size, _RIGHT - _LEFT):
        _text(canvas, _LEFT, y, line, style)
        y -= style.size * 7 // 5
    return y


def _wrapped(text: str, width: int, style: _Style) -> list[str]:
    """Cut a value into lines; a word without blanks may be wider than the page."""
    lines = simpleSplit(_written(text), style.font, style.size, width)
    parts = [part for line in lines for part in _parts(line, width, style)]
    if len(parts) > _LINES:
        parts = [*parts[: _LINES - 1], f"{parts[_LINES - 1][:-1]}…"]
    return parts or [""]


def _parts(line: str, width: int, style: _Style) -> Iterator[str]:
    part = ""
    for character in line:
        if part and stringWidth(part + character, style.font, style.size) > width:
            yield part
            part = ""
        part += character
    yield part


def _text(canvas: Canvas, x: int, y: int, text: str, style: _Style) -> None:
    canvas.setFont(style.font, style.size)
    canvas.setFillColor(style.ink)
    canvas.drawString(x, y, _written(text))


def facts(deposit: Deposit) -> Iterator[tuple[str, str]]:
    """Yield what a certificate says, label and value, in reading order; absent values are told."""
    told = deposit.summary
    yield "Facture n°", told.number or "non indiqué"
    yield "Date de la facture", _day(told.issue_date) or "non indiquée"
    yield "Fournisseur", _named(told.seller_name, told.seller) or "non indiqué"
    yield "Destinataire", _named(told.recipient_name, told.recipient) or "non indiqué"
    if told.code_service:
        yield "Code service", told.code_service
    if told.engagement:
        yield "N° d'engagement", told.engagement
    amounts = {
        "Montant HT": told.without_vat,
        "TVA": told.vat,
        "Montant TTC": told.amount or "non indiqué",
        "Net à payer": told.due,
    }
    yield from ((label, _money(text, told.currency)) for label, text in amounts.items() if text)
    yield "Dépôt", f"{with_offset(deposit.date_depot)}, heure de Paris"
    yield "Flux n°", deposit.numero_flux
    yield "Identifiant", deposit.id
    yield "Fichier", f"{deposit.name} ({_grouped(str(deposit.size))} octets)"


def _named(name: str, identifier: str) -> str:
    """Return both, the identifier first: a very long name is cut."""
    return " – ".join(filter(None, (identifier.strip(), name.strip())))


def _day(text: str) -> str:
    year, _, rest = text.strip().partition("-")
    month, _, day = rest.partition("-")
    return f"{day}/{month}/{year}" if day and month else text.strip()


def _money(text: str, currency: str) -> str:
    """Write an amount as the French do, with all its digits; what is none stays as it is."""
    value: Decimal | None = read_amount(text)
    if value is None:
        return text
    sign, (whole, _, cents) = "-" if value < 0 else "", f"{abs(value):f}".partition(".")
    return f"{sign}{_grouped(whole)}{',' if cents else ''}{cents} {currency}".strip()


def _grouped(digits: str) -> str:
    return f"{int(digits):,}".replace(",", "\N{NO-BREAK SPACE}")


def _written(text: str) -> str:
    """Return a text in the letters of the font, on one line."""
    return "".join(map(_letter, _BREAKS.sub(" ", text)))


def _letter(character: str) -> str:
    if _in_font(character):
        return character
    plain = unicodedata.normalize("NFKD", character).translate(_STROKES)
    kept = "".join(c for c in plain if _in_font(c) and not unicodedata.combining(c))
    return kept or ("" if unicodedata.combining(character) else "?")


def _in_font(character: str) -> bool:
    try:
        character.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return character.isprintable() or character == "\N{NO-BREAK SPACE}"
