"""What the desk refuses has a stable code and the facts of the refusal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from casestore import errors
from casestore.errors import CaseError, CaseUnknown, NotAuthorised, StaffRecused, StepNotAllowed


def every_error(base: type[CaseError] = CaseError) -> Iterator[type[CaseError]]:
    for error in base.__subclasses__():
        yield error
        yield from every_error(error)


def test_every_refusal_has_a_code_of_its_own() -> None:
    codes = [error.code for error in every_error()]

    assert len(codes) == len(set(codes))
    assert all(code == code.lower() and " " not in code for code in codes)


def test_a_refusal_carries_its_facts_and_says_them_to_a_developer() -> None:
    refused = StepNotAllowed(case="TS-20261123-0007", step="close")

    assert refused.facts == {"case": "TS-20261123-0007", "step": "close"}
    assert str(refused) == "step-not-allowed: case='TS-20261123-0007', step='close'"


def test_who_may_not_is_told_apart_from_who_must_not() -> None:
    """回避 is a refusal of rights too: whoever catches the one catches the other."""
    with pytest.raises(NotAuthorised):
        raise StaffRecused(case="x")


def test_a_case_that_is_not_yours_and_one_that_is_not_there_are_the_same_refusal() -> None:
    """T: numbers cannot be guessed by the answers; `CaseUnknown` carries nothing that could tell."""
    assert str(CaseUnknown()) == "case-unknown: "
    assert not issubclass(errors.StoreError, CaseError)
