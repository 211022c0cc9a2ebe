"""``--help`` is quick: it loads nothing that only work needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "alembic",
    "facturx",
    "lxml",
    "msgspec",
    "pikepdf",
    "pydantic_settings",
    "rich",
    "sqlalchemy",
    "stdnum",
    "xmlschema",
}

PROBE = """
import sys
sys.argv = ["chorus-edi", *sys.argv[1:]]
from chorus_edi.cli.main import main
try:
    main()
except SystemExit as leaving:
    assert not leaving.code, leaving.code
print("LOADED", *sorted({name.partition(".")[0] for name in sys.modules}))
"""


def modules_after_help(*command: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *command, "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    help_text, _, loaded = done.stdout.partition("LOADED")
    assert "Usage: chorus-edi" in help_text
    return set(loaded.split())


def test_the_list_of_commands_loads_not_even_pydantic() -> None:
    """Typer itself loads pydantic, but only to read the options of a command."""
    assert modules_after_help() & {*HEAVY, "pydantic"} == set()


@pytest.mark.parametrize(
    "command",
    [
        ["run"],
        ["validate"],
        ["suivi"],
        ["factures"],
        ["rejets"],
        ["bilan"],
        ["evenements"],
        ["planning"],
        ["metrics"],
        ["annuaire", "show"],
        ["purge"],
        ["sauvegarde"],
        ["restauration"],
        ["base", "copier"],
        ["config", "init"],
    ],
    ids=" ".join,
)
def test_the_help_of_a_command_loads_no_heavy_module(command: list[str]) -> None:
    assert modules_after_help(*command) & HEAVY == set()
