"""Forged, stolen, expired and out-of-place presses: each is refused with its sentence and changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from casestore.codes import Grade, Ground, Kind, Role, Step
from casestore.model import Actor, Case, Officer
from casestore.tables import buttons, officers, properties
from tests.admin.staff_room import STRANGER, StaffRoom, a_person, is_said
from tests.office import DUTY_GROUP, FOOD, QUALITY, Office, a_suggestion, an_office

OTHER_GROUP = "-100999"
CITIZENS_ACCOUNT = "501"


class Desk:
    """An office with a case in every state that matters, everybody's cards shown; nothing changes it."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.room = office, StaffRoom(office, folder)
        self.people: dict[str, Officer] = {
            "wang": office.wang, "zhao": office.zhao, "li": office.li, "sun": office.sun,
            "head": a_person(office, "周局长", Role.HEAD, "1005"),
            "quality": a_person(office, "钱进", Role.HANDLER, "1006", QUALITY),
            "nowhere": a_person(office, "冯无所", Role.HANDLER, "1007"),
            "volunteer": a_person(office, "小林", Role.VOLUNTEER, "1008"),
            "auditor": a_person(office, "老严", Role.AUDITOR, "1009"),
            "suspended": a_person(office, "陈停", Role.OFFICER, "1010"),
        }  # fmt: skip
        self.cases: dict[str, Case] = {
            "new": office.have(),
            "accepted": office.accepted(),
            "dispatched": office.dispatched(),
            "taken": office.taken_over(),
            "closed": office.closed(),
            "declined": office.declined(),
            "report": office.have(kind=Kind.REPORT),
            "question": office.have(kind=Kind.CONSULTATION),
            "major": office.accepted(suggestion=a_suggestion(urgent=("食物中毒",))),
            "recused": office.have(),
            "asked": office.accepted(),
        }
        office.do(
            lambda tx: office.desk.recuse(
                tx, self.cases["recused"].id, Actor(officer=office.zhao), office.now
            )
        )
        office.do(
            lambda tx: office.desk.requests.escalate(
                tx, self.cases["asked"].id, Actor(officer=office.sun), "涉及多人", office.now
            )
        )
        self.room.deliver()
        self.cases = {name: self.room.now(case) for name, case in self.cases.items()}
        office.do(lambda tx: officers.suspend(tx, self.people["suspended"].id))

    def made(self, who: str, case: str, does: str, chat: str = "", **facts: str) -> str:
        """A token as the desk itself would make it, for whoever should not have it."""
        chat = chat or self.room.chat_of(self.people[who])
        found, office = self.cases[case], self.office
        return office.do(lambda tx: buttons.make(tx, found, chat, does, facts, office.now))

    def shown(self, case: str, label: str, chat: str = DUTY_GROUP) -> str:
        """A token that stands on a card."""
        return self.room.card(self.cases[case], chat).token(label)


@pytest.fixture(scope="module")
def desk(empty_desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    shutil.copy(empty_desk, folder)
    with an_office(folder) as office:
        yield Desk(office, folder)


def refused(desk: Desk, code: str, who: Officer | str, token: str, chat: str = "", days: float = 0) -> None:
    """The press is answered with the sentence of `code`, and the database is as it was."""
    before, now = desk.room.dump(), desk.office.now
    desk.office.now = now + timedelta(days=days)
    press = desk.room.hand_in(who, token, chat)
    after = desk.room.dump()
    desk.room.deliver()
    desk.office.now = now

    assert after == before
    answer = desk.room.toasts[press].text
    assert is_said(code, answer), answer
    assert "\u4e00" <= answer.strip("TSJBZX-0123456789 ")[0] <= "\u9fff", answer


# ── tokens the desk never gave ──

INVENTED: Mapping[str, Callable[[str], str]] = {
    "nothing": lambda _: "-",
    "random": lambda _: "0123456789abcdefghijkl",
    "cut short": lambda real: real[:-1],
    "one character more": lambda real: f"{real}a",
    "other case": lambda real: real.swapcase(),
    "a space after": lambda real: f"{real} ",
    "a space before": lambda real: f" {real}",
    "backwards": lambda real: real[::-1],
    "twice": lambda real: f"{real}{real}",
    "wildcard": lambda _: "%",
    "one of each": lambda _: "_" * 22,
    "SQL": lambda _: "' OR 1=1 --",
    "SQL union": lambda real: f"{real}' UNION SELECT * FROM buttons --",
    "a verb": lambda _: "step:accept",
    "a verb with a case": lambda _: "do:accept:1",
    "JSON": lambda real: f'{{"token": "{real}"}}',
    "NUL": lambda real: f"{real}\0",
    "full-width": lambda _: "ａｂｃ",
    "Chinese": lambda _: "受理",
    "a whole message": lambda _: "字" * 4096,
    "a lone surrogate's place": lambda real: f"{real}\ufffd",
}


@pytest.mark.parametrize("forge", INVENTED.values(), ids=INVENTED.keys())
def test_a_token_the_desk_never_gave_does_nothing(desk: Desk, forge: Callable[[str], str]) -> None:
    token = forge(desk.shown("new", "受理", "1001"))

    refused(desk, "staff.expired", desk.people["wang"], token)


# ── real tokens out of their place ──


@pytest.mark.parametrize(
    ("who", "stands_in", "pressed_in"),
    [
        ("zhao", "1001", ""),  # another officer's
        ("li", "1001", ""),
        ("sun", "1001", ""),
        ("volunteer", "1001", ""),
        ("wang", "1001", DUTY_GROUP),  # his own, carried into the group
        ("wang", DUTY_GROUP, ""),  # the group's, carried into his chat
        ("wang", DUTY_GROUP, OTHER_GROUP),
        ("wang", "1001", "1002"),  # in a chat that is not his
        ("wang", DUTY_GROUP, "100200300"),
    ],
)
def test_a_button_works_only_in_the_chat_it_stands_in(
    desk: Desk, who: str, stands_in: str, pressed_in: str
) -> None:
    refused(desk, "staff.expired", desk.people[who], desk.shown("new", "受理", stands_in), pressed_in)


@pytest.mark.parametrize("days", [30.01, 31, 400])
@pytest.mark.parametrize("label", ["受理", "不予受理", "回避"])
def test_a_button_lasts_thirty_days(desk: Desk, label: str, days: float) -> None:
    refused(desk, "staff.expired", desk.people["wang"], desk.shown("new", label, "1001"), days=days)


def test_a_button_that_was_used_is_used_up_even_if_the_case_stands_as_it_stood(desk: Desk) -> None:
    token = desk.made("wang", "new", "step:accept")
    desk.office.do(lambda tx: buttons.use(tx, token, desk.office.now))

    refused(desk, "staff.changed", desk.people["wang"], token)


@pytest.mark.parametrize("account", [STRANGER, CITIZENS_ACCOUNT, DUTY_GROUP, "", "1010", "1001 ", "０"])
@pytest.mark.parametrize("label", ["受理", "回避"])
def test_who_is_not_of_the_staff_presses_in_vain(desk: Desk, account: str, label: str) -> None:
    """1010 is suspended: with his next press he is nobody."""
    refused(desk, "staff.unknown_person", account, desk.shown("new", label), DUTY_GROUP)


# ── real tokens, in the right chat, of who may not ──

NO, RECUSED = "errors.not-authorised", "errors.staff-recused"


@pytest.mark.parametrize(
    ("who", "case", "does"),
    [
        ("volunteer", "new", "step:accept"),
        ("volunteer", "new", "step:decline"),
        ("volunteer", "new", "step:recuse"),
        ("volunteer", "new", "step:reveal"),
        ("volunteer", "accepted", "step:dispatch"),
        ("volunteer", "question", "step:answer"),
        ("auditor", "new", "step:accept"),
        ("auditor", "new", "step:reveal"),
        ("auditor", "accepted", "step:escalate"),
        ("wang", "dispatched", "step:take_over"),
        ("wang", "dispatched", "step:return"),
        ("wang", "taken", "step:close"),
        ("wang", "taken", "step:mediate"),
        ("wang", "major", "step:approve"),
        ("wang", "major", "step:refuse"),
        ("sun", "dispatched", "step:take_over"),
        ("head", "taken", "step:close"),
        ("li", "taken", "step:accept"),
        ("li", "taken", "step:dispatch"),
        ("li", "taken", "step:approve"),
        ("li", "new", "step:accept"),  # a case of the centre
        ("li", "new", "card"),
        ("li", "accepted", "open"),
        ("nowhere", "taken", "card"),
        ("quality", "taken", "card"),  # another unit's
        ("quality", "taken", "open"),
        ("quality", "taken", "menu:close"),
        ("quality", "taken", "ask:return"),
        ("quality", "dispatched", "step:take_over"),
        ("quality", "taken", "step:return"),
        ("quality", "taken", "step:close"),
        ("quality", "taken", "step:mediate"),
        ("quality", "taken", "step:escalate"),
        ("quality", "taken", "step:recuse"),
        ("quality", "taken", "step:reveal"),
        ("nowhere", "new", "step:reveal"),
    ],
)
def test_a_press_is_checked_anew_by_post_and_unit(desk: Desk, who: str, case: str, does: str) -> None:
    """S8-1: a button that should never have been there is not obeyed."""
    refused(desk, NO, desk.people[who], desk.made(who, case, does))


@pytest.mark.parametrize("label", ["受理", "不予受理", "要求补正", "升级", "回避"])
@pytest.mark.parametrize("who", ["volunteer", "auditor", "li", "quality"])
def test_in_the_group_the_presser_is_checked_and_not_the_card(desk: Desk, who: str, label: str) -> None:
    """Design 8. And the button stays good for who may: he is not told that it was used."""
    token = desk.shown("new", label)

    refused(desk, NO, desk.people[who], token, DUTY_GROUP)

    assert desk.shown("new", label)
    found = desk.office.do(lambda tx: buttons.find(tx, token))
    assert found is not None
    assert not found.used


@pytest.mark.parametrize(
    "does",
    ["open", "card", "step:accept", "step:decline", "step:recuse", "step:reveal", "step:escalate",
     "menu:decline", "ask:ask_supplement", "do:accept", "do:recuse"],
)  # fmt: skip
def test_a_case_does_not_exist_any_more_for_who_recused_himself(desk: Desk, does: str) -> None:
    """S7-5b."""
    refused(desk, RECUSED, desk.people["zhao"], desk.made("zhao", "recused", does))


# ── the right person at the wrong time, or without what the step needs ──


@pytest.mark.parametrize(
    ("who", "case", "step", "facts", "code"),
    [
        ("wang", "accepted", Step.ACCEPT, {}, "errors.step-not-allowed"),
        ("wang", "closed", Step.ACCEPT, {}, "errors.step-not-allowed"),
        ("wang", "declined", Step.DECLINE, {"ground": Ground.TOO_OLD}, "errors.step-not-allowed"),
        ("wang", "report", Step.DECLINE, {"ground": Ground.TOO_OLD}, "errors.step-not-allowed"),
        ("wang", "new", Step.DISPATCH, {"unit": FOOD}, "errors.step-not-allowed"),
        ("wang", "new", Step.ANSWER, {"words": "可以。"}, "errors.step-not-allowed"),
        ("wang", "closed", Step.ESCALATE, {"words": "媒体关注"}, "errors.step-not-allowed"),
        ("li", "taken", Step.TAKE_OVER, {}, "errors.step-not-allowed"),
        ("li", "dispatched", Step.CLOSE, {"outcome": "agreement"}, "errors.step-not-allowed"),
        ("li", "closed", Step.RETURN, {"words": "重复件"}, "errors.step-not-allowed"),
        ("wang", "new", Step.DECLINE, {}, "errors.ground-not-named"),
        ("wang", "accepted", Step.DISPATCH, {}, "errors.unit-missing"),
        ("wang", "accepted", Step.DISPATCH, {"unit": "EXTERNAL"}, "errors.unit-unknown"),
        ("wang", "accepted", Step.DISPATCH, {"unit": "NO_SUCH"}, "errors.unit-unknown"),
        ("li", "taken", Step.CLOSE, {"words": "完"}, "errors.outcome-missing"),
        ("wang", "new", Step.ASK_SUPPLEMENT, {}, "errors.reason-missing"),
        ("wang", "new", Step.ESCALATE, {"words": " \u3000\u200b "}, "errors.reason-missing"),
        ("wang", "question", Step.ANSWER, {"words": ""}, "errors.reason-missing"),
        ("li", "dispatched", Step.RETURN, {"words": "\n"}, "errors.reason-missing"),
        ("head", "major", Step.APPROVE, {}, "errors.reason-missing"),
        ("head", "major", Step.REFUSE, {"words": ""}, "errors.reason-missing"),
        ("wang", "major", Step.DISPATCH, {"unit": FOOD}, "errors.awaits-approval"),
        ("sun", "asked", Step.DISPATCH, {"unit": FOOD}, "errors.awaits-approval"),
        ("wang", "major", Step.ESCALATE, {"words": "涉及多人"}, "errors.already-escalated"),
        ("head", "new", Step.APPROVE, {"words": "同意"}, "errors.nothing-to-decide"),
        ("head", "accepted", Step.REFUSE, {"words": "按一般件办理"}, "errors.nothing-to-decide"),
        ("sun", "asked", Step.APPROVE, {"words": "同意"}, "errors.own-request"),
        ("sun", "asked", Step.REFUSE, {"words": "按一般件办理"}, "errors.own-request"),
        ("wang", "asked", Step.APPROVE, {"words": "同意"}, NO),
        ("li", "taken", Step.APPROVE, {"words": "同意"}, NO),
    ],
)
def test_a_step_out_of_order_or_without_its_facts_is_refused(
    desk: Desk, who: str, case: str, step: Step, facts: dict[str, str], code: str
) -> None:
    refused(desk, code, desk.people[who], desk.made(who, case, f"do:{step}", **facts))


def test_the_desk_itself_is_as_it_was(desk: Desk) -> None:
    """Not vacuous: the cases stand where they stood, and a press of who may still works."""
    assert desk.cases["major"].grade is Grade.MAJOR
    assert {name: desk.room.now(case) for name, case in desk.cases.items()} == desk.cases
    assert desk.office.do(lambda tx: properties.get(tx, properties.DUTY_GROUP)) == DUTY_GROUP
    assert desk.room.press(desk.people["wang"], desk.cases["new"], "受理") == "已受理。"
