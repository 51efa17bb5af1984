"""Whoever is not of the staff: one answer an hour, and ten tries of an invitation."""

from __future__ import annotations

from datetime import timedelta

from casestore.codes import Role
from casestore.tables import officers, properties
from tests.admin.staff_room import STRANGER, StaffRoom, is_said


def answers(room: StaffRoom, account: str = STRANGER) -> list[str]:
    return [one.text for one in room.messages.values() if one.chat == account]


def test_a_flood_of_a_stranger_is_answered_once_an_hour(room: StaffRoom) -> None:
    for _ in range(300):
        room.write(STRANGER, "你好")
    assert len(answers(room)) == 1

    room.office.now += timedelta(minutes=59)
    room.write(STRANGER, "在吗")
    assert len(answers(room)) == 1
    room.office.now += timedelta(minutes=1)
    room.write(STRANGER, "在吗")

    assert len(answers(room)) == 2
    assert all(is_said("staff.unknown_person", text) for text in answers(room))


def test_one_strangers_flood_does_not_silence_another(room: StaffRoom) -> None:
    for _ in range(5):
        room.write(STRANGER, "你好")

    assert is_said("staff.unknown_person", room.says("8888", "你好"))


def test_an_account_tries_ten_invitations_an_hour_and_is_told_once_more(room: StaffRoom) -> None:
    office = room.office
    new = office.do(lambda tx: officers.add(tx, "新来", Role.OFFICER))
    for number in range(10):
        assert is_said("errors.invitation-invalid", room.says("2001", f"/start guess{number}"))
    code = office.do(lambda tx: officers.invite(tx, new.id, office.now))

    assert is_said("staff.too_many_tries", room.says("2001", f"/start {code}"))
    assert room.write("2001", f"/start {code}") == []
    assert office.do(lambda tx: officers.account(tx, new.id)) is None

    office.now += timedelta(hours=1)
    code = office.do(lambda tx: officers.invite(tx, new.id, office.now))
    room.says("2001", f"/start {code}")
    assert room.says("2001", "确认").startswith("新来，您已加入。")


def test_what_is_remembered_of_a_stranger_is_not_his_account(room: StaffRoom) -> None:
    room.write(STRANGER, "你好")

    kept = room.dump()["properties"]
    assert not [row for row in kept if STRANGER in "".join(map(str, row))]
    assert room.office.do(lambda tx: properties.get(tx, properties.DUTY_GROUP))
