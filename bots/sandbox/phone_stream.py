"""What the page's phones hear: one stream of events a page."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Mapping

from bots.sandbox.phone_book import PhoneBook, Seat
from bots.sandbox.transcript import Entry, Kind, Transcript
from bots.sandbox.wechat_platform import WeChatPlatform

#: Entries a stream may lag behind before it is ended; the browser comes back and catches up.
BACKLOG = 2_000
#: Seconds between signs of life.
HEARTBEAT = 15.0


class PhoneStream:
    """Begins with the whole state (`reset`), or after a lost connection where it broke off; then
    `bubble`, `gone`, `toast`, `ready` and `menu` as they happen."""

    def __init__(self, book: PhoneBook, transcript: Transcript, wechat: WeChatPlatform) -> None:
        self._book = book
        self._transcript = transcript
        self._wechat = wechat
        self._chats: dict[str, Seat] = {seat.chat.key: seat for seat in book.seats().values()}
        #: Event ids of another run mean nothing here.
        self._run = secrets.token_hex(4)
        self._streams: set[asyncio.Queue[Entry | None]] = set()
        self._stopped = False
        transcript.listen(self._spread)

    def stop(self) -> None:
        """Ends all streams, and those still to come after their first words."""
        self._stopped = True
        for stream in self._streams:
            stream.put_nowait(None)

    async def follow(self, last_seen: str) -> AsyncIterator[str]:
        """The wire format of server-sent events; `last_seen` is the Last-Event-ID."""
        entries: asyncio.Queue[Entry | None] = asyncio.Queue()
        self._streams.add(entries)
        try:
            yield "retry: 1000\n\n"
            run, _, number = last_seen.partition("-")
            told = self._transcript.last
            if run == self._run and number.isdecimal():
                missed = [
                    event for entry in self._transcript.after(int(number)) for event in self._told(entry)
                ]
            else:
                missed = [self._event("reset", self._state(), told)]
            for event in missed:
                yield event
            while not self._stopped:
                try:
                    next_entry = await asyncio.wait_for(entries.get(), HEARTBEAT)
                except TimeoutError:
                    yield ": alive\n\n"
                    continue
                if next_entry is None or entries.qsize() > BACKLOG:
                    return
                if next_entry.seq > told:
                    for event in self._told(next_entry):
                        yield event
        finally:
            self._streams.discard(entries)

    def _spread(self, entry: Entry) -> None:
        if entry.chat in self._chats or entry.kind is Kind.MENU:
            for stream in self._streams:
                stream.put_nowait(entry)

    def _told(self, entry: Entry) -> list[str]:
        """The events an entry means for the page, always with the state as it is now."""
        if entry.kind is Kind.MENU:
            return [self._event("menu", {"menu": self._menu_json()}, entry.seq)]
        seat = self._chats.get(entry.chat)
        if seat is None:
            return []
        told: list[tuple[str, Mapping[str, object]]] = []
        match entry.kind:
            case Kind.MESSAGE | Kind.EDIT:
                bubble = seat.chat.find(entry.message)
                if bubble is not None:
                    told.append(("bubble", {"bubble": bubble.as_json()}))
            case Kind.DELETE:
                told.append(("gone", {"number": entry.message}))
            case Kind.TOAST:
                told.append(
                    ("toast", {"viewer": entry.who, "text": entry.text, "alert": entry.detail == "alert"})
                )
            case Kind.EVENT:
                told.append(("ready", {}))
        common = {"chat": entry.chat, "ready": seat.is_ready}
        return [self._event(name, common | dict(data), entry.seq) for name, data in told]

    def _state(self) -> Mapping[str, object]:
        return {
            "menu": self._menu_json(),
            "chats": {
                key: {"ready": seat.is_ready, "bubbles": [bubble.as_json() for bubble in seat.chat.bubbles]}
                for key, seat in self._chats.items()
            },
        }

    def _event(self, name: str, data: Mapping[str, object], seq: int) -> str:
        return f"id: {self._run}-{seq}\nevent: {name}\ndata: {json.dumps(data)}\n\n"

    def _menu_json(self) -> list[dict[str, str]]:
        """Top items; of one with items below, the first of them stands for it."""
        menu = self._wechat.menu
        if not menu:
            return [{"label": entry.label, "key": entry.key} for entry in self._book.menu]
        leaves = [(item.label, item.items[0] if item.items else item) for item in menu]
        return [{"label": label, "key": leaf.key or leaf.label} for label, leaf in leaves]
