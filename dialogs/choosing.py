"""选择: which option a person means by what he wrote, on every platform alike."""

from __future__ import annotations

import re
from collections.abc import Sequence

from casestore.reading import numerals
from casestore.reading.text import fold
from dialogs.tree import Option

_CIRCLED = {chr(0x2460 + n): str(n + 1) for n in range(20)}
_ORDINAL = re.compile(
    r"(?:我?选择?|第|回复|按)?([0-9]{1,2}|[一二三四五六七八九十]{1,3})(?:个|项|号|、|\.|。|,|\))?"
)
_JOINTS = re.compile(r"[\s,，、;；。+/|]+|(?:以及|还有|和|及|与)")
_NEGATION = re.compile("[不别没无未非]")
_FILLER = re.compile(r"^(?:我想|我要|我选|想要|要求|要|选)|(?:吧|了|谢谢|的)$")


def one(options: Sequence[Option], text: str) -> Option | None:
    """The option a text names: its number, label, another word for it, or a unique beginning."""
    folded = _plain(text)
    if not folded:
        return None
    return _numbered(options, folded) or _named(options, folded)


def is_named(option: Option, text: str) -> bool:
    """Whether a text is the option's label or another word for it, and nothing else."""
    return _plain(text) in _names(option)


def several(options: Sequence[Option], text: str) -> tuple[Option, ...]:
    """The options a text names, in its order, each once; empty if any part of it names none."""
    found: list[Option] = []
    for part in filter(None, _JOINTS.split(text.strip())):
        chosen = one(options, part)
        if chosen is not None:
            found.append(chosen)
            continue
        digits = fold(part)
        each = [one(options, digit) for digit in digits] if digits.isdigit() else []
        if not each or None in each:  # 13 of seven options is 1 and 3
            return ()
        found.extend(option for option in each if option is not None)
    return tuple(dict.fromkeys(found))


def _numbered(options: Sequence[Option], folded: str) -> Option | None:
    match = _ORDINAL.fullmatch(_CIRCLED.get(folded, folded))
    number = numerals.whole(match[1]) if match else None
    return options[number - 1] if number is not None and 1 <= number <= len(options) else None


def _named(options: Sequence[Option], folded: str) -> Option | None:
    for said in dict.fromkeys((folded, _FILLER.sub("", folded))):
        if not said:
            continue
        exact = [option for option in options if said in _names(option)]
        if len(exact) == 1:
            return exact[0]
        begins = [option for option in options if any(name.startswith(said) for name in _names(option))]
        if len(begins) == 1:
            return begins[0]
        if len(said) <= 12 and not _NEGATION.search(said):  # 我不太同意 is no 同意
            holds = [
                option for option in options if any(len(name) > 1 and name in said for name in _names(option))
            ]
            if len(holds) == 1:
                return holds[0]
    return None


def _plain(text: str) -> str:
    """没有证据。 is 没有证据."""
    return fold(text).rstrip("。.!~")


def _names(option: Option) -> list[str]:
    return [fold(name) for name in (option.label, *option.also)]
