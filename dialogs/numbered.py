"""A turn as plain text with numbered choices: for platforms without buttons, and for callers."""

from __future__ import annotations

from dialogs.texts import Texts
from dialogs.turn import Say


def text_of(say: Say, texts: Texts) -> str:
    """A say as text: options by number; ways round a typed question by their words."""
    if not say.options:
        return say.text
    if say.typed:
        words = [f"「{option.label}」" for option in say.options]
        if all(word in say.text for word in words):
            return say.text
        return f"{say.text}\n{texts.say('wechat.or', words=''.join(words))}"
    lines = [f"{number}. {option.label}" for number, option in enumerate(say.options, 1)]
    if say.several:
        lines.append(texts.say("wechat.several"))
    return "\n".join([say.text, *lines])
