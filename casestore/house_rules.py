"""本局的办法: what an office may set for itself within the law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class HouseRules:
    """`declining_needs_approval`: 不予受理 is carried out by a supervisor's 批准 only.
    `pin_for_approvals`: a supervisor types his PIN after pressing 批准."""

    declining_needs_approval: bool = False
    pin_for_approvals: bool = False
    #: A request that nobody decided falls, and who asked is told.
    request_lasts: timedelta = timedelta(days=3)
