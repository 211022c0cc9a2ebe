"""Rules BR-FR-CPRO on invoices to public bodies (XP Z12-012, annex A, sheet BR-France-CTC-CPRO).

No official artefact is published, and we did not see the annex: what a rule says was read with
third parties (``RENDERED``) or is our own conclusion (``INFERRED``). A rule whose very content is
concluded warns and does not refuse. Where sources conflict, the lenient reading is taken and the
card says so.

Not here:

- ``NOT_CHECKABLE``: 16 and 22, which the annex itself calls so.
- ``OUT_OF_REACH``: 19, at most 999,999 lines: a file as large as we take cannot hold more.
- ``UNSEEN``: 45 to 50, counted by the explanatory note of FNFE, whose content nobody has shown.
"""

from chorus_edi.rules.chorus_b2g import (
    agents,
    counts,
    directory,
    identifiers,
    lengths,
    process,
)

NOT_CHECKABLE = ("BR-FR-CPRO-16", "BR-FR-CPRO-22")
"""Rules that their own text declares not checkable: they are no rules of this set."""

OUT_OF_REACH = ("BR-FR-CPRO-19",)
"""Rules that no document we read can break: the schema asks more bytes of a line than there are."""

UNSEEN = tuple(f"BR-FR-CPRO-{number}" for number in range(45, 51))
"""Rules that are counted but whose content we have not seen."""

__all__ = [
    "NOT_CHECKABLE",
    "OUT_OF_REACH",
    "UNSEEN",
    "agents",
    "counts",
    "directory",
    "identifiers",
    "lengths",
    "process",
]
