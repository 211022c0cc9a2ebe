"""Runs official sheets in this process, for comparison; the program keeps them in another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import saxonche

from chorus_edi.adapters.files.artefacts import load_manifest, sheets
from chorus_edi.domain.official import Fired
from chorus_edi.formats.svrl import read_report

# As the program runs them: code lists are read once, not for each document.
_LISTS_ONCE = "http://saxon.sf.net/feature/preEvaluateDocFunction"


class Official:
    """SaxonC with some sheets compiled."""

    def __init__(self, names: Iterable[str]) -> None:
        paths = sheets(load_manifest())
        self._processor: Any = saxonche.PySaxonProcessor(license=False)
        self._processor.set_configuration_property(_LISTS_ONCE, "true")
        compiler = self._processor.new_xslt30_processor()
        self._compiled = {
            name: compiler.compile_stylesheet(stylesheet_file=str(paths[name])) for name in names
        }

    def judge(self, sheets: Iterable[str], content: bytes) -> tuple[Fired, ...]:
        """Parse a document once, run sheets on it, and read their reports."""
        document = self._processor.parse_xml(xml_text=content.decode("utf-8-sig"))
        return tuple(fired for sheet in sheets for fired in self._fired(sheet, document))

    def _fired(self, sheet: str, document: Any) -> tuple[Fired, ...]:
        """Return what a sheet reports of a document; nothing where it gives no report."""
        try:
            report = self._compiled[sheet].transform_to_string(xdm_node=document)
        except Exception:  # noqa: BLE001 - a sheet that ends in a dynamic error took its time too
            return ()
        return read_report(report.encode("utf-8")) if report else ()
