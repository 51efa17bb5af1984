from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bots.sandbox import Sandbox
from bots.sandbox.bot_account import Bot
from bots.sandbox.bot_webhook import Pace
from bots.sandbox.wechat_push import Patience

CITIZEN_TOKEN = "111111:citizen-aaaaaaaaaaaaaaaaaaaaaaaaaaa"
STAFF_TOKEN = "222222:staff-bbbbbbbbbbbbbbbbbbbbbbbbbbbbb"


@dataclass(frozen=True)
class Town:
    """A running sandbox with the desk's two bots."""

    sandbox: Sandbox
    url: str
    citizen_bot: Bot
    staff_bot: Bot


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    sandbox = Sandbox(
        pace=Pace(answer_within=1.0, first_wait=0.02, longest_wait=0.05),
        patience=Patience(answer_within=0.25, pause=0.02),
    )
    citizen = sandbox.telegram.add_bot(CITIZEN_TOKEN, username="tousu_bot", name="示例县投诉")
    staff = sandbox.telegram.add_bot(STAFF_TOKEN, username="tousu_staff_bot", name="值班")
    async with sandbox.running() as url:
        yield Town(sandbox, url, citizen, staff)
