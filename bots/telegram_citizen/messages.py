"""From a Telegram update to an `Inbound`. Only private chats are the citizens'."""

from __future__ import annotations

from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update

from bots.inbound import Happening, Inbound, Media
from casestore.codes import Channel, EvidenceKind

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]


def read(update: Update, bot: str, raw: bytes) -> Inbound | None:
    """None for what is not a citizen's: groups, channels, kinds the desk does not ask for."""
    if update.message is not None:
        return _message(update.message, _known(update, bot, raw, update.message.chat.id))
    if update.callback_query is not None:
        return _press(update.callback_query, update, bot, raw)
    if update.edited_message is not None:
        known = _known(update, bot, raw, update.edited_message.chat.id)
        return _with(known, happening=Happening.EDITED) if _is_private(update.edited_message) else None
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member, update, bot, raw)
    return None


def _known(update: Update, bot: str, raw: bytes, chat: int) -> Inbound:
    return Inbound(channel=Channel.TELEGRAM, bot=bot, key=str(update.update_id), account=str(chat), raw=raw)


def _message(message: Message, known: Inbound) -> Inbound | None:
    if not _is_private(message):
        return None
    known = _with(known, forwarded=message.forward_origin is not None)
    media = _media(message)
    if media is not None:
        return _with(known, media=media)
    if message.text is not None:
        return _with(known, text=message.text)
    if message.sticker is not None or message.dice is not None:
        return _with(known, happening=Happening.STICKER)
    if message.contact is not None:
        return _with(known, text=message.contact.phone_number)
    return _with(known, happening=Happening.UNKNOWN)


def _media(message: Message) -> Media | None:
    caption = message.caption or ""
    if message.photo:
        best = message.photo[-1]
        return Media(kind=EvidenceKind.PHOTO, file_ref=best.file_id, words=caption, size=best.file_size or 0)
    files = (
        (EvidenceKind.VIDEO, message.animation or message.video or message.video_note),
        (EvidenceKind.VOICE, message.voice or message.audio),
        (EvidenceKind.DOCUMENT, message.document),
    )
    for kind, file in files:
        if file is not None:
            name = getattr(file, "file_name", None) or ""
            return Media(
                kind=kind, file_ref=file.file_id, file_name=name, words=caption, size=file.file_size or 0
            )
    if message.location is not None:
        title = f"{message.venue.title} {message.venue.address}" if message.venue else ""
        place = message.location
        return Media(
            kind=EvidenceKind.LOCATION, words=f"位置：{title}（{place.latitude}, {place.longitude}）"
        )
    return None


def _press(press: CallbackQuery, update: Update, bot: str, raw: bytes) -> Inbound | None:
    # An old message comes as inaccessible: its chat and number are there all the same.
    if press.message is None or press.message.chat.type != ChatType.PRIVATE:
        return None
    known = _known(update, bot, raw, press.message.chat.id)
    return _with(known, press=press.data or "-", press_id=press.id, message=press.message.message_id)


def _membership(change: ChatMemberUpdated, update: Update, bot: str, raw: bytes) -> Inbound | None:
    if change.chat.type != ChatType.PRIVATE:
        return None
    blocked = change.new_chat_member.status == ChatMemberStatus.KICKED
    happening = Happening.UNFOLLOWED if blocked else Happening.SILENT
    return _with(_known(update, bot, raw, change.chat.id), happening=happening)


def _is_private(message: Message) -> bool:
    return message.chat.type == ChatType.PRIVATE


def _with(known: Inbound, **changes: object) -> Inbound:
    return Inbound(**{**vars(known), **changes})
