"""A desk with WeChat alone stays small: what is not configured is not even imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bots.desks import prepared

ROOT = Path(__file__).parents[2]
HEAVY = ("aiogram", "telegram", "wechatpy", "jieba", "aiohttp", "uvicorn")

_WECHAT_ONLY = """
import asyncio, json, sys
from pathlib import Path
from pydantic import SecretStr
from bots import server
from bots.house import House
from bots.settings import Settings

folder = Path(sys.argv[1])
settings = Settings(
    database_url=f"sqlite:///{folder / 'tousu.db'}", data_dir=folder / "data", keys_file=folder / "tousu.keys",
    wechat_app_id="wx0123456789abcdef", wechat_app_secret=SecretStr("s" * 32), wechat_token=SecretStr("t" * 20),
    wechat_aes_key=SecretStr("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"), wechat_api_base="http://127.0.0.1:1",
)

async def serve():
    house = House(settings)
    async with house.open():
        app = server.application(house)
        await asyncio.sleep(0.2)
    return [route.path for route in app.routes]

routes = asyncio.run(serve())
print(json.dumps({"routes": routes, "loaded": sorted({name.partition(".")[0] for name in sys.modules})}))
"""

_VERB = """
import json, sys
from bots.cli import main
arguments = json.loads(sys.argv[1])
sys.argv = ["tousu", *arguments]
try:
    main()
except SystemExit as end:
    print("ENDED", end.code)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def in_its_own_process(code: str, argument: str, folder: Path) -> list[str]:
    """What a fresh interpreter prints, line by line."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TOUSU_")}
    done = subprocess.run(
        [sys.executable, "-c", code, argument],
        cwd=folder, env=clean | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_desk_with_wechat_alone_loads_no_telegram_library(tmp_path: Path) -> None:
    """165 MB and four seconds that a county without Telegram does not pay."""
    told = json.loads(in_its_own_process(_WECHAT_ONLY, str(prepared(tmp_path)), tmp_path)[-1])

    assert "/wechat" in told["routes"]
    assert not any(path.startswith("/telegram") for path in told["routes"])
    assert "wechatpy" in told["loaded"]
    assert not {"aiogram", "telegram"} & set(told["loaded"])


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["check"], {"aiogram", "telegram", "wechatpy", "aiohttp", "uvicorn"}),
        (["deadline", "acceptance", "2026-12-28"], {*HEAVY}),
        (["draw", "complaint"], {*HEAVY}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_verb_loads_only_what_it_needs(tmp_path: Path, arguments: list[str], unwanted: set[str]) -> None:
    lines = in_its_own_process(_VERB, json.dumps(arguments), tmp_path)

    assert "ENDED 0" in lines
    assert not unwanted & set(json.loads(lines[-1]))
