"""Telegram's webhook side: order, repeats, secrets, and the call inside the answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx

from bots.sandbox import Fault, FaultKind, Kind, serve
from bots.sandbox.faults import TELEGRAM_CALLBACK
from tests.sandbox.conftest import CITIZEN_TOKEN, Town
from tests.sandbox.desks import WebhookDesk


@asynccontextmanager
async def hooked(
    town: Town, answer: Callable[[dict[str, Any]], Awaitable[dict[str, Any] | None]], **options: object
) -> AsyncIterator[WebhookDesk]:
    desk = WebhookDesk(answer)
    async with serve(desk.app) as address, httpx.AsyncClient(verify=False, base_url=town.url) as client:
        hook = {"url": f"{address}/telegram", "secret_token": "s-e_cret", **options}
        (await client.post(f"/bot{CITIZEN_TOKEN}/setWebhook", json=hook)).raise_for_status()
        yield desk
        await client.post(f"/bot{CITIZEN_TOKEN}/deleteWebhook")


async def nothing(_: dict[str, Any]) -> None:
    return None


async def until(condition: Callable[[], bool], within: float = 2.0) -> None:
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(0.005)


async def test_updates_come_with_the_secret_and_in_order(town: Town) -> None:
    anna = town.sandbox.telegram.person("安娜")
    async with hooked(town, nothing) as desk:
        for number in range(5):
            anna.say(f"{number}", town.citizen_bot)
        await until(lambda: len(desk.seen) == 5)
    assert [u["message"]["text"] for u in desk.seen] == ["0", "1", "2", "3", "4"]
    assert set(desk.secrets) == {"s-e_cret"}
    numbers = [u["update_id"] for u in desk.seen]
    assert numbers == list(range(numbers[0], numbers[0] + 5))


async def test_one_chat_waits_for_its_answer_while_others_go_on(town: Town) -> None:
    anna, bob = town.sandbox.telegram.person("安娜"), town.sandbox.telegram.person("波波")
    gate, log = asyncio.Event(), []

    async def slow(update: dict[str, Any]) -> None:
        text = update["message"]["text"]
        log.append(f"{text} in")
        if text == "a1":
            await gate.wait()
        log.append(f"{text} out")

    async with hooked(town, slow):
        anna.say("a1", town.citizen_bot)
        anna.say("a2", town.citizen_bot)
        bob.say("b1", town.citizen_bot)
        await until(lambda: "b1 out" in log)
        assert "a2 in" not in log
        gate.set()
        await until(lambda: "a2 out" in log)
    assert log.index("a1 out") < log.index("a2 in")


async def test_no_more_than_max_connections_run_at_once(town: Town) -> None:
    people = [town.sandbox.telegram.person(f"{number}") for number in range(6)]
    running, most = 0, 0

    async def count(_: dict[str, Any]) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.02)
        running -= 1

    async with hooked(town, count, max_connections=2) as desk:
        for person in people:
            person.say("你好", town.citizen_bot)
        await until(lambda: len(desk.seen) == 6 and not running)
    assert most == 2


async def test_an_unanswered_update_is_repeated_until_2xx(town: Town) -> None:
    anna = town.sandbox.telegram.person("安娜")
    async with hooked(town, nothing) as desk:
        desk.statuses = [500, 302, 503]
        anna.say("一", town.citizen_bot)
        anna.say("二", town.citizen_bot)
        await until(lambda: len(desk.seen) == 5)
        assert len({u["update_id"] for u in desk.seen[:4]}) == 1
        assert "503" in str(town.citizen_bot.webhook_json()["last_error_message"])
        await until(lambda: not len(town.citizen_bot.updates))


async def test_the_answer_may_carry_a_call(town: Town) -> None:
    anna = town.sandbox.telegram.person("安娜")

    async def ask(update: dict[str, Any]) -> dict[str, Any]:
        button = {"text": "投诉", "callback_data": "t1"}
        return {
            "method": "sendMessage",
            "chat_id": update["message"]["chat"]["id"],
            "text": "您要办理哪一项？",
            "reply_markup": {"inline_keyboard": [[button]]},
        }

    async with hooked(town, ask):
        anna.say("你好", town.citizen_bot)
        view = anna.chat(town.citizen_bot).view
        await until(lambda: len(view.bubbles) == 2)
    assert (view.bubbles[-1].text, view.bubbles[-1].labels) == ("您要办理哪一项？", ("投诉",))


async def test_a_refused_call_in_an_answer_is_noted_and_told_to_nobody(town: Town) -> None:
    anna = town.sandbox.telegram.person("安娜")

    async def shout(update: dict[str, Any]) -> dict[str, Any]:
        return {"method": "sendMessage", "chat_id": update["message"]["chat"]["id"], "text": "字" * 5000}

    async with hooked(town, shout) as desk:
        anna.say("你好", town.citizen_bot)
        await until(lambda: any(e.kind is Kind.REFUSED for e in town.sandbox.transcript.after(0)))
        await until(lambda: any(e.kind is Kind.ACKNOWLEDGED for e in town.sandbox.transcript.after(0)))
    assert len(desk.seen) == 1
    assert len(anna.chat(town.citizen_bot).view.bubbles) == 1


async def test_a_press_may_overtake_a_text_that_is_still_worked_on(town: Town) -> None:
    """Telegram keeps a lane a chat for messages and a lane a person for presses."""
    anna = town.sandbox.telegram.person("安娜")
    gate, log = asyncio.Event(), []

    async def work(update: dict[str, Any]) -> dict[str, Any] | None:
        if "callback_query" in update:
            log.append("press")
            return None
        log.append("text")
        if update["message"]["text"] == "慢":
            await gate.wait()
        button = {"text": "投诉", "callback_data": "t1"}
        chat = update["message"]["chat"]["id"]
        return {
            "method": "sendMessage",
            "chat_id": chat,
            "text": "哪一项？",
            "reply_markup": {"inline_keyboard": [[button]]},
        }

    async with hooked(town, work):
        anna.say("你好", town.citizen_bot)
        await until(lambda: len(anna.chat(town.citizen_bot).view.bubbles) == 2)
        anna.say("慢", town.citizen_bot)
        await until(lambda: log == ["text", "text"])
        anna.press("投诉", town.citizen_bot)
        await until(lambda: "press" in log)
        gate.set()


async def test_callbacks_can_be_lost_doubled_and_unheard(town: Town) -> None:
    anna = town.sandbox.telegram.person("安娜")
    async with hooked(town, nothing) as desk:
        for kind in (FaultKind.UNSENT, FaultKind.UNHEARD, FaultKind.CUT):
            town.sandbox.faults.ask(TELEGRAM_CALLBACK, Fault(kind=kind))
        anna.say("一", town.citizen_bot)
        await until(lambda: any(e.kind is Kind.ACKNOWLEDGED for e in town.sandbox.transcript.after(0)))
        assert len(desk.seen) == 3
        town.sandbox.faults.ask(TELEGRAM_CALLBACK, Fault(kind=FaultKind.TWICE))
        anna.say("二", town.citizen_bot)
        await until(lambda: len(desk.seen) == 5)
    assert len({u["update_id"] for u in desk.seen}) == 2


async def test_what_was_not_delivered_waits_for_polling(town: Town) -> None:
    anna = town.sandbox.telegram.person("安娜")
    async with hooked(town, nothing) as desk:
        desk.statuses = [500] * 1000
        anna.say("一", town.citizen_bot)
        await until(lambda: len(desk.seen) >= 2)
    async with httpx.AsyncClient(verify=False, base_url=town.url) as client:
        answer = (await client.get(f"/bot{CITIZEN_TOKEN}/getUpdates?timeout=0")).json()
    assert [u["message"]["text"] for u in answer["result"]] == ["一"]


async def test_only_loopback_addresses_are_pushed_to(town: Town) -> None:
    async with httpx.AsyncClient(verify=False, base_url=town.url) as client:
        for form in ({"url": "https://example.com/x"}, {"url": f"{town.url}/x", "secret_token": "密"}):
            answer = await client.post(f"/bot{CITIZEN_TOKEN}/setWebhook", data=form)
            assert answer.status_code == 400
            assert answer.json()["ok"] is False
