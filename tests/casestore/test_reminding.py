"""督办: whom a reminder reaches, and that each is fired once, whoever looks, whatever the clock does."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from casestore import reminding
from casestore.codes import Kind, Role, Status, Step
from casestore.desk import Desk
from casestore.model import Case
from casestore.records import Form
from casestore.store import Store
from casestore.tables import officers
from casestore.tables import reminders as table
from casestore.tables.schema import reminders
from casestore.workdays import CHINA, WorkingCalendar
from tests.casestore.deeds import (
    decide,
    extend,
    fire,
    heard_by_citizens,
    heard_by_staff,
    ledger,
    owed,
    recuse,
)
from tests.office import DUTY_GROUP, FOOD, MONDAY, Office, acting

DAY = timedelta(days=1)


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=CHINA)


def told(office: Office) -> list[tuple[str, str]]:
    """(chat, rung) of every reminder to staff."""
    return [
        (chat, code.removeprefix("remind."))
        for chat, code in heard_by_staff(office)
        if code.startswith("remind.")
    ]


def look(office: Office, moment: str) -> list[tuple[str, str]]:
    """What is said when somebody looks at this moment."""
    before = len(told(office))
    office.now = at(moment)
    fire(office)
    return told(office)[before:]


def reminded(office: Office) -> list[dict[str, Any]]:
    """What is owed to staff of reminders."""
    return [one for one in owed(office, "text") if str(one["code"]).startswith("remind.")]


def rungs(office: Office, case: Case, code: str) -> list[object]:
    """What was written into the ledger of a limit."""
    return [entry.facts["rung"] for entry in ledger(office, case, code) if entry.what == "reminded"]


# ── whom ──


def test_what_nobody_holds_is_the_duty_groups_then_the_supervisors(office: Office) -> None:
    """S2-4.2, S7-5a: 首次审查 24 hours, to 10:00 on Tuesday."""
    case = office.have()
    assert look(office, "2026-11-24T08:59") == []
    assert look(office, "2026-11-24T09:00") == [(DUTY_GROUP, "soon")]
    assert look(office, "2026-11-24T10:00") == [(DUTY_GROUP, "passed"), ("1004", "passed")]
    assert rungs(office, case, "first_review") == ["soon", "passed", "slipped"]


def test_the_holder_hears_then_his_units_head_then_the_supervisors(office: Office) -> None:
    """S9-5: 督办."""
    office.person("周平", Role.UNIT_HEAD, FOOD, "1005")
    office.person("吴科长", Role.UNIT_HEAD, None, "1006")
    office.taken_over()  # sixty days from 23 November: Friday 22 January

    assert look(office, "2027-01-21T09:00") == [("1003", "soon")]
    assert look(office, "2027-01-22T09:00") == [("1003", "last_day"), ("1005", "last_day")]
    assert look(office, "2027-01-25T09:00") == [("1003", "passed"), ("1005", "passed"), ("1004", "passed")]
    assert look(office, "2027-01-26T09:00") == [("1005", "still"), ("1004", "still")]


def test_until_a_unit_confirms_the_first_officer_is_reminded(office: Office) -> None:
    """S2-4.1 首问负责: a dispatched case is still his who sent it on."""
    office.dispatched()

    assert look(office, "2026-12-01T09:00") == [("1001", "soon")]


def test_a_report_at_a_unit_that_nobody_has_taken_is_its_peoples(office: Office) -> None:
    office.take(office.have(kind=Kind.REPORT), Step.DISPATCH, office.wang, unit=FOOD)

    assert look(office, "2026-12-11T09:00") == [("1003", "soon")]


def test_the_citizen_hears_when_a_promise_slips_and_not_of_the_law(office: Office) -> None:
    """C1: internal promises; 7 working days of art. 15 are the supervisors' concern."""
    office.take(office.have(), Step.ASK_SUPPLEMENT, office.wang, words="请补")
    look(office, "2026-12-10T09:00")
    assert heard_by_citizens(office) == ["supplement_asked"]

    office.have(kind=Kind.CONSULTATION)
    look(office, "2026-12-11T10:00")
    assert heard_by_citizens(office) == ["supplement_asked", "slipped"]
    assert owed(office, "notice")[-1]["facts"]["limit"] == "first_review"


def test_an_answer_promised_for_a_time_is_reminded_of_and_its_slip_told(office: Office) -> None:
    """S3-3.1, S3-4.2."""
    case = office.have(kind=Kind.CONSULTATION)
    ends, desk = at("2026-11-27T17:00"), office.desk
    office.do(lambda tx: desk.promise_answer(tx, case.id, acting(office.wang), ends, office.now))
    assert look(office, "2026-11-26T09:00") == [("1001", "soon")]
    look(office, "2026-11-27T17:00")
    assert heard_by_citizens(office) == ["answer_promised", "slipped"]


def test_a_silent_holders_case_goes_back_to_the_queue(office: Office) -> None:
    """S7-5a: accepted on Monday, no reply by Tuesday, nothing by Thursday: the duty has it again."""
    case = office.accepted()
    look(office, "2026-11-25T09:00")
    assert office.newest(case).holder == office.wang.id
    look(office, "2026-11-26T09:00")

    after = office.newest(case)
    assert (after.holder, after.first_officer, after.status) == (None, office.wang.id, Status.ACCEPTED)
    assert office.history(case)[-1] == "released"
    assert office.take(after, Step.DISPATCH, office.zhao, unit=FOOD).case.status is Status.DISPATCHED


def test_what_a_unit_holds_is_not_taken_from_it(office: Office) -> None:
    case = office.dispatched()
    look(office, "2026-12-31T09:00")

    assert office.newest(case).holder == office.wang.id
    assert "released" not in office.history(case)


def test_whoever_stays_away_is_reminded_of_nothing(office: Office) -> None:
    """S7-5b: neither in private nor in the group he reads."""
    head = office.person("钱局长", Role.HEAD, None, "1009")
    case = recuse(office, recuse(office, office.accepted(), office.wang), office.sun)
    look(office, "2026-12-31T09:00")
    look(office, "2027-03-01T09:00")

    chats = {chat for chat, _ in told(office)}
    assert chats == {"1002", "1009"}
    assert head.id not in (case.holder, case.first_officer)


def test_a_suspended_person_is_reminded_of_nothing(office: Office) -> None:
    office.taken_over()
    office.do(lambda tx: officers.suspend(tx, office.li.id))
    look(office, "2027-03-01T09:00")

    assert "1003" not in {chat for chat, _ in told(office)}


def test_a_case_about_the_office_reminds_the_head_alone(office: Office) -> None:
    """S5-2.3(2)."""
    office.person("钱局长", Role.HEAD, None, "1009")
    office.have(own_office=True)
    look(office, "2026-12-31T09:00")

    assert {chat for chat, _ in told(office)} == {"1009"}


# ── at night ──


def test_at_night_nothing_rings_and_in_the_morning_each_is_said_once(office: Office) -> None:
    """S9-1d: also what fell due by day while the desk's machine stood still."""
    case = office.accepted()
    for moment in ("2026-11-24T17:31", "2026-11-24T23:00", "2026-11-25T08:59", "2026-11-28T11:00"):
        assert look(office, moment) == []
    assert heard_by_citizens(office) == ["accepted"]

    look(office, "2026-11-30T09:00")
    assert look(office, "2026-11-30T09:01") == []
    assert rungs(office, case, "first_reply") == ["soon", "passed", "slipped", "still", "silent"]


# ── what is dropped, what is said anew ──


def test_nothing_is_said_of_a_limit_that_has_ended_or_stands_still(office: Office) -> None:
    testing = {
        "agreed": "both",
        "advances": "merchant",
        "agency": "县检测所",
        "accreditation": "CMA",
        "words": "x",
    }
    case = office.taken_over()
    office.record(case, Form.TESTING, office.li, **testing)
    assert look(office, "2027-06-01T09:00") == []

    other = office.have()
    office.take(other, Step.WITHDRAW, office.anna)
    assert look(office, "2027-12-01T09:00") == []


def test_a_longer_limit_is_reminded_of_at_its_new_end_too(office: Office) -> None:
    """Asked for on the last day, as it happens: the second end must not pass in silence."""
    case = office.have(kind=Kind.REPORT)
    look(office, "2026-12-14T09:00")
    assert rungs(office, case, "report_check") == ["soon", "last_day"]
    extend(office, case, office.wang)
    decide(office, case, Step.APPROVE, office.sun)

    look(office, "2026-12-31T18:00")
    assert rungs(office, case, "report_check") == ["soon", "last_day"]
    look(office, "2027-01-06T09:00")
    assert rungs(office, case, "report_check") == ["soon", "last_day", "soon", "last_day", "passed"]


def test_a_limit_that_moved_nearer_is_not_reminded_of_twice(office: Office) -> None:
    case = office.have()
    look(office, "2026-12-01T09:00")
    calendar = WorkingCalendar({at("2026-11-28").date(): True})
    office.desk.clockwork.calendar.renew(calendar)
    office.do(lambda tx: reminding.recompute(office.desk, tx, office.now))
    look(office, "2026-12-01T09:01")

    assert rungs(office, case, "acceptance") == ["soon", "last_day"]


# ── once ──


def test_after_a_long_sleep_each_is_said_once_in_its_order(office: Office) -> None:
    case = office.have()
    look(office, "2027-06-01T09:00")

    assert rungs(office, case, "acceptance") == ["soon", "last_day", "passed", "still"]
    assert rungs(office, case, "first_review") == ["soon", "passed", "slipped", "still", "silent"]
    assert look(office, "2027-06-01T09:00") == []


def test_a_clock_that_jumps_forth_and_back_says_nothing_twice(office: Office) -> None:
    case = office.have()
    seen: list[tuple[str, str]] = []
    for moment in (
        "2026-12-03T09:00",
        "2026-11-23T10:00",
        "2027-01-01T09:00",
        "2026-11-24T10:00",
        "2027-06-01T09:00",
    ):
        seen += look(office, moment)

    for code in ("first_review", "acceptance", "decline_notice", "handling"):
        fired = rungs(office, case, code)
        assert len(fired) == len(set(fired)), code
    assert heard_by_citizens(office).count("slipped") == 2  # 初查 and 处理决定, once each


def another_handle(office: Office) -> tuple[Store, Desk]:
    store = Store(f"sqlite:///{office.store.path}", office.sealer)
    return store, Desk(WorkingCalendar(), office.units)


def test_two_desks_on_one_file_fire_each_once(office: Office) -> None:
    """At the same time, three rounds each: whoever marks the row has fired it."""
    cases = [office.have() for _ in range(6)]
    office.now = at("2027-06-01T09:00")
    store, desk = another_handle(office)
    counts: list[int] = []

    def round_(which: Store, theirs: Desk) -> None:
        for _ in range(3):
            counts.append(which.run_now(lambda tx: theirs.reminding.fire(tx, office.now, 20)))

    threads = [
        threading.Thread(target=round_, args=pair) for pair in ((store, desk), (office.store, office.desk))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()

    rows = office.do(lambda tx: tx.execute(reminders.select()).all())
    assert sum(counts) == len(rows) == 6 * (5 + 4 + 5 + 6)
    for case in cases:
        assert rungs(office, case, "acceptance") == ["soon", "last_day", "passed", "still"]


PROCESS = """
import sys
from datetime import datetime
from casestore.desk import Desk
from casestore.seal import Sealer
from casestore.store import Store
from casestore.units import Units
from casestore.workdays import WorkingCalendar
store = Store(sys.argv[1], Sealer({1: b"k" * 32}, 1))
desk = Desk(WorkingCalendar(), Units.load())
most, fired = int(sys.argv[3]), -1
while fired:
    fired = store.run_now(lambda tx: desk.reminding.fire(tx, datetime.fromisoformat(sys.argv[2]), most))
    print(fired, flush=True)
store.close()
"""


def another_process(office: Office, most: int) -> subprocess.Popen[str]:
    """It fires so many at a time until nothing is left, and says how many each time."""
    command = [
        sys.executable,
        "-c",
        PROCESS,
        f"sqlite:///{office.store.path}",
        office.now.isoformat(),
        str(most),
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def counts(process: subprocess.Popen[str]) -> list[int]:
    return [int(line) for line in process.communicate()[0].split()]


def test_another_process_and_a_restart_find_nothing_left(office: Office) -> None:
    office.have()
    office.now = at("2027-06-01T09:00")
    both = [another_process(office, 999) for _ in range(2)]

    assert sorted(sum(counts(one)) for one in both) == [0, 20]
    assert fire(office) == 0


def test_of_hundreds_each_is_said_once_though_one_of_two_processes_is_killed(office: Office) -> None:
    """Killed in the middle of its work, and the clock set back before a third goes on."""
    cases = [office.have() for _ in range(20)]
    office.now = at("2027-06-01T09:00")
    killed, other = another_process(office, 3), another_process(office, 3)
    assert killed.stdout is not None
    assert [int(killed.stdout.readline()) for _ in range(5)] == [3] * 5
    killed.kill()
    killed.communicate()
    assert other.stdout is not None
    other.stdout.readline()
    other.kill()
    other.communicate()

    office.now = at("2027-05-31T09:00")
    assert sum(counts(another_process(office, 50))) < 400 - 15

    rows = office.do(lambda tx: tx.execute(reminders.select()).all())
    assert len(rows) == 400
    assert all(row.fired_at is not None for row in rows)
    for case in cases:
        for code in ("first_review", "acceptance", "decline_notice", "handling"):
            fired = rungs(office, case, code)
            assert len(fired) == len(set(fired)) >= 4
    said = Counter(
        (one["chat"], one["code"], one["facts"]["number"], one["facts"]["limit"]) for one in reminded(office)
    )
    assert set(said.values()) == {1}
    assert len(said) == 20 * (4 + 3 * 5)


def test_whoever_marks_a_reminder_first_has_fired_it(office: Office) -> None:
    """Also on a database where two read it at the same time."""
    office.have()
    office.now = at("2026-11-24T10:00")
    found = office.do(lambda tx: table.due(tx, office.now, 1))[0]

    assert office.do(lambda tx: table.fire(tx, found.id, office.now))
    assert not office.do(lambda tx: table.fire(tx, found.id, office.now))


def test_a_round_that_fails_is_told_again_as_a_whole(office: Office) -> None:
    """The mark and the messages are one transaction."""
    office.have()
    office.now = at("2026-11-24T10:00")

    def crashes(tx: object) -> None:
        office.desk.reminding.fire(tx, office.now)  # type: ignore[arg-type]
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        office.do(crashes)
    assert told(office) == []
    assert fire(office) == 3
    assert office.now > MONDAY
