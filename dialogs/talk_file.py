"""*.talk: a talk as people write it down, played on every channel alike.

# 一件投诉，从第一句话到受理
> 我要投诉                    the citizen says
> [已阅读，继续]              he presses (on WeChat: answers with its number or its words)
> (照片)                      he sends a photo; (语音), (位置), (表情) likewise
< 请问您要办理哪一项          what he sees contains this
王敏> [受理]                  a colleague presses, by name; 值班群> in the group
王敏> 周四九点\\n一楼调解室     … \\n stands for a new line in what is said
王敏< 已受理                  a colleague sees
@ 2026-11-27 22:30            the clock of the desk and the platforms shows this time in China
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from casestore.errors import StoreError
from casestore.workdays import CHINA

_TIME_MARK, _TIME = "@", "%Y-%m-%d %H:%M"
_LINE = re.compile(r"(?P<who>[^<>\s]*)(?P<way>[<>])\s?(?P<rest>.*)")


class Act(StrEnum):
    SAY = "say"
    PRESS = "press"
    SEND = "send"
    SEE = "see"
    CLOCK = "clock"


@dataclass(frozen=True)
class Line:
    """`who` is "" for the citizen. `number` is the line in the file."""

    number: int
    who: str
    act: Act
    text: str

    @property
    def moment(self) -> datetime:
        """What the clock shows, of a `CLOCK` line."""
        return datetime.strptime(self.text, _TIME).replace(tzinfo=CHINA)

    def __str__(self) -> str:
        if self.act is Act.CLOCK:
            return f"{_TIME_MARK} {self.text}"
        text = self.text.replace("\n", "\\n")
        shown = {Act.PRESS: f"[{text}]", Act.SEND: f"({text})"}.get(self.act, text)
        return f"{self.who}{'<' if self.act is Act.SEE else '>'} {shown}".rstrip()


def parse(text: str, file: str = "") -> list[Line]:
    """Raises StoreError naming the first line that is none of these."""
    return list(_lines(text, file))


def _lines(text: str, file: str) -> Iterator[Line]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(_TIME_MARK):
            yield _clock(line, number, file)
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
        yield Line(number, match["who"], act, rest.replace("\\n", "\n"))


def _clock(line: str, number: int, file: str) -> Line:
    text = line.removeprefix(_TIME_MARK).strip()
    try:
        datetime.strptime(text, _TIME).replace(tzinfo=CHINA)
    except ValueError:
        raise StoreError(f"{file}:{number}: 时间应写成「@ 2026-11-27 22:30」") from None
    return Line(number, "", Act.CLOCK, text)
