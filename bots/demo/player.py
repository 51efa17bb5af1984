"""Plays a talk on the stage: the citizen on WeChat or Telegram, colleagues at their own chats."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bots.demo.stage import Colleague, Stage
from bots.sandbox import Phone, TelegramPhone, WeChatPhone
from casestore.codes import Channel
from casestore.errors import StoreError
from dialogs.talk_file import Act, Line

GROUP = "值班群"
_NUMBER = re.compile(r"(?:TS|JB|ZX)-\d{8}-\d{4,}")
_CODE = re.compile(r"\d{4}(?:-\d{4}){4}")
_WITHIN_S = 8.0


class Player:
    """`{编号}` and `{查询码}` in a line stand for what the citizen was told last."""

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
            phone = self._phone(line.who)
            if line.act is Act.SEE:
                await phone.sees(self._filled(line.text), within=_WITHIN_S)
                self._remember()
                continue
            until = ""
            if following is not None and following.act is Act.SEE and following.who == line.who:
                self._remember()
                until = self._filled(following.text)
            await self._act(phone, line, until)
            self._remember()

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
        everybody = (self._stage.wang, self._stage.zhao, self._stage.sun, *self._stage.handlers.values())
        for colleague in everybody:
            if colleague.officer.name == name:
                return colleague
        raise StoreError(f"没有「{name}」这位工作人员")

    def _filled(self, text: str) -> str:
        for name, value in self._told.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def _remember(self) -> None:
        for bubble in self.citizen.screen[-3:]:
            for name, pattern in (("编号", _NUMBER), ("查询码", _CODE)):
                if found := pattern.findall(bubble.text):
                    self._told[name] = found[-1]
