"""*.talk: a talk as people write it down, played on every channel alike.

# 一件投诉，从第一句话到受理
> 我要投诉                    the citizen says
> [已阅读，继续]              he presses (on WeChat: answers with its number or its words)
> (照片)                      he sends a photo; (语音), (位置), (表情) likewise
< 请问您要办理哪一项          what he sees contains this
王敏> [受理]                  a colleague presses, by name; 值班群> in the group
王敏< 已受理                  a colleague sees
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from casestore.errors import StoreError

_LINE = re.compile(r"(?P<who>[^<>\s]*)(?P<way>[<>])\s?(?P<rest>.*)")


class Act(StrEnum):
    SAY = "say"
    PRESS = "press"
    SEND = "send"
    SEE = "see"


@dataclass(frozen=True)
class Line:
    """`who` is "" for the citizen. `number` is the line in the file."""

    number: int
    who: str
    act: Act
    text: str

    def __str__(self) -> str:
        shown = {Act.PRESS: f"[{self.text}]", Act.SEND: f"({self.text})"}.get(self.act, self.text)
        return f"{self.who}{'<' if self.act is Act.SEE else '>'} {shown}".rstrip()


def parse(text: str, file: str = "") -> list[Line]:
    """Raises StoreError naming the first line that is none of these."""
    return list(_lines(text, file))


def _lines(text: str, file: str) -> Iterator[Line]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.rstrip())
        if match is None:
            raise StoreError(f"{file}:{number}: 每行应以 > 或 < 开头，例如「> 我要投诉」「< 请问」")
        rest = match["rest"]
        if match["way"] == "<":
            act = Act.SEE
        elif rest.startswith("[") and rest.endswith("]"):
            act, rest = Act.PRESS, rest[1:-1]
        elif rest.startswith("(") and rest.endswith(")"):
            act, rest = Act.SEND, rest[1:-1]
        else:
            act = Act.SAY
        yield Line(number, match["who"], act, rest)
