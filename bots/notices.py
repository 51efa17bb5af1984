"""告知: the sentence a citizen gets for a step of his case, from what is owed to him."""

from __future__ import annotations

from bots.sending import UNSURE
from casestore.tables.outbox import Owed
from dialogs.notice import notice
from dialogs.texts import Texts


def notice_text(texts: Texts, owed: Owed) -> str:
    """ "" where the texts have nothing for this event of this kind of case."""
    sentence = notice(texts, owed.payload["kind"], owed.payload["code"], owed.payload["facts"])
    return texts.say("notice.resent") + sentence if sentence and owed.error == UNSURE else sentence
