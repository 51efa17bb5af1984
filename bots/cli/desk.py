"""tousu demo, serve, migrate: the desk itself."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
import tempfile
import webbrowser
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from bots.cli.app import Config, app
from casestore.errors import StoreError


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="网页的端口")] = 8315,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="不打开浏览器")] = False,
) -> None:
    """整个平台在一个进程里: 模拟的微信和 Telegram、四部手机、30 件样例。不需要账号、令牌和网络。"""
    _free("127.0.0.1", port, f"请换一个，例如: tousu demo --port {port + 1}")
    with tempfile.TemporaryDirectory(prefix="tousu-demo-") as folder:
        _run(_demo(Path(folder), port, open_browser=not no_browser))


@app.command()
def serve(config: Config = None) -> None:
    """正式运行: 按 tousu.toml 连接微信和 Telegram。"""
    from bots.settings import load  # noqa: PLC0415

    settings = load(config)
    if not (settings.has_wechat or settings.has_citizen_bot):
        raise StoreError("还没有配置任何平台，请在 tousu.toml 里填写微信或 Telegram，然后运行 tousu doctor")
    _free(settings.server_host, settings.server_port, "请停止占用它的程序，或在 [server] 里换一个 port")
    _run(_serve(config))


@app.command()
def migrate(config: Config = None) -> None:
    """把数据库升级到当前版本(serve 启动时也会自动升级)。"""
    from bots.control import only_desk, open_store  # noqa: PLC0415
    from bots.settings import load  # noqa: PLC0415

    settings = load(config)
    with only_desk(settings.data_dir):
        open_store(settings).close()
    typer.echo("数据库已是当前版本。")


async def _demo(folder: Path, port: int, *, open_browser: bool) -> None:
    from bots import logs  # noqa: PLC0415
    from bots.demo.show import show  # noqa: PLC0415

    logs.set_up("WARNING")
    stop = _stop_signal()
    typer.echo("正在准备演示 …")
    async with show(folder, port) as staged:
        typer.echo(f"{staged.samples} 件样例已载入。请打开 {staged.url}/ （Ctrl-C 结束）")
        if open_browser:
            await asyncio.to_thread(webbrowser.open, f"{staged.url}/")
        await stop.wait()
    typer.echo("演示已结束，数据已删除。")


async def _serve(config: Path | None) -> None:
    from bots import logs  # noqa: PLC0415
    from bots.serving import serve_until  # noqa: PLC0415
    from bots.settings import load  # noqa: PLC0415

    settings = load(config)
    logs.set_up(settings.log_level)
    await serve_until(_stop_signal(), settings)


def _free(host: str, port: int, advice: str) -> None:
    """Raises StoreError where something else listens there, or may not."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise StoreError(f"端口 {port} 已被占用，{advice}") from None
            if error.errno == errno.EACCES:
                raise StoreError(f"没有权限使用端口 {port}，请换一个 1024 以上的端口") from None


def _stop_signal() -> asyncio.Event:
    """Set by Ctrl-C and by SIGTERM: the process ends in order, with exit code 0."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _run(work: Coroutine[Any, Any, None]) -> None:
    try:
        import uvloop  # noqa: PLC0415
    except ImportError:
        asyncio.run(work)
    else:
        uvloop.run(work)
