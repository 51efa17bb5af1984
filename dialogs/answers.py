"""答法: how each type of answer is read, checked and shown. One row a type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from casestore.reading import Unreadable, amounts, dates, names, phones
from casestore.reading.text import LIMIT_CHARS, clean, has_words
from dialogs.progress import Answer
from dialogs.tree import AnswerType, Question

_WEEKDAYS = "一二三四五六日"
_MOST_LINE = 200


def read(question: Question, text: str, today: date) -> Answer:
    """The answer a text gives to a question that is not a choice. Raises Unreadable."""
    text = clean(text)
    if not text:
        raise Unreadable("empty")
    if not has_words(text):
        raise Unreadable("no-words")
    most = question.most or (LIMIT_CHARS if question.answer is AnswerType.TEXT else _MOST_LINE)
    if len(text) > most:
        raise Unreadable("too-long", most=most, count=len(text))
    if len(text) < question.least:
        raise Unreadable("too-short", least=question.least, count=len(text))
    return _READERS[question.answer](text, today)


def show_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日(周{_WEEKDAYS[day.weekday()]})"


def _text(text: str, _today: date) -> Answer:
    return Answer(text, text)


def _merchant(text: str, _today: date) -> Answer:
    name = names.merchant_name(text)
    return Answer(name, name)


def _person(text: str, _today: date) -> Answer:
    name = names.person_name(text)
    return Answer(name, name)


def _phone(text: str, _today: date) -> Answer:
    number = phones.phone(text)
    return Answer(number, number)


def _address(text: str, _today: date) -> Answer:
    place = " ".join(text.split())
    if len(place) < 4 or sum("\u3400" <= character <= "\u9fff" for character in place) < 2:
        raise Unreadable("address-unclear")
    return Answer(place, place)


def _date(text: str, today: date) -> Answer:
    day = dates.day(text, today)
    return Answer(day.isoformat(), show_day(day))


def _amount(text: str, _today: date) -> Answer:
    found = amounts.amount(text)
    about = "约 " if found.approximate else ""
    return Answer(found.fen, about + amounts.yuan(found.fen))


_READERS: dict[AnswerType, Callable[[str, date], Answer]] = {
    AnswerType.TEXT: _text,
    AnswerType.MERCHANT: _merchant,
    AnswerType.PERSON: _person,
    AnswerType.PHONE: _phone,
    AnswerType.ADDRESS: _address,
    AnswerType.DATE: _date,
    AnswerType.AMOUNT: _amount,
}
