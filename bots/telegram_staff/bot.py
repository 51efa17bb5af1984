"""The staff's bot: python-telegram-bot as the reader of updates and the sender of cards.

Its queue, job queue and conversation handlers are not used: they are memory. A press is on disk before it
is acknowledged, and what is sent comes from the outbox.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.request import HTTPXRequest
from telegram.warnings import PTBUserWarning

from admin.showing import CopyShown, Showing, Shown, Toast
from admin.word import StaffWord
from bots.sending import Pace, Prepared, Refused, SendFailed, TryLater, Unreachable, Unsure
from casestore.codes import EvidenceKind
from casestore.store import Tx
from casestore.tables import posts
from casestore.tables.outbox import Kind, Owed
from casestore.telling import STAFF_BOT

ALLOWED_UPDATES = ["message", "callback_query"]
_TIMEOUT_S = 15.0
_POOL = 16
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Unparsable(Exception):
    """An update that is not one."""


class StaffBot:
    """One bot account and its server; a `Sender` for the relay."""

    bot = STAFF_BOT

    def __init__(self, token: str, api_base: str, showing: Showing) -> None:
        warnings.filterwarnings(
            "ignore", "Please use 'Bot.getUpdates'", PTBUserWarning
        )  # parsed, one bad one spoils all
        os.environ.setdefault("PTB_TIMEDELTA", "true")  # else the library warns at every flood
        self._request = HTTPXRequest(
            connection_pool_size=_POOL,
            read_timeout=_TIMEOUT_S,
            write_timeout=_TIMEOUT_S,
            pool_timeout=_TIMEOUT_S,
        )
        base = api_base.rstrip("/")
        self.api = Bot(token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot", request=self._request)
        self.key = f"staff:{token.partition(':')[0]}"
        self._showing = showing

    async def close(self) -> None:
        await self._request.shutdown()

    # ── in ──

    async def updates(self, offset: int, seconds: int) -> list[dict[str, Any]]:
        """As they came, so that one of an unknown shape does not hold up the others. Raises TelegramError."""
        asked = {"offset": offset, "timeout": seconds, "allowed_updates": ALLOWED_UPDATES}
        found = await self.api.do_api_request(
            "getUpdates", api_kwargs=asked, read_timeout=seconds + _TIMEOUT_S
        )
        return [update for update in found if isinstance(update, dict)] if isinstance(found, list) else []

    def read(self, raw: bytes) -> StaffWord | None:
        """None for what is no press and no text. Raises Unparsable."""
        try:
            update = Update.de_json(json.loads(raw), self.api)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise Unparsable from error
        if update.callback_query is not None:
            return _press(update)
        message = update.message
        if message is None or message.text is None or message.from_user is None:
            return None
        return StaffWord(
            account=str(message.from_user.id),
            chat=str(message.chat.id),
            is_group=message.chat.type != ChatType.PRIVATE,
            text=message.text,
        )

    # ── out ──

    def pace(self, owed: Owed) -> Pace | None:
        if owed.kind is Kind.TOAST:
            return None
        chat = str(owed.payload["chat"])
        return Pace(chat, is_group=chat.startswith("-"))

    def prepare(self, tx: Tx, owed: Owed, at: datetime) -> Prepared:
        return Prepared(owed, self._showing.prepare(tx, owed, at))

    async def send(self, prepared: Prepared) -> Callable[[Tx], None] | None:
        content = prepared.content
        try:
            if isinstance(content, Toast):
                await self.api.answer_callback_query(
                    content.press, text=content.text or None, show_alert=content.alert
                )
            elif isinstance(content, CopyShown):
                await self._send_copy(content)
            else:
                return await self._show(content)
        except ChatMigrated as moved:
            return await self._follow(content, str(moved.new_chat_id))
        except TelegramError as error:
            if isinstance(error, BadRequest) and "query is too old" in error.message.lower():
                return None
            raise failure_of(error) from None
        return None

    async def _show(self, shown: Shown) -> Callable[[Tx], None] | None:
        keyboard = InlineKeyboardMarkup(
            [
                [InlineKeyboardButton(label, callback_data=token) for label, token in row]
                for row in shown.keyboard
            ]
        )
        if shown.edits is not None and await self._edit(shown, shown.edits, keyboard):
            return None
        sent = await self.api.send_message(
            shown.chat,
            shown.text,
            reply_markup=keyboard,
            link_preview_options=_NO_PREVIEW,
            protect_content=True,
        )
        post = shown.post
        return (lambda tx: posts.sent(tx, post, sent.message_id)) if post is not None else None

    async def _follow(self, content: Any, chat: str) -> Callable[[Tx], None]:
        """A group that became a supergroup has another id: this message goes there, and so does all that follows."""
        try:
            written = await self._show(replace(content, chat=chat, edits=None))
        except TelegramError as error:
            raise failure_of(error) from None

        def move(tx: Tx) -> None:
            posts.move(tx, content.chat, chat)
            if written is not None:
                written(tx)

        return move

    async def _edit(self, shown: Shown, message: int, keyboard: InlineKeyboardMarkup) -> bool:
        """Whether the message is there and shows it now; if it is gone, the card is sent anew."""
        try:
            await self.api.edit_message_text(
                shown.text,
                chat_id=shown.chat,
                message_id=message,
                reply_markup=keyboard,
                link_preview_options=_NO_PREVIEW,
            )
        except BadRequest as error:
            said = error.message.lower()
            if "to edit not found" in said or "can't be edited" in said:
                return False
            if "not modified" not in said:
                raise
        return True

    async def _send_copy(self, copy: CopyShown) -> None:
        caption = copy.caption or None
        if copy.kind is EvidenceKind.PHOTO:
            await self.api.send_photo(copy.chat, copy.content, caption=caption, protect_content=True)
        else:
            await self.api.send_document(
                copy.chat, copy.content, filename=copy.name, caption=caption, protect_content=True
            )


def failure_of(error: TelegramError) -> SendFailed:
    """The classes of security.md 2.6. To the library BadRequest is a NetworkError too, so it comes first."""
    match error:
        case RetryAfter():
            after = error.retry_after
            return TryLater("flood", after if isinstance(after, timedelta) else timedelta(seconds=after))
        case Forbidden():
            return Unreachable("blocked")
        case BadRequest():
            return Refused(type(error).__name__)
        case InvalidToken():
            return TryLater("bad-token")
        case _ if "Too Many Requests" in error.message:
            return TryLater("flood", timedelta(seconds=30))
        case _:
            return Unsure("network")


def _press(update: Update) -> StaffWord | None:
    press = update.callback_query
    if press is None or press.message is None:
        return None
    return StaffWord(
        account=str(press.from_user.id),
        chat=str(press.message.chat.id),
        is_group=press.message.chat.type != ChatType.PRIVATE,
        press=press.data or "-",
        press_id=press.id,
    )
