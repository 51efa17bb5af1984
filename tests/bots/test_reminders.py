"""督办: what a limit's ladder tells whom, each rung once, however often and by whomever the desk is looked at."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta

import pytest

from bots.upkeep import Upkeep
from casestore.codes import Kind, Role, Step
from casestore.desk import Desk
from casestore.tables import clocks, events, officers, outbox
from casestore.workdays import CHINA, WorkingCalendar
from dialogs import tree_file
from dialogs.engine import Engine
from dialogs.texts import Texts
from tests.office import FOOD, MONDAY, Office

ENGINE = Engine(tree_file.load(tree_file.PACKAGED), Texts.load({}))
#: After 24 hours, on Tuesday at ten.
PASSED = MONDAY + timedelta(hours=24, minutes=1)


def a_desk_started_anew(office: Office) -> Upkeep:
    """As after a restart: nothing is known but what lies in the store."""
    desk = Desk(WorkingCalendar(), office.units)
    return Upkeep(office.store, desk, ENGINE, lambda: office.now)


async def looked(office: Office, at: datetime, times: int = 1) -> list[tuple[str, str, str]]:
    """The desk is started and looks, so often; what was told: (to whom, what, of which limit)."""
    office.now = at
    for _ in range(times):
        await a_desk_started_anew(office).round()
    return await asyncio.to_thread(sent, office)


def sent(office: Office) -> list[tuple[str, str, str]]:
    """Everything that was owed goes out."""
    told: list[tuple[str, str, str]] = []
    for bot in ("staff", "telegram"):
        while found := office.do(lambda tx, bot=bot: outbox.heads(tx, bot, office.now, 50)):  # type: ignore[misc]
            for one in found:
                facts = one.payload.get("facts", {})
                told.append((one.lane, str(one.payload.get("code", "")), str(facts.get("limit", ""))))
                office.do(lambda tx, one=one: outbox.done(tx, one.id, office.now))  # type: ignore[misc]
    return [(lane, code, limit) for lane, code, limit in told if code.startswith(("remind", "slipped"))]


def told_to(office: Office, said: list[tuple[str, str, str]], rung: str, limit: str) -> set[str]:
    names = {"staff:1001": "王敏", "staff:1003": "李娜", "staff:1004": "孙主任", "staff:1010": "周科长"}
    names |= {f"telegram:{office.anna}": "市民", "staff:-100200300": "值班群"}
    return {
        names[lane] for lane, code, about in said if (code.removeprefix("remind."), about) == (rung, limit)
    }


async def test_a_promise_that_slips_is_told_to_the_citizen_and_to_who_answers_for_it(office: Office) -> None:
    office.have()
    await looked(office, MONDAY + timedelta(hours=23, minutes=59))

    said = await looked(office, PASSED)

    assert told_to(office, said, "slipped", "first_review") == {"市民"}
    assert told_to(office, said, "passed", "first_review") == {"值班群", "孙主任"}


async def test_a_legal_limit_is_no_promise_of_ours_and_its_end_is_not_told_as_one(office: Office) -> None:
    case = office.accepted()
    said = await looked(office, MONDAY + timedelta(days=70))

    assert told_to(office, said, "slipped", "mediation") == set()
    assert "孙主任" in told_to(office, said, "passed", "mediation")
    assert office.newest(case).status == case.status


@pytest.mark.parametrize("restarts", [1, 4])
async def test_each_reminder_is_given_once_across_restarts(office: Office, restarts: int) -> None:
    case = office.taken_over()
    said = Counter[tuple[str, str, str]]()
    for hours in range(0, 24 * 70, 9):
        said.update(await looked(office, MONDAY + timedelta(hours=hours), restarts))

    assert said
    assert max(said.values()) == 1
    written = Counter(
        (entry.clock, entry.facts["rung"])
        for entry in office.do(lambda tx: clocks.ledger(tx, case.id))
        if entry.what == "reminded"
    )
    assert set(written.values()) == {1}


async def test_two_that_look_at_once_remind_once(office: Office) -> None:
    office.have()
    office.now = PASSED

    await asyncio.gather(*(a_desk_started_anew(office).round() for _ in range(5)))

    said = Counter(await asyncio.to_thread(sent, office))
    assert set(said.values()) == {1}


async def test_a_clock_that_jumps_reminds_of_nothing_twice(office: Office) -> None:
    """Ahead by a year and back again: what was told stays told."""
    office.have()
    first = await looked(office, MONDAY + timedelta(days=365))
    again = await looked(office, PASSED)
    later = await looked(office, MONDAY + timedelta(days=365))

    assert first
    assert again == later == []


async def test_what_is_done_in_time_reminds_nobody(office: Office) -> None:
    office.take(office.have(kind=Kind.CONSULTATION), Step.ANSWER, office.wang, words="可以退。")

    assert await looked(office, MONDAY + timedelta(days=60)) == []


async def test_the_heads_of_the_unit_hear_on_the_last_day(office: Office) -> None:
    office.do(lambda tx: officers.add(tx, "周科长", Role.UNIT_HEAD, FOOD, "1010"))
    office.taken_over()
    last_day = datetime(2027, 1, 22, 9, 1, tzinfo=CHINA)  # 60 days after 23 November

    said = await looked(office, last_day)

    assert told_to(office, said, "last_day", "mediation") == {"李娜", "周科长"}


async def test_a_silent_holders_case_goes_back_to_the_queue(office: Office) -> None:
    """While it is the desk's turn, and two working days after an internal promise has passed."""
    case = office.take(office.have(), Step.ASK_SUPPLEMENT, office.wang, words="购买凭证").case
    case = office.take(case, Step.SUPPLEMENT, office.anna).case
    assert case.holder == office.wang.id

    await looked(office, MONDAY + timedelta(days=21))

    released = office.newest(case)
    assert released.holder is None
    kinds = [event.kind for event in office.do(lambda tx: events.of_case(tx, case.id))]
    assert kinds.count("released") == 1
