"""What everybody saw of a talk, as a page to read: made by playing it, never by hand.

python -m bots.demo.transcript tests/talks/complaint_to_closed.talk docs/transcripts/complaint-wechat.md
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bots import logs
from bots.demo.player import Player, stage_for
from bots.demo.stage import Stage
from bots.sandbox import Direction, Entry, Kind
from casestore.codes import Channel
from dialogs.talk_file import Line, parse

_ACTS = (Kind.MESSAGE, Kind.PRESS)
_PRIVATE = re.compile(r"(?<=查询码：)[0-9-]+")


def write(talk: Path, to: Path, channel: Channel) -> int:
    """Play `talk` and write what was seen to `to`; how many lines of talk there were."""
    text = talk.read_text(encoding="utf-8")
    lines = parse(text, talk.name)
    seen = asyncio.run(_play(lines, channel))
    head = (
        f"# {text.splitlines()[0].lstrip('# ')}\n\n"
        f"由 `python -m bots.demo.transcript {talk.name} {to.name} {channel}` 演出并写下，不是手写的。"
        "人物、商家均为虚构；没有参与的人的卡片不列出，卡片更新只列变化的行。\n"
    )
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(head + "\n".join(seen) + "\n", encoding="utf-8")
    return len(lines)


async def _play(lines: list[Line], channel: Channel) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        async with stage_for(lines, Path(folder)) as staged:
            since = staged.sandbox.transcript.last
            player = Player(staged, channel)
            await player.play(lines)
            return list(_seen(staged.sandbox.transcript.after(since), _names(staged, player, channel)))


def _names(staged: Stage, player: Player, channel: Channel) -> dict[str, str]:
    where = "微信" if channel is Channel.WECHAT else "Telegram"
    names = {player.citizen.chat.key: f"{player.citizen.name}（{where}）"}
    names[staged.in_group(staged.wang).chat.key] = "值班群"
    for colleague in (staged.wang, staged.zhao, staged.sun, *staged.handlers.values()):
        role = staged.house.office.texts.name("role", colleague.officer.role)
        names[staged.desk_of(colleague).chat.key] = f"{colleague.officer.name}（{role}）"
    return names


def _seen(entries: tuple[Entry, ...], names: dict[str, str]) -> Iterator[str]:
    """One heading for each run of a chat, its bubbles below."""
    took_part = {entry.chat for entry in entries if entry.direction is Direction.IN and entry.kind in _ACTS}
    shown_last: dict[tuple[str, int], list[str]] = {}
    before = ""
    for entry in entries:
        lines = _PRIVATE.sub("····-····-····-····-····", entry.text).splitlines()
        bubble = (entry.chat, entry.message)
        changed = [line for line in lines if line not in shown_last.get(bubble, [])]
        if entry.kind in (Kind.MESSAGE, Kind.EDIT):
            shown_last[bubble] = lines
        told = _told(entry, changed if entry.kind is Kind.EDIT else lines)
        if not told or entry.chat not in names or entry.chat not in took_part:
            continue
        if entry.chat != before:
            yield f"\n**{names[entry.chat]}**\n"
            before = entry.chat
        yield from told


def _told(entry: Entry, lines: list[str]) -> list[str]:
    buttons = " ".join(f"[{label}]" for row in entry.buttons for label in row)
    if entry.kind is Kind.MESSAGE and entry.direction is Direction.IN:
        return [f"- 说：{' '.join(lines) or '（发来一份材料）'}"]
    if entry.kind is Kind.PRESS:
        return [f"- 按：[{' '.join(lines)}]"]
    if entry.kind is Kind.TOAST:
        return [f"- 提示：{' '.join(lines)}"] if lines else []
    if entry.kind in (Kind.MESSAGE, Kind.EDIT):
        mark = ["> *卡片更新*  "] if entry.kind is Kind.EDIT else []
        return ["", *mark, *(f"> {line}  " for line in lines), *([f"> `{buttons}`"] if buttons else []), ""]
    return []


def main() -> None:
    logs.set_up("ERROR")
    talk, to = Path(sys.argv[1]), Path(sys.argv[2])
    channel = Channel(sys.argv[3]) if len(sys.argv) > 3 else Channel.WECHAT
    write(talk, to, channel)


if __name__ == "__main__":
    main()
