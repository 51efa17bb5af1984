"""Runs an ASGI app on loopback inside the current event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from bots.sandbox.spoilt import CUT

#: Seconds that answers under way may take after the stop.
GRACE = 2.0


@asynccontextmanager
async def serve(app: ASGIApp, port: int = 0) -> AsyncIterator[str]:
    """The base address, `http://127.0.0.1:<port>`; port 0 takes a free one. Touches no signal handlers.

    Streams and long polls must be ended by their owner, or they are cut after the grace.
    """
    # The protocol is named, or asyncio leaves Nagle's algorithm on: 40 ms for every answer.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        server = _Server(app)
        running = asyncio.create_task(server.serve(sockets=[listener]))
        up = asyncio.create_task(server.up.wait())
        try:
            await asyncio.wait({running, up}, return_when=asyncio.FIRST_COMPLETED)
            if not up.done():
                await running
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            up.cancel()
            server.down.set()
            await running


class _Server(uvicorn.Server):
    def __init__(self, app: ASGIApp) -> None:
        async def cuttable(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                scope.setdefault("extensions", {})[CUT] = lambda: self._cut(scope["client"])
            await app(scope, receive, send)

        super().__init__(
            uvicorn.Config(cuttable, log_config=None, access_log=False, lifespan="off", ws="none")
        )
        self.up = asyncio.Event()
        self.down = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        self.up.set()
        await self.down.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's, without its fixed pauses: tests start and stop many servers."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        end = asyncio.get_running_loop().time() + GRACE
        while self.server_state.connections or self.server_state.tasks:
            if asyncio.get_running_loop().time() > end:
                for connection in list(self.server_state.connections):
                    _transport(connection).abort()
                for task in self.server_state.tasks:
                    task.cancel()
                break
            await asyncio.sleep(0.005)

    def _cut(self, client: tuple[str, int]) -> None:
        for connection in list(self.server_state.connections):
            transport = _transport(connection)
            if transport.get_extra_info("peername") == client:
                transport.abort()


def _transport(connection: object) -> asyncio.Transport:
    transport: asyncio.Transport = connection.transport  # type: ignore[attr-defined]
    return transport
