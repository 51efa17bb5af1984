"""Requests to /wechat that are wrong in one thing each, made from one that is right."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Callable

from bots.sandbox import wechat_xml
from bots.sandbox.wechat_account import WeChatAccount
from bots.sandbox.wechat_crypto import WeChatCrypto
from tests.bots.wechat_wire import OPENID, Wire

Request = tuple[dict[str, str] | str, bytes]
Forgery = Callable[[Wire], Request]


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
