"""来件: what was told becomes a case, with its grade, and nothing of the person outside the seal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from casestore import numbers
from casestore.codes import Channel, Demand, Grade, Kind, Status
from casestore.intake import case_of, major_signs
from casestore.model import Case, CaseId
from casestore.tables import cases
from tests.casestore.deeds import asked, past
from tests.office import MONDAY, Office, a_suggestion, an_intake


def made(**changes: Any) -> Case:
    return case_of(an_intake(**changes), CaseId(7), 12, MONDAY)


def test_a_case_begins_registered_and_ordinary_with_the_days_number() -> None:
    """S2-2.1."""
    case = made()

    assert (case.number, case.status, case.grade) == ("TS-20261123-0012", Status.REGISTERED, Grade.ORDINARY)
    assert (case.object, case.nature) == ("G01", "N05")
    assert (case.amount_fen, case.demands) == (12_800, (Demand.REFUND,))
    assert case.happened_on is not None
    assert case.happened_on.isoformat() == "2026-11-20"


@pytest.mark.parametrize(
    ("kind", "letters"), [(Kind.COMPLAINT, "TS"), (Kind.REPORT, "JB"), (Kind.CONSULTATION, "ZX")]
)
def test_each_track_has_its_own_numbers(office: Office, kind: Kind, letters: str) -> None:
    """S2-0, S3-1.1: 投诉、举报、咨询."""
    numbers_ = [office.have(kind=kind).number for _ in range(2)]

    assert numbers_ == [f"{letters}-20261123-0001", f"{letters}-20261123-0002"]


@pytest.mark.parametrize(("merchant", "kept"), [("甲某某超市", "甲某某超市"), ("张三", "")])
def test_a_natural_persons_name_stays_under_the_seal(merchant: str, kept: str) -> None:
    """PIPL: the trading name is open, a person's is not."""
    told = replace(an_intake().particulars, merchant=merchant)

    assert made(particulars=told).merchant == kept


def test_no_open_column_holds_anything_of_the_person() -> None:
    case = repr(made())

    for secret in ("陈晓梅", "13800138000", "城关镇东街1号", "过期三天"):
        assert secret not in case


@pytest.mark.parametrize(
    ("changes", "signs"),
    [
        ({}, ()),
        ({"amount_fen": 4_999_999}, ()),
        ({"amount_fen": 5_000_000}, ("金额≥5万元",)),
        ({"suggestion": a_suggestion(urgent=("食物中毒", "食物中毒", "人数≥10"))}, ("食物中毒", "人数≥10")),
        ({"amount_fen": None}, ()),
    ],
)
def test_what_makes_a_case_major(changes: dict[str, Any], signs: tuple[str, ...]) -> None:
    """S3-3.3, S9-2b: danger to people, or much money."""
    assert major_signs(made(**changes)) == signs


def test_a_major_case_asks_its_supervisor_by_itself(office: Office) -> None:
    """S9-6, S3-1.3, S7-3: immediate report."""
    case = office.have(suggestion=a_suggestion(urgent=("食物中毒",)))

    assert case.grade is Grade.MAJOR
    (request,) = asked(office, case)
    assert (request.requested_by, request.reason) == (None, "食物中毒")


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.VISIT, Channel.LETTER])
def test_a_case_taken_down_for_a_caller_notes_the_way_he_came_and_who_wrote(
    office: Office, channel: Channel
) -> None:
    """S9-1b, S4-1.2, S2-4.1: the officer is the first who touched it; the caller has number and query code."""
    intake = an_intake(None, channel=channel, registered_by=office.wang.id)
    registered = office.do(lambda tx: office.desk.register(tx, intake, office.now))
    case = registered.case

    assert (case.channel, case.citizen) == (channel, None)
    assert (case.registered_by, case.first_officer, case.holder) == (office.wang.id, office.wang.id, None)
    assert past(office, case)[0].actor == f"officer:{office.wang.id}"
    code = numbers.read_query_code(registered.query_code)
    assert code is not None
    assert office.do(lambda tx: cases.by_query_code(tx, code)).id == case.id


def test_the_caller_follows_his_case_by_chat_from_his_code_on(office: Office) -> None:
    """S9-1b: whoever shows the code of a case taken down is its citizen; another's case is not for the taking."""
    intake = an_intake(None, channel=Channel.PHONE, registered_by=office.wang.id)
    case = office.do(lambda tx: office.desk.register(tx, intake, office.now)).case
    followed = office.do(lambda tx: office.desk.follow(tx, case, office.anna, office.now))
    assert followed.citizen == office.anna
    assert office.history(case)[-1] == "followed"

    theirs = office.have()
    same = office.do(lambda tx: office.desk.follow(tx, theirs, office.anna, office.now))
    assert same.version == theirs.version


def test_a_report_may_be_anonymous_and_a_complaint_by_proxy_says_so(office: Office) -> None:
    """C14, art. 11."""
    assert office.have(kind=Kind.REPORT, anonymous=True).anonymous
    told = replace(an_intake().particulars, proxy_name="李四")
    case = office.have(proxy=True, particulars=told)
    assert office.newest(case).proxy
    assert "李四" not in repr(office.newest(case))


def test_the_words_of_the_citizen_are_kept_as_he_wrote_them(office: Office) -> None:
    """S7-2: the story is never edited; a correction touches name, telephone and address."""
    story = "买到的牛奶\n已经过期三天！！  "
    case = office.have(particulars=replace(an_intake().particulars, story=story))

    assert office.do(lambda tx: cases.particulars(tx, case.id)).story == story
