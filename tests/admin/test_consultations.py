"""咨询: answered at once, by an approved answer, or at a time agreed upon; what was promised comes first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casestore.codes import Kind, Outcome, Status
from casestore.model import Case, Particulars
from casestore.tables import buttons
from tests.admin.staff_room import ANSWERS, TEXTS, StaffRoom, is_said
from tests.office import DUTY_GROUP


def a_question(room: StaffRoom, story: str = "买的手机修理了两次还是坏，能不能退") -> Case:
    return room.office.have(kind=Kind.CONSULTATION, particulars=Particulars(name="陈晓梅", story=story))


def test_an_approved_answer_is_read_and_sent(room: StaffRoom) -> None:
    """S3-4.2: 有问必答; the words were approved beforehand."""
    office = room.office
    case = a_question(room)

    room.go(office.wang, case, "答复")
    assert room.card_of(case, office.wang).labels[0] == "三包：修理更换退货"
    room.press(office.wang, case, "三包：修理更换退货")
    assert "《消费者权益保护法》第二十四条" in room.card_of(case, office.wang).text
    assert room.now(case).status is Status.REGISTERED
    assert room.press(office.wang, case, "发送") == "已答复。"

    now = room.now(case)
    assert (now.status, now.outcome, now.holder) == (Status.CLOSED, Outcome.ANSWERED, office.wang.id)
    (told,) = room.told(case)
    assert told.startswith(f"关于您的咨询 {case.number}，答复如下：\n{ANSWERS['three_guarantees'].answer}")


@pytest.mark.parametrize(
    ("story", "first"),
    [
        ("网购的衣服想退，七天无理由退货要自己出运费吗", "七日无理由退货"),
        ("手机三包期内修不好怎么办", "三包：修理更换退货"),
        ("健身房的会员卡不给退，卡里还有三千", "预付卡退费"),
        ("商家不给开发票", "商家不开发票"),
        ("请问怎么举报黑作坊", "怎么举报"),
        ("你好，想问投诉流程，需要什么材料", "怎么投诉、要什么材料"),
        ("买到假货能退一赔三吗", "欺诈和假货的赔偿"),
        ("超市的面包过期发霉了", "过期食品、异物"),
        ("软件自动续费怎么取消", "自动续费"),
        ("调解不成可以起诉吗", "调解不成怎么办"),
        ("我想替父母投诉，要委托书吗", "代家人投诉"),
        ("网购平台不管，联系不上卖家", "网购平台的责任"),
    ],
)
def test_what_people_ask_finds_its_answer(room: StaffRoom, story: str, first: str) -> None:
    case = a_question(room, story)

    room.go(room.office.wang, case, "答复")

    assert room.card_of(case, room.office.wang).labels[0] == first


def test_a_question_that_none_fits_is_answered_in_own_words(room: StaffRoom) -> None:
    case = a_question(room, "你们单位今年招人吗")

    room.go(room.office.wang, case, "答复")

    assert room.card_of(case, room.office.wang).labels == [
        "直接答复（请输入）",
        "约定 1 个工作日内",
        "约定 3 个工作日内",
        "约定 5 个工作日内",
        "返回",
    ]


@pytest.mark.parametrize(("days", "day"), [(1, "11月24日"), (3, "11月26日"), (5, "11月30日")])
def test_a_time_is_agreed_upon_and_told_to_the_citizen(room: StaffRoom, days: int, day: str) -> None:
    """S3-3.1, S3-4.2: 暂不能答复的约定时间, in working days."""
    office = room.office
    case = a_question(room)

    room.go(office.wang, case, "答复")
    assert room.press(office.wang, case, f"约定 {days} 个工作日内") == "已约定答复时间。"

    assert day in room.told(case)[-1]
    assert f"时限：约定的答复 {day} 到期" in room.card_of(case, office.wang).text
    assert room.now(case).holder == office.wang.id
    assert room.now(case).status is Status.REGISTERED


def test_another_time_takes_the_place_of_the_first(room: StaffRoom) -> None:
    office = room.office
    case = a_question(room)
    room.go(office.wang, case, "答复", "约定 1 个工作日内")

    room.go(office.wang, case, "答复", "约定 5 个工作日内")

    assert "约定的答复 11月30日 到期" in room.card_of(case, office.wang).text


def test_who_promised_is_reminded_and_the_late_answer_heads_the_queue(room: StaffRoom) -> None:
    """S3-4.2: 提醒, and an overdue list."""
    office = room.office
    case = a_question(room)
    room.go(office.wang, case, "答复", "约定 1 个工作日内")
    room.deliver()
    office.now += timedelta(days=2)
    others = [office.have() for _ in range(12)]
    office.do(lambda tx: office.desk.reminding.fire(tx, office.now))
    room.deliver()

    mine = [one.text for one in room.messages.values() if one.chat == "1001"]
    assert any(text.startswith(f"⏰ {case.number}：「约定的答复」") for text in mine)
    assert any(text.startswith(f"⚠ {case.number}：「约定的答复」已超过期限") for text in mine)
    for who in (office.wang, office.sun):
        lines = room.says(who, "/queue").splitlines()
        assert lines[1].startswith(f"1. {case.number} ")
        assert "约定的答复" in lines[1]
        assert "已超过" in lines[1]
        assert len(lines) == 11
    assert others


def test_older_limits_do_not_push_a_late_promise_down(room: StaffRoom) -> None:
    office = room.office
    older = [office.have() for _ in range(12)]
    office.now += timedelta(days=1)
    case = a_question(room)
    room.go(office.wang, case, "答复", "约定 1 个工作日内")
    office.now += timedelta(days=20)

    lines = room.says(office.wang, "/queue").splitlines()

    assert lines[1].startswith(f"1. {case.number} ")
    assert lines[2].startswith(f"2. {older[0].number} ")


def test_a_late_promise_of_a_recused_case_is_in_nobodys_queue_but_the_others(room: StaffRoom) -> None:
    office = room.office
    case = a_question(room)
    room.go(office.wang, case, "答复", "约定 1 个工作日内")
    room.recuse(case, office.wang)
    office.now += timedelta(days=3)

    assert is_said("staff.queue_empty", room.says(office.wang, "/queue"))
    assert case.number in room.says(office.zhao, "/queue")


def test_the_group_names_no_answer(room: StaffRoom) -> None:
    """The menu opens in the private chat: what fits tells what was asked."""
    case = a_question(room)

    assert is_said("staff.in_private", room.press(room.office.wang, case, "答复", DUTY_GROUP))
    assert "直接答复（请输入）" not in room.card(case).labels


def test_an_answer_taken_out_of_the_file_since_is_not_shown_and_stops_nothing(room: StaffRoom) -> None:
    """The card with its button stood in the chat when the office changed its answers."""
    case = room.office.have(kind=Kind.CONSULTATION)
    chat, now = room.chat_of(room.office.wang), room.now(case)
    room.open(case, room.office.wang)
    does = "menu:approved:gone_since"
    token = room.office.do(lambda tx: buttons.make(tx, now, chat, does, {}, room.office.now))

    room.redeem(room.office.wang, token)

    assert TEXTS.name("button", "answer_now") in room.card(case, chat).labels
