"""Rules BR-FR-CPRO on invoices to public bodies (XP Z12-012, annex A, sheet BR-France-CTC-CPRO).

No official artefact is published, and we did not see the annex: what a rule says was read with
third parties (``RENDERED``) or is our own conclusion (``INFERRED``). A rule whose very content is
concluded warns and does not refuse. Where sources conflict, the lenient reading is taken and the
card says so. What the specification of Chorus Pro refuses without a rule has ids of ours (CE-B2G)
and warns. The rules that no document is judged by are in ``UNJUDGED``, each with its reason.
"""

from chorus_edi.rules.chorus_b2g import (
    agents,
    counts,
    directory,
    identifiers,
    lengths,
    process,
    refusals,
)
from chorus_edi.rules.chorus_b2g.unjudged import UNJUDGED, Unjudged

__all__ = [
    "UNJUDGED",
    "Unjudged",
    "agents",
    "counts",
    "directory",
    "identifiers",
    "lengths",
    "process",
    "refusals",
]
