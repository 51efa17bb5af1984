"""What the desk refuses.

* CaseError: a step the desk refuses
  + StepNotAllowed: the lifecycle has no such row from here
  + StepBlocked: a guard of the row gives its reason
  + NotAuthorised: the role or the person may not
  + CaseChanged: somebody else was first
  + CaseUnknown, OfficerUnknown, UnitUnknown
  + OfficerExists, OfficerAmbiguous, OfficerSuspended: which person of the staff is meant
  + MessagesClosed, TooManyMessages, NotInChat: 留言 that does not go
  + PersonalDataFound, BlankLeft, GroundNotNamed, WayOutNotNamed: words that must not go out
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
    """A complaint is declined on a ground of art. 16, a mediation ended on one of art. 23, or not at all."""

    code = "ground-missing"


class ReasonMissing(CaseError):
    code = "reason-missing"


class StatuteMissing(CaseError):
    """Art. 16(7) and 23(8) are grounds only together with the law that says so."""

    code = "statute-missing"


class WayMissing(CaseError):
    """Whose report is not handled here is told whom to turn to (art. 34, 44)."""

    code = "way-missing"


class RepeatMissing(CaseError):
    """No earlier report of the same informer is linked to this one (art. 35)."""

    code = "repeat-missing"


class RecoveryMissing(CaseError):
    """A complaint that both sides agreed about is closed with what the citizen got back, be it nothing."""

    code = "recovery-missing"


class InformerQuiet(CaseError):
    """Who withdrew his report and wants to hear no more is not asked for anything, nor written to."""

    code = "informer-quiet"


class UnitMissing(CaseError):
    code = "unit-missing"


class UnitUnknown(CaseError):
    code = "unit-unknown"


class UnitEmpty(CaseError):
    """Nobody of the unit has joined who may have the case: it could neither be received nor returned."""

    code = "unit-empty"


class ColleagueUnfit(CaseError):
    """Only somebody of the same unit, who need not stay away, goes on with a case (art. 41)."""

    code = "colleague-unfit"


class OutsidePremises(CaseError):
    """A consumer station takes what lies in its own premises (S6-3a)."""

    code = "outside-premises"


class NotForAStation(CaseError):
    """A report, a major case, a matter about the office: no consumer station takes it."""

    code = "not-for-a-station"


class OutcomeMissing(CaseError):
    code = "outcome-missing"


class ConsentMissing(CaseError):
    """No mediation before both sides have agreed to it (S6-3b, art. 18)."""

    code = "consent-missing"


class MinutesMissing(CaseError):
    """A mediation ends with its minutes (S6-9)."""

    code = "minutes-missing"


class UnderTesting(CaseError):
    """While a test is under way the mediation is not ended (art. 22)."""

    code = "under-testing"


class RecusalPending(CaseError):
    """Mediation is suspended until the application is decided (art. 21)."""

    code = "recusal-pending"


class WindowClosed(CaseError):
    """Too late to ask for the case to be taken up again."""

    code = "window-closed"


class FieldMissing(CaseError):
    """A form lacks what it requires."""

    code = "field-missing"


class FieldUnclear(CaseError):
    code = "field-unclear"


class MessagesClosed(CaseError):
    """The case is over, and too long to ask for another look: no more words to and fro."""

    code = "messages-closed"


class TooManyMessages(CaseError):
    """So many words a day each way are enough; more are said by telephone."""

    code = "too-many-messages"


class NotInChat(CaseError):
    """The citizen of this case is in no chat of ours: words cannot reach him."""

    code = "not-in-chat"


class PersonalDataFound(CaseError):
    """What would go out to the citizen holds somebody's personal data (PIPL art. 6, 121号令 art. 37)."""

    code = "personal-data-found"


class BlankLeft(CaseError):
    """A placeholder of a template, or a line to write on, was not filled in."""

    code = "blank-left"


class GroundNotNamed(CaseError):
    """Who is declined, or whose mediation is ended, reads on which ground (art. 15, 23)."""

    code = "ground-not-named"


class WayOutNotNamed(CaseError):
    """Who is declined, or whose mediation is ended, reads what he can do now (art. 15, 25; 消法 art. 39)."""

    code = "way-out-not-named"


class PublicationNotAgreed(CaseError):
    """Only a complaint is published, and only where the complainant has agreed (C7, PIPL 25)."""

    code = "publication-not-agreed"


class PublicationApproved(CaseError):
    code = "publication-approved"


class NotExtendable(CaseError):
    """No limit of this case may be extended, or it was already."""

    code = "not-extendable"


class RequestExpired(CaseError):
    code = "request-expired"


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


class DeputyUnfit(CaseError):
    """Only somebody of the desk, and not oneself, stands in for a supervisor."""

    code = "deputy-unfit"


class PinMissing(CaseError):
    """Approvals ask for a PIN, and he has set none or typed none."""

    code = "pin-missing"


class PinUnclear(CaseError):
    """A PIN is four to eight digits."""

    code = "pin-unclear"


class PinWrong(CaseError):
    code = "pin-wrong"


class PinLocked(CaseError):
    """Too many wrong tries: another supervisor resets it."""

    code = "pin-locked"


class TooManyQueries(CaseError):
    code = "too-many-queries"


class StoreError(Exception):
    """The store cannot be used as it is; the message says in Chinese what to do."""
