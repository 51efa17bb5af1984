"""The Bot API methods that write into chats: send…, edit…, delete…, and the answer to a press."""

from __future__ import annotations

from datetime import timedelta
from typing import Unpack

from bots.sandbox import bot_keyboard
from bots.sandbox.bot_account import Bot
from bots.sandbox.bot_call import Call, Upload
from bots.sandbox.bot_files import LARGEST_PHOTO, StoredFile
from bots.sandbox.bot_refusal import Refusal, bad
from bots.sandbox.bot_text import LONGEST_CAPTION, LONGEST_TEXT, Entity, formatted, units
from bots.sandbox.bot_world import World
from bots.sandbox.bubble import Content, Toast
from bots.sandbox.telegram_chat import ChatType, TelegramChat
from bots.sandbox.telegram_message import Message, Parts

LONGEST_TOAST = 200
PRESS_WAITS = timedelta(seconds=15)
DELETABLE_FOR = timedelta(hours=48)

_UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"RIFF")
_FOLDERS = {
    Content.PHOTO: "photos",
    Content.DOCUMENT: "documents",
    Content.VOICE: "voice",
    Content.VIDEO: "videos",
}


def send_message(world: World, bot: Bot, call: Call) -> object:
    text, entities = _text(call, "text", LONGEST_TEXT)
    if not text:
        raise bad("message text is empty")
    return _post(world, bot, call, Content.TEXT, text=text, entities=entities)


def send_photo(world: World, bot: Bot, call: Call) -> object:
    return _send_file(world, bot, call, Content.PHOTO)


def send_document(world: World, bot: Bot, call: Call) -> object:
    return _send_file(world, bot, call, Content.DOCUMENT)


def send_voice(world: World, bot: Bot, call: Call) -> object:
    return _send_file(world, bot, call, Content.VOICE, duration=call.whole("duration"))


def send_video(world: World, bot: Bot, call: Call) -> object:
    facts = {"duration": call.whole("duration"), "width": 640, "height": 480}
    return _send_file(world, bot, call, Content.VIDEO, **facts)


def send_location(world: World, bot: Bot, call: Call) -> object:
    try:
        latitude, longitude = float(call.text("latitude")), float(call.text("longitude"))
    except ValueError as broken:
        raise bad("location is invalid") from broken
    facts = {"latitude": latitude, "longitude": longitude}
    return _post(world, bot, call, Content.LOCATION, facts=facts)


def edit_message_text(world: World, bot: Bot, call: Call) -> object:
    chat, message = _own(world, bot, call, "edit")
    if message.content is not Content.TEXT:
        raise bad("there is no text in the message to edit")
    text, entities = _text(call, "text", LONGEST_TEXT)
    if not text:
        raise bad("message text is empty")
    keyboard = bot_keyboard.inline(call.parsed("reply_markup"))
    if (text, entities, keyboard) == (message.text, message.entities, message.keyboard):
        raise bad(_UNCHANGED)
    changed = world.change(chat, message, text=text, entities=entities, keyboard=keyboard)
    return chat.message_json(changed, bot.id, world.files)


def edit_message_reply_markup(world: World, bot: Bot, call: Call) -> object:
    chat, message = _own(world, bot, call, "edit")
    keyboard = bot_keyboard.inline(call.parsed("reply_markup"))
    if keyboard == message.keyboard:
        raise bad(_UNCHANGED)
    changed = world.change(chat, message, keyboard=keyboard)
    return chat.message_json(changed, bot.id, world.files)


def edit_message_caption(world: World, bot: Bot, call: Call) -> object:
    chat, message = _own(world, bot, call, "edit")
    if message.file is None:
        raise bad("there is no caption in the message to edit")
    text, entities = _text(call, "caption", LONGEST_CAPTION)
    keyboard = bot_keyboard.inline(call.parsed("reply_markup"))
    if (text, keyboard) == (message.text, message.keyboard):
        raise bad(_UNCHANGED)
    changed = world.change(chat, message, text=text, entities=entities, keyboard=keyboard)
    return chat.message_json(changed, bot.id, world.files)


def delete_message(world: World, bot: Bot, call: Call) -> object:
    """A bot deletes its own messages, in a private chat also the person's, for 48 hours."""
    chat = _writable(world, bot, call)
    message = chat.messages.get(call.whole("message_id"))
    if message is None:
        raise bad("message to delete not found")
    foreign = message.sender.id != bot.id and chat.type is not ChatType.PRIVATE
    if foreign or world.clock.now() - message.at > DELETABLE_FOR:
        raise bad("message can't be deleted")
    chat.drop(message.number)
    return True


def answer_callback_query(world: World, bot: Bot, call: Call) -> object:
    press = world.presses.get(call.text("callback_query_id"))
    if press is None or press.bot is not bot or press.answered or world.clock.now() - press.at > PRESS_WAITS:
        raise bad(_TOO_OLD)
    text = call.text("text")
    if units(text) > LONGEST_TOAST:
        raise bad("MESSAGE_TOO_LONG")
    press.answered = True
    alert = call.yes("show_alert")
    press.chat.view.toast(Toast(at=world.clock.now(), viewer=str(press.by.id), text=text, alert=alert))
    return True


def send_chat_action(world: World, bot: Bot, call: Call) -> object:
    """Checked, not shown."""
    _writable(world, bot, call)
    if not call.text("action"):
        raise bad("wrong parameter action in request")
    return True


def _writable(world: World, bot: Bot, call: Call) -> TelegramChat:
    chat = world.chat_of(bot, call.text("chat_id"))
    if chat.blocked:
        raise Refusal(403, "Forbidden: bot was blocked by the user")
    return chat


def _own(world: World, bot: Bot, call: Call, verb: str) -> tuple[TelegramChat, Message]:
    chat = _writable(world, bot, call)
    message = chat.messages.get(call.whole("message_id"))
    if message is None:
        raise bad(f"message to {verb} not found")
    if message.sender.id != bot.id:
        raise bad("message can't be edited")
    return chat, message


def _text(call: Call, name: str, longest: int) -> tuple[str, tuple[Entity, ...]]:
    text, entities = formatted(call.text(name), call.text("parse_mode"))
    if units(text) > longest:
        raise bad("message is too long" if name == "text" else "message caption is too long")
    return text, entities


def _post(world: World, bot: Bot, call: Call, content: Content, **given: Unpack[Parts]) -> object:
    chat = _writable(world, bot, call)
    parts: Parts = {
        "keyboard": bot_keyboard.inline(call.parsed("reply_markup")),
        "reply_to": _answered(chat, call),
        "protected": call.yes("protect_content"),
        **given,
    }
    return chat.message_json(world.post(chat, bot.account, content, **parts), bot.id, world.files)


def _answered(chat: TelegramChat, call: Call) -> int:
    """The message a new one replies to, in the new or the old way of asking."""
    wanted = call.parsed("reply_parameters")
    number, lenient = call.whole("reply_to_message_id"), call.yes("allow_sending_without_reply")
    if isinstance(wanted, dict):
        number = int(wanted.get("message_id") or 0)
        lenient = bool(wanted.get("allow_sending_without_reply"))
    if number and number not in chat.messages:
        if not lenient:
            raise bad("message to be replied not found")
        return 0
    return number


def _send_file(world: World, bot: Bot, call: Call, content: Content, **facts: object) -> object:
    _writable(world, bot, call)
    text, entities = _text(call, "caption", LONGEST_CAPTION)
    file = _stored(world, bot, call, content)
    return _post(world, bot, call, content, text=text, entities=entities, file=file, facts=facts)


def _stored(world: World, bot: Bot, call: Call, content: Content) -> StoredFile:
    """From an upload, or a file_id this bot knows. Addresses are refused: the sandbox fetches nothing."""
    given = call.upload(content.value)
    if isinstance(given, Upload):
        if not given.content:
            raise bad("file must be non-empty")
        if content is Content.PHOTO:
            if len(given.content) > LARGEST_PHOTO:
                raise bad("too big photo")
            if not given.content.startswith(_PICTURES):
                raise bad("IMAGE_PROCESS_FAILED")
        return world.files.keep(_FOLDERS[content], given.content, name=given.name, mime=given.mime)
    if not given:
        raise bad(f"there is no {content.value} in the request")
    if given.startswith(("http://", "https://")):
        raise bad("failed to get HTTP URL content")
    return world.files.by_id(bot.id, given)
