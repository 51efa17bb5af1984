"""记录: every form with what it asks, where it fits, who may fill it; and what its event keeps."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from casestore.codes import Kind, Role, Status, Step
from casestore.errors import (
    ConsentMissing,
    FieldMissing,
    FieldUnclear,
    NotAuthorised,
    StaffRecused,
    StepNotAllowed,
)
from casestore.model import Case
from casestore.records import BY_FORM, PAIRS, SHEETS, Form, Shape, fitting, from_lines, read
from tests.casestore.builders import a_case, an_event
from tests.casestore.deeds import past, recuse
from tests.office import Office

#: form: event, kinds (c r q), required fields with an answer each, fields that may be left out.
FORMS: dict[str, tuple[str, str, dict[str, str], set[str]]] = {
    "contact": ("contacted", "crq", {"party": "merchant", "reached": "yes", "words": "商家愿意协商"}, set()),
    "urge": ("urged", "c", {"words": "请三日内答复"}, set()),
    "enquiry": ("enquired", "cr", {"words": "已核对进货单"}, set()),
    "onsite": ("onsite_checked", "cr", {"investigator": "李娜", "words": "货架上有过期牛奶"}, set()),
    "consent": ("consent_recorded", "c", {"party": "citizen", "answer": "yes", "way": "phone"}, {"words"}),
    "minutes": ("minutes_recorded", "c", {"mediators": "two", "names": "李娜、周平", "words": "双方陈述"}, set()),
    "testing": ("testing_started", "c",
                {"agreed": "both", "advances": "merchant", "agency": "县检测所", "accreditation": "CMA2026", "words": "真伪"},
                set()),
    "tested": ("testing_ended", "c", {"bears": "merchant", "share": "0", "words": "不合格"}, set()),
    "basis": ("basis_recorded", "cr", {"basis": "law", "words": "《食品安全法》第三十四条"}, set()),
    "campaign": ("campaign_marked", "cr", {"words": "乳制品专项整治"}, set()),
    "rectify": ("rectification_demanded", "cr", {"words": "三日内下架"}, set()),
    "rectified": ("rectification_checked", "cr", {"done": "yes", "words": "已下架"}, set()),
    "follow_up": ("followed_up", "cr", {"satisfied": "yes"}, {"words"}),
    "evidence_check": ("evidence_checked", "cr", {"verdict": "genuine", "words": "与小票一致"}, set()),
    "transfer": ("other_office_told", "cr", {"office": "城管局", "words": "占道经营"}, set()),
    "competence": ("competence_disputed", "cr", {"office": "邻县局", "words": "经营地不在本县"}, set()),
    "competence_end": ("competence_settled", "cr", {"ours": "yes", "words": "由本局办理"}, set()),
    "odr": ("odr_started", "c", {"words": "某平台"}, set()),
    "odr_end": ("odr_ended", "c", {"solved": "no", "words": "企业未答复"}, set()),
    "comment": ("commented", "crq", {"words": "注意时限"}, set()),
    "note": ("noted", "crq", {"words": "下午回电"}, set()),
}  # fmt: skip
KINDS = {"c": Kind.COMPLAINT, "r": Kind.REPORT, "q": Kind.CONSULTATION}
OPEN = "registered supplementing accepted dispatched taken_over mediating mediation_ended filed"
#: Where a form fits, where that is not any open case.
STATES = {
    "contact": f"{OPEN} closed",
    "urge": "accepted taken_over mediating mediation_ended filed",
    "enquiry": "accepted taken_over mediating mediation_ended filed",
    "onsite": "accepted taken_over mediating mediation_ended filed",
    "basis": "accepted taken_over mediating mediation_ended filed",
    "campaign": f"{OPEN} closed",
    "rectify": "accepted taken_over mediating mediation_ended filed",
    "rectified": "accepted taken_over mediating mediation_ended filed closed",
    "consent": "taken_over mediating",
    "minutes": "taken_over mediating",
    "testing": "taken_over mediating",
    "tested": "taken_over mediating",
    "follow_up": "closed",
    "odr": "registered accepted taken_over",
    "note": f"{OPEN} closed declined withdrawn",
}


def answers(form: str) -> dict[str, str]:
    return dict(FORMS[form][2])


def test_the_basis_of_an_outcome_is_one_of_six() -> None:
    """S6-4: 法规、标准、合同、公开承诺、行业公约、惯例; nothing else, and which one it is."""
    sheet, case = BY_FORM[Form.BASIS], a_case(Status.TAKEN_OVER)
    for basis in ("law", "standard", "contract", "promise", "covenant", "custom"):
        facts, words = read(case, sheet, {"basis": basis, "words": "第三条"})
        assert (facts, words) == ({"basis": basis}, "第三条")
    with pytest.raises(FieldUnclear):
        read(case, sheet, {"basis": "opinion", "words": "第三条"})
    with pytest.raises(FieldMissing):
        read(case, sheet, {"basis": "law"})


def test_the_table_has_every_form_and_its_event() -> None:
    assert {sheet.form.value: sheet.event for sheet in SHEETS} == {
        form: row[0] for form, row in FORMS.items()
    }


@pytest.mark.parametrize("form", FORMS)
def test_a_form_asks_what_the_rule_asks(form: str) -> None:
    """S6-7, S6-9, S1-3.2(2): names of agencies and mediators, who advances, what was said."""
    fields = {field.name: field.required for field in BY_FORM[Form(form)].fields}
    _, _, required, optional = FORMS[form]

    assert fields == dict.fromkeys(required, True) | dict.fromkeys(optional, False)


@pytest.mark.parametrize("form", FORMS)
def test_a_form_fits_the_cases_of_its_kinds_where_they_stand(form: str) -> None:
    _, kinds, given, _ = FORMS[form]
    states = {Status(word) for word in STATES.get(form, OPEN).split()}
    sheet = BY_FORM[Form(form)]

    for kind in Kind:
        for status in Status:
            case = a_case(status, kind)
            fits = kind in {KINDS[mark] for mark in kinds} and status in states
            begun = [an_event(BY_FORM[begins].event) for begins, ends in PAIRS if ends is sheet.form]
            assert (sheet in fitting(case, Role.DIRECTOR, begun)) is fits, (kind, status)
            if fits:
                read(case, sheet, given)
            else:
                with pytest.raises(StepNotAllowed):
                    read(case, sheet, given)


@pytest.mark.parametrize(
    ("form", "lacks"), [(form, field) for form, row in FORMS.items() for field in row[2]]
)
@pytest.mark.parametrize("blank", ["", "   "])
def test_what_a_form_requires_is_not_left_out(form: str, lacks: str, blank: str) -> None:
    sheet = BY_FORM[Form(form)]
    status = sorted(sheet.statuses)[0]
    kind = sorted(sheet.kinds)[0]

    with pytest.raises(FieldMissing) as refused:
        read(a_case(status, kind), sheet, answers(form) | {lacks: blank})
    assert refused.value.facts == {"form": form, "field": lacks}


@pytest.mark.parametrize(
    ("form", "field"),
    [(sheet.form, field.name) for sheet in SHEETS for field in sheet.fields if field.shape is Shape.CHOICE],
)
def test_a_choice_is_one_of_its_own(form: str, field: str) -> None:
    sheet = BY_FORM[Form(form)]
    case = a_case(sorted(sheet.statuses)[0], sorted(sheet.kinds)[0])

    with pytest.raises(FieldUnclear):
        read(case, sheet, answers(form) | {field: "maybe"})


@pytest.mark.parametrize(("share", "reads"), [("0", 0), ("50", 50), ("100", 100), ("101", None), ("-1", None),
                                              ("半", None), ("²", None), ("3.5", None)])  # fmt: skip
def test_the_costs_are_shared_in_percent(share: str, reads: int | None) -> None:
    """S6-7b: 双方责任按比例."""
    case, sheet = a_case(Status.MEDIATING), BY_FORM[Form.TESTED]
    given = answers("tested") | {"bears": "both", "share": share}

    if reads is None:
        with pytest.raises(FieldUnclear):
            read(case, sheet, given)
    else:
        assert read(case, sheet, given)[0]["share"] == reads


@pytest.mark.parametrize(
    ("mediators", "names", "stands"),
    [
        ("two", "李娜、周平", True), ("two", "李娜，周平，王敏", True), ("two", "李娜 周平", True),
        ("two", "李娜", False), ("two", "李娜、", False), ("two", "李娜、李娜", False),
        ("one_simple", "李娜", True), ("one_simple", "", False),
    ],
)  # fmt: skip
def test_two_mediators_or_one_with_the_reason_that_the_matter_is_simple(
    mediators: str, names: str, stands: bool
) -> None:
    """S6-9, C11."""
    case, sheet = a_case(Status.MEDIATING), BY_FORM[Form.MINUTES]
    given = {"mediators": mediators, "names": names, "words": "双方陈述"}

    if stands:
        assert read(case, sheet, given)[0] == {"mediators": mediators}
    else:
        with pytest.raises(FieldMissing) as refused:
            read(case, sheet, given)
        assert refused.value.facts["field"] == "names"


def test_the_typed_fields_come_in_one_message_a_line_for_each() -> None:
    """The last takes the rest: minutes are long."""
    fields = BY_FORM[Form.TESTING].fields
    given = from_lines(fields, "县检测所\nCMA2026\n为辨真伪，\n双方同意送检")

    assert given == {"agency": "县检测所", "accreditation": "CMA2026", "words": "为辨真伪，\n双方同意送检"}
    assert from_lines(fields, "县检测所") == {"agency": "县检测所"}


# ── at the desk ──


def test_codes_are_kept_open_and_words_sealed(office: Office) -> None:
    """S8-3a: what people said is in the words, which may be erased; the facts are codes."""
    case = office.taken_over()
    office.record(case, Form.TESTING, office.li, **answers("testing"))

    event = past(office, case)[-1]
    assert (event.kind, event.actor) == ("testing_started", f"officer:{office.li.id}")
    assert event.facts == {"agreed": "both", "advances": "merchant"}
    assert event.words == "agency=县检测所\naccreditation=CMA2026\n真伪"


def test_whoever_handles_the_case_records_and_nobody_else(office: Office) -> None:
    """S5-2.2: the desk and the case's unit; volunteers and auditors look on."""
    case = office.taken_over()
    for role in (Role.VOLUNTEER, Role.AUDITOR, Role.HANDLER):
        somebody = office.person("周新", role, None, f"20{role}")
        with pytest.raises(NotAuthorised):
            office.record(case, Form.NOTE, somebody, words="x")
    for officer in (office.li, office.wang, office.sun):
        assert office.record(case, Form.NOTE, officer, words="x").version > case.version


def test_a_superior_comments_and_nobody_below(office: Office) -> None:
    """S3-1.5, S1-4.5."""
    case = office.taken_over()
    for officer in (office.wang, office.li):
        with pytest.raises(NotAuthorised):
            office.record(case, Form.COMMENT, officer, words="抓紧")
    office.record(case, Form.COMMENT, office.sun, words="抓紧")
    assert office.history(case)[-1] == "commented"


def test_a_recused_officer_records_nothing(office: Office) -> None:
    case = recuse(office, office.taken_over(), office.li)

    with pytest.raises(StaffRecused):
        office.record(case, Form.NOTE, office.li, words="x")


@pytest.mark.parametrize(
    ("begins", "ends"), [("testing", "tested"), ("competence", "competence_end"), ("odr", "odr_end")]
)
def test_what_was_begun_is_ended_once_before_it_begins_again(office: Office, begins: str, ends: str) -> None:
    """S6-8: a second round of testing after the first; never two at once, no end without a beginning."""
    case = office.taken_over()
    with pytest.raises(StepNotAllowed):
        office.record(case, Form(ends), office.li, **answers(ends))
    office.record(case, Form(begins), office.li, **answers(begins))
    with pytest.raises(StepNotAllowed):
        office.record(case, Form(begins), office.li, **answers(begins))
    office.record(case, Form(ends), office.li, **answers(ends))
    with pytest.raises(StepNotAllowed):
        office.record(case, Form(ends), office.li, **answers(ends))

    office.record(case, Form(begins), office.li, **answers(begins))
    assert office.history(case).count(BY_FORM[Form(begins)].event) == 2


def test_the_last_word_of_each_side_decides_whether_it_is_mediated(office: Office) -> None:
    """S6-3b, C2: whoever agreed may think better of it, and back."""
    case = office.consented(office.taken_over())
    plan = {"when": "周三", "place": "消保科", "mediators": "李娜、周平"}
    office.record(case, Form.CONSENT, office.li, party="merchant", answer="no", way="phone")
    with pytest.raises(ConsentMissing):
        office.take(case, Step.MEDIATE, office.li, fields=plan)

    office.record(case, Form.CONSENT, office.li, party="merchant", answer="yes", way="face")
    assert office.take(case, Step.MEDIATE, office.li, fields=plan).case.status is Status.MEDIATING


def test_the_plan_of_a_mediation_is_in_its_event_and_told_beforehand(office: Office) -> None:
    """Art. 20: time, place and mediators."""
    event = past(office, office.mediating())[-1]

    assert event.kind == "mediation_started"
    assert event.words == "when=11月25日 15:00\nplace=消保科会议室\nmediators=李娜、周平"


ONWARD: list[tuple[str, Callable[[Office], Case]]] = [
    ("contact", Office.have), ("urge", Office.taken_over), ("enquiry", Office.taken_over), ("onsite", Office.taken_over),
    ("rectify", Office.taken_over), ("evidence_check", Office.have), ("transfer", Office.have), ("note", Office.closed),
    ("rectified", Office.closed), ("follow_up", Office.closed), ("minutes", Office.taken_over),
]  # fmt: skip


@pytest.mark.parametrize(("form", "prepare"), ONWARD, ids=[form for form, _ in ONWARD])
def test_a_record_changes_no_status_and_no_holder(
    office: Office, form: str, prepare: Callable[[Office], Case]
) -> None:
    """S2-1.4, S4-2.1(3), S5-1.3, S6-6b: records beside the lifecycle."""
    before = prepare(office)
    after = office.record(before, Form(form), office.wang, **answers(form))

    assert (after.status, after.holder, after.unit) == (before.status, before.holder, before.unit)
    assert after.version == before.version + 1
    assert office.history(after)[-1] == FORMS[form][0]
