"""Domain, ports, rules, stages and formats compute: no clock, no disk, no network, no float."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "chorus_edi"
ROOMS = ("domain", "ports", "rules", "stages", "formats")
MODULES = sorted(path for room in ROOMS for path in (SOURCE / room).rglob("*.py"))
VOCABULARY = {
    "__future__", "base64", "chorus_edi", "collections", "contextlib", "dataclasses", "datetime",
    "decimal", "enum", "functools", "hashlib", "io", "itertools", "msgspec", "re", "stdnum",
    "typing", "typing_extensions", "zoneinfo",
}  # fmt: skip
"""All that domain and ports may import: values, and what a port is made of."""

HANDS = {
    "logging", "os", "pathlib", "shutil", "socket", "sqlalchemy", "sqlite3", "subprocess",
    "tempfile", "threading", "time", "urllib",
}  # fmt: skip
CALLS = {"float", "open", "print", "input", "exec", "eval"}
CLOCKS = {"now", "today", "utcnow", "time_ns", "monotonic"}


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def name_of(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_pure_module_has_no_hands_no_clock_and_no_floats(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    nodes = list(ast.walk(tree))

    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    called = {
        node.func.attr
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    numbers = [node.value for node in nodes if isinstance(node, ast.Constant)]

    assert set(imported(tree)) & HANDS == set()
    assert used & CALLS == set()
    assert called & CLOCKS == set()
    assert [value for value in numbers if isinstance(value, float)] == []


@pytest.mark.parametrize(
    "path", [p for p in MODULES if name_of(p).startswith(("domain", "ports"))], ids=name_of
)
def test_the_vocabulary_imports_values_only(path: Path) -> None:
    assert set(imported(ast.parse(path.read_text("utf-8")))) <= VOCABULARY
