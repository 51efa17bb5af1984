"""What the desk says: every text that is asked for is there, filled with what it names, and none is idle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casestore import codes, lifecycle, notices, records
from casestore.codes import Ground, Kind, Outcome, Role, Status, Step
from casestore.errors import CaseError, StaffRecused, StepNotAllowed, StoreError
from casestore.ladder import LADDER, Whom
from casestore.limits import LIMITS, Pause
from casestore.reading import Unreadable
from dialogs import texts as texts_file
from dialogs import yaml_file
from dialogs.texts import Texts, flat, placeholders
from dialogs.tree_file import OFFICE_FACTS
from dialogs.words import Word
from tests.casestore.test_errors import every_error
from tests.dialogs.builders import OFFICE, TEXTS
from tests.dialogs.text_uses import facts_of, raised, uses

SENTENCES = dict(flat(yaml_file.read(texts_file.PACKAGED).value))
GROUPS = {code.split(".")[0] for code in SENTENCES}
#: What the shell asks of a running desk has names that look like texts.
FOR_THE_RUNNING_DESK = {"staff.add", "staff.invite", "staff.suspend", "staff.reset_pin"}


def needs(code: str) -> set[str]:
    """What has to be handed in to fill a text."""
    return placeholders(SENTENCES[code]) - set(OFFICE_FACTS)


# ── every text that is asked for is there ──


def test_every_text_the_source_says_is_written() -> None:
    missing = [f"{call.where} {call.code}" for call in uses().calls if call.code not in SENTENCES]

    assert missing == []
    assert len(uses().calls) > 80, "the source is read as it should be"


def test_every_code_the_source_names_is_written() -> None:
    """Also those that are picked first and said later: code = "staff.recused" if … else "staff.gone"."""
    coded = re.compile(rf"(?:{'|'.join(GROUPS)})\.[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)*")
    named = {word for word in uses().words if coded.fullmatch(word)} - FOR_THE_RUNNING_DESK

    assert {code for code in named if code not in SENTENCES} == set()
    assert len(named) > 60


def test_every_text_is_handed_all_that_it_names() -> None:
    lacking = [
        f"{call.where} {call.code} {sorted(needs(call.code) - call.facts)}"
        for call in uses().calls
        if call.code in SENTENCES and call.facts is not None and needs(call.code) - call.facts
    ]

    assert lacking == []


def test_no_text_is_idle() -> None:
    """A text that nobody says misleads the clerk who edits it."""
    words = uses().words | {str(code) for code in every_code()}
    idle = [code for code in SENTENCES if code not in words and not made_up(code, words)]

    assert idle == []


def guards() -> Iterator[str]:
    for row in lifecycle.TABLE:
        yield from (guard.__name__ for guard in (row.only, *row.guards) if guard is not None)


def every_code() -> Iterator[str]:
    """The fixed lists by which texts are looked up."""
    for name in vars(codes).values():
        if isinstance(name, type) and issubclass(name, StrEnum):
            yield from name
    yield from Word
    yield from LIMITS
    yield from notices.TABLE
    yield from guards()
    yield from records_asked()
    yield from STAFF_HEAR
    yield from CLOSING
    yield from (error.code for error in every_error())
    yield from (code for _, code, _ in unreadable())


#: What the staff's menu of closing asks beside the table of forms: what the citizen got back.
CLOSING = {"close.recovered", "close.words"}
#: What staff hear of a request, by its kind, and of a limit, by the rung of the ladder.
STAFF_HEAR = {
    f"staff.{event}.{kind}"
    for event in ("approved", "refused", "request_lapsed")
    for kind in codes.ApprovalKind
} | {
    f"staff.remind.{rung.code}"
    for rung in LADDER
    if set(rung.whom) & {Whom.HOLDER, Whom.UNIT_HEAD, Whom.SUPERVISORS}
}


def test_staff_hear_of_every_request_and_of_every_rung_in_words() -> None:
    assert {
        code
        for code in SENTENCES
        if code.startswith(("staff.approved", "staff.refused", "staff.request_lapsed", "staff.remind"))
    } == STAFF_HEAR


def records_asked() -> Iterator[str]:
    """What each form asks, as `field.FORM.NAME` has it."""
    for sheet in records.SHEETS:
        yield from (f"{sheet.form}.{field.name}" for field in sheet.fields)
    yield from (f"{step}.{field.name}" for step, fields in records.ASKED_BY_STEP.items() for field in fields)


def made_up(code: str, words: set[str]) -> bool:
    """Whether the source makes this code of parts that stand in it."""
    group, _, rest = code.partition(".")
    if group in uses().groups and rest in words:
        return True
    for pattern in uses().patterns:
        match = re.fullmatch(pattern, code)
        if match and all(part in words or f"{code}" in words for part in match.groups()):
            return True
    return False


# ── refusals ──


def unreadable() -> list[tuple[str, str, frozenset[str] | None]]:
    return [
        (where, call.args[0].value, facts_of(call))
        for where, call in raised("Unreadable")
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    ]


def test_every_reason_why_an_answer_is_not_read_has_a_sentence() -> None:
    assert len(unreadable()) > 20
    for where, code, facts in unreadable():
        assert f"unreadable.{code}" in SENTENCES, where
        assert facts is not None
        assert needs(f"unreadable.{code}") <= facts, where


def test_no_sentence_refuses_what_is_never_refused() -> None:
    assert {code for code in SENTENCES if code.startswith("unreadable.")} == {
        f"unreadable.{code}" for _, code, _ in unreadable()
    }
    assert {code for code in SENTENCES if code.startswith("errors.")} == {
        f"errors.{error.code}" for error in every_error()
    }


@pytest.mark.parametrize("error", list(every_error()), ids=lambda error: error.code)
def test_every_refusal_of_the_desk_is_told_with_all_its_facts(error: type[CaseError]) -> None:
    places = list(raised(error.__name__))
    for where, call in places:
        assert needs(f"errors.{error.code}") <= (facts_of(call) or frozenset()), where
    told = TEXTS.refusal(error(**dict.fromkeys(needs(f"errors.{error.code}"), "甲")))
    assert "{" not in told


def test_a_refusal_speaks_the_office_s_words_and_not_codes() -> None:
    refused = StepNotAllowed(case="TS-20261123-0007", step=Step.ACCEPT, status=Status.CLOSED)

    assert TEXTS.refusal(refused) == "TS-20261123-0007 现在是「已办结」，不能受理。请按最新卡片操作。"
    assert "回避" in TEXTS.refusal(StaffRecused(case="TS-20261123-0007"))
    assert (
        TEXTS.unreadable(Unreadable("too-long", most=80, count=99))
        == "内容太长了（共 99 字），请缩短到 80 字以内。"
    )


# ── lists ──

LISTS: dict[str, list[str]] = {
    "status": list(Status), "kind": list(Kind), "ground": [*Ground, *codes.ReportGround], "ground_short": [*Ground, *codes.ReportGround], "outcome": list(Outcome),
    "role": list(Role), "step": [*Step, "ask_to_decline", "promise_answer", "informer_withdraws"], "words": list(Word), "demand": list(codes.Demand), "decision": list(codes.Decision),
    "event": list(notices.TABLE), "limit": list(LIMITS), "end_ground": list(codes.EndGround),
    "end_ground_short": list(codes.EndGround), "form": list(records.Form), "pause": list(Pause), "link": list(codes.LinkKind),
    "consent": list(codes.Consent), "publication": ["agreed", "approved"],
    "guard": list(dict.fromkeys(guards())),
}  # fmt: skip


@pytest.mark.parametrize("group", LISTS)
def test_every_code_of_a_list_has_its_word_and_every_word_its_code(group: str) -> None:
    written = [code.partition(".")[2] for code in SENTENCES if code.startswith(f"{group}.")]

    assert sorted(written) == sorted(map(str, LISTS[group]))
    assert len({SENTENCES[f"{group}.{code}"] for code in written if group != "event"}) in (0, len(written))


def test_every_field_of_every_form_is_asked_for_in_words() -> None:
    own = {"end_mediation.end_ground", "end_mediation.words"}  # the menu of the step asks for these
    written = {code.removeprefix("field.") for code in SENTENCES if code.startswith("field.")}

    assert written == (set(records_asked()) - own) | CLOSING
    for sheet in records.SHEETS:
        for field in sheet.fields:
            assert [choice for choice in field.choices if f"choice.{choice}" not in SENTENCES] == []


#: What happens beside the lifecycle: only a consultation's answer is promised, nobody of it stays away.
BESIDE = {
    Kind.COMPLAINT: {"recusal_asked", "recusal_decided", "message_sent"},
    Kind.REPORT: {"recusal_asked", "recusal_decided", "message_sent", "informer_withdrew"},
    Kind.CONSULTATION: {"answer_promised", "message_sent"},
}


@pytest.mark.parametrize("kind", Kind)
def test_every_notice_a_citizen_gets_of_his_kind_is_written(kind: Kind) -> None:
    """The events of its lifecycle and of its forms that are told to citizens, those beside them, and the word
    when a promise slips."""
    events = {row.event for row in lifecycle.TABLE if kind in row.kinds}
    events |= {sheet.event for sheet in records.SHEETS if kind in sheet.kinds} | BESIDE[kind]
    told = {event for event in events if notices.To.CITIZEN in notices.TABLE[event]} | {"slipped"}

    assert told == {code.split(".")[2] for code in SENTENCES if code.startswith(f"notice.{kind}.")}


# ── filling ──


def test_a_text_is_filled_with_the_office_s_facts_and_the_case_s() -> None:
    texts = Texts({"a": "{office}：{number} 已受理"}, OFFICE)

    assert texts.say("a", number="TS-1") == "甲县市场监督管理局：TS-1 已受理"
    assert texts.say("a") == "甲县市场监督管理局： 已受理"


@given(st.text(max_size=40))
def test_what_a_person_wrote_is_filled_in_as_it_is(words: str) -> None:
    """{hotline}, {0.__class__} and %s in somebody's words are words."""
    assert Texts({"a": "「{answer}」"}, OFFICE).say("a", answer=words) == f"「{words}」"


@pytest.mark.parametrize("sentence", ["{number.__class__}", "{number[0]}", "{0}", "{}", "{unknown}"])
def test_braces_reach_nothing_but_plain_facts(sentence: str) -> None:
    assert Texts({"a": sentence}, {}).say("a", number="TS-1") == ""


def test_a_name_of_no_list_is_shown_as_its_code() -> None:
    assert TEXTS.name("unit", "FOOD") == "FOOD"
    assert TEXTS.name("status", None) == ""
    assert TEXTS.name("status", "accepted") == "已受理"


def test_a_list_of_reasons_is_given_entry_by_entry() -> None:
    assert TEXTS.lines("reason.approve") == ["同意", "同意，请从速办理"]
    assert TEXTS.lines("reason.nothing") == []


def test_placeholders_are_named_with_all_that_is_in_the_braces() -> None:
    assert placeholders("{a} {{b}} {c:d} {e!r} {f.g}") == {"a", "c:d", "e!r", "f.g"}
    with pytest.raises(ValueError):
        placeholders("{a")


def test_texts_with_a_mistake_are_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "zh.yaml"
    path.write_text("a: 甲\na: 乙\n", encoding="utf-8")

    with pytest.raises(StoreError, match=r"zh.yaml:2: 「a」重复了"):
        Texts.load({}, path)


def test_every_text_is_known_by_its_code() -> None:
    assert set(TEXTS.codes()) == set(SENTENCES)
    assert "engine.noted" in TEXTS
    assert "engine.nothing" not in TEXTS
