"""Copies of what citizens sent: fetched after the answer, sealed on disk, given up in the end, never lost quietly."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from bots.demo.stage import Stage
from bots.fetching import Fetcher
from bots.sandbox import Fault, FaultKind, TelegramPhone, WeChatPhone, samples
from bots.sending import Refused, TryLater
from casestore.codes import Channel, EvidenceKind, EvidenceState
from casestore.errors import StoreError
from casestore.model import Evidence, EvidenceId
from casestore.store import Tx
from casestore.tables import evidence, outbox
from casestore.tables.evidence import Copies
from casestore.tables.schema import evidence as rows
from casestore.tables.schema import moment
from dialogs.texts import Texts
from tests.bots.desks import a_sandbox, a_stage, eventually
from tests.office import Office

PAUSES = (2, 10, 60, 300, 1800, 7200, 21600, 43200)


@dataclass
class Drawer:
    """The office's evidence, a platform that holds files, a clock moved by hand."""

    office: Office
    folder: Path
    now: datetime
    files: dict[str, bytes] = field(default_factory=dict)
    breaks: list[Exception] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.copies = Copies(self.folder, self.office.sealer)
        self.fetcher = Fetcher(
            self.office.store, self.copies, {Channel.TELEGRAM: self.fetch}, lambda: self.now, Texts.load({})
        )

    async def fetch(self, ref: str) -> bytes:
        self.asked.append(ref)
        if self.breaks:
            raise self.breaks.pop(0)
        return self.files[ref]

    def send(self, ref: str, content: bytes, source: Channel = Channel.TELEGRAM) -> EvidenceId:
        self.files[ref] = content
        item = EvidenceId(self.office.store.ids())
        sent = Evidence(
            id=item, citizen=self.office.anna, case=None, kind=EvidenceKind.PHOTO, state=EvidenceState.PENDING,
            sent_at=self.now, source=source, file_ref=ref,
        )  # fmt: skip
        self.office.do(lambda tx: evidence.add(tx, sent))
        return item

    def of(self, item: EvidenceId) -> Evidence:
        return self.office.do(lambda tx: evidence.get(tx, item))

    def next_try(self, item: EvidenceId) -> timedelta:
        row = self.office.do(lambda tx: tx.execute(select(rows).where(rows.c.id == item)).one())
        return moment(row.next_try_at) - self.now


@pytest.fixture
def drawer(office: Office, tmp_path: Path) -> Drawer:
    return Drawer(office, tmp_path / "evidence", office.now)


async def test_a_photo_lies_sealed_on_disk(drawer: Drawer) -> None:
    """Nobody who copies the folder sees a picture; the desk opens it as it was."""
    photo = samples.png()
    item = drawer.send("f1", photo)

    assert await drawer.fetcher.round()

    kept = drawer.of(item)
    assert (kept.state, kept.mime, kept.size) == (EvidenceState.KEPT, "image/png", len(photo))
    assert kept.sha256 == hashlib.sha256(photo).hexdigest()
    (file,) = drawer.folder.iterdir()
    assert photo[:8] not in file.read_bytes()
    assert b"IHDR" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert drawer.copies.open(item) == photo


async def test_a_copy_does_not_open_in_anothers_place(drawer: Drawer) -> None:
    """Two files exchanged on the disk are found out."""
    first, second = drawer.send("f1", samples.png()), drawer.send("f2", samples.png(grey=9))
    await drawer.fetcher.round()
    one, two = drawer.folder / f"{first}.sealed", drawer.folder / f"{second}.sealed"
    one.write_bytes(two.read_bytes())

    with pytest.raises(StoreError):
        drawer.copies.open(first)


async def test_what_is_gone_on_the_platform_is_given_up(drawer: Drawer) -> None:
    item = drawer.send("f1", samples.png())
    drawer.breaks = [Refused("gone")]

    await drawer.fetcher.round()

    assert drawer.of(item).state is EvidenceState.FAILED
    assert not await drawer.fetcher.round()


async def test_a_program_is_refused_and_nothing_of_it_is_on_disk(drawer: Drawer) -> None:
    item = drawer.send("f1", b"MZ\x90\0" + bytes(100))

    await drawer.fetcher.round()

    assert drawer.of(item).state is EvidenceState.REFUSED
    (owed,) = drawer.office.do(lambda tx: outbox.heads(tx, "telegram", drawer.now, 9))
    assert owed.payload["text"].startswith("您发的照片不是可以保存的类型，没有保存。")
    assert list(drawer.folder.iterdir()) == []


async def test_a_platform_that_does_not_answer_is_asked_for_a_day_and_more(drawer: Drawer) -> None:
    """WeChat keeps a picture for three days: eight tries in less, ever further apart, then it has failed."""
    item = drawer.send("f1", samples.png())
    drawer.breaks = [TryLater("errcode--1"), OSError("network"), *(TimeoutError() for _ in range(10))]
    waited = []
    for pause in PAUSES:
        await drawer.fetcher.round()
        waited.append(drawer.next_try(item).total_seconds())
        assert not await drawer.fetcher.round(), "not before its time"
        drawer.now += timedelta(seconds=pause)

    await drawer.fetcher.round()

    assert tuple(waited) == PAUSES
    assert sum(PAUSES) < 3 * 24 * 3600
    assert drawer.of(item).state is EvidenceState.FAILED


async def test_a_platform_that_was_switched_off_holds_up_no_other(drawer: Drawer) -> None:
    """Five copies of a platform without settings stand before the one that can be fetched."""
    waiting = [drawer.send(f"w{number}", samples.png(), Channel.WECHAT) for number in range(5)]
    item = drawer.send("f1", samples.png())

    while await drawer.fetcher.round():
        pass

    assert drawer.of(item).state is EvidenceState.KEPT
    assert {drawer.of(one).state for one in waiting} == {EvidenceState.PENDING}
    assert drawer.asked == ["f1"]


async def test_a_platform_that_comes_up_later_is_asked_then(drawer: Drawer) -> None:
    item = drawer.send("w1", samples.png(), Channel.WECHAT)
    await drawer.fetcher.round()
    drawer.fetcher.add(Channel.WECHAT, drawer.fetch)
    drawer.now += timedelta(seconds=3)

    await drawer.fetcher.round()

    assert drawer.of(item).state is EvidenceState.KEPT


async def test_one_that_hangs_is_tried_beside_three_others(drawer: Drawer) -> None:
    """Four at once."""
    items = [drawer.send(f"f{number}", samples.png()) for number in range(6)]

    await drawer.fetcher.round()

    assert sum(drawer.of(item).state is EvidenceState.KEPT for item in items) == 4
    await drawer.fetcher.round()
    assert all(drawer.of(item).state is EvidenceState.KEPT for item in items)


async def test_what_belonged_to_a_deleted_draft_is_deleted(drawer: Drawer) -> None:
    item = drawer.send("f1", samples.png())
    await drawer.fetcher.round()
    drawer.office.do(lambda tx: evidence.forget(tx, [item]))

    await drawer.fetcher.round()

    assert list(drawer.folder.iterdir()) == []
    assert drawer.office.do(lambda tx: tx.execute(select(rows)).all()) == []


async def test_a_new_copy_is_fetched_at_once_while_the_desk_runs(drawer: Drawer) -> None:
    """It does not wait for the next look in five seconds."""
    stop = asyncio.Event()
    task = asyncio.create_task(drawer.fetcher.run(stop))
    await asyncio.sleep(0.05)

    item = drawer.send("f1", samples.png())

    async def kept() -> bool:
        return drawer.of(item).state is EvidenceState.KEPT

    await eventually(kept, within=2)
    stop.set()
    await asyncio.wait_for(task, 1)


# ── through the platforms ──


class Town:
    """A desk on a movable clock, and its two citizens at the question for evidence."""

    def __init__(self, desk: Stage, phones: dict[str, WeChatPhone | TelegramPhone]) -> None:
        self.desk, self.phones = desk, phones

    async def newest(self) -> Evidence:
        def look(tx: Tx) -> Evidence:
            newest = tx.execute(select(rows.c.id).order_by(rows.c.id.desc()).limit(1)).scalar_one()
            return evidence.get(tx, EvidenceId(newest))

        return await self.desk.house.store.read(look)

    async def settled(self) -> Evidence:
        async def done() -> Evidence | None:
            item = await self.newest()
            return item if item.state is not EvidenceState.PENDING else None

        found: Evidence = await eventually(done)
        return found

    async def failing(self) -> Any:
        """The newest copy's row, once a try has failed."""

        async def tried() -> Any:
            newest = select(rows).order_by(rows.c.id.desc()).limit(1)
            row = await self.desk.house.store.read(lambda tx: tx.execute(newest).one())
            return row if row.attempts else None

        return await eventually(tried)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    sandbox = a_sandbox()
    folder = tmp_path_factory.mktemp("desk")
    async with a_stage(folder, sandbox=sandbox, clock=sandbox.clock.now) as desk:
        phones: dict[str, WeChatPhone | TelegramPhone] = {
            "wechat": desk.wechat("安娜"),
            "telegram": desk.telegram("本杰明"),
        }
        for phone in phones.values():
            await phone.start(until="您是否已阅读")
            await phone.say("1", until="您要办理哪一项")
            await phone.say("投诉", until="全称是什么")
        yield Town(desk, phones)


PLATFORMS = pytest.mark.parametrize("platform", ["wechat", "telegram"])
on_town = pytest.mark.asyncio(loop_scope="module")


@on_town
@PLATFORMS
async def test_a_photo_from_a_platform_is_kept_as_it_was_sent(town: Town, platform: str) -> None:
    photo = samples.png(grey=77)

    await town.phones[platform].send_photo(photo, until="会作为证据保存")

    item = await town.settled()
    assert (item.state, item.mime) == (EvidenceState.KEPT, "image/png")
    assert town.desk.house.copies.open(item.id) == photo


@on_town
@PLATFORMS
async def test_a_download_that_breaks_is_made_again(town: Town, platform: str) -> None:
    method = {"wechat": "media/get", "telegram": "tousu_bot/file"}[platform]
    town.desk.sandbox.faults.ask(method, Fault(kind=FaultKind.BAD_GATEWAY))
    await town.phones[platform].send_photo(until="会作为证据保存")
    assert (await town.failing()).state == EvidenceState.PENDING

    town.desk.sandbox.clock.move(timedelta(seconds=3))
    await town.desk.house.store.run(lambda tx: tx.wake(evidence.TOPIC))

    assert (await town.settled()).state is EvidenceState.KEPT


@on_town
async def test_a_picture_that_wechat_no_longer_has_is_given_up(town: Town) -> None:
    """40007: gone after three days, or deleted."""
    town.desk.sandbox.faults.ask("media/get", Fault.errcode(40007))

    await town.phones["wechat"].send_photo(until="会作为证据保存")

    assert (await town.settled()).state is EvidenceState.FAILED


@on_town
async def test_a_file_id_that_telegram_no_longer_knows_is_given_up(town: Town) -> None:
    bot = town.desk.citizen_bot
    phone = town.phones["telegram"]
    assert isinstance(phone, TelegramPhone)
    phone.mark = town.desk.sandbox.transcript.last

    phone.user.send_document(b"%PDF-1.7", bot, name="b.pdf")
    town.desk.sandbox.telegram.world.files._ids.clear()

    await phone.sees("会作为证据保存")
    assert (await town.settled()).state is EvidenceState.FAILED
