"""Temporary media (临时素材): three days, then the media_id is dead."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bots.sandbox.clock import Clock
from bots.sandbox.wechat_refusal import ApiRefusal

LASTS = timedelta(days=3)

#: Largest size in bytes and the code for more.
LIMITS: Mapping[str, tuple[int, int]] = {
    "image": (10 * 2**20, 40009),
    "voice": (2 * 2**20, 40010),
    "video": (10 * 2**20, 40011),
    "thumb": (64 * 2**10, 40009),
}


@dataclass(frozen=True, kw_only=True)
class Media:
    id: str
    #: image, voice, video, thumb.
    kind: str
    name: str
    mime: str
    content: bytes
    at: datetime


class MediaStore:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._media: dict[str, Media] = {}

    def keep(self, kind: str, content: bytes, *, name: str, mime: str) -> Media:
        """From a person, without a limit: the app has shrunk it already."""
        media = Media(
            id=secrets.token_urlsafe(48),
            kind=kind,
            name=name,
            mime=mime,
            content=content,
            at=self._clock.now(),
        )
        self._media[media.id] = media
        return media

    def upload(self, kind: str, content: bytes, *, name: str, mime: str) -> Media:
        """From the desk."""
        if kind not in LIMITS:
            raise ApiRefusal(40004)
        most, code = LIMITS[kind]
        if not content:
            raise ApiRefusal(41005)
        if len(content) > most:
            raise ApiRefusal(code)
        return self.keep(kind, content, name=name, mime=mime)

    def fetch(self, media_id: str) -> Media:
        """For the desk: 40007 when unknown or too old."""
        if not self.is_alive(media_id):
            raise ApiRefusal(40007)
        return self._media[media_id]

    def is_alive(self, media_id: str) -> bool:
        media = self._media.get(media_id)
        return media is not None and self._clock.now() - media.at < LASTS

    def find(self, media_id: str) -> Media | None:
        """For the chat on the person's phone, which keeps what it has shown."""
        return self._media.get(media_id)
