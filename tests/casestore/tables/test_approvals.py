"""上报与批准: two people, held by the file itself; decided once."""

from __future__ import annotations

import sqlite3

import pytest

from casestore.codes import ApprovalKind, Decision
from casestore.model import Approval, CaseId, OfficerId
from casestore.tables import approvals, schema
from tests.casestore.tables.files import opened
from tests.office import MONDAY, Office

CASE = CaseId(7)
INSERT = (
    "INSERT INTO approvals (id, case_id, kind, requested_by, requested_at, reason, decision, decided_by, decided_at, "
    "decision_reason) VALUES (1, 7, 'escalation', ?, 0, x'', ?, ?, ?, x'')"
)


def asked(office: Office, by: OfficerId | None, case: CaseId = CASE) -> Approval:
    return office.do(lambda tx: approvals.request(tx, case, ApprovalKind.ESCALATION, by, "案情重大", MONDAY))


def decide(office: Office, request: Approval, by: OfficerId) -> bool:
    return office.do(lambda tx: approvals.decide(tx, request, Decision.APPROVED, by, "同意", MONDAY))


def test_a_request_and_its_decision_read_back(office: Office) -> None:
    request = asked(office, office.wang.id)
    assert office.do(lambda tx: approvals.of_case(tx, CASE)) == (request,)
    assert decide(office, request, office.sun.id)

    (decided,) = office.do(lambda tx: approvals.of_case(tx, CASE))
    assert (decided.decision, decided.decided_by, decided.decision_reason) == (
        Decision.APPROVED,
        office.sun.id,
        "同意",
    )
    assert (decided.reason, decided.requested_by, decided.decided_at) == ("案情重大", office.wang.id, MONDAY)


def test_what_waits_is_listed_until_it_is_decided(office: Office) -> None:
    first, second = asked(office, office.wang.id), asked(office, None, CaseId(8))
    assert office.do(approvals.waiting) == [first, second]

    decide(office, first, office.sun.id)
    assert office.do(approvals.waiting) == [second]


def test_only_the_first_decision_counts(office: Office) -> None:
    request = asked(office, office.wang.id)

    assert decide(office, request, office.sun.id)
    assert not decide(office, request, office.zhao.id)
    (kept,) = office.do(lambda tx: approvals.of_case(tx, CASE))
    assert kept.decided_by == office.sun.id


# ── what the file itself refuses ──


@pytest.mark.parametrize(
    "row",
    [
        (1001, "approved", 1001, 5),  # his own request
        (1001, "refused", 1001, 5),
        (1001, "approved", None, 5),  # decided by nobody
        (None, "approved", None, 5),
        (1001, "approved", 1004, None),  # decided at no time
        (1001, None, 1004, None),  # somebody decided nothing
        (1001, None, 1004, 5),
    ],
)
def test_no_program_writes_a_decision_without_two_people(office: Office, row: tuple[object, ...]) -> None:
    with opened(office) as file, pytest.raises(sqlite3.IntegrityError, match="ck_approvals"):
        file.execute(INSERT, row)


@pytest.mark.parametrize(
    "row",
    [
        (1001, None, None, None),
        (None, None, None, None),
        (1001, "approved", 1004, 5),
        (None, "refused", 1004, 5),
    ],
)
def test_what_two_people_did_is_written(office: Office, row: tuple[object, ...]) -> None:
    with opened(office) as file:
        file.execute(INSERT, row)

    assert len(office.do(lambda tx: tx.execute(schema.approvals.select()).all())) == 1


def test_no_program_makes_the_requester_approve(office: Office) -> None:
    request = asked(office, office.wang.id)
    own = f"UPDATE approvals SET decision = 'approved', decided_at = 5, decided_by = {office.wang.id}"
    with opened(office) as file:
        for statement in (
            own,
            "UPDATE approvals SET decision = 'approved', decided_at = 5",
            "UPDATE approvals SET decided_by = 5",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="ck_approvals"):
                file.execute(statement)

    assert office.do(lambda tx: approvals.of_case(tx, CASE)) == (request,)


def test_a_case_has_one_open_request_at_a_time(office: Office) -> None:
    asked(office, office.wang.id)
    with opened(office) as file, pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        file.execute(INSERT, (1002, None, None, None))

    decide(office, office.do(approvals.waiting)[0], office.sun.id)
    assert asked(office, office.zhao.id).decision is None  # decided: he may be asked again
