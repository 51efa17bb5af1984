"""Which Bot API methods there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bots.sandbox import bot_messages
from bots.sandbox.bot_account import Bot
from bots.sandbox.bot_call import Call
from bots.sandbox.bot_refusal import bad
from bots.sandbox.bot_world import World
from bots.sandbox.telegram_chat import ChatType

Method = Callable[[World, Bot, Call], object]


def get_me(_: World, bot: Bot, __: Call) -> object:
    return bot.as_json()


def get_chat(world: World, bot: Bot, call: Call) -> object:
    chat = world.chat_of(bot, call.text("chat_id"))
    gifts = dict.fromkeys(
        (
            "unlimited_gifts",
            "limited_gifts",
            "unique_gifts",
            "premium_subscription",
            "gifts_from_channels",
        ),
        False,
    )
    return chat.as_json() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


def get_chat_member(world: World, bot: Bot, call: Call) -> object:
    """Bots and people of the chat are members, everybody else known has left."""
    chat = world.chat_of(bot, call.text("chat_id"))
    number = call.whole("user_id")
    account = chat.members.get(number) or chat.bots.get(number) or world.people.get(number)
    if account is None:
        raise bad("user not found")
    inside = number in chat.members or number in chat.bots
    return {"user": account.as_json(), "status": "member" if inside else "left"}


def leave_chat(world: World, bot: Bot, call: Call) -> object:
    chat = world.chat_of(bot, call.text("chat_id"))
    if chat.type is ChatType.PRIVATE:
        raise bad("chat member status can't be changed in private chats")
    world.kick(chat, bot, bot.account)
    return True


def get_file(world: World, bot: Bot, call: Call) -> object:
    file_id = call.text("file_id")
    if not file_id:
        raise bad("file_id not specified")
    file = world.files.by_id(bot.id, file_id)
    path = world.files.address(bot.id, file)
    return {"file_id": file_id, "file_unique_id": file.unique, "file_size": file.size, "file_path": path}


def set_my_commands(_: World, bot: Bot, call: Call) -> object:
    commands = call.parsed("commands")
    if not isinstance(commands, list):
        raise bad("can't parse BotCommand: expected an Array")
    bot.told["commands"] = commands
    return True


def get_my_commands(_: World, bot: Bot, __: Call) -> object:
    return bot.told.get("commands", [])


def delete_my_commands(_: World, bot: Bot, __: Call) -> object:
    bot.told.pop("commands", None)
    return True


def tell(_: World, bot: Bot, call: Call) -> object:
    """setMyName, setMyDescription …: kept, shown nowhere."""
    bot.told[call.method.lower()] = dict(call.fields)
    return True


#: By lower-case name: the real server does not mind capitals. Long polls and webhooks are in `bot_api`.
METHODS: Mapping[str, Method] = {
    "getme": get_me,
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "leavechat": leave_chat,
    "getfile": get_file,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setmyname": tell,
    "setmydescription": tell,
    "setmyshortdescription": tell,
    "setchatmenubutton": tell,
    "sendmessage": bot_messages.send_message,
    "sendphoto": bot_messages.send_photo,
    "senddocument": bot_messages.send_document,
    "sendvoice": bot_messages.send_voice,
    "sendvideo": bot_messages.send_video,
    "sendlocation": bot_messages.send_location,
    "sendchataction": bot_messages.send_chat_action,
    "editmessagetext": bot_messages.edit_message_text,
    "editmessagecaption": bot_messages.edit_message_caption,
    "editmessagereplymarkup": bot_messages.edit_message_reply_markup,
    "deletemessage": bot_messages.delete_message,
    "answercallbackquery": bot_messages.answer_callback_query,
}

#: Those that count against the sending limits.
SENDING = frozenset(name for name in METHODS if name.startswith("send") and name != "sendchataction")
