"""What a step asks before it is done: grounds, units by page, outcomes, the usual reasons or own words."""

from __future__ import annotations

import pytest

from admin.card import Button, Card
from admin.menus import NEEDS_WORDS, OUTCOMES, Menus
from casestore.codes import Ground, Kind, Outcome, ReportGround, Role, Status, Step
from casestore.lifecycle import TABLE, names_an_outcome, says_why
from casestore.model import Case, Guess, Particulars
from casestore.units import INTAKE, Units
from dialogs.texts import Texts
from tests.admin.staff_room import ANSWERS, TEXTS
from tests.casestore.builders import FOOD, a_case, an_officer
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

    assert {button.does for button in found[:6]} == {"menu:confirm:decline"}
    assert [button.facts for button in found[:6]] == [{"ground": f"16-{number}"} for number in range(1, 7)]
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

    assert sorted(units) == sorted(unit.code for unit in UNITS if not unit.is_station)
    assert INTAKE not in units
    assert not {"EXTERNAL", "COURT"} & set(units)


def test_a_consumer_station_is_offered_for_its_own_premises_only() -> None:
    """S6-3a."""
    case, here = a_case(), Particulars(merchant="东方商场二楼鞋店")
    offered = [
        button.facts["unit"]
        for page in range(4)
        for button in buttons(MENUS.draw(case, "dispatch", page, told=here))
        if button.does == "do:dispatch"
    ]

    assert {unit.code for unit in UNITS if unit.is_station} & set(offered) == {"MALL_DONGFANG"}


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
    ("kind", "status", "outcomes"),
    [
        (Kind.COMPLAINT, Status.TAKEN_OVER, ["达成调解协议", "双方自行和解"]),
        (Kind.COMPLAINT, Status.MEDIATING, ["达成调解协议", "双方自行和解"]),
        (Kind.COMPLAINT, Status.MEDIATION_ENDED, ["终止调解"]),
        (Kind.REPORT, Status.FILED, ["查证属实并处理", "依法不予行政处罚", "已依法移送有管辖权的机关"]),
    ],
)
def test_each_kind_ends_in_its_own_ways(kind: Kind, status: Status, outcomes: list[str]) -> None:
    """A report is investigated, never mediated; a failed mediation is ended on a ground of art. 23 first."""
    assert [button.label for button in buttons(MENUS.draw(a_case(status, kind), "close"))] == outcomes


def test_the_chosen_outcome_stays_chosen_while_its_words_are_asked() -> None:
    for outcome in (Outcome.AGREEMENT, Outcome.SETTLED):
        found = buttons(MENUS.draw(a_case(Status.MEDIATING), f"close_words:{outcome}"))
        chosen = {"outcome": outcome, "recovering": "yes"}
        assert {button.does for button in found} == {"ask:close"}
        assert [button.facts for button in found[:-1]] == [
            {**chosen, "usual": button.label} for button in found[:-1]
        ]
        assert found[-1].facts == chosen
    for outcome in OUTCOMES[Kind.REPORT, Status.FILED]:
        *found, other = buttons(MENUS.draw(a_case(Status.FILED, Kind.REPORT), f"close_words:{outcome}"))
        assert {button.does for button in found} == {"menu:confirm:close"}
        assert [button.facts for button in found] == [
            {"outcome": outcome, "words": button.label} for button in found
        ]
        assert (other.does, other.facts) == ("ask:close", {"outcome": outcome})


@pytest.mark.parametrize(("kind", "status"), OUTCOMES)
def test_every_outcome_has_its_usual_words(kind: Kind, status: Status) -> None:
    for outcome in OUTCOMES[kind, status]:
        assert len(buttons(MENUS.draw(a_case(kind=kind), f"close_words:{outcome}"))) > 1


def test_a_confirmation_hands_over_what_was_chosen_and_nothing_else() -> None:
    """Also words with a colon in them: an office writes its own."""
    given = {"outcome": "settled", "recovered_fen": "12800", "words": "退款：128元 12:30"}
    declining, explaining = buttons(MENUS.draw(a_case(), "confirm:decline", given={"ground": "16-4"}))
    (closing,) = buttons(MENUS.draw(a_case(), "confirm:close", given=given))

    assert (declining.does, declining.facts) == ("do:decline", {"ground": "16-4"})
    assert (explaining.does, explaining.facts) == ("ask:decline", {"ground": "16-4"})
    assert (closing.does, closing.facts) == ("do:close", given)


def test_where_nobody_is_to_be_told_the_confirmation_says_so() -> None:
    """A report of the desk's own, a caller without a chat, an informer who wants to hear no more."""
    given = {"words": "经核查未发现违法行为"}
    for case in (a_case(kind=Kind.REPORT, citizen=None), a_case(kind=Kind.REPORT, quiet=True)):
        assert "没有要通知的人" in MENUS.draw(case, "confirm:not_file", given=given).text
    assert "立即发给市民" in MENUS.draw(a_case(kind=Kind.REPORT), "confirm:not_file", given=given).text


# ── 不予处理 ──


def test_a_report_is_ended_on_four_grounds_with_their_articles_and_a_repeat_only_where_one_is_linked() -> (
    None
):
    """Art. 34, 35, 44."""
    case, first = a_case(kind=Kind.REPORT), a_case(kind=Kind.REPORT)
    menu = MENUS.draw(case, "not_handle")

    for ground in ReportGround:
        assert TEXTS.name("ground", ground) in menu.text
        assert f"第{'三十四' if ground < '35' else '三十五' if ground < '4' else '四十四'}条" in TEXTS.name(
            "ground", ground
        )
    assert [button.facts["ground"] for button in buttons(menu)] == ["34-1", "34-2", "44"]
    found = buttons(MENUS.draw(case, "not_handle", repeats=(first,)))
    assert (found[2].does, found[2].facts) == ("menu:confirm:not_handle", {"ground": "35"})


def test_the_department_that_was_suggested_is_one_press() -> None:
    suggestion = a_suggestion(scope="outside", department="城市管理局", hotline="12319")
    menu = MENUS.draw(a_case(kind=Kind.REPORT, suggestion=suggestion), "way:34-2")

    assert [(button.label, button.does) for button in buttons(menu)] == [
        ("城市管理局 12319", "menu:confirm:not_handle"), ("其他（请输入）", "ask:not_handle"),
    ]  # fmt: skip
    assert len(buttons(MENUS.draw(a_case(kind=Kind.REPORT), "way:44"))) == 5
    assert len(buttons(MENUS.draw(a_case(kind=Kind.REPORT), "way:34-1"))) == 1


def test_every_way_a_case_is_closed_with_is_offered_for_a_kind() -> None:
    """No outcome is forgotten where the table asks for one."""
    closing = {
        (kind, status)
        for row in TABLE
        if names_an_outcome in row.guards
        for kind in row.kinds
        for status in row.sources
    }

    assert set(OUTCOMES) == closing
    offered = {outcome for outcomes in OUTCOMES.values() for outcome in outcomes}
    assert offered == set(Outcome) - {Outcome.ANSWERED, Outcome.NOT_FILED, Outcome.NOT_HANDLED}


# ── 终止调解、回避、关联 ──


def test_a_mediation_ends_on_one_of_the_eight_grounds_of_article_23() -> None:
    menu = MENUS.draw(a_case(Status.MEDIATING), "end_mediation")

    assert [button.facts for button in buttons(menu)] == [{"end_ground": f"23-{n}"} for n in range(1, 9)]
    assert {button.does for button in buttons(menu)} == {"ask:end_mediation"}
    for number, numeral in enumerate("一二三四五六七八", 1):
        assert f"第二十三条第{numeral}项" in menu.text
        assert menu.rows[number - 1][0].label.startswith(f"{numeral} ")


def test_a_recusal_that_was_asked_for_is_granted_or_not() -> None:
    found = buttons(MENUS.draw(a_case(), "decide_recusal"))

    assert [(button.label, button.does, button.facts) for button in found] == [
        ("同意回避", "ask:decide_recusal", {"granted": "yes"}),
        ("不同意回避", "ask:decide_recusal", {"granted": "no"}),
    ]


@pytest.mark.parametrize(
    ("kind", "links"),
    [
        (Kind.COMPLAINT, [("共同投诉", "joined"), ("另立举报", "opened_from")]),
        (Kind.REPORT, [("重复举报", "repeat")]),
        (Kind.CONSULTATION, []),
    ],
)
def test_a_case_is_linked_as_its_kind_may_be(kind: Kind, links: list[tuple[str, str]]) -> None:
    """Art. 12, 27, 35."""
    found = buttons(MENUS.draw(a_case(kind=kind), "link"))

    assert [(button.label, button.facts["link"]) for button in found] == links


# ── 记录 ──


@pytest.mark.parametrize(
    ("kind", "status", "role", "forms"),
    [
        (Kind.COMPLAINT, Status.REGISTERED, Role.OFFICER,
         ["联系记录", "证据核验", "通报其他部门", "管辖争议", "转在线和解", "专项整治", "内部备注"]),
        (Kind.COMPLAINT, Status.MEDIATING, Role.HANDLER,
         ["联系记录", "督促经营者", "调查核实", "现场检查", "调解意愿", "调解笔录", "检测鉴定", "处理依据",
          "要求整改", "整改结果", "证据核验", "通报其他部门", "管辖争议", "专项整治", "内部备注"]),
        (Kind.COMPLAINT, Status.CLOSED, Role.OFFICER, ["联系记录", "整改结果", "回访", "专项整治", "内部备注"]),
        (Kind.REPORT, Status.FILED, Role.HANDLER,
         ["联系记录", "调查核实", "现场检查", "处理依据", "要求整改", "整改结果", "证据核验", "通报其他部门",
          "管辖争议", "专项整治", "内部备注"]),
        (Kind.CONSULTATION, Status.REGISTERED, Role.OFFICER, ["联系记录", "内部备注"]),
        (Kind.CONSULTATION, Status.REGISTERED, Role.DIRECTOR, ["联系记录", "上级批注", "内部备注"]),
    ],
)  # fmt: skip
def test_the_forms_are_those_of_the_kind_the_state_and_the_post(
    kind: Kind, status: Status, role: Role, forms: list[str]
) -> None:
    unit = FOOD if role is Role.HANDLER else None
    menu = MENUS.draw(a_case(status, kind), "record", viewer=an_officer(role, unit))

    assert [button.label for button in buttons(menu)] == forms


def test_a_form_asks_one_choice_after_another_and_the_words_last() -> None:
    case = a_case(Status.TAKEN_OVER)

    first = MENUS.draw(case, "form:consent")
    assert first.text == "【投诉】TS-20261123-0007\n调解意愿 · 谁的意愿？"
    assert [button.label for button in buttons(first)] == ["投诉人", "经营者"]
    second = MENUS.draw(case, buttons(first)[1].does.removeprefix("menu:"))
    assert second.text.endswith("调解意愿 · 是否同意调解？")
    third = MENUS.draw(case, buttons(second)[0].does.removeprefix("menu:"))
    assert [button.label for button in buttons(third)] == ["电话", "聊天", "当面", "书面"]
    last = buttons(third)[2]
    assert last.does == "ask:record"
    assert last.facts == {"form": "consent", "party": "merchant", "answer": "yes", "way": "face"}


# ── 咨询 ──


def test_a_question_is_answered_at_once_or_at_a_time_agreed_upon() -> None:
    """S3-3.1: 当场或约定时间答复."""
    found = buttons(MENUS.draw(a_case(kind=Kind.CONSULTATION), "answer"))

    assert [(button.label, button.does, button.facts) for button in found] == [
        ("直接答复（请输入）", "ask:answer", {}),
        ("约定 1 个工作日内", "do:answer", {"days": "1"}),
        ("约定 3 个工作日内", "do:answer", {"days": "3"}),
        ("约定 5 个工作日内", "do:answer", {"days": "5"}),
    ]


def test_approved_answers_that_fit_stand_first_and_are_read_before_they_are_sent() -> None:
    menus = Menus(TEXTS, UNITS, ANSWERS)
    case = a_case(kind=Kind.CONSULTATION)

    first, *others = buttons(menus.draw(case, "answer", story="网购的衣服，七天无理由退货要自己出运费吗"))
    assert (first.label, first.does) == ("七日无理由退货", "menu:approved:seven_days")
    assert [button.label for button in others][-4] == "直接答复（请输入）"

    shown = menus.draw(case, "approved:seven_days")
    (send,) = buttons(shown)
    assert "运费由您承担" in shown.text
    assert (send.label, send.does) == ("发送", "do:answer")
    assert shown.text.endswith(send.facts["words"])


def test_an_approved_answer_holds_the_offices_own_facts() -> None:
    texts = Texts.load({"window": "政务大厅三号窗口"})

    shown = Menus(texts, UNITS, ANSWERS).draw(a_case(kind=Kind.CONSULTATION), "approved:by_proxy")

    assert "请带到政务大厅三号窗口" in shown.text


# ── words ──


def test_what_is_decided_is_the_request_that_stood_on_the_card() -> None:
    for step in ("approve", "refuse"):
        found = buttons(MENUS.draw(a_case(), f"{step}:41"))
        assert {button.facts["request"] for button in found} == {"41"}


def test_every_step_that_must_say_why_asks_for_words() -> None:
    asking = {row.step for row in TABLE if says_why in row.guards}

    assert asking <= NEEDS_WORDS
    assert {Step.ESCALATE, Step.APPROVE, Step.REFUSE} <= NEEDS_WORDS


@pytest.mark.parametrize(
    "step",
    [Step.APPROVE, Step.ASK_SUPPLEMENT, Step.ESCALATE, Step.NOT_FILE, Step.PUBLISH, Step.REFUSE, Step.RETURN],
)
def test_the_usual_reasons_are_one_press_and_other_words_are_typed(step: Step) -> None:
    *usual, other = buttons(MENUS.draw(a_case(), step))

    assert usual
    does = "menu:confirm:" if step is Step.NOT_FILE else "do:"  # which tells the informer at once
    assert {button.does for button in usual} == {f"{does}{step}"}
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
