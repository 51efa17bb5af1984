"""The front desk: takes a message in once, commits, and only then lets it be acknowledged."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bots.inbound import Happening, Inbound
from bots.reception import Answer, Reception, talk_has_draft
from bots.talk import Talk
from casestore.codes import Channel
from casestore.store import Store, Tx
from casestore.tables import citizens, inbox, talks
from casestore.tables.citizens import Citizen, PushQuota
from dialogs.turn import Say

_log = structlog.get_logger("front-desk")

#: WeChat takes five 客服消息 within 48 hours of a citizen's word; Telegram has no such bound.
QUOTAS = {
    Channel.WECHAT: PushQuota(5, timedelta(hours=48)),
    Channel.TELEGRAM: PushQuota(0, timedelta(0)),
}


class Renderer(Protocol):
    """How a platform shows an answer. What does not ride in the response goes into the outbox."""

    def render(
        self, tx: Tx, citizen: Citizen, answer: Answer, inbound: Inbound, at: datetime
    ) -> tuple[Talk, bytes]:
        """What to remember (menus, pages), and the body of the response."""


@dataclass(frozen=True)
class FrontDesk:
    """The one way of every citizen's message, whichever platform brought it."""

    store: Store
    reception: Reception
    renderers: Mapping[Channel, Renderer]
    clock: Callable[[], datetime]
    #: What is said when a message could not be processed.
    trouble: str

    async def take_in(self, inbound: Inbound) -> bytes:
        """The response to acknowledge with. Raises only where the message is not on disk: then it must not
        be acknowledged, and the platform will bring it again."""
        at = self.clock()
        try:
            return await self.store.run(lambda tx: self._turn(tx, inbound, at))
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            fault = f"{type(error).__name__} {where.name}:{where.lineno}"
        _log.error("quarantined", bot=inbound.bot, key=inbound.key, fault=fault)
        return await self.store.run(lambda tx: self._set_aside(tx, inbound, fault, at))

    async def keep_aside(self, bot: str, key: str, raw: bytes, fault: str) -> None:
        """Keep what could not even be read, so that nothing is lost and nothing loops."""
        at = self.clock()
        _log.error("quarantined", bot=bot, key=key, fault=fault)

        def keep(tx: Tx) -> None:
            if inbox.claim(tx, bot, key, raw, at):
                inbox.quarantine(tx, bot, key, fault)

        await self.store.run(keep)

    def _turn(self, tx: Tx, inbound: Inbound, at: datetime) -> bytes:
        if not inbox.claim(tx, inbound.bot, inbound.key, inbound.raw, at):
            return inbox.answered(tx, inbound.bot, inbound.key) or b""
        if inbound.happening is Happening.SILENT:
            return b""  # no word of his: it opens no quota and keeps no draft alive
        citizen = citizens.meet(tx, inbound.channel, inbound.account, at, QUOTAS[inbound.channel])
        talk = Talk.from_json(talks.load(tx, citizen.id))
        renderer = self.renderers[inbound.channel]
        answer = self.reception.hear(tx, citizen, talk, inbound, at)
        after, reply = renderer.render(tx, citizen, answer, inbound, at)
        talks.save(tx, citizen.id, after.to_json(), has_draft=talk_has_draft(after), at=at)
        if reply:
            inbox.answer(tx, inbound.bot, inbound.key, reply)
        return reply

    def _set_aside(self, tx: Tx, inbound: Inbound, fault: str, at: datetime) -> bytes:
        """Keep what could not be processed, answer politely, and stop it from blocking anything."""
        if not inbox.claim(tx, inbound.bot, inbound.key, inbound.raw, at):
            return inbox.answered(tx, inbound.bot, inbound.key) or b""
        inbox.quarantine(tx, inbound.bot, inbound.key, fault)
        citizen = citizens.meet(tx, inbound.channel, inbound.account, at, QUOTAS[inbound.channel])
        talk = Talk.from_json(talks.load(tx, citizen.id))
        sorry = Answer(replace(talk, menu={}), (Say(text=self.trouble),))
        _, reply = self.renderers[inbound.channel].render(tx, citizen, sorry, inbound, at)
        if reply:
            inbox.answer(tx, inbound.bot, inbound.key, reply)
        return reply
