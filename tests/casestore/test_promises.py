"""What must never happen, whatever is pressed: random ways through one case on a real desk, read back from what
was written down. The long run is the storm in tables/test_case_life.py.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from casestore.codes import EndGround, Ground, Kind, Outcome, Status, Step
from casestore.errors import CaseError
from casestore.lifecycle import TABLE, Facts
from casestore.model import Case, Event
from casestore.records import Form
from casestore.tables import cases, events, officers, outbox
from tests.casestore.deeds import owed
from tests.casestore.tables.files import a_quick_office
from tests.office import DUTY_GROUP, FOOD, QUALITY, Office, acting

SOME = settings(max_examples=300 if os.environ.get("TOUSU_LONG") == "1" else 12, deadline=None)
WHO = ("wang", "zhao", "li", "sun", "anna")
BESIDE = (
    "escalate",
    "approve",
    "refuse",
    "ask_recusal",
    "grant",
    "recuse",
    "consent",
    "minutes",
    "note",
    "remind",
)
STEPS = tuple(dict.fromkeys(row.step.value for row in TABLE))


@dataclass(frozen=True)
class Press:
    """Somebody tries something."""

    what: str
    who: str
    hours: int = 0


PRESSES = st.lists(
    st.builds(Press, st.sampled_from(STEPS + BESIDE), st.sampled_from(WHO), st.integers(0, 40)), max_size=40
)


@contextmanager
def an_office() -> Iterator[Office]:
    with tempfile.TemporaryDirectory() as folder, a_quick_office(Path(folder)) as office:
        yield office


def pressed(office: Office, case: Case, press: Press) -> None:
    desk, at = office.desk, office.now
    actor = acting(getattr(office, press.who))
    facts = Facts(
        unit=FOOD if len(press.who) % 2 else QUALITY, ground=Ground.TOO_OLD, outcome=Outcome.SETTLED, recovered_fen=0,
        end_ground=EndGround.OTHER, words="理由", fields={"when": "周三", "place": "消保科", "mediators": "李娜"},
    )  # fmt: skip
    consent = {"party": "citizen" if press.hours % 2 else "merchant", "answer": "yes", "way": "phone"}
    minutes = {"mediators": "one_simple", "names": "李娜", "words": "x"}
    ways = {
        "escalate": lambda tx: desk.requests.escalate(tx, case.id, actor, "重大", at),
        "approve": lambda tx: desk.requests.decide(tx, case.id, Step.APPROVE, actor, "", at),
        "refuse": lambda tx: desk.requests.decide(tx, case.id, Step.REFUSE, actor, "", at),
        "ask_recusal": lambda tx: desk.requests.ask_recusal(tx, case.id, actor, "亲戚", at),
        "grant": lambda tx: desk.requests.decide_recusal(tx, case.id, actor, True, "", at),
        "recuse": lambda tx: desk.recuse(tx, case.id, actor, at),
        "consent": lambda tx: desk.record(tx, case.id, Form.CONSENT, actor, consent, at),
        "minutes": lambda tx: desk.record(tx, case.id, Form.MINUTES, actor, minutes, at),
        "note": lambda tx: desk.record(tx, case.id, Form.NOTE, actor, {"words": "x"}, at),
        "remind": lambda tx: desk.reminding.fire(tx, at),
    }
    step = None if press.what in ways else Step(press.what)
    try:
        office.do(
            ways[press.what] if step is None else lambda tx: desk.take(tx, case.id, step, actor, facts, at)
        )
    except CaseError:
        return


def walked(office: Office, case: Case, presses: list[Press]) -> list[Event]:
    for press in presses:
        office.now += timedelta(hours=press.hours)
        pressed(office, case, press)
    return office.do(lambda tx: events.of_case(tx, case.id))


@SOME
@given(PRESSES, st.sampled_from([Kind.COMPLAINT, Kind.REPORT]))
def test_no_path_dispatches_a_major_case_without_approval(presses: list[Press], kind: Kind) -> None:
    """S9-6, C9: nowhere before a supervisor's answer that nobody gave himself."""
    with an_office() as office:
        case = office.have(kind=kind, amount_fen=9_000_000)
        told = walked(office, case, [Press("accept", "wang"), *presses])

        for place, event in enumerate(told):
            if event.kind == "dispatched":
                decided = [one for one in told[:place] if one.kind in ("approved", "refused")]
                assert decided
                assert {one.actor for one in decided} == {f"officer:{office.sun.id}"}


@SOME
@given(PRESSES, st.sampled_from(Kind))
def test_every_change_of_state_has_exactly_one_event(presses: list[Press], kind: Kind) -> None:
    """S5-1.5, S7-4: the events alone, followed step by step, lead to where the case stands."""
    allowed = {(row.event, row.target, source) for row in TABLE for source in row.sources}
    with an_office() as office:
        case = office.have(kind=kind)
        stands, version = Status.REGISTERED, 0
        for event in walked(office, case, presses):
            version += 1
            assert event.seq == version
            if "to" in event.facts:
                source, target = Status(str(event.facts["from"])), Status(str(event.facts["to"]))
                assert source is stands
                assert (event.kind, target, source) in allowed
                stands = target
        now = office.do(lambda tx: cases.get(tx, case.id))
        assert (now.status, now.version) == (stands, version)
        assert office.do(lambda tx: events.verify(tx, case.id)) == []


@SOME
@given(PRESSES, PRESSES, st.sampled_from(["wang", "li", "zhao"]))
def test_no_recused_person_appears_in_any_event_or_message_after_his_recusal(
    before: list[Press], after: list[Press], who: str
) -> None:
    """S7-5b, S7-6: nor is he told anything of it, alone or in the group."""
    with an_office() as office:
        officer = getattr(office, who)
        case = office.have()
        walked(office, case, before)
        pressed(office, case, Press("recuse", who))
        if officer.id not in office.do(lambda tx: officers.recused(tx, case.id)):
            return  # he had no part in it to step back from
        seen, sent = len(office.history(case)), len(owed(office))
        told = walked(office, case, after)[seen:]

        assert all(event.actor != f"officer:{officer.id}" for event in told)
        # The answer to an application that was made before names whom it was about.
        assert all(
            event.facts.get("officer") != officer.id for event in told if event.kind != "recusal_decided"
        )
        now = office.do(lambda tx: cases.get(tx, case.id))
        assert officer.id not in (now.holder, now.first_officer)
        his = {office.do(lambda tx: officers.account(tx, officer.id)), DUTY_GROUP}
        words = [one for one in owed(office, outbox.Kind.TEXT.value) if one in owed(office)[sent:]]
        assert [one for one in words if one["chat"] in his and case.number in repr(one)] == []
