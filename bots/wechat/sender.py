"""Notices on WeChat: 客服消息 while the quota lasts, then a template message, then the citizen's next word."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bots.notices import notice_text
from bots.sending import AwaitsWord, Pace, Prepared, Refused, SendFailed, TryLater, Unreachable, Unsure
from bots.talk import Talk
from bots.wechat.client import ApiFailed, Client
from bots.wechat.render import pages
from casestore.codes import Channel
from casestore.model import CitizenId
from casestore.store import Tx
from casestore.tables import citizens, talks
from casestore.tables.citizens import Citizen
from casestore.tables.outbox import Kind, Owed
from dialogs.texts import Texts

_OVER_QUOTA = frozenset({45015, 45047})
_UNREACHABLE = frozenset({43004, 40003})
_BUSY = frozenset({-1, 45009, 45011})
_BUSY_WAIT = timedelta(minutes=1)


@dataclass(frozen=True)
class _Text:
    """Ready to go; `template`: by a template message, 客服消息 being used up."""

    openid: str
    citizen: CitizenId
    text: str
    template: str = ""


class WeChatSender:
    bot = Channel.WECHAT.value

    def __init__(self, client: Client, texts: Texts, threads: ThreadPoolExecutor, template: str = "") -> None:
        self._client, self._texts, self._threads, self._template = client, texts, threads, template

    def pace(self, owed: Owed) -> Pace | None:
        return Pace(owed.lane)

    def prepare(self, tx: Tx, owed: Owed, at: datetime) -> Prepared:
        citizen = citizens.get(tx, CitizenId(owed.payload["citizen"]))
        if not citizen.reachable:
            raise Unreachable("unfollowed")
        text = owed.payload["text"] if owed.kind is Kind.SAY else notice_text(self._texts, owed)
        if not text:
            return Prepared(owed, None)
        template = ""
        if citizens.use_push(tx, citizen, at):
            text = self._first_page(tx, citizen, text)
        elif self._template and owed.kind is Kind.NOTICE:
            template = self._template
        else:
            raise AwaitsWord("quota")
        return Prepared(owed, _Text(citizens.account(tx, citizen.id), citizen.id, text, template))

    def _first_page(self, tx: Tx, citizen: Citizen, text: str) -> str:
        """What one message takes; the rest comes with 继续."""
        first, *rest = pages([text], self._texts)
        if rest:
            talk = replace(Talk.from_json(talks.load(tx, citizen.id)), pages=tuple(rest))
            talks.keep_pages(tx, citizen.id, talk.to_json(), citizen.last_word_at)
        return first

    async def send(self, prepared: Prepared) -> Callable[[Tx], None] | None:
        message: _Text = prepared.content
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._threads, self._call, message, prepared.owed)
        except ApiFailed as failed:
            raise _failure(failed) from None
        return None

    def _call(self, message: _Text, owed: Owed) -> None:
        if message.template:
            values = {
                "thing1": message.text[:20],
                "character_string2": str(owed.payload["facts"]["number"]),
            }
            self._client.send_template(message.openid, message.template, values, f"{owed.id}")
        else:
            self._client.send_text(message.openid, message.text)


def _failure(failed: ApiFailed) -> SendFailed:
    code = failed.code
    if code is None:
        return Unsure("no-answer") if failed.unsure else TryLater("no-answer")
    if code in _OVER_QUOTA:
        return AwaitsWord("quota")
    if code in _UNREACHABLE:
        return Unreachable("unfollowed")
    if code in _BUSY:
        return TryLater(f"errcode-{code}", _BUSY_WAIT)
    if code in (40001, 40014, 42001):
        return TryLater(f"errcode-{code}")
    return Refused(f"errcode-{code}")
