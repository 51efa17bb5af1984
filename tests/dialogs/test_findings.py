"""The check before words go out: whose data they hold, what they name, what was left blank."""

from __future__ import annotations

from typing import Any

import pytest

from casestore.codes import EndGround, Ground, Kind, Step
from casestore.model import CaseNumber, Particulars
from dialogs.findings import Fault, check, names_of, outgoing, refusal
from dialogs.texts import Texts
from tests.dialogs.builders import OFFICE, TEXTS
from tests.dialogs.test_texts import SENTENCES

NUMBER = CaseNumber("TS-20261123-0001")
TOLD = Particulars(
    name="陈晓梅",
    phone="13800138000",
    postal_address="河西镇北街9号",
    merchant="甲某某超市",
    merchant_address="城关镇西街2号",
    others={"店主姓名": "黄大年", "颜色": "红色的"},
)


def found(
    words: str, step: Step = Step.WRITE, kind: Kind = Kind.COMPLAINT, texts: Texts = TEXTS, **facts: str
) -> dict[Fault, bool]:
    """What is found, and whether it refuses."""
    given = {"number": NUMBER, "words": words, **facts}
    out = outgoing(texts, kind, step, given, names_of(TOLD), ["0773-7777777"])
    return {finding.fault: finding.refuses for finding in check(out)}


def saying(code: str, sentence: str) -> Texts:
    """The texts of an office that wrote this notice itself."""
    return Texts({**SENTENCES, code: sentence}, OFFICE)


# ── personal data ──


@pytest.mark.parametrize("step", [Step.WRITE, Step.ASK_SUPPLEMENT, Step.CLOSE])
@pytest.mark.parametrize(
    "words",
    [
        "陈晓梅您好",
        "寄到河西镇北街9号",
        "店主黄大年同意退款",
        "请打 138 0013 8000",
        "证件号 450324199001011234",
        "写信到 a@example.cn",
    ],
)
def test_personal_data_does_not_go_out(step: Step, words: str) -> None:
    """PIPL 6: also not the citizen's own, on a phone that somebody else may read."""
    assert found(words, step)[Fault.PERSONAL]


@pytest.mark.parametrize(
    "words",
    [
        "您好，商家愿意退款128元",
        "甲某某超市同意了",
        "请到城关镇西街2号的店里取",
        f"您的投诉 {NUMBER} 正在办理",
        f"请拨打 {OFFICE['hotline']}",
        "请到消协反映，电话 0773-7777777",
        "那件衣服是红色的",
    ],
)
def test_what_everybody_may_know_goes_out(words: str) -> None:
    assert found(words) == {}


# ── blanks ──


@pytest.mark.parametrize(
    "words",
    ["请在{日期}前来", "请在 ____ 前来", "退款××元", "请联系｛电话｝", "XX月到期", "编号【 】", "（ ）元"],
)
def test_what_was_not_filled_in_does_not_go_out(words: str) -> None:
    assert found(words)[Fault.BLANK]


def test_brackets_with_words_in_them_are_no_blank() -> None:
    assert found("退款128元（含运费），见【退款须知】") == {}


# ── the ground ──


@pytest.mark.parametrize("ground", [one for one in Ground if one is not Ground.OTHER_LAW])
def test_the_notice_of_declining_names_its_ground_and_ways_already(ground: Ground) -> None:
    assert found("", Step.DECLINE, ground=ground) == {}


@pytest.mark.parametrize("ground", [one for one in EndGround if one is not EndGround.OTHER])
def test_the_notice_of_an_ended_mediation_names_its_ground_and_ways_already(ground: EndGround) -> None:
    assert found("谈不拢", Step.END_MEDIATION, end_ground=ground) == {}


def test_an_office_whose_notice_names_no_ground_must_write_it_each_time() -> None:
    """Art. 15: not one word of the law may be missing, whoever forgot it."""
    bare = saying("notice.complaint.declined", "{number} 不予受理。{reason}可以向法院起诉。")

    assert found("不归我们管", Step.DECLINE, texts=bare, ground="16-1") == {Fault.GROUND: True}
    for named in ("第十六条第一项", "第16条(1)", "第十六条（一）"):
        assert found(f"依照{named}", Step.DECLINE, texts=bare, ground="16-1") == {}
    assert found("依照第十六条第二项", Step.DECLINE, texts=bare, ground="16-1") == {Fault.GROUND: True}


@pytest.mark.parametrize(("step", "ground"), [(Step.DECLINE, "16-7"), (Step.END_MEDIATION, "23-8")])  # fmt: skip
def test_another_law_is_named_by_its_article(step: Step, ground: str) -> None:
    """Art. 16(7), 23(8)."""
    assert found("不符合规定", step, ground=ground, end_ground=ground) == {Fault.STATUTE: True}
    assert found("依照某条例第九条", step, ground=ground, end_ground=ground) == {}
    assert found("《某某办法》第三条另有规定", step, ground=ground, end_ground=ground) == {}


@pytest.mark.parametrize(
    "words", ["经核查未发现违法行为", "不符合第十九条的条件", "线索不具体无法核查，谢谢"]
)
def test_a_reason_for_not_filing_is_a_usual_one_or_an_article(words: str) -> None:
    assert found(words, Step.NOT_FILE, Kind.REPORT) == {}


def test_a_report_not_filed_without_a_reason_gets_a_hint_and_no_refusal() -> None:
    assert found("没什么问题", Step.NOT_FILE, Kind.REPORT) == {Fault.GROUND: False}


# ── a way out ──


def test_a_way_out_is_demanded_where_the_law_demands_it_and_else_hinted_at() -> None:
    declined = saying("notice.complaint.declined", "不予受理：{ground_name}。{reason}")
    ended = saying("notice.complaint.mediation_ended", "终止：{end_ground_name}。{reason}")
    closed = saying("notice.complaint.closed", "已办结。{reason}")
    not_filed = saying("notice.report.not_filed", "不予立案。{reason}")

    assert found("", Step.DECLINE, texts=declined, ground="16-1") == {Fault.WAY_OUT: True}
    assert found("可以请求消费者协会调解", Step.DECLINE, texts=declined, ground="16-1") == {}
    assert found("谈不拢", Step.END_MEDIATION, texts=ended, end_ground="23-3") == {Fault.WAY_OUT: True}
    assert found("可以向法院起诉", Step.END_MEDIATION, texts=ended, end_ground="23-3") == {}
    assert found("已退款", Step.CLOSE, texts=closed) == {Fault.WAY_OUT: False}
    unfiled = "经核查未发现违法行为"
    assert found(unfiled, Step.NOT_FILE, Kind.REPORT, texts=not_filed) == {Fault.WAY_OUT: False}


def test_where_nothing_goes_out_nothing_is_wrong() -> None:
    silent = Texts({"office": ""}, {})

    assert found("陈晓梅 13800138000", texts=silent) == {}


# ── refusing ──


@pytest.mark.parametrize("fault", Fault)
def test_every_refusal_has_a_code_and_says_what_to_do(fault: Fault) -> None:
    wrong: dict[Fault, Any] = {
        Fault.BLANK: {"words": "____"},
        Fault.PERSONAL: {"words": "13800138000"},
        Fault.GROUND: {"step": Step.DECLINE, "ground": "16-1"},
        Fault.STATUTE: {"step": Step.DECLINE, "ground": "16-7", "words": "另有规定"},
        Fault.WAY_OUT: {"step": Step.DECLINE, "ground": "16-1"},
    }
    bare = saying("notice.complaint.declined", "不予受理。{reason}")
    given = {"words": "", "step": Step.WRITE, **wrong[fault]}
    step = given.pop("step")
    (finding,) = [
        one
        for one in check(outgoing(bare, Kind.COMPLAINT, step, {"number": NUMBER, **given}))
        if one.fault is fault
    ]

    sentence = TEXTS.refusal(refusal(finding, NUMBER, "电话号码"))
    assert sentence.startswith(f"{NUMBER} 没有发出：")
    assert "再发一次" in sentence
