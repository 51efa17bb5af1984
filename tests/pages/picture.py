"""The picture of the README: the demo page after one complaint. `python -m tests.pages.picture PNG`"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from bots.demo.show import show
from tests.pages.browser import browser_page
from tests.pages.complaint import accept, begin_on_telegram, complain


async def take(path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with browser_page(1600, 1060) as page, show(Path(folder), rates=None) as staged:
            await page.goto(f"{staged.url}/")
            await begin_on_telegram(page)
            await accept(page, await complain(page))
            await page.wait_for_timeout(6_000)  # bubbles slide in, the toast goes
            await page.screenshot(path=path, full_page=True)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(target))
