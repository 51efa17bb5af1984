"""The account's menu under the chat."""

from __future__ import annotations

from dataclasses import dataclass

from bots.sandbox.wechat_refusal import ApiRefusal

MOST_TOP, MOST_SUB = 3, 5
LONGEST_KEY_BYTES = 128
LONGEST_URL_BYTES = 1024
#: 一级菜单 4 个汉字, 二级 7 个 are what the app shows; the interface takes these many bytes.
LONGEST_TOP_NAME, LONGEST_SUB_NAME = 16, 60


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    label: str
    #: EventKey of a `click` item.
    key: str = ""
    #: Address of a `view` item.
    url: str = ""
    items: tuple[MenuItem, ...] = ()


def read(body: object) -> tuple[MenuItem, ...]:
    """From `menu/create`."""
    buttons = body.get("button") if isinstance(body, dict) else None
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= MOST_TOP:
        raise ApiRefusal(40016)
    return tuple(_item(button, LONGEST_TOP_NAME) for button in buttons)


def leaves(menu: tuple[MenuItem, ...]) -> tuple[MenuItem, ...]:
    """The items that do something."""
    return tuple(leaf for item in menu for leaf in (item.items or (item,)))


def _item(button: object, longest_name: int) -> MenuItem:
    if not isinstance(button, dict):
        raise ApiRefusal(47001)
    label = str(button.get("name", ""))
    if not label or len(label.encode()) > longest_name:
        raise ApiRefusal(40018)
    below = button.get("sub_button")
    if isinstance(below, list) and below:
        if len(below) > MOST_SUB or longest_name == LONGEST_SUB_NAME:
            raise ApiRefusal(40016)
        return MenuItem(label=label, items=tuple(_item(item, LONGEST_SUB_NAME) for item in below))
    match button.get("type"):
        case "click":
            key = str(button.get("key", ""))
            if not 0 < len(key.encode()) <= LONGEST_KEY_BYTES:
                raise ApiRefusal(40019)
            return MenuItem(label=label, key=key)
        case "view":
            url = str(button.get("url", ""))
            if not 0 < len(url.encode()) <= LONGEST_URL_BYTES:
                raise ApiRefusal(40020)
            return MenuItem(label=label, url=url)
        case _:
            raise ApiRefusal(40017)
