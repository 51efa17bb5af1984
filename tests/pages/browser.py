"""Debian's Chromium, driven by Playwright; both are optional, and what is missing is said."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.async_api import Page

_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
)


@asynccontextmanager
async def browser_page(width: int = 1440, height: int = 900) -> AsyncIterator[Page]:
    """A page; errors of its scripts fail the test."""
    driver = pytest.importorskip(
        "playwright.async_api", reason="未安装 Playwright: pip install -e '.[pages]'"
    )
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("没有 Chromium: apt install chromium")
    faults: list[Any] = []
    async with driver.async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(_QUIET))
        page = await browser.new_page(viewport={"width": width, "height": height})
        page.on("pageerror", lambda fault: faults.extend([fault]))
        yield page
        await browser.close()
    assert faults == []
