"""Starts and kills desk processes: everything is imported once, each start is a fork (≈ 0.3 s).

`python -m tests.crash.zygote SETTINGS.json` reads `start` and `kill` line by line and answers each.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from pathlib import Path

import bots.telegram_citizen.bot
import bots.telegram_citizen.intake
import bots.telegram_staff.intake
import bots.wechat.sender
from bots import logs
from bots.front_desk import FrontDesk
from bots.inbound import Inbound
from bots.serving import serve_until
from bots.settings import Settings
from casestore.units import Units
from classifier import Classifier

__all__ = ["bots"]


def main() -> None:
    settings = Settings(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    classifier = Classifier.load(Units.load())
    _widen_the_gap()
    running = 0
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "start":
            running = os.fork()
            if running == 0:
                _be_a_desk(settings, classifier)
        elif running:
            os.kill(running, signal.SIGKILL)
            os.waitpid(running, 0)
            running = 0
        print(running, flush=True)
    if running:
        os.kill(running, signal.SIGKILL)


def _widen_the_gap() -> None:
    """Let time pass between the commit and the acknowledgement, so that kills fall there often."""
    take_in = FrontDesk.take_in

    async def slowly(self: FrontDesk, inbound: Inbound) -> bytes:
        reply = await take_in(self, inbound)
        await asyncio.sleep(random.uniform(0, 0.1))
        return reply

    FrontDesk.take_in = slowly  # type: ignore[method-assign]


def _be_a_desk(settings: Settings, classifier: Classifier) -> None:
    os.close(0)
    logs.set_up("ERROR")
    asyncio.run(serve_until(asyncio.Event(), settings, rates=None, classifier=classifier))
    os._exit(0)


if __name__ == "__main__":
    main()
