"""POST /telegram/citizen and /telegram/staff: who does not know the word of the door does not come in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr

from bots.demo.stage import Stage
from casestore.tables import inbox
from tests.bots.desks import a_stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

HEADER = "X-Telegram-Bot-Api-Secret-Token"
STAFF_WORD = "another-word-for-the-staff-0123456789"
DOORS = ("citizen", "staff")
_numbers = count(700_000_000)


@dataclass
class Asked:
    """A request that is right until something in it is forged."""

    door: str
    word: str
    other_word: str
    method: str = "POST"
    path: str = ""
    headers: list[tuple[str, bytes]] = field(default_factory=list)
    body: bytes = b""

    def without(self, name: str) -> Asked:
        self.headers = [header for header in self.headers if header[0] != name]
        return self

    def with_header(self, name: str, value: str | bytes) -> Asked:
        self.without(name).headers.append((name, value if isinstance(value, bytes) else value.encode()))
        return self


def an_update(**changes: Any) -> dict[str, Any]:
    person = {"id": 7_000_000_001, "is_bot": False, "first_name": "安娜"}
    message = {
        "message_id": 1,
        "from": person,
        "chat": {"id": person["id"], "type": "private", "first_name": "安娜"},
        "date": 1_763_899_200,
        "text": "你好",
    }
    return {"update_id": next(_numbers), "message": message} | changes


def as_bytes(update: object) -> bytes:
    return json.dumps(update, ensure_ascii=False).encode()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """Two doors with two words."""
    folder = tmp_path_factory.mktemp("desk")
    async with a_stage(folder, telegram_staff_secret=SecretStr(STAFF_WORD)) as staged:
        yield staged


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def http(desk: Stage) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(verify=False, base_url=desk.url) as client:
        yield client


@pytest.fixture(params=DOORS)
def asked(request: pytest.FixtureRequest, desk: Stage) -> Iterator[Asked]:
    settings = desk.house.settings
    words = {
        "citizen": settings.telegram_citizen_secret.get_secret_value(),
        "staff": settings.telegram_staff_secret.get_secret_value(),
    }
    right = Asked(request.param, words.pop(request.param), words.popitem()[1])
    right.path, right.body = f"/telegram/{request.param}", as_bytes(an_update())
    yield right.with_header(HEADER, right.word).with_header("Content-Type", "application/json")


async def send(http: httpx.AsyncClient, asked: Asked) -> httpx.Response:
    headers = [(name.encode(), value) for name, value in asked.headers]
    return await http.request(asked.method, asked.path, headers=headers, content=asked.body)


async def taken_in(desk: Stage) -> int:
    return await desk.house.store.run(inbox.count)


# ── what is wrong, one thing at a time ──

Forgery = Callable[[Asked], Asked]


def _word(of: Callable[[Asked], str | bytes]) -> Forgery:
    return lambda asked: asked.with_header(HEADER, of(asked))


def _kind(kind: str) -> Forgery:
    return lambda asked: asked.with_header("Content-Type", kind)


def _body(body: bytes) -> Forgery:
    def forged(asked: Asked) -> Asked:
        asked.body = body
        return asked

    return forged


def _number(number: str) -> Forgery:
    """An update with this as its update_id, as it is written in JSON."""
    return _body(b'{"message": {}, "update_id": %s}' % number.encode())


def _by(method: str) -> Forgery:
    def forged(asked: Asked) -> Asked:
        asked.method = method
        return asked

    return forged


def _at(path: Callable[[str], str]) -> Forgery:
    def forged(asked: Asked) -> Asked:
        asked.path = path(asked.path)
        return asked

    return forged


def _twice(asked: Asked) -> Asked:
    asked.headers.insert(0, (HEADER, b"wrong-word-0123456789-0123456789-ab"))
    return asked


def _in_the_address(asked: Asked) -> Asked:
    asked.path += f"?secret_token={asked.word}&{HEADER}={asked.word}"
    return asked.without(HEADER)


FORGERIES: dict[str, tuple[int, Forgery]] = {
    # the word
    "no word": (401, lambda asked: asked.without(HEADER)),
    "an empty word": (401, _word(lambda asked: "")),
    "a wrong word": (401, _word(lambda asked: "0" * len(asked.word))),
    "the word without its end": (401, _word(lambda asked: asked.word[:-1])),
    "the word without its beginning": (401, _word(lambda asked: asked.word[1:])),
    "the word and more": (401, _word(lambda asked: asked.word + "0")),
    "the word twice over": (401, _word(lambda asked: asked.word * 2)),
    "the word in capitals": (401, _word(lambda asked: asked.word.upper())),
    "the word with its last letter changed": (401, _word(lambda asked: asked.word[:-1] + "~")),
    "the word in quotes": (401, _word(lambda asked: f'"{asked.word}"')),
    "a word not ASCII": (401, _word(lambda asked: "投诉".encode() * 6)),
    "a word not UTF-8": (401, _word(lambda asked: b"\xff" * 35)),
    "an endless word": (401, _word(lambda asked: "x" * 30_000)),
    "the word of the other door": (401, _word(lambda asked: asked.other_word)),
    "a wrong word before the right one": (401, _twice),
    "the word in the address": (401, _in_the_address),
    "the word as a password": (
        401,
        lambda asked: asked.without(HEADER).with_header("Authorization", f"Bearer {asked.word}"),
    ),
    "the word under another name": (
        401,
        lambda asked: asked.without(HEADER).with_header("X-Telegram-Bot-Api-Secret", asked.word),
    ),
    # method and address
    "GET": (405, _by("GET")),
    "HEAD": (405, _by("HEAD")),
    "PUT": (405, _by("PUT")),
    "PATCH": (405, _by("PATCH")),
    "DELETE": (405, _by("DELETE")),
    "OPTIONS": (405, _by("OPTIONS")),
    "no door": (404, _at(lambda path: "/telegram")),
    "a third door": (404, _at(lambda path: "/telegram/boss")),
    "behind the door": (404, _at(lambda path: f"{path}/1")),
    "the door in capitals": (404, _at(str.upper)),
    "two slashes": (404, _at(lambda path: path.replace("/telegram", "/telegram/"))),
    # the kind of body
    "no content type": (415, lambda asked: asked.without("Content-Type")),
    "a form": (415, _kind("application/x-www-form-urlencoded")),
    "a text": (415, _kind("text/plain")),
    "nearly JSON": (415, _kind("application/jsonp")),
    "XML": (415, _kind("text/xml")),
    # the body
    "nothing": (400, _body(b"")),
    "no JSON": (400, _body(b"hello")),
    "XML in a JSON body": (400, _body(b"<xml/>")),
    "JSON cut short": (400, _body(as_bytes(an_update())[:-2])),
    "two updates": (400, _body(as_bytes(an_update()) * 2)),
    "a list": (400, _body(b"[]")),
    "a list of updates": (400, _body(as_bytes([an_update()]))),
    "null": (400, _body(b"null")),
    "a number": (400, _body(b"5")),
    "a string": (400, _body(b'"update_id"')),
    "an update without a number": (400, _body(b'{"message": {}}')),
    "an empty update": (400, _body(b"{}")),
    "null for a number": (400, _number("null")),
    "true for a number": (400, _number("true")),
    "a number in quotes": (400, _number('"5"')),
    "a fraction for a number": (400, _number("5.0")),
    "not a number": (400, _number("NaN")),
    "a number below zero": (400, _number("-1")),
    "a number beyond 63 bits": (400, _number(str(2**63))),
    "a number of 5,000 digits": (400, _number("1" * 5000)),
    "a list for a number": (400, _number("[5]")),
    "the number twice, the second wrong": (400, _body(b'{"update_id": 5, "update_id": "x"}')),
    "not UTF-8": (400, _body(b'{"update_id": 5, "x": "\xff\xfe"}')),
    "100,000 levels deep": (400, _body(b'{"update_id": 5, "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}")),
    "more than 256 KiB": (400, _body(as_bytes(an_update(x="y" * 256 * 1024)))),
}


@pytest.mark.parametrize(("status", "forgery"), FORGERIES.values(), ids=FORGERIES.keys())
async def test_a_forged_or_broken_update_is_refused_and_not_kept(
    desk: Stage, http: httpx.AsyncClient, asked: Asked, status: int, forgery: Forgery
) -> None:
    """The answer says which kind of wrong it is and nothing else."""
    before = await taken_in(desk)

    answer = await send(http, forgery(asked))

    assert answer.status_code == status
    assert len(answer.content) < 40, "nothing is told to a stranger"
    assert "Traceback" not in answer.text
    assert await taken_in(desk) == before


async def test_the_request_all_forgeries_are_made_from_is_taken_in(
    desk: Stage, http: httpx.AsyncClient, asked: Asked
) -> None:
    """So that a forgery is refused for what is forged in it and for nothing else."""
    before = await taken_in(desk)

    answer = await send(http, asked)

    assert answer.status_code == 200
    assert await taken_in(desk) == before + 1


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
async def test_json_is_json_however_it_is_written(
    desk: Stage, http: httpx.AsyncClient, asked: Asked, kind: str
) -> None:
    before = await taken_in(desk)

    assert (await send(http, asked.with_header("Content-Type", kind))).status_code == 200
    assert await taken_in(desk) == before + 1


async def test_a_body_without_an_end_is_cut_off(desk: Stage, http: httpx.AsyncClient, asked: Asked) -> None:
    """256 KiB is the most, also where no length is announced."""
    before = await taken_in(desk)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b'{"update_id": 1, "x": "' + b"x" * 8192

    headers = [(name.encode(), value) for name, value in asked.headers]
    answer = await http.post(asked.path, headers=headers, content=endless())

    assert answer.status_code == 400
    assert await taken_in(desk) == before


# ── what knows the word but is no message ──


async def test_an_update_of_an_unknown_shape_is_kept_aside_and_acknowledged(
    desk: Stage, http: httpx.AsyncClient, asked: Asked
) -> None:
    """It would be sent again and again otherwise; a person can look at it."""
    update = an_update(message={"message_id": "one", "chat": 5})
    asked.body = as_bytes(update)
    before = await taken_in(desk)

    answer = await send(http, asked)

    assert (answer.status_code, answer.content) == (200, b"")
    assert await taken_in(desk) == before + 1
    if asked.door == "citizen":
        kept = await desk.house.store.run(inbox.quarantined)
        assert (kept[-1].key, kept[-1].error) == (str(update["update_id"]), "Unparsable")


@pytest.mark.parametrize(
    "update",
    [
        {"message": None, "poll": {"id": "1"}},
        {"message": None, "something_new": {"of": "2027"}},
        {"message": None},
    ],
    ids=["a poll", "a kind of 2027", "nothing in it"],
)
async def test_an_update_the_desk_did_not_ask_for_is_acknowledged_in_silence(
    http: httpx.AsyncClient, asked: Asked, update: dict[str, Any]
) -> None:
    asked.body = as_bytes({key: value for key, value in an_update(**update).items() if value is not None})

    answer = await send(http, asked)

    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "text", ["\ud800", "\x00\x01", "\u202e" * 50, "😀" * 3000, "'; DROP TABLE inbox; --"]
)
async def test_no_text_makes_a_server_error(http: httpx.AsyncClient, asked: Asked, text: str) -> None:
    """Half a character, control characters, more than fits: taken in and answered like any other."""
    update = an_update()
    update["message"]["text"] = text
    asked.body = json.dumps(update).encode()

    assert (await send(http, asked)).status_code == 200


async def test_a_chat_the_citizens_bot_was_pulled_into_hears_nothing(
    desk: Stage, http: httpx.AsyncClient
) -> None:
    """Only private chats are the citizens'."""
    right = desk.house.settings.telegram_citizen_secret.get_secret_value()
    for kind in ("group", "supergroup", "channel"):
        update = an_update()
        update["message"]["chat"] = {"id": -5, "type": kind, "title": "群"}
        answer = await http.post("/telegram/citizen", json=update, headers={HEADER: right})
        assert (answer.status_code, answer.content) == (200, b"")
