"""消费者: known by their account alone, which lies sealed; reached while the platform lets us."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casestore.codes import Channel, Consent
from casestore.model import CitizenId
from casestore.tables import citizens, schema
from casestore.tables.citizens import Citizen, PushQuota
from tests.office import MONDAY, Office

WECHAT = PushQuota(2, timedelta(hours=48))
HOUR = timedelta(hours=1)


def meet(office: Office, account: str = "oABC", after: timedelta = timedelta(0)) -> Citizen:
    return office.do(lambda tx: citizens.meet(tx, Channel.WECHAT, account, MONDAY + after, WECHAT))


def use(office: Office, citizen: CitizenId, after: timedelta = timedelta(0)) -> bool:
    return office.do(lambda tx: citizens.use_push(tx, citizens.get(tx, citizen), MONDAY + after))


def test_the_same_account_is_the_same_citizen(office: Office) -> None:
    first = meet(office)

    assert meet(office, after=HOUR).id == first.id
    assert meet(office, "oXYZ").id != first.id
    assert office.do(lambda tx: citizens.meet(tx, Channel.TELEGRAM, "oABC", MONDAY, WECHAT)).id != first.id
    assert office.do(lambda tx: citizens.account(tx, first.id)) == "oABC"


def test_what_meeting_tells_is_what_the_store_holds(office: Office) -> None:
    first = meet(office)
    assert office.do(lambda tx: citizens.get(tx, first.id)) == first
    again = meet(office, after=HOUR)

    assert office.do(lambda tx: citizens.get(tx, first.id)) == again
    assert (again.met_at, again.last_word_at) == (MONDAY, MONDAY + HOUR)


def test_whoever_left_is_reachable_again_with_his_next_word(office: Office) -> None:
    citizen = meet(office).id
    office.do(lambda tx: citizens.unreachable(tx, citizen))
    assert not office.do(lambda tx: citizens.get(tx, citizen)).reachable

    assert meet(office).reachable
    assert office.do(lambda tx: citizens.get(tx, citizen)).reachable


# ── 客服消息: so many within 48 hours of his word ──


def test_pushes_are_counted_down_and_a_new_word_brings_them_back(office: Office) -> None:
    citizen = meet(office).id
    assert [use(office, citizen) for _ in range(4)] == [True, True, False, False]

    meet(office, after=HOUR)
    assert [use(office, citizen, HOUR) for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(("hours", "may"), [(47.9, True), (48, False), (100, False)])
def test_the_window_closes_48_hours_after_his_word(office: Office, hours: float, may: bool) -> None:
    assert use(office, meet(office).id, timedelta(hours=hours)) is may


def test_the_platform_knows_better_than_our_count(office: Office) -> None:
    citizen = meet(office).id
    office.do(lambda tx: citizens.no_pushes_left(tx, citizen))

    assert not use(office, citizen)


def test_one_citizens_pushes_are_not_anothers(office: Office) -> None:
    one, two = meet(office).id, meet(office, "oXYZ").id
    use(office, one)
    use(office, one)

    assert not use(office, one)
    assert use(office, two)


# ── looking up ──


def test_so_many_look_ups_an_hour_and_then_no_more(office: Office) -> None:
    """Query codes cannot be tried out."""
    citizen = meet(office).id

    def look(after: timedelta) -> bool:
        return office.do(lambda tx: citizens.count_query(tx, citizens.get(tx, citizen), MONDAY + after, 3))

    assert [look(timedelta(minutes=minute)) for minute in range(5)] == [True, True, True, False, False]
    assert not look(timedelta(minutes=59))
    assert [look(timedelta(minutes=minute)) for minute in (60, 61, 62, 63)] == [True, True, True, False]


# ── consent ──


def test_the_last_answer_to_this_edition_counts(office: Office) -> None:
    citizen = meet(office).id

    def says(answer: bool, edition: str = "2026-11") -> None:
        office.do(lambda tx: citizens.record_consent(tx, citizen, Consent.PRIVACY, edition, answer, MONDAY))

    def agreed(edition: str = "2026-11") -> bool:
        return office.do(lambda tx: citizens.consented(tx, citizen, Consent.PRIVACY, edition))

    assert not agreed()
    says(True)
    assert agreed()
    assert not agreed("2027-01")
    says(False)
    assert not agreed()
    says(True, "2027-01")
    assert agreed("2027-01")
    assert not agreed("2026-11")
    assert not office.do(lambda tx: citizens.consented(tx, citizen, Consent.PUBLISH, "2027-01"))
    assert len(office.do(lambda tx: tx.execute(schema.consents.select()).all())) == 3  # each answer is kept
