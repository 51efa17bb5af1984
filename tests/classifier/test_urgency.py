"""Signs of a major matter that are numbers."""

from __future__ import annotations

import pytest

from casestore.codes import Grade
from classifier import urgency
from classifier.tables import Sign


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("二十多名学生拉肚子", 20),
        ("我们12个人聚餐", 12),
        ("三百多名会员维权", 300),
        ("十五位老人被骗，还有两个人报警", 15),
        ("付了500人民币", 0),
        ("上周去过30人次", 0),
        ("订了10人桌", 0),
        ("我一个人去的", 1),
        ("没有人管", 0),
    ],
)
def test_people_are_counted(text: str, people: int) -> None:
    assert urgency.most_people(text) == people


def sign(grade: Grade, *, people: int | None = None, yuan: int | None = None) -> Sign:
    return Sign(line=1, code="sign", name="sign", words=(), grade=grade, people=people, yuan=yuan)


def test_thresholds_stand_in_the_table() -> None:
    assert urgency.signs([sign(Grade.MAJOR, people=12)], "12个人", (), 0) == ("sign",)
    assert urgency.signs([sign(Grade.MAJOR, people=13)], "12个人", (), 0) == ()
    assert urgency.signs([sign(Grade.MAJOR, yuan=50_000)], "", (), 5_000_000) == ("sign",)
    assert urgency.signs([sign(Grade.MAJOR, yuan=50_000)], "", (), 4_999_999) == ()


def test_an_ordinary_sign_is_not_reported() -> None:
    assert urgency.signs([sign(Grade.ORDINARY, people=1)], "12个人", {"sign"}, 0) == ()
