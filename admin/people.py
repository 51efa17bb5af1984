"""人员: joining, inviting, standing in, PINs, who is on duty, and which chats are the desk's rooms."""

from __future__ import annotations

from datetime import date, datetime

from admin.counter import Counter
from admin.word import StaffWord
from casestore import access
from casestore.codes import SUPERVISORS, Role, Step
from casestore.desk import Desk
from casestore.errors import CaseError
from casestore.model import Officer
from casestore.reading.text import clean, fold
from casestore.store import Tx
from casestore.tables import approvals, buttons, cases, deputies, officers, pins, posts, properties
from casestore.units import Units
from casestore.workdays import CHINA, china_day, end_of, in_words
from dialogs.texts import Texts

CONFIRM = "confirm_join"
_YES = ("确认", "是", "confirm")
_ON_DUTY = {"on": True, "签到": True, "off": False, "签退": False}
_BACK = ("回来", "off", "取消")
_RESET = ("reset", "重置")
_NIGHT = ("值班室", "night")
#: The noon by which the next half-day is named.
_NOON_HOUR = 12


class People:
    """Commands about people; raises CaseError for what the desk refuses."""

    def __init__(self, desk: Desk, counter: Counter, texts: Texts, units: Units) -> None:
        self._desk, self._counter, self._texts, self._units = desk, counter, texts, units

    # ── joining ──

    def start(self, tx: Tx, word: StaffWord, code: str, at: datetime) -> None:
        """An invitation code: whose it is is shown, and he says that he is that person."""
        officer = officers.claim(tx, code, word.account, at)
        text = self._texts.say("staff.confirm_join", **self._shown(officer))
        payload = {"chat": word.account, "text": text, "answer": CONFIRM}
        self._desk.telling.say_to_staff(tx, word.account, payload, None, at)

    def confirmed(self, tx: Tx, word: StaffWord, at: datetime) -> bool:
        """The button below it, or 确认 typed by whom the desk does not know; False for anything else."""
        if word.press:
            button = buttons.find(tx, word.press)
            if button is None or button.does != CONFIRM or button.chat != word.chat:
                return False
        elif word.is_group or fold(word.text) not in _YES:
            return False
        try:
            officer, inviter = self._desk.staffing.join(tx, word.account, at)
        except CaseError as error:
            self._answer(tx, word, self._texts.refusal(error), at)
            return True
        self._answer(tx, word, self.welcome(officer), at)
        told = officers.account(tx, inviter) if inviter is not None else None
        if told is not None:
            self._counter.say(tx, told, self._texts.say("staff.joined", **self._shown(officer)), at)
        return True

    def _answer(self, tx: Tx, word: StaffWord, text: str, at: datetime) -> None:
        if word.press:
            self._counter.toast(tx, word, "", at)
        self._counter.say(tx, word.account, text, at)

    def welcome(self, officer: Officer) -> str:
        return self._texts.say("staff.welcome", **self._shown(officer))

    def invite(self, tx: Tx, officer: Officer, word: StaffWord, name: str, at: datetime) -> None:
        """The code goes to the supervisor's private chat, wherever he asked."""
        if officer.role not in SUPERVISORS:
            self._say(tx, word, "only_supervisor_invites", at)
            return
        if not name:
            self._say(tx, word, "invite_usage", at)
            return
        invited = officers.named(tx, name)
        code = self._desk.staffing.invite(tx, invited, f"officer:{officer.id}", at, officer.id)
        text = self._texts.say("staff.invited", code=code, **self._shown(invited))
        self._counter.say(tx, word.account, text, at)
        if word.is_group:
            self._say(tx, word, "in_private", at)

    # ── standing in ──

    def away(self, tx: Tx, officer: Officer, word: StaffWord, rest: str, at: datetime) -> None:
        """/away 姓名 2026-12-01: he decides in my place until then. /away 回来: I am back."""
        if officer.role not in SUPERVISORS:
            self._say(tx, word, "only_supervisor_away", at)
            return
        if fold(rest) in _BACK:
            deputies.end(tx, officer.id)
            self._say(tx, word, "back", at)
            return
        name, _, until = clean(rest).rpartition(" ")
        day = _day(until)
        if not name.strip() or day is None or day < china_day(at):
            self._say(tx, word, "away_usage", at)
            return
        deputy = officers.named(tx, name)
        deputies.put(tx, officer, deputy, end_of(day))
        facts = {"name": officer.name, "deputy": deputy.name, "day": in_words(day, china_day(at))}
        self._say(tx, word, "away", at, **facts)
        chat = officers.account(tx, deputy.id)
        if chat is not None:
            self._counter.say(tx, chat, self._texts.say("staff.stands_in", **facts), at)
            self._hand_over(tx, deputy, chat, at)

    def _hand_over(self, tx: Tx, deputy: Officer, chat: str, at: datetime) -> None:
        """The cards with what waits for a decision that is his now."""
        actor = deputies.acting(tx, deputy, at)
        for request in approvals.waiting(tx):
            case, recused = cases.get(tx, request.case), officers.recused(tx, request.case)
            if all(
                access.may(actor, step, case, recused=recused, request=request)
                for step in (Step.VIEW, Step.APPROVE)
            ):
                posts.add(tx, case.id, chat, deputy.id)
                self._desk.telling.show_card(tx, case.id, chat, at)

    # ── the second factor ──

    def pin(self, tx: Tx, officer: Officer, word: StaffWord, rest: str, at: datetime) -> None:
        """/pin 1234 sets, /pin 1234 5678 changes, /pin 重置 姓名 frees a colleague who locked himself out."""
        if word.is_group:
            self._say(tx, word, "pin_in_private", at)
            return
        first, _, second = clean(rest).partition(" ")
        if not first:
            self._say(tx, word, "pin_usage", at)
        elif first in _RESET:
            self._reset_pin(tx, officer, word, second, at)
        else:
            new, old = (second.strip(), first) if second.strip() else (first, "")
            pins.put(tx, officer.id, new, old)
            self._say(tx, word, "pin_set", at)

    def _reset_pin(self, tx: Tx, officer: Officer, word: StaffWord, name: str, at: datetime) -> None:
        if officer.role not in SUPERVISORS:
            self._say(tx, word, "only_supervisor_pin", at)
            return
        other = officers.named(tx, name)
        if other.id == officer.id:
            self._say(tx, word, "pin_not_own", at)
            return
        self._desk.staffing.reset_pin(tx, other, f"officer:{officer.id}", at)
        self._say(tx, word, "pin_reset", at, name=other.name)

    # ── duty ──

    def duty(self, tx: Tx, officer: Officer, word: StaffWord, rest: str, at: datetime) -> None:
        wish = _ON_DUTY.get(fold(rest))
        if wish is not None and officer.role is Role.OFFICER:
            officers.sign_duty(tx, officer.id, wish)
            self._say(tx, word, "duty_on" if wish else "duty_off", at)
            return
        names = self._desk.shift(at) or tuple(
            found.name for found, _ in officers.on_duty(tx) if found.on_duty
        )
        lines = [self._texts.say("staff.duty_title" if names else "staff.duty_nobody")]
        if not self._desk.is_open(at):
            lines.insert(0, self._texts.say("staff.duty_closed"))
        lines += [self._texts.say("staff.duty_line", name=name) for name in names]
        following = self._desk.next_shift(at)
        if following is not None:
            begins, next_names = following[0].astimezone(CHINA), "、".join(following[1])
            half = "上午" if begins.hour < _NOON_HOUR else "下午"
            day = in_words(begins.date(), china_day(at))
            lines.append(self._texts.say("staff.duty_next", day=day, half=half, names=next_names))
        self._counter.say(tx, word.chat, "\n".join(lines), at)

    def bind(self, tx: Tx, officer: Officer, word: StaffWord, rest: str, at: datetime) -> None:
        """This group is the duty's, or, with 值班室, the night room."""
        if not word.is_group:
            self._say(tx, word, "only_group", at)
        elif officer.role not in SUPERVISORS:
            self._say(tx, word, "only_supervisor", at)
        elif fold(rest) in _NIGHT:
            properties.put(tx, properties.NIGHT_ROOM, word.chat)
            self._say(tx, word, "bound_night", at)
        else:
            properties.put(tx, properties.DUTY_GROUP, word.chat)
            self._say(tx, word, "bound", at)

    def _shown(self, officer: Officer) -> dict[str, str]:
        unit = f"（{self._units.name(officer.unit)}）" if officer.unit else ""
        return {"name": officer.name, "role": self._texts.name("role", officer.role), "unit": unit}

    def _say(self, tx: Tx, word: StaffWord, code: str, at: datetime, **facts: str) -> None:
        self._counter.say(tx, word.chat, self._texts.say(f"staff.{code}", **facts), at)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(fold(text).replace("/", "-").replace(".", "-"))
    except ValueError:
        return None
