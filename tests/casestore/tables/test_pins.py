"""口令: the second factor of an approval, where the office wants one."""

from __future__ import annotations

import pytest

from casestore.codes import Grade, Step
from casestore.desk import Desk
from casestore.errors import CaseError, PinLocked, PinMissing, PinUnclear, PinWrong
from casestore.house_rules import HouseRules
from casestore.model import Case
from casestore.tables import pins
from tests.casestore.deeds import escalate
from tests.casestore.tables.files import everything
from tests.office import Office, acting


def put(office: Office, pin: str, old: str = "") -> None:
    office.do(lambda tx: pins.put(tx, office.sun.id, pin, old))


def tried(office: Office, pin: str) -> type[CaseError] | None:
    """What a try ends in; like the counter, it lets the count be kept."""

    def attempt(tx: object) -> type[CaseError] | None:
        try:
            pins.check(tx, office.sun.id, pin)  # type: ignore[arg-type]
        except CaseError as refusal:
            return type(refusal)
        return None

    return office.do(attempt)


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "１２３４", "-123"])
def test_a_pin_is_four_to_eight_digits(office: Office, pin: str) -> None:
    with pytest.raises(PinUnclear):
        put(office, pin)


def test_only_its_fingerprint_is_kept(office: Office) -> None:
    put(office, "73914")

    assert "73914" not in repr(everything(office))
    assert tried(office, "73914") is None


def test_a_right_one_forgives_and_five_wrong_ones_lock(office: Office) -> None:
    put(office, "7391")
    assert [tried(office, "0000") for _ in range(4)] == [PinWrong] * 4
    assert tried(office, "7391") is None
    assert [tried(office, "0000") for _ in range(5)] == [*[PinWrong] * 4, PinLocked]
    assert tried(office, "7391") is PinLocked

    office.do(lambda tx: pins.reset(tx, office.sun.id))
    assert tried(office, "7391") is PinMissing


def test_a_new_one_needs_the_old(office: Office) -> None:
    put(office, "7391")
    with pytest.raises(PinWrong):
        put(office, "1111", "0000")
    put(office, "1111", "7391")
    assert tried(office, "1111") is None


def test_where_the_office_says_so_nothing_is_approved_without_it(office: Office) -> None:
    """S9-6; a refusal needs none."""
    calendar = office.desk.clockwork.calendar
    office.desk = Desk(calendar, office.units, rules=HouseRules(pin_for_approvals=True))
    put(office, "7391")
    case = escalate(office, office.accepted(), office.wang).case

    def approve(pin: str, step: Step = Step.APPROVE) -> Case:
        decide = office.desk.requests.decide
        return office.do(
            lambda tx: decide(tx, case.id, step, acting(office.sun), "同意", office.now, pin=pin)
        ).case

    for wrong, refusal in (("", PinMissing), ("0000", PinWrong)):
        with pytest.raises(refusal):
            approve(wrong)
    assert approve("7391").grade is Grade.MAJOR
    case = escalate(office, office.accepted(), office.wang).case
    assert approve("", Step.REFUSE).grade is Grade.ORDINARY
