"""The staff's chat platform for tests: it keeps what each chat shows, as a real one would."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from admin.caller import CallerDesk
from admin.card import Cards
from admin.commands import StaffDesk
from admin.counter import Counter, Policy
from admin.menus import Menus
from admin.showing import CopyShown, Keyboard, Showing, Shown, Toast
from admin.word import StaffWord
from bots.notices import notice_text
from casestore.codes import Channel, Kind, Role
from casestore.desk import Desk
from casestore.house_rules import HouseRules
from casestore.model import Actor, Case, Event, Officer, Particulars, UnitCode
from casestore.roster import Roster
from casestore.store import Tx
from casestore.tables import cases, events, officers, outbox, posts
from casestore.tables.evidence import Copies
from casestore.tables.schema import metadata
from casestore.telling import STAFF_BOT
from casestore.workdays import WorkingCalendar
from dialogs import answers_file, reply_file, tree_file
from dialogs.engine import Engine
from dialogs.texts import Texts
from dialogs.turn import Filed
from tests.office import DUTY_GROUP, Office, an_intake

STRANGER = "9999"
ANSWERS = answers_file.load()
REPLIES = reply_file.load()
TEXTS = Texts.load({"office": "某县市场监督管理局", "hotline": "0773-6212315"})
#: What a refusal may leave behind: the answer to the press, and the card shown as it is.
TRACES = {outbox.Kind.TOAST, outbox.Kind.CARD}


@dataclass(frozen=True)
class Message:
    """What stands in a chat."""

    number: int
    chat: str
    text: str
    keyboard: Keyboard = ()

    @property
    def labels(self) -> list[str]:
        return [label for row in self.keyboard for label, _ in row]

    def token(self, label: str) -> str:
        return next(token for row in self.keyboard for name, token in row if name == label)


class CallersBook:
    """Registers what an officer took down; the receipt is the number."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def for_caller(self, tx: Tx, officer: Officer, channel: Channel, filed: Filed, at: datetime) -> str:
        told: dict[str, Any] = {
            name: str(filed.values.get(name) or "") for name in ("name", "phone", "merchant", "story")
        }
        intake = an_intake(None, kind=Kind(filed.what), channel=channel, particulars=Particulars(**told))
        registered = self._office.desk.register(tx, replace(intake, registered_by=officer.id), at)
        return f"{registered.case.number} {registered.query_code}"


class StaffRoom:
    """Everybody's staff chats. A press is always answered; a missing answer is a KeyError here."""

    def __init__(self, office: Office, folder: Path, *, pii: bool = False) -> None:
        self.office, self.texts, self.folder = office, TEXTS, folder
        self.copies = Copies(folder / "evidence", office.sealer)
        cards, menus = Cards(TEXTS, office.units, WorkingCalendar()), Menus(TEXTS, office.units, ANSWERS)
        self.showing = Showing(cards, menus, TEXTS, self.copies, pii_over_telegram=pii)
        counter = Counter(office.desk, TEXTS, Policy(pii_over_telegram=pii), REPLIES)
        caller = CallerDesk(Engine(tree_file.load(), TEXTS), CallersBook(office))
        self.staff = StaffDesk(office.desk, counter, cards, TEXTS, office.units, caller)
        self.messages: dict[int, Message] = {}
        self.toasts: dict[str, Toast] = {}
        self.files: list[CopyShown] = []
        #: All that was ever shown in a chat, what was edited away since too.
        self.history: list[Shown] = []
        self._presses = 0

    # ── what people do ──

    def press(self, who: Officer, case: Case, label: str, chat: str = "") -> str:
        """Press a button of the case's card, in the own chat if no other is named; the answer."""
        chat = chat or self.chat_of(who)
        return self.redeem(who, self.card(case, chat).token(label), chat)

    def redeem(self, who: Officer | str, token: str, chat: str = "") -> str:
        """Press with a token, wherever it came from; the answer."""
        press = self.hand_in(who, token, chat)
        self.deliver()
        return self.toasts[press].text

    def hand_in(self, who: Officer | str, token: str, chat: str = "") -> str:
        """Press, and nothing is delivered yet; the press's id."""
        account = who if isinstance(who, str) else self.chat_of(who)
        self._presses += 1
        press = f"press-{self._presses}"
        chat = chat or account
        word = StaffWord(
            account=account, chat=chat, is_group=chat.startswith("-"), press=token, press_id=press
        )
        self._hear(word)
        return press

    def write(self, who: Officer | str, text: str, chat: str = "") -> list[Message]:
        """Say something; what new messages stand in that chat then."""
        account = who if isinstance(who, str) else self.chat_of(who)
        chat = chat or account
        self.deliver()
        before = set(self.messages)
        self._hear(StaffWord(account=account, chat=chat, is_group=chat.startswith("-"), text=text))
        self.deliver()
        return [one for number, one in self.messages.items() if number not in before and one.chat == chat]

    def says(self, who: Officer | str, text: str, chat: str = "") -> str:
        """As `write`, for what is answered in one message."""
        (answer,) = self.write(who, text, chat)
        return answer.text

    def confirm(self, who: Officer, case: Case, words: str) -> str:
        """Type what a final act asks for, read the notice it makes, and confirm it; the last answer."""
        self.write(who, words)
        return self.press(who, case, "确认")

    # ── what is there ──

    def chat_of(self, officer: Officer) -> str:
        return self.office.do(lambda tx: officers.account(tx, officer.id)) or ""

    def card(self, case: Case, chat: str = DUTY_GROUP) -> Message:
        """The case's card as it stands in a chat now."""
        self.deliver()
        post = self.office.do(lambda tx: posts.at(tx, case.id, chat))
        assert post is not None, f"no card of {case.number} in {chat}"
        assert post.message is not None
        return self.messages[post.message]

    def card_of(self, case: Case, who: Officer) -> Message:
        return self.card(case, self.chat_of(who))

    def go(self, who: Officer, case: Case, *labels: str) -> str:
        """Press one after another; a step behind 更多 is found there. The last answer."""
        answer = ""
        for label in labels:
            shown = self.card_of(case, who).labels
            if label not in shown and "更多" in shown:
                self.press(who, case, "更多")
            answer = self.press(who, case, label)
        return answer

    def asked(self, who: Officer) -> str:
        """The newest message in his private chat."""
        self.deliver()
        return [one for one in self.messages.values() if one.chat == self.chat_of(who)][-1].text

    def last_event(self, case: Case) -> Event:
        return self.office.do(lambda tx: events.of_case(tx, case.id))[-1]

    def open(self, case: Case, who: Officer) -> Message:
        """Have the card in the officer's private chat."""
        self.write(who, f"/case {case.number}")
        return self.card_of(case, who)

    def has_card(self, case: Case, who: Officer) -> bool:
        chat = self.chat_of(who)
        return self.office.do(lambda tx: posts.at(tx, case.id, chat)) is not None

    def recuse(self, case: Case, who: Officer) -> None:
        office = self.office
        office.do(lambda tx: office.desk.recuse(tx, case.id, Actor(officer=who), office.now))

    def now(self, case: Case) -> Case:
        return self.office.do(lambda tx: cases.get(tx, case.id))

    def told(self, case: Case) -> list[str]:
        """The sentences the citizen is owed, in order."""
        statement = select(metadata.tables["outbox"]).order_by(metadata.tables["outbox"].c.id)

        def read(tx: Tx) -> list[str]:
            owed = [outbox._from_row(tx, row) for row in tx.execute(statement)]
            notices = [one for one in owed if one.case == case.id and one.kind is outbox.Kind.NOTICE]
            return [notice_text(TEXTS, one) for one in notices]

        return [sentence for sentence in self.office.do(read) if sentence]

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that is in the database, without the traces that a refusal may leave."""

        def read(tx: Tx) -> dict[str, list[tuple[Any, ...]]]:
            found = {}
            for table in metadata.sorted_tables:
                rows = tx.execute(select(table)).all()
                if table.name == "outbox":
                    rows = [row for row in rows if row.kind not in TRACES]
                found[table.name] = sorted((tuple(row) for row in rows), key=repr)
            return found

        return self.office.do(read)

    # ── the platform ──

    def deliver(self) -> None:
        """Everything owed to staff goes out, in order."""
        while self.office.do(self._round):
            pass

    def _round(self, tx: Tx) -> int:
        heads = outbox.heads(tx, STAFF_BOT, self.office.now, 50)
        for owed in heads:
            content = self.showing.prepare(tx, owed, self.office.now)
            outbox.sending(tx, owed.id)
            outbox.done(tx, owed.id, self.office.now)
            if isinstance(content, Toast):
                self.toasts[content.press] = content
            elif isinstance(content, CopyShown):
                self.files.append(content)
            elif content is not None:
                self._show(tx, content)
        return len(heads)

    def _show(self, tx: Tx, shown: Shown) -> None:
        self.history.append(shown)
        if shown.edits is not None:
            old = self.messages[shown.edits]
            self.messages[shown.edits] = replace(old, text=shown.text, keyboard=shown.keyboard)
            return
        number = len(self.messages) + 1
        self.messages[number] = Message(number, shown.chat, shown.text, shown.keyboard)
        if shown.post is not None:
            posts.sent(tx, shown.post, number)

    def _hear(self, word: StaffWord) -> None:
        self.office.do(lambda tx: self.staff.hear(tx, word, self.office.now))


def a_person(office: Office, name: str, role: Role, account: str, unit: UnitCode | None = None) -> Officer:
    return office.do(lambda tx: officers.add(tx, name, role, unit, account))


def under(office: Office, rules: HouseRules | None = None, roster: Roster | None = None) -> None:
    """The office lives by these rules of its own, and by this roster, from now on."""
    office.desk = Desk(WorkingCalendar(), office.units, rules=rules, roster=roster)


def is_said(code: str, text: str) -> bool:
    """Whether `text` is the sentence of this code, whatever stands in its placeholders."""
    plain = re.split(r"\{\w+\}", TEXTS._sentences[code])
    return re.fullmatch(".+".join(map(re.escape, plain)), text) is not None
