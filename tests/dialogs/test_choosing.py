"""Which option somebody means: its number, its label, its other words, a beginning — and never a guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs import choosing
from dialogs.tree import Option
from tests.dialogs.builders import TREES

DEMANDS = TREES["complaint"]["demands"].options
YES_NO = TREES["complaint"]["publish"].options
KINDS = TREES["entry"]["kind"].options


@pytest.mark.parametrize(
    "written",
    [
        "2",
        "２",
        "②",
        "二",
        "第二个",
        "第2项",
        "选2",
        "我选二",
        "回复2",
        "按2",
        "2。",
        "2、",
        " 2 ",
        "2)",
        "2号",
    ],
)
def test_a_number_names_its_option_however_it_is_written(written: str) -> None:
    chosen = choosing.one(DEMANDS, written)

    assert chosen is not None
    assert chosen.value == "redo"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("退货", "return_goods"), ("退款", "refund"), ("我要退款", "refund"), ("要求赔偿", "compensate"), ("换", "exchange"),
        ("补足", "make_up"), ("赔偿损失吧", "compensate"), ("退还货款或服务费用", "refund"), ("维修", "repair"), ("索赔 谢谢", "compensate"),
    ],
)  # fmt: skip
def test_words_name_their_option(written: str, value: str) -> None:
    chosen = choosing.one(DEMANDS, written)

    assert chosen is not None
    assert chosen.value == value


@pytest.mark.parametrize(
    "written", ["", " ", "0", "8", "99", "退", "都可以", "😀", "道歉", "1 3", "一百", "二十一"]
)
def test_what_names_none_or_more_than_one_is_no_choice(written: str) -> None:
    """退 could be 退货 or 退款: it is asked again, not guessed."""
    assert choosing.one(DEMANDS, written) is None


@pytest.mark.parametrize("written", ["我不太同意", "还没想好同意", "别同意", "未同意"])
def test_a_negation_is_never_taken_for_its_opposite(written: str) -> None:
    chosen = choosing.one(YES_NO, written)

    assert chosen is None or chosen.value == "no"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("同意", "yes"),
        ("不同意", "no"),
        ("可以", "yes"),
        ("不可以", "no"),
        ("是", "yes"),
        ("否", "no"),
        ("我同意公示", "yes"),
    ],
)
def test_yes_is_yes_and_no_is_no(written: str, value: str) -> None:
    chosen = choosing.one(YES_NO, written)

    assert chosen is not None
    assert chosen.value == value


@pytest.mark.parametrize("options", [DEMANDS, YES_NO, KINDS], ids=["demands", "yes-no", "kinds"])
def test_every_label_every_other_word_and_every_number_names_its_option(options: tuple[Option, ...]) -> None:
    for number, option in enumerate(options, 1):
        for written in (str(number), option.label, *option.also):
            assert choosing.one(options, written) == option


@given(st.text(max_size=20), st.sampled_from([DEMANDS, YES_NO, KINDS, ()]))
def test_any_text_names_one_of_the_options_or_none(written: str, options: tuple[Option, ...]) -> None:
    chosen = choosing.one(options, written)

    assert chosen is None or chosen in options


# ── several ──


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("1 3", ["repair", "exchange"]), ("1，3", ["repair", "exchange"]), ("1、3、7", ["repair", "exchange", "compensate"]),
        ("13", ["repair", "exchange"]), ("１３", ["repair", "exchange"]), ("3 1", ["exchange", "repair"]), ("6", ["refund"]),
        ("退货和赔偿", ["return_goods", "compensate"]), ("退款，还有赔偿", ["refund", "compensate"]), ("7+6", ["compensate", "refund"]),
        ("1 1 1", ["repair"]), ("一、三", ["repair", "exchange"]), ("退款;2", ["refund", "redo"]),
    ],
)  # fmt: skip
def test_several_are_named_at_once_each_once_in_his_order(written: str, values: list[str]) -> None:
    assert [option.value for option in choosing.several(DEMANDS, written)] == values


@pytest.mark.parametrize("written", ["", "1 8", "退款和道歉", "18", "和", "道歉", "0"])
def test_if_a_part_names_none_nothing_is_chosen(written: str) -> None:
    """Half of what somebody wants is not what he wants."""
    assert choosing.several(DEMANDS, written) == ()


@given(st.text(max_size=30))
def test_several_never_invents_an_option(written: str) -> None:
    chosen = choosing.several(DEMANDS, written)

    assert set(chosen) <= set(DEMANDS)
    assert len(set(chosen)) == len(chosen)


@given(
    st.lists(st.integers(1, 7), min_size=1, max_size=7), st.sampled_from([" ", "，", "、", "/", "和", "  ,"])
)
def test_any_list_of_numbers_is_read_with_any_joint(numbers: list[int], joint: str) -> None:
    chosen = choosing.several(DEMANDS, joint.join(map(str, numbers)))

    assert chosen == tuple(DEMANDS[number - 1] for number in dict.fromkeys(numbers))
