"""GET|POST /wechat on a real server: what the platform sends is taken in, everything else gets one 403."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from itertools import count

import httpx
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from bots.sandbox import Fault, FaultKind, Kind, faults, wechat_xml
from casestore.tables import inbox
from tests.bots.desks import WeChatDesk, a_wechat_desk
from tests.bots.wechat_forgeries import FORGERIES, Forgery
from tests.bots.wechat_wire import OPENID, Wire

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[WeChatDesk]:
    async with a_wechat_desk(tmp_path_factory.mktemp("desk")) as opened:
        yield opened


@pytest.fixture
def wire(desk: WeChatDesk) -> Wire:
    return Wire(desk.sandbox.wechat.account, desk.url)


@pytest.fixture
def numbers() -> Iterator[int]:
    """Fresh MsgIds."""
    return count(time.time_ns())


async def taken_in(desk: WeChatDesk) -> int:
    return await desk.do(inbox.count)


# ── what is wrong ──


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES.keys())
async def test_a_forged_or_broken_callback_gets_the_one_403(
    desk: WeChatDesk, wire: Wire, forgery: Forgery
) -> None:
    """安全模式 only, every part checked: whatever is wrong, the answer is the same and nothing is kept."""
    before = await taken_in(desk)

    answer = await wire.post(*forgery(wire))

    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (
        403,
        b"forbidden",
        "text/plain; charset=utf-8",
    )
    assert await taken_in(desk) == before


async def test_the_request_all_forgeries_are_made_from_is_taken_in(
    desk: WeChatDesk, wire: Wire, numbers: Iterator[int]
) -> None:
    """So that a forgery is refused for what is forged in it and for nothing else."""
    before = await taken_in(desk)

    answer = await wire.post(*wire.right(MsgId=next(numbers)))

    assert answer.status_code == 200
    assert "您是否已阅读并继续" in str(wire.opened(answer.content)["Content"])
    assert await taken_in(desk) == before + 1


async def test_a_body_without_an_end_is_refused_before_it_is_in_memory(desk: WeChatDesk, wire: Wire) -> None:
    """64 KiB is the most: what streams on is cut off, also where no length is announced."""
    query, _ = wire.right()

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"<xml>" + b" " * 8192

    async with httpx.AsyncClient(verify=False) as http:
        answer = await http.post(f"{desk.url}/wechat", params=query, content=endless())

    assert (answer.status_code, answer.content) == (403, b"forbidden")


async def test_random_bodies_never_make_a_server_error(desk: WeChatDesk, wire: Wire) -> None:
    """Whatever comes, the desk says 403 and goes on."""
    before = await taken_in(desk)
    statuses = set()
    for _ in range(60):
        noise = os.urandom(struct.unpack("B", os.urandom(1))[0] * 8)
        query, _ = wire.right()
        statuses.add((await wire.post(query, noise)).status_code)
        statuses.add((await wire.post(query | {"nonce": noise.decode("latin-1")}, noise)).status_code)

    assert statuses == {403}
    assert await taken_in(desk) == before


# ── a clock that is wrong ──


@pytest.mark.parametrize("hours", [-3, 3, 23])
async def test_a_clock_that_is_hours_wrong_loses_no_complaint_but_raises_an_alarm(
    desk: WeChatDesk, wire: Wire, numbers: Iterator[int], hours: int
) -> None:
    """±24 h are taken: a station's clock may be wrong, and replays are stopped by the inbox key."""
    sealed = wire.crypto.encrypt(wire.message(MsgId=next(numbers)))

    with capture_logs() as logged:
        answer = await wire.post(wire.query(sealed, at=time.time() + hours * 3600), wire.envelope(sealed))

    assert answer.status_code == 200
    alarms = [line for line in logged if line["event"] == "clock-differs"]
    assert [line["log_level"] for line in alarms] == ["error"]


async def test_a_clock_that_is_right_raises_no_alarm(
    desk: WeChatDesk, wire: Wire, numbers: Iterator[int]
) -> None:
    with capture_logs() as logged:
        await wire.post(*wire.right(MsgId=next(numbers)))

    assert not [line for line in logged if line["event"] == "clock-differs"]


# ── the console's check of the address ──


async def test_the_address_is_verified_by_its_echo(desk: WeChatDesk) -> None:
    assert await desk.sandbox.wechat.verify()


@pytest.mark.parametrize(
    "change", [{"signature": "0" * 40}, {"signature": ""}, {"nonce": ""}, {"timestamp": "x"}]
)
async def test_nobody_else_gets_an_echo(desk: WeChatDesk, wire: Wire, change: dict[str, str]) -> None:
    """Nothing that a stranger sends is echoed."""
    query = wire.query("") | {"echostr": "<script>1</script>"} | change
    async with httpx.AsyncClient(verify=False) as http:
        answer = await http.get(f"{desk.url}/wechat", params=query)

    assert (answer.status_code, answer.content) == (403, b"forbidden")


# ── once ──


async def test_a_message_sent_again_gets_the_same_bytes(
    desk: WeChatDesk, wire: Wire, numbers: Iterator[int]
) -> None:
    """WeChat repeats after 5 s: the stored reply is returned byte for byte, and nothing happens twice."""
    number = next(numbers)
    before = await taken_in(desk)

    answers = [await wire.post(*wire.right(MsgId=number, Content="进度")) for _ in range(3)]

    assert len({answer.content for answer in answers}) == 1
    assert answers[0].content.startswith(b"<xml>")
    assert await taken_in(desk) == before + 1


async def test_a_thousand_replays_are_one_message(
    desk: WeChatDesk, wire: Wire, numbers: Iterator[int]
) -> None:
    """T-03, in the small: the same request over and over, also under a new nonce."""
    query, body = wire.right(MsgId=next(numbers))
    sealed = str(wechat_xml.read(body)["Encrypt"])
    before = await taken_in(desk)
    async with httpx.AsyncClient(verify=False) as http:
        for number in range(100):
            again = wire.query(sealed, nonce=f"n{number}")
            again["msg_signature"] = wire.crypto.signature(again["timestamp"], again["nonce"], sealed)
            asked = query if number % 2 else again
            assert (await http.post(f"{desk.url}/wechat", params=asked, content=body)).status_code == 200

    assert await taken_in(desk) == before + 1


async def test_a_reply_that_was_not_heard_is_given_again(desk: WeChatDesk) -> None:
    """Through the platform's own three tries: one reply is shown, one message was taken in."""
    anna = desk.phone()
    await anna.start(until="您是否已阅读")
    before = await taken_in(desk)
    desk.sandbox.faults.ask(faults.WECHAT_CALLBACK, Fault.timeout(), times=2)

    await anna.say("1", until="您要办理哪一项")

    assert await taken_in(desk) == before + 1
    assert [bubble.text for bubble in anna.screen if bubble.from_desk].count(anna.last.text) == 1
    tries = [e for e in desk.sandbox.transcript.after(anna.mark) if e.kind is Kind.PUSH]
    assert len(tries) == 3


async def test_twins_that_arrive_together_are_one(desk: WeChatDesk) -> None:
    """The same message twice at the same moment."""
    anna = desk.phone()
    await anna.start(until="您是否已阅读")
    before = await taken_in(desk)
    desk.sandbox.faults.ask(faults.WECHAT_CALLBACK, Fault(kind=FaultKind.TWICE))

    await anna.say("1", until="您要办理哪一项")

    assert await taken_in(desk) == before + 1


# ── events ──


def _event(wire: Wire, at: int, event: str, key: str, person: str = OPENID) -> tuple[dict[str, str], bytes]:
    xml = wechat_xml.write(
        {
            "ToUserName": wire.account.original_id,
            "FromUserName": person,
            "CreateTime": at,
            "MsgType": "event",
            "Event": event,
            "EventKey": key,
        }
    )
    return wire.about(xml)


async def test_two_menu_clicks_in_one_second_are_two(desk: WeChatDesk, wire: Wire) -> None:
    """Events have no MsgId: person, second, event and key tell them apart, and the same again is the same."""
    now = int(time.time())
    before = await taken_in(desk)

    for event, key in (
        ("CLICK", "MENU_PROGRESS"),
        ("CLICK", "MENU_HELP"),
        ("CLICK", "MENU_PROGRESS"),
        ("VIEW", "MENU_HELP"),
    ):
        assert (await wire.post(*_event(wire, now, event, key))).status_code == 200

    assert await taken_in(desk) == before + 3


@pytest.mark.parametrize(
    "other",
    [{"at": timedelta(seconds=1)}, {"event": "scan"}, {"key": "MENU_HELP"}, {"person": "oOther_person_1"}],
)
async def test_an_event_is_known_by_person_second_event_and_key(
    desk: WeChatDesk, wire: Wire, other: dict[str, object]
) -> None:
    """Any one of the four different: another event."""
    second = time.time_ns() // 1000 % 10**9 + 10**9  # an own second for each case
    first = {"at": second, "event": "click", "key": "MENU_PROGRESS", "person": OPENID}
    changed = dict(first) | other
    if isinstance(changed["at"], timedelta):
        changed["at"] = second + 1
    before = await taken_in(desk)

    for fields in (first, changed, first, changed):
        await wire.post(*_event(wire, **fields))  # type: ignore[arg-type]

    assert await taken_in(desk) == before + 2


async def test_a_menu_entry_says_its_words_for_the_citizen(desk: WeChatDesk) -> None:
    anna = desk.phone()
    await anna.start(until="您是否已阅读")

    sent = await anna.user.press_menu("MENU_PROGRESS")

    assert sent.reply is not None
    assert "还没有登记过的事项" in sent.reply.text


async def test_a_delivery_report_is_acknowledged_and_not_answered(desk: WeChatDesk, wire: Wire) -> None:
    answer = await wire.post(*_event(wire, int(time.time()), "TEMPLATESENDJOBFINISH", ""))

    assert (answer.status_code, answer.content) == (200, b"")
