"""The process: started, healthy, ready, stopped in order; /health, /ready and the doctor tell the truth."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio

from bots import doctor, server
from bots.doctor import Finding
from bots.sandbox import Fault, Sandbox
from bots.settings import Settings
from casestore.tables import inbox
from tests.bots.desks import WeChatDesk, a_sandbox, a_wechat_desk, prepared, wechat_settings

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOT = Path(__file__).parents[2]


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


async def asked(url: str) -> tuple[int, Any]:
    async with httpx.AsyncClient(verify=False) as http:
        answer = await http.get(url)
    return answer.status_code, answer.json()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[WeChatDesk]:
    """One that only is looked at."""
    async with a_wechat_desk(tmp_path_factory.mktemp("desk")) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def own_desk(tmp_path: Path) -> AsyncIterator[WeChatDesk]:
    """One that may be spoilt."""
    async with a_wechat_desk(tmp_path) as opened:
        yield opened


async def test_a_body_that_does_not_come_is_not_waited_for(
    desk: WeChatDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a request holds a connection for seconds, not for ever; one that hangs up is no fault of ours."""
    monkeypatch.setattr(server, "_BODY_WITHIN_S", 0.2)
    address = urlsplit(desk.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(b"POST /wechat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n<xml>")

    assert (await asyncio.wait_for(reader.readline(), 5)).startswith(b"HTTP/1.1 403")
    writer.close()


# ── /health, /ready ──


async def test_a_desk_that_is_up_is_healthy_and_ready(desk: WeChatDesk) -> None:
    assert await asked(f"{desk.url}/health") == (200, {"status": "ok"})
    assert await asked(f"{desk.url}/ready") == (200, {"ready": True, "outbox": {}, "quarantined": 0})


async def test_ready_counts_what_waits_and_what_was_set_aside(own_desk: WeChatDesk) -> None:
    def set_aside(tx: Any) -> None:
        inbox.claim(tx, "wechat:wx1", "1", b"", own_desk.house.clock())
        inbox.quarantine(tx, "wechat:wx1", "1", "KeyError hear:1")

    await own_desk.do(set_aside)

    _, body = await asked(f"{own_desk.url}/ready")
    assert body["quarantined"] == 1


async def test_a_desk_that_stops_takes_no_more_but_is_not_dead(own_desk: WeChatDesk) -> None:
    own_desk.house.stop.set()

    assert (await asked(f"{own_desk.url}/ready"))[0] == 503
    assert (await asked(f"{own_desk.url}/health"))[0] == 200


async def test_without_its_store_a_desk_is_not_ready(desk: WeChatDesk) -> None:
    """And says no more than the kind of fault."""
    real = desk.house.store.read

    async def broken(_work: Any) -> Any:
        raise sqlite3.OperationalError("disk I/O error: /secret/path")

    desk.house.store.read = broken  # type: ignore[method-assign,assignment]
    try:
        status, body = await asked(f"{desk.url}/ready")
    finally:
        desk.house.store.read = real  # type: ignore[method-assign]

    assert (status, body) == (503, {"ready": False, "store": "OperationalError"})


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/openapi.json", "/.env", "/wechat/x", "/telegram/citizen", "/static/..%2f.."]
)
async def test_there_is_nothing_else(desk: WeChatDesk, path: str) -> None:
    async with httpx.AsyncClient(verify=False) as http:
        answer = await http.get(f"{desk.url}{path}")

    assert (answer.status_code, answer.text) == (404, "Not Found")


# ── tousu serve ──


class a_process:
    """`tousu serve` in a process of its own, with WeChat alone."""

    def __init__(self, sandbox: Sandbox, api: str, folder: Path, port: int) -> None:
        account = sandbox.wechat.account
        prepared(folder)
        (folder / "tousu.toml").write_text(
            f"""
            keys_file = "tousu.keys"
            [server]
            port = {port}
            [wechat]
            app_id = "{account.app_id}"
            app_secret = "{account.app_secret}"
            token = "{account.token}"
            aes_key = "{account.aes_key}"
            api_base = "{api}"
            """,
            "utf-8",
        )
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TOUSU_")}
        self.done = subprocess.Popen(
            [sys.executable, "-m", "bots", "serve", "--config", str(folder / "tousu.toml")],
            cwd=folder, env=clean | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    async def ended(self) -> tuple[int, str]:
        """Exit code, and all that it wrote."""
        out, wrote = await asyncio.to_thread(self.done.communicate, None, 15)
        return self.done.returncode, out + wrote

    def __enter__(self) -> a_process:
        return self

    def __exit__(self, *_: object) -> None:
        if self.done.poll() is None:
            self.done.kill()
            self.done.communicate()


async def until_ready(url: str) -> None:
    for _ in range(200):
        try:
            if (await asked(f"{url}/ready"))[0] == 200:
                return
        except httpx.TransportError:
            await asyncio.sleep(0.05)
    raise AssertionError("it does not come up")


async def test_a_served_desk_talks_and_ends_in_order(tmp_path: Path) -> None:
    """SIGTERM: exit code 0; another desk on its folder was refused; no secret and no openid in its log."""
    sandbox, port = a_sandbox(), a_free_port()
    url = f"http://127.0.0.1:{port}"
    async with sandbox.running() as api:
        with a_process(sandbox, api, tmp_path, port) as process:
            await until_ready(url)
            sandbox.call_back_at(f"{url}/wechat")
            anna = sandbox.wechat_phone("安娜")
            await anna.start(until="您是否已阅读")
            with a_process(sandbox, api, tmp_path, a_free_port()) as second:
                code, wrote = await second.ended()
                assert (code, "另一个平台正在使用" in wrote, "Traceback" in wrote) == (1, True, False)
            process.done.send_signal(signal.SIGTERM)
            code, wrote = await process.ended()

    assert code == 0
    assert '"event": "stopped"' in wrote
    for canary in (anna.user.openid, sandbox.wechat.account.app_secret, sandbox.wechat.account.token):
        assert canary not in wrote


async def test_a_port_that_is_taken_is_told_in_a_sentence(tmp_path: Path) -> None:
    sandbox = a_sandbox()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        async with sandbox.running() as api:
            with a_process(sandbox, api, tmp_path, other.getsockname()[1]) as process:
                code, wrote = await process.ended()

    assert code == 1
    assert "已被占用" in wrote
    assert "Traceback" not in wrote


# ── tousu doctor ──


async def found(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> dict[str, Finding]:
    monkeypatch.setattr(doctor, "load", lambda _config: settings)
    findings = await asyncio.to_thread(doctor.examine, ROOT / "bots/cli/tousu.toml")
    return {finding.what: finding for finding in findings}


async def test_the_doctor_finds_a_whole_desk_well(desk: WeChatDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    findings = await found(desk.house.settings, monkeypatch)

    assert {findings[what].mark for what in ("设置", "密钥", "数据库", "提问树、文字、词表", "微信")} == {"✓"}
    assert findings["工作人员机器人"].mark == "⚠"
    assert not any(finding.is_wrong for finding in findings.values())


@pytest.mark.parametrize(
    ("code", "says"),
    [(40164, "IP 白名单"), (40013, "AppID 不对"), (40125, "AppSecret 不对"), (45009, "接口返回 45009")],
)
async def test_the_doctor_names_what_wechat_does_not_like(
    desk: WeChatDesk, monkeypatch: pytest.MonkeyPatch, code: int, says: str
) -> None:
    desk.sandbox.faults.ask("stable_token", Fault.errcode(code))

    wechat = (await found(desk.house.settings, monkeypatch))["微信"]

    assert wechat.is_wrong
    assert says in wechat.says


@pytest.mark.parametrize(
    ("change", "what", "says"),
    [
        ({"keys_file": Path("/nowhere/tousu.keys")}, "密钥", "tousu init"),
        ({"database_url": "postgresql://x/y"}, "数据库", "sqlite:///"),
        ({"wechat_api_base": "http://127.0.0.1:1"}, "微信", "连不上接口"),
        ({"telegram_api_base": "http://127.0.0.1:1"}, "市民机器人", "连不上接口"),
        ({"wechat_app_id": "", "telegram_citizen_token": ""}, "平台", "都没有配置"),
    ],
)
async def test_the_doctor_says_what_is_missing_and_never_a_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], what: str, says: str
) -> None:
    token = "100001:canary-citizen-token-7c1e"
    settings = wechat_settings(
        a_sandbox(), "http://127.0.0.1:1", prepared(tmp_path), **{"telegram_citizen_token": token} | change
    )

    findings = await found(settings, monkeypatch)

    assert findings[what].is_wrong
    assert says in findings[what].says
    assert "7c1e" not in str(findings)


async def test_the_doctor_asks_telegram_for_the_tokens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = a_sandbox()
    sandbox.telegram.add_bot("100001:the-right-citizen-token", username="tousu_bot")
    async with sandbox.running() as api:
        settings = wechat_settings(
            sandbox, api, prepared(tmp_path),
            telegram_citizen_token="100001:the-right-citizen-token",
            telegram_staff_token="100002:a-token-that-was-revoked",
            telegram_api_base=api,
        )  # fmt: skip
        findings = await found(settings, monkeypatch)

    assert findings["市民机器人"] == Finding("✓", "市民机器人")
    assert "令牌无效" in findings["工作人员机器人"].says


async def test_a_database_of_a_newer_version_is_told_so(
    own_desk: WeChatDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(own_desk.house.store.path)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")

    finding = (await found(own_desk.house.settings, monkeypatch))["数据库"]

    assert (finding.mark, finding.says) == ("✗", "由更新的版本建立，请升级程序")
