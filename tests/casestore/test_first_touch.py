"""首问责任 (S2-4.1), measured: from the first touch to the unit's receipt."""

from __future__ import annotations

from datetime import timedelta

from casestore.codes import Channel, Step
from casestore.first_touch import FirstTouch, measure
from casestore.model import Case
from tests.casestore.deeds import past, recuse
from tests.office import FOOD, Office, acting


def touch(office: Office, case: Case) -> FirstTouch | None:
    return measure(past(office, case), office.newest(case).first_officer)


def test_from_the_first_touch_to_the_receipt_of_the_unit_the_time_is_measured(office: Office) -> None:
    case = office.have()
    assert touch(office, case) is None
    office.now += timedelta(hours=1)
    began = office.now
    case = office.take(case, Step.ACCEPT, office.wang).case
    office.now += timedelta(hours=2)
    case = office.take(case, Step.DISPATCH, office.zhao, unit=FOOD).case

    waiting = touch(office, case)
    assert waiting == FirstTouch(office.wang.id, began, None)
    assert waiting.lasted(office.now) == timedelta(hours=2)
    office.now += timedelta(hours=3)
    office.take(case, Step.TAKE_OVER, office.li)
    received = touch(office, case)
    assert received is not None
    assert received.received_at == office.now
    assert received.lasted(office.now + timedelta(days=9)) == timedelta(hours=5)


def test_who_took_it_down_for_a_caller_touched_it_first_and_to_look_is_no_touch(office: Office) -> None:
    told = office.have(channel=Channel.PHONE, registered_by=office.zhao.id)
    looked = office.have()
    office.do(lambda tx: office.desk.reveal(tx, looked.id, acting(office.wang), office.now))

    assert touch(office, told) == FirstTouch(office.zhao.id, told.registered_at, None)
    assert touch(office, looked) is None


def test_who_stepped_back_answers_for_it_no_longer(office: Office) -> None:
    case = recuse(office, office.accepted(), office.wang)
    assert touch(office, case) is None

    office.now += timedelta(hours=1)
    case = office.take(case, Step.DISPATCH, office.zhao, unit=FOOD).case
    assert touch(office, case) == FirstTouch(office.zhao.id, office.now, None)
