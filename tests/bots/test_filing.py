"""From the confirmed answers to the case: what is kept of the person, and of the office's own questions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bots.filing import Filing
from casestore.codes import Kind
from casestore.model import Particulars
from casestore.tables import cases, citizens
from casestore.units import Units
from classifier import Classifier
from dialogs.texts import Texts
from dialogs.turn import Filed
from tests.office import Office

TOLD: Mapping[str, Any] = {
    "name": "陈晓梅",
    "phone": "13800138000",
    "postal_address": "城关镇东街1号",
    "merchant": "甲某某超市",
    "merchant_address": "城关镇西街2号",
    "story": "一直在卖过期的牛奶。",
}


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    folder: Path = tmp_path_factory.mktemp("words")
    return Classifier.load(Units.load(), cache_dir=folder)


def filed(office: Office, classifier: Classifier, kind: Kind, **more: Any) -> tuple[bool, Particulars]:
    filing = Filing(office.desk, classifier, Texts.load({}), office.units)
    lines = more.pop("lines", ())
    what = Filed(kind, {**TOLD, **more}, (), lines)
    anna = office.do(lambda tx: citizens.get(tx, office.anna))
    office.do(lambda tx: filing.file(tx, anna, what, office.now))
    case = office.do(lambda tx: cases.of_citizen(tx, office.anna, 1))[0]
    return case.anonymous, office.do(lambda tx: cases.particulars(tx, case.id))


def test_an_anonymous_report_holds_nothing_of_its_author(office: Office, classifier: Classifier) -> None:
    """Whatever an answer was before: who said 匿名 in the end is nobody."""
    anonymous, kept = filed(office, classifier, Kind.REPORT, anonymous="anonymous")

    assert anonymous
    assert (kept.name, kept.phone, kept.postal_address) == ("", "", "")
    assert kept.merchant == "甲某某超市"


def test_a_report_under_a_name_holds_it(office: Office, classifier: Classifier) -> None:
    anonymous, kept = filed(office, classifier, Kind.REPORT, anonymous="named")

    assert not anonymous
    assert kept.name == "陈晓梅"


def test_the_answer_to_a_question_of_the_offices_own_is_kept_by_its_label(
    office: Office, classifier: Classifier
) -> None:
    """A clerk adds a question to the tree; no programmer is needed for its answer to be there."""
    lines = (("merchant", "商家名称", "甲某某超市"), ("order_number", "订单号", "A-17"))

    _, kept = filed(office, classifier, Kind.COMPLAINT, order_number="A-17", lines=lines)

    assert kept.others == {"订单号": "A-17"}
