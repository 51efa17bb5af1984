"""工作人员: how people join, who is written to, who may not touch which case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from casestore.codes import Role
from casestore.errors import InvitationInvalid, OfficerUnknown
from casestore.model import Officer, OfficerId
from casestore.tables import officers
from casestore.tables.officers import INVITATION_LASTS
from tests.casestore.tables.files import everything
from tests.office import FOOD, MONDAY, QUALITY, Office


def a_newcomer(office: Office, role: Role = Role.OFFICER) -> Officer:
    return office.do(lambda tx: officers.add(tx, "周新", role))


def invited(office: Office, officer: Officer) -> str:
    return office.do(lambda tx: officers.invite(tx, officer.id, MONDAY))


def join(office: Office, code: str, account: str = "2001", after: timedelta = timedelta(0)) -> Officer:
    return office.do(lambda tx: officers.join(tx, code, account, MONDAY + after))


def test_whoever_is_invited_joins_with_his_private_chat(office: Office) -> None:
    newcomer = a_newcomer(office)
    assert office.do(lambda tx: officers.by_account(tx, "2001")) is None

    assert join(office, invited(office, newcomer)) == newcomer
    assert office.do(lambda tx: officers.by_account(tx, "2001")) == newcomer
    assert office.do(lambda tx: officers.account(tx, newcomer.id)) == "2001"


def refused(office: Office, code: str, account: str = "2001", after: timedelta = timedelta(0)) -> None:
    before = everything(office)
    with pytest.raises(InvitationInvalid):
        join(office, code, account, after)
    assert everything(office) == before


def test_an_invitation_is_used_once(office: Office) -> None:
    code = invited(office, a_newcomer(office))
    join(office, code)

    refused(office, code, "2002")
    refused(office, code)


def test_an_invitation_ends_after_a_quarter_of_an_hour(office: Office) -> None:
    code = invited(office, a_newcomer(office))

    refused(office, code, after=INVITATION_LASTS + timedelta(seconds=1))
    assert join(office, code, after=INVITATION_LASTS).name == "周新"


@pytest.mark.parametrize("code", ["", "x" * 22, "请让我进"])
def test_a_code_nobody_gave_opens_nothing(office: Office, code: str) -> None:
    invited(office, a_newcomer(office))

    refused(office, code)


def test_a_chat_belongs_to_one_person(office: Office) -> None:
    """王敏 cannot take 周新's place with her own chat."""
    refused(office, invited(office, a_newcomer(office)), account="1001")
    with pytest.raises(IntegrityError):
        office.do(lambda tx: officers.add(tx, "又一个", Role.OFFICER, None, "1001"))


def test_the_file_keeps_no_code_that_could_be_used(office: Office) -> None:
    code = invited(office, a_newcomer(office))

    assert code.encode() not in office.store.path.read_bytes()
    assert code not in str(everything(office)["invitations"])


def test_nobody_is_invited_who_is_not_there(office: Office) -> None:
    with pytest.raises(OfficerUnknown):
        office.do(lambda tx: officers.invite(tx, OfficerId(404), MONDAY))
    with pytest.raises(OfficerUnknown):
        office.do(lambda tx: officers.get(tx, OfficerId(404)))


def test_whoever_is_suspended_is_nobody_at_once_and_may_be_restored(office: Office) -> None:
    office.do(lambda tx: officers.sign_duty(tx, office.wang.id, True))
    office.do(lambda tx: officers.suspend(tx, office.wang.id))
    assert office.do(lambda tx: officers.by_account(tx, "1001")) is None
    assert not office.do(lambda tx: officers.get(tx, office.wang.id)).active
    assert office.wang.id not in {one.id for one, _ in office.do(officers.on_duty)}

    office.do(lambda tx: officers.suspend(tx, office.wang.id, active=True))
    restored = office.do(lambda tx: officers.by_account(tx, "1001"))
    assert restored == office.wang
    assert not restored.on_duty


def test_a_suspended_person_does_not_come_back_by_invitation(office: Office) -> None:
    newcomer = a_newcomer(office)
    code = invited(office, newcomer)
    office.do(lambda tx: officers.suspend(tx, newcomer.id))
    join(office, code)

    assert office.do(lambda tx: officers.by_account(tx, "2001")) is None


def names(people: list[tuple[Officer, str]]) -> list[str]:
    return [officer.name for officer, _ in people]


def test_new_cases_go_to_who_signed_in_and_to_all_when_nobody_did(office: Office) -> None:
    assert names(office.do(officers.on_duty)) == ["王敏", "赵强"]
    office.do(lambda tx: officers.sign_duty(tx, office.zhao.id, True))
    assert names(office.do(officers.on_duty)) == ["赵强"]
    office.do(lambda tx: officers.sign_duty(tx, office.zhao.id, False))
    assert names(office.do(officers.on_duty)) == ["王敏", "赵强"]


def test_only_people_who_joined_and_are_active_are_written_to(office: Office) -> None:
    a_newcomer(office, Role.HEAD)

    assert office.do(officers.supervisors) == [(office.sun, "1004")]
    assert office.do(lambda tx: officers.of_unit(tx, FOOD)) == [(office.li, "1003")]
    assert office.do(lambda tx: officers.of_unit(tx, QUALITY)) == []
    assert [joined for _, joined in office.do(officers.everyone)] == [True, True, True, True, False]


def test_whoever_recused_himself_is_known_by_case_and_by_person(office: Office) -> None:
    one, two = office.have(), office.have()
    office.do(lambda tx: officers.recuse(tx, one.id, office.wang.id, MONDAY))

    assert office.do(lambda tx: officers.recused(tx, one.id)) == {office.wang.id}
    assert office.do(lambda tx: officers.recused(tx, two.id)) == frozenset()
    assert office.do(lambda tx: officers.recused_cases(tx, office.wang.id)) == {one.id}
    with pytest.raises(IntegrityError):
        office.do(lambda tx: officers.recuse(tx, one.id, office.wang.id, MONDAY))


def test_a_new_invitation_voids_the_one_before(office: Office) -> None:
    """Who asked twice holds one key, not two."""
    newcomer = a_newcomer(office)
    first, second = invited(office, newcomer), invited(office, newcomer)

    refused(office, first)
    assert join(office, second) == newcomer
