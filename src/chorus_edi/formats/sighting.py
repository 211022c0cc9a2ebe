"""Finds where a wrong code stands that the model has no place for, by a second look at the tree.

The reader gathers codes without their places, which hardly any document needs.
"""

from __future__ import annotations

from collections.abc import Sequence

from chorus_edi.domain.dossier import Sighting
from chorus_edi.formats.codes import Codes
from chorus_edi.formats.locate import Locator


def sight(locator: Locator, wanted: Sequence[tuple[str, str]]) -> tuple[Sighting | None, ...]:
    """Find codes in a document.

    Args:
        locator: the document.
        wanted: id of a rule on a code list, and a code as ``SeenCodes`` has it.

    Returns:
        Where each stands first. None where it stands at no place that the rule looks at: an
        element that ought to hold a text and holds elements may be read otherwise the first time.
    """
    where = Codes(locator.syntax).where(locator.root, wanted)
    elements = list(dict.fromkeys(where.values()))
    places = locator.of_elements(elements)
    told = map(Sighting, places, locator.addresses(elements))
    sightings = dict(zip(elements, told, strict=True))
    return tuple(sightings[where[one]] if one in where else None for one in wanted)
