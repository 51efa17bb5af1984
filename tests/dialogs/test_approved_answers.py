"""解答库: which of the office's approved answers fit a question, and which are told with nobody in between."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.approved_answers import ROOM, ApprovedAnswer, ApprovedAnswers
from tests.dialogs.builders import ANSWERS, TEXTS


def an_answer(code: str, *words: str, answer: str = "可以退。") -> ApprovedAnswer:
    return ApprovedAnswer(code, code, words, answer, "第十五条")


INVOICE, CARD = an_answer("invoice", "发票", "开票", "不给"), an_answer("card", "预付卡", "会员卡")
TWO = ApprovedAnswers([INVOICE, CARD])


def codes(found: list[ApprovedAnswer]) -> list[str]:
    return [answer.code for answer in found]


# ── the packaged ones ──


def test_what_an_office_is_asked_most_has_an_answer_and_each_names_what_it_rests_on() -> None:
    """S1-2.3, S2-2.5."""
    assert len(list(ANSWERS)) >= 40
    for answer in ANSWERS:
        assert "第" in answer.law, answer.code


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("网购的衣服想退，七天无理由退货要自己出运费吗", "seven_days"),
        ("买的手机修理了两次还是坏，能不能退", "three_guarantees"),
        ("健身房的会员卡不给退，卡里还有三千", "prepaid_card"),
        ("理发店关门了卡里的钱怎么办", "shop_closed"),
        ("商家不给开发票", "invoice"),
        ("买到假货能退一赔三吗", "fraud"),
        ("超市的面包过期发霉了", "food"),
        ("软件自动续费怎么取消", "auto_renewal"),
        ("网购平台不管，联系不上卖家", "online_platform"),
        ("你好，想问投诉流程，需要什么材料", "how_to_complain"),
        ("商家在外地，我该去哪里投诉", "where_to_complain"),
        ("投诉多久有结果？", "how_long"),
        ("怎么查询我的投诉进度", "check_progress"),
        ("你们哪些投诉不受理", "not_accepted"),
        ("三年前买的东西还能投诉吗", "too_old"),
        ("小票丢了还能投诉吗", "evidence"),
        ("投诉要不要实名", "real_name"),
        ("我想替父母投诉，要委托书吗", "by_proxy"),
        ("我们几个人可以一起投诉吗", "joint"),
        ("投诉和举报有什么区别", "both_at_once"),
        ("怎么撤回投诉", "withdraw"),
        ("调解的时候我必须去现场吗", "how_mediated"),
        ("调解不成可以起诉吗", "mediation_failed"),
        ("签了调解协议商家不履行协议怎么办", "mediation_agreement"),
        ("检测费谁出", "testing"),
        ("调解员和商家是亲戚怎么办", "recusal"),
        ("同意委托给消费者协会是什么意思", "consumer_association"),
        ("投诉会公开我的名字吗", "publication"),
        ("请问怎么举报黑作坊", "how_to_report"),
        ("举报会不会被商家知道是我", "report_secret"),
        ("举报有没有奖励", "report_result"),
        ("举报以后又有新的线索怎么办", "report_again"),
        ("直播间广告夸大宣传", "advertising"),
        ("职业打假人一直投诉我怎么办", "false_complaint"),
        ("我换了手机号怎么改", "my_information"),
        ("已经起诉了还可以投诉吗", "in_court"),
        ("对处理不服怎么申请行政复议", "other_ways"),
        ("你们几点上班", "office_hours"),
        ("快递丢了找谁", "express"),
        ("乱扣话费怎么办", "telecom"),
        ("保险公司不给理赔", "finance"),
        ("物业费乱收怎么办", "housing"),
        ("公司拖欠工资能投诉吗", "wages"),
        ("医院乱收费投诉谁", "medical"),
        ("跟团被强制购物", "travel"),
        ("高铁票退票手续费太高", "transport"),
    ],
)
def test_a_common_question_is_answered_at_once_by_its_answer(asked: str, code: str) -> None:
    """S2-2.5, S3-3.1."""
    assert codes(ANSWERS.at_once(asked))[0] == code


def test_each_packaged_answer_is_found_by_a_question_of_the_list_above() -> None:
    (marks,) = (
        mark
        for mark in test_a_common_question_is_answered_at_once_by_its_answer.pytestmark  # type: ignore[attr-defined]
        if mark.name == "parametrize"
    )

    assert {code for _, code in marks.args[1]} == {answer.code for answer in ANSWERS}


@pytest.mark.parametrize(
    "asked",
    ["你好", "谢谢", "今天天气怎么样", "你们招人吗", "我想开一家超市要办什么手续", "营业执照怎么年检", "食品经营许可证怎么办理",
     "会员卡密码忘了", "发票丢了怎么报销", "奶茶好喝吗", "啊啊啊啊啊啊", "123456", "商标怎么注册", "电梯多久检验一次",
     "如何加盟一家奶茶店", "孩子上学的学区怎么划分", "广告位怎么租", "特种设备操作证怎么考", "", "😀😀", "发票发票发票发票"],
)  # fmt: skip
def test_nonsense_and_what_is_far_from_every_answer_gets_none(asked: str) -> None:
    assert ANSWERS.at_once(asked) == []


@given(st.text(max_size=60))
def test_whatever_is_asked_no_more_than_three_are_told_and_they_fit_on_one_page(asked: str) -> None:
    shown = ANSWERS.at_once(asked)

    assert len(shown) <= 3
    assert sum(answer.size for answer in shown) <= ROOM


# ── the rule ──


def test_the_one_whose_words_cover_more_of_the_question_comes_first() -> None:
    assert codes(TWO.fitting("会员卡退款不给发票，预付卡还有钱")) == ["card", "invoice"]


def test_a_word_inside_another_and_a_word_said_twice_count_once() -> None:
    refund = an_answer("refund", "无理由退货", "退货", "无理由")

    assert refund.fits("无理由退货") == 5
    assert INVOICE.fits("发票发票发票") == 2


def test_full_width_letters_and_spaces_do_not_hide_a_word() -> None:
    assert codes(TWO.fitting("发 票　呢")) == ["invoice"]


def test_what_fits_a_little_is_offered_to_an_officer_and_not_told_by_itself() -> None:
    assert codes(TWO.fitting("发票的事")) == ["invoice"]
    assert TWO.at_once("发票的事") == []
    assert codes(TWO.at_once("不给发票的事")) == ["invoice"]


def test_a_few_words_in_a_long_tale_are_no_question_about_them() -> None:
    assert codes(TWO.at_once("不给发票" + "。" * 30)) == ["invoice"]
    assert TWO.at_once("不给发票" + "后来又说了很多别的事" * 5) == []


def test_beside_the_best_only_what_fits_nearly_as_well_is_told() -> None:
    assert codes(TWO.at_once("会员卡和预付卡不给发票")) == ["card"]
    assert codes(TWO.at_once("不给发票开票，会员卡和预付卡")) == ["invoice", "card"]


def test_what_would_not_fit_on_the_smallest_platforms_page_is_left_out() -> None:
    long = [an_answer(f"long{number}", "不给发票", answer="字" * 300) for number in range(3)]

    assert codes(ApprovedAnswers(long).at_once("不给发票")) == ["long0"]


def test_no_more_than_four_are_offered_to_an_officer() -> None:
    everything = "".join(word for answer in ANSWERS for word in answer.words)

    assert len(ANSWERS.fitting(everything)) == 4


def test_an_answer_is_told_with_its_source_and_the_offices_own_facts() -> None:
    told = ApprovedAnswer("where", "地址", ("地址",), "在{window}。", "第八条").text(TEXTS)

    assert told == "在城关镇东街1号。\n依据：第八条"
