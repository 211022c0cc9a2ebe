"""What tests need from outside: the samples beside the project, and SaxonC for the official sheets.

Without the samples, their tests are skipped: they are no part of the project. SaxonC is installed
with it, so that its absence is a failure where CI is set; so is that of a server.
"""

from __future__ import annotations

import json
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

import pytest

SAMPLES = Path(__file__).parents[2] / "shared" / "samples"
_MANIFEST = SAMPLES / "manifest.jsonl"

needs_samples = pytest.mark.skipif(not _MANIFEST.is_file(), reason="../shared/samples is absent")
needs_saxonche = pytest.mark.skipif(
    find_spec("saxonche") is None and not os.environ.get("CI"), reason="saxonche is not installed"
)


def missing(told: str) -> NoReturn:
    """Skip a test for want of a service; with ``CI`` set, where all are installed, fail it."""
    if os.environ.get("CI"):
        pytest.fail(told)
    pytest.skip(told)


def manifest() -> list[dict[str, Any]]:
    """Return what is known of each sample, one row a file; none where there are no samples."""
    if not _MANIFEST.is_file():
        return []
    return [json.loads(line) for line in _MANIFEST.read_text("utf-8").splitlines() if line]
