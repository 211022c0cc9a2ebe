"""Runs the official sheets through SaxonC, in a process of its own that may die alone.

SaxonC aborts its whole process when two threads each make a processor, and its sheets end in a
dynamic error on some documents (facts: artefacts-and-baselines 1.5). So one process, one thread,
one processor; each sheet compiled once, from its file, for ``document()`` finds the code lists
beside it. What dies or takes too long is replaced, and its document is undecided, never passed.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
from lxml import etree

from chorus_edi.domain.official import SheetVerdict
from chorus_edi.errors import ConfigurationError, Incident
from chorus_edi.formats import xml
from chorus_edi.formats.facturx import PdfContent, open_pdf
from chorus_edi.formats.svrl import read_report

MODULE = "saxonche"
START_SECONDS = 60.0
SHEET_SECONDS = 120.0
"""A sheet has this long for one document, its compilation included."""

_LONGEST_REASON = 300
# Code lists are read when a sheet is compiled, not again for each document (a third of the time).
_LISTS_ONCE = "http://saxon.sf.net/feature/preEvaluateDocFunction"
_PDF_HEAD = 1024


class _Ask(msgspec.Struct, frozen=True):
    sheet: str
    content: bytes


class _Report(msgspec.Struct, frozen=True, tag=True):
    svrl: bytes


class _Failure(msgspec.Struct, frozen=True, tag=True):
    reason: str


_encode = msgspec.msgpack.Encoder().encode
_decode_ask = msgspec.msgpack.Decoder(_Ask).decode
_decode_answer: Callable[[bytes], _Report | _Failure] = msgspec.msgpack.Decoder(
    _Report | _Failure
).decode


def require_saxon() -> None:
    """Refuse to start without the extra.

    Raises:
        ConfigurationError: saxonche is not installed.
    """
    if find_spec(MODULE) is None:
        raise ConfigurationError(
            "« --official » exécute les feuilles officielles avec saxonche, qui n'est pas "
            "installé : exécutez « pip install 'chorus-edi[official]' »."
        )


class OfficialSheets:
    """The official sheets, ready to judge documents one after another."""

    def __init__(self, sheets: Mapping[str, Path], seconds: float = SHEET_SECONDS) -> None:
        """Start nothing yet.

        Args:
            sheets: id of each sheet → its file, already compared with its digest.
            seconds: how long a sheet may take for one document.

        Raises:
            ConfigurationError: saxonche is not installed.
        """
        require_saxon()
        self._sheets = {name: str(path) for name, path in sheets.items()}
        self.seconds = seconds
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        """Return itself; the process starts with the first document."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the process."""
        self.close()

    @property
    def process_id(self) -> int | None:
        """Return the id of the process; None while there is none."""
        return self._process.pid if self._process else None

    def judge(self, content: bytes, sheets: Sequence[str]) -> tuple[SheetVerdict, ...]:
        """Return the verdict of each sheet named on a document, in that order.

        Args:
            content: an invoice in XML, or a Factur-X file; it is opened in the other process.
            sheets: ids given at the start.

        Raises:
            Incident: the process does not start.
        """
        return tuple(self._verdict(sheet, content) for sheet in sheets)

    def close(self) -> None:
        """End the process; the next document starts another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None

    def _verdict(self, sheet: str, content: bytes) -> SheetVerdict:
        answer = self._answer(_Ask(sheet, content))
        if isinstance(answer, _Failure):
            return SheetVerdict(sheet=sheet, undecided=answer.reason)
        try:
            return SheetVerdict(sheet=sheet, fired=read_report(answer.svrl))
        except ValueError as error:
            return SheetVerdict(sheet=sheet, undecided=str(error))

    def _answer(self, ask: _Ask) -> _Report | _Failure:
        connection = self._connection or self._start()
        try:
            connection.send_bytes(_encode(ask))
            if connection.poll(self.seconds):
                return _decode_answer(connection.recv_bytes())
            reason = f"no report within {self.seconds:g} s"
        except (EOFError, OSError):
            reason = "the process of the sheets died"
        self.close()
        return _Failure(reason)

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._sheets), daemon=True)
        process.start()
        theirs.close()
        self._process, self._connection = process, ours
        try:
            if ours.poll(START_SECONDS) and ours.recv_bytes() == b"ready":
                return ours
        except (EOFError, OSError):
            pass
        self.close()
        raise Incident("le processus des feuilles officielles (saxonche) ne démarre pas")


def _serve(connection: Connection, sheets: Mapping[str, str]) -> None:
    """Answer until the pipe closes. Runs in the process of its own."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _silence()
    engine = _Engine(sheets)
    connection.send_bytes(b"ready")
    while True:
        try:
            ask = _decode_ask(connection.recv_bytes())
            connection.send_bytes(_encode(engine.answer(ask)))
        except (EOFError, OSError):
            return


def _silence() -> None:
    """Keep what SaxonC writes by itself out of our output: its errors come back as values."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _invoice_in(content: bytes) -> str | None:
    """Return the invoice of a file as text, read by our own hardened parser first."""
    if b"%PDF-" in content[:_PDF_HEAD]:
        opened = open_pdf(content)
        content = (isinstance(opened, PdfContent) and opened.xml) or b""
    parsed = xml.parse(content)
    # Written again without declaration: what SaxonC is given is text, whose encoding is no matter.
    if not isinstance(parsed, xml.XmlDocument):
        return None
    return str(etree.tostring(parsed.tree, encoding="unicode"))


class _Engine:
    """SaxonC with the sheets it has compiled so far."""

    def __init__(self, sheets: Mapping[str, str]) -> None:
        import saxonche  # noqa: PLC0415 - an extra: only the process that runs it imports it

        self._processor: Any = saxonche.PySaxonProcessor(license=False)
        self._processor.set_configuration_property(_LISTS_ONCE, "true")
        self._error: type[Exception] = saxonche.PySaxonApiError
        self._compiler: Any = self._processor.new_xslt30_processor()
        self._sheets = sheets
        self._compiled: dict[str, Any] = {}

    def answer(self, ask: _Ask) -> _Report | _Failure:
        text = _invoice_in(ask.content)
        if text is None:
            return _Failure("no invoice that can be read")
        try:
            sheet = self._sheet(ask.sheet)
            document = self._processor.parse_xml(xml_text=text)
            report = sheet.transform_to_string(xdm_node=document)
        except self._error as error:
            return _Failure(" ".join(str(error).split())[:_LONGEST_REASON])
        return _Report(report.encode("utf-8")) if report else _Failure("an empty report")

    def _sheet(self, name: str) -> Any:
        if name not in self._compiled:
            self._compiled[name] = self._compiler.compile_stylesheet(
                stylesheet_file=self._sheets[name]
            )
        return self._compiled[name]
