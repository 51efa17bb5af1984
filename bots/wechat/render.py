"""What a turn looks like on WeChat: numbered choices in text, paged by bytes."""

from __future__ import annotations

from collections.abc import Sequence

from casestore.codes import Channel
from dialogs.platforms import PLATFORMS, split
from dialogs.texts import Texts

_WECHAT = PLATFORMS[Channel.WECHAT]


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
