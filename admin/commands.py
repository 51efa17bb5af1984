"""Commands of the staff chat about cases: /queue, /mine, /case, /new, and their Chinese words; those about
people are `admin.people`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from admin.allowance import allows
from admin.caller import CallerDesk
from admin.card import Cards
from admin.counter import Counter
from admin.people import People
from admin.word import StaffWord
from casestore import access, numbers
from casestore.codes import SUPERVISORS, UNIT_ROLES, Role, Status, Step
from casestore.desk import Desk
from casestore.errors import CaseError, CaseUnknown, NotAuthorised
from casestore.model import Actor, Case, CaseId, Officer, OfficerId, UnitCode
from casestore.reading.text import clean, fold
from casestore.store import Tx
from casestore.tables import buttons, cases, officers, posts
from casestore.units import Units
from dialogs.texts import Texts

_WORDS = {
    "/queue": "queue", "待办": "queue", "/mine": "mine", "我的": "mine", "/case": "case", "案件": "case",
    "/new": "new", "登记": "new", "/duty": "duty", "值班": "duty", "/bind": "bind", "/start": "start",
    "/join": "start", "/invite": "invite", "/away": "away", "/pin": "pin", "/help": "help", "帮助": "help",
    "取消": "cancel", "/cancel": "cancel",
}  # fmt: skip
#: Said with a code that an invitation brings, never picked from a menu.
_NOT_IN_THE_MENU = frozenset({"start"})
#: What may stand behind 值班.
_WISHES = ("on", "签到", "off", "签退")
_SHOWN = 10
_TRIES_AN_HOUR = 10
#: What waits at the desk, and what waits at a unit.
_AT_THE_DESK = (Status.REGISTERED, Status.SUPPLEMENTING, Status.ACCEPTED, Status.DISPATCHED)
_AT_A_UNIT = (
    Status.DISPATCHED, Status.TAKEN_OVER, Status.MEDIATING, Status.MEDIATION_ENDED, Status.FILED,
)  # fmt: skip


def menu(texts: Texts) -> list[tuple[str, str]]:
    """Every command a chat's menu offers, with what it does: each once, by its first word."""
    words = {command: word for word, command in reversed(_WORDS.items()) if word.startswith("/")}
    return [
        (words[command].removeprefix("/"), texts.say(f"command.{command}"))
        for command in dict.fromkeys(_WORDS.values())
        if command not in _NOT_IN_THE_MENU
    ]


class StaffDesk:
    """The staff's reception: who speaks, what he wants, what he gets."""

    def __init__(
        self, desk: Desk, counter: Counter, cards: Cards, texts: Texts, units: Units, caller: CallerDesk
    ) -> None:
        self._desk, self._counter, self._cards, self._caller = desk, counter, cards, caller
        self._texts, self._people = texts, People(desk, counter, texts, units)

    def hear(self, tx: Tx, word: StaffWord, at: datetime) -> None:
        """One press or message from a staff chat."""
        officer = officers.by_account(tx, word.account)
        if word.press:
            if not self._people.confirmed(tx, word, at):
                self._counter.pressed(tx, officer, word, at)
            return
        command, rest = _command(word.text)
        if officer is not None and (
            self._waited_for(tx, officer, word, command, at) or self._taken_down(tx, officer, word, at)
        ):
            return
        try:
            if command == "start" and rest and not word.is_group:
                self._start(tx, word, rest, at)
            elif officer is None:
                if word.is_group or self._people.confirmed(tx, word, at):
                    return
                if allows(tx, "stranger", word.account, 1, at):
                    self._say(tx, word, self._texts.say("staff.unknown_person"), at)
            elif command:
                self._do(tx, officer, word, command, rest, at)
            elif not word.is_group:  # a mistyped command is nobody's reason
                unknown = "staff.help" if fold(word.text).startswith("/") else "staff.prompt_gone"
                self._say(tx, word, self._texts.say(unknown), at)
        except CaseError as error:
            self._say(tx, word, self._texts.refusal(error), at)

    def _start(self, tx: Tx, word: StaffWord, code: str, at: datetime) -> None:
        if allows(tx, "invitation", word.account, _TRIES_AN_HOUR, at):
            self._people.start(tx, word, code, at)
        elif allows(tx, "tried", word.account, 1, at):
            self._say(tx, word, self._texts.say("staff.too_many_tries"), at)

    def _waited_for(self, tx: Tx, officer: Officer, word: StaffWord, command: str, at: datetime) -> bool:
        """Words that a step waits for; 取消 drops it. They come before a caller's answers: he has just pressed
        the button that asks for them."""
        if word.is_group:
            return False
        if command == "cancel" and buttons.asked(tx, officer.id, at) is not None:
            self._say(tx, word, self._texts.say("staff.cancelled"), at)
            return True
        if command or fold(word.text).startswith("/"):
            return False
        return self._counter.typed(tx, officer, word, at)

    def _taken_down(self, tx: Tx, officer: Officer, word: StaffWord, at: datetime) -> bool:
        """While he takes down a caller's case, his private words are the caller's answers; commands are not."""
        if word.is_group or word.press or clean(word.text).startswith("/"):
            return False
        answer = self._caller.hear(tx, officer, word.text, at)
        if answer is None:
            return False
        self._say(tx, word, answer, at)
        return True

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
        elif command == "new" and not word.is_group:
            self._new(tx, officer, word, rest, at)
        elif command in ("duty", "bind", "invite", "away", "pin"):
            getattr(self._people, command)(tx, officer, word, rest, at)
        elif command == "start":
            self._say(tx, word, self._people.welcome(officer), at)
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
        of: dict[str, Any] = {"unit": unit, "below": officer.role is Role.UNIT_HEAD and holder is None}
        of |= {"holder": holder, "statuses": statuses, "come_back": unit is None, "besides": gone}
        waiting = cases.queue(tx, **of, most=_SHOWN)
        if holder is None and unit is None:
            waiting = _late_first(tx, waiting, gone, at)
        found = [case for case in waiting if access.may(actor, Step.VIEW, case)]
        if not found:
            self._say(tx, word, self._texts.say(f"staff.{code}_empty"), at)
            return
        total = cases.count_queue(tx, **of)
        title = f"staff.{code}_many" if total > len(found) else f"staff.{code}_title"
        lines = [self._cards.line(case, number, at) for number, case in enumerate(found, 1)]
        text = "\n".join([self._texts.say(title, total=total, count=len(found)), *lines])
        payload = {"chat": word.chat, "text": text, "open": [case.id for case in found]}
        self._desk.telling.say_to_staff(tx, word.chat, payload, None, at)

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
        self._desk.telling.show_card(tx, case.id, word.chat, at, anew=True)

    def _new(self, tx: Tx, officer: Officer, word: StaffWord, wish: str, at: datetime) -> None:
        if Step.REGISTER not in access.RIGHTS[officer.role]:
            raise NotAuthorised(step=Step.REGISTER)
        buttons.asked(tx, officer.id, at)  # what he types next is the caller's
        self._say(tx, word, self._caller.begin(tx, officer, wish, at), at)

    def _say(self, tx: Tx, word: StaffWord, text: str, at: datetime) -> None:
        self._counter.say(tx, word.chat, text, at)


def _command(text: str) -> tuple[str, str]:
    """The command a message is, and what follows it: "/case@desk_bot TS-…" is ("case", "TS-…").

    A Chinese word is a command alone or with what belongs to it; 我的 at the head of a sentence is not.
    """
    first, rest = (*clean(text).split(maxsplit=1), "", "")[:2]
    command = _WORDS.get(fold(first.partition("@")[0]), "")
    belongs = not rest or first.startswith("/") or fold(rest) in _WISHES or numbers.read_case_number(rest)
    return (command, rest) if belongs else ("", "")


def _late_first(tx: Tx, waiting: list[Case], gone: Collection[CaseId], at: datetime) -> list[Case]:
    """Before all, answers that were promised and are late (S3-4.2)."""
    promised = cases.queue(tx, due_limit="promised_answer", besides=gone, most=_SHOWN)
    late = [case for case in promised if case.due_at is not None and case.due_at <= at]
    known = {case.id for case in late}
    return [*late, *(case for case in waiting if case.id not in known)][:_SHOWN]


def _waiting_for(role: Role) -> Sequence[Status]:
    """What waits for this post; () for all that is open."""
    if role in UNIT_ROLES:
        return _AT_A_UNIT
    return () if role in SUPERVISORS else _AT_THE_DESK
