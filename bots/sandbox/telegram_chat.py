"""A Telegram chat: a person with a bot, or a group with people and bots."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bots.sandbox.bot_files import Files
from bots.sandbox.chat import Chat
from bots.sandbox.telegram_account import Account
from bots.sandbox.telegram_message import Message


class ChatType(StrEnum):
    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"


@dataclass(kw_only=True, eq=False)
class TelegramChat:
    """Private: its id is the person's, the same with every bot; `bots` then holds one."""

    id: int
    type: ChatType
    title: str
    view: Chat
    members: dict[int, Account] = field(default_factory=dict)
    bots: dict[int, Account] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    #: Private: the person has written or pressed START; before, the bot cannot reach him.
    opened: bool = False
    #: Private: the person has blocked the bot.
    blocked: bool = False
    #: Group: the new id after it became a supergroup; 0 before.
    migrated_to: int = 0

    def as_json(self) -> dict[str, object]:
        body: dict[str, object] = {"id": self.id, "type": self.type.value}
        if self.type is not ChatType.PRIVATE:
            return body | {"title": self.title}
        person = next(iter(self.members.values()))
        body["first_name"] = person.first_name
        return body | {"username": person.username} if person.username else body

    def message_json(self, message: Message, bot_id: int, files: Files) -> dict[str, object]:
        """As `bot_id` reads it: with its own file_ids, and the answered message one level deep."""
        body = self._lone_json(message, bot_id, files)
        answered = self.messages.get(message.reply_to)
        if answered is not None:
            body["reply_to_message"] = self._lone_json(answered, bot_id, files)
        return body

    def keep(self, message: Message) -> None:
        """New or changed, in the store and on the screen."""
        self.messages[message.number] = message
        self.view.show(message.bubble(bot=message.sender.is_bot))

    def drop(self, number: int) -> None:
        del self.messages[number]
        self.view.remove(number)

    def _lone_json(self, message: Message, bot_id: int, files: Files) -> dict[str, object]:
        return message.body(lambda file: files.id_for(bot_id, file)) | {"chat": self.as_json()}
