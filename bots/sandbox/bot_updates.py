"""The updates a bot has not yet confirmed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bots.sandbox.bot_refusal import Refusal
from bots.sandbox.clock import Clock
from bots.sandbox.transcript import Direction, Kind, Platform, Transcript

#: Kept as long as the real server keeps them.
MESSAGE_LASTS = timedelta(hours=24)
PRESS_LASTS = timedelta(seconds=150)
#: After a silent week the real server goes on from some other number.
NUMBERS_LAST = timedelta(days=7)

#: Delivered only to a bot that names them in allowed_updates.
BY_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, kw_only=True)
class Update:
    number: int
    #: `message`, `edited_message`, `callback_query`, `my_chat_member`.
    kind: str
    body: Mapping[str, object]
    #: Updates of one lane reach a webhook one after the other; lanes run in parallel.
    lane: str
    #: Key of the chat and number of the bubble it tells of.
    chat: str
    message: int
    expires_at: datetime

    def as_json(self) -> dict[str, object]:
        return {"update_id": self.number, self.kind: dict(self.body)}


class Updates:
    """In the order they came. An update leaves when it is confirmed, answered 2xx, or too old."""

    def __init__(self, bot_id: int, first: int, clock: Clock, transcript: Transcript) -> None:
        self._bot_id = bot_id
        self._next = first
        self._clock = clock
        self._transcript = transcript
        self._waiting: dict[int, Update] = {}
        self._lanes: dict[str, dict[int, Update]] = {}
        self._allowed: frozenset[str] = frozenset()
        self._poll: asyncio.Future[None] | None = None
        self._last_at = clock.now()
        #: Called with each new update; the webhook's pusher sets it.
        self.on_new: Callable[[Update], None] | None = None

    def __len__(self) -> int:
        return len(self.pending())

    @property
    def allowed(self) -> tuple[str, ...]:
        """As last asked for; empty: the default."""
        return tuple(sorted(self._allowed))

    def allow(self, kinds: object) -> None:
        """Sticky, and only for updates to come. An empty list restores the default."""
        if isinstance(kinds, list):
            self._allowed = frozenset(str(kind) for kind in kinds)

    def key(self, update: Update) -> str:
        """How the transcript names it."""
        return f"{self._bot_id}:{update.number}"

    def put(
        self, kind: str, body: Mapping[str, object], *, lane: str, chat: str, message: int, lasts: timedelta
    ) -> str:
        """The update's key; "" when the bot did not ask for this kind."""
        if kind not in self._allowed if self._allowed else kind in BY_REQUEST:
            return ""
        now = self._clock.now()
        if now - self._last_at > NUMBERS_LAST:
            self._next = (self._next * 7919 + 104_729) % 900_000_000 + 1
        self._last_at = now
        update = Update(
            number=self._next,
            kind=kind,
            body=body,
            lane=lane,
            chat=chat,
            message=message,
            expires_at=now + lasts,
        )
        self._next += 1
        self._waiting[update.number] = update
        self._lanes.setdefault(lane, {})[update.number] = update
        self._write(Kind.UPDATE, update, kind)
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        if self.on_new is not None:
            self.on_new(update)
        return self.key(update)

    def pending(self) -> tuple[Update, ...]:
        """What is still to be delivered; too old ones are dropped on the way."""
        now = self._clock.now()
        for update in [update for update in self._waiting.values() if update.expires_at <= now]:
            self.give_up(update, "too old")
        return tuple(self._waiting.values())

    def head(self, lane: str) -> Update | None:
        """The oldest of its lane that may still be delivered."""
        now = self._clock.now()
        for update in tuple(self._lanes.get(lane, {}).values()):
            if update.expires_at > now:
                return update
            self.give_up(update, "too old")
        return None

    def take(self, update: Update) -> None:
        """The desk has it."""
        if self._leave(update):
            self._write(Kind.ACKNOWLEDGED, update)

    def give_up(self, update: Update, why: str) -> None:
        if self._leave(update):
            self._write(Kind.GIVEN_UP, update, why)

    def drop_all(self) -> None:
        """drop_pending_updates."""
        for update in tuple(self._waiting.values()):
            self.give_up(update, "dropped by the bot")

    async def poll(self, offset: int, limit: int, wait: float) -> tuple[Update, ...]:
        """getUpdates: a positive offset confirms all before it, a negative one keeps only the last so many.

        A poll that must wait ends the one that waits already, which gets the 409.
        """
        if offset < 0:
            for update in self.pending()[:offset]:
                self.take(update)
        for update in self.pending():
            if update.number < offset:
                self.take(update)
        ready = self.pending()[:limit]
        if ready or wait <= 0:
            return ready
        self.end_poll(
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(wait):
                await poll
        except TimeoutError:
            pass
        finally:
            if self._poll is poll:
                self._poll = None
        return self.pending()[:limit]

    def end_poll(self, why: str = "") -> None:
        """The waiting poll fails with 409, or without a reason just ends."""
        if self._poll is None or self._poll.done():
            return
        if why:
            self._poll.set_exception(Refusal(409, why))
        else:
            self._poll.set_result(None)

    def _leave(self, update: Update) -> bool:
        if self._waiting.pop(update.number, None) is None:
            return False
        lane = self._lanes[update.lane]
        del lane[update.number]
        if not lane:
            del self._lanes[update.lane]
        return True

    def _write(self, kind: Kind, update: Update, detail: str = "") -> None:
        self._transcript.write(
            Platform.TELEGRAM,
            kind,
            Direction.IN,
            chat=update.chat,
            message=update.message,
            key=self.key(update),
            detail=detail,
        )
