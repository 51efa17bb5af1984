"""What a turn looks like on WeChat: numbered choices in text, paged by bytes."""

from __future__ import annotations

from collections.abc import Sequence

from casestore.codes import Channel
from dialogs.platforms import PLATFORMS, split
from dialogs.texts import Texts
from dialogs.turn import Say

_WECHAT = PLATFORMS[Channel.WECHAT]


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


def pages(says: Sequence[str], texts: Texts) -> list[str]:
    """Everything said in one turn, in as many replies as it takes; each but the last asks for 继续."""
    text = "\n\n".join(filter(None, says))
    if not text:
        return []
    if _WECHAT.size(text) <= _WECHAT.most:
        return [text]
    paged = texts.say("paged")
    parts = split(text, _WECHAT, _WECHAT.most - _WECHAT.size(paged))
    return [*(part + paged for part in parts[:-1]), parts[-1]]
