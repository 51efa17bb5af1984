"""What the desk refuses.

* CaseError: a step the desk refuses
  + StepNotAllowed: the lifecycle has no such row from here
  + StepBlocked: a guard of the row gives its reason
  + NotAuthorised: the role or the person may not
  + CaseChanged: somebody else was first
  + CaseUnknown, OfficerUnknown, UnitUnknown
  + OfficerExists, OfficerAmbiguous, OfficerSuspended: which person of the staff is meant
  + AnswerMissing: the step needs a word that was not given
* StoreError: the store cannot be used as it is

`code` is stable; the Chinese sentence that says what to do is `errors.<code>` in dialogs/texts/zh.yaml.
"""

from __future__ import annotations

from typing import ClassVar


class CaseError(Exception):
    """A step the desk refuses. `facts` fill the placeholders of its sentence."""

    code: ClassVar[str] = "case-error"

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(f"{self.code}: " + ", ".join(f"{k}={v!r}" for k, v in facts.items()))


class StepNotAllowed(CaseError):
    code = "step-not-allowed"


class NotAuthorised(CaseError):
    code = "not-authorised"


class StaffRecused(NotAuthorised):
    code = "staff-recused"


class OwnRequest(NotAuthorised):
    """Requester and approver are the same person."""

    code = "own-request"


class CaseChanged(CaseError):
    """The card is older than the case: `by` did `event` at `at` in between."""

    code = "case-changed"


class AwaitsApproval(CaseError):
    """A major case is not dispatched before a supervisor has decided (S9-6)."""

    code = "awaits-approval"


class AlreadyEscalated(CaseError):
    code = "already-escalated"


class NothingToDecide(CaseError):
    code = "nothing-to-decide"


class GroundMissing(CaseError):
    """A complaint is declined on one of the seven grounds of art. 16 or not at all."""

    code = "ground-missing"


class ReasonMissing(CaseError):
    code = "reason-missing"


class UnitMissing(CaseError):
    code = "unit-missing"


class UnitUnknown(CaseError):
    code = "unit-unknown"


class OutcomeMissing(CaseError):
    code = "outcome-missing"


class CaseUnknown(CaseError):
    """No such case, or not yours: the two are never told apart."""

    code = "case-unknown"


class OfficerUnknown(CaseError):
    code = "officer-unknown"


class OfficerExists(CaseError):
    """Two of the same name could not be told apart by the shell."""

    code = "officer-exists"


class OfficerAmbiguous(CaseError):
    """Several have this name; `ids` are the numbers that tell them apart."""

    code = "officer-ambiguous"


class OfficerSuspended(CaseError):
    """A suspended person joins nothing."""

    code = "officer-suspended"


class InvitationInvalid(CaseError):
    code = "invitation-invalid"


class TooManyQueries(CaseError):
    code = "too-many-queries"


class StoreError(Exception):
    """The store cannot be used as it is; the message says in Chinese what to do."""
