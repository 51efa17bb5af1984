"""The card: what every chat may see of a case, what only a private one, and what it offers to whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from admin.card import Card, Cards, Seen
from casestore.codes import (
    ApprovalKind,
    Channel,
    Decision,
    Demand,
    EndGround,
    Grade,
    Ground,
    Kind,
    Outcome,
    Role,
    Status,
)
from casestore.model import Because, Case, Guess, Officer, OfficerId, Particulars
from casestore.units import Units
from casestore.workdays import CHINA, WorkingCalendar, end_of
from tests.admin.staff_room import TEXTS
from tests.casestore.builders import FOOD, MONDAY, QUALITY, a_case, a_request, an_officer
from tests.office import a_suggestion

CARDS = Cards(TEXTS, Units.load(), WorkingCalendar())
TOLD = Particulars(
    name="陈晓梅",
    phone="13800138000",
    postal_address="城关镇东街1号",
    merchant="甲某某超市",
    merchant_address="城关镇西街2号",
    goods="牛奶",
    story="买到的牛奶已经过期三天。",
)


def drawn(
    case: Case | None = None, viewer: Officer | None = None, at: datetime = MONDAY, **seen: Any
) -> Card:
    return CARDS.draw(Seen(case=case or a_case(), viewer=viewer, **seen), at)


def private(case: Case, role: Role = Role.OFFICER, **seen: Any) -> list[str]:
    viewer = an_officer(role, FOOD if role in (Role.HANDLER, Role.UNIT_HEAD) else None)
    return drawn(case, viewer, **{"particulars": TOLD} | seen).text.splitlines()


def labels(card: Card) -> list[str]:
    return [button.label for row in card.rows for button in row]


def offered(case: Case, role: Role | None, **seen: Any) -> list[str]:
    """The buttons for somebody of this post; None: for the group."""
    if role is None:
        return labels(drawn(case, **seen))
    viewer = an_officer(role, FOOD if role in (Role.HANDLER, Role.UNIT_HEAD) else None)
    return labels(drawn(case, viewer, **seen))


# ── what stands on every card ──


def test_the_group_card_holds_number_kind_status_class_unit_limit_and_holder() -> None:
    """Design 8: these and nothing else."""
    case = a_case(
        Status.TAKEN_OVER,
        suggestion=a_suggestion(),
        due_limit="mediation",
        due_at=end_of(date(2027, 1, 22)),
    )

    assert drawn(case, holder="李娜", at=datetime(2027, 1, 12, 9, 0, tzinfo=CHINA)).text.splitlines() == [
        "【投诉】TS-20261123-0007",
        "状态：承办单位办理中",
        "类别：食品类 · 安全",
        "承办：食品生产流通安全监督管理科",
        "时限：调解结束 1月22日 到期，剩 10 天 · 121号令第23条(五)",
        "持有：李娜",
    ]


@pytest.mark.parametrize(
    ("kind", "word"),
    [(Kind.COMPLAINT, "【投诉】"), (Kind.REPORT, "【举报】"), (Kind.CONSULTATION, "【咨询】")],
)
def test_the_title_names_the_kind_in_the_offices_word(kind: Kind, word: str) -> None:
    assert drawn(a_case(kind=kind)).text.startswith(word)


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_chinese_word(status: Status) -> None:
    line = drawn(a_case(status)).text.splitlines()[1]

    assert line.startswith("状态：")
    assert status.value not in line


def test_a_major_case_says_so_in_its_title() -> None:
    """S9-6."""
    assert "重大" in drawn(a_case(grade=Grade.MAJOR)).text.splitlines()[0]
    assert "重大" not in drawn(a_case(grade=Grade.ORDINARY)).text


def test_signs_of_danger_stand_on_the_card() -> None:
    case = a_case(suggestion=a_suggestion(urgent=("食物中毒", "人数≥10")))

    assert "⚠ 紧急：食物中毒、人数≥10" in drawn(case).text.splitlines()


def test_before_the_dispatch_the_unit_is_a_suggestion_and_afterwards_a_fact() -> None:
    suggested = a_case(unit=None, suggestion=a_suggestion())
    dispatched = a_case(Status.DISPATCHED, unit=QUALITY, suggestion=a_suggestion())

    assert "承办：建议 食品生产流通安全监督管理科" in drawn(suggested).text.splitlines()
    assert "承办：产品质量安全监督管理科" in drawn(dispatched).text.splitlines()
    assert "建议" not in drawn(dispatched).text


def test_a_matter_of_another_department_is_pointed_out_until_it_is_decided() -> None:
    outside = a_suggestion(scope="outside", department="公安机关", hotline="110")
    line = "提示：可能属于公安机关（110）的职责，请核对后决定"

    assert line in drawn(a_case(suggestion=outside)).text.splitlines()
    assert line not in drawn(a_case(Status.ACCEPTED, suggestion=outside)).text.splitlines()


# ── limits ──

ACCEPTANCE = end_of(date(2026, 12, 2))


@pytest.mark.parametrize(
    ("at", "left"),
    [
        (MONDAY, "剩 7 个工作日"),
        (datetime(2026, 11, 27, 23, 59, tzinfo=CHINA), "剩 3 个工作日"),
        (datetime(2026, 11, 29, 12, 0, tzinfo=CHINA), "剩 3 个工作日"),  # a Sunday
        (datetime(2026, 12, 2, 0, 0, tzinfo=CHINA), "今天到期"),
        (ACCEPTANCE - timedelta(milliseconds=1), "今天到期"),
        (ACCEPTANCE, "已超过"),
        (ACCEPTANCE + timedelta(seconds=1), "已超过"),
        (ACCEPTANCE + timedelta(days=400), "已超过"),
    ],
)
def test_the_card_says_how_long_is_left_and_when_a_limit_has_passed(at: datetime, left: str) -> None:
    (line,) = [
        line
        for line in drawn(a_case(due_limit="acceptance", due_at=ACCEPTANCE), at=at).text.splitlines()
        if line.startswith("时限：")
    ]

    assert line.removeprefix("时限：告知是否受理 ").removeprefix("2026年") == (
        f"12月2日 到期，{left} · 121号令第15条"
    )


def test_a_provisional_limit_is_marked_so() -> None:
    case = a_case(due_limit="acceptance", due_at=ACCEPTANCE)

    assert drawn(case, provisional=True).text.count("（暂定）") == 1
    assert "（暂定）" not in drawn(case).text


def test_a_case_without_a_running_limit_shows_none() -> None:
    assert "时限" not in drawn(a_case(Status.CLOSED)).text


# ── who has it ──


def test_a_case_nobody_took_says_so_until_it_is_over() -> None:
    assert "持有：（待接手）" in drawn(a_case()).text.splitlines()
    assert "持有" not in drawn(a_case(Status.WITHDRAWN)).text


def test_a_dispatched_case_names_who_answers_until_the_unit_takes_it() -> None:
    """首问责任 (S2-4.1): its holder stays responsible until the unit has it."""
    case = a_case(Status.DISPATCHED)

    assert "持有：王敏 → 食品生产流通安全监督管理科（待接收）" in drawn(case, holder="王敏").text


def test_who_touched_a_case_first_is_named_until_the_unit_has_it() -> None:
    """首问责任 (S2-4.1)."""
    for status in (Status.REGISTERED, Status.SUPPLEMENTING, Status.ACCEPTED, Status.DISPATCHED):
        assert "首问：王敏" in drawn(a_case(status), first="王敏").text.splitlines()
    for status in set(Status) - {Status.REGISTERED, Status.SUPPLEMENTING, Status.ACCEPTED, Status.DISPATCHED}:
        assert "首问" not in drawn(a_case(status), first="王敏").text
    assert "首问" not in drawn(a_case()).text


def test_limits_that_stand_still_say_why() -> None:
    """Art. 22."""
    card = drawn(a_case(Status.MEDIATING), paused_for="testing")

    assert "时限：暂停计时（检测鉴定）" in card.text.splitlines()


def test_the_ground_and_the_outcome_stand_on_the_card() -> None:
    declined = a_case(Status.DECLINED, ground=Ground.TOO_OLD)
    closed = a_case(Status.CLOSED, outcome=Outcome.SETTLED)

    assert any("超过三年" in line for line in drawn(declined).text.splitlines() if line.startswith("理由："))
    assert "结果：双方自行和解" in drawn(closed).text.splitlines()


def test_the_ground_that_ended_a_mediation_stands_on_the_card() -> None:
    ended = a_case(Status.MEDIATION_ENDED, end_ground=EndGround.NO_AGREEMENT)

    assert "终止理由：双方明确表示无法达成调解协议（第二十三条第三项）" in drawn(ended).text.splitlines()


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("quota", "微信推送名额已用完"),
        ("unfollowed", "已取消关注"),
        ("blocked", "已停用机器人"),
        ("BadRequest", "平台未接受"),
        ("", "平台未接受"),
    ],
)
def test_a_notice_that_did_not_arrive_is_shown_with_its_cause(why: str, words: str) -> None:
    """S1-3.1(4): the citizen hears of each step; staff see it when he did not."""
    (line,) = [line for line in drawn(undelivered=(("accepted", why),)).text.splitlines() if "⚠" in line]

    assert line.startswith("⚠ 未送达市民：已受理（")
    assert words in line


# ── requests and decisions ──


@pytest.mark.parametrize(
    ("kind", "facts", "line"),
    [
        (ApprovalKind.ESCALATION, {}, "上报：赵强 请求批示 — 案情重大"),
        (
            ApprovalKind.EXTENSION,
            {"limit": "report_check"},
            "请示延长：赵强 请求把「核查并决定是否立案」延长 15个工作日（行政处罚程序规定第18条） — 案情重大",
        ),
        (
            ApprovalKind.EXTENSION,
            {"limit": "investigation"},
            "请示延长：赵强 请求把「作出处理决定」延长 30日（行政处罚程序规定第64条） — 案情重大",
        ),
        (
            ApprovalKind.DECLINING,
            {"ground": "16-4"},
            "请示不予受理：赵强 拟以知道或者应当知道权益受到侵害之日起超过三年（第十六条第四项）不予受理",
        ),
        (ApprovalKind.PUBLICATION, {}, "请示公示：赵强 请求公示 — 案情重大"),
    ],
)
def test_the_supervisor_reads_what_is_asked_of_him_and_by_which_rule(
    kind: ApprovalKind, facts: dict[str, str], line: str
) -> None:
    request = replace(a_request(by=OfficerId(9)), kind=kind, facts=facts)

    card = drawn(a_case(), an_officer(Role.DIRECTOR), request=request, requester="赵强", particulars=TOLD)

    assert line in card.text.splitlines()


def test_a_request_shows_who_asks_and_the_reason_only_in_private() -> None:
    """Reasons are people's words and may name people."""
    request = a_request(by=OfficerId(9))

    assert "上报：赵强 请求批示 — …" in drawn(request=request, requester="赵强").text.splitlines()
    told = drawn(a_case(), an_officer(Role.DIRECTOR), request=request, requester="赵强", particulars=TOLD)
    assert "上报：赵强 请求批示 — 案情重大" in told.text.splitlines()


def test_the_desks_own_request_tells_its_signs_to_everybody() -> None:
    assert "上报：系统 请求批示 — 案情重大" in drawn(request=a_request(by=None)).text.splitlines()


def test_a_decision_shows_who_decided_and_the_reason_only_in_private() -> None:
    decided = a_request(by=OfficerId(9), decision=Decision.REFUSED)
    decided = type(decided)(**vars(decided) | {"decision_reason": "请先问陈晓梅"})

    assert "批示：驳回（孙主任）" in drawn(decided=decided, decider="孙主任").text.splitlines()
    told = drawn(a_case(), an_officer(), decided=decided, decider="孙主任", particulars=TOLD)
    assert "批示：驳回（孙主任）请先问陈晓梅" in told.text.splitlines()


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.AUDITOR])
def test_who_reads_no_personal_data_reads_no_reasons_either(role: Role) -> None:
    """S5-2.2(4): no personal data for volunteers; a reason may name the citizen."""
    decided = a_request(by=OfficerId(9), decision=Decision.REFUSED)
    decided = type(decided)(**vars(decided) | {"decision_reason": "请先问陈晓梅"})
    request = type(decided)(**vars(a_request(by=OfficerId(9))) | {"reason": "陈晓梅是我同学"})

    card = drawn(
        a_case(), an_officer(role), request=request, requester="赵强", decided=decided, decider="孙主任"
    )

    assert "陈晓梅" not in card.text
    assert "上报：赵强 请求批示 — …" in card.text


# ── in private chats ──


def test_the_private_card_shows_the_masked_citizen_and_the_matter() -> None:
    case = a_case(
        amount_fen=12_850, happened_on=date(2026, 11, 20), demands=(Demand.REFUND, Demand.COMPENSATE)
    )

    lines = private(case, evidence=2)

    assert [line for line in lines if line not in drawn(case).text.splitlines()] == [
        "提交人：陈** 138****8000",
        "商家：甲某某超市",
        "地点：城关镇西街2号",
        "日期：2026-11-20",
        "金额：128.50元",
        "请求：退款、赔偿",
        "证据：2 份",
        "经过：买到的牛奶已经过期三天。",
    ]


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.AUDITOR])
def test_who_may_only_look_sees_the_groups_card(role: Role) -> None:
    """S5-2.2(4): neither the sum nor the demands, which tell of a person too."""
    case = a_case(
        amount_fen=12_800, demands=(Demand.REFUND,), happened_on=date(2026, 11, 20), suggestion=a_suggestion()
    )

    assert drawn(case, an_officer(role)).text == drawn(case).text


def test_an_anonymous_informer_has_no_name_on_the_card() -> None:
    """S7-6: 保密."""
    text = "\n".join(private(a_case(kind=Kind.REPORT, anonymous=True)))

    assert "提交人：匿名" in text
    assert "陈" not in text
    assert "8000" not in text


def test_numbers_in_the_story_are_hidden_and_a_long_one_is_cut() -> None:
    story = "我叫小陈，电话13912345678，身份证 450324199001011234。" + "商家不退款。" * 40

    (line,) = [
        line for line in private(a_case(), particulars=Particulars(story=story)) if line.startswith("经过")
    ]

    assert line.startswith("经过：我叫小陈，电话****，身份证 ****。商家不退款。")
    assert line.endswith("…")
    assert len(line) <= 90


def test_a_number_at_the_place_of_the_cut_is_hidden_too() -> None:
    """Masked first, cut then: half a number is a number."""
    for before in range(60, 85):
        text = "\n".join(private(a_case(), particulars=Particulars(story="字" * before + "13912345678")))
        assert "139" not in text


def test_the_suggestion_stands_with_its_words_its_share_and_what_else_it_might_be() -> None:
    """PIPL 24: what the machine thinks and why; a person decides."""
    suggestion = a_suggestion(
        because=(
            Because(word="牛奶", weight=2.0),
            Because(word="过期", weight=1.5),
            Because(word="牛奶", weight=1.0),
        ),
        alternatives={
            "object": (
                Guess(code="G02", name="日用品类", score=0.12),
                Guess(code="G03", name="服装类", score=0.049),
            )
        },
    )

    lines = private(a_case(unit=None, suggestion=suggestion))

    assert lines[-3:] == [
        "建议：食品类 80% · 安全；食品生产流通安全监督管理科",
        "备选：日用品类 12%",
        "依据：牛奶、过期",
    ]


def test_an_unsure_suggestion_asks_for_a_person() -> None:
    unsure = a_suggestion(decision="ask")
    nothing = a_suggestion(decision="ask", object=Guess(code="", name="", score=0.0))

    assert "建议：不确定，请人工判断（可能是食品类 80%）" in private(a_case(suggestion=unsure))
    assert "建议：不确定，请人工判断" in private(a_case(suggestion=nothing))


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.REGISTERED])
def test_once_a_person_has_decided_the_suggestion_is_gone(status: Status) -> None:
    lines = private(a_case(status, suggestion=a_suggestion(because=(Because(word="牛奶", weight=2.0),))))

    assert not [line for line in lines if line.startswith(("建议：", "依据："))]


def test_nothing_told_leaves_no_empty_lines() -> None:
    lines = private(a_case(), particulars=Particulars())

    assert all(lines)
    assert not [line for line in lines if line.endswith("：")]


# ── buttons ──

EVERYBODYS = ["升级", "回避", "查看全文/附件"]
C, R, Q = Kind.COMPLAINT, Kind.REPORT, Kind.CONSULTATION


@pytest.mark.parametrize(
    ("kind", "status", "group"),
    [
        (C, Status.REGISTERED, ["受理", "不予受理", "要求补正", "升级", "回避"]),
        (C, Status.SUPPLEMENTING, ["受理", "不予受理", "升级", "回避"]),
        (C, Status.ACCEPTED, ["分派", "升级", "回避"]),
        (C, Status.DISPATCHED, ["升级", "回避"]),
        (C, Status.MEDIATING, ["升级", "回避"]),
        (R, Status.REGISTERED, ["分派", "要求补正", "升级", "回避"]),
        (Q, Status.REGISTERED, ["答复", "升级", "回避"]),
    ],
)
def test_the_group_is_offered_what_cannot_wait_for_a_private_chat(
    kind: Kind, status: Status, group: list[str]
) -> None:
    assert offered(a_case(status, kind), None) == group


@pytest.mark.parametrize(
    ("kind", "status", "centre"),
    [
        (C, Status.SUPPLEMENTING, ["受理", "不予受理", "自行和解", "市民撤回", "留言", "记录", "关联"]),
        (C, Status.ACCEPTED, ["分派", "自行和解", "市民撤回", "留言", "记录", "关联"]),
        (C, Status.DISPATCHED, ["自行和解", "市民撤回", "留言", "记录", "关联"]),
        (C, Status.MEDIATING, ["自行和解", "市民撤回", "记录", "关联"]),
        (R, Status.REGISTERED, ["分派", "要求补正", "不予处理", "市民撤回", "留言", "记录", "关联"]),
        (R, Status.SUPPLEMENTING, ["分派", "不予处理", "市民撤回", "留言", "记录", "关联"]),
        (R, Status.TAKEN_OVER, ["市民撤回", "记录", "关联"]),
        (Q, Status.REGISTERED, ["答复", "市民撤回", "留言", "记录"]),
    ],
)
def test_the_centre_is_offered_its_own_steps_of_each_state(
    kind: Kind, status: Status, centre: list[str]
) -> None:
    """S8-1. 留言 while it is the desk's turn."""
    for role in (Role.OFFICER, Role.DIRECTOR, Role.HEAD):
        assert offered(a_case(status, kind), role) == [*centre, *EVERYBODYS]


@pytest.mark.parametrize(
    ("kind", "status", "unit"),
    [
        (C, Status.DISPATCHED, ["接收", "退回中心", "自行和解", "记录", "关联"]),
        (C, Status.MEDIATION_ENDED, ["交办", "办结", "自行和解", "留言", "记录", "关联"]),
        (R, Status.DISPATCHED, ["接收", "退回中心", "记录", "关联"]),
        (R, Status.TAKEN_OVER, ["退回中心", "交办", "立案", "不予立案", "留言", "记录", "关联"]),
        (R, Status.FILED, ["交办", "办结", "留言", "记录", "关联"]),
    ],
)
def test_the_unit_is_offered_its_own_steps_of_each_state(kind: Kind, status: Status, unit: list[str]) -> None:
    """S8-1; art. 41: nowhere is there a way sideways."""
    for role in (Role.HANDLER, Role.UNIT_HEAD):
        assert offered(a_case(status, kind), role) == [*unit, *EVERYBODYS]


def test_a_mediation_offers_all_of_the_units_steps_some_behind_one_more_press() -> None:
    case = a_case(Status.MEDIATING)
    more = labels(CARDS.more(Seen(case=case, viewer=an_officer(Role.HANDLER, FOOD))))

    assert {*offered(case, Role.HANDLER), *more} - {"更多", "返回"} == {
        "交办", "组织调解", "终止调解", "办结", "自行和解", "留言", "记录", "关联", *EVERYBODYS,
    }  # fmt: skip
    assert "交办" in offered(case, Role.HANDLER), "nobody holds it: that comes first"


def test_what_a_colleague_holds_is_handed_over_by_the_head_of_the_unit_alone() -> None:
    held = a_case(Status.MEDIATING, holder=OfficerId(5))

    assert "交办" in offered(held, Role.UNIT_HEAD)
    assert "交办" not in offered(held, Role.HANDLER)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.AUDITOR])
def test_who_may_only_look_is_offered_nothing_to_do(status: Status, role: Role) -> None:
    """S5-2.2(4)."""
    assert offered(a_case(status), role) == []


# ── 更多 ──


def test_a_crowded_card_keeps_the_rare_steps_behind_one_more_press() -> None:
    taken = a_case(Status.TAKEN_OVER, due_limit="mediation", due_at=ACCEPTANCE, holder=OfficerId(5))
    viewer = an_officer(Role.HANDLER, FOOD)

    assert offered(taken, Role.HANDLER) == [
        "退回中心", "组织调解", "终止调解", "办结", "留言", "记录", "升级", "回避", "为什么是这一天", "更多",
    ]  # fmt: skip
    more = CARDS.more(Seen(case=taken, viewer=viewer))
    assert labels(more) == ["自行和解", "关联", "代为申请回避", "查看全文/附件", "返回"]
    assert more.text == "【投诉】TS-20261123-0007\n其他操作："


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("status", Status)
def test_no_private_card_offers_more_than_ten_buttons_and_none_is_lost(
    status: Status, kind: Kind, role: Role
) -> None:
    viewer = an_officer(role, FOOD if role in (Role.HANDLER, Role.UNIT_HEAD) else None)
    case = a_case(status, kind, due_limit="mediation", due_at=ACCEPTANCE, holder=OfficerId(5))
    seen = Seen(
        case=case, viewer=viewer, request=a_request(by=OfficerId(9)), extendable=True, recusal_asked=True
    )

    shown = labels(CARDS.draw(seen, MONDAY))

    assert len(shown) <= 10
    assert len(set(shown)) == len(shown)
    hidden = labels(CARDS.more(seen))[:-1] if "更多" in shown else []
    everything = [button.label for button in CARDS._buttons(seen)]
    assert sorted([*(label for label in shown if label != "更多"), *hidden]) == sorted(everything)


@pytest.mark.parametrize(
    ("status", "officer"),
    [
        (Status.CLOSED, ["重新办理", "归档", "记录", "关联", "查看全文/附件"]),
        (Status.DECLINED, ["归档", "记录", "关联", "查看全文/附件"]),
        (Status.WITHDRAWN, ["归档", "记录", "关联", "查看全文/附件"]),
        (Status.ARCHIVED, ["查看全文/附件"]),
    ],
)
def test_a_case_that_is_over_is_taken_up_again_put_away_or_looked_at(
    status: Status, officer: list[str]
) -> None:
    """S9-7: what is archived is only looked at. Art. 27: that it is over makes no violation go away."""
    assert offered(a_case(status), None) == []
    assert offered(a_case(status), Role.OFFICER) == officer
    assert offered(a_case(status), Role.HEAD) == officer


def test_a_request_is_decided_by_supervisors_in_their_private_chats() -> None:
    request = a_request(by=OfficerId(9))

    assert offered(a_case(Status.ACCEPTED), Role.HEAD, request=request)[:2] == ["批准", "驳回"]
    assert "批准" not in offered(a_case(Status.ACCEPTED), Role.OFFICER, request=request)
    assert "批准" not in offered(a_case(Status.ACCEPTED), None, request=request)


def test_while_a_request_waits_nobody_is_offered_another_one() -> None:
    for role in (None, Role.HEAD, Role.OFFICER, Role.HANDLER):
        assert "升级" not in offered(a_case(Status.TAKEN_OVER), role, request=a_request(by=OfficerId(9)))


def test_a_supervisor_is_not_offered_to_decide_his_own_request() -> None:
    own = a_request(by=an_officer().id)

    assert not {"批准", "驳回"} & set(offered(a_case(Status.ACCEPTED), Role.HEAD, request=own))


@pytest.mark.parametrize("channel", [Channel.WECHAT, Channel.TELEGRAM])
def test_the_card_does_not_depend_on_where_the_citizen_came_from(channel: Channel) -> None:
    assert drawn(a_case(channel=channel)) == drawn(a_case())
