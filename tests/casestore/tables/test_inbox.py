"""Every message is taken in once; a repetition gets the same bytes."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestore.errors import StoreError
from casestore.store import Tx
from casestore.tables import inbox
from tests.casestore.tables.files import done, opened
from tests.office import MONDAY, Office


def claim(office: Office, key: str = "1", bot: str = "wechat", body: bytes = b"<xml/>") -> bool:
    return office.do(lambda tx: inbox.claim(tx, bot, key, body, MONDAY))


def test_a_key_is_claimed_once(office: Office) -> None:
    assert claim(office)
    assert not claim(office)
    assert not claim(office, body=b"something else")
    assert office.do(inbox.count) == 1


def test_the_same_key_of_another_bot_is_another_message(office: Office) -> None:
    """Telegram counts update_id per bot."""
    assert claim(office, bot="telegram")
    assert claim(office, bot="staff")
    assert office.do(inbox.count) == 2


@given(st.binary(max_size=200))
def test_a_repetition_gets_what_was_answered_byte_for_byte(office: Office, reply: bytes) -> None:
    key = f"{hash(reply)}"
    claim(office, key)
    office.do(lambda tx: inbox.answer(tx, "wechat", key, reply))

    assert office.do(lambda tx: inbox.answered(tx, "wechat", key)) == reply


def test_what_was_not_answered_has_no_answer(office: Office) -> None:
    claim(office)

    assert office.do(lambda tx: inbox.answered(tx, "wechat", "1")) is None
    assert office.do(lambda tx: inbox.answered(tx, "wechat", "2")) is None


def test_an_answer_never_serves_another_message(office: Office) -> None:
    """Copied to another row it does not open."""
    for key in ("1", "2"):
        claim(office, key)
        done(office, inbox.answer, "wechat", key, key.encode())
    with opened(office) as file:
        file.execute("UPDATE inbox SET reply = (SELECT reply FROM inbox WHERE key = '1') WHERE key = '2'")

    with pytest.raises(StoreError, match="已被改动或移动"):
        office.do(lambda tx: inbox.answered(tx, "wechat", "2"))


def test_a_unit_that_fails_leaves_its_message_to_be_brought_again(office: Office) -> None:
    """Claim and answer are one transaction with what they caused."""

    def fails(tx: Tx) -> None:
        assert inbox.claim(tx, "wechat", "1", b"", MONDAY)
        raise LookupError

    with pytest.raises(LookupError):
        office.do(fails)

    assert claim(office)


async def test_of_many_bringing_the_same_message_one_is_served(office: Office) -> None:
    """WeChat sends three times when nobody answers."""
    won = await asyncio.gather(
        *(office.store.run(lambda tx: inbox.claim(tx, "wechat", "1", b"", MONDAY)) for _ in range(20))
    )

    assert sorted(won) == [False] * 19 + [True]


def test_what_could_not_be_processed_is_set_aside_with_its_fault_and_not_its_words(office: Office) -> None:
    claim(office, body="我要投诉".encode())
    claim(office, "2")
    office.do(lambda tx: inbox.quarantine(tx, "wechat", "1", "KeyError _text:42"))

    (aside,) = office.do(inbox.quarantined)
    assert (aside.bot, aside.key, aside.error, aside.received_at) == (
        "wechat",
        "1",
        "KeyError _text:42",
        MONDAY,
    )
    assert not claim(office)  # it does not come back and block the queue
