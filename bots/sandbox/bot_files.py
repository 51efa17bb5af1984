"""Files on Telegram: one stored file, a file_id of its own for each bot, download addresses that expire."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from bots.sandbox.bot_refusal import bad
from bots.sandbox.clock import Clock

LARGEST_DOWNLOAD = 20 * 2**20
LARGEST_PHOTO = 10 * 2**20
ADDRESS_LASTS = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """`size` may be larger than the content held: big files are only pretended."""

    unique: str
    name: str
    mime: str
    content: bytes
    size: int
    #: Where it is downloaded, e.g. `photos/file_3.jpg`.
    path: str


class Files:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._files: dict[str, StoredFile] = {}
        self._ids: dict[tuple[int, str], StoredFile] = {}
        self._addresses: dict[tuple[int, str], tuple[StoredFile, datetime]] = {}

    def keep(self, folder: str, content: bytes, *, name: str, mime: str, size: int = 0) -> StoredFile:
        """`folder` is the server's: photos, documents, voice, videos, stickers."""
        number = len(self._files)
        suffix = name.rpartition(".")[2] if "." in name else "bin"
        unique = base64.urlsafe_b64encode(hashlib.sha256(f"file {number}".encode()).digest()[:12]).decode()
        stored = StoredFile(
            unique=unique,
            name=name,
            mime=mime,
            content=content,
            size=size or len(content),
            path=f"{folder}/file_{number}.{suffix}",
        )
        self._files[unique] = stored
        return stored

    def find(self, unique: str) -> StoredFile | None:
        return self._files.get(unique)

    def id_for(self, bot_id: int, file: StoredFile) -> str:
        """A file_id works for the bot that got it and no other."""
        digest = hashlib.sha512(f"{bot_id} {file.unique}".encode()).digest()
        file_id = "AgACAgUAAxkBAAI" + base64.urlsafe_b64encode(digest[:42]).decode()
        self._ids[bot_id, file_id] = file
        return file_id

    def by_id(self, bot_id: int, file_id: str) -> StoredFile:
        file = self._ids.get((bot_id, file_id))
        if file is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        return file

    def address(self, bot_id: int, file: StoredFile) -> str:
        """Opens the download for an hour."""
        if file.size > LARGEST_DOWNLOAD:
            raise bad("file is too big")
        self._addresses[bot_id, file.path] = (file, self._clock.now() + ADDRESS_LASTS)
        return file.path

    def download(self, bot_id: int, path: str) -> StoredFile | None:
        """None: never opened for this bot, or the hour is over."""
        file, until = self._addresses.get((bot_id, path), (None, self._clock.now()))
        return file if self._clock.now() < until else None
