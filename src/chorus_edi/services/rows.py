"""The shape of every list that people and programs ask for: named columns in a fixed order.

A cell is text, a whole number, an instant (aware; shown in Europe/Paris) or None where there is
nothing to say. Amounts stay the decimal text of the invoice.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

Cell: TypeAlias = str | int | datetime | None
Row: TypeAlias = dict[str, Cell]
