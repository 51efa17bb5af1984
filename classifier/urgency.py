"""Signs of a major matter, which a supervisor hears of first (S3-3.3, S9-6)."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from casestore.codes import Grade
from casestore.reading import numerals
from classifier.tables import Sign

_NUMERAL = rf"0-9{numerals.HAN_NUMERAL}"
#: 二十多名学生, 12个人; not 10人民币, 500人次, 30人份, 8人桌, and not the end of a longer number.
_PEOPLE = re.compile(
    rf"(?<![{_NUMERAL}.])([{_NUMERAL}]{{1,6}})(?:多|余|来)?(?:个|名|位|户)?(?:多)?"
    r"(?:人(?!民|次|份|均|工|桌|座|位|数|间|造|参|为)|学生|孩子|小孩|同学|家长|老人|业主|住户|居民|消费者|顾客|客人|会员|员工|学员|村民|农户|游客|旅客)"
)


def signs(rows: Iterable[Sign], text: str, found: Container[str], amount_fen: int | None) -> tuple[str, ...]:
    """The signs graded major, in the order of the table. `found` are the signs whose words were found."""
    people = most_people(text)
    return tuple(
        row.code
        for row in rows
        if row.grade == Grade.MAJOR
        and (
            row.code in found
            or (row.people is not None and people >= row.people)
            or (row.yuan is not None and (amount_fen or 0) >= row.yuan * 100)
        )
    )


def most_people(text: str) -> int:
    """The largest number of people a folded text names, or 0."""
    return max((numerals.whole(match[1]) or 0 for match in _PEOPLE.finditer(text)), default=0)
