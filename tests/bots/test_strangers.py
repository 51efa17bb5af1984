"""Who looked in and filed nothing is forgotten, with all that is kept of him (PIPL 19)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from admin.allowance import allows
from bots.upkeep import Upkeep
from casestore.codes import Channel, Consent, EvidenceKind, EvidenceState
from casestore.model import CitizenId
from casestore.tables import citizens, evidence, outbox, properties, talks
from casestore.tables.outbox import Draft, Urgency
from casestore.tables.schema import metadata
from casestore.telling import lane
from tests.bots.test_reminders import ENGINE
from tests.office import MONDAY, QUOTA, Office

DAY = timedelta(days=1)


def met(office: Office, account: str) -> CitizenId:
    """Somebody who read the notice, sent a photo, and is owed a word."""

    def work(tx: Any) -> CitizenId:
        citizen = citizens.meet(tx, Channel.TELEGRAM, account, office.now, QUOTA).id
        citizens.record_consent(tx, citizen, Consent.PRIVACY, "2026-11", True, office.now)
        evidence.written(tx, citizen, EvidenceKind.TEXT, Channel.TELEGRAM, "付款截图", office.now)
        talks.save(tx, citizen, "{}", has_draft=False, at=office.now)
        draft = Draft(
            "telegram", lane("telegram", citizen), outbox.Kind.SAY, {"citizen": citizen}, Urgency.TALK
        )
        outbox.put(tx, draft, office.now)
        return citizen

    return office.do(work)


async def upkeep(office: Office, **settings: timedelta) -> None:
    await Upkeep(office.store, office.desk, ENGINE, lambda: office.now, **settings).round()


def rows_with(office: Office, citizen: CitizenId) -> set[str]:
    """The tables where anything of him stands."""

    def look(tx: Any) -> set[str]:
        return {
            table.name
            for table in metadata.tables.values()
            for row in tx.execute(table.select())
            if any(value == citizen or str(citizen) in str(value) for value in row)
        }

    return office.do(look)


async def test_a_stranger_is_forgotten_a_month_after_his_last_word(office: Office) -> None:
    stranger = met(office, "777")
    assert rows_with(office, stranger) == {"citizens", "consents", "evidence", "talks", "outbox"}

    office.now = MONDAY + 30 * DAY
    await upkeep(office)
    assert "citizens" in rows_with(office, stranger)
    office.now += timedelta(minutes=1)
    await upkeep(office)

    assert rows_with(office, stranger) == {"evidence"}  # until its bytes are deleted too
    (item,) = office.do(evidence.forgotten)
    assert office.do(lambda tx: evidence.get(tx, item).state) is EvidenceState.FORGOTTEN
    again = office.do(lambda tx: citizens.meet(tx, Channel.TELEGRAM, "777", office.now, QUOTA))
    assert again.id != stranger


async def test_the_settings_say_after_how_long(office: Office) -> None:
    stranger = met(office, "777")
    office.now = MONDAY + 4 * DAY

    await upkeep(office, strangers_last=5 * DAY)
    assert "citizens" in rows_with(office, stranger)
    await upkeep(office, strangers_last=3 * DAY)

    assert "citizens" not in rows_with(office, stranger)


async def test_who_ever_filed_and_who_spoke_since_is_kept(office: Office) -> None:
    office.have()
    speaks = met(office, "888")
    office.now = MONDAY + 20 * DAY
    office.do(lambda tx: citizens.meet(tx, Channel.TELEGRAM, "888", office.now, QUOTA))

    office.now = MONDAY + 45 * DAY
    await upkeep(office)

    assert "citizens" in rows_with(office, office.anna)
    assert "citizens" in rows_with(office, speaks)


async def test_what_is_counted_of_who_knocks_at_the_staff_bot_is_gone_after_its_hour(office: Office) -> None:
    office.do(lambda tx: allows(tx, "stranger", "9999", 1, office.now))

    def counted() -> int:
        return office.do(lambda tx: len(properties.beginning(tx, "heard:")))

    office.now += timedelta(minutes=59)
    await upkeep(office)
    assert counted() == 1
    office.now += timedelta(minutes=1)
    await upkeep(office)

    assert counted() == 0
    assert office.do(lambda tx: properties.get(tx, properties.DUTY_GROUP)) is not None
