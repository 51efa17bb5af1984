"""From what is owed to what is shown: true when it goes out, edited in place, gone where it must go."""

from __future__ import annotations

import pytest

from admin.showing import Shown
from casestore import notices
from casestore.codes import ApprovalKind, Channel, EvidenceKind, EvidenceState, Role, Status, Step
from casestore.model import Actor, Evidence, EvidenceId
from casestore.notices import To
from casestore.store import Tx
from casestore.tables import evidence, officers, outbox, posts
from casestore.tables.outbox import Draft
from tests.admin.staff_room import StaffRoom, a_person
from tests.office import DUTY_GROUP, FOOD, Office


def test_a_new_case_is_shown_to_the_duty_group_and_to_every_officer(room: StaffRoom) -> None:
    office = room.office
    case = office.have()

    assert room.card(case).text.startswith(f"【投诉】{case.number}")
    assert room.card_of(case, office.wang).text == room.card_of(case, office.zhao).text
    assert not room.has_card(case, office.li)
    assert not room.has_card(case, office.sun)


def test_a_card_is_edited_where_it_stands_and_not_sent_again(room: StaffRoom) -> None:
    office = room.office
    case = office.have()
    before = room.card(case)

    office.take(case, Step.ACCEPT, office.wang)

    assert room.card(case).number == before.number
    assert "状态：已受理" in room.card(case).text
    assert [one.number for one in room.messages.values() if one.chat == DUTY_GROUP] == [before.number]


def test_a_card_shows_what_is_true_when_it_goes_out(room: StaffRoom) -> None:
    """Owed when the case was new, sent when it was accepted already."""
    office = room.office
    case = office.have()
    office.take(case, Step.ACCEPT, office.wang)

    room.deliver()

    assert all("已受理" in shown.text for shown in room.history if case.number in shown.text)
    assert "分派" in room.card(case).labels


def test_a_card_whose_message_was_deleted_is_sent_anew(room: StaffRoom) -> None:
    office = room.office
    case = office.have()
    before = room.card(case)
    post = office.do(lambda tx: posts.at(tx, case.id, DUTY_GROUP))
    assert post is not None
    office.do(lambda tx: posts.sent(tx, post.id, None))

    office.take(case, Step.ACCEPT, office.wang)

    assert room.card(case).number != before.number
    assert "状态：已受理" in room.card(case).text


def test_a_card_opened_again_stands_at_the_end_of_the_chat_and_is_the_one_that_changes(
    room: StaffRoom,
) -> None:
    office = room.office
    case = office.have()
    before = room.card_of(case, office.wang)

    again = room.open(case, office.wang)
    office.take(case, Step.ACCEPT, office.zhao)

    assert again.number > before.number
    assert "状态：已受理" in room.card_of(case, office.wang).text
    assert room.card_of(case, office.wang).number == again.number


def test_every_button_is_a_token_of_22_characters_that_says_nothing(room: StaffRoom) -> None:
    """Telegram lets through 64 bytes; ours are random (design 8)."""
    case = room.office.have()

    tokens = [token for row in room.card(case).keyboard for _, token in row]

    assert len(set(tokens)) == len(tokens) > 0
    for token in tokens:
        assert len(token) == 22
        assert token.isascii()
        assert str(case.id) not in token


def test_the_same_card_in_two_chats_has_no_token_in_common(room: StaffRoom) -> None:
    case = room.office.have()
    tokens = [
        {token for row in card.keyboard for _, token in row}
        for card in (
            room.card(case),
            room.card_of(case, room.office.wang),
            room.card_of(case, room.office.zhao),
        )
    ]

    assert not tokens[0] & tokens[1] | tokens[1] & tokens[2] | tokens[0] & tokens[2]


# ── cards that must go ──


def test_the_card_of_a_recused_officer_goes_and_what_stood_there_is_covered(room: StaffRoom) -> None:
    """S7-5b."""
    office = room.office
    case = office.have()
    stood = room.card_of(case, office.zhao)

    office.do(lambda tx: office.desk.recuse(tx, case.id, Actor(officer=office.zhao), office.now))
    room.deliver()

    assert not room.has_card(case, office.zhao)
    assert room.messages[stood.number].text == "您已回避此件，卡片已移除。"
    assert room.messages[stood.number].keyboard == ()
    assert "受理" in room.card_of(case, office.wang).labels


def test_the_card_of_a_suspended_officer_goes_with_the_next_change(room: StaffRoom) -> None:
    office = room.office
    case = office.have()
    stood = room.card_of(case, office.zhao)
    office.do(lambda tx: officers.suspend(tx, office.zhao.id))

    office.take(case, Step.ACCEPT, office.wang)
    room.deliver()

    assert room.messages[stood.number].text == "此件已不在您这里办理，卡片已移除。"
    assert not room.has_card(case, office.zhao)


def test_a_returned_case_leaves_the_chats_of_the_unit(room: StaffRoom) -> None:
    """Art. 41: it goes back to the centre; the unit has no more to do with it."""
    office = room.office
    head = a_person(office, "吴科长", Role.UNIT_HEAD, "1012", FOOD)
    case = office.dispatched()
    stood = [room.card_of(case, one) for one in (office.li, head)]

    office.take(case, Step.RETURN, office.li, words="不属于本单位职责")
    room.deliver()

    for card in stood:
        assert room.messages[card.number].text == "此件已不在您这里办理，卡片已移除。"
        assert room.messages[card.number].keyboard == ()


def test_a_card_that_must_go_before_it_came_is_not_shown(room: StaffRoom) -> None:
    office = room.office
    case = office.have()
    office.do(lambda tx: office.desk.recuse(tx, case.id, Actor(officer=office.zhao), office.now))

    room.deliver()

    assert not [one for one in room.history if one.chat == "1002"]


def test_a_card_without_a_place_is_nothing_to_show(room: StaffRoom) -> None:
    office = room.office
    case = office.have()
    room.deliver()

    office.do(lambda tx: office.desk.telling.show_card(tx, case.id, "-555", office.now))
    room.deliver()

    assert not [one for one in room.history if one.chat == "-555"]


# ── words ──


#: Of these the sentence tells which kind of request it was.
_OF_A_REQUEST = ("approved", "refused", "request_lapsed")


@pytest.mark.parametrize(
    ("code", "request_kind"),
    [
        (event, kind)
        for event, told in notices.TABLE.items()
        if To.HOLDER in told
        for kind in (ApprovalKind if event in _OF_A_REQUEST else ("",))
    ],
)
def test_every_event_the_holder_hears_of_has_its_sentence(
    room: StaffRoom, code: str, request_kind: str
) -> None:
    facts = {"number": "TS-20261123-0001"} | ({"request": request_kind} if request_kind else {})
    payload = {"chat": "1001", "code": code, "facts": facts}
    room.office.do(
        lambda tx: room.office.desk.telling.say_to_staff(tx, "1001", payload, None, room.office.now)
    )

    room.deliver()

    (shown,) = room.history
    assert shown.text.startswith(("TS-20261123-0001", "市民"))
    assert "TS-20261123-0001" in shown.text


def test_a_list_opens_its_cases_by_their_numbers_five_in_a_row(room: StaffRoom) -> None:
    office = room.office
    listed = [office.have().id for _ in range(7)]
    room.deliver()

    payload = {"chat": "1001", "text": "甲", "open": listed}
    office.do(lambda tx: office.desk.telling.say_to_staff(tx, "1001", payload, None, office.now))
    room.deliver()

    shown = room.history[-1]
    assert [[label for label, _ in row] for row in shown.keyboard] == [["1", "2", "3", "4", "5"], ["6", "7"]]
    assert (shown.edits, shown.post) == (None, None)


def test_the_citizens_wish_for_a_person_names_the_platform_in_its_chinese_name(room: StaffRoom) -> None:
    facts = {"channel": "wechat", "number": "TS-20261123-0001"}
    payload = {"chat": "1001", "code": "human_wanted", "facts": facts}
    room.office.do(
        lambda tx: room.office.desk.telling.say_to_staff(tx, "1001", payload, None, room.office.now)
    )

    room.deliver()

    assert room.history[0].text == "市民请求人工服务（微信）。TS-20261123-0001"


# ── copies ──


def a_copy(office: Office, room: StaffRoom, content: bytes, **changes: object) -> Evidence:
    item = Evidence(
        **{
            "id": EvidenceId(office.store.ids()),
            "citizen": office.anna,
            "case": None,
            "kind": EvidenceKind.PHOTO,
            "state": EvidenceState.KEPT,
            "sent_at": office.now,
            "source": Channel.TELEGRAM,
            "file_ref": "file-1",
            "mime": "image/jpeg",
        }
        | changes  # type: ignore[arg-type]
    )
    room.copies.keep(item.id, content)
    office.do(lambda tx: evidence.add(tx, item))
    return item


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "-1.jpg"),
        ({"kind": EvidenceKind.DOCUMENT, "mime": "application/pdf", "file_name": "合同.pdf"}, "-1.pdf"),
        (
            {"kind": EvidenceKind.DOCUMENT, "mime": "image/png", "file_name": "../../甲\u202egnp.exe"},
            "-1.png",
        ),
        ({"kind": EvidenceKind.VOICE, "mime": "audio/amr"}, "-1.amr"),
        ({"kind": EvidenceKind.VOICE, "mime": ""}, "-1.bin"),
        ({"kind": EvidenceKind.TEXT, "mime": "text/plain", "file_name": "a.html"}, "-1.txt"),
    ],
)
def test_a_copy_is_opened_when_it_goes_out_and_has_a_name(
    room: StaffRoom, changes: dict[str, object], name: str
) -> None:
    office = room.office
    case = office.have()
    item = a_copy(office, room, b"\xff\xd8 content", words="小票", case=case.id, **changes)

    def owe(tx: Tx) -> None:
        payload = {"chat": "1001", "evidence": item.id, "words": ""}
        outbox.put(tx, Draft("staff", "staff:1001", outbox.Kind.FILE, payload, 2), office.now)

    office.do(owe)
    room.deliver()

    (copy,) = room.files
    assert (copy.chat, copy.kind, copy.name, copy.caption) == (
        "1001",
        item.kind,
        f"{case.number}{name}",
        "｜小票",
    )
    assert copy.content == b"\xff\xd8 content"


def test_copies_are_numbered_as_they_came(open_room: StaffRoom) -> None:
    office = open_room.office
    case = office.have()
    for mime in ("image/jpeg", "application/pdf", "image/png"):
        state = EvidenceState.PENDING if mime == "application/pdf" else EvidenceState.KEPT
        a_copy(office, open_room, b"content", case=case.id, mime=mime, state=state, file_name="同名.jpg")

    open_room.press(office.wang, case, "查看全文/附件")

    assert [copy.name for copy in open_room.files] == [f"{case.number}-1.jpg", f"{case.number}-3.png"]


def test_what_is_owed_to_a_group_is_shown_in_the_group(room: StaffRoom) -> None:
    case = room.office.have()
    room.deliver()

    shown = [one for one in room.history if isinstance(one, Shown) and one.chat == DUTY_GROUP]
    assert len(shown) == 1
    assert room.now(case).status is Status.REGISTERED
