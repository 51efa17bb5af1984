"""The thirty samples of the demo: every kind and every state a newcomer may meet."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from bots.demo import samples
from casestore.codes import Channel, Kind, Status
from casestore.tables.schema import case_events, cases
from tests.bots.desks import a_stage


async def test_the_samples_show_every_kind_and_every_state(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as desk:
        count = await samples.load(desk)

        rows = await desk.house.store.read(lambda tx: list(tx.execute(select(cases))))
        kinds = await desk.house.store.read(lambda tx: {row.kind for row in tx.execute(select(case_events))})

    assert count == len(rows) == 30
    assert {row.kind for row in rows} == set(Kind)
    assert {row.status for row in rows} == set(Status)
    assert {row.channel for row in rows} >= {Channel.WECHAT, Channel.PHONE, Channel.VISIT}
    assert {"consent_recorded", "minutes_recorded", "contacted", "followed_up", "archived"} <= kinds
