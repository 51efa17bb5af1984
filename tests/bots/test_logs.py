"""Logs: JSON, one object a line, and nothing in them that belongs to a person or opens a door."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bots import logs
from bots.demo.stage import CITIZEN_TOKEN, STAFF_TOKEN, Stage
from bots.sandbox import Fault, FaultKind
from casestore.codes import Step
from tests.bots.desks import a_case, a_stage, complain, take

NAME, PHONE, ADDRESS, MERCHANT = "陈晓梅", "13800138000", "城关镇东街1号", "城关镇惠民生鲜超市"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """The process's log, as `tousu serve` writes it at its most talkative."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.set_up("DEBUG")
    structlog.configure(cache_logger_on_first_use=False)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


# ── the form ──


def test_every_line_is_one_object_with_time_level_and_place(written: io.StringIO) -> None:
    structlog.get_logger("front-desk").warning("callback-rejected", reason="signature")
    logging.getLogger("uvicorn.error").warning("Invalid HTTP request received.")

    ours, theirs = lines(written)
    assert ours | {"timestamp": ""} == {
        "event": "callback-rejected", "reason": "signature", "level": "warning", "logger": "front-desk",
        "timestamp": "",
    }  # fmt: skip
    assert theirs["logger"] == "uvicorn.error"
    assert ours["timestamp"].endswith("Z")


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\x1b[31m", "\u2028", "\0"])
def test_nobody_forges_a_line(written: io.StringIO, break_: str) -> None:
    """What comes from outside stays inside its string."""
    structlog.get_logger("x").info("said", text=f"好{break_}" + '{"event": "approved"}')

    (line,) = lines(written)
    assert line["event"] == "said"
    assert written.getvalue().isascii()


def test_a_traceback_is_one_line_too(written: io.StringIO) -> None:
    try:
        raise ValueError(f"call {PHONE}")
    except ValueError as error:
        structlog.get_logger("x").error("part-died", exc_info=error)

    (line,) = lines(written)
    assert "ValueError" in line["exception"]
    assert PHONE not in line["exception"]


# ── what is hidden ──


@pytest.mark.parametrize(
    "secret",
    [
        CITIZEN_TOKEN,
        f"https://api.telegram.org/bot{CITIZEN_TOKEN}/sendMessage",
        "https://api.weixin.qq.com/cgi-bin/message/custom/send?access_token=88_canary7c1e",
        "secret=canary7c1e&appid=wx1",
        "openid=oCanary7c1e_0123456789",
        PHONE,
        "电话13800138000。",
        "110101199003070012",
        "11010119900307001X",
    ],
)
def test_tokens_telephones_and_identity_numbers_are_hidden(secret: str) -> None:
    hidden = logs.hide(secret)

    assert hidden != secret
    for part in ("canary7c1e", "Canary7c1e", "citizen-of-the", PHONE, "19900307"):
        assert part not in hidden


@pytest.mark.parametrize(
    "kept", ["TS-20261123-0001", "attempts=3", "24600000000000001", "2026-11-23T10:00:00Z"]
)
def test_what_staff_need_to_find_a_fault_stays(kept: str) -> None:
    assert logs.hide(kept) == kept


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_telephone_is_hidden_wherever_it_stands(before: str, after: str) -> None:
    if before[-1:].isdigit() or after[:1].isdigit():
        return  # then it is another number

    assert PHONE not in logs.hide(f"{before}{PHONE}{after}")


# ── a whole complaint ──


@pytest_asyncio.fixture
async def desk(tmp_path: Path, written: io.StringIO) -> AsyncIterator[Stage]:
    async with a_stage(tmp_path) as staged:
        yield staged


async def test_a_whole_complaint_on_both_platforms_leaves_no_trace_of_the_person(
    desk: Stage, written: io.StringIO
) -> None:
    """Also where things go wrong: floods, cut connections, a message that cannot be processed."""
    faults = desk.sandbox.faults
    told: list[str] = []
    people = desk.wechat(NAME), desk.telegram(NAME)
    for phone in people:
        told += await complain(phone)
        case = await a_case(desk, phone)
        faults.ask("message/custom/send", Fault(kind=FaultKind.RESET))
        faults.ask("tousu_bot/sendMessage", Fault.bad_gateway())
        faults.ask("tousu_staff_bot/editMessageText", Fault(kind=FaultKind.SERVER_ERROR))
        await take(desk, case, Step.ACCEPT, desk.wang.officer)
        await phone.sees("已受理", within=8)
        faults.clear()
        await phone.send_photo()
    await _break_one(desk)
    settings = desk.house.settings
    log = written.getvalue()

    canaries = {
        "name": NAME, "telephone": PHONE, "address": ADDRESS, "merchant": MERCHANT, "story": "过期三天",
        "query code": told[1], "its twin": told[3], "openid": people[0].user.openid,
        "telegram account": str(people[1].user.account.id),
        "citizen token": CITIZEN_TOKEN, "staff token": STAFF_TOKEN,
        "webhook word": settings.telegram_citizen_secret.get_secret_value(),
        "app secret": settings.wechat_app_secret.get_secret_value(),
        "wechat token": settings.wechat_token.get_secret_value(),
        "AES key": settings.wechat_aes_key.get_secret_value(),
        "access token": "access_token=88_",
        "master key": json.loads(settings.keys_file.read_text())["masters"]["1"],
    }  # fmt: skip
    escaped = {what: json.dumps(value)[1:-1] for what, value in canaries.items()}
    assert [what for what, value in escaped.items() if value in log or canaries[what] in log] == []
    assert all(isinstance(line, dict) for line in lines(written))
    seen = {line["event"] for line in lines(written)}
    assert {"send-failed", "quarantined"} <= seen, "the log was listening"


async def _break_one(desk: Stage) -> None:
    """A citizen's word that the desk cannot process."""
    real: Callable[..., Any] = desk.house.reception.hear
    phone = desk.wechat("马力")
    await phone.start(until="您是否已阅读")

    def broken(*_: Any) -> Any:
        raise RuntimeError(f"{NAME} {PHONE}")

    desk.house.reception.hear = broken  # type: ignore[method-assign,assignment]
    try:
        await phone.say(f"我叫{NAME}，{PHONE}", until="系统暂时没有处理成功")
    finally:
        desk.house.reception.hear = real  # type: ignore[method-assign]
    await asyncio.sleep(0.05)
