"""GET|POST /wechat on a real server: what the platform sends is taken in, everything else gets one 403."""

from __future__ import annotations

import base64
import os
import struct
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from itertools import count

import httpx
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from bots.sandbox import Fault, FaultKind, Kind, faults, wechat_xml
from bots.sandbox.wechat_account import WeChatAccount
from bots.sandbox.wechat_crypto import WeChatCrypto
from casestore.tables import inbox
from tests.bots.desks import WeChatDesk, a_wechat_desk
from tests.bots.wechat_wire import OPENID, Wire

pytestmark = pytest.mark.asyncio(loop_scope="module")

Request = tuple[dict[str, str] | str, bytes]
Forgery = Callable[[Wire], Request]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[WeChatDesk]:
    async with a_wechat_desk(tmp_path_factory.mktemp("desk")) as opened:
        yield opened


@pytest.fixture
def wire(desk: WeChatDesk) -> Wire:
    return Wire(desk.sandbox.wechat.account, desk.url)


@pytest.fixture
def numbers() -> Iterator[int]:
    """Fresh MsgIds."""
    return count(time.time_ns())


async def taken_in(desk: WeChatDesk) -> int:
    return await desk.do(inbox.count)


# ── what is wrong, one thing at a time ──


def _query(**changes: str | None) -> Forgery:
    """A right request with one part of its query changed or (None) left out."""

    def forged(wire: Wire) -> Request:
        sealed = wire.crypto.encrypt(wire.message())
        return wire.query(sealed, at=None, **changes), wire.envelope(sealed)

    return forged


def _signature(of: Callable[[Wire, str, str, str], str]) -> Forgery:
    """A right request whose signature `of(wire, timestamp, nonce, ciphertext)` makes."""

    def forged(wire: Wire) -> Request:
        sealed = wire.crypto.encrypt(wire.message())
        query = wire.query(sealed)
        made = of(wire, query["timestamp"], query["nonce"], sealed)
        return query | {"msg_signature": made}, wire.envelope(sealed)

    return forged


def _signed_anew(**changes: str) -> Forgery:
    """A query of another shape, under a signature that is right for it."""

    def forged(wire: Wire) -> Request:
        sealed = wire.crypto.encrypt(wire.message())
        query = wire.query(sealed) | changes
        query["msg_signature"] = wire.crypto.signature(query["timestamp"], query["nonce"], sealed)
        return query, wire.envelope(sealed)

    return forged


def _clock(hours: int) -> Forgery:
    def forged(wire: Wire) -> Request:
        sealed = wire.crypto.encrypt(wire.message())
        return wire.query(sealed, at=time.time() + hours * 3600), wire.envelope(sealed)

    return forged


def _body(made: Callable[[Wire, str], bytes]) -> Forgery:
    """The query of a right request over another body."""

    def forged(wire: Wire) -> Request:
        sealed = wire.crypto.encrypt(wire.message())
        return wire.query(sealed), made(wire, sealed)

    return forged


def _ciphertext(made: Callable[[Wire], str]) -> Forgery:
    """Rightly signed, wrongly sealed."""
    return lambda wire: wire.signed(made(wire))


def _inner(made: Callable[[Wire], bytes]) -> Forgery:
    """Rightly signed and sealed, around a message that is none."""
    return lambda wire: wire.about(made(wire))


def _field(**changes: object) -> Forgery:
    return lambda wire: wire.about(wire.message(**changes))


def _shifted(wire: Wire) -> Request:
    """One character moved from the nonce to the timestamp: the sorted, joined parts may stay the same."""
    sealed = wire.crypto.encrypt(wire.message())
    query = wire.query(sealed)
    return query | {
        "timestamp": query["timestamp"] + query["nonce"][0],
        "nonce": query["nonce"][1:],
    }, wire.envelope(sealed)


def _emptied(wire: Wire) -> Request:
    """The whole of nonce and timestamp in the nonce: the signature still holds, the shape does not."""
    sealed = wire.crypto.encrypt(wire.message())
    stamp = str(int(time.time()))
    query = wire.query(sealed) | {"timestamp": "", "nonce": stamp}
    return query | {"msg_signature": wire.crypto.signature("", stamp, sealed)}, wire.envelope(sealed)


def _plain_mode(wire: Wire) -> Request:
    query = wire.query("")
    return {name: query[name] for name in ("signature", "timestamp", "nonce", "openid")}, wire.message()


def _raw_mode(wire: Wire) -> Request:
    return wire.query("", encrypt_type="raw"), wire.message()


def _swapped(wire: Wire) -> Request:
    """The signature of one message over another."""
    first, second = wire.crypto.encrypt(wire.message()), wire.crypto.encrypt(wire.message(Content="假的"))
    return wire.query(first), wire.envelope(second)


def _other_keys(wire: Wire) -> str:
    """Sealed with a key of the forger's own."""
    account = wire.account
    fresh = WeChatAccount.fresh()
    own = WeChatAccount(app_id=account.app_id, app_secret="", token=account.token, aes_key=fresh.aes_key)
    return WeChatCrypto(own).encrypt(wire.message())


def _with_padding(ending: bytes) -> Callable[[Wire], str]:
    """The plaintext ends with `ending` instead of right padding."""

    def sealed(wire: Wire) -> str:
        plain = wire.padded(wire.plain(wire.message()))
        return wire.sealed(plain[: -len(ending)] + ending)

    return sealed


def _wrong_length(told: int) -> Callable[[Wire], str]:
    return lambda wire: wire.sealed(wire.padded(wire.plain(wire.message(), length=told)))


def _nested(depth: int) -> bytes:
    return b"<xml>" + b"<a>" * depth + b"</a>" * depth + b"</xml>"


def _many(wire: Wire) -> bytes:
    """65 elements with the root."""
    return b"<xml>" + b"".join(b"<f%d>1</f%d>" % (i, i) for i in range(64)) + b"</xml>"


def _many_beside(wire: Wire, sealed: str) -> bytes:
    return wire.envelope(sealed).replace(b"</xml>", b"".join(b"<f%d/>" % i for i in range(63)) + b"</xml>")


_LAUGHS = (
    b'<!DOCTYPE xml [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]>"
)
_FILE = b'<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
_PARAMETER = b'<!DOCTYPE xml [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x.dtd"> %x;]>'

FORGERIES: dict[str, Forgery] = {
    # the signature
    "signature wrong": _query(msg_signature="0" * 40),
    "signature empty": _query(msg_signature=""),
    "signature missing": _query(msg_signature=None),
    "signature in capitals": _signature(lambda w, *parts: w.crypto.signature(*parts).upper()),
    "signature not ASCII": _query(msg_signature="é" * 40),
    "signature in full-width digits": _query(msg_signature="１" * 40),
    "signature with a newline": _signature(lambda w, *parts: w.crypto.signature(*parts) + "\n"),
    "signature cut short": _signature(lambda w, *parts: w.crypto.signature(*parts)[:39]),
    "signature without the ciphertext": _signature(lambda w, t, n, _: w.crypto.signature(t, n)),
    "signature with another token": _signature(
        lambda w, *parts: WeChatCrypto(WeChatAccount.fresh()).signature(*parts)
    ),
    "signature of another message": _swapped,
    # the rest of the query
    "timestamp missing": _query(timestamp=None),
    "timestamp empty": _query(timestamp=""),
    "timestamp empty, signed so": _emptied,
    "timestamp in words": _signed_anew(timestamp="yesterday"),
    "timestamp negative": _signed_anew(timestamp="-1"),
    "timestamp in full-width digits": _signed_anew(timestamp="１７６３８９９２００"),
    "timestamp of 5,000 digits": _signed_anew(timestamp="1" * 5000),
    "timestamp 25 hours ago": _clock(-25),
    "timestamp in 25 hours": _clock(25),
    "timestamp zero": _signed_anew(timestamp="0"),
    "nonce missing": _query(nonce=None),
    "nonce empty": _signed_anew(nonce=""),
    "nonce with a space": _signed_anew(nonce="13 20"),
    "nonce of 65 characters": _signed_anew(nonce="1" * 65),
    "nonce not ASCII": _signed_anew(nonce="随机"),
    "characters shifted from nonce to timestamp": _shifted,
    "lone surrogate in the query": lambda w: ("timestamp=%ED%A0%80&nonce=%ED%A0%80&encrypt_type=aes", b""),
    "no query at all": lambda w: ("", w.message()),
    # the mode
    "plain mode": _plain_mode,
    "encrypt_type raw": _raw_mode,
    "encrypt_type missing": _query(encrypt_type=None),
    "encrypt_type in capitals": _query(encrypt_type="AES"),
    # the envelope
    "ciphertext changed": _body(lambda w, s: w.envelope(("B" if s[0] == "A" else "A") + s[1:])),
    "body empty": _body(lambda w, s: b""),
    "body not XML": _body(lambda w, s: b"hello"),
    "body JSON": _body(lambda w, s: b'{"Encrypt": "x"}'),
    "body in plain XML": _body(lambda w, s: w.message()),
    "body with a NUL": _body(lambda w, s: w.envelope(s).replace(b"<Encrypt>", b"\0<Encrypt>")),
    "body with an illegal character reference": _body(
        lambda w, s: w.envelope(s).replace(b"<Encrypt>", b"&#1;<Encrypt>")
    ),
    "body with an unknown entity": _body(lambda w, s: b"<xml>&boss;</xml>"),
    "body cut short": _body(lambda w, s: w.envelope(s)[:-3]),
    "body twice": _body(lambda w, s: w.envelope(s) * 2),
    "root another": _body(lambda w, s: w.envelope(s).replace(b"xml>", b"XML>")),
    "Encrypt missing": _body(lambda w, s: b"<xml><ToUserName>x</ToUserName></xml>"),
    "Encrypt empty": lambda w: w.signed(""),
    "Encrypt twice": _body(
        lambda w, s: w.envelope(s).replace(b"</xml>", b"<Encrypt>%s</Encrypt></xml>" % s.encode())
    ),
    "Encrypt nested": _body(lambda w, s: b"<xml><a><Encrypt>%s</Encrypt></a></xml>" % s.encode()),
    "root empty": _body(lambda w, s: b"<xml/>"),
    "root a text": _body(lambda w, s: b"<xml>text</xml>"),
    "attribute on Encrypt": _body(lambda w, s: w.envelope(s).replace(b"<Encrypt>", b'<Encrypt a="1">')),
    "attribute on the root": _body(lambda w, s: w.envelope(s).replace(b"<xml>", b'<xml a="1">')),
    "namespace on the root": _body(lambda w, s: w.envelope(s).replace(b"<xml>", b'<xml xmlns="x">')),
    "DOCTYPE": _body(lambda w, s: b"<!DOCTYPE xml>" + w.envelope(s)),
    "billion laughs": _body(lambda w, s: _LAUGHS + b"<xml><Encrypt>&i;</Encrypt></xml>"),
    "external entity": _body(lambda w, s: _FILE + b"<xml><Encrypt>&x;</Encrypt></xml>"),
    "parameter entity": _body(lambda w, s: _PARAMETER + w.envelope(s)),
    "five levels deep": _body(lambda w, s: w.envelope(s).replace(b"</xml>", b"<a><b><c><d/></c></b></a></xml>")),
    "10,000 levels deep": _body(lambda w, s: _nested(10_000)),
    "65 elements and more": _body(_many_beside),
    "more than 64 KiB": _body(lambda w, s: w.envelope(s) + b" " * 64 * 1024),
    "more than 64 KiB, rightly signed": lambda w: w.about(w.message(Content="x" * 64 * 1024)),
    "not UTF-8": _body(lambda w, s: w.envelope(s).replace(b"<Encrypt>", b"\xff\xfe<Encrypt>")),
    "UTF-16": _body(lambda w, s: w.envelope(s).decode().encode("utf-16")),
    "UTF-16 without a mark": _body(lambda w, s: w.envelope(s).decode().encode("utf-16-le")),
    "declared GBK, written so": _body(
        lambda w, s: '<?xml version="1.0" encoding="GBK"?><xml><a>投诉</a></xml>'.encode("gbk")
    ),
    "ToUserName of another account": lambda w: w.signed(
        sealed := w.crypto.encrypt(w.message()),
        wechat_xml.write({"ToUserName": "gh_another", "Encrypt": sealed}),
    ),
    # the ciphertext
    "base64 with junk": _ciphertext(lambda w: w.crypto.encrypt(w.message())[:-8] + "!?*&" + "AAAA"),
    "base64 with newlines": _ciphertext(lambda w: "\n".join(w.crypto.encrypt(w.message()).partition("A"))),
    "base64 of nothing": _ciphertext(lambda w: "===="),
    "not base64 at all": _ciphertext(lambda w: "加密"),
    "not whole blocks": _ciphertext(lambda w: base64.b64encode(os.urandom(50)).decode()),
    "16 random bytes": _ciphertext(lambda w: base64.b64encode(os.urandom(16)).decode()),
    "32 random bytes": _ciphertext(lambda w: base64.b64encode(os.urandom(32)).decode()),
    "padding of zero": _ciphertext(_with_padding(b"\0")),
    "padding of 33": _ciphertext(_with_padding(bytes([33]) * 33)),
    "padding of 255": _ciphertext(_with_padding(b"\xff")),
    "padding right at its end alone": _ciphertext(_with_padding(b"x\x05\x05")),
    "padding and nothing else": _ciphertext(lambda w: w.sealed(bytes([32]) * 32)),
    "no room for a length": _ciphertext(lambda w: w.sealed(w.padded(b"r" * 16 + b"abc"))),
    "AppId of another": _ciphertext(
        lambda w: w.sealed(w.padded(w.plain(w.message(), app_id="wx0000000000000000")))
    ),
    "AppId cut short": _ciphertext(
        lambda w: w.sealed(w.padded(w.plain(w.message(), app_id=w.account.app_id[:-1])))
    ),
    "AppId with more behind": _ciphertext(
        lambda w: w.sealed(w.padded(w.plain(w.message(), app_id=w.account.app_id + "x")))
    ),
    "length absurd": _ciphertext(_wrong_length(0xFFFFFFFF)),
    "length zero": _ciphertext(_wrong_length(0)),
    "length one too short": lambda w: w.signed(
        w.sealed(w.padded(w.plain(xml := w.message(), length=len(xml) - 1)))
    ),
    "sealed with another key": _ciphertext(_other_keys),
    # the message inside
    "message not UTF-8": _inner(lambda w: w.message().replace("你好".encode(), b"\xff\xfe")),
    "message not XML": _inner(lambda w: b"hello"),
    "message empty": _inner(lambda w: b""),
    "message with a DOCTYPE": _inner(lambda w: b"<!DOCTYPE xml>" + w.message()),
    "message with entities": _inner(
        lambda w: _FILE + w.message().replace("<![CDATA[你好]]>".encode(), b"&x;")
    ),
    "message with attributes": _inner(lambda w: w.message().replace(b"<Content>", b'<Content a="1">')),
    "message in depth": _inner(lambda w: w.message().replace(b"</xml>", b"<a><b><c><d/></c></b></a></xml>")),
    "message of 65 elements": _inner(_many),
    "Content twice": _inner(lambda w: w.message().replace(b"</xml>", b"<Content>2</Content></xml>")),
    "MsgType twice": _inner(lambda w: w.message().replace(b"</xml>", b"<MsgType>event</MsgType></xml>")),
    "FromUserName twice": _inner(
        lambda w: w.message().replace(b"</xml>", b"<FromUserName>oBoss00</FromUserName></xml>")
    ),
    "MsgId missing": _field(MsgId=None),
    "MsgId empty": _field(MsgId=""),
    "MsgId in words": _field(MsgId="1x"),
    "MsgId negative": _field(MsgId=-1),
    "MsgId of 5,000 digits": _field(MsgId="1" * 5000),
    "MsgId in full-width digits": _field(MsgId="１２３"),
    "MsgId with a newline": _field(MsgId="123\n"),
    "FromUserName missing": _field(FromUserName=None),
    "FromUserName empty": _field(FromUserName=""),
    "FromUserName with a newline": _field(FromUserName=OPENID + "\n"),
    "FromUserName of many lines": _field(FromUserName="o1\n2026-11-23 INFO approved"),
    "FromUserName with markup": _field(FromUserName="]]></FromUserName><MsgType>x"),
    "FromUserName too long": _field(FromUserName="o" * 65),
    "ToUserName missing": _field(ToUserName=None),
    "CreateTime missing": _field(CreateTime=None),
    "CreateTime in words": _field(CreateTime="abc"),
    "CreateTime far away": _field(CreateTime="99999999999999999"),
    "MsgType missing": _field(MsgType=None),
    "MediaId a path": _field(MsgType="image", MediaId="../../etc/passwd"),
    "MediaId an address": _field(MsgType="image", MediaId="http://169.254.169.254/"),
    "MediaId missing": _field(MsgType="voice"),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES.keys())
async def test_a_forged_or_broken_callback_gets_the_one_403(
    desk: WeChatDesk, wire: Wire, forgery: Forgery
) -> None:
    """安全模式 only, every part checked: whatever is wrong, the answer is the same and nothing is kept."""
    before = await taken_in(desk)

    answer = await wire.post(*forgery(wire))

    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (
        403,
        b"forbidden",
        "text/plain; charset=utf-8",
    )
    assert await taken_in(desk) == before


async def test_the_request_all_forgeries_are_made_from_is_taken_in(
    desk: WeChatDesk, wire: Wire, numbers: Iterator[int]
) -> None:
    """So that a forgery is refused for what is forged in it and for nothing else."""
    before = await taken_in(desk)

    answer = await wire.post(*wire.right(MsgId=next(numbers)))

    assert answer.status_code == 200
    assert "您是否已阅读并继续" in str(wire.opened(answer.content)["Content"])
    assert await taken_in(desk) == before + 1


async def test_a_body_without_an_end_is_refused_before_it_is_in_memory(desk: WeChatDesk, wire: Wire) -> None:
    """64 KiB is the most: what streams on is cut off, also where no length is announced."""
    query, _ = wire.right()

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"<xml>" + b" " * 8192

    async with httpx.AsyncClient(verify=False) as http:
        answer = await http.post(f"{desk.url}/wechat", params=query, content=endless())

    assert (answer.status_code, answer.content) == (403, b"forbidden")


async def test_random_bodies_never_make_a_server_error(desk: WeChatDesk, wire: Wire) -> None:
    """Whatever comes, the desk says 403 and goes on."""
    before = await taken_in(desk)
    statuses = set()
    for _ in range(60):
        noise = os.urandom(struct.unpack("B", os.urandom(1))[0] * 8)
        query, _ = wire.right()
        statuses.add((await wire.post(query, noise)).status_code)
        statuses.add((await wire.post(query | {"nonce": noise.decode("latin-1")}, noise)).status_code)

    assert statuses == {403}
    assert await taken_in(desk) == before


# ── a clock that is wrong ──


@pytest.mark.parametrize("hours", [-3, 3, 23])
async def test_a_clock_that_is_hours_wrong_loses_no_complaint_but_raises_an_alarm(
    desk: WeChatDesk, wire: Wire, numbers: Iterator[int], hours: int
) -> None:
    """±24 h are taken: a station's clock may be wrong, and replays are stopped by the inbox key."""
    sealed = wire.crypto.encrypt(wire.message(MsgId=next(numbers)))

    with capture_logs() as logged:
        answer = await wire.post(wire.query(sealed, at=time.time() + hours * 3600), wire.envelope(sealed))

    assert answer.status_code == 200
    alarms = [line for line in logged if line["event"] == "clock-differs"]
    assert [line["log_level"] for line in alarms] == ["error"]


async def test_a_clock_that_is_right_raises_no_alarm(
    desk: WeChatDesk, wire: Wire, numbers: Iterator[int]
) -> None:
    with capture_logs() as logged:
        await wire.post(*wire.right(MsgId=next(numbers)))

    assert not [line for line in logged if line["event"] == "clock-differs"]


# ── the console's check of the address ──


async def test_the_address_is_verified_by_its_echo(desk: WeChatDesk) -> None:
    assert await desk.sandbox.wechat.verify()


@pytest.mark.parametrize(
    "change", [{"signature": "0" * 40}, {"signature": ""}, {"nonce": ""}, {"timestamp": "x"}]
)
async def test_nobody_else_gets_an_echo(desk: WeChatDesk, wire: Wire, change: dict[str, str]) -> None:
    """Nothing that a stranger sends is echoed."""
    query = wire.query("") | {"echostr": "<script>1</script>"} | change
    async with httpx.AsyncClient(verify=False) as http:
        answer = await http.get(f"{desk.url}/wechat", params=query)

    assert (answer.status_code, answer.content) == (403, b"forbidden")


# ── once ──


async def test_a_message_sent_again_gets_the_same_bytes(
    desk: WeChatDesk, wire: Wire, numbers: Iterator[int]
) -> None:
    """WeChat repeats after 5 s: the stored reply is returned byte for byte, and nothing happens twice."""
    number = next(numbers)
    before = await taken_in(desk)

    answers = [await wire.post(*wire.right(MsgId=number, Content="进度")) for _ in range(3)]

    assert len({answer.content for answer in answers}) == 1
    assert answers[0].content.startswith(b"<xml>")
    assert await taken_in(desk) == before + 1


async def test_a_thousand_replays_are_one_message(
    desk: WeChatDesk, wire: Wire, numbers: Iterator[int]
) -> None:
    """T-03, in the small: the same request over and over, also under a new nonce."""
    query, body = wire.right(MsgId=next(numbers))
    sealed = str(wechat_xml.read(body)["Encrypt"])
    before = await taken_in(desk)
    async with httpx.AsyncClient(verify=False) as http:
        for number in range(100):
            again = wire.query(sealed, nonce=f"n{number}")
            again["msg_signature"] = wire.crypto.signature(again["timestamp"], again["nonce"], sealed)
            asked = query if number % 2 else again
            assert (await http.post(f"{desk.url}/wechat", params=asked, content=body)).status_code == 200

    assert await taken_in(desk) == before + 1


async def test_a_reply_that_was_not_heard_is_given_again(desk: WeChatDesk) -> None:
    """Through the platform's own three tries: one reply is shown, one message was taken in."""
    anna = desk.phone()
    await anna.start(until="您是否已阅读")
    before = await taken_in(desk)
    desk.sandbox.faults.ask(faults.WECHAT_CALLBACK, Fault.timeout(), times=2)

    await anna.say("1", until="您要办理哪一项")

    assert await taken_in(desk) == before + 1
    assert [bubble.text for bubble in anna.screen if bubble.from_desk].count(anna.last.text) == 1
    tries = [e for e in desk.sandbox.transcript.after(anna.mark) if e.kind is Kind.PUSH]
    assert len(tries) == 3


async def test_twins_that_arrive_together_are_one(desk: WeChatDesk) -> None:
    """The same message twice at the same moment."""
    anna = desk.phone()
    await anna.start(until="您是否已阅读")
    before = await taken_in(desk)
    desk.sandbox.faults.ask(faults.WECHAT_CALLBACK, Fault(kind=FaultKind.TWICE))

    await anna.say("1", until="您要办理哪一项")

    assert await taken_in(desk) == before + 1


# ── events ──


def _event(wire: Wire, at: int, event: str, key: str, person: str = OPENID) -> tuple[dict[str, str], bytes]:
    xml = wechat_xml.write(
        {
            "ToUserName": wire.account.original_id,
            "FromUserName": person,
            "CreateTime": at,
            "MsgType": "event",
            "Event": event,
            "EventKey": key,
        }
    )
    return wire.about(xml)


async def test_two_menu_clicks_in_one_second_are_two(desk: WeChatDesk, wire: Wire) -> None:
    """Events have no MsgId: person, second, event and key tell them apart, and the same again is the same."""
    now = int(time.time())
    before = await taken_in(desk)

    for event, key in (
        ("CLICK", "MENU_PROGRESS"),
        ("CLICK", "MENU_HELP"),
        ("CLICK", "MENU_PROGRESS"),
        ("VIEW", "MENU_HELP"),
    ):
        assert (await wire.post(*_event(wire, now, event, key))).status_code == 200

    assert await taken_in(desk) == before + 3


@pytest.mark.parametrize(
    "other",
    [{"at": timedelta(seconds=1)}, {"event": "scan"}, {"key": "MENU_HELP"}, {"person": "oOther_person_1"}],
)
async def test_an_event_is_known_by_person_second_event_and_key(
    desk: WeChatDesk, wire: Wire, other: dict[str, object]
) -> None:
    """Any one of the four different: another event."""
    second = time.time_ns() // 1000 % 10**9 + 10**9  # an own second for each case
    first = {"at": second, "event": "click", "key": "MENU_PROGRESS", "person": OPENID}
    changed = dict(first) | other
    if isinstance(changed["at"], timedelta):
        changed["at"] = second + 1
    before = await taken_in(desk)

    for fields in (first, changed, first, changed):
        await wire.post(*_event(wire, **fields))  # type: ignore[arg-type]

    assert await taken_in(desk) == before + 2


async def test_a_menu_entry_says_its_words_for_the_citizen(desk: WeChatDesk) -> None:
    anna = desk.phone()
    await anna.start(until="您是否已阅读")

    sent = await anna.user.press_menu("MENU_PROGRESS")

    assert sent.reply is not None
    assert "还没有登记过的事项" in sent.reply.text


async def test_a_delivery_report_is_acknowledged_and_not_answered(desk: WeChatDesk, wire: Wire) -> None:
    answer = await wire.post(*_event(wire, int(time.time()), "TEMPLATESENDJOBFINISH", ""))

    assert (answer.status_code, answer.content) == (200, b"")
