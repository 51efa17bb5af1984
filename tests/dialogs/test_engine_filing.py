"""From the first word to what is filed: consent, what he says at once, and that nothing else is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogs import way
from dialogs.asking import ENTRY
from dialogs.turn import Consented, Context, Filed, Left, Said
from tests.dialogs.builders import (
    A_PHOTO,
    CONTEXT,
    ENGINE,
    OWN_CASES,
    TODAY,
    TREES,
    at,
    begun,
    everywhere,
    press,
    say,
    stands,
)

AGREED = Context(today=TODAY, agreed=frozenset({("privacy", TREES[ENTRY]["privacy"].edition)}))


def filed(tree: str, **choices: str) -> Filed:
    turn = say(everywhere(tree, **choices)[-1], "完成" if tree == "supplement" else "提交")
    (effect,) = turn.effects
    assert turn.progress is None
    assert isinstance(effect, Filed)
    return effect


def test_a_complaint_is_filed_with_every_answer_as_a_value() -> None:
    told = filed("complaint")

    assert told.what == "complaint"
    assert told.values == {
        "merchant": "城关镇某某超市", "merchant_address": "城关镇西街18号", "happened_on": "2026-11-22",
        "goods": "周六买的牛奶已经过期三天，店员说不退。", "amount": 12_800, "story": "周六买的牛奶已经过期三天，店员说不退。",
        "demands": ["repair", "exchange"], "evidence": None, "name": "陈晓梅", "phone": "13800138000",
        "postal_address": "城关镇西街18号", "publish": "yes", "entrust": "yes", "summary": "submit",
    }  # fmt: skip


def test_an_anonymous_report_asks_for_no_name_and_files_none() -> None:
    told = filed("report", anonymous="匿名")

    assert told.what == "report"
    assert told.values["anonymous"] == "anonymous"
    assert {"name", "phone", "postal_address"}.isdisjoint(told.values)


def test_whoever_becomes_anonymous_takes_his_name_back() -> None:
    """第三十七条: 实名 first, then corrected to 匿名 at the summary: name and phone are not filed."""
    summary = at("report", "summary", anonymous="实名")
    assert summary.answers["name"].value == "陈晓梅"
    lines = [line.name for line in way.lines(TREES["report"], summary)]

    anonymous = say(stands(say(summary, f"修改{lines.index('anonymous') + 1}")), "匿名")
    assert "陈晓梅" not in anonymous.says[0].text
    (told,) = say(stands(anonymous), "提交").effects

    assert isinstance(told, Filed)
    assert {"name", "phone", "postal_address"}.isdisjoint(told.values)


def test_whoever_becomes_named_again_is_not_asked_twice() -> None:
    summary = at("report", "summary", anonymous="实名")
    correct = f"修改{[line.name for line in way.lines(TREES['report'], summary)].index('anonymous') + 1}"
    anonymous = stands(say(stands(say(summary, correct)), "匿名"))
    named = stands(say(stands(say(anonymous, correct)), "实名"))

    assert named.at == "summary"
    assert named.answers["name"].value == "陈晓梅"


@pytest.mark.parametrize("submit", ["提交", "确认", "是", "好", "OK", "确认提交"])
def test_it_is_submitted_by_a_word(submit: str) -> None:
    assert say(at("consultation", "summary"), submit).progress is None


def test_evidence_travels_with_what_is_filed() -> None:
    progress = replace(at("consultation", "summary"), evidence=A_PHOTO)
    (effect,) = press(progress, "submit").effects

    assert isinstance(effect, Filed)
    assert effect.evidence == A_PHOTO


# ── the door ──


def test_nothing_is_asked_before_the_notice_is_answered() -> None:
    """PIPL 17: the notice comes first, and the answer is kept with its edition."""
    turn = ENGINE.start(CONTEXT)
    assert stands(turn).at == "privacy"
    assert "甲县市场监督管理局" in turn.says[0].text

    agreed = say(stands(turn), "1")
    assert agreed.effects == (Consented("privacy", "2026-11", True),)
    assert stands(agreed).at == "kind"


def test_whoever_refuses_the_notice_leaves_nothing_behind() -> None:
    turn = say(replace(begun(ENTRY), evidence=A_PHOTO), "不继续")

    assert turn.progress is None
    assert turn.effects == (Consented("privacy", "2026-11", False), Left(A_PHOTO))
    assert "不会保存您的信息" in turn.says[0].text


def test_whoever_agreed_before_is_not_asked_again_unless_the_notice_is_new() -> None:
    assert stands(ENGINE.start(AGREED)).at == "kind"
    old = replace(AGREED, agreed=frozenset({("privacy", "2025-01")}))
    assert stands(ENGINE.start(old)).at == "privacy"


@pytest.mark.parametrize(
    ("word", "tree"),
    [("我要投诉", "complaint"), ("投诉", "complaint"), ("我想举报", "report"), ("咨询", "consultation")],
)
def test_the_first_word_already_chooses(word: str, tree: str) -> None:
    """我要投诉 is not asked for twice: said before or to the notice, it counts after it."""
    assert stands(ENGINE.start(AGREED, held=word)).tree == tree
    before = stands(ENGINE.start(CONTEXT, held=word))
    assert (before.at, stands(say(before, "同意")).tree) == ("privacy", tree)
    to_the_notice = say(begun(ENTRY), word)
    assert to_the_notice.says[0].text.startswith("好的。开始之前，请先看一看")
    assert stands(say(stands(to_the_notice), "同意")).tree == tree


def test_a_first_word_that_chooses_nothing_is_no_choice() -> None:
    assert stands(ENGINE.start(AGREED, held="你们几点下班")).at == "kind"


def test_consent_to_publish_and_to_entrust_is_kept_yes_or_no() -> None:
    assert say(at("complaint", "publish"), "不同意").effects == (Consented("publish", "2026-11", False),)
    assert say(at("complaint", "entrust"), "同意").effects == (Consented("entrust", "2026-11", True),)
    correcting = stands(press(stands(say(at("complaint", "summary"), "修改")), "publish"))
    assert say(correcting, "不同意").effects == (Consented("publish", "2026-11", False),)


# ── to an own case ──


def test_material_goes_to_the_case_he_chose() -> None:
    which = begun("supplement")
    assert [option.label for option in ENGINE.again(which, CONTEXT).says[0].options] == [
        "TS-20261123-0007", "JB-20261123-0008",
    ]  # fmt: skip
    chosen = stands(say(which, "2"))
    with_photo = stands(ENGINE.walk(chosen, Said(evidence=A_PHOTO), CONTEXT))
    (effect,) = say(with_photo, "完成").effects

    assert isinstance(effect, Filed)
    assert (effect.what, effect.values["which"], effect.evidence) == ("supplement", "report:8", A_PHOTO)


def test_who_has_one_case_is_not_asked_which() -> None:
    one = replace(CONTEXT, own_cases=OWN_CASES[:1])

    assert stands(ENGINE.start(one, "supplement")).at == "material"


def test_evidence_sent_before_a_tree_began_is_taken_along() -> None:
    left = replace(begun(ENTRY), evidence=A_PHOTO)

    assert stands(ENGINE.start(CONTEXT, "complaint", left=left)).evidence == A_PHOTO
    at_the_door = stands(ENGINE.start(AGREED, left=left))
    assert stands(say(at_the_door, "投诉")).evidence == A_PHOTO


# ── what he sees ──


def test_what_was_understood_is_said_where_it_could_be_misunderstood() -> None:
    assert "已记下：2026年11月20日(周五)" in say(at("complaint", "happened_on"), "上周五").says[0].text
    assert "已记下：30,500元" in say(at("complaint", "amount"), "3万零五百").says[0].text
    assert "已记下：修理、退还货款或服务费用" in say(at("complaint", "demands"), "1 6").says[0].text
    assert "已记下" not in say(at("complaint", "name"), "陈晓梅").says[0].text


def test_what_happened_more_than_three_years_ago_is_warned_of() -> None:
    """第十六条(四), before he has told the whole story."""
    assert "超过三年" in say(at("complaint", "happened_on"), "2020-05-01").says[0].text
    assert "超过三年" not in say(at("complaint", "happened_on"), "2024-05-01").says[0].text


def test_the_place_is_counted_on_the_way_he_goes() -> None:
    assert ENGINE.again(begun("complaint"), CONTEXT).says[0].text.startswith("(1/13) ")
    assert ENGINE.again(at("complaint", "entrust"), CONTEXT).says[0].text.startswith("(13/13) ")
    assert not ENGINE.again(at("complaint", "summary"), CONTEXT).says[0].text.startswith("(")
    assert not ENGINE.again(begun("consultation"), CONTEXT).says[0].text.startswith("(")


def test_the_summary_shows_every_line_in_the_order_of_the_way() -> None:
    shown = ENGINE.again(at("complaint", "summary"), CONTEXT).says[0].text
    lines = [question.line for question in TREES["complaint"].questions.values() if question.line]

    assert len(lines) == 13
    for number, line in enumerate(lines, 1):
        assert f"\n{number}. {line}：" in shown


def test_a_long_story_is_shown_shortened_with_its_length() -> None:
    story = "过期的牛奶。" * 100
    progress = stands(say(at("consultation", "story"), story))

    assert f"{story[:120]}…(共600字)" in ENGINE.again(progress, CONTEXT).says[0].text
    assert progress.answers["story"].value == story
