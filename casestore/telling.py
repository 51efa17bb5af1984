"""告知: puts what is owed to citizens and staff into the outbox, by the table of `notices`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from casestore import access, notices
from casestore.codes import Role, Step
from casestore.model import DESK, Actor, Case, CaseId, Officer, OfficerId, UnitCode
from casestore.notices import To
from casestore.store import Tx
from casestore.tables import buttons, citizens, deputies, officers, outbox, posts, properties
from casestore.tables.outbox import Draft, Urgency
from casestore.units import Units
from casestore.workdays import last_day

STAFF_BOT = "staff"


def lane(bot: str, chat: object) -> str:
    return f"{bot}:{chat}"


class Telling:
    """Part of one unit of work: what is put here goes out when it is committed."""

    def __init__(self, units: Units, shift: Callable[[datetime], tuple[str, ...]]) -> None:
        """`shift`: the names the roster puts on duty at a moment."""
        self._units, self._shift = units, shift

    def tell(
        self,
        tx: Tx,
        case: Case,
        event: str,
        at: datetime,
        facts: Mapping[str, str],
        by: Actor = DESK,
    ) -> None:
        """`by`: who did it; he need not be told what he did himself (a citizen has his receipt in the talk)."""
        told = {
            "number": case.number,
            "unit": self._units.name(case.unit) if case.unit else "",
            "ground": case.ground or "",
            "outcome": case.outcome or "",
            "end_ground": case.end_ground or "",
            "recovered_fen": "" if case.recovered_fen is None else str(case.recovered_fen),
            "due": last_day(case.due_at).isoformat() if case.due_at else "",
            "due_limit": case.due_limit,
            **facts,
        }
        told_to = notices.TABLE[event]
        for to in told_to:
            if to not in (To.CITIZEN, To.HOLDER, To.ANSWERER):
                self._post_cards(tx, case, to, at)
        self.refresh_cards(tx, case, at)  # before any word of it: who reads "approved" finds the buttons
        if To.CITIZEN in told_to and by.citizen is None:
            self.citizen(tx, case, event, told, at)
        doer = by.officer.id if by.officer is not None else None
        if To.HOLDER in told_to and (doer is None or doer != (case.holder or case.first_officer)):
            self._holder(tx, case, event, told, at)
        if To.ANSWERER in told_to:
            self._answerer(tx, case, event, told, at)

    def citizen(self, tx: Tx, case: Case, event: str, told: Mapping[str, str], at: datetime) -> None:
        if case.citizen is None or (case.quiet and event != "message_sent"):
            return  # registered for somebody who is not in a chat, or who wants no more but what he asked for
        payload = {"citizen": case.citizen, "code": event, "kind": case.kind, "facts": dict(told)}
        bot = citizens.get(tx, case.citizen).channel.value
        tx_lane = lane(bot, case.citizen)
        outbox.put(tx, Draft(bot, tx_lane, outbox.Kind.NOTICE, payload, Urgency.NOTICE, case=case.id), at)

    def _holder(self, tx: Tx, case: Case, event: str, told: Mapping[str, str], at: datetime) -> None:
        holder = case.holder or case.first_officer
        chat = self._chat_of(tx, holder, case) if holder is not None else None
        for to in [chat] if chat is not None else self.desk_chats(tx, case, at):
            # The words may be personal: they are on the card of who may see them, not in this sentence.
            payload = {"chat": to, "code": event, "facts": {k: v for k, v in told.items() if k != "words"}}
            self.say_to_staff(tx, to, payload, case.id, at)

    def _answerer(self, tx: Tx, case: Case, event: str, told: Mapping[str, str], at: datetime) -> None:
        """The words themselves, in private: to who handles the case, else to the people of the unit that has it.
        At the desk, where nobody has it yet, only that there are some."""
        holder = case.holder or case.first_officer
        chat = self._chat_of(tx, holder, case, Step.WRITE) if holder is not None else None
        chats = [chat] if chat is not None else []
        if chat is None and case.unit is not None and access.is_at_the_unit(case):
            people = officers.of_unit(tx, case.unit)
            chats = [to for _, to in access.who_may_see(people, case, officers.recused(tx, case.id))]
        said = {
            "code": event,
            "facts": {"number": case.number, "words": told["words"]},
            "buttons": [["reply", buttons.ANSWERS, {}]],
        }
        waits = {"code": "message_waits", "facts": {"number": case.number}, "open": [case.id]}
        for to in chats or self.desk_chats(tx, case, at):
            self.say_to_staff(tx, to, {"chat": to, **(said if chats else waits)}, case.id, at)

    def _chat_of(self, tx: Tx, officer: OfficerId, case: Case, step: Step = Step.VIEW) -> str | None:
        """His private chat, while the case is his to see, or to do a step of."""
        actor = Actor(officer=officers.get(tx, officer))
        seen = access.may(actor, step, case, recused=officers.recused(tx, case.id))
        return officers.account(tx, officer) if seen else None

    def desk_chats(self, tx: Tx, case: Case, at: datetime) -> list[str]:
        """Where a case that nobody holds is spoken of: in the duty group, or, where somebody of the group must
        not hear of it (回避, a matter about the office), in private chats of who may see it."""
        if not officers.recused(tx, case.id) and not case.own_office:
            group = properties.get(tx, properties.DUTY_GROUP)
            return [group] if group is not None else []
        return [chat for _, chat in self._of_the_duty(tx, case, at)]

    def _of_the_duty(self, tx: Tx, case: Case, at: datetime) -> list[tuple[Officer, str]]:
        """Whose a case at the centre is: the duty's, one about the office the head's alone (S5-2.3(2)), and the
        supervisors' where all of the duty must stay away."""
        recused = officers.recused(tx, case.id)
        bosses = officers.supervisors(tx)
        on_duty = [] if case.own_office else officers.on_duty(tx, self._shift(at))
        return access.who_may_see(on_duty, case, recused) or access.who_may_see(bosses, case, recused)

    def miss_the_head(self, tx: Tx, case: Case, at: datetime) -> None:
        """A matter about the office that no head is there to see must not rot: the director (else the duty)
        hears its number, and nothing else of it."""
        if not case.own_office or self._of_the_duty(tx, case, at):
            return
        recused = officers.recused(tx, case.id)
        told = officers.reachable(tx, [Role.DIRECTOR]) or officers.on_duty(tx, self._shift(at))
        for officer, chat in told:
            if officer.id not in recused:
                payload = {"chat": chat, "code": "no_head", "facts": {"number": case.number}}
                self.say_to_staff(tx, chat, payload, case.id, at)

    def alarm(self, tx: Tx, case: Case, at: datetime) -> None:
        """值班室: an urgent matter that came while the desk is closed is shown there at once (S9-1d)."""
        room = properties.get(tx, properties.NIGHT_ROOM)
        if room is None or case.own_office or case.suggestion is None:
            return
        facts = {"number": case.number, "signs": "、".join(case.suggestion.urgent)}
        self.say_to_staff(tx, room, {"chat": room, "code": "night_alarm", "facts": facts}, case.id, at)
        posts.add(tx, case.id, room, None)
        self.show_card(tx, case.id, room, at)

    def hand_to_duty(self, tx: Tx, case: Case, at: datetime) -> None:
        """What came while the desk was closed stands last in the chats of those who are on duty now (S9-1d)."""
        for chat in self._post_cards(tx, case, To.DUTY, at):
            self.show_card(tx, case.id, chat, at, anew=True)

    def say_to_staff(
        self, tx: Tx, chat: str, payload: Mapping[str, object], case: CaseId | None, at: datetime
    ) -> None:
        draft = Draft(STAFF_BOT, lane(STAFF_BOT, chat), outbox.Kind.TEXT, payload, Urgency.CARD, case=case)
        outbox.put(tx, draft, at)

    def _post_cards(self, tx: Tx, case: Case, to: To, at: datetime) -> list[str]:
        """The chats where the card has its place now."""
        posted = list[str]()
        recused = officers.recused(tx, case.id)
        if to is To.DUTY:
            group = properties.get(tx, properties.DUTY_GROUP)
            if group is not None and not recused and not case.own_office:
                posted.append(posts.add(tx, case.id, group, None).chat)
            people = self._of_the_duty(tx, case, at)
            self.miss_the_head(tx, case, at)
        elif to is To.SUPERVISORS:
            people = deputies.deciding(tx, at)
        else:
            people = officers.of_unit(tx, case.unit or UnitCode(""))
        for officer, chat in access.who_may_see(people, case, recused):
            posted.append(posts.add(tx, case.id, chat, officer.id).chat)
        return posted

    def refresh_cards(self, tx: Tx, case: Case, at: datetime) -> None:
        """The card is shown anew wherever it stands, with what is true when it goes out."""
        for post in posts.of_case(tx, case.id):
            self.show_card(tx, case.id, post.chat, at)

    def show_card(
        self,
        tx: Tx,
        case: CaseId,
        chat: str,
        at: datetime,
        *,
        anew: bool = False,
        menu: str = "",
        page: int = 0,
        given: Mapping[str, str] | None = None,
    ) -> None:
        """Show the card where it stands in a chat. `anew`: as a new message at the end. `menu`: with the
        menu of a step instead of the case, for which `given` was chosen or typed before."""
        draft = Draft(
            STAFF_BOT,
            lane(STAFF_BOT, chat),
            outbox.Kind.CARD,
            {
                "chat": chat,
                "case": case,
                "anew": anew,
                "menu": menu,
                "page": page,
                "given": dict(given or {}),
            },
            Urgency.CARD,
            case=case,
            once=None if anew or menu else f"card:{case}:{chat}",
        )
        outbox.put(tx, draft, at)
