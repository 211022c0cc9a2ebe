"""Measures the import of a large directory: 100,000 structures, 200,000 services, bar 10 seconds.

``BENCH_STRUCTURES`` structures (100,000) with two services each, in ``BENCH_DIR`` (``var/bench``);
then the same again with a row changed, which is what an operator does, a search and an export.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bench.run_once import ROOT
from chorus_edi.adapters.files.annuaire import current_directory, version_file
from chorus_edi.adapters.files.annuaire_export import export_annuaire
from chorus_edi.adapters.files.annuaire_import import changes, import_annuaire
from chorus_edi.adapters.files.annuaire_search import search

BAR = 10
"""Seconds of an import."""

_STRUCTURES = (
    "TypeIdentifiant;Identifiant;RaisonSociale;EmetteurEdi;RecepteurEdi;"
    "GestionStatutMiseEnPaiement;GestionEngagement;GestionService;GestionServiceEngagement;"
    "EstMOA;EstMOAUniquement;StructureActive\n"
)
_SERVICES = "TypeIdentifiant;Identifiant;Code;Nom;GestionEGMT;ServiceActif\n"
_FLAGS = "false;true;true;false;true;false;true;false;true"

T = TypeVar("T")


def main() -> None:
    """Run the benchmark and print it."""
    count = int(os.environ.get("BENCH_STRUCTURES", "100000"))
    parent = Path(os.environ.get("BENCH_DIR", ROOT / "var" / "bench"))
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="annuaire-", dir=parent))
    try:
        print(f"{count:,} structures, {2 * count:,} services; bar of an import: {BAR} s\n")
        _measure(count, folder)
    finally:
        shutil.rmtree(folder)


def _measure(count: int, folder: Path) -> None:
    structures, services = _write(count, folder)
    versions = folder / "versions"
    first = _timed("import", lambda: import_annuaire(structures, services, versions))
    with services.open("a", encoding="utf-8") as file:
        file.write(f"SIRET;{0:014d};NEUF;Nouveau service;false;true\n")
    again = _timed("import again", lambda: import_annuaire(structures, services, versions))
    before, after = (version_file(versions, one.version) for one in (first, again))
    _timed("what it changes", lambda: changes(before, after))
    current = current_directory(versions)
    if current is not None:
        _timed("search", lambda: list(search(current, "affaires fictives 77")))
        _timed("export", lambda: export_annuaire(current, folder / "export"))
    print(f"\nmemory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def _timed(name: str, do: Callable[[], T]) -> T:
    began = time.perf_counter()
    done = do()
    print(f"{name:<16} {time.perf_counter() - began:6.2f} s")
    return done


def _write(count: int, folder: Path) -> tuple[Path, Path]:
    """Write both files, structures in no order of their identifiers."""
    chosen = random.Random(1)
    structures, services = folder / "structures.csv", folder / "services.csv"
    with structures.open("w", encoding="utf-8") as one, services.open("w", encoding="utf-8") as two:
        one.write(_STRUCTURES)
        two.write(_SERVICES)
        for siret in (f"{n:014d}" for n in chosen.sample(range(10**14), count)):
            one.write(f"SIRET;{siret};COMMUNE FICTIVE {siret};{_FLAGS}\n")
            two.write(f"SIRET;{siret};AFIN;Affaires financières fictives;false;true\n")
            two.write(f"SIRET;{siret};BATI;Bâtiments fictifs;false;true\n")
    return structures, services


if __name__ == "__main__":
    main()
