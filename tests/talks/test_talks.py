"""Whole talks, end to end through the simulated platforms, the same on WeChat and on Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bots.demo.player import Player, stage_for
from bots.demo.stage import Stage, stage
from casestore.codes import Channel
from dialogs.talk_file import Act, parse

TALKS = sorted(Path(__file__).parent.glob("*.talk"))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """One desk for all talks, as in an office: every talk has its own citizen."""
    async with stage(tmp_path_factory.mktemp("desk"), rates=None) as staged:
        yield staged


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("channel", [Channel.WECHAT, Channel.TELEGRAM])
@pytest.mark.parametrize("file", TALKS, ids=lambda file: file.stem)
async def test_a_written_talk_goes_as_written(
    desk: Stage, file: Path, channel: Channel, tmp_path: Path
) -> None:
    """A *.talk file is played word for word; what each person should see, he sees."""
    lines = parse(file.read_text(encoding="utf-8"), file.name)
    name = f"{file.stem} {channel}"

    if any(line.act is Act.CLOCK for line in lines):  # time is nobody else's
        async with stage_for(lines, tmp_path) as own:
            await Player(own, channel, name).play(lines)
    else:
        await Player(desk, channel, name).play(lines)
