"""Every term has its row, or its reason, in every syntax."""

from __future__ import annotations

import pytest

from chorus_edi.domain.scenarios import Syntax
from chorus_edi.domain.terms import TERMS, beyond_en16931
from chorus_edi.formats.mapping.syntaxes import MAPPINGS


@pytest.mark.parametrize("syntax", Syntax)
def test_every_syntax_has_a_table(syntax: Syntax) -> None:
    assert syntax in MAPPINGS


@pytest.mark.parametrize("syntax", Syntax)
def test_every_term_has_a_row_or_a_reasoned_absence_and_not_both(syntax: Syntax) -> None:
    table = MAPPINGS[syntax].table
    mapped = {entry.term.id for entry in table.entries}

    assert mapped | set(table.absent) == set(TERMS)
    assert not mapped & set(table.absent)


@pytest.mark.parametrize("syntax", Syntax)
def test_no_term_of_en_16931_may_be_absent_and_each_absence_has_a_reason(syntax: Syntax) -> None:
    for term, reason in MAPPINGS[syntax].table.absent.items():
        assert term.startswith("CE-") or beyond_en16931(term), term
        assert len(reason.split()) > 4, term
