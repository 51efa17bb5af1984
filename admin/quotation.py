"""What a citizen wrote, shown so that nobody takes a line of it for a line of the desk's."""

from __future__ import annotations

from casestore.codes import Channel
from casestore.model import CaseNumber, Particulars
from dialogs.platforms import PLATFORMS, split
from dialogs.texts import Texts

#: Stands before every quoted line.
MARK = "｜"
_TELEGRAM = PLATFORMS[Channel.TELEGRAM]
_FIELDS = ("name", "phone", "postal_address", "merchant", "merchant_address", "goods")


def quoted(words: str) -> str:
    """Each line behind the mark; "" stays ""."""
    return "\n".join(MARK + line for line in words.splitlines())


def one_line(words: str) -> str:
    return " ".join(words.split())


def whole_text(texts: Texts, number: CaseNumber, told: Particulars) -> str:
    """The sealed part of a case: each field on one line of its own, the story as a quotation."""
    fields = {name: one_line(getattr(told, name)) for name in _FIELDS}
    story = quoted(told.story)
    lines = [texts.say("staff.reveal", number=number, **fields, story=f"\n{story}" if story else "").rstrip()]
    lines += [f"{label}：{one_line(answer)}" for label, answer in told.others.items()]
    return "\n".join(lines)


def parts(text: str) -> list[str]:
    """`text` in messages. What was cut within a quoted line goes on behind the mark."""
    first, *others = split(text, _TELEGRAM, _TELEGRAM.most - _TELEGRAM.size(MARK))
    return [first, *(part if part.startswith(MARK) else MARK + part for part in others)]
