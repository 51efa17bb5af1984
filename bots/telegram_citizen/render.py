"""What a turn looks like on Telegram: inline buttons with tokens, split by the platform's length."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bots.inbound import Inbound
from bots.reception import WORD_MARK, Answer
from bots.talk import Talk
from casestore.codes import Channel
from casestore.store import Tx
from casestore.tables import outbox
from casestore.tables.citizens import Citizen
from casestore.tables.outbox import Draft, Urgency
from casestore.telling import lane
from dialogs.platforms import PLATFORMS, split
from dialogs.texts import Texts
from dialogs.turn import Say

_TELEGRAM = PLATFORMS[Channel.TELEGRAM]
_SHORT_LABEL = 6
_TOAST_LIVES = timedelta(seconds=10)
_PICKED, _UNPICKED = "✅ ", "▫️ "

Keyboard = list[list[dict[str, str]]]


@dataclass(frozen=True)
class Message:
    """One message to a chat; `edits`: the message whose text it takes the place of."""

    text: str
    keyboard: Keyboard
    edits: int = 0

    def call(self, chat: str) -> tuple[str, dict[str, Any]]:
        """The Bot API's method and its parameters."""
        parameters: dict[str, Any] = {
            "chat_id": int(chat),
            "text": self.text,
            "link_preview_options": {"is_disabled": True},
        }
        if self.keyboard:
            parameters["reply_markup"] = {"inline_keyboard": self.keyboard}
        if self.edits:
            return "editMessageText", parameters | {"message_id": self.edits}
        return "sendMessage", parameters


class TelegramReply:
    """Renders an answer. With `rides`, a single message goes in the webhook's own response."""

    def __init__(self, texts: Texts, *, rides: bool) -> None:
        self._texts, self._rides = texts, rides

    def render(
        self, tx: Tx, citizen: Citizen, answer: Answer, inbound: Inbound, at: datetime
    ) -> tuple[Talk, bytes]:
        menu: dict[str, str] = {}
        messages = [message for say in answer.says for message in self._messages(say, inbound, menu)]
        self._end_press(tx, inbound, at)
        talk = replace(answer.talk, menu=menu or answer.talk.menu)
        if self._rides and len(messages) == 1:
            method, parameters = messages[0].call(inbound.account)
            return talk, json.dumps({"method": method, **parameters}, ensure_ascii=False).encode()
        for message in messages:
            payload = {"citizen": citizen.id, **vars(message)}
            owed = Draft(
                Channel.TELEGRAM, lane(Channel.TELEGRAM, citizen.id), outbox.Kind.SAY, payload, Urgency.TALK
            )
            outbox.put(tx, owed, at)
        return talk, b""

    def _messages(self, say: Say, inbound: Inbound, menu: dict[str, str]) -> Iterable[Message]:
        *before, last = split(say.text, _TELEGRAM, _TELEGRAM.most)
        for part in before:
            yield Message(part, [])
        # Picking one of several changes the question in its place, instead of asking it again below.
        in_place = say.several and bool(say.picked) and bool(inbound.press)
        yield Message(last, self._keyboard(say, menu), inbound.message if in_place else 0)

    def _keyboard(self, say: Say, menu: dict[str, str]) -> Keyboard:
        rows: Keyboard = []
        for option in say.options:
            mark = ""
            if say.several and len(option.value) and option.value not in ("done", "keep", "skip"):
                mark = _PICKED if option.value in say.picked else _UNPICKED
            button = _button(mark + option.label, option.value, menu)
            if rows and len(rows[-1]) == 1 and _fits(rows[-1][0]) and _fits(button):
                rows[-1].append(button)
            else:
                rows.append([button])
        if say.words:
            rows.append(
                [_button(self._texts.name("words", word), f"{WORD_MARK}{word}", menu) for word in say.words]
            )
        return rows

    def _end_press(self, tx: Tx, inbound: Inbound, at: datetime) -> None:
        """Stop the pressed button's spinner, soon and apart from the answer."""
        if inbound.press_id:
            payload = {"press": inbound.press_id, "text": ""}
            press = lane("press", inbound.press_id)
            toast = Draft(
                Channel.TELEGRAM, press, outbox.Kind.TOAST, payload, Urgency.TOAST, lives=_TOAST_LIVES
            )
            outbox.put(tx, toast, at)


def _button(label: str, means: str, menu: dict[str, str]) -> dict[str, str]:
    """The token is random and means something only in this talk, until the next question."""
    token = secrets.token_urlsafe(16)
    menu[token] = means
    return {"text": label, "callback_data": token}


def _fits(button: dict[str, str]) -> bool:
    return len(button["text"]) <= _SHORT_LABEL + len(_PICKED)
