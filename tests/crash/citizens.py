"""Citizens who keep filing complaints, whatever happens to the desk: they read the screen and answer it."""

from __future__ import annotations

import asyncio
import random
import re
from dataclasses import dataclass, field

from bots.sandbox import TelegramPhone, WeChatPhone

_RECEIPT = re.compile(r"编号：(TS-\d{8}-\d{4,})")
#: What a screen asks, and what is answered. The newest question decides.
_ANSWERS = (
    ("您是否已阅读并继续", "同意"),
    ("请问您要办理哪一项", "投诉"),
    ("请问商家（经营者）的全称", "{merchant}"),
    ("商家的地址在哪里", "{address}"),
    ("事情是哪一天发生的", "2026-11-20"),
    ("您购买的是什么商品或服务", "{goods}"),
    ("涉及多少钱", "{amount}元"),
    ("请说说事情的经过", "{story}"),
    ("您希望商家怎么做", "6 7"),
    ("请发送能证明事情经过的材料", "没有证据"),
    ("请问您的真实姓名", "{name}"),
    ("您的联系电话是多少", "{phone}"),
    ("您的通讯地址", "{home}"),
    ("是否同意我们公示", "同意"),
    ("是否同意由消费者协会", "不同意"),
    ("请核对您填写的内容", "提交"),
)


@dataclass
class Citizen:
    """One person; `filed` are the particulars of each complaint by the number he was given."""

    phone: WeChatPhone | TelegramPhone
    number: int
    random: random.Random
    filed: dict[str, dict[str, str]] = field(default_factory=dict)
    started: int = 0

    async def file_until(self, stop: asyncio.Event) -> None:
        """Complaint after complaint; the one under way at `stop` is finished."""
        await self.phone.start(within=10)
        while not stop.is_set():
            await self._file_one()

    async def _file_one(self) -> None:
        self.started += 1
        told = {
            "merchant": f"第{self.number}号人的第{self.started}家超市",
            "address": f"城关镇西街{self.number}号",
            "goods": f"牛奶{self.started}箱",
            "amount": str(100 + self.started),
            "story": f"第{self.started}次买的牛奶过期了，商家不退。",
            "name": "陈晓梅",
            "phone": f"138{self.number:04d}{self.started:04d}",
            "home": f"城关镇东街{self.number}号",
        }
        said = "我要投诉"
        before = len(self._receipts())
        for _ in range(200):
            await self.phone.say(said, within=6)
            await asyncio.sleep(self.random.uniform(0, 0.05))
            receipts = self._receipts()
            if len(receipts) > before:
                self.filed[receipts[-1]] = told
                return
            said = self._answer(told)
        raise AssertionError(f"{self.phone.name} gets no receipt:\n{self.phone.drawn()}")

    def _answer(self, told: dict[str, str]) -> str:
        """To the newest question on the screen; where nothing answered the last word, a greeting."""
        last = self.phone.screen[-1]
        if last.from_desk:
            asked = [(last.text.rfind(question), answer) for question, answer in _ANSWERS]
            place, answer = max(asked)
            if place >= 0:
                return answer.format(**told)
        return "你好"

    def _receipts(self) -> list[str]:
        """Different numbers only: a reply given again is the same receipt."""
        found = [number for bubble in self.phone.screen for number in _RECEIPT.findall(bubble.text)]
        return list(dict.fromkeys(found))
