"""Links inside WeChat texts, among them those that answer for the person (bizmsgmenu)."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

from bots.sandbox.bubble import Button, Keyboard

_LINK = re.compile(
    r"""<a\s[^<>]*?href\s*=\s*(["'])(?P<href>[^<>]*?)\1[^<>]*>(?P<label>.*?)</a>""", re.S | re.I
)


def shown(text: str) -> tuple[str, Keyboard]:
    """The text as the app shows it, and its links as buttons, one a row."""
    buttons = tuple((_button(found["label"], unescape(found["href"])),) for found in _LINK.finditer(text))
    return _LINK.sub(lambda found: found["label"], text), buttons


def menu_button(content: str, menu_id: str) -> Button:
    """A choice that says `content` for the person; the message then carries bizmsgmenuid."""
    return Button(label=content, data=urlencode({"msgmenucontent": content, "msgmenuid": menu_id}))


def menu_choice(button: Button) -> tuple[str, str]:
    """What the person says by it, and the bizmsgmenuid."""
    query = parse_qs(button.data)
    return query.get("msgmenucontent", [button.label])[0], query.get("msgmenuid", [""])[0]


def _button(label: str, href: str) -> Button:
    address = urlsplit(href)
    if address.scheme == "weixin" and address.netloc == "bizmsgmenu":
        return Button(label=label, data=address.query)
    return Button(label=label, url=href)
