"""留言 pressed, typed, read before it goes, and confirmed; what comes back is read and answered."""

from __future__ import annotations

import pytest

from casestore.codes import Kind, Role, Status, Step
from casestore.messages import MOST_A_DAY
from casestore.model import Actor, Case, Officer, Particulars
from casestore.tables import buttons, events, outbox
from tests.admin.staff_room import Message, StaffRoom, a_person, is_said
from tests.office import DUTY_GROUP, FOOD, an_intake


def written(room: StaffRoom, case: Case, by: Officer, words: str = "牛奶还在吗？") -> Message:
    """The words are typed; the preview."""
    room.open(case, by)
    room.go(by, case, "留言")
    room.write(by, words)
    return room.card_of(case, by)


def citizen_writes(room: StaffRoom, case: Case, words: str) -> None:
    office = room.office
    who = Actor(citizen=office.anna)
    office.do(lambda tx: office.desk.messages.receive(tx, case.id, who, words, (), office.now))
    room.deliver()


def newest(room: StaffRoom, chat: str) -> Message:
    room.deliver()
    return [one for one in room.messages.values() if one.chat == chat][-1]


def kinds(room: StaffRoom, case: Case) -> list[str]:
    return room.office.do(lambda tx: events.kinds(tx, case.id))


# ── to the citizen ──


def test_the_officer_reads_what_goes_out_before_it_does(room: StaffRoom) -> None:
    office = room.office
    case = office.accepted()
    told = room.told(case)

    preview = written(room, case, office.wang)

    assert preview.labels == ["确认", "改写（请输入）", "返回"]
    assert room.told(case) == told
    assert room.press(office.wang, case, "确认") == "已留言。"
    (notice,) = room.told(case)[len(told) :]
    assert notice in preview.text
    assert notice == f"关于您的投诉 {case.number}，工作人员给您留言：\n牛奶还在吗？\n要答复，请回复「留言」。"
    assert "王敏" not in notice


def test_two_taps_send_once(room: StaffRoom) -> None:
    office = room.office
    case = office.accepted()
    token = written(room, case, office.wang).token("确认")

    presses = [room.hand_in(office.wang, token) for _ in range(2)]
    room.deliver()

    assert room.toasts[presses[0]].text == "已留言。"
    assert is_said("staff.by_other", room.toasts[presses[1]].text)
    assert kinds(room, case).count("message_sent") == 1


def test_over_a_message_that_came_meanwhile_nothing_is_sent_unread(room: StaffRoom) -> None:
    office = room.office
    case = office.accepted()
    token = written(room, case, office.wang).token("确认")
    citizen_writes(room, case, "不用退了")

    assert is_said("staff.changed", room.redeem(office.wang, token))

    assert "message_sent" not in kinds(room, case)


def test_words_are_written_anew_or_dropped(room: StaffRoom) -> None:
    office = room.office
    case = office.accepted()
    written(room, case, office.wang)

    room.press(office.wang, case, "改写（请输入）")
    room.write(office.wang, "包装还在吗？")
    assert "包装还在吗？" in room.card_of(case, office.wang).text
    room.press(office.wang, case, "返回")

    assert "状态：已受理" in room.card_of(case, office.wang).text
    assert "message_sent" not in kinds(room, case)


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        ("请打13900139000", "（电话号码）"),
        ("陈晓梅您好", "（当事人的姓名或住址）"),
        ("证件号450324199001011234", "（证件号、银行卡号一类的长号码）"),
        ("请在____前来", "「____」"),
    ],
)
def test_what_must_not_go_out_is_refused_and_asked_for_once_more(
    room: StaffRoom, words: str, refused: str
) -> None:
    office = room.office
    case = office.accepted()
    room.open(case, office.wang)
    room.go(office.wang, case, "留言")

    answer = room.says(office.wang, words)

    assert refused in answer
    assert "没有发出" in answer
    assert "message_sent" not in kinds(room, case)
    room.write(office.wang, "您好，牛奶还在吗？")
    assert room.press(office.wang, case, "确认") == "已留言。"


def test_a_template_is_read_and_sent_and_no_words_are_waited_for_any_more(room: StaffRoom) -> None:
    """S1-4.3: 审定的模板，按步骤和类别。"""
    office = room.office
    case = office.accepted()
    room.open(case, office.wang)
    room.go(office.wang, case, "留言")
    asked = newest(room, "1001")
    assert "请保留食品和包装" in asked.labels

    assert room.redeem(office.wang, asked.token("请保留食品和包装")) == ""
    assert "message_sent" not in kinds(room, case)
    assert room.press(office.wang, case, "确认") == "已留言。"

    assert "请把剩下的食品连同包装、小票一起留好" in room.told(case)[-1]
    assert is_said("staff.prompt_gone", room.says(office.wang, "好的"))


def test_after_so_many_a_day_he_is_told_before_he_types(room: StaffRoom) -> None:
    office = room.office
    case = office.accepted()
    room.open(case, office.wang)
    send = office.desk.messages.send
    for _ in range(MOST_A_DAY):
        office.do(lambda tx: send(tx, case.id, Actor(officer=office.wang), "您好", office.now))

    assert is_said("errors.too-many-messages", room.go(office.wang, case, "留言"))
    assert is_said("staff.prompt_gone", room.says(office.wang, "您好"))


def test_of_a_caller_who_is_in_no_chat_no_message_is_offered(room: StaffRoom) -> None:
    office = room.office
    intake = an_intake(None, registered_by=office.wang.id)
    case = office.do(lambda tx: office.desk.register(tx, intake, office.now)).case

    assert "留言" not in room.open(case, office.wang).labels


def test_a_message_that_did_not_arrive_is_shown_on_the_card(room: StaffRoom) -> None:
    office = room.office
    case = office.accepted()
    written(room, case, office.wang)
    room.press(office.wang, case, "确认")

    def refuse(tx: object) -> None:
        while owed := outbox.heads(tx, "telegram", office.now, 1):  # type: ignore[arg-type]
            outbox.dead(tx, owed[0].id, "blocked")  # type: ignore[arg-type]

    office.do(refuse)
    text = room.open(case, office.wang).text

    assert "⚠ 未送达市民：工作人员留言（市民已停用机器人）" in text


# ── from the citizen ──


def test_his_words_are_masked_and_answered_from_where_they_stand(room: StaffRoom) -> None:
    """PIPL 36: over Telegram no name and no number, as on the card."""
    office = room.office
    case = office.accepted()

    citizen_writes(room, case, "我是陈晓梅，住城关镇东街1号，\n电话 13800138000，牛奶还在。")

    shown = newest(room, "1001")
    assert shown.text == f"{case.number} 市民留言：\n｜我是陈**，住城**，\n｜电话 ****，牛奶还在。"
    assert shown.labels == ["答复这条留言"]
    assert "留言：市民有 1 条待答复" in room.open(case, office.wang).text
    room.redeem(office.wang, shown.token("答复这条留言"))
    asked = newest(room, "1001").text
    assert "市民留言：我是陈**" in asked
    assert "13800138000" not in asked
    room.write(office.wang, "好的，请留好。")
    assert room.press(office.wang, case, "确认") == "已留言。"
    assert "待答复" not in room.card_of(case, office.wang).text


def test_where_the_settings_allow_it_his_words_are_shown_whole(open_room: StaffRoom) -> None:
    case = open_room.office.accepted()

    citizen_writes(open_room, case, "我的电话 13800138000")

    assert "｜我的电话 13800138000" in newest(open_room, "1001").text


def test_the_whole_conversation_is_read_where_the_whole_case_is_and_that_is_written_down(
    open_room: StaffRoom,
) -> None:
    """S8-3b."""
    office = open_room.office
    case = office.accepted()
    written(open_room, case, office.wang)
    open_room.press(office.wang, case, "确认")
    citizen_writes(open_room, case, "还在，\n" + "在冰箱里" * 100)

    open_room.go(office.wang, case, "查看全文/附件")

    text = newest(open_room, "1001").text
    assert "工作人员留言：\n｜牛奶还在吗？" in text
    assert "市民留言：\n｜还在，\n｜" + "在冰箱里" * 100 in text
    assert kinds(open_room, case)[-1] == "revealed"


def test_the_longest_words_are_read_before_they_go(room: StaffRoom) -> None:
    """Telegram takes 4,096 units: a preview that cannot be shown is none."""
    case = room.office.accepted()

    preview = written(room, case, room.office.wang, "字" + "𠮷" * 999)

    assert len(preview.text.encode("utf-16-le")) // 2 <= 4096
    assert preview.labels[0] == "确认"


def test_of_an_anonymous_informer_nothing_is_shown_even_then(open_room: StaffRoom) -> None:
    """S7-6: he is answered, and stays unknown."""
    office = open_room.office
    told = Particulars(name="欧阳金丝雀", merchant="甲加油站", story="加油机作弊")
    case = office.have(kind=Kind.REPORT, anonymous=True, particulars=told)
    written(open_room, case, office.wang, "是几号机？")
    open_room.press(office.wang, case, "确认")

    citizen_writes(open_room, case, "三号机。我是欧阳金丝雀，13912349876")

    assert newest(open_room, "1001").text.endswith("｜三号机。我是欧**，****")
    assert "欧阳金丝雀" not in "".join(one.text for one in open_room.history if one.chat == "1001")


def test_a_second_message_does_not_void_the_button_below_the_first(room: StaffRoom) -> None:
    office = room.office
    case = office.accepted()
    citizen_writes(room, case, "还在")
    first = newest(room, "1001").token("答复这条留言")

    citizen_writes(room, case, "在冰箱里")

    assert room.redeem(office.wang, first) == ""
    assert newest(room, "1001").text.count("市民留言：") == 2


def test_in_the_group_there_is_only_a_number_to_open(room: StaffRoom) -> None:
    office = room.office
    case = office.have()
    room.card(case)

    citizen_writes(room, case, "我是陈晓梅")

    said = newest(room, DUTY_GROUP)
    assert (said.text, said.labels) == (
        f"{case.number} 市民有留言，请打开卡片，按「留言」查看和答复。", ["1"],
    )  # fmt: skip
    assert not [one for one in room.history if one.chat == DUTY_GROUP and "陈晓梅" in one.text]
    room.redeem(office.zhao, said.token("1"), DUTY_GROUP)
    room.go(office.zhao, case, "留言")
    assert "市民留言：我是陈**" in newest(room, "1002").text


def test_words_on_their_way_are_not_shown_to_who_stays_away_meanwhile(room: StaffRoom) -> None:
    """S7-5b: between the citizen's word and the delivery he has declared an interest."""
    office = room.office
    case = office.accepted()
    who = Actor(citizen=office.anna)
    office.do(lambda tx: office.desk.messages.receive(tx, case.id, who, "还在", (), office.now))
    room.recuse(case, office.wang)
    room.deliver()

    assert not [one for one in room.history if one.chat == "1001" and "还在" in one.text]


# ── who may not ──


def test_a_stranger_and_another_unit_get_nowhere_with_somebodys_buttons(room: StaffRoom) -> None:
    office = room.office
    other = a_person(office, "钱进", Role.HANDLER, "1006", FOOD)
    case = office.accepted()
    citizen_writes(room, case, "还在")
    token = newest(room, "1001").token("答复这条留言")
    now, words = room.now(case), {"words": "您好"}
    forged = office.do(lambda tx: buttons.make(tx, now, "1006", "do:write", words, office.now))

    assert is_said("staff.expired", room.redeem(office.zhao, token))
    assert is_said("staff.unknown_person", room.redeem("9999", token))
    assert is_said("errors.not-authorised", room.redeem(other, forged))
    assert "message_sent" not in kinds(room, case)


def test_who_has_handed_the_case_on_cannot_confirm_any_more(room: StaffRoom) -> None:
    """The preview stood in his chat when the unit took over."""
    office = room.office
    case = office.dispatched()
    room.open(case, office.wang)
    room.go(office.wang, case, "留言")
    office.take(case, Step.TAKE_OVER, office.li)
    room.deliver()

    assert is_said("errors.not-authorised", room.says(office.wang, "您好"))
    assert room.now(case).status is Status.TAKEN_OVER
    assert "message_sent" not in kinds(room, case)


def test_internal_notes_are_no_part_of_it(room: StaffRoom) -> None:
    """A comment never leaves the office, and is not in the conversation either."""
    office = room.office
    case = office.taken_over()
    room.open(case, office.li)
    room.go(office.li, case, "记录", "内部备注")
    room.says(office.li, "商家像是熟人")
    told = room.told(case)

    room.go(office.li, case, "留言")

    assert "熟人" not in newest(room, "1003").text
    assert room.told(case) == told


def test_of_an_informer_who_wants_to_hear_no_more_only_his_own_question_is_answered(room: StaffRoom) -> None:
    office = room.office
    case, anna = office.have(kind=Kind.REPORT), Actor(citizen=office.anna)
    office.do(lambda tx: office.desk.withdraw(tx, case.id, anna, "", office.now))
    assert "留言" not in room.open(case, office.wang).labels

    citizen_writes(room, case, "还有一事想问")
    preview = written(room, case, office.wang, "请讲。")

    assert preview.text.endswith("要答复，请回复「留言」。")
    assert room.press(office.wang, case, "确认") == "已留言。"
    assert "请讲。" in room.told(case)[-1]
    assert room.told(case)[-1] in preview.text


def test_many_messages_do_not_void_the_button_below_the_first(room: StaffRoom) -> None:
    office = room.office
    case = office.accepted()
    room.open(case, office.wang)
    citizen_writes(room, case, "还在")
    first = newest(room, "1001").token("答复这条留言")

    for words in ("在冰箱里", "没有开封", "还有小票"):
        citizen_writes(room, case, words)

    assert room.redeem(office.wang, first) == ""
    assert newest(room, "1001").text.count("市民留言：") == 4
