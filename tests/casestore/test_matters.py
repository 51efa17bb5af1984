"""关联: cases that belong together — split, joined, opened from one another, repeated."""

from __future__ import annotations

from typing import Any

import pytest

from casestore.codes import Channel, Kind, LinkKind, Role, Status, Step
from casestore.errors import CaseUnknown, NotAuthorised, StaffRecused, StepNotAllowed
from casestore.intake import Registered
from casestore.model import Actor, Case, CaseNumber, CitizenId, Officer
from casestore.tables import cases, citizens, links
from tests.casestore.deeds import chats_with_a_card, clock, link, past, recuse
from tests.office import MONDAY, QUOTA, Office, acting, an_intake

REPORT = Kind.REPORT


def linked(office: Office, case: Case) -> list[tuple[int, LinkKind]]:
    return [(int(other), kind) for other, kind in office.do(lambda tx: links.of_case(tx, case.id))]


def open_report(office: Office, case: Case, who: Officer, clue: str = "货架上有过期牛奶") -> Registered:
    return office.do(lambda tx: office.desk.matters.open_report(tx, case.id, acting(who), clue, office.now))


def somebody(office: Office, account: str = "502") -> CitizenId:
    return office.do(lambda tx: citizens.meet(tx, Channel.TELEGRAM, account, MONDAY, QUOTA)).id


def reported(office: Office, by: CitizenId, **changes: Any) -> Case:
    intake = an_intake(by, kind=REPORT, **changes)
    return office.do(lambda tx: office.desk.register(tx, intake, office.now)).case


# ── one text, two cases (art. 9) ──


def test_a_text_with_both_becomes_two_linked_cases(office: Office) -> None:
    case, actor = office.have(), Actor(citizen=office.anna)
    second = office.do(
        lambda tx: office.desk.matters.split(tx, case, an_intake(office.anna, kind=REPORT), actor, MONDAY)
    )

    assert (second.case.kind, second.case.status) == (REPORT, Status.REGISTERED)
    assert second.case.number != case.number
    assert linked(office, case) == [(second.case.id, LinkKind.SPLIT)]
    assert linked(office, second.case) == [(case.id, LinkKind.SPLIT)]
    assert past(office, case)[-1].facts == {"other": second.case.number, "how": "split"}
    assert clock(office, second.case, "report_check").started_at == MONDAY


def test_each_of_the_two_goes_its_own_way(office: Office) -> None:
    case = office.have()
    second = office.do(
        lambda tx: office.desk.matters.split(
            tx, case, an_intake(office.anna, kind=REPORT), acting(office.anna), MONDAY
        )
    ).case
    office.take(case, Step.SETTLE, office.anna)

    assert office.newest(second).status is Status.REGISTERED


# ── several against one (art. 12) ──


def test_complaints_on_one_matter_are_joined_and_both_say_so(office: Office) -> None:
    first, second = office.have(), office.have()
    link(office, first, second, LinkKind.JOINED, office.wang)

    for case, other in ((first, second), (second, first)):
        assert linked(office, case) == [(other.id, LinkKind.JOINED)]
        event = past(office, case)[-1]
        assert (event.kind, event.facts) == ("linked", {"other": other.number, "how": "joined"})


def test_only_complaints_are_joined(office: Office) -> None:
    complaint, report = office.have(), office.have(kind=REPORT)
    for one, other in ((complaint, report), (report, complaint)):
        with pytest.raises(StepNotAllowed):
            link(office, one, other, LinkKind.JOINED, office.wang)


def test_a_case_is_linked_to_another_that_is_there(office: Office) -> None:
    case = office.have()
    with pytest.raises(CaseUnknown):
        link(office, case, case, LinkKind.REPEAT, office.wang)
    with pytest.raises(CaseUnknown):
        office.do(
            lambda tx: office.desk.matters.link(
                tx, case.id, CaseNumber("TS-20200101-0001"), LinkKind.REPEAT, acting(office.wang), MONDAY
            )
        )
    assert office.history(case) == ["registered"]


def test_who_may_not_see_one_of_the_two_does_not_link_them(office: Office) -> None:
    """S7-6: a unit's officer reaches no other unit's case by a link."""
    mine, others = office.taken_over(), office.have()
    with pytest.raises(NotAuthorised):
        link(office, mine, others, LinkKind.JOINED, office.li)
    case = office.have()
    recuse(office, case, office.wang)
    with pytest.raises(StaffRecused):
        link(office, others, case, LinkKind.JOINED, office.wang)


# ── a violation found in a complaint (art. 27, S3-3.4) ──


def test_a_violation_found_opens_a_report_of_its_own_with_fifteen_working_days(office: Office) -> None:
    case = office.taken_over()
    opened = open_report(office, case, office.li).case

    assert (opened.kind, opened.registered_by, opened.channel) == (REPORT, office.li.id, Channel.SHELL)
    assert office.history(opened) == ["opened_from_complaint"]
    assert past(office, case)[-1].facts == {"other": opened.number, "how": "opened_from"}
    assert linked(office, opened) == [(case.id, LinkKind.OPENED_FROM)]
    running = clock(office, opened, "violation_check")
    assert (running.limit.source, running.started_at) == ("121号令第27条", MONDAY)


def test_the_complainant_is_nowhere_in_the_report_he_did_not_make(office: Office) -> None:
    """Art. 37, S7-6: it is the desk's own; neither name, telephone, address nor chat of his is in it."""
    case = office.taken_over()
    opened = open_report(office, case, office.li).case
    told = office.do(lambda tx: cases.particulars(tx, opened.id))
    his = office.do(lambda tx: cases.particulars(tx, case.id))

    assert (opened.citizen, opened.amount_fen, opened.demands) == (None, None, ())
    assert (told.name, told.phone, told.postal_address, told.others) == ("", "", "", {})
    assert told.story == "货架上有过期牛奶"
    everything = repr(told) + repr(opened) + repr(past(office, opened))
    for secret in (his.name, his.phone, his.postal_address, his.story):
        assert secret not in everything
    assert told.merchant == his.merchant


def test_the_report_goes_to_the_duty_like_any_other(office: Office) -> None:
    opened = open_report(office, office.taken_over(), office.li).case

    assert {"1001", "1002"} <= chats_with_a_card(office, opened)
    assert "1003" not in chats_with_a_card(office, opened), "not the unit's before it is dispatched"


def test_what_a_complaint_about_the_office_brings_to_light_is_the_heads_too(office: Office) -> None:
    """S5-2.3(2)."""
    head = office.person("钱局长", Role.HEAD, None, "1009")
    opened = open_report(office, office.have(own_office=True), head).case

    assert opened.own_office
    assert chats_with_a_card(office, opened) == {"1009"}


def test_only_a_complaint_opens_a_report(office: Office) -> None:
    for kind in (REPORT, Kind.CONSULTATION):
        with pytest.raises(StepNotAllowed):
            open_report(office, office.have(kind=kind), office.wang)


# ── the same informer again (art. 35) ──


def test_a_repeated_report_is_linked_to_the_earlier_one(office: Office) -> None:
    """A person decides whether it is the same fact."""
    first, second = reported(office, office.anna), reported(office, office.anna)

    assert linked(office, second) == [(first.id, LinkKind.REPEAT)]
    event = past(office, second)[-1]
    assert (event.kind, event.actor) == ("linked", "desk")
    assert event.facts == {"other": first.number, "how": "repeat"}


def test_also_where_the_earlier_one_was_dealt_with(office: Office) -> None:
    """Art. 35: 不再另行处理 does not ask whether the first is still open; a withdrawn one is handled all the same."""
    first = reported(office, office.anna)
    office.take(first, Step.DISPATCH, office.wang, unit="FOOD")
    office.take(first, Step.TAKE_OVER, office.li)
    office.take(first, Step.NOT_FILE, office.li, words="查无此事")
    second = reported(office, office.anna)
    assert linked(office, second) == [(first.id, LinkKind.REPEAT)]

    other = somebody(office)
    withdrawn = reported(office, other)
    office.do(lambda tx: office.desk.withdraw(tx, withdrawn.id, acting(other), "", office.now))
    assert linked(office, reported(office, other)) == [(withdrawn.id, LinkKind.REPEAT)]


def test_another_informer_another_merchant_and_a_complaint_are_no_repeat(office: Office) -> None:
    told = an_intake().particulars
    reported(office, office.anna)
    assert linked(office, reported(office, somebody(office))) == []
    elsewhere = type(told)(**{**vars(told), "merchant": "乙某某超市"})
    assert linked(office, reported(office, office.anna, particulars=elsewhere)) == []
    office.have()
    assert linked(office, office.have()) == []


def test_his_earlier_report_is_found_behind_many_of_other_people(office: Office) -> None:
    first = reported(office, office.anna)
    other = somebody(office)
    for _ in range(52):
        reported(office, other)

    assert linked(office, reported(office, office.anna)) == [(first.id, LinkKind.REPEAT)]
