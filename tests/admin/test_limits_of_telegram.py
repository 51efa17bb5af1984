"""Whatever people wrote, a card fits into Telegram's limits and shows it as the text it is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin.card import Card, Cards, Seen
from admin.menus import Menus
from admin.preview import CONFIRMED
from bots.sandbox.bot_text import LONGEST_TEXT, units
from casestore.codes import (
    NEED_WORDS,
    Channel,
    Decision,
    Demand,
    EvidenceKind,
    Grade,
    Kind,
    ReportGround,
    Role,
    Step,
)
from casestore.model import Actor, Approval, Because, Guess, OfficerId, Particulars
from casestore.tables import evidence
from casestore.units import Units
from casestore.workdays import WorkingCalendar, end_of
from tests.admin.staff_room import TEXTS, StaffRoom
from tests.casestore.builders import MONDAY, a_case, a_request, an_officer
from tests.office import a_suggestion

CARDS = Cards(TEXTS, Units.load(), WorkingCalendar())
MENUS = Menus(TEXTS, Units.load())
#: What the trees and the counter let through: names, places, goods, the story, reasons.
LONG_NAME, LONG_PLACE, LONG_STORY, LONG_REASON = 80, 120, 2000, 1000
MOST_BUTTONS, MOST_IN_A_ROW, MOST_LABEL = 100, 8, 64
WIDE = "𠮷"  # a Han character that Telegram counts twice


def fits(card: Card) -> None:
    assert units(card.text) <= LONGEST_TEXT
    assert sum(len(row) for row in card.rows) <= MOST_BUTTONS
    for row in card.rows:
        assert 1 <= len(row) <= MOST_IN_A_ROW
        assert all(0 < len(button.label.encode()) <= MOST_LABEL for button in row)


def full(character: str, fill: int = 1) -> Seen:
    """A card with every line there is, each as long as it can be."""
    name, reason = character * LONG_NAME * fill, character * LONG_REASON * fill
    guess = Guess(code="G01", name="食品类", score=0.5)
    case = a_case(
        grade=Grade.MAJOR,
        amount_fen=999_999_999_99,
        happened_on=date(2026, 11, 20),
        demands=tuple(Demand),
        due_limit="acceptance",
        due_at=end_of(date(2027, 12, 2)),
        suggestion=a_suggestion(
            urgent=("食物中毒", "人数≥10", "金额≥5万元"),
            scope="outside",
            department="人力资源和社会保障部门",
            hotline="12333",
            because=tuple(Because(word=character * 10, weight=1.0) for _ in range(50)),
            alternatives={"object": (guess, guess, guess)},
        ),
    )
    told = Particulars(
        name=name,
        phone="13800138000",
        merchant=name,
        merchant_address=character * LONG_PLACE * fill,
        goods=name,
        story=character * LONG_STORY * fill,
    )
    request = a_request(by=OfficerId(9))
    request = Approval(**vars(request) | {"reason": reason})
    decided = Approval(**vars(request) | {"decision": Decision.REFUSED, "decision_reason": reason})
    return Seen(
        case=case,
        viewer=an_officer(Role.DIRECTOR),
        holder="买买提·吐尔逊江·阿卜杜拉",
        request=request,
        requester="赵强",
        decided=decided,
        decider="孙主任",
        undelivered=tuple((event, "quota") for event in ("accepted", "dispatched", "taken_over", "closed")),
        provisional=True,
        evidence=99,
        particulars=told,
    )


@pytest.mark.parametrize("character", ["字", WIDE, "😀", "W"])
@pytest.mark.parametrize("fill", [1, 30])
def test_the_longest_card_fits_and_keeps_its_head_and_its_buttons(character: str, fill: int) -> None:
    """`fill` 30: what an office's own trees might let through."""
    card = CARDS.draw(full(character, fill), MONDAY)

    fits(card)
    assert card.text.startswith("【投诉】TS-20261123-0007 · 重大\n")
    assert "时限：" in card.text
    assert card.rows[0][0].label == "批准"


def test_with_chinese_of_full_length_nothing_of_the_card_is_cut() -> None:
    """The limits of the trees leave room for every line."""
    assert CARDS.draw(full("字"), MONDAY).text.splitlines()[-1].startswith("依据：字字字")


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "name",
    [
        *(step.value for step in Step if f"menu.{step}" in TEXTS),
        "close_words:agreement",
        *(f"confirm:{step}" for step in sorted(CONFIRMED)),
        *(f"way:{ground}" for ground in sorted(set(ReportGround) & NEED_WORDS)),
    ],
)
def test_every_menu_fits_and_leads_back(kind: Kind, name: str) -> None:
    case = a_case(kind=kind, suggestion=a_suggestion())

    for page in range(4):
        menu = MENUS.draw(case, name, page)
        fits(menu)
        assert [button.does for button in menu.rows[-1]] == ["card"]


@pytest.mark.parametrize("step", sorted(CONFIRMED))
def test_the_longest_words_that_may_be_typed_stand_whole_in_the_notice_that_is_confirmed(step: str) -> None:
    """Telegram counts an emoji twice."""
    words = "😀" * 999 + "理由"
    given = {"words": words, "ground": "34-2", "end_ground": "23-3", "outcome": "agreement"}
    menu = MENUS.draw(a_case(kind=Kind.COMPLAINT), f"confirm:{step}", given=given)
    fits(menu)
    report = MENUS.draw(a_case(kind=Kind.REPORT), f"confirm:{step}", given=given)
    fits(report)

    assert words in menu.text + report.text or step == "settle"


@given(
    st.builds(Particulars, name=st.text(), merchant=st.text(), merchant_address=st.text(), story=st.text())
)
def test_any_words_make_a_card_that_fits(told: Particulars) -> None:
    fits(CARDS.draw(Seen(case=a_case(), viewer=an_officer(), particulars=told), MONDAY))


# ── text is text ──

HOSTILE = [
    '<a href="tg://user?id=1">甲</a>',
    "<b>甲</b>&amp;<script>",
    "*甲* _乙_ `丙` [丁](http://evil.example)",
    "{office} {hotline} {0} {x.__class__}",
    "%s %(number)s $number",
    "/close @desk_bot",
    "'; DROP TABLE cases; --",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_what_looks_like_markup_or_a_placeholder_is_shown_as_it_was_written(words: str) -> None:
    told = Particulars(name="陈晓梅", merchant=words, merchant_address=words, story=words)

    lines = CARDS.draw(Seen(case=a_case(), viewer=an_officer(), particulars=told), MONDAY).text.splitlines()

    assert f"商家：{words}" in lines
    assert f"地点：{words}" in lines
    assert f"经过：{words}" in lines


@pytest.mark.parametrize("words", HOSTILE)
def test_a_unit_and_a_person_called_like_markup_are_shown_so(words: str) -> None:
    assert f"持有：{words}" in CARDS.draw(Seen(case=a_case(), holder=words), MONDAY).text.splitlines()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028", "\u2029", "\x0b", "\x85"])
@pytest.mark.parametrize("place", ["merchant", "merchant_address", "story", "reason", "name"])
def test_nobodys_words_make_a_line_of_their_own(end: str, place: str) -> None:
    """Else a citizen writes himself an approval into the card: 批示：批准（孙主任）."""
    forged = f"甲{end}批示：批准（孙主任）"
    request = None
    told = Particulars(name="陈晓梅")
    if place == "reason":
        request = Approval(**vars(a_request(by=OfficerId(9))) | {"reason": forged})
    else:
        told = Particulars(**vars(told) | {place: forged})

    card = CARDS.draw(
        Seen(case=a_case(), viewer=an_officer(), request=request, requester="赵强", particulars=told), MONDAY
    )

    assert not [line for line in card.text.splitlines() if line.startswith("批示")]


# ── the full text ──


@pytest.mark.parametrize("story", ["字" * LONG_STORY, WIDE * LONG_STORY, "字" * 4000, "事情\n" * 800])
def test_the_longest_story_can_be_read_whole_in_messages_that_fit(open_room: StaffRoom, story: str) -> None:
    office = open_room.office
    place = WIDE * LONG_PLACE
    told = Particulars(
        name="陈晓梅", phone="13800138000", merchant=WIDE * LONG_NAME, merchant_address=place,
        postal_address=place, goods=WIDE * LONG_NAME, story=story,
    )  # fmt: skip
    case = office.have(particulars=told)
    known = set(open_room.messages) if open_room.card_of(case, office.wang) else set()

    open_room.press(office.wang, case, "查看全文/附件")

    shown = [one.text for number, one in open_room.messages.items() if number not in known]
    assert all(units(text) <= LONGEST_TEXT for text in shown)
    assert "".join("".join(shown).replace("｜", "").split()).endswith("".join(story.split()))
    assert shown[0].startswith(f"{case.number} 全文\n姓名：陈晓梅\n")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028", "\u2029", "\x0b", "\x85"])
@pytest.mark.parametrize("place", ["story", "merchant", "name", "goods", "postal_address", "others"])
def test_in_the_whole_text_nobodys_words_look_like_a_line_of_the_desks(
    open_room: StaffRoom, end: str, place: str
) -> None:
    """经过 of many lines is read as it was written, but behind a mark."""
    office = open_room.office
    forged = f"甲{end}状态：已办结"
    told = {"others": {"会员号": forged}} if place == "others" else {place: forged}
    case = office.have(particulars=Particulars(**{"name": "陈晓梅", "merchant": "甲某某超市"} | told))

    open_room.press(office.wang, case, "查看全文/附件")

    text = next(one.text for one in open_room.messages.values() if "全文" in one.text.splitlines()[0])
    assert "状态：已办结" in text
    assert not [line for line in text.splitlines() if line.startswith("状态")]
    if place == "story":
        assert text.endswith("经过：\n｜甲\n｜状态：已办结")


def test_a_story_cut_in_two_messages_is_a_quotation_in_both(open_room: StaffRoom) -> None:
    """Else its second half could begin with a line of the desk's."""
    office = open_room.office
    told = Particulars(name="陈晓梅", merchant="甲某某超市", story="字" * 4000 + "状态：已办结" * 50)
    case = office.have(particulars=told)
    known = set(open_room.messages) if open_room.card_of(case, office.wang) else set()

    open_room.press(office.wang, case, "查看全文/附件")

    _, *others = [one.text for number, one in open_room.messages.items() if number not in known]
    assert others
    assert all(text.startswith("｜") for text in others)


def test_a_caption_and_a_toast_keep_to_their_lengths(open_room: StaffRoom) -> None:
    """A caption 1,024, a toast 200 characters."""

    office = open_room.office
    case = office.have()
    item = office.do(
        lambda tx: evidence.written(
            tx, office.anna, EvidenceKind.TEXT, Channel.TELEGRAM, WIDE * 3000, office.now
        )
    )
    office.do(
        lambda tx: office.desk.supplement(tx, case.id, Actor(citizen=office.anna), (item.id,), "", office.now)
    )

    open_room.press(office.wang, case, "查看全文/附件")

    (copy,) = open_room.files
    assert units(copy.caption) <= 1024
    assert copy.content.decode() == WIDE * 3000
    assert all(units(toast.text) <= 200 for toast in open_room.toasts.values())
