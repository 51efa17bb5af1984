"""What falls due by itself: one reminder of an unfinished draft, and its end after 72 hours."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select

from bots.house import House
from bots.sandbox import Sandbox, TelegramPhone, WeChatPhone, samples
from bots.upkeep import Upkeep
from casestore.codes import EvidenceState
from casestore.model import CitizenId
from casestore.store import Tx
from casestore.tables.schema import evidence, ms, talks
from casestore.tables.schema import inbox as inbox_rows
from casestore.tables.schema import outbox as outbox_rows
from tests.bots.desks import a_sandbox, a_stage, complain, eventually, talk_until

pytestmark = pytest.mark.asyncio(loop_scope="module")

REMINDER, EXPIRED = "还没有提交，填写的内容将在 24 小时后自动删除", "超过 72 小时没有提交"
Phone = WeChatPhone | TelegramPhone


@dataclass
class Town:
    sandbox: Sandbox
    house: House
    make: dict[str, Callable[[str], Phone]]

    @property
    def now(self) -> datetime:
        return self.sandbox.clock.now()

    def phone(self, platform: str) -> Phone:
        return self.make[platform]("安娜")

    async def later(self, hours: float, *phones: Phone) -> None:
        """Time passes, and the desk looks once."""
        for phone in phones:
            phone.mark = self.sandbox.transcript.last
        self.sandbox.clock.move(timedelta(hours=hours))
        # The platform's token lives on: our own counts real seconds, which do not pass here.
        tokens = self.sandbox.wechat.tokens
        tokens._stable = [replace(one, until=one.until + timedelta(hours=hours)) for one in tokens._stable]
        await Upkeep(self.house.store, self.house.desk, self.house.engine, self.sandbox.clock.now).round()

    async def newest_draft(self) -> CitizenId | None:
        """Whose unfinished talk began last."""
        statement = select(talks.c.citizen).where(talks.c.has_draft).order_by(talks.c.citizen.desc())
        found: CitizenId | None = await self.house.store.run(lambda tx: tx.execute(statement).scalar())
        return found


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    sandbox = a_sandbox()
    folder: Path = tmp_path_factory.mktemp("desk")
    async with a_stage(folder, sandbox=sandbox, clock=sandbox.clock.now) as desk:
        yield Town(sandbox, desk.house, {"wechat": desk.wechat, "telegram": desk.telegram})


async def drafting(town: Town, platform: str) -> Phone:
    """Has told half of his complaint."""
    phone = town.phone(platform)
    await phone.start(until="您是否已阅读")
    await talk_until(phone, "商家的地址在哪里")
    return phone


def shown(phone: Phone, text: str) -> int:
    return sum(text in bubble.text for bubble in phone.screen if bubble.from_desk)


@pytest.mark.parametrize(("platform", "hours"), [("wechat", 47), ("telegram", 48)])
async def test_an_unfinished_draft_is_reminded_of_once(town: Town, platform: str, hours: int) -> None:
    """On WeChat an hour earlier: after 48 hours it takes no push."""
    phone = await drafting(town, platform)

    await town.later(hours - 0.1, phone)
    assert shown(phone, REMINDER) == 0
    await town.later(0.2, phone)
    await phone.sees(REMINDER)
    for _ in range(5):
        await town.later(1, phone)

    assert shown(phone, REMINDER) == 1
    assert shown(phone, "您的投诉还没有提交") == 1


@pytest.mark.parametrize("platform", ["wechat", "telegram"])
async def test_any_word_after_the_reminder_goes_on_where_he_was(town: Town, platform: str) -> None:
    phone = await drafting(town, platform)
    await town.later(48.5 if platform == "telegram" else 47.5, phone)
    await phone.sees(REMINDER)

    await phone.say("城关镇西街18号", until="事情是哪一天发生的")


async def test_who_speaks_again_is_reminded_again_two_days_later(town: Town) -> None:
    phone = await drafting(town, "telegram")
    await town.later(49, phone)
    await phone.sees(REMINDER)
    await phone.say("城关镇西街18号", until="事情是哪一天发生的")

    await town.later(47, phone)
    assert shown(phone, REMINDER) == 1
    await town.later(2, phone)

    await phone.sees(REMINDER)
    assert shown(phone, REMINDER) == 2


@pytest.mark.parametrize("platform", ["wechat", "telegram"])
async def test_after_72_hours_a_draft_is_gone_with_its_copies(town: Town, platform: str) -> None:
    """Words, photos and the files on disk: what was not submitted is nobody's."""
    phone = await drafting(town, platform)
    await phone.send_photo(samples.png(), until="会作为证据保存")
    folder = town.house.settings.data_dir / "evidence"

    async def kept() -> bool:
        return len(list(folder.glob("*.sealed"))) == 1

    await eventually(kept)
    mine = await town.newest_draft()
    assert mine is not None

    await town.later(71.9, phone)
    assert await town.newest_draft() == mine
    await town.later(0.2, phone)

    assert await town.newest_draft() != mine

    async def gone() -> bool:
        def look(tx: Tx) -> list[str]:
            return [row.state for row in tx.execute(select(evidence.c.state))]

        left = await town.house.store.run(look)
        return not list(folder.glob("*.sealed")) and EvidenceState.FORGOTTEN not in left

    await eventually(gone)
    if platform == "telegram":
        await phone.sees(EXPIRED)
        await phone.say("开始", until="您")
    else:  # the 48 hours are over: told with his next word
        assert shown(phone, EXPIRED) == 0
        await phone.say("你好", until=EXPIRED)
    assert "商家的地址" not in phone.last.text


async def test_a_word_in_the_last_hour_saves_the_draft(town: Town) -> None:
    phone = await drafting(town, "telegram")
    await town.later(71, phone)
    await phone.say("进度", until="商家的地址在哪里")

    await town.later(71, phone)

    await phone.say("城关镇西街18号", until="事情是哪一天发生的")


@pytest.mark.parametrize("platform", ["wechat", "telegram"])
async def test_a_registered_case_never_ends_by_itself(town: Town, platform: str) -> None:
    phone = town.phone(platform)
    number, _ = await complain(phone)

    for _ in range(4):
        await town.later(40, phone)

    assert shown(phone, REMINDER) == shown(phone, EXPIRED) == 0
    await phone.say("进度", until=number)


async def test_who_only_looked_is_left_in_peace(town: Town) -> None:
    """Nothing was told: there is nothing to remind of."""
    phone = town.phone("telegram")
    await phone.start(until="您是否已阅读")

    await town.later(49, phone)
    await town.later(24, phone)

    assert shown(phone, REMINDER) == shown(phone, EXPIRED) == 0


async def test_what_was_said_is_forgotten_after_two_days_and_never_done_twice(town: Town) -> None:
    """The words of messages and answers go; their keys stay."""
    phone = town.phone("telegram")
    await complain(phone)
    statement = select(inbox_rows.c.key).where(
        inbox_rows.c.body.is_not(None) | inbox_rows.c.reply.is_not(None)
    )

    async def with_words() -> list[str]:
        return await town.house.store.read(lambda tx: [row.key for row in tx.execute(statement)])

    keys = await with_words()
    assert keys

    await town.later(49, phone)

    assert not set(keys) & set(await with_words())
    everything = select(inbox_rows.c.key)
    kept = await town.house.store.read(lambda tx: {row.key for row in tx.execute(everything)})
    assert set(keys) <= kept
    two_days_ago = ms(town.now - timedelta(hours=48))
    sent = select(outbox_rows.c.id).where(outbox_rows.c.sent_at < two_days_ago)
    assert await town.house.store.read(lambda tx: tx.execute(sent).all()) == []
