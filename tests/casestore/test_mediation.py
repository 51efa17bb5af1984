"""调解: what must stand before it begins, goes on and ends (art. 18–23 of 121号令)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from casestore.codes import EndGround, Kind, Outcome, Status, Step
from casestore.errors import (
    CaseError,
    ConsentMissing,
    FieldMissing,
    GroundMissing,
    MinutesMissing,
    RecusalPending,
    UnderTesting,
    WindowClosed,
)
from casestore.lifecycle import REOPEN_WITHIN, Facts, Situation, advance
from casestore.model import Event
from tests.casestore.builders import MONDAY, a_case, an_event, consent

PLAN = {"when": "周三下午三点", "place": "消保科", "mediators": "李娜、周平"}
BOTH = (consent("citizen"), consent("merchant"))
MINUTES = an_event("minutes_recorded")


def at(status: Status, *events: Event, **facts: object) -> Situation:
    return Situation(a_case(status), Facts(**facts), (), events, MONDAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "said",
    [
        (),
        (consent("citizen"),),
        (consent("merchant"),),
        (consent("citizen"), consent("merchant", "no")),
        (*BOTH, consent("merchant", "no")),
        (*BOTH, consent("citizen", "no")),
        (consent("citizen"), consent("citizen")),
        (*BOTH, an_event("reopened")),
    ],
)
def test_nobody_is_mediated_against_his_will(said: tuple[Event, ...]) -> None:
    """S6-3b, C2, art. 18: the last word of each side counts, and a case taken up again asks anew."""
    with pytest.raises(ConsentMissing):
        advance(at(Status.TAKEN_OVER, *said, fields=PLAN), Step.MEDIATE)


@pytest.mark.parametrize(
    "said",
    [BOTH, (consent("merchant", "no"), *BOTH), (consent("citizen", "no"), consent("merchant"), consent("citizen"))],
)  # fmt: skip
def test_with_two_recorded_consents_it_may_begin(said: tuple[Event, ...]) -> None:
    assert advance(at(Status.TAKEN_OVER, *said, fields=PLAN), Step.MEDIATE).target is Status.MEDIATING


@pytest.mark.parametrize("lacks", sorted(PLAN))
@pytest.mark.parametrize("blank", ["", "  "])
def test_time_place_and_mediators_are_named_beforehand(lacks: str, blank: str) -> None:
    """Art. 20."""
    with pytest.raises(FieldMissing) as refused:
        advance(at(Status.TAKEN_OVER, *BOTH, fields=PLAN | {lacks: blank}), Step.MEDIATE)
    assert refused.value.facts == {"form": "mediate", "field": lacks}


def test_a_second_session_is_announced_as_the_first_was() -> None:
    with pytest.raises(FieldMissing):
        advance(at(Status.MEDIATING, *BOTH), Step.MEDIATE)
    assert advance(at(Status.MEDIATING, *BOTH, fields=PLAN), Step.MEDIATE).target is Status.MEDIATING


@pytest.mark.parametrize("status", [Status.TAKEN_OVER, Status.MEDIATING])
def test_an_agreement_has_its_minutes(status: Status) -> None:
    """S6-9, art. 24; those of an earlier handling do not count."""
    for past in ((), (MINUTES, an_event("reopened"))):
        with pytest.raises(MinutesMissing):
            advance(at(status, *past, outcome=Outcome.AGREEMENT, recovered_fen=0), Step.CLOSE)
    assert (
        advance(at(status, MINUTES, outcome=Outcome.AGREEMENT, recovered_fen=0), Step.CLOSE).target
        is Status.CLOSED
    )
    assert advance(at(status, outcome=Outcome.SETTLED, recovered_fen=0), Step.CLOSE).target is Status.CLOSED


def test_a_mediation_ends_without_agreement_on_one_of_eight_grounds() -> None:
    """Art. 23."""
    assert len(EndGround) == 8
    with pytest.raises(GroundMissing):
        advance(at(Status.MEDIATING, words="谈不拢"), Step.END_MEDIATION)
    for ground in EndGround:
        row = advance(at(Status.MEDIATING, end_ground=ground, words="谈不拢"), Step.END_MEDIATION)
        assert (row.target, row.event) == (Status.MEDIATION_ENDED, "mediation_ended")


@pytest.mark.parametrize("status", [Status.TAKEN_OVER, Status.MEDIATING])
def test_nobody_closes_as_ended_what_was_not_ended_on_a_ground(status: Status) -> None:
    """Art. 23 and 25: the ground and the other ways are told first."""
    with pytest.raises(GroundMissing):
        advance(at(status, MINUTES, outcome=Outcome.MEDIATION_ENDED), Step.CLOSE)
    ended = at(Status.MEDIATION_ENDED, outcome=Outcome.MEDIATION_ENDED)
    assert advance(ended, Step.CLOSE).target is Status.CLOSED


TESTING = (an_event("testing_started"),)
ASKED = (an_event("recusal_asked"),)
ENDINGS: list[tuple[Step, dict[str, object]]] = [
    (Step.END_MEDIATION, {"end_ground": EndGround.NO_AGREEMENT, "words": "谈不拢"}),
    (Step.CLOSE, {"outcome": Outcome.AGREEMENT, "recovered_fen": 0}),
]


@pytest.mark.parametrize(("step", "facts"), ENDINGS)
def test_while_a_test_runs_the_mediation_is_not_ended(step: Step, facts: dict[str, object]) -> None:
    """Art. 22, S6-7a: the result is waited for."""
    with pytest.raises(UnderTesting):
        advance(at(Status.MEDIATING, MINUTES, *TESTING, **facts), step)
    assert advance(at(Status.MEDIATING, MINUTES, *TESTING, an_event("testing_ended"), **facts), step)


def test_a_second_round_of_testing_holds_it_up_again() -> None:
    """S6-8."""
    rounds = (*TESTING, an_event("testing_ended"), *TESTING)
    with pytest.raises(UnderTesting):
        advance(
            at(Status.MEDIATING, MINUTES, *rounds, outcome=Outcome.AGREEMENT, recovered_fen=0), Step.CLOSE
        )


@pytest.mark.parametrize(("step", "facts"), [*ENDINGS, (Step.MEDIATE, {"fields": PLAN})])
def test_a_mediation_stands_still_until_a_recusal_is_decided(step: Step, facts: dict[str, object]) -> None:
    """Art. 21."""
    with pytest.raises(RecusalPending):
        advance(at(Status.MEDIATING, *BOTH, MINUTES, *ASKED, **facts), step)
    assert advance(at(Status.MEDIATING, *BOTH, MINUTES, *ASKED, an_event("recusal_decided"), **facts), step)


@pytest.mark.parametrize(("late", "refusal"), [(-1, None), (0, None), (1, WindowClosed)])
def test_a_closed_complaint_is_taken_up_again_inside_thirty_days(
    late: int, refusal: type[CaseError] | None
) -> None:
    assert timedelta(days=30) == REOPEN_WITHIN
    case = a_case(Status.CLOSED, closed_at=MONDAY)
    asked = Situation(
        case, Facts(words="商家没有退款"), (), (), MONDAY + REOPEN_WITHIN + timedelta(seconds=late)
    )

    if refusal is None:
        assert advance(asked, Step.REOPEN).target is Status.ACCEPTED
    else:
        with pytest.raises(refusal):
            advance(asked, Step.REOPEN)


def test_only_complaints_are_mediated_settled_and_taken_up_again() -> None:
    """Art. 3: a report and a question have no two sides."""
    for kind in (Kind.REPORT, Kind.CONSULTATION):
        for status in Status:
            for step in (Step.MEDIATE, Step.END_MEDIATION, Step.SETTLE, Step.REOPEN):
                situation = at(status, *BOTH, MINUTES, fields=PLAN, words="x", end_ground=EndGround.OTHER)
                with pytest.raises(CaseError):
                    advance(replace(situation, case=a_case(status, kind)), step)
