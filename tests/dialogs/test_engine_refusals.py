"""An answer that cannot be read is refused with the words of its own kind, and asked for again."""

from __future__ import annotations

import pytest

from dialogs.progress import Progress
from dialogs.tree import AnswerType
from tests.dialogs.builders import ENGINE, TEXTS, asks, at, press, say, stands

LONG = "长" * 4001

#: Where each type of answer is asked, and the refusals of nothing, too much, only emoji, and what it is not.
QUESTIONS = {
    "text": (at("complaint", "story"), "empty", "too-long", "no-words", {"退款": "too-short", "不": "too-short"}),
    "merchant": (at("complaint", "merchant"), "empty", "too-long", "no-words", {"店": "merchant-unclear", "12345": "merchant-unclear"}),
    "person": (at("complaint", "name"), "empty", "too-long", "no-words",
               {"王先生": "name-form-of-address", "陈8梅": "name-digits", "我不想告诉你们我的名字": "name-unclear"}),
    "phone": (at("complaint", "phone"), "empty", "too-long", "no-words",
              {"1380013800": "phone-mobile-digits", "6212315": "phone-no-area-code", "没有电话": "phone-unclear"}),
    "address": (at("complaint", "merchant_address"), "empty", "too-long", "no-words", {"镇上": "address-unclear", "abcdef": "address-unclear"}),
    "date": (at("complaint", "happened_on"), "empty", "too-long", "no-words",
             {"有一天": "date-unclear", "2月30日": "date-impossible", "明天": "date-future", "2027-01-01": "date-future"}),
    "amount": (at("complaint", "amount"), "empty", "too-long", "no-words", {"很多钱": "amount-unclear", "一万亿元": "amount-too-large"}),
    "choice": (at("complaint", "publish"), "choice", "choice", "choice", {"3": "choice", "随便": "choice", "不太同意吧": "choice"}),
    "choices": (at("complaint", "demands"), "choices", "choices", "choices", {"8": "choices", "1 9": "choices", "道歉": "choices", "完成": "choices"}),
    "evidence": (at("complaint", "evidence"), "evidence-none", "too-long", "evidence-words",
                 {"完成": "evidence-none", "在路上": "evidence-words", "怎么发照片": "evidence-words", "视频也可以发吗": "evidence-words"}),
    "own_case": (at("supplement", "which"), "choice", "choice", "choice", {"3": "choice", "TS-20261123-0001": "choice"}),
    "approved": (at("consultation", "helped"), "choice", "choice", "choice", {"3": "choice", "运费谁出呢": "choice"}),
    "summary": (at("complaint", "summary"), "choice", "choice", "choice", {"99": "choice", "好像不对": "choice"}),
}  # fmt: skip
CASES = [
    (kind, place, text, code)
    for kind, (place, empty, long, emoji, wrong) in QUESTIONS.items()
    for text, code in {"": empty, " \n": empty, "\u200b": empty, LONG: long, "😀🎉": emoji, "！？…": emoji, **wrong}.items()
]  # fmt: skip


def refusal(code: str) -> str:
    """The words of a refusal up to its first number."""
    numbers = dict.fromkeys(("count", "most", "least", "digits"), "#")
    return TEXTS.say(f"unreadable.{code}", **numbers).split("#", maxsplit=1)[0]


def test_every_type_of_answer_has_its_row() -> None:
    assert list(QUESTIONS) == [kind.value for kind in AnswerType]


@pytest.mark.parametrize(
    ("place", "text", "code"), [row[1:] for row in CASES], ids=[f"{row[0]}-{row[2][:8]!r}" for row in CASES]
)
def test_what_is_no_answer_is_refused_in_its_own_words(place: Progress, text: str, code: str) -> None:
    turn = say(place, text)

    sentence = turn.says[0].text.split("\n\n")[0]
    assert sentence.startswith(refusal(code))
    assert turn.says[0].text.endswith(asks(place))
    assert stands(turn).answers == place.answers
    assert (stands(turn).at, stands(turn).misses) == (place.at, place.misses + 1)


@pytest.mark.parametrize(
    ("place", "text", "sentence"),
    [
        (at("complaint", "goods"), "商" * 101, "内容太长了（共 101 字），请缩短到 100 字以内。"),
        (at("complaint", "story"), "过期了", "内容太短了，请写得具体一些，至少 6 个字。"),
        (at("complaint", "phone"), "138001380001", "手机号码应为 11 位，您填写了 12 位，请核对。"),
        (at("complaint", "publish"), "也许", "没有看懂您选的是哪一项，请回复 1 到 2 的数字或选项的文字。"),
    ],
)
def test_a_refusal_says_the_numbers_that_help(place: Progress, text: str, sentence: str) -> None:
    assert say(place, text).says[0].text.startswith(sentence)


def test_after_three_misses_a_person_is_offered_a_way_out() -> None:
    """没有人会卡在一个问题上: 帮助 and 人工 are named from the third miss on, until an answer is read."""
    progress = at("complaint", "phone")
    heard = []
    for _ in range(4):
        turn = say(progress, "不知道啊")
        progress = stands(turn)
        heard.append(TEXTS.say("engine.stuck") in turn.says[0].text)

    assert heard == [False, False, True, True]
    assert stands(say(progress, "13800138000")).misses == 0


def test_a_button_of_another_question_answers_nothing() -> None:
    for place, empty, *_ in QUESTIONS.values():
        turn = press(place, "complaint")
        assert stands(turn).answers == place.answers
        assert turn.says[0].text.startswith(refusal(empty))
        assert not turn.effects


@pytest.mark.parametrize(
    ("question", "written", "value"),
    [
        ("phone", "１３８００１３８０００", "13800138000"),
        ("phone", "０７７３－６２１２３１５", "0773-6212315"),
        ("amount", "１２８元", 12_800),
        ("amount", "￥１，２８０．５０", 128_050),
        ("happened_on", "２０２６－１１－２０", "2026-11-20"),
        ("happened_on", "１１月２０日", "2026-11-20"),
        ("publish", "１", "yes"),
        ("publish", "２", "no"),
        ("publish", "②", "no"),
        ("publish", "二", "no"),
        ("demands", "１　３", ["repair", "exchange"]),
        ("demands", "６，７", ["refund", "compensate"]),
        ("demands", "６７", ["refund", "compensate"]),
        ("demands", "退款和赔偿", ["refund", "compensate"]),
    ],
)
def test_full_width_digits_are_digits_everywhere(question: str, written: str, value: object) -> None:
    turn = say(at("complaint", question), written)

    assert stands(turn).answers[question].value == value


@pytest.mark.parametrize("way_round", ["不清楚", "跳过", "没有", "无", "不知道"])
def test_what_may_be_left_out_is_left_out_by_its_words(way_round: str) -> None:
    turn = say(at("complaint", "amount"), way_round)

    assert stands(turn).at == "story"
    assert stands(turn).answers["amount"].value is None
    assert stands(turn).answers["amount"].shown == "不清楚"


def test_what_must_be_answered_cannot_be_left_out() -> None:
    """第十条: name, phone and address of a complaint."""
    for question in ("phone", "name"):
        assert stands(say(at("complaint", question), "跳过")).at in (question, "phone")
    assert "phone" not in stands(say(at("complaint", "phone"), "跳过")).answers


def test_a_number_is_an_answer_where_something_is_typed() -> None:
    """1 is one yuan, not the first option 不清楚."""
    assert stands(say(at("complaint", "amount"), "1")).answers["amount"].value == 100


def test_a_long_text_is_an_answer_where_a_story_is_asked_for_only() -> None:
    wanted = [
        name
        for name in ("goods", "story", "evidence", "summary")
        if ENGINE.wants_a_story(at("complaint", name))
    ]

    assert wanted == ["story"]
