"""The composition root: the one place that knows the adapters and puts the program together.

Workers import this package too, so what only the main process needs (the database, the settings)
is imported where it is used: a worker stays small and starts fast.
"""

from __future__ import annotations

from chorus_edi.bootstrap.examiners import ExaminerSpec, build_examiner
from chorus_edi.bootstrap.installation import (
    check_artefacts,
    check_config,
    doctor,
    import_annuaire,
    load_settings,
    open_annuaire,
    open_desk,
    open_store,
    system_clock,
    tacit,
)
from chorus_edi.bootstrap.kit import write_kit
from chorus_edi.bootstrap.running import demo, run
from chorus_edi.bootstrap.verifying import compare_rules, verify

__all__ = [
    "ExaminerSpec",
    "build_examiner",
    "check_artefacts",
    "check_config",
    "compare_rules",
    "demo",
    "doctor",
    "import_annuaire",
    "load_settings",
    "open_annuaire",
    "open_desk",
    "open_store",
    "run",
    "system_clock",
    "tacit",
    "verify",
    "write_kit",
]
