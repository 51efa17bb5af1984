"""What each platform can show: the limits by which trees and texts are linted and messages split."""

from __future__ import annotations

from dataclasses import dataclass

from casestore.codes import Channel


@dataclass(frozen=True)
class Platform:
    """`most` counts UTF-8 bytes on WeChat and UTF-16 units on Telegram, as the platforms do."""

    name: str
    most: int
    counts_bytes: bool
    most_options: int

    def size(self, text: str) -> int:
        return len(text.encode("utf-8" if self.counts_bytes else "utf-16-le")) // (
            1 if self.counts_bytes else 2
        )


PLATFORMS = {
    Channel.WECHAT: Platform("微信", 2000, True, 20),
    Channel.TELEGRAM: Platform("Telegram", 4096, False, 100),
}

#: A button's label beyond this is cut on small screens.
MOST_LABEL = 20


def split(text: str, platform: Platform, room: int) -> list[str]:
    """`text` in parts of at most `room`, cut at line ends, else at sentence ends, else between characters."""
    parts: list[str] = []
    while platform.size(text) > room:
        cut = _longest(text, platform, room)
        for mark in ("\n", "。", "；", "，", " "):
            place = text.rfind(mark, cut // 2, cut)
            if place > 0:
                cut = place + 1
                break
        if part := text[:cut].rstrip():  # no platform takes an empty message
            parts.append(part)
        text = text[cut:].lstrip("\n")
    return [*parts, text] if text or not parts else parts


def _longest(text: str, platform: Platform, room: int) -> int:
    """How many characters of `text` fit into `room`, at least one."""
    low, high = 1, min(len(text), room)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if platform.size(text[:middle]) <= room else (low, middle - 1)
    return low
