"""安全模式: what the desk opens and seals, against the scheme written a second time on the platform's side."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.sandbox import WeChatAccount, wechat_xml
from bots.sandbox.wechat_crypto import WeChatCrypto
from bots.wechat.callback import Callback, Keys, clock_differs
from bots.wechat.envelope import Rejected
from tests.bots.wechat_wire import Wire

ACCOUNT = WeChatAccount.fresh()
WIRE = Wire(ACCOUNT, "")
DESK = Callback(Keys(ACCOUNT.app_id, ACCOUNT.token, ACCOUNT.aes_key))


def now() -> datetime:
    return datetime.now(UTC)


@given(st.text(max_size=700))
def test_what_the_desk_seals_the_platform_opens(text: str) -> None:
    """Signature, padding, length and AppId are as the platform wants them, for any reply."""
    envelope = wechat_xml.read(DESK.seal(text, now()))
    stamp, nonce, sealed = (str(envelope[name]) for name in ("TimeStamp", "Nonce", "Encrypt"))

    assert WIRE.crypto.is_signed(str(envelope["MsgSignature"]), stamp, nonce, sealed)
    assert WIRE.crypto.decrypt(sealed) == text.encode()


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=700)
)
def test_what_the_platform_seals_the_desk_opens(text: str) -> None:
    query, body = WIRE.right(Content=text)

    assert DESK.open(query, body, now())["Content"] == text


def test_the_same_reply_is_never_sealed_twice_alike() -> None:
    """The prefix is random from a source nobody can guess, so equal replies do not show."""
    sealed = {DESK.seal("您的投诉已登记。", now()) for _ in range(50)}

    assert len(sealed) == 50


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=60), max_size=6), st.binary(max_size=300))
def test_any_query_and_any_body_are_rejected_and_nothing_else(query: dict[str, str], body: bytes) -> None:
    """Hundreds of random callbacks: the one error, never another."""
    with pytest.raises(Rejected):
        DESK.open(query, body, now())
    with pytest.raises(Rejected):
        DESK.verify_address(query)


_names = st.sampled_from(["timestamp", "nonce", "msg_signature", "signature", "encrypt_type", "openid"])


@given(st.dictionaries(_names, st.text(max_size=50), min_size=1), st.binary(max_size=100))
def test_a_right_request_with_random_parts_is_opened_or_rejected(parts: dict[str, str], tail: bytes) -> None:
    query, body = WIRE.right()
    try:
        opened = DESK.open(query | parts, body + tail, now())
    except Rejected:
        return

    assert opened["Content"] == "你好"


@given(st.binary(max_size=200))
def test_any_plaintext_under_the_right_key_is_rejected(noise: bytes) -> None:
    """Sealed and signed with our own keys, yet not a message: still the one error."""
    with pytest.raises(Rejected):
        DESK.open(*WIRE.signed(WIRE.sealed(WIRE.padded(noise))), now())


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_no_byte_of_the_ciphertext_can_be_changed(place: int, change: int) -> None:
    """The signature covers all of it."""
    query, body = WIRE.right()
    sealed = str(wechat_xml.read(body)["Encrypt"])
    spot = place % len(sealed)
    changed = sealed[:spot] + chr((ord(sealed[spot]) + change) % 128 or 65) + sealed[spot + 1 :]
    if changed == sealed:
        return

    with pytest.raises(Rejected):
        DESK.open(query, body.replace(sealed.encode(), changed.encode("utf-8")), now())


@pytest.mark.parametrize(
    ("hours", "is_taken"), [(-24.1, False), (-23.9, True), (0, True), (23.9, True), (24.1, False)]
)
def test_a_days_difference_of_the_clocks_is_the_bound(hours: float, is_taken: bool) -> None:
    query, body = WIRE.right()
    at = now() + timedelta(hours=hours)
    if is_taken:
        assert DESK.open(query, body, at)
        assert clock_differs(query, at) == pytest.approx(abs(hours) * 3600, abs=3)
    else:
        with pytest.raises(Rejected):
            DESK.open(query, body, at)


def test_the_reason_of_a_rejection_never_holds_what_was_sent() -> None:
    """It goes into the log: a fixed word, not a stranger's text."""
    canary = "canary-7f3a9"
    sealed = WIRE.crypto.encrypt(WIRE.message(Content=canary, MsgId=canary))
    reasons = []
    for query, body in (
        (WIRE.query(sealed, nonce=canary + "\n"), WIRE.envelope(sealed)),
        (WIRE.query(sealed, msg_signature=canary), WIRE.envelope(sealed)),
        (WIRE.query(sealed), f"<xml><{canary}/>".encode()),
    ):
        with pytest.raises(Rejected) as rejected:
            DESK.open(query, body, now())
        reasons.append(str(rejected.value))

    assert canary not in " ".join(reasons)


@pytest.mark.parametrize("key", ["", "x" * 42, "x" * 44, "!" * 43, "密" * 43])
def test_an_aes_key_of_another_shape_is_refused_at_the_start(key: str) -> None:
    """wechatpy asserts, and asserts vanish under `python -O`."""
    with pytest.raises(ValueError):
        Callback(Keys(ACCOUNT.app_id, ACCOUNT.token, key))


def test_another_desks_reply_is_not_ours() -> None:
    """A key of one account opens nothing of another."""
    other = WeChatAccount.fresh()
    query, body = Wire(other, "").right()
    with pytest.raises(Rejected):
        DESK.open(query, body, now())
    assert WeChatCrypto(other).signature("1") != WIRE.crypto.signature("1")


def test_opening_costs_little() -> None:
    """A callback has 5 s, the desk wants to be far below: a hundred forgeries in a fifth of a second."""
    query, body = WIRE.right()
    begun = time.perf_counter()
    for _ in range(100):
        with pytest.raises(Rejected):
            DESK.open(query | {"msg_signature": "0" * 40}, body, now())

    assert time.perf_counter() - begun < 1
