"""Plays a talk on the stage: the citizen on WeChat or Telegram, colleagues at their own chats."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from bots.demo.stage import Colleague, Stage, stage
from bots.sandbox import Bubble, Phone, Sandbox, TelegramPhone, WeChatPhone
from bots.upkeep import Upkeep
from casestore.codes import Channel
from casestore.errors import StoreError
from dialogs.talk_file import Act, Line

GROUP = "值班群"
_REMEMBERED = {
    "编号": re.compile(r"(?:TS|JB|ZX)-\d{8}-\d{4,}"),
    "投诉编号": re.compile(r"TS-\d{8}-\d{4,}"),
    "举报编号": re.compile(r"JB-\d{8}-\d{4,}"),
    "查询码": re.compile(r"\d{4}(?:-\d{4}){4}"),
}
_IS_RECEIPT = "查询码："
_WITHIN_S = 8.0


class Player:
    """`{编号}`, `{投诉编号}`, `{举报编号}` and `{查询码}` in a line stand for what was told last."""

    def __init__(self, stage: Stage, channel: Channel, name: str = "陈晓梅") -> None:
        self._stage = stage
        self.citizen: WeChatPhone | TelegramPhone = (
            stage.wechat(name) if channel is Channel.WECHAT else stage.telegram(name)
        )
        self._phones: dict[str, Phone] = {"": self.citizen}
        self._told: dict[str, str] = {}
        self._since = 0

    async def play(self, lines: Sequence[Line]) -> None:
        """Raises NotSeen or NoSuchButton, with the screen, at the first line that is not so."""
        self._since = self._stage.sandbox.transcript.last
        await self.citizen.start()
        for line, following in zip(lines, [*lines[1:], None], strict=True):
            if line.act is Act.CLOCK:
                await self._set_clock(line.moment)
                continue
            phone = self._phone(line.who)
            if line.act is Act.SEE:
                seen = await phone.sees(self._filled(line.text), within=_WITHIN_S)
                self._remember(*([seen] if _IS_RECEIPT in seen.text else []))
                continue
            until = ""
            if following is not None and following.act is Act.SEE and following.who == line.who:
                self._remember()
                until = self._filled(following.text)
            await self._act(phone, line, until)
            self._remember()

    async def _set_clock(self, moment: datetime) -> None:
        """Time has passed: what fell due meanwhile is done before anybody says a word."""
        house, clock = self._stage.house, self._stage.sandbox.clock
        clock.move(moment - clock.now())
        await Upkeep(house.store, house.desk, house.engine, house.clock).round()

    async def _act(self, phone: Phone, line: Line, until: str) -> None:
        text = self._filled(line.text)
        if line.act is Act.SAY:
            await phone.say(text, until=until, within=_WITHIN_S)
        elif line.act is Act.PRESS and isinstance(phone, WeChatPhone) and f"「{text}」" in phone.last.text:
            await phone.say(text, until=until, within=_WITHIN_S)  # offered by its words
        elif line.act is Act.PRESS:
            await phone.press(text, until=until, within=_WITHIN_S)
        elif text.startswith("照片"):
            await phone.send_photo(until=until, within=_WITHIN_S)
        elif text.startswith("语音"):
            await phone.send_voice(until=until, within=_WITHIN_S)
        else:
            raise StoreError(f"第 {line.number} 行: 不会发送「{text}」，可以写 (照片) 或 (语音)")

    def _phone(self, who: str) -> Phone:
        if who not in self._phones:
            place, _, name = who.partition("/")
            if place == GROUP:
                phone = self._stage.in_group(self._colleague(name or self._stage.wang.officer.name))
            else:
                phone = self._stage.desk_of(self._colleague(who))
            phone.mark = self._since  # what was there before this talk is not news
            self._phones[who] = phone
        return self._phones[who]

    def _colleague(self, name: str) -> Colleague:
        stage = self._stage
        everybody = (stage.wang, stage.zhao, stage.sun, stage.zhou, *stage.handlers.values())
        for colleague in everybody:
            if colleague.officer.name == name:
                return colleague
        raise StoreError(f"没有「{name}」这位工作人员")

    def _filled(self, text: str) -> str:
        for name, value in self._told.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def _remember(self, *receipts: Bubble) -> None:
        """The newest number and code of the citizen's own screen, and of a receipt that is read to a caller."""
        for bubble in (*self.citizen.screen[-3:], *receipts):
            for name, pattern in _REMEMBERED.items():
                if found := pattern.findall(bubble.text):
                    self._told[name] = found[-1]


@asynccontextmanager
async def stage_for(lines: Sequence[Line], folder: Path) -> AsyncIterator[Stage]:
    """A stage of a talk's own; where the talk sets the clock, its first time is the time at the start."""
    start = next((line.moment for line in lines if line.act is Act.CLOCK), None)
    sandbox = Sandbox(start=start)
    async with stage(folder, sandbox=sandbox, clock=sandbox.clock.now, rates=None) as staged:
        yield staged
