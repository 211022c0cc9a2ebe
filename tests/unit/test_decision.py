"""From examinations to decisions: a flow's fate, a document's state, a number already taken."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from chorus_edi.domain.dossier import Place
from chorus_edi.domain.findings import Finding, Stage
from chorus_edi.domain.flux import Decision, Examination, Holder, Verdict
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.partners import Mode
from chorus_edi.domain.statuses import DocumentState, InvoiceStatus
from chorus_edi.pipeline.decision import (
    MOST_WARNINGS,
    decisions_of,
    duplicate,
    is_irrecevable,
)
from tests.unit.night import NUMERO, REMARK, TOTAL, summary

V, S = Verdict, DocumentState
BAD_SCHEMA = msgspec.structs.replace(
    TOTAL, rule="CE-XSD", stage=Stage.VALIDATE, motive=Motive.IRR_SYNTAX
)


def examined(rank: int, verdict: Verdict, *findings: Finding) -> Examination:
    return Examination(
        rank=rank,
        name=f"{rank}.xml",
        size=1,
        sha256="",
        verdict=verdict,
        motive=next((f.motive for f in findings if f.fatal), None),
        findings=findings,
        summary=summary(f"F{rank}"),
        number_place=Place("/Invoice/cbc:ID[1]", 3, 5),
    )


def test_one_document_with_a_technical_fault_makes_the_flow_irrecevable() -> None:
    sound = [examined(1, V.ACCEPTED), examined(2, V.REFUSED, TOTAL), examined(3, V.UNDECIDED)]

    assert not is_irrecevable(sound)
    assert is_irrecevable([*sound, examined(4, V.IRRECEVABLE, BAD_SCHEMA)])


@pytest.mark.parametrize("verdict", [V.REFUSED, V.IRRECEVABLE])
def test_warnings_in_great_number_are_not_kept_and_hide_nothing_fatal(verdict: Verdict) -> None:
    findings = (TOTAL, *[REMARK] * 2 * MOST_WARNINGS, TOTAL)
    examination = examined(1, verdict, *findings)

    (decision,) = decisions_of([examination], Mode.PRODUCTION, irrecevable=verdict is V.IRRECEVABLE)

    assert decision.findings == (TOTAL, *[REMARK] * MOST_WARNINGS, TOTAL)


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        (V.ACCEPTED, S.INTEGRE),
        (V.REFUSED, S.REJETE),
        (V.WAITING, S.EN_ATTENTE),
        (V.UNDECIDED, S.EN_ATTENTE),
    ],
)
def test_a_document_is_decided_as_it_was_examined(verdict: Verdict, state: DocumentState) -> None:
    findings = (TOTAL, REMARK) if verdict is V.REFUSED else (REMARK,)
    examination = examined(1, verdict, *findings)

    (decision,) = decisions_of([examination], Mode.PRODUCTION, irrecevable=False)

    assert decision == Decision(
        rank=1,
        state=state,
        examination=examination,
        motive=Motive.CALCUL_ERR if verdict is V.REFUSED else None,
        findings=findings,
    )


def test_every_verdict_leads_to_a_state() -> None:
    decisions = decisions_of(
        [examined(n, v) for n, v in enumerate(V, 1)], Mode.PRODUCTION, irrecevable=False
    )

    assert [decision.rank for decision in decisions] == [n for n, _ in enumerate(V, 1)]


def test_documents_are_decided_by_rank_whatever_order_they_were_examined_in() -> None:
    examinations = [examined(rank, V.ACCEPTED) for rank in (3, 1, 2)]

    assert [d.rank for d in decisions_of(examinations, Mode.PRODUCTION, irrecevable=False)] == [
        1,
        2,
        3,
    ]


def test_in_an_irrecevable_flow_only_the_faulty_document_keeps_motive_and_findings() -> None:
    examinations = [
        examined(1, V.ACCEPTED, REMARK),
        examined(2, V.IRRECEVABLE, BAD_SCHEMA),
        examined(3, V.REFUSED, TOTAL),
        examined(4, V.WAITING),
    ]

    decisions = decisions_of(examinations, Mode.PRODUCTION, irrecevable=True)

    assert {decision.state for decision in decisions} == {S.IRRECEVABLE}
    assert [decision.findings for decision in decisions] == [(), (BAD_SCHEMA,), (), ()]
    assert [d.motive for d in decisions] == [None, Motive.IRR_SYNTAX, None, None]


def test_a_flow_without_documents_has_nothing_to_decide() -> None:
    assert not is_irrecevable([])
    assert decisions_of([], Mode.PRODUCTION, irrecevable=False) == ()


HOLDER = Holder(numero_flux=NUMERO, rank=4, date_depot=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))


def test_a_number_already_taken_refuses_the_document_and_names_flow_and_day_in_paris() -> None:
    examination = examined(2, V.ACCEPTED, REMARK)
    (accepted,) = decisions_of([examination], Mode.PRODUCTION, irrecevable=False)

    refused = duplicate(accepted, HOLDER)

    assert (refused.state, refused.motive) == (S.REJETE, Motive.REJ_UNI)
    assert refused.examination == examination
    first, second = refused.findings
    assert first == REMARK
    assert (second.rule, second.fatal, second.found) == ("CE-UNI-01", True, "F2")
    assert "21/11/2026" in second.message.fr
    assert NUMERO in second.message.fr
    assert NUMERO in second.message.en
    assert (second.location, second.line, second.column) == ("/Invoice/cbc:ID[1]", 3, 5)


def test_a_number_that_a_rejection_spent_is_told_as_such() -> None:
    (accepted,) = decisions_of([examined(2, V.ACCEPTED)], Mode.PRODUCTION, irrecevable=False)

    (finding,) = duplicate(accepted, msgspec.structs.replace(HOLDER, refused=True)).findings

    assert "et rejetée" in finding.message.fr
    assert "nouveau numéro" in finding.conseil
    assert "rejetée" not in duplicate(accepted, HOLDER).findings[0].message.fr


def test_a_document_without_a_summary_can_be_a_duplicate_too() -> None:
    examination = msgspec.structs.replace(examined(1, V.ACCEPTED), summary=None)
    (accepted,) = decisions_of([examination], Mode.PRODUCTION, irrecevable=False)

    assert duplicate(accepted, HOLDER).findings[-1].found == ""


def coming_again(*differing: str) -> Decision:
    (accepted,) = decisions_of([examined(2, V.ACCEPTED)], Mode.PRODUCTION, irrecevable=False)
    return msgspec.structs.replace(accepted, continues=HOLDER.id, differing=differing)


TO_RECYCLE = msgspec.structs.replace(HOLDER, statut=InvoiceStatus.A_RECYCLER)


def test_what_changes_more_than_routing_is_told_what_by_term_and_by_name() -> None:
    refused = duplicate(coming_again("BT-9", "BT-112"), TO_RECYCLE)

    (finding,) = refused.findings
    assert (refused.state, refused.motive, finding.rule) == (S.REJETE, Motive.REJ_UNI, "CE-UNI-02")
    assert finding.terms == ("BT-9", "BT-112")
    assert "BT-9 Date d'échéance, BT-112 " in finding.message.fr
    assert "BT-9 Payment due date" in finding.message.en
    assert NUMERO in finding.message.fr


def test_a_message_names_ten_terms_and_counts_the_others() -> None:
    terms = [f"BT-{n}" for n in range(34, 34 + 13)]

    (finding,) = duplicate(coming_again(*terms), TO_RECYCLE).findings

    assert "BT-43 " in finding.message.fr
    assert "BT-44 " not in finding.message.fr
    assert finding.message.fr.endswith(", et 3 de plus.")
    assert list(finding.terms) == terms


@pytest.mark.parametrize(
    ("decision", "holder"),
    [
        (coming_again("BT-9"), HOLDER),
        (coming_again(), TO_RECYCLE),
        (msgspec.structs.replace(coming_again("BT-9"), continues=f"{NUMERO}-0009"), TO_RECYCLE),
    ],
)
def test_what_is_not_compared_with_who_holds_its_number_is_a_duplicate(
    decision: Decision, holder: Holder
) -> None:
    (finding,) = duplicate(decision, holder).findings

    assert (finding.rule, finding.terms) == ("CE-UNI-01", ("BT-1",))


def test_a_number_of_an_invoice_refused_since_is_told_as_spent() -> None:
    holder = msgspec.structs.replace(HOLDER, refused=True, statut=InvoiceStatus.REJETEE)

    (finding,) = duplicate(coming_again(), holder).findings

    assert "et refusée depuis : son numéro ne sert plus" in finding.message.fr
    assert "nouveau numéro" in finding.conseil
