"""The citizens' bot: aiogram as the typed reader of updates and the sender of messages."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    RestartingTelegram,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import AnswerCallbackQuery, EditMessageText, SendMessage, TelegramMethod
from aiogram.types import InlineKeyboardMarkup, LinkPreviewOptions, Update

from bots.inbound import Inbound
from bots.notices import notice_text
from bots.sending import Pace, Prepared, Refused, SendFailed, TryLater, Unreachable, Unsure
from bots.telegram_citizen import messages
from bots.telegram_citizen.render import Message
from casestore.codes import Channel
from casestore.model import CitizenId
from casestore.store import Tx
from casestore.tables import citizens
from casestore.tables.outbox import Kind, Owed
from dialogs.texts import Texts

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_TIMEOUT_S = 15
_MOST_BYTES = 20 * 1024 * 1024


class Unparsable(Exception):
    """An update that is not one."""


class CitizenBot:
    """One bot account, its token and its server."""

    bot = Channel.TELEGRAM.value

    def __init__(self, token: str, api_base: str, texts: Texts) -> None:
        session = AiohttpSession(api=TelegramAPIServer.from_base(api_base), timeout=_TIMEOUT_S)
        self.api = Bot(token, session=session)
        self.key = f"telegram:{self.api.id}"
        self._texts = texts

    async def close(self) -> None:
        await self.api.session.close()

    # ── in ──

    def read(self, raw: bytes) -> Inbound | None:
        """Raises Unparsable."""
        try:
            update = Update.model_validate(json.loads(raw), context={"bot": self.api})
        except (ValueError, RecursionError) as error:
            raise Unparsable from error
        return self.read_update(update, raw)

    def read_update(self, update: Update, raw: bytes) -> Inbound | None:
        return messages.read(update, self.key, raw)

    async def fetch(self, file_ref: str) -> bytes:
        """The bytes of what a citizen sent. Raises SendFailed."""
        try:
            file = await self.api.get_file(file_ref)
            if file.file_path is None or (file.file_size or 0) > _MOST_BYTES:
                raise Refused("too-large")
            content = await self.api.download_file(file.file_path, timeout=_TIMEOUT_S)
        except SendFailed:
            raise
        except TelegramBadRequest:
            raise Refused("gone") from None
        except Exception as error:
            raise TryLater(type(error).__name__) from None
        if content is None:
            raise TryLater("empty")
        return content.read()

    # ── out ──

    def pace(self, owed: Owed) -> Pace | None:
        return None if owed.kind is Kind.TOAST else Pace(owed.lane)

    def prepare(self, tx: Tx, owed: Owed, at: datetime) -> Prepared:
        if owed.kind is Kind.TOAST:
            return Prepared(owed, AnswerCallbackQuery(callback_query_id=owed.payload["press"]))
        citizen = CitizenId(owed.payload["citizen"])
        if owed.kind is Kind.NOTICE and not citizens.get(tx, citizen).reachable:
            raise Unreachable("blocked")
        if owed.kind is Kind.SAY:
            message = Message(
                owed.payload["text"], owed.payload.get("keyboard", []), owed.payload.get("edits", 0)
            )
        else:
            message = Message(notice_text(self._texts, owed), [])
        return Prepared(owed, _method(message, int(citizens.account(tx, citizen))) if message.text else None)

    async def send(self, prepared: Prepared) -> Callable[[Tx], None] | None:
        try:
            await self.api(prepared.content)
        except TelegramBadRequest as error:
            if _harmless(error.message):
                return None
            raise Refused("bad-request") from None
        except TelegramAPIError as error:
            raise failure_of(error) from None
        except ClientDecodeError:  # a proxy's page: it may have gone through
            raise Unsure("not-json") from None
        return None


def failure_of(error: TelegramAPIError) -> SendFailed:
    """What an error of the platform means for a message."""
    match error:
        case TelegramRetryAfter():
            return TryLater("flood", timedelta(seconds=error.retry_after))
        case TelegramForbiddenError():
            return Unreachable("blocked")
        case TelegramUnauthorizedError():
            return TryLater("bad-token")
        case TelegramServerError() | RestartingTelegram() | TelegramNetworkError():
            return Unsure("network")
        case _ if "Too Many Requests" in error.message:
            return TryLater("flood", timedelta(seconds=30))
        case _:
            return Refused(type(error).__name__)


def _harmless(message: str) -> bool:
    """A press answered too late, an edit that changes nothing or finds nothing."""
    return any(
        words in message for words in ("query is too old", "not modified", "message to edit not found")
    )


def _method(message: Message, chat: int) -> TelegramMethod[object]:
    keyboard = (
        InlineKeyboardMarkup.model_validate({"inline_keyboard": message.keyboard})
        if message.keyboard
        else None
    )
    if message.edits:
        return EditMessageText(  # type: ignore[return-value]
            chat_id=chat, message_id=message.edits, text=message.text, reply_markup=keyboard,
            link_preview_options=_NO_PREVIEW,
        )  # fmt: skip
    return SendMessage(  # type: ignore[return-value]
        chat_id=chat, text=message.text, reply_markup=keyboard, link_preview_options=_NO_PREVIEW
    )
