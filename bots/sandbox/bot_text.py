"""Texts as the Bot API counts and marks them: UTF-16 units, commands, simple HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html.parser import HTMLParser

from bots.sandbox.bot_refusal import bad

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024

Entity = Mapping[str, object]

_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\u2028-\u202e\ufeff]")
_MARKED = re.compile(
    r"(?<!\S)/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?!\w)|(?<!\w)@[A-Za-z0-9_]{3,32}(?!\w)"
)
_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "blockquote": "blockquote", "tg-spoiler": "spoiler", "a": "text_link",
}  # fmt: skip


def units(text: str) -> int:
    """Length in UTF-16 code units, as all limits and offsets count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cleaned(text: str) -> str:
    """Without control characters and outer white space, as the server keeps it."""
    return _INVISIBLE.sub("", text.replace("\r", "")).strip()


def marks(text: str) -> tuple[Entity, ...]:
    """The entities the server finds by itself: commands and mentions."""
    return tuple(
        {
            "type": "bot_command" if found[0].startswith("/") else "mention",
            "offset": units(text[: found.start()]),
            "length": units(found[0]),
        }
        for found in _MARKED.finditer(text)
    )


def pieces(text: str) -> list[str]:
    """A person's long text as the app sends it: several messages within the limit."""
    rest, parts = text, []
    while units(rest) > LONGEST_TEXT:
        cut = LONGEST_TEXT
        while units(rest[:cut]) > LONGEST_TEXT:
            cut -= 1
        parts.append(rest[:cut])
        rest = rest[cut:]
    return [*parts, rest]


def formatted(text: str, parse_mode: str) -> tuple[str, tuple[Entity, ...]]:
    """The text behind its marks. Markdown is not simulated and refused."""
    if not parse_mode:
        plain = cleaned(text)
        return plain, marks(plain)
    if parse_mode.lower() != "html":
        raise bad("unsupported parse_mode (the sandbox knows HTML only)")
    reader = _Reader()
    reader.feed(text)
    reader.close()
    if reader.open:
        raise bad(
            f"can't parse entities: Can't find end tag corresponding to start tag \"{reader.open[-1][0]}\""
        )
    plain = "".join(reader.parts)
    return cleaned(plain), tuple(reader.entities) or marks(plain)


class _Reader(HTMLParser):
    """Offsets count from the untrimmed start; a text with marks should not begin with white space."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.open: list[tuple[str, int, str]] = []
        self.entities: list[Entity] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise bad(
                f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {self.getpos()[1]}'
            )
        self.open.append((tag, units("".join(self.parts)), dict(attrs).get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            raise bad(f"can't parse entities: Unexpected end tag at byte offset {self.getpos()[1]}")
        _, start, href = self.open.pop()
        entity = {"type": _TAGS[tag], "offset": start, "length": units("".join(self.parts)) - start}
        self.entities.append(entity | {"url": href} if href else entity)

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
