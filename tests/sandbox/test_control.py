"""The sandbox in a process of its own, driven over HTTP."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx.Client, Path]]:
    file = tmp_path_factory.mktemp("sandbox") / "transcript.jsonl"
    command = [sys.executable, "-m", "bots.sandbox", "--transcript", str(file), "--pause", "0.01"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        told = json.loads(running.stdout.readline())
        with httpx.Client(verify=False, base_url=told["url"], timeout=10) as client:
            yield client, file
        running.send_signal(signal.SIGTERM)
        assert running.wait(5) == 0


def post(client: httpx.Client, path: str, **body: Any) -> Any:
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_people_bots_faults_clock_and_transcript_are_driven_from_outside(
    process: tuple[httpx.Client, Path],
) -> None:
    client, file = process
    token = "555555:remote"
    post(client, "/control/bots", token=token, username="remote_bot")
    anna = post(client, "/control/people", platform="telegram", bot="remote_bot", name="安娜")["person"]
    assert post(client, f"/control/people/{anna}/start", within=0.1) == {"new": []}
    (update,) = client.get(f"/bot{token}/getUpdates").json()["result"]
    chat = update["message"]["chat"]["id"]

    post(client, "/control/faults", method="sendMessage", kind="flood", retry_after=2)
    keyboard = {"inline_keyboard": [[{"text": "投诉", "callback_data": "t1"}]]}
    message = {"chat_id": chat, "text": "您要办理哪一项？", "reply_markup": keyboard}
    refused = client.post(f"/bot{token}/sendMessage", json=message)
    assert (refused.status_code, refused.json()["parameters"]) == (429, {"retry_after": 2})
    assert client.post(f"/bot{token}/sendMessage", json=message).status_code == 200

    seen = post(client, f"/control/people/{anna}/sees", text="哪一项")["bubble"]
    assert seen["buttons"] == [[{"label": "投诉", "url": ""}]]
    post(client, f"/control/people/{anna}/press", label="投诉", within=0.1)
    post(client, f"/control/people/{anna}/photo", within=0.1, caption="小票")
    screen = client.get(f"/control/people/{anna}").json()["screen"]
    assert [bubble["content"] for bubble in screen] == ["text", "text", "photo"]

    group = post(client, "/control/groups", title="值班群", bots=["remote_bot"], people=[anna])["group"]
    there = post(client, "/control/people", platform="telegram", group=group, name="", same_as=anna)
    assert there["chat"] == f"telegram:{group}"

    li = post(client, "/control/people", platform="wechat", name="小李")["person"]
    post(client, "/control/callback", address="http://127.0.0.1:9/wechat")
    new = post(client, f"/control/people/{li}/start", within=2)["new"]
    assert "出现故障" in new[-1]["text"]

    assert "now" in post(client, "/control/clock", move=3600)
    record = client.get("/control/transcript", params={"after": 0}).json()
    assert record["last"] == len(record["entries"]) == len(file.read_text().splitlines())


def test_wrong_use_is_told_in_words(process: tuple[httpx.Client, Path]) -> None:
    client, _ = process
    assert client.post("/control/people/p99/say", json={"text": "x"}).status_code == 400
    assert client.post("/control/faults", json={"method": "x", "kind": "nonsense"}).status_code == 400
    li = post(client, "/control/people", platform="wechat", name="小李")["person"]
    missing = client.post(f"/control/people/{li}/sees", json={"text": "x", "within": 0.01})
    assert (missing.status_code, "小李" in missing.json()["error"]) == (404, True)
