"""Every refusal has a sentence for people."""

from __future__ import annotations

from dialogs.texts import Texts
from tests.casestore.test_errors import every_error


def test_every_refusal_of_the_desk_has_a_sentence() -> None:
    texts = Texts.load({})
    assert [error.code for error in every_error() if f"errors.{error.code}" not in texts] == []
