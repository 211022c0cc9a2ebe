"""The composition root: the one place that knows the adapters and puts the program together.

Workers import this package too, so what only the main process needs (the database, the settings)
is imported where it is used: a worker stays small and starts fast.
"""

from __future__ import annotations

from chorus_edi.bootstrap.acting import open_desk, tacit
from chorus_edi.bootstrap.backups import back_up, restore
from chorus_edi.bootstrap.bases import base_state, copy_base, migrate_base
from chorus_edi.bootstrap.certificates import open_certificates, write_certificate
from chorus_edi.bootstrap.databases import open_store
from chorus_edi.bootstrap.deploying import new_installation, systemd_unit
from chorus_edi.bootstrap.examiners import ExaminerSpec, build_examiner
from chorus_edi.bootstrap.exchanges import fetch_remote, push_returns
from chorus_edi.bootstrap.installation import (
    check_artefacts,
    check_config,
    doctor,
    export_annuaire,
    import_annuaire,
    load_settings,
    open_annuaire,
    search_annuaire,
    system_clock,
)
from chorus_edi.bootstrap.keeping import purge
from chorus_edi.bootstrap.kit import write_kit
from chorus_edi.bootstrap.planning import planning_rows
from chorus_edi.bootstrap.running import demo, run
from chorus_edi.bootstrap.servers import outages, server_states, sftp_accounts
from chorus_edi.bootstrap.sftp_night import sftp_demo
from chorus_edi.bootstrap.verifying import compare_rules, verify
from chorus_edi.bootstrap.watching import accounts, metrics, open_memory, write_metrics

__all__ = [
    "ExaminerSpec",
    "accounts",
    "back_up",
    "base_state",
    "build_examiner",
    "check_artefacts",
    "check_config",
    "compare_rules",
    "copy_base",
    "demo",
    "doctor",
    "export_annuaire",
    "fetch_remote",
    "import_annuaire",
    "load_settings",
    "metrics",
    "migrate_base",
    "new_installation",
    "open_annuaire",
    "open_certificates",
    "open_desk",
    "open_memory",
    "open_store",
    "outages",
    "planning_rows",
    "purge",
    "push_returns",
    "restore",
    "run",
    "search_annuaire",
    "server_states",
    "sftp_accounts",
    "sftp_demo",
    "system_clock",
    "systemd_unit",
    "tacit",
    "verify",
    "write_certificate",
    "write_kit",
    "write_metrics",
]
