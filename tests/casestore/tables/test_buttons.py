"""What a button does lies in the store: its token says nothing, opens nothing else, and is used once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from casestore.codes import Step
from casestore.tables import buttons
from casestore.tables.buttons import BUTTON_LASTS, PROMPT_LASTS, Prompt
from tests.casestore.tables.files import done
from tests.office import MONDAY, Office

CHAT = "1001"


def made(office: Office, case_facts: dict[str, str] | None = None, chat: str = CHAT) -> tuple[str, int]:
    case = office.have()
    token = office.do(lambda tx: buttons.make(tx, case, chat, "do:dispatch", case_facts or {}, MONDAY))
    return token, case.id


def test_a_button_does_what_it_was_made_for(office: Office) -> None:
    token, case = made(office, {"unit": "FOOD", "words": "“请”"})
    button = office.do(lambda tx: buttons.find(tx, token))

    assert button is not None
    assert (button.case, button.case_version, button.chat, button.does) == (case, 1, CHAT, "do:dispatch")
    assert button.facts == {"unit": "FOOD", "words": "“请”"}
    assert button.expires_at == MONDAY + BUTTON_LASTS
    assert not button.used


def test_a_token_is_short_random_and_tells_nothing(office: Office) -> None:
    """22 characters fit Telegram's 64 bytes; 128 bits cannot be guessed."""
    case = office.have()
    tokens = [office.do(lambda tx: buttons.make(tx, case, CHAT, "do:accept", {}, MONDAY)) for _ in range(50)]

    assert len(set(tokens)) == 50
    assert {len(token) for token in tokens} == {22}
    assert not any(str(case.id) in token or "accept" in token for token in tokens)


def test_a_token_nobody_made_is_no_button(office: Office) -> None:
    token, _ = made(office)

    for forged in ("", "x" * 22, token[:-1], token.swapcase(), "do:accept:1"):
        assert done(office, buttons.find, forged) is None
        assert not done(office, buttons.use, forged, MONDAY)


async def test_of_twenty_presses_at_once_one_counts(office: Office) -> None:
    token, _ = made(office)
    won = await asyncio.gather(
        *(office.store.run(lambda tx: buttons.use(tx, token, MONDAY)) for _ in range(20))
    )

    assert sorted(won) == [False] * 19 + [True]
    button = office.do(lambda tx: buttons.find(tx, token))
    assert button is not None
    assert button.used


def test_a_button_keeps_the_chat_and_the_hour_by_which_a_foreign_or_late_press_is_told(
    office: Office,
) -> None:
    """Forwarded to a colleague it is another chat; after 30 days it is void. The counter compares."""
    token, _ = made(office, chat="1002")
    button = office.do(lambda tx: buttons.find(tx, token))

    assert button is not None
    assert (button.chat, button.expires_at - MONDAY) == ("1002", timedelta(days=30))


def test_buttons_of_versions_long_past_are_forgotten_the_last_one_is_kept_to_say_who_was_faster(
    office: Office,
) -> None:
    case = office.have()
    tokens = {
        version: done(office, buttons.make, replace(case, version=version), CHAT, "x", {}, MONDAY)
        for version in (1, 2, 3, 4)
    }
    elsewhere = office.do(lambda tx: buttons.make(tx, case, "1002", "x", {}, MONDAY))
    other, _ = made(office)

    office.do(lambda tx: buttons.drop_older(tx, replace(case, version=4), CHAT))

    left = {version for version, token in tokens.items() if done(office, buttons.find, token)}
    assert left == {3, 4}
    assert office.do(lambda tx: buttons.find(tx, elsewhere)) is not None
    assert office.do(lambda tx: buttons.find(tx, other)) is not None


# ── words a step waits for ──


def test_the_next_words_of_an_officer_are_for_what_he_was_asked(office: Office) -> None:
    case = office.have()
    prompt = Prompt(case.id, Step.DECLINE, {"ground": "16-4"})
    office.do(lambda tx: buttons.ask(tx, office.wang.id, prompt, MONDAY))

    assert office.do(lambda tx: buttons.asked(tx, office.zhao.id, MONDAY)) is None
    assert office.do(lambda tx: buttons.asked(tx, office.wang.id, MONDAY)) == prompt
    assert office.do(lambda tx: buttons.asked(tx, office.wang.id, MONDAY)) is None  # once


def test_a_newer_question_takes_the_place_of_an_older_one(office: Office) -> None:
    first, second = office.have(), office.have()
    office.do(lambda tx: buttons.ask(tx, office.wang.id, Prompt(first.id, Step.ESCALATE), MONDAY))
    office.do(lambda tx: buttons.ask(tx, office.wang.id, Prompt(second.id, Step.ANSWER, {"a": "b"}), MONDAY))

    assert office.do(lambda tx: buttons.asked(tx, office.wang.id, MONDAY)) == Prompt(
        second.id, Step.ANSWER, {"a": "b"}
    )


def test_after_half_an_hour_words_are_for_nothing_any_more(office: Office) -> None:
    case = office.have()
    for waited, answered in ((PROMPT_LASTS, True), (PROMPT_LASTS + timedelta(seconds=1), False)):
        office.do(lambda tx: buttons.ask(tx, office.wang.id, Prompt(case.id, Step.ANSWER), MONDAY))
        found = done(office, buttons.asked, office.wang.id, MONDAY + waited)
        assert (found is not None) is answered
