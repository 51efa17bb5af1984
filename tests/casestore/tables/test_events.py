"""What happened is written down for good: the file refuses changes, and the chain betrays them."""

from __future__ import annotations

import sqlite3
from datetime import UTC

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from casestore.codes import Step
from casestore.model import Case, CaseId
from casestore.tables import events
from tests.casestore.tables.files import opened, without_its_guards
from tests.office import FOOD, MONDAY, Office


@pytest.fixture
def case(office: Office) -> Case:
    """Registered, supplement asked with words, dispatched in the end: four records."""
    case = office.take(office.have(), Step.ASK_SUPPLEMENT, office.wang, words="请补充小票").case
    office.take(case, Step.ACCEPT, office.wang)
    return office.take(case, Step.DISPATCH, office.wang, unit=FOOD).case


def faults(office: Office, case: Case) -> list[str]:
    return office.do(lambda tx: events.verify(tx, case.id))


def test_a_whole_chain_has_no_fault(office: Office, case: Case) -> None:
    assert [event.seq for event in office.do(lambda tx: events.of_case(tx, case.id))] == [1, 2, 3, 4]
    assert faults(office, case) == []


def test_an_event_reads_back_as_it_was_appended(office: Office, case: Case) -> None:
    asked = office.do(lambda tx: events.of_case(tx, case.id))[1]

    assert (asked.kind, asked.actor, asked.words) == (
        "supplement_asked",
        f"officer:{office.wang.id}",
        "请补充小票",
    )
    assert asked.at == MONDAY
    assert asked.at.tzinfo is UTC
    assert asked.facts == {"from": "registered", "to": "supplementing"}
    newest = office.do(lambda tx: events.last(tx, case.id))
    assert (newest.seq, newest.kind, newest.words) == (4, "dispatched", "")


def test_a_case_without_any_record_is_a_fault(office: Office) -> None:
    assert office.do(lambda tx: events.verify(tx, CaseId(404))) == ["没有任何记录"]


# ── the file refuses ──

REFUSED = [
    "UPDATE case_events SET kind = 'closed' WHERE seq = 1",
    "UPDATE case_events SET at = at + 1",
    "UPDATE case_events SET words = x'00' WHERE seq = 2",
    "UPDATE case_events SET words = NULL, actor = 'desk' WHERE seq = 2",
    "UPDATE case_events SET words_mac = NULL WHERE seq = 2",
    "UPDATE case_events SET mac = x'00'",
    "UPDATE case_events SET seq = 9 WHERE seq = 4",
    "DELETE FROM case_events WHERE seq = 4",
    "DELETE FROM case_events",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_no_program_changes_or_deletes_a_record(office: Office, case: Case, statement: str) -> None:
    with opened(office) as file, pytest.raises(sqlite3.IntegrityError, match="case_events is append-only"):
        file.execute(statement)

    assert faults(office, case) == []
    assert len(office.do(lambda tx: events.of_case(tx, case.id))) == 4


@pytest.mark.parametrize(
    "statement",
    [
        *REFUSED,
        "INSERT OR REPLACE INTO case_events SELECT case_id, seq, 'closed', actor, at, facts, words, words_mac, mac "
        "FROM case_events WHERE seq = 4",
        "REPLACE INTO case_events SELECT * FROM case_events WHERE seq = 1",
    ],
)
def test_the_desk_itself_cannot_either(office: Office, case: Case, statement: str) -> None:
    """recursive_triggers: else REPLACE would delete without asking."""
    with pytest.raises(IntegrityError, match="append-only"):
        office.do(lambda tx: tx.execute(text(statement)))

    assert faults(office, case) == []


def test_words_may_be_erased_and_the_chain_holds(office: Office, case: Case) -> None:
    """PIPL 47: what somebody wrote goes, that it happened stays."""
    office.do(lambda tx: tx.execute(text("UPDATE case_events SET words = NULL WHERE seq = 2")))

    assert faults(office, case) == []
    assert office.do(lambda tx: events.of_case(tx, case.id))[1].words == ""


def test_an_event_needs_its_case(office: Office) -> None:
    with pytest.raises(IntegrityError):
        office.do(lambda tx: events.append(tx, CaseId(404), "registered", "desk", MONDAY))


# ── the chain betrays ──


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE case_events SET kind = 'declined' WHERE seq = 3", ["第 3 条记录与校验值不符"]),
        ("UPDATE case_events SET actor = 'desk' WHERE seq = 4", ["第 4 条记录与校验值不符"]),
        ("UPDATE case_events SET at = at + 1 WHERE seq = 1", ["第 1 条记录与校验值不符"]),
        ("UPDATE case_events SET facts = '{}' WHERE seq = 4", ["第 4 条记录与校验值不符"]),
        ("UPDATE case_events SET words_mac = x'00' WHERE seq = 2",
         ["第 2 条记录与校验值不符", "第 2 条记录的文字与校验值不符"]),
        ("UPDATE case_events SET words = CAST(substr(words, 1, 20) || x'00' AS BLOB) WHERE seq = 2", ["第 2 条记录的文字与校验值不符"]),
        ("UPDATE case_events SET words = (SELECT words FROM case_events WHERE seq = 2) WHERE seq = 4",
         ["第 4 条记录的文字与校验值不符"]),
        ("UPDATE case_events SET mac = x'00' WHERE seq = 2", ["第 2 条记录与校验值不符", "第 3 条记录与校验值不符"]),
        ("DELETE FROM case_events WHERE seq = 2", ["第 2 条记录缺失", "第 3 条记录与校验值不符"]),
        ("DELETE FROM case_events WHERE seq = 1", ["第 1 条记录缺失", "第 2 条记录与校验值不符"]),
        ("DELETE FROM case_events WHERE seq IN (2, 3)", ["第 2 条记录缺失", "第 4 条记录与校验值不符"]),
    ],
)  # fmt: skip
def test_a_record_that_was_changed_or_taken_out_is_named(
    office: Office, case: Case, change: str, found: list[str]
) -> None:
    without_its_guards(office, change)

    assert faults(office, case) == found


def test_records_in_another_order_are_named(office: Office, case: Case) -> None:
    without_its_guards(
        office,
        "UPDATE case_events SET seq = 99 WHERE seq = 3",
        "UPDATE case_events SET seq = 3 WHERE seq = 4",
        "UPDATE case_events SET seq = 4 WHERE seq = 99",
    )

    assert faults(office, case) == ["第 3 条记录与校验值不符", "第 4 条记录与校验值不符"]


def test_a_record_renumbered_over_a_gap_is_named(office: Office, case: Case) -> None:
    without_its_guards(
        office, "DELETE FROM case_events WHERE seq = 3", "UPDATE case_events SET seq = 3 WHERE seq = 4"
    )

    assert faults(office, case) == ["第 3 条记录与校验值不符"]


def test_a_record_taken_from_another_case_is_named(office: Office, case: Case) -> None:
    other = office.have()
    without_its_guards(
        office,
        f"DELETE FROM case_events WHERE case_id = {other.id}",
        f"UPDATE case_events SET case_id = {other.id} WHERE seq = 1",
    )

    assert faults(office, other) == ["第 1 条记录与校验值不符"]


def test_a_record_made_up_without_the_key_is_named(office: Office, case: Case) -> None:
    without_its_guards(
        office,
        "INSERT INTO case_events SELECT case_id, 5, 'closed', actor, at, facts, NULL, NULL, mac FROM case_events WHERE seq = 4",
    )

    assert faults(office, case) == ["第 5 条记录与校验值不符"]
