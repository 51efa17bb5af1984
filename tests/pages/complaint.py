"""A complaint typed into the page's WeChat phone, as a person would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Page

_ANSWERS = (
    ("1", "请问您要办理哪一项"),
    ("1", "请问商家"),
    ("城关镇惠民生鲜超市", "商家的地址"),
    ("城关镇西街18号", "哪一天"),
    ("昨天", "什么商品"),
    ("纯牛奶一箱", "多少钱"),
    ("一百二十八块五", "事情的经过"),
    ("昨天买的牛奶已经过期三天，店家不肯退款。", "您希望商家怎么做"),
    ("6 7", "请发送能证明"),
)
_PERSON = (
    ("完成", "真实姓名"),
    ("陈晓梅", "联系电话"),
    ("13800138000", "通讯地址"),
    ("城关镇东街1号", "公示"),
    ("1", "消费者协会"),
    ("2", "请核对"),
    ("提交", "您的投诉已登记"),
)


async def complain(page: Page) -> str:
    """From the first word to the receipt; the number of the case."""
    wechat = page.locator('[data-phone="wechat"]')

    async def say(text: str, until: str) -> None:
        await wechat.locator('[data-role="input"]').fill(text)
        await wechat.locator('[data-role="send"]').click()
        await wechat.get_by_text(until).last.wait_for(timeout=10_000)

    await wechat.locator('[data-role="begin"]').click()
    await wechat.get_by_text("您是否已阅读并继续").wait_for(timeout=10_000)
    for text, until in _ANSWERS:
        await say(text, until)
    await wechat.locator('[data-role="photo"]').click()
    await wechat.locator('[data-sample="receipt"]').click()
    await wechat.get_by_text("已收到第 1 份材料").wait_for(timeout=10_000)
    for text, until in _PERSON:
        await say(text, until)
    receipt = await wechat.get_by_text("您的投诉已登记").last.inner_text()
    (number,) = set(re.findall(r"TS-\d{8}-\d{4}", receipt))
    return str(number)


async def accept(page: Page, number: str) -> None:
    """The duty group takes it, and the citizen hears of it."""
    card = page.locator("#log-staff-0").locator('[data-role="message"]', has_text=number)
    await card.get_by_role("button", name="受理", exact=True).click(timeout=10_000)
    wechat = page.locator('[data-phone="wechat"]')
    await wechat.get_by_text(f"您的投诉 {number} 已受理").wait_for(timeout=10_000)
    await card.get_by_text("已受理").first.wait_for(timeout=10_000)


async def begin_on_telegram(page: Page) -> None:
    """As far as the first question with a free answer."""
    telegram = page.locator('[data-phone="telegram"]')
    await telegram.locator('[data-role="begin"]').click()
    for choice in ("已阅读，继续", "投诉"):
        await telegram.get_by_role("button", name=choice, exact=True).last.click(timeout=10_000)
    await telegram.get_by_text("请问商家").last.wait_for(timeout=10_000)
