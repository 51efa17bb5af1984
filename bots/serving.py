"""One desk process: the house, its web server and the shell's socket, from start to stop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

import structlog
import uvicorn

from bots import control, pacing, server
from bots.house import House
from bots.pacing import Rates
from bots.settings import Settings
from classifier import Classifier

_log = structlog.get_logger("serving")
_GRACE_S = 5
#: Connections beyond are answered 503 at once; the platforms come again.
_MOST_AT_ONCE = 1000


class _Web(uvicorn.Server):
    """uvicorn without its own signal handlers: the process decides when it ends."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve_until(
    stop: asyncio.Event,
    settings: Settings,
    *,
    rates: Rates | None = pacing.TELEGRAM,
    classifier: Classifier | None = None,
) -> None:
    """Serve until `stop`, then finish what is under way. Raises StoreError for what cannot be used."""
    with control.only_desk(settings.data_dir):
        house = House(settings, rates=rates, classifier=classifier)
        async with house.open(), control.listening(settings.data_dir, house.store, house.desk):
            web = _Web(
                uvicorn.Config(
                    server.application(house),
                    host=settings.server_host,
                    port=settings.server_port,
                    log_config=None,
                    access_log=False,
                    lifespan="off",
                    timeout_graceful_shutdown=_GRACE_S,
                    limit_concurrency=_MOST_AT_ONCE,
                )
            )
            serving = asyncio.create_task(web.serve())
            stopping = asyncio.create_task(stop.wait())
            _log.info("serving", host=settings.server_host, port=settings.server_port)
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            house.stop.set()
            web.should_exit = True
            await serving
    _log.info("stopped")
