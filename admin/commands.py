"""Commands of the staff chat: /queue, /mine, /case, /duty, /bind, /start, /help, and their Chinese words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from admin.allowance import allows
from admin.card import Cards
from admin.counter import Counter
from admin.word import StaffWord
from casestore import access, numbers
from casestore.codes import SUPERVISORS, UNIT_ROLES, Role, Status, Step
from casestore.desk import Desk
from casestore.errors import CaseError, CaseUnknown, NotAuthorised
from casestore.model import Actor, Officer, OfficerId, UnitCode
from casestore.reading.text import clean, fold
from casestore.store import Tx
from casestore.tables import buttons, cases, officers, posts, properties
from casestore.units import Units
from dialogs.texts import Texts

_WORDS = {
    "/queue": "queue", "待办": "queue", "/mine": "mine", "我的": "mine", "/case": "case", "案件": "case",
    "/duty": "duty", "值班": "duty", "/bind": "bind", "/start": "start", "/join": "start", "/help": "help",
    "帮助": "help", "取消": "cancel", "/cancel": "cancel",
}  # fmt: skip
_WISHES = {"on": True, "签到": True, "off": False, "签退": False}
_SHOWN = 10
_TRIES_AN_HOUR = 10
#: What waits at the desk, and what waits at a unit.
_AT_THE_DESK = (Status.REGISTERED, Status.SUPPLEMENTING, Status.ACCEPTED, Status.DISPATCHED)
_AT_A_UNIT = (Status.DISPATCHED, Status.TAKEN_OVER, Status.MEDIATING, Status.FILED)


class StaffDesk:
    """The staff's reception: who speaks, what he wants, what he gets."""

    def __init__(self, desk: Desk, counter: Counter, cards: Cards, texts: Texts, units: Units) -> None:
        self._desk, self._counter, self._cards = desk, counter, cards
        self._texts, self._units = texts, units

    def hear(self, tx: Tx, word: StaffWord, at: datetime) -> None:
        """One press or message from a staff chat."""
        officer = officers.by_account(tx, word.account)
        if word.press:
            self._counter.pressed(tx, officer, word, at)
            return
        command, rest = _command(word.text)
        if command == "start" and rest and not word.is_group:
            self._join(tx, word, rest, at)
        elif officer is None:
            if not word.is_group and allows(tx, "stranger", word.account, 1, at):
                self._say(tx, word, self._texts.say("staff.unknown_person"), at)
        elif command:
            try:
                self._do(tx, officer, word, command, rest, at)
            except CaseError as error:
                self._say(tx, word, self._texts.refusal(error), at)
        elif word.is_group:
            return
        elif fold(word.text).startswith("/"):  # a mistyped command is nobody's reason
            self._say(tx, word, self._texts.say("staff.help"), at)
        elif not self._counter.typed(tx, officer, word, at):
            self._say(tx, word, self._texts.say("staff.prompt_gone"), at)

    def apologise(self, tx: Tx, word: StaffWord, text: str, at: datetime) -> None:
        """For a message that could not be processed and is kept."""
        self._counter.say(tx, word.account, text, at)

    def _do(self, tx: Tx, officer: Officer, word: StaffWord, command: str, rest: str, at: datetime) -> None:
        if command == "queue":
            self._list(tx, officer, word, "queue", at, statuses=_waiting_for(officer.role))
        elif command == "mine":
            self._list(tx, officer, word, "mine", at, holder=officer.id)
        elif command == "case":
            self._case(tx, officer, word, rest, at)
        elif command == "duty":
            self._duty(tx, officer, word, rest, at)
        elif command == "bind":
            self._bind(tx, officer, word, at)
        elif command == "start":
            self._say(tx, word, self._welcome(officer), at)
        elif command == "cancel":
            buttons.asked(tx, officer.id, at)  # what he types next is for no step any more
            self._say(tx, word, self._texts.say("staff.cancelled"), at)
        else:
            self._say(tx, word, self._texts.say("staff.help"), at)

    # ── lists and cards ──

    def _list(
        self,
        tx: Tx,
        officer: Officer,
        word: StaffWord,
        code: str,
        at: datetime,
        *,
        holder: OfficerId | None = None,
        statuses: Sequence[Status] = (),
    ) -> None:
        """The next limit first, without what he may not see: a recused case does not exist for him."""
        gone, actor = officers.recused_cases(tx, officer.id), Actor(officer=officer)
        unit = (officer.unit or UnitCode("")) if officer.role in UNIT_ROLES else None
        waiting = cases.queue(tx, unit=unit, holder=holder, statuses=statuses, besides=gone, most=_SHOWN)
        found = [case for case in waiting if access.may(actor, Step.VIEW, case)]
        if not found:
            self._say(tx, word, self._texts.say(f"staff.{code}_empty"), at)
            return
        total = cases.count_queue(tx, unit=unit, holder=holder, statuses=statuses, besides=gone)
        title = f"staff.{code}_many" if total > len(found) else f"staff.{code}_title"
        lines = [self._cards.line(case, number, at) for number, case in enumerate(found, 1)]
        text = "\n".join([self._texts.say(title, total=total, count=len(found)), *lines])
        payload = {"chat": word.chat, "text": text, "open": [case.id for case in found]}
        self._desk.say_to_staff(tx, word.chat, payload, None, at)

    def _case(self, tx: Tx, officer: Officer, word: StaffWord, rest: str, at: datetime) -> None:
        number = numbers.read_case_number(rest)
        if number is None:
            self._say(tx, word, self._texts.say("staff.case_usage"), at)
            return
        case = cases.by_number(tx, number)
        try:
            access.authorize(Actor(officer=officer), Step.VIEW, case, recused=officers.recused(tx, case.id))
        except NotAuthorised:
            raise CaseUnknown() from None
        posts.add(tx, case.id, word.chat, None if word.is_group else officer.id)
        self._desk.show_card(tx, case.id, word.chat, at, anew=True)

    # ── people ──

    def _join(self, tx: Tx, word: StaffWord, code: str, at: datetime) -> None:
        if not allows(tx, "invitation", word.account, _TRIES_AN_HOUR, at):
            if allows(tx, "tried", word.account, 1, at):
                self._say(tx, word, self._texts.say("staff.too_many_tries"), at)
            return
        try:
            officer = officers.join(tx, code, word.account, at)
        except CaseError as error:
            self._say(tx, word, self._texts.refusal(error), at)
            return
        self._say(tx, word, self._welcome(officer), at)

    def _welcome(self, officer: Officer) -> str:
        unit = f"（{self._units.name(officer.unit)}）" if officer.unit else ""
        role = self._texts.name("role", officer.role)
        return self._texts.say("staff.welcome", name=officer.name, role=role, unit=unit)

    def _duty(self, tx: Tx, officer: Officer, word: StaffWord, rest: str, at: datetime) -> None:
        wish = _WISHES.get(fold(rest))
        if wish is not None and officer.role is Role.OFFICER:
            officers.sign_duty(tx, officer.id, wish)
            self._say(tx, word, self._texts.say("staff.duty_on" if wish else "staff.duty_off"), at)
            return
        names = [found.name for found, _ in officers.on_duty(tx) if found.on_duty]
        lines = [self._texts.say("staff.duty_line", name=name) for name in names]
        title = self._texts.say("staff.duty_title" if names else "staff.duty_nobody")
        self._say(tx, word, "\n".join([title, *lines]), at)

    def _bind(self, tx: Tx, officer: Officer, word: StaffWord, at: datetime) -> None:
        if not word.is_group:
            self._say(tx, word, self._texts.say("staff.only_group"), at)
        elif officer.role not in SUPERVISORS:
            self._say(tx, word, self._texts.say("staff.only_supervisor"), at)
        else:
            properties.put(tx, properties.DUTY_GROUP, word.chat)
            self._say(tx, word, self._texts.say("staff.bound"), at)

    def _say(self, tx: Tx, word: StaffWord, text: str, at: datetime) -> None:
        self._counter.say(tx, word.chat, text, at)


def _waiting_for(role: Role) -> Sequence[Status]:
    """What waits for this post; () for all that is open."""
    if role in UNIT_ROLES:
        return _AT_A_UNIT
    return () if role in SUPERVISORS else _AT_THE_DESK


def _command(text: str) -> tuple[str, str]:
    """The command a message is, and what follows it: "/case@desk_bot TS-…" is ("case", "TS-…").

    A Chinese word is a command alone or with what belongs to it; 我的 at the head of a sentence is not.
    """
    first, rest = (*clean(text).split(maxsplit=1), "", "")[:2]
    command = _WORDS.get(fold(first.partition("@")[0]), "")
    belongs = not rest or first.startswith("/") or fold(rest) in _WISHES or numbers.read_case_number(rest)
    return (command, rest) if belongs else ("", "")
