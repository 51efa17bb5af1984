"""时钟: what each event does to each limit, line by line of the ledger, and why a limit ends on its day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from casestore import reminding
from casestore.codes import EndGround, Kind, LinkKind, Outcome, Status, Step
from casestore.errors import StepNotAllowed
from casestore.model import Case, Officer
from casestore.records import Form
from casestore.tables import clocks
from casestore.workdays import CHINA, WorkingCalendar
from tests.casestore.deeds import (
    ask_recusal,
    clock,
    decide,
    decide_recusal,
    due,
    every_clock,
    extend,
    heard_by_citizens,
    ledger,
    lines,
    link,
)
from tests.casestore.tables.files import opened
from tests.office import FOOD, MONDAY, Office, acting

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TESTING = {
    "agreed": "both",
    "advances": "merchant",
    "agency": "县检测所",
    "accreditation": "CMA",
    "words": "真伪",
}
TESTED = {"bears": "merchant", "share": "0", "words": "不合格"}


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=CHINA)


def midnight_after(day: str) -> datetime:
    return at(day) + DAY


def states(office: Office, case: Case) -> dict[str, str]:
    """Each limit: runs, stands or ended."""
    return {
        one.limit.code: "ended" if one.ended_at else "stands" if one.paused_at else "runs"
        for one in every_clock(office, case)
    }


def test_a_limit_begins_and_ends_with_a_line_each(office: Office) -> None:
    """The ledger says when, by whom, and whether it was kept."""
    case = office.have()
    office.now += 2 * HOUR
    office.take(case, Step.ACCEPT, office.wang)

    begun, ended = ledger(office, case, "acceptance")
    assert (begun.what, begun.at, begun.actor, begun.facts) == ("started", MONDAY, "citizen", {})
    assert (ended.what, ended.at, ended.actor) == ("ended", office.now, f"officer:{office.wang.id}")
    assert ended.facts == {"event": "accepted", "late": False}


def test_a_limit_that_was_passed_is_ended_late(office: Office) -> None:
    """S1-5.1: the on-time rate is read from here."""
    case = office.have()
    office.now = due(office, case, "acceptance") + timedelta(seconds=1)
    office.take(case, Step.ACCEPT, office.wang)

    assert ledger(office, case, "acceptance")[-1].facts["late"] is True


@pytest.mark.parametrize("statement", ["UPDATE clock_ledger SET what='x'", "DELETE FROM clock_ledger"])
def test_no_line_of_the_ledger_is_changed_or_taken_out(office: Office, statement: str) -> None:
    office.have()
    with opened(office) as file, pytest.raises(Exception, match="append-only"):
        file.execute(statement)


# ── 补正: targets stand still, the law does not ──


def test_while_material_is_missing_targets_stand_and_the_law_runs(office: Office) -> None:
    """Design 8: 7 working days of art. 15 know no 补正."""
    case = office.have()
    office.now += HOUR
    office.take(case, Step.ASK_SUPPLEMENT, office.wang, words="请补小票")

    assert states(office, case) == {
        "first_review": "ended", "acceptance": "runs", "decline_notice": "stands", "handling": "stands",
    }  # fmt: skip
    stopped = ledger(office, case, "handling")[-1]
    assert (stopped.what, stopped.at, stopped.facts) == ("paused", office.now, {"why": "supplement"})
    assert office.newest(case).due_limit == "acceptance"


def test_with_the_material_they_go_on_by_the_days_they_stood(office: Office) -> None:
    case = office.have()
    office.take(case, Step.ASK_SUPPLEMENT, office.wang, words="请补小票")
    office.now = at("2026-11-26T09:00")
    office.take(case, Step.SUPPLEMENT, office.anna)

    assert due(office, case, "decline_notice") == midnight_after(
        "2026-12-01"
    )  # 3 working days from the 26th on
    assert due(office, case, "acceptance") == midnight_after("2026-12-02")
    assert lines(office, case, "decline_notice") == ["started", "paused", "resumed"]


@pytest.mark.parametrize(
    ("kind", "step", "facts"),
    [(Kind.COMPLAINT, Step.ACCEPT, {}), (Kind.REPORT, Step.DISPATCH, {"unit": FOOD})],
)
def test_no_target_stands_still_for_material_that_is_no_longer_waited_for(
    office: Office, kind: Kind, step: Step, facts: dict[str, object]
) -> None:
    """The officer went on without it: else 作出处理决定 would never fall due."""
    case = office.take(office.have(kind=kind), Step.ASK_SUPPLEMENT, office.wang, words="请补小票").case
    office.now += DAY
    office.take(case, step, office.wang, **facts)

    assert "stands" not in states(office, case).values()
    if kind is Kind.COMPLAINT:
        assert lines(office, case, "handling") == ["started", "paused", "resumed"]


# ── testing: everything stands still (art. 22) ──


def test_testing_alone_stops_the_sixty_days(office: Office) -> None:
    """Art. 22, S6-7: from Monday 23 November sixty days end on 22 January; ten days of testing give ten more."""
    case = office.taken_over()
    assert due(office, case, "mediation") == midnight_after("2027-01-22")
    office.now = at("2026-11-30T10:00")
    office.record(case, Form.TESTING, office.li, **TESTING)
    assert states(office, case)["mediation"] == "stands"
    assert office.newest(case).due_at is None

    office.now = at("2026-12-10T16:00")
    office.record(case, Form.TESTED, office.li, **TESTED)
    assert due(office, case, "mediation") == midnight_after("2027-02-01")
    assert office.newest(case).due_limit == "mediation"
    assert heard_by_citizens(office)[-2:] == ["testing_started", "testing_ended"]


def test_a_second_round_is_added_to_the_first(office: Office) -> None:
    """S6-8."""
    case = office.taken_over()
    for begins, ends in (("2026-11-30T10:00", "2026-12-10T16:00"), ("2026-12-14T09:00", "2026-12-16T09:00")):
        office.now = at(begins)
        office.record(case, Form.TESTING, office.li, **TESTING)
        office.now = at(ends)
        office.record(case, Form.TESTED, office.li, **TESTED)

    assert due(office, case, "mediation") == midnight_after("2027-02-03")
    assert lines(office, case, "mediation") == ["started", "paused", "resumed", "paused", "resumed"]


def test_a_limit_that_stood_still_when_it_was_ended_was_not_late(office: Office) -> None:
    case = office.taken_over()
    office.now = at("2027-01-20T10:00")
    office.record(case, Form.TESTING, office.li, **TESTING)
    office.now = at("2027-03-01T10:00")
    office.take(case, Step.SETTLE, office.anna)

    assert ledger(office, case, "mediation")[-1].facts == {"event": "settled", "late": False}


# ── 回避 ──


def test_a_recusal_that_waits_stops_targets_and_no_law(office: Office) -> None:
    case = office.accepted()
    ask_recusal(office, case, office.anna)
    assert states(office, case) == {
        "first_review": "ended", "acceptance": "ended", "decline_notice": "ended", "first_reply": "stands",
        "handling": "stands", "mediation": "runs",
    }  # fmt: skip
    office.now += 3 * HOUR
    decide_recusal(office, case, office.sun, granted=False)

    assert due(office, case, "first_reply") == MONDAY + 27 * HOUR
    assert ledger(office, case, "first_reply")[-1].facts == {"why": "recusal"}


def test_what_stands_for_two_reasons_goes_on_when_the_last_is_gone(office: Office) -> None:
    """补正 and a recusal at once: the ledger says so."""
    case = office.take(office.have(), Step.ASK_SUPPLEMENT, office.wang, words="请补小票").case
    ask_recusal(office, case, office.anna)
    office.now += DAY
    office.take(case, Step.SUPPLEMENT, office.anna)
    assert states(office, case)["handling"] == "stands"
    office.now += DAY
    decide_recusal(office, case, office.sun, granted=False)

    assert lines(office, case, "handling") == ["started", "paused", "paused", "still_paused", "resumed"]
    assert due(office, case, "handling") == midnight_after("2026-12-04")


# ── longer, and counted anew ──


def test_an_extension_is_written_down_with_its_approval(office: Office) -> None:
    case = office.have(kind=Kind.REPORT)
    extend(office, case, office.wang)
    office.now += DAY
    decide(office, case, Step.APPROVE, office.sun)

    line = ledger(office, case, "report_check")[-1]
    assert (line.what, line.at, line.actor) == ("extended", office.now, f"officer:{office.sun.id}")
    assert line.facts["added"] == 15
    assert line.due_at == due(office, case, "report_check") == midnight_after("2027-01-05")
    assert office.newest(case).due_limit == "first_review"


def renewed(office: Office, calendar: WorkingCalendar) -> int:
    office.desk.clockwork.calendar.renew(calendar)
    return office.do(lambda tx: reminding.recompute(office.desk, tx, office.now))


def test_a_new_notice_moves_the_limits_that_run(office: Office) -> None:
    """Each move is a line of the ledger and one event of the case; what is over stays."""
    case, over = office.have(), office.take(office.have(), Step.WITHDRAW, office.anna).case
    snowed_in = WorkingCalendar({at("2026-11-24").date(): False})
    assert renewed(office, snowed_in) == 1

    assert due(office, case, "acceptance") == midnight_after("2026-12-03")
    line = ledger(office, case, "acceptance")[-1]
    assert (line.what, line.actor) == ("recomputed", "desk")
    assert datetime.fromisoformat(str(line.facts["was"])) == midnight_after("2026-12-02")
    assert office.history(case) == ["registered", "limits_recomputed"]
    assert office.history(over) == ["registered", "withdrawn"]
    assert renewed(office, snowed_in) == 0


def test_what_was_provisional_is_final_once_the_notice_is_out(office: Office) -> None:
    """暂定 is taken away even where the day stays."""
    office.now = at("2026-12-28T10:00")
    case = office.have()
    assert clock(office, case, "acceptance").provisional

    renewed(office, WorkingCalendar({at("2027-01-04").date(): True}, final_years=[2027]))
    assert not clock(office, case, "acceptance").provisional
    assert lines(office, case, "acceptance") == ["started", "recomputed"]


def test_a_limit_that_stands_still_is_counted_anew_when_it_goes_on(office: Office) -> None:
    case = office.take(office.have(), Step.ASK_SUPPLEMENT, office.wang, words="请补").case
    renewed(office, WorkingCalendar({at("2026-11-26").date(): False}))
    assert lines(office, case, "handling") == ["started", "paused"]
    office.now += 2 * HOUR
    office.take(case, Step.SUPPLEMENT, office.anna)

    assert due(office, case, "handling") == midnight_after("2026-12-03")


# ── 约定答复 (S3-3.1, S3-4.2) ──


def promise(office: Office, case: Case, who: Officer, ends: datetime) -> Case:
    return office.do(lambda tx: office.desk.promise_answer(tx, case.id, acting(who), ends, office.now)).case


def test_an_agreed_time_is_the_limit_and_the_answer_ends_it(office: Office) -> None:
    case = office.have(kind=Kind.CONSULTATION)
    ends = at("2026-11-27T17:30")
    case = promise(office, case, office.wang, ends)
    assert (case.due_limit, case.due_at, case.holder) == ("promised_answer", ends, office.wang.id)
    assert states(office, case) == {"first_review": "ended", "promised_answer": "runs"}

    office.take(case, Step.ANSWER, office.wang, words="七日内可以退货。")
    assert lines(office, case, "promised_answer") == ["started", "ended"]
    assert heard_by_citizens(office) == ["answer_promised", "answered"]


def test_a_new_time_takes_the_place_of_the_old(office: Office) -> None:
    case = promise(office, office.have(kind=Kind.CONSULTATION), office.wang, MONDAY + DAY)
    case = promise(office, case, office.wang, MONDAY + 3 * DAY)

    assert case.due_at == MONDAY + 3 * DAY
    running = [one for one in every_clock(office, case) if one.ended_at is None]
    assert [one.limit.code for one in running] == ["promised_answer"]


def test_an_agreed_time_is_moved_by_no_calendar_and_stands_still_for_nobody(office: Office) -> None:
    """It was told to the citizen."""
    ends = at("2026-11-27T17:30")
    case = promise(office, office.have(kind=Kind.CONSULTATION), office.wang, ends)
    renewed(office, WorkingCalendar({ends.date(): False}))
    ask_recusal(office, case, office.anna)
    decide_recusal(office, case, office.sun, granted=False)

    assert due(office, case, "promised_answer") == ends
    why = office.desk.clockwork.explain(clock(office, case, "promised_answer"))
    assert (why.day, why.at, why.days) == (ends.date(), ends, ())


@pytest.mark.parametrize("ends", [MONDAY, MONDAY - HOUR])
def test_nobody_promises_what_is_past_or_of_what_is_no_question(office: Office, ends: datetime) -> None:
    with pytest.raises(StepNotAllowed):
        promise(office, office.have(kind=Kind.CONSULTATION), office.wang, ends)
    with pytest.raises(StepNotAllowed):
        promise(office, office.have(), office.wang, MONDAY + DAY)


# ── other limits ──


def test_an_ended_mediation_is_told_of_within_seven_working_days(office: Office) -> None:
    """Art. 23."""
    case = office.mediating()
    office.take(case, Step.END_MEDIATION, office.li, end_ground=EndGround.NOT_TAKING_PART, words="商家未到")
    assert states(office, case)["mediation"] == "ended"
    assert due(office, case, "mediation_end_notice") == midnight_after("2026-12-02")

    office.take(case, Step.CLOSE, office.li, outcome=Outcome.MEDIATION_ENDED)
    assert states(office, case)["mediation_end_notice"] == "ended"


def test_a_dispute_of_competence_and_a_direct_settlement_have_limits_of_their_own(office: Office) -> None:
    """Art. 33; ODR."""
    case = office.taken_over()
    office.record(case, Form.COMPETENCE, office.li, office="邻县局", words="经营地")
    office.record(case, Form.ODR, office.li, words="某平台")
    assert due(office, case, "competence_dispute") == midnight_after("2026-12-02")
    assert due(office, case, "odr") == midnight_after("2026-12-07")
    office.record(case, Form.COMPETENCE_END, office.li, ours="yes", words="由本局办理")
    office.record(case, Form.ODR_END, office.li, solved="no", words="未答复")

    assert {states(office, case)[code] for code in ("competence_dispute", "odr")} == {"ended"}


def test_a_case_taken_up_again_has_its_sixty_days_anew(office: Office) -> None:
    case = office.closed()
    office.now += 10 * DAY
    case = office.take(case, Step.REOPEN, office.anna, words="商家没有退款").case

    assert (case.status, case.due_limit) == (Status.ACCEPTED, "mediation")
    assert due(office, case, "mediation") == midnight_after("2027-02-01")


def test_a_filed_report_has_ninety_days(office: Office) -> None:
    case = office.take(office.have(kind=Kind.REPORT), Step.DISPATCH, office.wang, unit=FOOD).case
    office.take(case, Step.TAKE_OVER, office.li)
    office.now += DAY
    case = office.take(case, Step.FILE, office.li).case

    assert (case.due_limit, due(office, case, "investigation")) == (
        "investigation",
        midnight_after("2027-02-22"),
    )
    assert states(office, case)["report_check"] == "ended"


def test_why_it_is_this_day_lists_each_day_with_its_note(office: Office) -> None:
    """为什么是这一天: weekends and 调休 by name, the days it stood still too."""
    case = office.take(office.have(), Step.ASK_SUPPLEMENT, office.wang, words="请补").case
    office.now += DAY
    office.take(case, Step.SUPPLEMENT, office.anna)
    why = office.desk.clockwork.explain(clock(office, case, "decline_notice"))

    assert [(f"{one.day:%m-%d}", one.counts, one.note) for one in why.days] == [
        ("11-24", False, "暂停计时"), ("11-25", True, "工作日"), ("11-26", True, "工作日"), ("11-27", True, "工作日"),
    ]  # fmt: skip


def test_a_link_moves_no_limit(office: Office) -> None:
    case, other = office.have(), office.have()
    before = office.do(lambda tx: clocks.running(tx, case.id))
    link(office, case, other, LinkKind.JOINED, office.wang)

    assert office.do(lambda tx: clocks.running(tx, case.id)) == before
