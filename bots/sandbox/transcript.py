"""The platforms' own record of what happened: append-only, the oracle of every test."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Self

from bots.sandbox.clock import Clock


class Platform(StrEnum):
    TELEGRAM = "telegram"
    WECHAT = "wechat"


class Direction(StrEnum):
    """Seen from the desk."""

    IN = "in"
    OUT = "out"


class Kind(StrEnum):
    # what people see
    MESSAGE = "message"  # a bubble appeared
    EDIT = "edit"
    DELETE = "delete"
    TOAST = "toast"  # a press was answered, with or without a word
    # what people do besides talking
    PRESS = "press"
    EVENT = "event"  # followed, left, menu, joined, blocked
    MENU = "menu"  # the account's menu is another one now
    # what travels to the desk; `key` is what the desk may see twice and must do once
    UPDATE = "update"  # became deliverable
    PUSH = "push"  # a callback was sent; `detail` is which try
    ACKNOWLEDGED = "acknowledged"  # offset confirmed, 2xx, or a valid reply: counts as delivered
    GIVEN_UP = "given_up"  # tries or time used up: the desk may never have it
    # what went wrong
    REFUSED = "refused"  # an API call got an error; `detail` is method and description
    FAULT = "fault"  # a fault that was asked for struck


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line. Never changed; a later line tells of a change."""

    seq: int
    at: datetime
    platform: Platform
    #: Key of the chat; "" for what belongs to no chat.
    chat: str
    #: Who did it, as in `Bubble.who`; for toasts, who saw it.
    who: str
    direction: Direction
    kind: Kind
    text: str = ""
    #: Labels, row after row.
    buttons: tuple[tuple[str, ...], ...] = ()
    #: Number of the bubble in its chat.
    message: int = 0
    #: `bot id:update_id`, WeChat's MsgId, or openid+CreateTime+Event+EventKey.
    key: str = ""
    file: str = ""
    detail: str = ""


Listener = Callable[[Entry], None]


class Transcript:
    """Numbers entries from 1, tells listeners in the order of writing.

    With a file, an entry is on disk (fsync) before any listener hears of it.
    """

    def __init__(self, clock: Clock, file: Path | None = None) -> None:
        self._clock = clock
        self._entries: list[Entry] = []
        self._listeners: list[Listener] = []
        self._waiting: set[asyncio.Future[None]] = set()
        self._file = file.open("a", encoding="utf-8") if file is not None else None

    def __len__(self) -> int:
        return len(self._entries)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def last(self) -> int:
        """Number of the newest entry; 0 before the first."""
        return len(self._entries)

    def after(self, seq: int) -> tuple[Entry, ...]:
        """The entries behind `seq`, oldest first."""
        return tuple(self._entries[max(seq, 0) :])

    def write(
        self,
        platform: Platform,
        kind: Kind,
        direction: Direction,
        *,
        chat: str = "",
        who: str = "",
        text: str = "",
        buttons: tuple[tuple[str, ...], ...] = (),
        message: int = 0,
        key: str = "",
        file: str = "",
        detail: str = "",
    ) -> Entry:
        entry = Entry(
            seq=len(self._entries) + 1,
            at=self._clock.now(),
            platform=platform,
            chat=chat,
            who=who,
            direction=direction,
            kind=kind,
            text=text,
            buttons=buttons,
            message=message,
            key=key,
            file=file,
            detail=detail,
        )
        if self._file is not None:
            self._file.write(json.dumps(as_json(entry), ensure_ascii=False) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        self._entries.append(entry)
        for listener in tuple(self._listeners):
            listener(entry)
        for waiter in tuple(self._waiting):
            if not waiter.done():
                waiter.set_result(None)
        return entry

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Called with every new entry, inside `write`. The answer stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def grows(self, after: int, within: float) -> bool:
        """Waits until there is an entry behind `after`; False when `within` real seconds passed first."""
        if self.last > after:
            return True
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            async with asyncio.timeout(max(within, 0)):
                await waiter
        except TimeoutError:
            return False
        else:
            return True
        finally:
            self._waiting.discard(waiter)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def as_json(entry: Entry) -> dict[str, object]:
    """The entry as a line of the file and of the control API."""
    return asdict(entry) | {"at": entry.at.isoformat()}
