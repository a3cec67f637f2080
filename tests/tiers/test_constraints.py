"""Every constraint of the tables from both sides: the row it forbids, and the one beside it that is fine."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from companies.tiers.enums import CancelGround, CaseKind, CaseState, CriteriaState, Fact, StepState, Tier, Track
from companies.tiers.models import (
    CohortTarget,
    CriteriaSet,
    GrowthStep,
    GrowthStrategy,
    LeadingDesignation,
    LeadingReport,
    PartnerRegion,
    Screening,
    ScreeningRow,
    StatedFact,
    TierCase,
    TierPeriod,
)
from portal.kernel.dates import period
from tests.factories.companies import CompanyFactory
from tests.factories.directory import RegionFactory, UserFactory
from tests.tiers.factories import ON, CaseFactory, CriteriaFactory, holds, industry

pytestmark = pytest.mark.django_db
D = timedelta(days=1)
NOW = timezone.now


def forbidden(constraint, make):
    with pytest.raises((IntegrityError, InternalError), match=constraint), transaction.atomic():
        make()


CASES = {
    "tier_case_tiers_match_kind": (
        {"kind": CaseKind.ENTRY, "from_tier": Tier.POTENTIAL},
        {"kind": CaseKind.ENTRY, "from_tier": ""},
    ),
    "tier_case_tiers_match_kind ": (
        {"kind": CaseKind.RETENTION, "from_tier": Tier.LEADING, "to_tier": Tier.POTENTIAL},
        {"kind": CaseKind.RETENTION, "from_tier": Tier.LEADING, "to_tier": Tier.LEADING},
    ),
    "tier_case_tiers_match_kind  ": (
        {"kind": CaseKind.PROMOTION, "from_tier": ""},
        {"kind": CaseKind.PROMOTION, "from_tier": Tier.POTENTIAL, "to_tier": Tier.LEADING},
    ),
    "tier_case_tiers_match_kind   ": (
        {"kind": CaseKind.DEMOTION, "from_tier": Tier.POTENTIAL, "to_tier": Tier.POTENTIAL},
        {"kind": CaseKind.DEMOTION, "from_tier": Tier.POTENTIAL, "to_tier": ""},
    ),
    "tier_case_tiers_match_kind    ": (
        {"kind": CaseKind.CANCELLATION, "from_tier": "", "to_tier": "", "ground": CancelGround.FRAUD},
        {"kind": CaseKind.CANCELLATION, "from_tier": Tier.LEADING, "to_tier": "", "ground": CancelGround.FRAUD},
    ),
    "tier_case_cancellation_has_a_ground": (
        {"kind": CaseKind.CANCELLATION, "from_tier": Tier.LEADING, "to_tier": ""},
        {"kind": CaseKind.CANCELLATION, "from_tier": Tier.LEADING, "to_tier": "", "ground": CancelGround.CLOSED},
    ),
    "tier_case_appeal_names_its_decision": ({"kind": CaseKind.APPEAL}, {}),
    "tier_case_evidence_with_hash": (
        {"evidence": {"a": 1}},
        {"evidence": {"a": 1}, "evidence_sha256": "0" * 64, "outcome": "MET"},
    ),
    "tier_case_evidence_with_hash ": ({"evidence_sha256": "0" * 64}, {}),
    "tier_case_reviewed_by_someone_at_some_time": (
        {"reviewed": True, "reviewed_by": None},
        {"reviewed": True},
    ),
    "tier_case_state_matches_review": ({"state": CaseState.REVIEWED}, {"reviewed": True}),
    "tier_case_state_matches_review ": (
        {"reviewed": True, "state": CaseState.IN_REVIEW},
        {"state": CaseState.IN_REVIEW},
    ),
    "tier_case_review_has_an_opinion": ({"reviewed": True, "opinion": ""}, {"reviewed": True}),
    "tier_case_decided_by_someone_at_some_time": ({"approved": True, "decided_by": None}, {"approved": True}),
    "tier_case_state_matches_decision": ({"approved": True, "state": CaseState.REVIEWED}, {"reviewed": True}),
    "tier_case_approved_from_some_day": (
        {"approved": True, "effective_from": None},
        {"approved": True, "state": CaseState.REJECTED, "effective_from": None},
    ),
    "tier_case_ends_after_it_begins": (
        {"approved": True, "effective_until": ON},
        {"approved": True, "effective_until": ON + D},
    ),
    "tier_case_firm_is_heard_first": (
        {"approved": True, "kind": CaseKind.DEMOTION, "from_tier": Tier.LEADING},
        {
            "approved": True, "kind": CaseKind.DEMOTION, "from_tier": Tier.LEADING, "heard_at": NOW(),
            "hearing_record": "의견 없음",
        },
    ),
    "tier_case_hearing_has_a_record": (
        {"heard_at": NOW()},
        {"heard_at": NOW(), "hearing_record": "의견 없음"},
    ),
    "tier_case_resolution_is_whole": (
        {"resolution_council": "협의회"},
        {"resolution_council": "협의회", "resolution_item": "안건", "resolution_on": ON},
    ),
    "tier_case_withdrawn_with_a_reason": (
        {"state": CaseState.WITHDRAWN},
        {"state": CaseState.WITHDRAWN, "closing_reason": "사유"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_an_incoherent_case_is_impossible_and_the_one_beside_it_is_not(name):
    bad, good = CASES[name]
    forbidden(name.strip(), lambda: CaseFactory(**bad))
    kept = CaseFactory(**good)
    assert list(TierCase.objects.all()) == [kept]


def test_a_reviewer_cannot_sign_the_decision_even_in_sql():
    one = UserFactory()
    forbidden("tier_case_reviewer_does_not_decide", lambda: CaseFactory(approved=True, reviewed_by=one, decided_by=one))
    signed = CaseFactory(approved=True, reviewed_by=one)
    assert TierCase.objects.get().decided_by == signed.decided_by != one


def test_one_open_case_a_firm_and_ladder():
    case = CaseFactory()
    forbidden("tier_case_one_open_per_firm", lambda: CaseFactory(company=case.company))
    CaseFactory(company=case.company, track=Track.SUPRA, to_tier=Tier.SUPRA_REGIONAL)
    CaseFactory(company=case.company, state=CaseState.WITHDRAWN, closing_reason="사유")
    assert TierCase.objects.filter(company=case.company).count() == 3


def test_one_appeal_a_decision():
    decided = CaseFactory(approved=True, state=CaseState.REJECTED, effective_from=None)
    facts = {"kind": CaseKind.APPEAL, "appealed": decided}
    CaseFactory(**facts, state=CaseState.WITHDRAWN, closing_reason="사유")
    CaseFactory(**facts)
    forbidden("tier_case_appealed_once", lambda: CaseFactory(**facts))
    assert TierCase.objects.filter(appealed=decided).exclude(state=CaseState.WITHDRAWN).count() == 1


def test_a_decided_case_is_final_and_no_case_is_deleted():
    decided, open_ = CaseFactory(approved=True), CaseFactory()
    for change in ({"decision_text": "바뀐 사유"}, {"state": CaseState.REJECTED}, {"evidence_sha256": "1" * 64}):
        forbidden("Cannot", lambda change=change: TierCase.objects.filter(pk=decided.pk).update(**change))
    TierCase.objects.filter(pk=open_.pk).update(decision_text="초안")
    TierCase.objects.filter(pk=decided.pk).update(company=CompanyFactory())  # a merge may
    for case in (decided, open_):
        forbidden("Cannot", lambda case=case: TierCase.objects.filter(pk=case.pk).delete())
    assert TierCase.objects.get(pk=decided.pk).decision_text == decided.decision_text
    assert TierCase.objects.get(pk=open_.pk).decision_text == "초안"


class TestPeriods:
    def test_two_truths_of_one_day_cannot_be_known_at_once(self):
        first = holds(CompanyFactory(), RegionFactory(), Tier.POTENTIAL, date(2025, 1, 1))
        facts = {"company": first.company, "region": first.region, "case": first.case, "track": Track.MAIN}
        later = {**facts, "tier": Tier.LEADING, "effective": period(date(2025, 6, 1))}
        forbidden("tier_period_one_truth_at_a_time", lambda: TierPeriod.objects.create(**later))
        TierPeriod.objects.filter(pk=first.pk).update(superseded_at=timezone.now(), superseded_by=first.case)
        TierPeriod.objects.create(**later)
        TierPeriod.objects.create(**{**later, "track": Track.SUPRA, "tier": Tier.SUPRA_REGIONAL})

    @pytest.mark.parametrize(
        ("constraint", "facts"),
        [
            ("tier_period_on_its_track", {"tier": Tier.SUPRA_REGIONAL}),
            ("tier_period_on_its_track", {"track": Track.SUPRA}),
            ("tier_period_has_a_beginning", {"effective": period(None, date(2026, 1, 1))}),
            ("tier_period_superseded_by_a_case", {"superseded_at": NOW() + D}),
            ("tier_period_superseded_after_it_was_recorded", {"superseded_at": NOW() - D, "by": True}),
        ],
    )
    def test_an_incoherent_period_is_impossible(self, constraint, facts):
        case = CaseFactory(approved=True)
        facts = dict(facts)
        if facts.pop("by", False):
            facts["superseded_by"] = case
        base = {
            "company": case.company, "region": case.region, "case": case, "track": Track.MAIN, "tier": Tier.POTENTIAL,
            "effective": period(date(2025, 1, 1)),
        }  # fmt: skip
        forbidden(constraint, lambda: TierPeriod.objects.create(**{**base, **facts}))
        TierPeriod.objects.create(**base)

    def test_a_period_is_superseded_once_never_rewritten_never_deleted(self):
        row = holds(CompanyFactory(), RegionFactory(), Tier.POTENTIAL, date(2025, 1, 1))
        rows = TierPeriod.objects.filter(pk=row.pk)
        forbidden("Cannot", lambda: rows.update(tier=Tier.LEADING))
        forbidden("Cannot", lambda: rows.update(effective=period(date(2024, 1, 1))))
        forbidden("Cannot", lambda: rows.delete())
        rows.update(superseded_at=timezone.now(), superseded_by=row.case)
        forbidden("Cannot", lambda: rows.update(superseded_at=None, superseded_by=None))


class TestCriteria:
    @pytest.mark.parametrize(
        ("constraint", "facts"),
        [
            ("criteria_adopted_by_someone_at_some_time", {"adopted": True, "adopted_by": None}),
            ("criteria_state_matches_adoption", {"adopted": True, "state": CriteriaState.DRAFT}),
            ("criteria_adopted_with_document_and_tier", {"adopted": True, "document": ""}),
            ("criteria_adopted_with_document_and_tier", {"adopted": True, "tier": ""}),
            ("criteria_term_is_one_to_ten_years", {"term_years": 11}),
            ("criteria_version_from_one", {"version": 0}),
        ],
    )
    def test_an_incoherent_set_is_impossible(self, constraint, facts):
        forbidden(constraint, lambda: CriteriaFactory(**facts))
        CriteriaFactory(adopted=True, term_years=10)
        CriteriaFactory(tier="")

    def test_an_industry_and_its_codes_go_together(self):
        one = industry(RegionFactory())
        forbidden("criteria_industry_with_its_codes", lambda: CriteriaFactory(industry=one))
        forbidden("criteria_industry_with_its_codes", lambda: CriteriaFactory(industry_codes=["26"]))
        CriteriaFactory(industry=one, industry_codes=["26"])

    def test_two_adopted_sets_do_not_overlap_for_one_tier_and_place(self):
        CriteriaFactory(adopted=True)
        forbidden("criteria_one_adopted_at_a_time", lambda: CriteriaFactory(adopted=True))
        CriteriaFactory(adopted=True, region=RegionFactory())
        CriteriaFactory(adopted=True, tier=Tier.LEADING)
        CriteriaFactory()

    def test_an_adopted_set_never_changes_but_ends(self):
        rows = CriteriaSet.objects.filter(pk=CriteriaFactory(adopted=True).pk)
        forbidden("Cannot", lambda: rows.update(body={"all": []}))
        forbidden("Cannot", lambda: rows.update(document="다른 문서"))
        forbidden("Cannot", lambda: rows.delete())
        rows.update(state=CriteriaState.RETIRED, effective=period(date(2020, 1, 1), date(2021, 1, 1)))
        drafts = CriteriaSet.objects.filter(pk=CriteriaFactory().pk)
        drafts.update(note="고침")
        drafts.delete()


class TestDesignations:
    BASE = {
        "certificate_year": 2025, "certificate_serial": 1, "starts_on": date(2025, 3, 1), "ends_on": date(2028, 3, 1),
        "notice": "고시", "evaluation": "평가", "reason": "사유",
    }  # fmt: skip

    def made(self, **facts):
        facts = {"company": CompanyFactory(), "region": RegionFactory(), **self.BASE, **facts}
        return LeadingDesignation.objects.create(**facts)

    @pytest.mark.parametrize(
        ("constraint", "facts"),
        [
            ("designation_term_is_three_years_at_most", {"ends_on": date(2028, 3, 2)}),
            ("designation_term_is_three_years_at_most", {"ends_on": date(2025, 3, 1)}),
            ("designation_serial_from_one", {"certificate_serial": 0}),
            (
                "designation_extended_once_by_three_years_at_most",
                {"extended_until": date(2031, 3, 2), "extension_document": "재평가"},
            ),
            ("designation_extended_once_by_three_years_at_most", {"extended_until": date(2031, 3, 1)}),
            ("designation_cancelled_by_someone_on_some_day", {"cancelled_on": date(2026, 1, 1)}),
            ("designation_returned_after_cancellation", {"returned_on": date(2026, 1, 1)}),
        ],
    )
    def test_an_incoherent_designation_is_impossible(self, constraint, facts):
        if constraint.startswith("designation_cancelled_by"):
            facts = {**facts, "cancel_ground": "FRAUD", "cancel_reason": "사유", "hearing_record": "의견"}
        forbidden(constraint, lambda: self.made(**facts))
        self.made(extended_until=date(2031, 3, 1), extension_document="재평가")

    def test_a_cancellation_records_that_the_firm_was_heard(self):
        facts = {"cancelled_on": date(2026, 1, 1), "cancelled_by": UserFactory(), "cancel_ground": "FRAUD"}
        forbidden("designation_cancelled_after_hearing", lambda: self.made(**facts, cancel_reason="사유"))
        self.made(**facts, cancel_reason="사유", hearing_record="의견 없음", returned_on=date(2026, 1, 5))

    def test_numbers_and_terms_are_given_once(self):
        first = self.made()
        forbidden("designation_certificate_number_once", self.made)
        again = {"company": first.company, "certificate_serial": 2}
        forbidden("designation_one_at_a_time", lambda: self.made(**again, starts_on=date(2027, 3, 1)))
        self.made(**again, starts_on=date(2028, 3, 1), ends_on=date(2031, 3, 1))

    def test_a_report_is_whole_and_once(self):
        facts = {"designation": self.made(), "half": "2025H1", "starts_on": ON, "regular_due_on": ON, "due_on": ON}
        signed = {"submitted_at": timezone.now(), "submitted_by": UserFactory()}
        for constraint, more in [
            ("leading_report_half_is_a_half", {"half": "2025-1"}),
            ("leading_report_submitted_by_someone_at_some_time", {"submitted_at": timezone.now(), "results": "가",
                                                                  "council": "나"}),
            ("leading_report_submitted_is_written", signed),
            ("leading_report_is_moved_forward_only", {"due_on": ON - D}),
        ]:  # fmt: skip
            forbidden(constraint, lambda more=more: LeadingReport.objects.create(**{**facts, **more}))
        LeadingReport.objects.create(**facts, **signed, results="지원", council="제1차")
        forbidden("leading_report_once_a_half", lambda: LeadingReport.objects.create(**facts))


def test_a_stated_fact_has_one_value_that_fits_it_at_a_time():
    company = CompanyFactory()
    base = {"company": company, "document": "확인서", "effective": period(ON)}
    for constraint, facts in [
        ("stated_fact_is_one_value", {"code": Fact.TAX_ARREARS}),
        ("stated_fact_value_matches_its_code", {"code": Fact.TAX_ARREARS, "number": 1}),
        ("stated_fact_value_matches_its_code", {"code": Fact.EXPORTS_USD, "flag": True}),
        ("stated_fact_has_a_document", {"code": Fact.TAX_ARREARS, "flag": False, "document": ""}),
    ]:
        forbidden(constraint, lambda facts=facts: StatedFact.objects.create(**{**base, **facts}))
    StatedFact.objects.create(**base, code=Fact.TAX_ARREARS, flag=False)
    StatedFact.objects.create(**base, code=Fact.EXPORTS_USD, number=1)
    forbidden("stated_fact_once_at_a_time", lambda: StatedFact.objects.create(**base, code=Fact.TAX_ARREARS, flag=True))
    assert dict(StatedFact.objects.values_list("code", "flag")) == {Fact.TAX_ARREARS: False, Fact.EXPORTS_USD: None}


def test_a_plan_and_its_steps_end_with_a_result():
    base = {
        "company": CompanyFactory(), "region": RegionFactory(), "tier": Tier.POTENTIAL, "officer": UserFactory(),
        "goal": "목표", "starts_on": ON, "ends_on": ON,
    }  # fmt: skip
    for constraint, facts in [
        ("growth_strategy_ends_after_it_begins", {"ends_on": ON - D}),
        ("growth_strategy_has_a_goal", {"goal": ""}),
        ("growth_strategy_ends_with_a_result", {"state": "COMPLETED"}),
    ]:
        forbidden(constraint, lambda facts=facts: GrowthStrategy.objects.create(**{**base, **facts}))
    GrowthStrategy.objects.create(**base, state="COMPLETED", result="달성")
    plan = GrowthStrategy.objects.create(**base)
    forbidden("growth_strategy_one_running", lambda: GrowthStrategy.objects.create(**base))
    step = {"strategy": plan, "number": 1, "support": "EQUIPMENT", "title": "장비", "due_on": ON}
    forbidden("growth_step_has_a_title", lambda: GrowthStep.objects.create(**{**step, "title": ""}))
    closed = {"state": StepState.DONE, "closed_on": ON}
    forbidden("growth_step_closed_with_day_and_result", lambda: GrowthStep.objects.create(**step, **closed))
    GrowthStep.objects.create(**step, **closed, result="구입")
    forbidden("growth_step_number_once", lambda: GrowthStep.objects.create(**step))


def test_targets_and_screenings_are_coherent():
    facts = {"year": 2027, "tier": Tier.LEADING, "measure": "EVER", "count": 280}
    forbidden("cohort_target_has_a_source", lambda: CohortTarget.objects.create(**facts))
    CohortTarget.objects.create(**facts, source="계획")
    forbidden("cohort_target_once", lambda: CohortTarget.objects.create(**facts, source="계획"))
    CohortTarget.objects.create(**facts, source="계획", region=RegionFactory())
    criteria = CriteriaFactory(adopted=True)
    base = {"criteria": criteria, "on": ON, "base_year": 2025, "owner": UserFactory(), "criteria_sha256": "0" * 64}
    for constraint, more in [
        ("screening_finished_with_counts", {"kind": "CANDIDATES", "counts": {}}),
        ("screening_compares_only_what_if", {"kind": "CANDIDATES", "compared_with": criteria}),
    ]:
        forbidden(constraint, lambda more=more: Screening.objects.create(**base, **more))
    made = Screening.objects.create(**base, kind="WHAT_IF", compared_with=CriteriaFactory())
    row = {"screening": made, "company": CompanyFactory(), "finding": "ENTERS", "outcome": "MET"}
    ScreeningRow.objects.create(**row)
    forbidden("screening_row_once_per_firm", lambda: ScreeningRow.objects.create(**row))


def test_a_region_takes_part_once_at_a_time_by_a_document():
    facts = {"company": CompanyFactory(), "region": RegionFactory(), "effective": period(date(2026, 1, 1))}
    forbidden("partner_region_has_a_document", lambda: PartnerRegion.objects.create(**facts, document=""))
    PartnerRegion.objects.create(**facts, document="협약서")
    forbidden("partner_region_once_at_a_time", lambda: PartnerRegion.objects.create(**facts, document="협약서"))
    PartnerRegion.objects.create(**facts | {"region": RegionFactory()}, document="협약서")


def test_every_constraint_of_the_tables_is_named_in_this_file():
    from pathlib import Path

    from django.apps import apps

    text = Path(__file__).read_text(encoding="utf-8")
    names = {
        constraint.name
        for model in apps.get_app_config("tiers").get_models()
        if not hasattr(model, "pgh_tracked_model")
        for constraint in model._meta.constraints
    }
    elsewhere = {"certificate_issue_has_a_reason"}  # tests/tiers/test_designations.py
    assert {name for name in names if name not in text} <= elsewhere
