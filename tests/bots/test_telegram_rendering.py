"""What a turn looks like on Telegram, and what the platform's refusals mean for a message."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from aiogram import exceptions as aio
from aiogram.methods import SendMessage
from hypothesis import given
from hypothesis import strategies as st
from telegram import error as ptb

from bots.inbound import Inbound
from bots.reception import Answer
from bots.sending import Refused, SendFailed, TryLater, Unreachable, Unsure
from bots.talk import Talk
from bots.telegram_citizen.bot import failure_of as citizen_failure
from bots.telegram_citizen.render import TelegramReply
from bots.telegram_staff.bot import failure_of as staff_failure
from casestore.codes import Channel
from casestore.model import CitizenId
from casestore.tables import citizens, outbox
from dialogs.platforms import PLATFORMS, split
from dialogs.texts import Texts
from dialogs.tree import Option
from dialogs.turn import Say
from dialogs.words import Word
from tests.office import Office

TELEGRAM = PLATFORMS[Channel.TELEGRAM]
SENT = SendMessage(chat_id=1, text="x")


def units(text: str) -> int:
    """As the platform counts: 😀 is two."""
    return len(text.encode("utf-16-le")) // 2


def options(*labels: str) -> tuple[Option, ...]:
    return tuple(Option(f"v{number}", label) for number, label in enumerate(labels))


def said(office: Office, *says: Say, rides: bool = True, **inbound: Any) -> tuple[Talk, bytes]:
    known: dict[str, Any] = {
        "channel": Channel.TELEGRAM, "bot": "telegram:1", "key": "1", "account": "501", "raw": b"",
    }  # fmt: skip
    reply = TelegramReply(Texts.load({}), rides=rides)
    answer = Answer(Talk(), says)

    def render(tx: Any) -> tuple[Talk, bytes]:
        anna = citizens.get(tx, office.anna)
        return reply.render(tx, anna, answer, Inbound(**known | inbound), office.now)

    return office.do(render)


def owed(office: Office) -> list[dict[str, Any]]:
    """What goes out beside the response, in its order."""
    found: list[dict[str, Any]] = []
    while heads := office.do(lambda tx: outbox.heads(tx, "telegram", office.now, 10)):
        for head in heads:
            found.append(dict(head.payload))
            office.do(partial(outbox.done, message=head.id, at=office.now))
    return found


def keyboard(reply: bytes) -> list[list[dict[str, str]]]:
    found: list[list[dict[str, str]]] = json.loads(reply)["reply_markup"]["inline_keyboard"]
    return found


# ── one message, several messages ──


def test_one_message_rides_in_the_response(office: Office) -> None:
    _, reply = said(office, Say(text="您要办理哪一项？"))

    assert json.loads(reply)["method"] == "sendMessage"
    assert owed(office) == []


def test_by_polling_there_is_no_response_to_ride_in(office: Office) -> None:
    _, reply = said(office, Say(text="您要办理哪一项？"), rides=False)

    assert reply == b""
    assert [message["text"] for message in owed(office)] == ["您要办理哪一项？"]


def test_several_messages_go_out_one_after_the_other(office: Office) -> None:
    _, reply = said(office, Say(text="一"), Say(text="二"), Say(text="三"))

    assert reply == b""
    assert [message["text"] for message in owed(office)] == ["一", "二", "三"]


@pytest.mark.parametrize("letter", ["好", "x", "😀"])
def test_a_text_over_the_limit_is_sent_in_parts_with_the_buttons_below_the_last(
    office: Office, letter: str
) -> None:
    """4,096 UTF-16 units; nothing is lost, and no character is cut in half."""
    text = letter * 9000

    said(office, Say(text=text, options=options("投诉")))

    parts = owed(office)
    assert len(parts) == math.ceil(units(text) / 4096)
    assert all(units(part["text"]) <= 4096 for part in parts)
    assert "".join(part["text"] for part in parts) == text
    assert [bool(part["keyboard"]) for part in parts] == [False] * (len(parts) - 1) + [True]


def test_a_text_of_exactly_the_limit_is_one_message(office: Office) -> None:
    _, reply = said(office, Say(text="好" * 4096))

    assert json.loads(reply)["text"] == "好" * 4096


@given(st.text(alphabet="好😀a。\n ，", max_size=400), st.integers(min_value=4, max_value=60))
def test_parts_fit_and_lose_no_word(text: str, room: int) -> None:
    parts = split(text, TELEGRAM, room)

    assert all(units(part) <= room for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


# ── buttons ──


def test_every_button_has_a_token_of_its_own_and_the_talk_remembers_what_it_means(office: Office) -> None:
    talk, reply = said(office, Say(text="?", options=options("投诉", "举报", "咨询")))

    tokens = [button["callback_data"] for row in keyboard(reply) for button in row]
    assert len(set(tokens)) == 3
    assert all(len(token.encode()) <= 64 for token in tokens)
    assert [talk.menu[token] for token in tokens] == ["v0", "v1", "v2"]


def test_the_same_question_asked_again_has_other_tokens(office: Office) -> None:
    """So that a press on the older copy is known to be one."""
    first, _ = said(office, Say(text="?", options=options("投诉")))
    second, _ = said(office, Say(text="?", options=options("投诉")))

    assert not set(first.menu) & set(second.menu)


def test_short_labels_stand_two_in_a_row_and_long_ones_alone(office: Office) -> None:
    _, reply = said(office, Say(text="?", options=options("修理", "更换", "退还货款或服务费用", "赔偿")))

    rows = [[button["text"] for button in row] for row in keyboard(reply)]
    assert rows == [["修理", "更换"], ["退还货款或服务费用"], ["赔偿"]]


def test_the_words_that_always_work_stand_below(office: Office) -> None:
    talk, reply = said(office, Say(text="?", options=options("是"), words=(Word.BACK, Word.CANCEL)))

    assert [button["text"] for button in keyboard(reply)[-1]] == ["上一步", "取消"]
    assert sorted(talk.menu.values()) == ["v0", "word:back", "word:cancel"]


def test_what_is_picked_is_marked(office: Office) -> None:
    says = Say(text="?", options=options("修理", "更换"), picked=("v1",), several=True)

    _, reply = said(office, says, press="token", press_id="9", message=77)

    call = json.loads(reply)
    assert (call["method"], call["message_id"]) == ("editMessageText", 77)
    assert [button["text"] for button in keyboard(reply)[0]] == ["▫️ 修理", "✅ 更换"]


def test_a_press_is_answered_apart_from_the_talk(office: Office) -> None:
    """Its lane is its own: a slow chat does not keep the button waiting."""
    said(office, Say(text="?"), press="token", press_id="9")

    (toast,) = office.do(lambda tx: outbox.heads(tx, "telegram", office.now, 10))
    assert (toast.lane, toast.kind) == ("press:9", outbox.Kind.TOAST)
    assert toast.expires_at == office.now + timedelta(seconds=10)


def test_an_answer_without_words_leaves_the_menu_as_it_was(office: Office) -> None:
    reply = TelegramReply(Texts.load({}), rides=True)
    before = Talk(menu={"token": "v0"})
    inbound = Inbound(channel=Channel.TELEGRAM, bot="b", key="1", account="501", raw=b"")

    def render(tx: Any) -> tuple[Talk, bytes]:
        return reply.render(tx, citizens.get(tx, CitizenId(office.anna)), Answer(before), inbound, office.now)

    assert office.do(render) == (before, b"")


# ── what an error of the platform means ──

Failure = tuple[type[SendFailed], timedelta | None]


@pytest.mark.parametrize(
    ("error", "means"),
    [
        (aio.TelegramRetryAfter(SENT, "Flood", 37), (TryLater, timedelta(seconds=37))),
        (aio.TelegramAPIError(SENT, "Too Many Requests"), (TryLater, timedelta(seconds=30))),
        (aio.TelegramForbiddenError(SENT, "bot was blocked by the user"), (Unreachable, None)),
        (aio.TelegramUnauthorizedError(SENT, "Unauthorized"), (TryLater, None)),
        (aio.TelegramServerError(SENT, "Bad Gateway"), (Unsure, None)),
        (aio.TelegramNetworkError(SENT, "timeout"), (Unsure, None)),
        (aio.RestartingTelegram(SENT, "restart"), (Unsure, None)),
        (aio.TelegramNotFound(SENT, "Not Found"), (Refused, None)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_the_citizens_bot_makes_of_an_error(error: aio.TelegramAPIError, means: Failure) -> None:
    check(citizen_failure(error), means)


@pytest.mark.parametrize(
    ("make", "means"),
    [
        (lambda: ptb.RetryAfter(timedelta(seconds=37)), (TryLater, timedelta(seconds=37))),
        (lambda: ptb.TelegramError("Too Many Requests"), (TryLater, timedelta(seconds=30))),
        (lambda: ptb.Forbidden("bot was blocked by the user"), (Unreachable, None)),
        (lambda: ptb.InvalidToken("Unauthorized"), (TryLater, None)),
        (lambda: ptb.BadRequest("chat not found"), (Refused, None)),
        (lambda: ptb.NetworkError("Bad Gateway"), (Unsure, None)),
        (ptb.TimedOut, (Unsure, None)),
    ],
    ids=["flood", "bare flood", "blocked", "bad token", "bad request", "network", "timeout"],
)
def test_what_the_staff_bot_makes_of_an_error(
    monkeypatch: pytest.MonkeyPatch, make: Callable[[], ptb.TelegramError], means: Failure
) -> None:
    """To the library a BadRequest is a NetworkError too: it must not be tried for ever."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    check(staff_failure(make()), means)


def check(failure: SendFailed, means: Failure) -> None:
    kind, after = means
    assert type(failure) is kind
    assert (failure.after if isinstance(failure, TryLater) else None) == after


@pytest.mark.parametrize("failure_of", [citizen_failure, staff_failure])
def test_a_reason_holds_no_words_of_the_platform(failure_of: Callable[[Any], SendFailed]) -> None:
    """They may repeat the text or the address with the token; the reason goes to logs and cards."""
    spoken = "canary-5f1d"
    errors: list[Any] = (
        [
            kind(SENT, spoken)
            for kind in (aio.TelegramForbiddenError, aio.TelegramServerError, aio.TelegramNotFound)
        ]
        if failure_of is citizen_failure
        else [ptb.Forbidden(spoken), ptb.BadRequest(spoken), ptb.NetworkError(spoken)]
    )

    assert not any(spoken in str(failure_of(error)) for error in errors)
