"""The demo page in a real browser: what one phone does, the others show."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.demo.show import show
from tests.pages.browser import browser_page
from tests.pages.complaint import accept, complain


@pytest.mark.timeout(180)
async def test_a_complaint_typed_on_one_phone_appears_and_is_accepted_on_another(tmp_path: Path) -> None:
    """Four phones, thirty samples; a complaint with a photo from the WeChat phone reaches the duty group,
    is accepted there, and the citizen hears of it."""
    async with browser_page() as page, show(tmp_path, rates=None) as staged:
        await page.goto(f"{staged.url}/")
        assert await page.locator("[data-phone]").count() == 4
        assert staged.samples == 30

        await accept(page, await complain(page))

        await page.set_viewport_size({"width": 375, "height": 800})
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
