"""The composition root: the one place that knows the adapters and puts the program together.

Workers import this package too, so what only the main process needs (the database, the settings)
is imported where it is used: a worker stays small and starts fast.
"""

from __future__ import annotations

from chorus_edi.bootstrap.backups import back_up, restore
from chorus_edi.bootstrap.bases import base_state, copy_base, migrate_base
from chorus_edi.bootstrap.deploying import new_installation, systemd_unit
from chorus_edi.bootstrap.examiners import ExaminerSpec, build_examiner
from chorus_edi.bootstrap.installation import (
    check_artefacts,
    check_config,
    doctor,
    import_annuaire,
    load_settings,
    open_annuaire,
    open_store,
    system_clock,
)
from chorus_edi.bootstrap.keeping import purge
from chorus_edi.bootstrap.kit import write_kit
from chorus_edi.bootstrap.running import demo, run
from chorus_edi.bootstrap.verifying import compare_rules, verify

__all__ = [
    "ExaminerSpec",
    "back_up",
    "base_state",
    "build_examiner",
    "check_artefacts",
    "check_config",
    "compare_rules",
    "copy_base",
    "demo",
    "doctor",
    "import_annuaire",
    "load_settings",
    "migrate_base",
    "new_installation",
    "open_annuaire",
    "open_store",
    "purge",
    "restore",
    "run",
    "system_clock",
    "systemd_unit",
    "verify",
    "write_kit",
]
