"""举报: one that is not handled here, one that is repeated, one whose informer withdraws (art. 28-37)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casestore.codes import Channel, Kind, LinkKind, Outcome, ReportGround, Role, Status, Step
from casestore.errors import InformerQuiet, NotAuthorised, RepeatMissing, StepNotAllowed
from casestore.model import Case, CitizenId, Taken
from casestore.tables import citizens
from tests.casestore.deeds import heard_by_citizens, heard_by_staff, link, owed, past, running_limits
from tests.office import DUTY_GROUP, FOOD, MONDAY, QUOTA, Office, acting, an_intake

AGAIN = ReportGround.SAME_FACT_AGAIN


def reported(office: Office, by: CitizenId | None = None, **changes: object) -> Case:
    intake = replace(an_intake(by or office.anna, kind=Kind.REPORT), **changes)  # type: ignore[arg-type]
    return office.do(lambda tx: office.desk.register(tx, intake, office.now)).case


def somebody(office: Office) -> CitizenId:
    return office.do(lambda tx: citizens.meet(tx, Channel.TELEGRAM, "502", MONDAY, QUOTA)).id


def not_handled(office: Office, case: Case, ground: ReportGround, words: str = "") -> Taken:
    return office.take(case, Step.NOT_HANDLE, office.wang, ground=ground, words=words)


def withdrawn(office: Office, case: Case, *, quiet: bool = True) -> Taken:
    """By its informer."""
    citizen = acting(case.citizen or office.anna)
    return office.do(
        lambda tx: office.desk.withdraw(tx, case.id, citizen, "不想管了", office.now, quiet=quiet)
    )


def at_the_unit(office: Office, case: Case) -> Case:
    case = office.take(case, Step.DISPATCH, office.wang, unit=FOOD).case
    return office.take(case, Step.TAKE_OVER, office.li).case


# ── 不予处理 ──


@pytest.mark.parametrize("ground", sorted(set(ReportGround) - {AGAIN}))
def test_a_report_is_ended_at_the_desk_on_its_ground_and_the_informer_hears_of_it(
    office: Office, ground: ReportGround
) -> None:
    """Art. 34, 44: nothing is checked any more, no limit runs, the decision is kept with its ground and its way."""
    taken = not_handled(office, reported(office), ground, "某市市场监督管理局")

    assert (taken.case.status, taken.case.outcome, taken.case.ground) == (
        Status.CLOSED, Outcome.NOT_HANDLED, ground,
    )  # fmt: skip
    assert (taken.event.facts["ground"], taken.event.words) == (ground, "某市市场监督管理局")
    assert running_limits(office, taken.case) == []
    assert heard_by_citizens(office) == ["not_handled"]
    assert office.newest(taken.case) == taken.case


def test_only_the_desk_ends_a_report_unchecked(office: Office) -> None:
    case = reported(office)
    for role in (Role.HANDLER, Role.UNIT_HEAD, Role.VOLUNTEER, Role.AUDITOR):
        who = office.person(role, role, FOOD)
        with pytest.raises(NotAuthorised):
            office.take(case, Step.NOT_HANDLE, who, ground=AGAIN)
    with pytest.raises(NotAuthorised):
        office.take(case, Step.NOT_HANDLE, office.anna, ground=AGAIN)


# ── 重复举报 (art. 35) ──


def test_a_repeat_is_not_handled_again_and_its_informer_hears_of_the_first(office: Office) -> None:
    first = reported(office)
    again = reported(office)
    not_handled(office, again, AGAIN)

    (told,) = owed(office, "notice")
    assert (told["code"], told["facts"]["first"]) == ("not_handled", first.number)
    assert office.newest(first).status is Status.REGISTERED


def test_the_first_of_them_is_no_repeat_of_a_later_one(office: Office) -> None:
    """Else both would be put aside, each for the other."""
    first = reported(office)
    not_handled(office, reported(office), AGAIN)

    with pytest.raises(RepeatMissing):
        not_handled(office, first, AGAIN)


def test_a_repeat_of_a_repeat_is_one_of_the_first(office: Office) -> None:
    reported(office)
    for _ in range(2):
        case = not_handled(office, reported(office), AGAIN).case
        assert case.status is Status.CLOSED


def test_another_informers_report_of_the_same_fact_is_no_repeat(office: Office) -> None:
    """Art. 35 speaks of the same informer; nor is he told the number of somebody else's."""
    mine, other = reported(office), reported(office, somebody(office))
    link(office, other, mine, LinkKind.REPEAT, office.wang)

    with pytest.raises(RepeatMissing):
        not_handled(office, other, AGAIN)


def test_of_a_caller_a_person_judges_whether_he_is_the_same(office: Office) -> None:
    mine = reported(office)
    called = reported(office, channel=Channel.PHONE, citizen=None)
    link(office, called, mine, LinkKind.REPEAT, office.wang)

    assert not_handled(office, called, AGAIN).case.status is Status.CLOSED


def test_a_complaint_is_no_first_report(office: Office) -> None:
    complaint, report = office.have(), reported(office)
    link(office, report, complaint, LinkKind.REPEAT, office.wang)

    with pytest.raises(RepeatMissing):
        not_handled(office, report, AGAIN)


# ── 撤回 ──


@pytest.mark.parametrize("filed", [False, True])
def test_a_withdrawn_report_is_handled_on_where_it_stands(office: Office, filed: bool) -> None:
    """The duty to check is the office's (art. 35, 行政处罚程序规定第18条): neither state nor limit changes."""
    case = at_the_unit(office, reported(office)) if filed else reported(office)
    if filed:
        case = office.take(case, Step.FILE, office.li).case
    before = running_limits(office, case)
    taken = withdrawn(office, case)

    assert (taken.case.status, taken.case.closed_at) == (case.status, None)
    assert (taken.event.kind, taken.event.words, taken.event.facts) == (
        "informer_withdrew", "不想管了", {"quiet": True},
    )  # fmt: skip
    assert running_limits(office, case) == before
    assert heard_by_staff(office)[-1] == ("1003" if filed else DUTY_GROUP, "informer_withdrew")


def test_who_withdrew_hears_no_more_and_the_report_goes_to_its_end(office: Office) -> None:
    case = at_the_unit(office, withdrawn(office, reported(office)).case)
    office.take(case, Step.NOT_FILE, office.li, words="未发现违法行为")

    assert heard_by_citizens(office) == []
    assert office.newest(case).outcome is Outcome.NOT_FILED


def test_who_wants_to_hear_on_hears_on_and_may_think_better_of_it(office: Office) -> None:
    case = withdrawn(office, reported(office), quiet=False).case
    office.take(case, Step.DISPATCH, office.wang, unit=FOOD)
    assert heard_by_citizens(office) == ["dispatched"]
    case = withdrawn(office, case).case
    office.take(case, Step.TAKE_OVER, office.li)
    assert heard_by_citizens(office) == ["dispatched"]
    withdrawn(office, case, quiet=False)
    office.take(case, Step.NOT_FILE, office.li, words="未发现违法行为")
    assert heard_by_citizens(office) == ["dispatched", "not_filed"]


def test_who_wants_to_hear_no_more_is_asked_for_nothing(office: Office) -> None:
    case = withdrawn(office, reported(office)).case

    with pytest.raises(InformerQuiet):
        office.take(case, Step.ASK_SUPPLEMENT, office.wang, words="请补充照片")


def test_what_is_over_and_what_is_anothers_is_not_withdrawn(office: Office) -> None:
    over = not_handled(office, reported(office), ReportGround.NOT_A_REPORT, "请申请复议").case
    with pytest.raises(StepNotAllowed):
        withdrawn(office, over)
    stranger, case = acting(somebody(office)), reported(office)
    with pytest.raises(NotAuthorised):
        office.do(lambda tx: office.desk.withdraw(tx, case.id, stranger, "", office.now))


def test_a_complaint_is_withdrawn_as_ever(office: Office) -> None:
    case = office.have()
    taken = office.do(lambda tx: office.desk.withdraw(tx, case.id, acting(office.anna), "", office.now))

    assert (taken.case.status, taken.case.quiet) == (Status.WITHDRAWN, False)
    assert [event.kind for event in past(office, case)] == ["registered", "withdrawn"]


@pytest.mark.parametrize("quiet", [True, False])
def test_an_officer_cannot_make_an_informer_deaf(office: Office, quiet: bool) -> None:
    """Whoever telephoned in his name: the informer in the chat hears of it, and of every step that follows."""
    case = reported(office)
    by = acting(office.wang)
    office.do(lambda tx: office.desk.withdraw(tx, case.id, by, "来电撤回", office.now, quiet=quiet))
    office.take(case, Step.DISPATCH, office.wang, unit=FOOD)

    assert heard_by_citizens(office) == ["informer_withdrew", "dispatched"]


def test_of_a_caller_nothing_is_asked_who_withdrew_by_telephone(office: Office) -> None:
    case = reported(office, channel=Channel.PHONE, citizen=None)
    by = acting(office.wang)
    taken = office.do(lambda tx: office.desk.withdraw(tx, case.id, by, "来电撤回", office.now))

    assert taken.case.quiet
