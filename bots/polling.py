"""Long polling: the offset moves only after what it confirms is on disk."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

_log = structlog.get_logger("polling")
_WAIT_S = 25
_PAUSE_S = (1, 2, 5, 10, 30)

Update = dict[str, Any]


async def poll(
    name: str,
    fetch: Callable[[int, int], Awaitable[list[Update]]],
    take_in: Callable[[int, bytes], Awaitable[object]],
    stop: asyncio.Event,
) -> None:
    """Until `stop`. `fetch(offset, seconds)`; `take_in(update_id, raw)` returns once it is on disk.

    A chat's updates are taken in one after the other, different chats' together.
    """
    offset, failures = 0, 0
    while not stop.is_set():
        try:
            updates = await unless_stopped(fetch(offset, _WAIT_S), stop)
            if updates is None:
                return
            await asyncio.gather(*(_in_order(lane, take_in) for lane in _lanes(updates)))
            failures = 0
            # An empty answer has confirmed all before it; 0 then asks for whatever comes, also where the
            # platform, after a silent week, counts on from a smaller number.
            offset = max(_number(update) for update in updates) + 1 if updates else 0
        except Exception as error:  # the platform, the network or the disk: the same updates come again
            conflict = "Conflict" in type(error).__name__
            reason = "another instance is polling with this token" if conflict else type(error).__name__
            _log.warning("polling-failed", bot=name, reason=reason)
            pause = _PAUSE_S[min(failures, len(_PAUSE_S) - 1)]
            failures += 1
            await unless_stopped(asyncio.sleep(pause), stop)


def update_number(raw: bytes) -> int:
    """The update_id of a posted body. Raises ValueError for what is no update."""
    try:
        update = json.loads(raw)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    number = update.get("update_id") if isinstance(update, dict) else None
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 2**63:
        raise ValueError("no update_id")
    return number


async def _in_order(lane: list[Update], take_in: Callable[[int, bytes], Awaitable[object]]) -> None:
    for update in lane:
        await take_in(_number(update), json.dumps(update, ensure_ascii=False).encode("utf-8", "replace"))


def _lanes(updates: list[Update]) -> list[list[Update]]:
    lanes: dict[object, list[Update]] = {}
    for update in sorted(updates, key=_number):
        lanes.setdefault(_chat(update), []).append(update)
    return list(lanes.values())


def _number(update: Update) -> int:
    number = update.get("update_id")
    return number if isinstance(number, int) else -1


def _chat(update: Update) -> object:
    """Whose update it is, in the shapes the desk asks for."""
    for value in update.values():
        if isinstance(value, dict):
            message = value.get("message", value)
            if isinstance(message, dict) and isinstance(message.get("chat"), dict):
                return message["chat"].get("id")
    return None


async def unless_stopped(work: Any, stop: asyncio.Event) -> Any:
    """The result of `work`, or None if `stop` comes first."""
    working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        stopping.cancel()
        if not working.done():
            working.cancel()
