"""The show: the stage with its samples and the page with four phones."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bots.demo import samples
from bots.demo.book import book_of
from bots.demo.stage import Stage, stage
from bots.sandbox.phones import Phones


@asynccontextmanager
async def show(folder: Path, port: int = 0, **options: Any) -> AsyncIterator[Stage]:
    """Up, with everything loaded, at `stage.url`."""
    async with stage(folder, port=port, **options) as staged:
        staged.samples = await samples.load(staged)
        phones = Phones(book_of(staged), staged.sandbox)
        staged.app.router.routes.extend(phones.routes)
        try:
            yield staged
        finally:
            phones.stop()  # an open page would hold up the end
