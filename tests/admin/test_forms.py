"""记录: each form by its buttons and one typed message; what is missing is asked for by its Chinese name."""

from __future__ import annotations

from typing import Any

import pytest

from casestore.codes import Kind, Outcome, Role, Status, Step
from casestore.model import Case, Officer
from casestore.records import BY_FORM, Form
from casestore.tables import events
from tests.admin.staff_room import TEXTS, StaffRoom, a_person, is_said
from tests.office import FOOD

#: form: (the buttons after the form's own, what is typed, the event, its facts, its words)
BY_HAND: dict[Form, tuple[list[str], str, str, dict[str, Any], str]] = {
    Form.CONTACT: (["经营者", "是"], "经理说明天回复", "contacted",
                   {"party": "merchant", "reached": "yes"}, "经理说明天回复"),
    Form.URGE: ([], "请三日内退款", "urged", {}, "请三日内退款"),
    Form.ENQUIRY: ([], "调取了进货台账", "enquired", {}, "调取了进货台账"),
    Form.ONSITE: ([], "李娜、周平\n货架上有过期牛奶三盒", "onsite_checked", {},
                  "investigator=李娜、周平\n货架上有过期牛奶三盒"),
    Form.CONSENT: (["投诉人", "是", "电话"], "无", "consent_recorded",
                   {"party": "citizen", "answer": "yes", "way": "phone"}, "无"),
    Form.MINUTES: (["两人以上"], "李娜、周平\n双方陈述。\n商家同意退款。", "minutes_recorded",
                   {"mediators": "two"}, "names=李娜、周平\n双方陈述。\n商家同意退款。"),
    Form.TESTING: (["双方", "经营者"], "广西质检院\nCMA 20210001\n双方对含量有争议", "testing_started",
                   {"agreed": "both", "advances": "merchant"},
                   "agency=广西质检院\naccreditation=CMA 20210001\n双方对含量有争议"),
    Form.BASIS: (["经营者公开承诺"], "店堂告示：假一赔三", "basis_recorded", {"basis": "promise"}, "店堂告示：假一赔三"),
    Form.CAMPAIGN: ([], "乳制品专项整治", "campaign_marked", {}, "乳制品专项整治"),
    Form.RECTIFY: ([], "立即下架同批次", "rectification_demanded", {}, "立即下架同批次"),
    Form.RECTIFIED: (["是"], "已下架", "rectification_checked", {"done": "yes"}, "已下架"),
    Form.EVIDENCE_CHECK: (["存疑"], "小票字迹不清", "evidence_checked", {"verdict": "doubtful"}, "小票字迹不清"),
    Form.TRANSFER: ([], "县税务局\n拒开发票的线索", "other_office_told", {}, "office=县税务局\n拒开发票的线索"),
    Form.COMPETENCE: ([], "邻县市场监管局\n经营地有争议", "competence_disputed", {},
                      "office=邻县市场监管局\n经营地有争议"),
    Form.COMPETENCE_END: (["是"], "协商由本局处理", "competence_settled", {"ours": "yes"}, "协商由本局处理"),
    Form.ODR: ([], "甲平台客服", "odr_started", {}, "甲平台客服"),
    Form.ODR_END: (["否"], "平台未回应", "odr_ended", {"solved": "no"}, "平台未回应"),
    Form.NOTE: ([], "此人来过三次", "noted", {}, "此人来过三次"),
}  # fmt: skip

#: Only what was begun is ended.
BEGUN_BY = {Form.COMPETENCE_END: Form.COMPETENCE, Form.ODR_END: Form.ODR}


def fill(room: StaffRoom, who: Officer, case: Case, form: Form, *choices: str) -> str:
    """Press through the menu to the question for the typed lines."""
    return room.go(who, case, "记录", TEXTS.name("form", form), *choices)


@pytest.mark.parametrize("form", BY_HAND)
def test_a_form_is_filled_by_buttons_and_one_message(room: StaffRoom, form: Form) -> None:
    """S1-3.2(2), S4-2.1(3), S6-3b, S6-7, S6-9, S5-1.3 …: written down with the case, words sealed."""
    choices, typed, event, facts, words = BY_HAND[form]
    office = room.office
    case = office.taken_over()
    if form in BEGUN_BY:
        begins = BEGUN_BY[form]
        fill(room, office.li, case, begins)
        room.says(office.li, BY_HAND[begins][1])

    assert fill(room, office.li, case, form, *choices) == ""
    assert room.asked(office.li).startswith(f"{case.number}\n{TEXTS.name('form', form)}\n")
    assert room.says(office.li, typed) == f"{case.number} 已记录。"

    written = room.last_event(case)
    assert (written.kind, dict(written.facts), written.words) == (event, facts, words)
    assert written.actor == f"officer:{office.li.id}"
    assert room.now(case).status is Status.TAKEN_OVER


def test_a_case_is_marked_for_a_campaign_and_stays_marked(room: StaffRoom) -> None:
    """S4-2.1(5): 协同整治; after it is closed too, for the campaign may come later."""
    office = room.office
    case = office.closed()

    fill(room, office.li, case, Form.CAMPAIGN)
    assert room.says(office.li, "乳制品专项整治") == f"{case.number} 已记录。"

    assert (room.last_event(case).kind, room.last_event(case).words) == ("campaign_marked", "乳制品专项整治")


def test_every_form_of_the_table_is_tried_here() -> None:
    tried = {*BY_HAND, Form.TESTED, Form.FOLLOW_UP, Form.COMMENT}

    assert tried == set(BY_FORM)


def test_the_result_of_a_test_is_written_with_who_bears_how_much(room: StaffRoom) -> None:
    """S6-7b, S6-8."""
    office = room.office
    case = office.taken_over()
    fill(room, office.li, case, Form.TESTING, "双方", "双方")
    room.says(office.li, "广西质检院\nCMA 1\n含量有争议")

    fill(room, office.li, case, Form.TESTED, "经营者")
    assert room.says(office.li, "0\n蛋白质含量不合格") == f"{case.number} 已记录。"

    written = room.last_event(case)
    assert (written.kind, dict(written.facts)) == ("testing_ended", {"bears": "merchant", "share": 0})
    assert written.words == "蛋白质含量不合格"


def test_after_closing_the_citizen_is_asked_how_it_was(room: StaffRoom) -> None:
    """S2-3.5; 回访."""
    office = room.office
    case = office.closed()

    room.open(case, office.wang)
    fill(room, office.wang, case, Form.FOLLOW_UP, "部分满意")
    assert room.says(office.wang, "钱退了，没有道歉") == f"{case.number} 已记录。"

    written = room.last_event(case)
    assert (written.kind, dict(written.facts)) == ("followed_up", {"satisfied": "partly"})


def test_a_superior_comments_and_the_holder_hears_of_it(room: StaffRoom) -> None:
    """S3-1.5, S1-4.5: 接受业务指导; an officer is not offered the form."""
    office = room.office
    case = office.taken_over()

    room.open(case, office.sun)
    fill(room, office.sun, case, Form.COMMENT)
    room.says(office.sun, "先查进货台账")

    assert room.last_event(case).words == "先查进货台账"
    assert f"{case.number} 上级有批注，请查看。" in [
        one.text for one in room.messages.values() if one.chat == "1003"
    ]
    room.open(case, office.wang)
    room.press(office.wang, case, "记录")
    assert "上级批注" not in room.card_of(case, office.wang).labels


def test_a_note_is_never_told_to_the_citizen(room: StaffRoom) -> None:
    office = room.office
    case = office.taken_over()
    told = room.told(case)

    fill(room, office.li, case, Form.NOTE)
    room.says(office.li, "此人来过三次")

    assert room.told(case) == told


@pytest.mark.parametrize(
    ("begins", "ends", "choices"),
    [
        (Form.TESTING, Form.TESTED, ["双方", "经营者"]),
        (Form.COMPETENCE, Form.COMPETENCE_END, []),
        (Form.ODR, Form.ODR_END, []),
    ],
)
def test_of_a_beginning_and_its_end_only_the_one_in_turn_is_offered(
    room: StaffRoom, begins: Form, ends: Form, choices: list[str]
) -> None:
    office = room.office
    case = office.taken_over()
    first, second = TEXTS.name("form", begins), TEXTS.name("form", ends)
    room.press(office.li, case, "记录")
    assert first in room.card_of(case, office.li).labels
    assert second not in room.card_of(case, office.li).labels

    room.go(office.li, case, first, *choices)
    room.says(office.li, BY_HAND[begins][1])
    room.press(office.li, case, "记录")

    assert first not in room.card_of(case, office.li).labels
    assert second in room.card_of(case, office.li).labels


# ── wrong lines ──


@pytest.mark.parametrize(
    ("form", "choices", "typed", "refusal"),
    [
        (Form.ONSITE, [], "李娜", "还缺一项内容（检查情况），请补上。"),
        (Form.TESTING, ["双方", "双方"], "广西质检院\nCMA 1", "还缺一项内容（为什么需要检测），请补上。"),
        (Form.TESTING, ["双方", "双方"], "广西质检院", "还缺一项内容（资质证号），请补上。"),
        (Form.TESTED, ["双方"], "一半\n不合格", "这一项（市民承担的百分比（0–100 的整数））没有看懂，请按提示填写。"),
        (Form.TESTED, ["双方"], "101\n不合格", "这一项（市民承担的百分比（0–100 的整数））没有看懂，请按提示填写。"),
        (Form.TESTED, ["双方"], "50", "还缺一项内容（检测结论），请补上。"),
        (Form.MINUTES, ["两人以上"], "李娜\n双方陈述", "还缺一项内容（调解员姓名（用顿号隔开）），请补上。"),
        (Form.TRANSFER, [], "县税务局", "还缺一项内容（通报内容），请补上。"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_refused_with_the_fields_name_and_may_be_typed_again(
    room: StaffRoom, form: Form, choices: list[str], typed: str, refusal: str
) -> None:
    office = room.office
    case = office.taken_over()
    if form is Form.TESTED:
        fill(room, office.li, case, Form.TESTING, "双方", "双方")
        room.says(office.li, "广西质检院\nCMA 1\n含量有争议")
    before = room.last_event(case)

    fill(room, office.li, case, form, *choices)

    assert room.says(office.li, typed) == f"{refusal}\n请改好以后再发一次，或回复「取消」。"
    assert room.last_event(case) == before
    right = {Form.TESTED: "50\n不合格", Form.MINUTES: "李娜、周平\n双方陈述"}.get(form, "甲\n乙\n丙")
    assert room.says(office.li, right) == f"{case.number} 已记录。"


def test_lines_are_asked_for_by_number(room: StaffRoom) -> None:
    office = room.office
    case = office.taken_over()

    fill(room, office.li, case, Form.TESTING, "本局指定", "投诉人")

    assert room.asked(office.li).splitlines() == [
        case.number,
        "检测鉴定",
        "请在一条消息里分行写：",
        "1. 检测机构名称",
        "2. 资质证号",
        "3. 为什么需要检测",
        "请直接输入文字发送（30 分钟内有效）。",
    ]


def test_one_mediator_is_enough_where_the_matter_is_simple(room: StaffRoom) -> None:
    """S6-9: 一般二人以上，情节简单可一人."""
    office = room.office
    case = office.taken_over()

    fill(room, office.li, case, Form.MINUTES, "一人（情节简单）")
    room.says(office.li, "李娜\n电话里谈妥")

    assert dict(room.last_event(case).facts) == {"mediators": "one_simple"}


def test_a_form_that_no_longer_fits_is_refused(room: StaffRoom) -> None:
    """The case was closed while he typed."""
    office = room.office
    head = a_person(office, "吴科长", Role.UNIT_HEAD, "1012", FOOD)
    case = office.with_minutes(office.taken_over())
    fill(room, head, case, Form.ENQUIRY)
    office.take(
        room.now(case), Step.CLOSE, office.li, outcome=Outcome.AGREEMENT, recovered_fen=0, words="退款"
    )

    assert is_said("errors.step-not-allowed", room.says(head, "调取了台账"))
    assert "enquired" not in office.do(lambda tx: events.kinds(tx, case.id))


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.AUDITOR])
def test_who_may_only_look_writes_nothing_down(room: StaffRoom, role: Role) -> None:
    """S5-2.2(4)."""
    viewer = a_person(room.office, "小林", role, "1008")
    case = room.office.taken_over()

    assert "记录" not in room.open(case, viewer).labels


def test_an_on_site_check_names_its_investigator(room: StaffRoom) -> None:
    """S1-3.1(3): 需现场调查的派专人."""
    office = room.office
    case = office.taken_over()

    fill(room, office.li, case, Form.ONSITE)

    assert "1. 现场检查人员" in room.asked(office.li)
    room.says(office.li, "周平\n已查看现场")
    assert room.last_event(case).words.startswith("investigator=周平")


def test_a_report_is_enquired_into_and_rectified_but_never_mediated(room: StaffRoom) -> None:
    office = room.office
    case = office.take(office.have(kind=Kind.REPORT), Step.DISPATCH, office.wang, unit=FOOD).case
    office.take(case, Step.TAKE_OVER, office.li)

    room.press(office.li, case, "记录")

    labels = room.card_of(case, office.li).labels
    assert {"调查核实", "现场检查", "要求整改"} <= set(labels)
    assert not {"调解意愿", "调解笔录", "督促经营者", "检测鉴定"} & set(labels)
