"""The passive reply: one answer in the callback's own response, sealed, stored byte for byte."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bots.inbound import Inbound
from bots.notices import notice_text
from bots.reception import Answer
from bots.talk import Talk
from bots.wechat.callback import Callback
from bots.wechat.envelope import write
from bots.wechat.render import pages
from casestore.codes import Channel
from casestore.desk import Desk
from casestore.store import Tx
from casestore.tables import cases, outbox
from casestore.tables.citizens import Citizen
from casestore.telling import lane
from dialogs.numbered import text_of
from dialogs.texts import Texts

#: What acknowledges a message without answering it.
SILENCE = b"success"


class PassiveReply:
    """Renders an answer; news that waited for this word ride along."""

    def __init__(self, callback: Callback, texts: Texts, desk: Desk) -> None:
        self._callback, self._texts, self._desk = callback, texts, desk

    def render(
        self, tx: Tx, citizen: Citizen, answer: Answer, inbound: Inbound, at: datetime
    ) -> tuple[Talk, bytes]:
        if not answer.says:
            return answer.talk, SILENCE  # nothing would be shown of it: what waits goes on waiting
        news = self._waiting_news(tx, citizen, at)
        shown = pages([*news, *(text_of(say, self._texts) for say in answer.says)], self._texts)
        if not shown:
            return answer.talk, SILENCE
        talk = answer.talk
        if len(shown) > 1:
            talk = replace(talk, pages=(*shown[1:], *talk.pages))
        return talk, self._callback.seal(_reply(inbound, shown[0], at), at)

    def _waiting_news(self, tx: Tx, citizen: Citizen, at: datetime) -> list[str]:
        """What the quota kept back until now."""
        texts = []
        for owed in outbox.waiting(tx, lane(Channel.WECHAT, citizen.id)):
            if owed.expires_at is not None and owed.expires_at <= at:
                outbox.dead(tx, owed.id, "expired")
                continue
            texts.append(
                owed.payload["text"] if owed.kind is outbox.Kind.SAY else notice_text(self._texts, owed)
            )
            outbox.done(tx, owed.id, at)
            if owed.case is not None:
                self._desk.telling.refresh_cards(tx, cases.get(tx, owed.case), at)
        return [self._texts.say("notice.waiting_news"), *texts] if texts else []


def _reply(inbound: Inbound, text: str, at: datetime) -> str:
    return write(
        {
            "ToUserName": inbound.account,
            "FromUserName": inbound.addressed_to,
            "CreateTime": int(at.timestamp()),
            "MsgType": "text",
            "Content": text,
        }
    )
