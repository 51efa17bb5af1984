"""Which people and chats the page with the phones shows, and what it says around them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bots.sandbox.bot_account import Bot
from bots.sandbox.chat import Chat
from bots.sandbox.telegram_chat import ChatType, TelegramChat
from bots.sandbox.telegram_user import TelegramUser
from bots.sandbox.wechat_user import WeChatUser

Person = TelegramUser | WeChatUser


def identity(person: Person) -> str:
    """As in `Bubble.who`."""
    return person.openid if isinstance(person, WeChatUser) else str(person.account.id)


def name_of(person: Person) -> str:
    return person.name if isinstance(person, WeChatUser) else person.account.first_name


class Look(StrEnum):
    """The four phones, from left to right; also their `data-phone`."""

    WECHAT = "wechat"
    TELEGRAM = "telegram"
    STAFF = "staff"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A chip under the input; pressing it fills the input."""

    text: str
    #: When the text is too long for a chip.
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, kw_only=True)
class MenuEntry:
    """Of the WeChat account, shown until the desk makes its own menu through the interface."""

    label: str
    key: str


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A chat on a phone and who may act in it; a tab where the phone has several."""

    #: On the tab: the person's name, or the group's.
    title: str
    #: The first acts until another is chosen. One, except in a group.
    people: tuple[Person, ...]
    #: The bot or group; None on WeChat.
    place: Bot | TelegramChat | None = None

    @property
    def chat(self) -> Chat:
        person = self.people[0]
        if isinstance(person, WeChatUser):
            return person.chat
        if self.place is None:
            raise ValueError(f"seat {self.title!r} names no bot or group")
        return person.chat(self.place).view

    @property
    def is_group(self) -> bool:
        return isinstance(self.place, TelegramChat) and self.place.type is not ChatType.PRIVATE

    @property
    def is_ready(self) -> bool:
        """Followed, or started: the person can talk. Before, the phone offers just that."""
        person = self.people[0]
        if isinstance(person, WeChatUser):
            return person.follows
        if self.place is None:
            return False
        chat = person.chat(self.place)
        return self.is_group or (chat.opened and not chat.blocked)


@dataclass(frozen=True, kw_only=True)
class Handset:
    look: Look
    #: Over the phone, e.g. 微信 · 消费者.
    title: str
    #: One line of what this phone is for.
    caption: str
    seats: tuple[Seat, ...]
    suggestions: tuple[Suggestion, ...] = ()
    #: In a chat without messages, under the name.
    welcome: str = "还没有消息"
    placeholder: str = "输入消息"


@dataclass(frozen=True, kw_only=True)
class PhoneBook:
    title: str
    sentence: str
    #: One handset of each look, in their order.
    handsets: tuple[Handset, Handset, Handset, Handset]
    links: tuple[Link, ...] = ()
    #: 怎么玩, four steps.
    steps: tuple[str, ...] = ()
    #: At most three.
    menu: tuple[MenuEntry, ...] = (
        MenuEntry(label="我要投诉", key="MENU_COMPLAIN"),
        MenuEntry(label="查进度", key="MENU_PROGRESS"),
        MenuEntry(label="帮助", key="MENU_HELP"),
    )
    footnote: str = "模拟平台，只在本机运行；所有人名、商家和案件均为虚构。"

    def seats(self) -> dict[str, Seat]:
        """By the page's name for them: `wechat-0`, `staff-2`."""
        return {
            f"{handset.look}-{number}": seat
            for handset in self.handsets
            for number, seat in enumerate(handset.seats)
        }
