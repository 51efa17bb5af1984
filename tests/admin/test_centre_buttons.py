"""At the centre: 受理, 不予受理, 要求补正, 分派, 答复, 升级, 回避, 查看全文, each pressed to its end."""

from __future__ import annotations

import pytest

from casestore.codes import Channel, EvidenceKind, EvidenceState, Ground, Kind, Role, Status
from casestore.model import Actor, Evidence, EvidenceId, UnitCode
from casestore.tables import cases, events, evidence, officers
from tests.admin.staff_room import TEXTS, StaffRoom, a_person, is_said
from tests.office import DUTY_GROUP

ARTICLE_39 = ("协商和解", "请求消费者协会", "向有关行政部门投诉", "提请仲裁机构仲裁", "向人民法院提起诉讼")


def test_accepting_makes_the_presser_the_holder_and_tells_the_citizen(room: StaffRoom) -> None:
    office = room.office
    case = office.have()

    assert room.press(office.wang, case, "受理") == "已受理。"

    now = room.now(case)
    assert (now.status, now.holder, now.first_officer) == (Status.ACCEPTED, office.wang.id, office.wang.id)
    assert [text.startswith(f"您的投诉 {case.number} 已受理") for text in room.told(case)] == [True]
    for card in (room.card(case), room.card_of(case, office.wang), room.card_of(case, office.zhao)):
        assert "状态：已受理" in card.text
        assert "持有：王敏" in card.text
        assert "受理" not in card.labels


def test_accepting_in_the_group_is_for_who_pressed(room: StaffRoom) -> None:
    office = room.office
    case = office.have()

    assert room.press(office.zhao, case, "受理", DUTY_GROUP) == "已受理。"

    assert room.now(case).holder == office.zhao.id


# ── 不予受理 ──


@pytest.mark.parametrize("ground", Ground)
def test_declining_names_the_ground_and_the_other_ways_to_the_citizen(
    room: StaffRoom, ground: Ground
) -> None:
    """Art. 16: seven grounds, told to the citizen with the ways of art. 39 of the consumer law."""
    office = room.office
    case = office.have()

    assert room.press(office.wang, case, "不予受理") == ""
    assert room.now(case).status is Status.REGISTERED
    assert room.press(office.wang, case, TEXTS.name("ground_short", ground)) == ""
    assert room.now(case).status is Status.REGISTERED
    if ground is Ground.OTHER_LAW:
        assert "某条例第三条" in room.says(office.wang, "某条例第三条")
    assert room.press(office.wang, case, "确认") == "已不予受理。"

    assert (room.now(case).status, room.now(case).ground) == (Status.DECLINED, ground)
    (notice,) = room.told(case)
    assert case.number in notice
    assert TEXTS.name("ground", ground) in notice
    assert f"第十六条第{'一二三四五六七'[int(ground[-1]) - 1]}项" in notice
    assert all(way in notice for way in ARTICLE_39)
    assert [line for line in room.card(case).text.splitlines() if line.startswith("理由：")] == [
        f"理由：{TEXTS.name('ground', ground)}"
    ]


def test_the_way_back_from_the_grounds_changes_nothing(room: StaffRoom) -> None:
    office = room.office
    case = office.have()
    card = room.card_of(case, office.wang)
    room.press(office.wang, case, "不予受理")

    assert room.press(office.wang, case, "返回") == ""

    back = room.card_of(case, office.wang)
    assert (back.number, back.text, back.labels) == (card.number, card.text, card.labels)
    assert room.now(case) == case


def test_a_menu_called_for_in_the_group_opens_in_the_pressers_private_chat(room: StaffRoom) -> None:
    """The group's card stays everybody's."""
    office = room.office
    case = office.have()
    card = room.card(case)

    assert room.press(office.wang, case, "不予受理", DUTY_GROUP) == "已在私聊中打开。"

    assert "第十六条" in room.card_of(case, office.wang).text
    assert room.card(case).text == card.text
    assert "第十六条" not in room.card_of(case, office.zhao).text
    room.press(office.wang, case, "四 超过三年")
    room.press(office.wang, case, "确认")
    assert room.now(case).status is Status.DECLINED


def test_from_the_group_somebody_without_a_card_gets_his_own(room: StaffRoom) -> None:
    """A supervisor steps in: behind his menu is his private card, not the group's."""
    office = room.office
    case = office.have()
    room.press(office.sun, case, "不予受理", DUTY_GROUP)

    room.press(office.sun, case, "返回")

    assert room.card_of(case, office.sun).text == room.card_of(case, office.wang).text
    assert "提交人：陈** 138****8000" in room.card_of(case, office.sun).text


# ── 要求补正 ──


def test_asking_for_material_by_one_press_tells_the_citizen_what_is_missing(room: StaffRoom) -> None:
    office = room.office
    case = office.have()
    room.press(office.wang, case, "要求补正")

    assert room.press(office.wang, case, "购买凭证（小票、订单）") == "已要求补正。"

    assert room.now(case).status is Status.SUPPLEMENTING
    assert "需要您补充：购买凭证（小票、订单）" in room.told(case)[0]


def test_asking_for_material_in_own_words(room: StaffRoom) -> None:
    office = room.office
    case = office.have()
    room.press(office.wang, case, "要求补正")
    room.press(office.wang, case, "其他（请输入）")

    assert room.says(office.wang, "请补充  付款截图，<b>要清楚</b>") == f"{case.number} 已要求补正。"

    assert "需要您补充：请补充  付款截图，<b>要清楚</b>" in room.told(case)[0]


def test_what_the_citizen_brought_leads_back_to_the_review(room: StaffRoom) -> None:
    office = room.office
    case = office.have()
    room.press(office.wang, case, "要求补正")
    room.press(office.wang, case, "购买凭证（小票、订单）")

    office.do(
        lambda tx: office.desk.supplement(tx, case.id, Actor(citizen=office.anna), (), "给了", office.now)
    )
    room.deliver()

    assert "受理" in room.card_of(case, office.wang).labels
    assert room.messages[max(room.messages)].text == f"市民已给 {case.number} 补充材料，请查看。"
    assert room.messages[max(room.messages)].chat == "1001"


# ── 分派 ──


def test_the_suggested_unit_is_one_press_away(room: StaffRoom) -> None:
    office = room.office
    case = office.accepted()
    room.press(office.wang, case, "分派")

    first = room.card_of(case, office.wang).labels[0]
    assert first == "食品生产流通安全监督管理科（建议）"
    assert room.press(office.wang, case, first) == "已分派。"

    now = room.now(case)
    assert (now.status, now.unit) == (Status.DISPATCHED, "FOOD")
    assert room.told(case)[-1] == f"您的投诉 {case.number} 已分派给食品生产流通安全监督管理科办理。"
    assert "接收" in room.card_of(case, office.li).labels
    assert not room.has_card(case, office.sun)


def test_every_other_unit_can_be_reached_by_page(room: StaffRoom) -> None:
    office = room.office
    a_person(office, "邓城", Role.HANDLER, "1009", UnitCode("STATION_CHENGGUAN"))
    units_offered = [unit.name for unit in office.units if not unit.is_station]
    case = office.accepted()
    room.press(office.wang, case, "分派")
    seen: list[str] = []
    while len(seen) < len(units_offered):
        units = room.card_of(case, office.wang).labels[:-2]
        seen += [label.removesuffix("（建议）") for label in units]
        assert room.press(office.wang, case, "下一页") == ""

    assert sorted(seen) == sorted(units_offered)
    assert room.card_of(case, office.wang).labels[0] == "食品生产流通安全监督管理科（建议）"
    room.press(office.wang, case, "下一页")
    room.press(office.wang, case, "下一页")
    room.press(office.wang, case, "城关市场监管所")
    assert room.now(case).unit == "STATION_CHENGGUAN"


def test_a_report_is_dispatched_without_an_acceptance(room: StaffRoom) -> None:
    office = room.office
    case = office.have(kind=Kind.REPORT)
    room.press(office.wang, case, "分派")

    room.press(office.wang, case, "食品生产流通安全监督管理科（建议）")

    assert room.now(case).status is Status.DISPATCHED
    assert room.told(case) == [f"您的举报 {case.number} 已转交食品生产流通安全监督管理科核查。"]


# ── 答复 ──


@pytest.mark.parametrize("chat", ["", DUTY_GROUP])
def test_a_question_is_answered_in_typed_words(room: StaffRoom, chat: str) -> None:
    """Asked for in the private chat, wherever the button stood."""
    office = room.office
    case = office.have(kind=Kind.CONSULTATION)
    answer = room.press(office.wang, case, "答复", chat)
    assert answer == ("已在私聊中打开。" if chat else "")
    assert room.press(office.wang, case, "直接答复（请输入）") == ""
    asked = room.messages[max(room.messages)]
    assert asked.chat == "1001"
    assert asked.text.startswith(f"{case.number}\n请输入给市民的答复。")

    assert room.says(office.wang, "可以退货。\n请带小票。") == f"{case.number} 已答复。"

    assert room.now(case).status is Status.CLOSED
    (told,) = room.told(case)
    assert told.startswith(f"关于您的咨询 {case.number}，答复如下：\n可以退货。\n请带小票。")


# ── 升级 ──


def test_escalating_brings_the_card_to_the_supervisors_with_the_reason(room: StaffRoom) -> None:
    office = room.office
    case = office.accepted()
    room.press(office.wang, case, "升级")

    assert room.press(office.wang, case, "媒体关注") == "已升级上报。"

    card = room.card_of(case, office.sun)
    assert "上报：王敏 请求批示 — 媒体关注" in card.text
    assert card.labels[:2] == ["批准", "驳回"]
    assert "升级" not in room.card(case).labels
    assert room.now(case).status is Status.ACCEPTED
    assert len(room.told(case)) == 1  # the acceptance: an escalation is the office's own affair


# ── 回避 ──


def test_recusing_oneself_is_asked_once_and_then_takes_the_card_away(room: StaffRoom) -> None:
    """S7-5b."""
    office = room.office
    case = office.accepted()
    stood, in_group = room.card_of(case, office.wang), room.card(case).token("分派")
    assert room.press(office.wang, case, "回避") == ""
    assert not office.do(lambda tx: officers.recused(tx, case.id))

    assert room.press(office.wang, case, "回避") == "已回避。"

    assert office.do(lambda tx: officers.recused(tx, case.id)) == {office.wang.id}
    assert room.messages[stood.number].text == "您已回避此件，卡片已移除。"
    now = room.now(case)
    assert (now.holder, now.first_officer) == (None, None)
    with pytest.raises(AssertionError, match="no card"):
        room.card(case)  # he sits in that group
    assert "持有：（待接手）" in room.card_of(case, office.zhao).text
    assert is_said("errors.case-unknown", room.says(office.wang, f"/case {case.number}"))
    assert is_said("errors.staff-recused", room.redeem(office.wang, in_group, DUTY_GROUP))
    assert room.press(office.zhao, case, "分派") == ""


# ── 查看全文/附件 ──


def test_looking_at_the_whole_text_is_written_down_and_does_not_age_the_buttons(open_room: StaffRoom) -> None:
    """S8-3b: who looked, and when."""
    office = open_room.office
    case = office.have()

    assert open_room.press(office.wang, case, "查看全文/附件") == ""

    assert open_room.messages[max(open_room.messages)].text == (
        f"{case.number} 全文\n姓名：陈晓梅\n电话：13800138000\n通讯地址：城关镇东街1号\n商家：甲某某超市\n"
        "商家地址：城关镇西街2号\n商品或服务：牛奶\n经过：\n｜买到的牛奶已经过期三天。"
    )
    assert open_room.messages[max(open_room.messages)].chat == "1001"
    last = office.do(lambda tx: events.of_case(tx, case.id))[-1]
    assert (last.kind, last.actor) == ("revealed", f"officer:{office.wang.id}")
    assert open_room.press(office.zhao, case, "受理") == "已受理。"


def test_copies_come_with_the_text_and_what_is_not_there_yet_is_counted(open_room: StaffRoom) -> None:
    office = open_room.office
    case = office.have()
    states = (EvidenceState.KEPT, EvidenceState.PENDING, EvidenceState.PENDING, EvidenceState.REFUSED)
    for state in states:
        item = Evidence(
            id=EvidenceId(office.store.ids()), citizen=office.anna, case=case.id, kind=EvidenceKind.PHOTO,
            state=state, sent_at=office.now, source=Channel.TELEGRAM, file_ref="f", mime="image/png", words="小票",
        )  # fmt: skip
        open_room.copies.keep(item.id, b"picture")
        office.do(lambda tx, item=item: evidence.add(tx, item))  # type: ignore[misc]

    open_room.press(office.wang, case, "查看全文/附件")

    assert [(copy.chat, copy.name, copy.caption, copy.content) for copy in open_room.files] == [
        ("1001", f"{case.number}-1.png", "｜小票", b"picture")
    ]
    texts = [one.text for one in open_room.messages.values() if one.chat == "1001"]
    assert "有 2 份附件还在下载，稍后再看。" in texts
    assert "有 1 份附件没有取到或不是允许的类型。" in texts


def test_where_personal_data_stays_off_telegram_nothing_is_opened_nor_written_down(room: StaffRoom) -> None:
    office = room.office
    case = office.have()
    room.deliver()
    before = room.dump()

    answer = room.press(office.wang, case, "查看全文/附件")

    assert is_said("staff.reveal_off", answer)
    assert [toast.alert for toast in room.toasts.values()] == [True]
    assert room.dump() == before


def test_a_case_number_in_the_list_opens_the_card_in_the_pressers_own_chat(room: StaffRoom) -> None:
    office = room.office
    case = office.have()
    (listed,) = room.write(office.wang, "/queue", DUTY_GROUP)

    assert room.redeem(office.sun, listed.token("1"), DUTY_GROUP) == ""

    assert case.number in room.card_of(case, office.sun).text
    assert office.do(lambda tx: cases.get(tx, case.id)) == case
