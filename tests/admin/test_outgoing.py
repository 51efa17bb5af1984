"""发给市民的话: whatever step they belong to, templates are offered, and nothing goes out unchecked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from admin.preview import CONFIRMED
from casestore.codes import EndGround, Ground, Kind, LinkKind, Outcome, Status, Step
from casestore.model import Case, Particulars
from casestore.tables import buttons
from tests.admin.staff_room import TEXTS, Message, StaffRoom, is_said
from tests.casestore.deeds import link
from tests.office import FOOD, Office, a_suggestion, an_intake

PHONE = "请联系 13900139000"


def prompt(room: StaffRoom, chat: str) -> Message:
    """The question that waits for typed words, with its templates below."""
    room.deliver()
    return [one for one in room.messages.values() if one.chat == chat][-1]


def asked_for(room: StaffRoom, step: Step) -> tuple[Case, str]:
    """A case whose officer is asked to type words that the citizen will read; his chat."""
    office, other = room.office, "其他（请输入）"
    match step:
        case Step.ASK_SUPPLEMENT:
            case = office.have()
            room.go(office.wang, case, "要求补正", other)
        case Step.DECLINE:
            case = office.have()
            room.go(
                office.wang, case, "不予受理", TEXTS.name("ground_short", Ground.MATERIAL_MISSING_OR_FALSE)
            )
            room.press(office.wang, case, "附上说明（请输入）")
        case Step.END_MEDIATION:
            case = office.mediating()
            room.go(office.li, case, "终止调解", TEXTS.name("end_ground_short", EndGround.NO_AGREEMENT))
        case Step.CLOSE:
            case = office.with_minutes(office.taken_over())
            room.go(office.li, case, "办结", TEXTS.name("outcome", Outcome.SETTLED), other)
        case Step.NOT_FILE:
            case = office.take(office.have(kind=Kind.REPORT), Step.DISPATCH, office.wang, unit=FOOD).case
            room.go(office.li, case, "接收", "不予立案", other)
        case _:
            case = office.have(kind=Kind.CONSULTATION)
            room.go(office.wang, case, "答复", TEXTS.name("button", "answer_now"))
    return case, "1003" if case.unit else "1001"


STEPS = {
    Step.ASK_SUPPLEMENT: ("食品标签和小票", "食品外包装的照片"),
    Step.DECLINE: ("补齐后可以再投诉", "材料补齐以后，您可以重新投诉"),
    Step.END_MEDIATION: ("金额谈不拢", "双方对退款或者赔偿的金额差距较大"),
    Step.CLOSE: ("双方自行协商解决", "双方已自行协商解决"),
    Step.NOT_FILE: ("线索不具体", "线索不具体，按现有材料无法核查"),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_template_is_read_in_its_notice_and_then_sent(room: StaffRoom, step: Step) -> None:
    """S3-4.1: 文明用语，审定的说法; the same words that were read go out."""
    case, chat = asked_for(room, step)
    title, words = STEPS[step]
    who = room.office.li if chat == "1003" else room.office.wang
    told = room.told(case)

    assert room.redeem(who, prompt(room, chat).token(title)) == ""
    if step is Step.CLOSE:
        room.says(who, "128")  # what came back
    preview = room.card(case, chat)
    assert room.told(case) == told
    assert room.press(who, case, "确认") == TEXTS.say("staff.done", step=TEXTS.name("step", step))

    (notice,) = room.told(case)[len(told) :]
    assert words in notice
    assert notice in preview.text


@pytest.mark.parametrize("step", [*STEPS, Step.ANSWER])
def test_personal_data_in_typed_words_stops_every_step(room: StaffRoom, step: Step) -> None:
    """PIPL 6, 121号令第37条. The question stays open for better words."""
    case, chat = asked_for(room, step)
    who = room.office.li if chat == "1003" else room.office.wang
    before, told = room.now(case), room.told(case)

    sum_ = "128\n" if step is Step.CLOSE else ""  # what came back stands in the first line
    answer = room.says(who, sum_ + PHONE)

    assert answer.startswith(f"{case.number} 没有发出：内容里有个人信息（电话号码）。")
    assert (room.now(case), room.told(case)) == (before, told)
    room.write(who, sum_ + "您好，请看说明（第十九条）")
    if step in CONFIRMED:
        room.press(who, case, "确认")
    assert room.now(case).version == before.version + 1


@pytest.mark.parametrize("where", ["when", "place", "mediators"])
def test_personal_data_in_the_plan_of_a_mediation_is_stopped_too(room: StaffRoom, where: str) -> None:
    office = room.office
    case = office.consented(office.taken_over())
    plan = {"when": "周四九点", "place": "一楼调解室", "mediators": "李娜、周平"}
    plan[where] += " 13900139000"
    room.go(office.li, case, "组织调解")

    assert "个人信息（电话号码）" in room.says(office.li, "\n".join(plan.values()))

    assert room.now(case).status is Status.TAKEN_OVER


def test_what_no_citizen_reads_may_name_whom_it_likes(room: StaffRoom) -> None:
    """A note, and why a case is given back, stay in the office."""
    office = room.office
    case = office.taken_over()

    room.go(office.li, case, "记录", "内部备注")
    assert room.says(office.li, f"商家{PHONE}").endswith("已记录。")
    room.go(office.li, case, "退回中心", "其他（请输入）")
    assert room.says(office.li, f"商家说{PHONE}").endswith("已退回中心。")


def test_of_a_caller_in_no_chat_nothing_goes_out_and_nothing_is_checked(room: StaffRoom) -> None:
    office = room.office
    intake = an_intake(None, kind=Kind.CONSULTATION, registered_by=office.wang.id)
    case = office.do(lambda tx: office.desk.register(tx, intake, office.now)).case
    room.open(case, office.wang)
    room.go(office.wang, case, "答复", TEXTS.name("button", "answer_now"))

    assert room.says(office.wang, PHONE).endswith("已答复。")


def test_an_informer_of_a_linked_case_is_not_named_to_the_complainant(room: StaffRoom) -> None:
    """S7-6, 第37条: also where the name stands in another case."""
    office = room.office
    case = office.accepted()
    other = office.accepted(particulars=replace(an_intake().particulars, name="欧阳金丝雀"))
    link(office, case, other, LinkKind.JOINED, office.wang)
    room.open(case, office.wang)
    room.go(office.wang, case, "留言")

    assert "当事人的姓名" in room.says(office.wang, "欧阳金丝雀也投诉了这家店")


def test_the_department_and_its_public_number_may_be_named(room: StaffRoom) -> None:
    """第三十九条: a way out is good to have in the words themselves."""
    office = room.office
    outside = a_suggestion(scope="outside", department="房管部门", hotline="0773-5550000")
    case = office.have(suggestion=outside)
    room.go(office.wang, case, "不予受理", TEXTS.name("ground_short", Ground.NOT_OUR_DUTY))
    room.press(office.wang, case, "附上说明（请输入）")

    room.redeem(office.wang, prompt(room, "1001").token("属于其他部门"))
    assert room.press(office.wang, case, "确认") == "已不予受理。"

    assert "这件事由房管部门处理，您可以拨打 0773-5550000 反映。" in room.told(case)[-1]


def test_a_reason_that_names_no_article_is_read_once_more_with_a_hint(room: StaffRoom) -> None:
    """The law does not demand it of a report that is not filed: the officer decides."""
    case, _ = asked_for(room, Step.NOT_FILE)
    li = room.office.li

    room.write(li, "没什么问题")

    preview = room.card_of(case, li)
    assert "请留意：\n没有写明理由或条款。" in preview.text
    assert room.now(case).status is Status.TAKEN_OVER
    assert room.press(li, case, "确认") == "已不予立案。"
    assert "没什么问题。" in room.told(case)[-1]


def test_a_ground_of_another_law_without_that_law_is_refused(room: StaffRoom) -> None:
    """第十六条第七项."""
    office = room.office
    case = office.have()
    room.go(office.wang, case, "不予受理", TEXTS.name("ground_short", Ground.OTHER_LAW))

    assert is_said("errors.statute-missing", room.says(office.wang, "另有规定").splitlines()[0])

    assert room.now(case).status is Status.REGISTERED
    room.write(office.wang, "《某某条例》第九条")
    assert room.press(office.wang, case, "确认") == "已不予受理。"


def test_words_that_are_offered_stay_within_the_class(room: StaffRoom) -> None:
    office = room.office
    phone = a_suggestion(object=replace(a_suggestion().object, code="G0401", name="通讯类产品"))
    case = office.have(suggestion=phone)
    room.go(office.wang, case, "要求补正", "其他（请输入）")

    labels = prompt(room, "1001").labels

    assert "食品标签和小票" not in labels
    assert "商家的准确名称地址" in labels


def test_a_template_of_a_case_that_moved_on_is_not_used(room: StaffRoom) -> None:
    case, _ = asked_for(room, Step.ASK_SUPPLEMENT)
    office = room.office
    token = prompt(room, "1001").token("食品标签和小票")
    office.take(case, Step.ACCEPT, office.zhao)

    assert is_said("staff.by_other", room.redeem(office.wang, token))

    assert room.now(case).status is Status.ACCEPTED


def test_a_template_that_the_office_has_taken_out_is_not_used(room: StaffRoom) -> None:
    case, _ = asked_for(room, Step.ASK_SUPPLEMENT)
    office = room.office
    facts = {"step": Step.ASK_SUPPLEMENT.value}
    gone = office.do(lambda tx: buttons.make(tx, case, "1001", "reply:long_gone", facts, office.now))

    assert is_said("staff.expired", room.redeem(office.wang, gone))

    assert room.now(case).status is Status.REGISTERED


def test_what_was_typed_and_waits_to_be_confirmed_lies_sealed(office: Office, room: StaffRoom) -> None:
    """PIPL 51: a draft is somebody's words as well."""
    told = Particulars(name="陈晓梅", merchant="甲超市", story="牛奶过期")
    case = office.accepted(particulars=told)
    room.open(case, office.wang)
    room.go(office.wang, case, "留言")
    room.write(office.wang, "青石板巷的牛奶还在吗")

    kept = repr(room.dump())

    assert "青石板巷" in room.card_of(case, office.wang).text
    assert "青石板巷" not in kept


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("某市市场监督管理局，找张科长 13900139000", "电话号码"),
        ("某市市场监督管理局，陈晓梅可以自己去", "当事人的姓名或住址"),
        ("某市市场监督管理局，凭 450324199001011234", "证件号、银行卡号一类的长号码"),
        ("____市场监督管理局", "____"),
    ],
)
def test_the_way_an_informer_is_told_of_is_checked_too(room: StaffRoom, words: str, found: str) -> None:
    """Art. 34, 44: what is typed there stands in his notice; another office's own telephone may."""
    case = room.office.have(kind=Kind.REPORT)
    wang = room.office.wang
    room.go(wang, case, "不予处理", "属其他市场监管部门", "其他（请输入）")

    answer = room.says(wang, words)

    assert "没有发出" in answer
    assert found in answer
    room.write(wang, "某市市场监督管理局，电话 0773-2234567 或者 6234567")
    assert room.press(wang, case, "确认") == "已不予处理。"


def test_who_stays_away_meanwhile_learns_nothing_from_the_check(room: StaffRoom) -> None:
    """S7-5b: what he types is not held against the names of a case that does not exist for him."""
    case = room.office.accepted()
    room.open(case, room.office.wang)
    room.go(room.office.wang, case, "留言")
    room.recuse(case, room.office.wang)

    answer = room.says(room.office.wang, "陈晓梅您好")

    assert is_said("errors.staff-recused", answer)
