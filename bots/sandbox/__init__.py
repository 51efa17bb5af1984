"""Simulated WeChat and Telegram that speak the real protocols on loopback: for the demo page, the
end-to-end tests and the torture harness. Nothing of the desk is imported here.

The page with the phones is `phones` and `phone_book`, which need Jinja2 and are not loaded from here.
"""

from bots.sandbox.bot_account import Bot
from bots.sandbox.bot_flood import FloodLimit
from bots.sandbox.bot_webhook import Pace
from bots.sandbox.bubble import Bubble, Button, Content, Toast
from bots.sandbox.faults import Fault, FaultKind, Faults
from bots.sandbox.people import NoSuchButton, NotSeen, Phone, TelegramPhone, WeChatPhone
from bots.sandbox.sandbox import Sandbox
from bots.sandbox.server import serve
from bots.sandbox.telegram_chat import TelegramChat
from bots.sandbox.telegram_user import TelegramUser
from bots.sandbox.transcript import Direction, Entry, Kind, Platform, Transcript
from bots.sandbox.wechat_account import WeChatAccount
from bots.sandbox.wechat_push import Patience
from bots.sandbox.wechat_user import WeChatUser

__all__ = [
    "Bot",
    "Bubble",
    "Button",
    "Content",
    "Direction",
    "Entry",
    "Fault",
    "FaultKind",
    "Faults",
    "FloodLimit",
    "Kind",
    "NoSuchButton",
    "NotSeen",
    "Pace",
    "Patience",
    "Phone",
    "Platform",
    "Sandbox",
    "TelegramChat",
    "TelegramPhone",
    "TelegramUser",
    "Toast",
    "Transcript",
    "WeChatAccount",
    "WeChatPhone",
    "WeChatUser",
    "serve",
]
