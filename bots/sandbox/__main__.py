"""`python -m bots.sandbox`: both platforms in a process of their own, driven through `/control`.

The first line on standard output is JSON with the address and the WeChat keys; SIGTERM or SIGINT ends it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from bots.sandbox.bot_flood import FloodLimit
from bots.sandbox.bot_webhook import Pace
from bots.sandbox.control import Control
from bots.sandbox.sandbox import Sandbox
from bots.sandbox.wechat_account import WeChatAccount
from bots.sandbox.wechat_push import Patience


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bots.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--transcript", type=Path, help="JSONL file, appended to and fsynced per entry")
    parser.add_argument("--flood", action="store_true", help="enforce Telegram's published sending limits")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--wechat-app-id", default="")
    parser.add_argument("--wechat-app-secret", default="")
    parser.add_argument("--wechat-token", default="")
    parser.add_argument("--wechat-aes-key", default="")
    parser.add_argument("--wechat-callback", default="", help="the desk's /wechat")
    parser.add_argument("--answer-within", type=float, default=Patience().answer_within, help="WeChat, s")
    parser.add_argument("--pause", type=float, default=Patience().pause)
    parser.add_argument("--first-wait", type=float, default=Pace().first_wait, help="webhook repeats, s")
    parser.add_argument("--longest-wait", type=float, default=Pace().longest_wait)
    asyncio.run(_run(parser.parse_args()))


async def _run(asked: argparse.Namespace) -> None:
    sandbox = Sandbox(
        account=_account(asked),
        transcript_file=asked.transcript,
        flood=FloodLimit() if asked.flood else None,
        pace=Pace(first_wait=asked.first_wait, longest_wait=asked.longest_wait),
        patience=Patience(answer_within=asked.answer_within, pause=asked.pause),
        seed=asked.seed,
    )
    sandbox.call_back_at(asked.wechat_callback)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with sandbox.running(asked.port, Control(sandbox).routes) as url:
        account = sandbox.wechat.account
        keys = {
            "app_id": account.app_id,
            "app_secret": account.app_secret,
            "token": account.token,
            "aes_key": account.aes_key,
        }
        sys.stdout.write(json.dumps({"url": url, "wechat": keys}) + "\n")
        sys.stdout.flush()
        await stop.wait()


def _account(asked: argparse.Namespace) -> WeChatAccount:
    """Fresh keys, unless an AppID is given, which needs the other three too."""
    if not asked.wechat_app_id:
        return WeChatAccount.fresh()
    return WeChatAccount(
        app_id=asked.wechat_app_id,
        app_secret=asked.wechat_app_secret,
        token=asked.wechat_token,
        aes_key=asked.wechat_aes_key,
    )


if __name__ == "__main__":
    main()
