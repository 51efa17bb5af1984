"""件 in the store: read back as written, found by number and code, queued by the next limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from casestore.codes import Demand, Kind, Status, Step
from casestore.desk import own_case
from casestore.errors import CaseChanged, CaseUnknown
from casestore.model import Because, Case, CaseId, CaseNumber, Guess
from casestore.tables import cases, posts, talks
from tests.casestore.tables.files import done
from tests.office import FOOD, MONDAY, Office, a_suggestion, an_intake


def queue(office: Office, **wanted: object) -> list[Case]:
    return office.do(lambda tx: cases.queue(tx, **wanted))  # type: ignore[arg-type]


def at_the_window(office: Office) -> Case:
    """Registered for somebody who is not in a chat."""
    return office.do(lambda tx: office.desk.register(tx, an_intake(None), office.now)).case


def test_a_case_reads_back_as_it_was_registered(office: Office) -> None:
    suggestion = a_suggestion(
        because=(Because(word="过期", weight=1.5, says="食品类"),), urgent=("食物中毒",),
        alternatives={"object": (Guess(code="G02", name="酒", score=0.1),)},
    )  # fmt: skip
    case = office.have(suggestion=suggestion, demands=(Demand.REFUND, Demand.COMPENSATE), district="城关镇")
    (kept,) = queue(office)

    assert kept == office.do(lambda tx: cases.get(tx, case.id))
    assert kept == replace(case, version=2)  # the escalation for 食物中毒
    assert office.do(lambda tx: cases.particulars(tx, case.id)) == an_intake().particulars


def test_a_case_is_found_by_its_number_and_its_query_code_alone(office: Office) -> None:
    registered = office.register()
    office.have()
    code = registered.query_code.replace("-", "")

    assert office.do(lambda tx: cases.by_number(tx, registered.case.number)).id == registered.case.id
    assert office.do(lambda tx: cases.by_query_code(tx, code)).id == registered.case.id
    for wrong in (code[:-1] + str((int(code[-1]) + 1) % 10), registered.query_code, ""):
        with pytest.raises(CaseUnknown):
            done(office, cases.by_query_code, wrong)
    with pytest.raises(CaseUnknown):
        office.do(lambda tx: cases.by_number(tx, CaseNumber("TS-20261123-9999")))
    with pytest.raises(CaseUnknown):
        office.do(lambda tx: cases.get(tx, CaseId(404)))


def test_the_query_code_is_not_kept(office: Office) -> None:
    code = office.register().query_code
    content = office.store.path.read_bytes() + office.store.path.with_name("desk.db-wal").read_bytes()

    assert code.encode() not in content
    assert code.replace("-", "").encode() not in content


def test_another_citizens_case_and_none_are_the_same_refusal(office: Office) -> None:
    other, mine = at_the_window(office), office.have()

    assert office.do(lambda tx: own_case(tx, office.anna, mine.number)).id == mine.id
    refusals = []
    for number in (other.number, CaseNumber("TS-20261123-9999")):
        with pytest.raises(CaseUnknown) as refused:
            done(office, own_case, office.anna, number)
        refusals.append((type(refused.value), str(refused.value)))
    assert refusals[0] == refusals[1]


def test_a_case_saved_from_an_old_reading_is_refused(office: Office) -> None:
    case = office.have()
    office.do(lambda tx: cases.save(tx, replace(case, version=2, district="甲")))

    with pytest.raises(CaseChanged):
        office.do(lambda tx: cases.save(tx, replace(case, version=2, district="乙")))
    assert office.do(lambda tx: cases.get(tx, case.id)).district == "甲"


# ── 待办 ──


def test_the_queue_shows_open_cases_by_their_next_limit(office: Office) -> None:
    later = office.have()
    office.now = MONDAY - timedelta(days=3)
    sooner = office.have()
    office.now = MONDAY
    office.declined()

    assert [case.id for case in queue(office)] == [sooner.id, later.id]


def test_the_queue_is_turned_page_by_page_without_losing_or_doubling(office: Office) -> None:
    """Ten cases of the same second have the same limit."""
    everyone = {office.have().id for _ in range(10)}
    seen: list[CaseId] = []
    after = None
    while page := queue(office, most=3, after=after):
        seen += [case.id for case in page]
        assert page[-1].due_at is not None
        after = (page[-1].due_at, page[-1].id)

    assert len(seen) == 10
    assert set(seen) == everyone


def test_cases_without_a_limit_stand_last_on_every_page(office: Office) -> None:
    """NULL is the smallest to SQLite: it stood before what was overdue."""
    everyone = [office.have() for _ in range(7)]
    none = [replace(case, version=2, due_at=None, due_limit="") for case in everyone[::2]]
    for case in none:
        office.do(lambda tx, case=case: cases.save(tx, case))  # type: ignore[misc]
    seen: list[CaseId] = []
    after = None
    while page := queue(office, most=2, after=after):
        seen += [case.id for case in page]
        after = (page[-1].due_at, page[-1].id)

    assert seen == [case.id for case in (*everyone[1::2], *none)]
    assert [case.id for case in queue(office)] == seen


def test_a_queue_is_counted_without_its_pages(office: Office) -> None:
    mine = [office.accepted() for _ in range(3)]
    office.have()
    office.declined()

    def count(**wanted: object) -> int:
        return office.do(lambda tx: cases.count_queue(tx, **wanted))  # type: ignore[arg-type]

    assert (count(), count(holder=office.wang.id), count(unit=FOOD)) == (4, 3, 0)
    assert count(statuses=[Status.ACCEPTED], besides=[mine[0].id]) == 2
    assert len(queue(office, besides=[mine[0].id])) == 3


def test_the_queue_of_a_unit_of_a_person_and_of_a_status(office: Office) -> None:
    office.have()
    mine = office.accepted()
    theirs = office.dispatched()
    held = {case.id for case in queue(office, holder=office.wang.id)}

    assert held == {mine.id, theirs.id}
    assert [case.id for case in queue(office, unit=FOOD)] == [theirs.id]
    assert [case.id for case in queue(office, statuses=[Status.ACCEPTED])] == [mine.id]
    assert queue(office, statuses=[Status.CLOSED]) == []


def test_a_citizen_sees_his_own_newest_first(office: Office) -> None:
    first, second = office.have(), office.have(kind=Kind.REPORT)
    at_the_window(office)

    assert [case.id for case in office.do(lambda tx: cases.of_citizen(tx, office.anna))] == [
        second.id,
        first.id,
    ]
    assert [case.id for case in office.do(lambda tx: cases.of_citizen(tx, office.anna, 1))] == [second.id]


# ── where he stands, where a card stands ──


def test_a_talk_is_kept_sealed_and_read_back(office: Office) -> None:
    state = '{"at": "name", "answers": {"merchant": "甲超市"}}'
    office.do(lambda tx: talks.save(tx, office.anna, state, has_draft=True, at=MONDAY))
    assert office.do(lambda tx: talks.load(tx, office.anna)) == state

    office.do(lambda tx: talks.forget(tx, office.anna))
    assert office.do(lambda tx: talks.load(tx, office.anna)) is None


def test_a_silent_draft_is_found_reminded_once_and_a_new_word_begins_anew(office: Office) -> None:
    hours48 = MONDAY + timedelta(hours=48)

    def silent(reminded: bool | None = None) -> list[int]:
        return list(
            office.do(lambda tx: talks.silent_since(tx, hours48 - timedelta(hours=48), reminded=reminded))
        )

    office.do(lambda tx: talks.save(tx, office.anna, "{}", has_draft=True, at=MONDAY))
    assert silent(reminded=False) == [office.anna]
    office.do(lambda tx: talks.mark_reminded(tx, office.anna))
    assert (silent(reminded=False), silent()) == ([], [office.anna])
    office.do(lambda tx: talks.save(tx, office.anna, "{}", has_draft=True, at=MONDAY + timedelta(hours=1)))
    assert silent() == []
    office.do(lambda tx: talks.save(tx, office.anna, "{}", has_draft=False, at=MONDAY))
    assert silent() == []


def test_a_card_has_one_place_in_a_chat(office: Office) -> None:
    case = office.have()
    before = len(office.do(lambda tx: posts.of_case(tx, case.id)))
    first = office.do(lambda tx: posts.add(tx, case.id, "900", None))
    office.do(lambda tx: posts.sent(tx, first.id, 4711))

    again = office.do(lambda tx: posts.add(tx, case.id, "900", office.wang.id))
    assert (again.id, again.message, again.officer) == (first.id, 4711, None)
    assert len(office.do(lambda tx: posts.of_case(tx, case.id))) == before + 1
    office.do(lambda tx: posts.remove(tx, first.id))
    assert office.do(lambda tx: posts.at(tx, case.id, "900")) is None


def test_whoever_accepts_holds_the_case_until_the_unit_takes_it_over(office: Office) -> None:
    case = office.accepted()
    assert (case.holder, case.first_officer) == (office.wang.id, office.wang.id)
    taken = office.take(
        office.take(case, Step.DISPATCH, office.zhao, unit=FOOD).case, Step.TAKE_OVER, office.li
    ).case
    assert (taken.holder, taken.first_officer) == (office.li.id, office.wang.id)
