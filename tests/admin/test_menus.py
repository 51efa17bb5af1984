"""What a step asks before it is done: grounds, units by page, outcomes, the usual reasons or own words."""

from __future__ import annotations

import pytest

from admin.card import Button, Card
from admin.menus import NEEDS_WORDS, OUTCOMES, Menus
from casestore.codes import Ground, Kind, Outcome, Status, Step
from casestore.lifecycle import TABLE, names_an_outcome, says_why
from casestore.model import Case, Guess
from casestore.units import INTAKE, Units
from tests.admin.staff_room import TEXTS
from tests.casestore.builders import a_case
from tests.office import a_suggestion

UNITS = Units.load()
MENUS = Menus(TEXTS, UNITS)


def buttons(card: Card) -> list[Button]:
    """Without the way back."""
    assert [button.label for button in card.rows[-1]] == ["返回"]
    return [button for row in card.rows[:-1] for button in row]


def pages_of(case: Case) -> list[list[Button]]:
    """The pages of the units' menu, walked by its own button until it starts again."""
    pages: list[list[Button]] = []
    page = 0
    while True:
        found = buttons(MENUS.draw(case, "dispatch", page))
        if pages and found == pages[0]:
            return pages
        pages.append(found)
        page = int(found[-1].facts["page"])


def test_a_menu_names_the_case_it_is_for() -> None:
    for step in ("decline", "dispatch", "close", "recuse", "escalate"):
        assert MENUS.draw(a_case(), step).text.startswith("【投诉】TS-20261123-0007\n")


# ── 不予受理 ──


def test_the_seven_grounds_of_article_16_are_offered_and_nothing_else() -> None:
    """C3: nothing else declines a complaint."""
    found = buttons(MENUS.draw(a_case(), "decline"))

    assert [button.does for button in found[:6]] == [
        f"menu:confirm:decline:16-{number}" for number in range(1, 7)
    ]
    assert (found[6].does, found[6].facts) == ("ask:decline", {"ground": "16-7"})
    assert len(found) == 7


def test_the_grounds_are_written_out_above_their_short_buttons() -> None:
    menu = MENUS.draw(a_case(), "decline")

    for number, numeral in enumerate("一二三四五六七", 1):
        assert TEXTS.name("ground", f"16-{number}") in menu.text
        assert f"第十六条第{numeral}项" in menu.text
        assert menu.rows[number - 1][0].label.startswith(f"{numeral} ")
    assert "第三十九条" in menu.text


# ── 分派 ──


def test_the_suggested_unit_comes_first_and_is_marked() -> None:
    """S4-4.2: the rule proposes, the officer decides."""
    first, *others = buttons(MENUS.draw(a_case(suggestion=a_suggestion()), "dispatch"))

    assert (first.label, first.facts) == ("食品生产流通安全监督管理科（建议）", {"unit": "FOOD"})
    assert not [button for button in others if "建议" in button.label]


def test_every_unit_of_the_bureau_is_offered_once_over_the_pages() -> None:
    """Not the centre itself, and nobody outside the bureau (art. 41)."""
    units = [
        button.facts["unit"]
        for page in pages_of(a_case(suggestion=a_suggestion()))
        for button in page
        if button.does == "do:dispatch"
    ]

    assert sorted(units) == sorted(unit.code for unit in UNITS)
    assert INTAKE not in units
    assert not {"EXTERNAL", "COURT"} & set(units)


def test_the_pages_tell_where_one_is_and_go_round() -> None:
    case = a_case(suggestion=a_suggestion())
    count = len(pages_of(case))

    assert count == 3
    for page in range(count):
        assert f"（{page + 1}/{count}）" in MENUS.draw(case, "dispatch", page).text
    assert MENUS.draw(case, "dispatch", count) == MENUS.draw(case, "dispatch", 0)


@pytest.mark.parametrize("code", ["", "NO_SUCH_UNIT", "EXTERNAL"])
def test_without_a_usable_suggestion_the_units_stand_in_the_offices_order(code: str) -> None:
    nowhere = a_suggestion(unit=Guess(code=code, name="", score=0.0))

    for case in (a_case(suggestion=nowhere), a_case(suggestion=None)):
        offered = [button.facts["unit"] for button in buttons(MENUS.draw(case, "dispatch"))[:-1]]
        assert offered == [unit.code for unit in UNITS][:6]
        assert "建议" not in str(MENUS.draw(case, "dispatch"))


def test_an_office_of_few_units_has_one_page_without_a_next_one() -> None:
    few = Menus(TEXTS, Units(list(UNITS)[:3]))

    assert [button.does for button in buttons(few.draw(a_case(), "dispatch"))] == ["do:dispatch"] * 3


# ── 办结 ──


@pytest.mark.parametrize(
    ("kind", "outcomes"),
    [
        (Kind.COMPLAINT, ["达成调解协议", "双方自行和解", "终止调解"]),
        (Kind.REPORT, ["查证属实并处理"]),
    ],
)
def test_each_kind_ends_in_its_own_ways(kind: Kind, outcomes: list[str]) -> None:
    """A report is investigated, never mediated."""
    assert [button.label for button in buttons(MENUS.draw(a_case(kind=kind), "close"))] == outcomes


def test_the_chosen_outcome_stays_chosen_while_its_words_are_asked() -> None:
    for outcome in OUTCOMES[Kind.COMPLAINT]:
        found = buttons(MENUS.draw(a_case(Status.MEDIATING), f"close_words:{outcome}"))
        assert all(button.does == f"menu:confirm:close:{outcome}:{button.label}" for button in found[:-1])
        assert (found[-1].does, found[-1].facts) == ("ask:close", {"outcome": outcome})


@pytest.mark.parametrize("kind", OUTCOMES)
def test_every_outcome_has_its_usual_words(kind: Kind) -> None:
    for outcome in OUTCOMES[kind]:
        assert len(buttons(MENUS.draw(a_case(kind=kind), f"close_words:{outcome}"))) > 1


def test_a_confirmation_hands_over_what_was_chosen_and_nothing_else() -> None:
    """Also words with a colon in them: an office writes its own."""
    (declining,) = buttons(MENUS.draw(a_case(), "confirm:decline:16-4"))
    (closing,) = buttons(MENUS.draw(a_case(), "confirm:close:settled:退款：128元 12:30"))

    assert (declining.does, declining.facts) == ("do:decline", {"ground": "16-4"})
    assert (closing.does, closing.facts) == ("do:close", {"outcome": "settled", "words": "退款：128元 12:30"})


def test_every_way_a_case_is_closed_with_is_offered_for_a_kind() -> None:
    """No outcome is forgotten where the table asks for one."""
    closing = {kind for row in TABLE if names_an_outcome in row.guards for kind in row.kinds}

    assert set(OUTCOMES) == closing
    offered = {outcome for outcomes in OUTCOMES.values() for outcome in outcomes}
    assert offered == set(Outcome) - {Outcome.ANSWERED, Outcome.NOT_FILED}


# ── words ──


def test_every_step_that_must_say_why_asks_for_words() -> None:
    asking = {row.step for row in TABLE if says_why in row.guards}

    assert asking <= NEEDS_WORDS
    assert {Step.ESCALATE, Step.APPROVE, Step.REFUSE} <= NEEDS_WORDS


@pytest.mark.parametrize("step", sorted(NEEDS_WORDS - {Step.ANSWER}))
def test_the_usual_reasons_are_one_press_and_other_words_are_typed(step: Step) -> None:
    *usual, other = buttons(MENUS.draw(a_case(), step))

    assert usual
    assert {button.does for button in usual} == {f"do:{step}"}
    assert [button.facts for button in usual] == [{"words": button.label} for button in usual]
    assert (other.label, other.does) == ("其他（请输入）", f"ask:{step}")


def test_a_recusal_is_asked_for_once_more() -> None:
    """S7-5b: it cannot be taken back."""
    menu = MENUS.draw(a_case(), "recuse")

    assert "不能再办理或查看" in menu.text
    assert [(button.label, button.does) for button in buttons(menu)] == [("回避", "do:recuse")]


def test_the_grounds_and_the_buttons_speak_of_the_same_list() -> None:
    shown = [button.label for button in buttons(MENUS.draw(a_case(), "decline"))]

    assert shown == [TEXTS.name("ground_short", ground) for ground in Ground]
