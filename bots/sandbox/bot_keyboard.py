"""Reply markup: inline keyboards, checked as the real server checks them."""

from __future__ import annotations

from bots.sandbox.bot_refusal import bad
from bots.sandbox.bubble import Button, Keyboard

LONGEST_DATA_BYTES = 64
MOST_BUTTONS = 100


def inline(markup: object) -> Keyboard:
    """The inline keyboard of a reply_markup; empty for none and for the other kinds of markup."""
    if markup is None or markup == "":
        return ()
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" of the InlineKeyboardMarkup should be an Array of Arrays')
    keyboard = tuple(tuple(_button(button) for button in row) for row in rows if row)
    if sum(map(len, keyboard)) > MOST_BUTTONS:
        raise bad("reply markup is too long")
    return keyboard


def as_json(keyboard: Keyboard) -> dict[str, object]:
    return {
        "inline_keyboard": [
            [
                {"text": button.label}
                | ({"url": button.url} if button.url else {"callback_data": button.data})
                for button in row
            ]
            for row in keyboard
        ]
    }


def _button(button: object) -> Button:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: expected an Object")
    label, data, url = button.get("text"), button.get("callback_data"), button.get("url")
    if not isinstance(label, str):
        raise bad("can't parse inline keyboard button: can't find field \"text\"")
    if not label.strip():
        raise bad("inline keyboard button text is empty")
    if isinstance(url, str) and url:
        if not url.startswith(("http://", "https://", "tg://")):
            raise bad("BUTTON_URL_INVALID")
        return Button(label=label, url=url)
    if not isinstance(data, str):
        raise bad("text buttons are unallowed in the inline keyboard")
    if not 0 < len(data.encode()) <= LONGEST_DATA_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    return Button(label=label, data=data)
