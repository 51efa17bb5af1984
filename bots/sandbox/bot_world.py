"""Everything the simulated Telegram knows: bots, people, chats, files, presses; and what happens to them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Unpack

from bots.sandbox.bot_account import Bot
from bots.sandbox.bot_files import Files
from bots.sandbox.bot_refusal import Refusal, bad
from bots.sandbox.bot_updates import MESSAGE_LASTS, PRESS_LASTS, Updates
from bots.sandbox.bubble import Button, Content
from bots.sandbox.chat import Chat
from bots.sandbox.clock import Clock
from bots.sandbox.telegram_account import Account
from bots.sandbox.telegram_chat import ChatType, TelegramChat
from bots.sandbox.telegram_message import Message, Parts
from bots.sandbox.transcript import Direction, Kind, Platform, Transcript


@dataclass(kw_only=True, eq=False)
class Press:
    """A pressed inline button that waits for answerCallbackQuery."""

    id: str
    bot: Bot
    chat: TelegramChat
    by: Account
    at: datetime
    #: Key of the update that told the bot of it.
    update: str = ""
    answered: bool = False


class World:
    """Actions are complete when they return: shown in the chat, queued for the bots that may know."""

    def __init__(self, clock: Clock, transcript: Transcript, seed: int = 0) -> None:
        self.clock = clock
        self.transcript = transcript
        self.files = Files(clock)
        self.bots: dict[str, Bot] = {}
        self.people: dict[int, Account] = {}
        self.presses: dict[str, Press] = {}
        self._private: dict[tuple[int, int], TelegramChat] = {}
        self._groups: dict[int, TelegramChat] = {}
        self._chance = random.Random(seed)  # noqa: S311 numbers that look real, not secrets

    # bots, people, chats

    def add_bot(self, token: str, username: str, name: str, *, reads_groups: bool) -> Bot:
        """The number before the token's colon is the bot's id, as on Telegram."""
        number = int(token.partition(":")[0])
        updates = Updates(number, self._chance.randint(10**8, 9 * 10**8), self.clock, self.transcript)
        account = Account(id=number, first_name=name, username=username, is_bot=True)
        bot = Bot(account=account, token=token, updates=updates, reads_groups=reads_groups)
        self.bots[token] = bot
        return bot

    def add_person(self, first_name: str, username: str, number: int) -> Account:
        """`number` 0 takes the next free id; ids above 2³² are as common as on Telegram."""
        number = number or 5_000_000_001 + len(self.people)
        self.people[number] = Account(id=number, first_name=first_name, username=username)
        return self.people[number]

    def add_group(self, title: str) -> TelegramChat:
        number = -(4_000_000_001 + len(self._groups))
        group = TelegramChat(id=number, type=ChatType.GROUP, title=title, view=self._view(f"{number}", title))
        self._groups[number] = group
        return group

    def private(self, bot: Bot, person: Account) -> TelegramChat:
        """Made on first look, but closed to the bot until the person's first word."""
        chat = self._private.get((bot.id, person.id))
        if chat is None:
            view = self._view(f"{bot.account.username}:{person.id}", bot.account.first_name)
            chat = TelegramChat(
                id=person.id,
                type=ChatType.PRIVATE,
                title=person.first_name,
                view=view,
                members={person.id: person},
                bots={bot.id: bot.account},
            )
            self._private[bot.id, person.id] = chat
        return chat

    def chat_of(self, bot: Bot, chat_id: str) -> TelegramChat:
        """The chat a bot may write to, or the refusal the real server gives."""
        if not chat_id:
            raise bad("chat_id is empty")
        number = int(chat_id) if chat_id.lstrip("-").isdecimal() else 0
        group = self._groups.get(number)
        if group is not None:
            if group.migrated_to:
                raise Refusal(
                    400,
                    "Bad Request: group chat was upgraded to a supergroup chat",
                    migrate_to_chat_id=group.migrated_to,
                )
            if bot.id not in group.bots:
                raise Refusal(403, f"Forbidden: bot was kicked from the {group.type.value} chat")
            return group
        chat = self._private.get((bot.id, number))
        if chat is None or not chat.opened:
            raise bad("chat not found")
        return chat

    def chats(self) -> tuple[TelegramChat, ...]:
        return (*self._private.values(), *self._groups.values())

    # what happens in chats

    def post(
        self,
        chat: TelegramChat,
        sender: Account,
        content: Content,
        **parts: Unpack[Parts],
    ) -> Message:
        """A new message. From a person it goes to the bots of the chat."""
        made = Message(
            number=chat.view.number(),
            sender=sender,
            at=self.clock.now(),
            content=content,
            **parts,
        )
        chat.keep(made)
        if not sender.is_bot:
            chat.opened = True
            self.tell(chat, "message", made)
        return made

    def change(self, chat: TelegramChat, message: Message, **parts: Unpack[Parts]) -> Message:
        """An edited message; a person's goes to the bots again."""
        changed = replace(message, edited_at=self.clock.now(), **parts)
        chat.keep(changed)
        if not message.sender.is_bot:
            self.tell(chat, "edited_message", changed)
        return changed

    def tell(self, chat: TelegramChat, kind: str, message: Message) -> tuple[str, ...]:
        """Updates for the chat's bots that may see the message; their keys."""
        keys = []
        for bot in self._bots_of(chat):
            if chat.type is ChatType.PRIVATE or bot.reads_groups or _concerns(bot.account, chat, message):
                body = chat.message_json(message, bot.id, self.files)
                keys.append(
                    bot.updates.put(
                        kind,
                        body,
                        lane=f"chat {chat.id}",
                        chat=chat.view.key,
                        message=message.number,
                        lasts=MESSAGE_LASTS,
                    )
                )
        return tuple(keys)

    def press(
        self, chat: TelegramChat, message: Message, button: Button, by: Account, *, inaccessible: bool
    ) -> Press:
        """`inaccessible`: the bot is told of the message by number and date 0 only, as of very old ones."""
        bot = next(bot for bot in self._bots_of(chat) if bot.id == message.sender.id)
        press = Press(
            id=str(self._chance.randint(10**17, 10**18)), bot=bot, chat=chat, by=by, at=self.clock.now()
        )
        self.presses[press.id] = press
        self._note(chat, by, Kind.PRESS, button.label, message.number)
        shown = chat.message_json(message, bot.id, self.files)
        if inaccessible:
            shown = {"chat": shown["chat"], "message_id": message.number, "date": 0}
        body = {
            "id": press.id,
            "from": by.as_json(),
            "message": shown,
            "chat_instance": str(chat.id),
            "data": button.data,
        }
        press.update = bot.updates.put(
            "callback_query",
            body,
            lane=f"press {by.id}",
            chat=chat.view.key,
            message=message.number,
            lasts=PRESS_LASTS,
        )
        return press

    def join(self, group: TelegramChat, *newcomers: Account, by: Account) -> None:
        """People or bots enter a group; its bots hear of every entry, a bot also of its own."""
        for newcomer in newcomers:
            if newcomer.is_bot:
                group.bots[newcomer.id] = newcomer
                self._standing(group, newcomer.id, by, "left", "member")
            else:
                group.members[newcomer.id] = newcomer
        facts = {"new_chat_members": [newcomer.as_json() for newcomer in newcomers]}
        names = "、".join(newcomer.first_name for newcomer in newcomers)
        self.post(group, by, Content.NOTICE, facts=facts, text=f"{names} 加入了群组")

    def kick(self, group: TelegramChat, bot: Bot, by: Account) -> None:
        self._standing(group, bot.id, by, "member", "kicked")
        del group.bots[bot.id]

    def block(self, chat: TelegramChat, by: Account, *, blocked: bool) -> None:
        """The person blocks the bot of a private chat, or lets it in again."""
        chat.blocked = blocked
        was, now = ("member", "kicked") if blocked else ("kicked", "member")
        self._note(chat, by, Kind.EVENT, "blocked the bot" if blocked else "unblocked the bot")
        self._standing(chat, next(iter(chat.bots)), by, was, now)

    def upgrade(self, group: TelegramChat, by: Account) -> TelegramChat:
        """The group becomes a supergroup with another id; the old id refuses from now on."""
        number = -(1_001_000_000_001 + len(self._groups))
        grown = TelegramChat(
            id=number,
            type=ChatType.SUPERGROUP,
            title=group.title,
            view=self._view(f"{number}", group.title),
            members=group.members,
            bots=group.bots,
        )
        self._groups[number] = grown
        self.post(group, by, Content.NOTICE, facts={"migrate_to_chat_id": number}, text="已升级为超级群组")
        group.migrated_to = number
        self.post(
            grown, by, Content.NOTICE, facts={"migrate_from_chat_id": group.id}, text="已升级为超级群组"
        )
        return grown

    def _standing(self, chat: TelegramChat, bot_id: int, by: Account, was: str, now: str) -> None:
        """my_chat_member."""
        bot = next(bot for bot in self._bots_of(chat) if bot.id == bot_id)

        def member(status: str) -> Mapping[str, object]:
            body: dict[str, object] = {"user": bot.account.as_json(), "status": status}
            return body | {"until_date": 0} if status == "kicked" else body

        body = {
            "chat": chat.as_json(),
            "from": by.as_json(),
            "date": self.clock.seconds(),
            "old_chat_member": member(was),
            "new_chat_member": member(now),
        }
        lane = f"member {chat.id}"
        bot.updates.put("my_chat_member", body, lane=lane, chat=chat.view.key, message=0, lasts=MESSAGE_LASTS)

    def _bots_of(self, chat: TelegramChat) -> list[Bot]:
        return [bot for bot in self.bots.values() if bot.id in chat.bots]

    def _view(self, key: str, title: str) -> Chat:
        return Chat(f"telegram:{key}", title, Platform.TELEGRAM, self.transcript)

    def _note(self, chat: TelegramChat, who: Account, kind: Kind, text: str, message: int = 0) -> None:
        self.transcript.write(
            Platform.TELEGRAM,
            kind,
            Direction.IN,
            chat=chat.view.key,
            who=str(who.id),
            text=text,
            message=message,
        )


def _concerns(bot: Account, chat: TelegramChat, message: Message) -> bool:
    """What a bot in privacy mode sees of a group: commands, mentions, answers to it, service messages."""
    answered = chat.messages.get(message.reply_to)
    if message.content is Content.NOTICE or (answered is not None and answered.sender.id == bot.id):
        return True
    named = f"@{bot.username}".lower()
    command = any(entity["type"] == "bot_command" and entity["offset"] == 0 for entity in message.entities)
    addressed = message.text.split(maxsplit=1)[0].lower().partition("@")[2] if message.text else ""
    return named in message.text.lower() or (command and addressed in ("", bot.username.lower()))
