"""The road of a case, from candidate to a tier in force; every turn it may not take."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from companies.tiers import services
from companies.tiers.enums import (
    ADVERSE_KINDS,
    CASE_NEXT_STATES,
    DECIDED_STATES,
    OPEN_STATES,
    CancelGround,
    CaseKind,
    CaseState,
    Opinion,
    Tier,
    steps_of,
)
from companies.tiers.models import TierCase, TierPeriod
from companies.tiers.services import Resolution
from portal.directory.models import Event
from portal.kernel.errors import Refusal
from tests.tiers.factories import ON, CaseFactory, CriteriaFactory, firm, holds

RESOLVED = Resolution(council="시험 지원협의회", item="등급 결정", on=ON)
D = timedelta(days=1)


# --- the table of steps ----------------------------------------------------------------------------------------------
def test_every_state_is_in_the_table_and_can_be_reached():
    assert set(CASE_NEXT_STATES) == set(CaseState)
    reached = {state for steps in CASE_NEXT_STATES.values() for state in steps}
    assert reached == set(CaseState) - {CaseState.CANDIDATE}
    assert {state for state, steps in CASE_NEXT_STATES.items() if not steps} == {*DECIDED_STATES, CaseState.WITHDRAWN}
    assert set(OPEN_STATES) | {*DECIDED_STATES, CaseState.WITHDRAWN} == set(CaseState)


@pytest.mark.parametrize("kind", CaseKind)
def test_only_decisions_against_the_firm_pass_through_a_hearing(kind):
    after_review = steps_of(kind, CaseState.REVIEWED)
    assert (CaseState.HEARING in after_review) is (kind in ADVERSE_KINDS)
    assert (CaseState.APPROVED in after_review) is (kind not in ADVERSE_KINDS)


DEEDS = {
    CaseState.IN_REVIEW: lambda case, who: services.begin_review(case=case, actor=who),
    CaseState.REVIEWED: lambda case, who: services.submit_review(
        case=case, opinion=Opinion.SUITABLE, text="확인", actor=who
    ),
    CaseState.HEARING: lambda case, who: services.notify_hearing(case=case, on=ON, notice="공문", actor=who),
    CaseState.HEARD: lambda case, who: services.record_hearing(case=case, record="의견 없음", actor=who),
    CaseState.APPROVED: lambda case, who: services.approve_case(
        case=case, start=ON, end=None, text="사유", actor=who, resolution=RESOLVED
    ),
    CaseState.REJECTED: lambda case, who: services.reject_case(case=case, text="사유", actor=who),
    CaseState.WITHDRAWN: lambda case, who: services.withdraw_case(case=case, reason="사유", actor=who),
}


def at(state: str) -> TierCase:
    """A demotion that has come to a state in a lawful way."""
    facts = {"kind": CaseKind.DEMOTION, "from_tier": Tier.POTENTIAL, "to_tier": "", "state": state}
    if state in (CaseState.CANDIDATE, CaseState.IN_REVIEW):
        return CaseFactory(**facts)
    if state == CaseState.WITHDRAWN:
        return CaseFactory(**facts, closing_reason="사유")
    if state in (CaseState.HEARD, CaseState.APPROVED):
        facts |= {"heard_at": timezone.now(), "hearing_record": "의견 없음"}
    return CaseFactory(**{"approved" if state in DECIDED_STATES else "reviewed": True}, **facts)


@pytest.mark.django_db
@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("target", [s for s in CaseState if s != CaseState.CANDIDATE])
def test_a_step_the_table_forbids_is_refused(people, state, target):
    if target in steps_of(CaseKind.DEMOTION, state):
        return
    case = at(state)
    with pytest.raises(Refusal) as caught:
        DEEDS[target](case, people.head)
    assert caught.value.code in {"case_state", "decision_incomplete"}
    case.refresh_from_db()
    assert case.state == state


# --- the road --------------------------------------------------------------------------------------------------------
pytestmark = pytest.mark.django_db


@pytest.fixture
def criteria(places):
    return CriteriaFactory(adopted=True)


def opened(places, people, criteria, company=None, **more):
    company = company or firm(places.here)
    more.setdefault("kind", CaseKind.ENTRY)
    return services.open_case(company=company, region=places.here, criteria=criteria, actor=people.staff, on=ON, **more)


def reviewed(case, people):
    services.begin_review(case=case, actor=people.reviewer)
    return services.submit_review(case=case, opinion=Opinion.SUITABLE, text="현장 확인", actor=people.reviewer)


def approved(case, people, start=ON, end=None, text="", resolution=None):
    return services.approve_case(case=case, start=start, end=end, text=text, actor=people.head, resolution=resolution)


def test_a_firm_that_meets_the_criteria_enters_by_review_and_decision(places, people, criteria):
    case = opened(places, people, criteria)
    assert (case.outcome, case.evidence["result"]["members"][0]["value"]) == ("MET", 20)
    reviewed(case, people)
    approved(case, people, end=date(2029, 5, 1))
    period = services.tier_on(case.company, ON)
    assert (period.tier, period.case, period.effective.upper) == (Tier.POTENTIAL, case, date(2029, 5, 1))
    assert services.tier_on(case.company, ON - D) is None
    assert services.tier_on(case.company, date(2029, 5, 1)) is None
    verbs = list(Event.objects.about(case).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["open_tier_case", "begin_tier_review", "submit_tier_review", "approve_tier_case"]


def test_a_reviewer_does_not_decide(places, people, criteria):
    case = reviewed(opened(places, people, criteria), people)
    for deed in (CaseState.APPROVED, CaseState.REJECTED):
        with pytest.raises(Refusal, match="검토한 사람은"):
            DEEDS[deed](case, people.reviewer)


def test_departing_from_the_criteria_needs_a_reason(places, people, criteria):
    case = reviewed(opened(places, people, criteria, firm(places.here, employees=3)), people)
    assert case.outcome == "NOT_MET"
    with pytest.raises(Refusal) as caught:
        approved(case, people)
    assert caught.value.fields == {"text": "기준 판정과 다르게 결정하려면 사유를 적어 주세요."}
    assert approved(case, people, text="신규 고용 확약").state == CaseState.APPROVED


def test_a_leading_firm_is_decided_on_a_resolution(places, people):
    criteria = CriteriaFactory(adopted=True, tier=Tier.LEADING)
    case = reviewed(opened(places, people, criteria), people)
    with pytest.raises(Refusal) as caught:
        approved(case, people)
    assert "resolution_council" in caught.value.fields
    case = approved(case, people, resolution=RESOLVED)
    assert (case.resolution_council, case.resolution_on) == ("시험 지원협의회", ON)


def test_evidence_that_the_registry_no_longer_bears_out_stops_the_decision(places, people, criteria):
    case = reviewed(opened(places, people, criteria), people)
    case.company.years.filter(year=2025).update(employees=2)
    with pytest.raises(Refusal) as caught:
        approved(case, people)
    assert caught.value.code == "evidence_stale"
    services.return_to_review(case=case, reason="자료 확인", actor=people.head)
    services.renew_evidence(case=case, actor=people.reviewer)
    services.submit_review(case=case, opinion=Opinion.UNSUITABLE, text="고용 감소", actor=people.reviewer)
    case.refresh_from_db()
    assert case.outcome == "NOT_MET"
    assert services.reject_case(case=case, text="고용 기준 미달", actor=people.head).state == CaseState.REJECTED


def test_one_firm_has_one_open_case_a_ladder(places, people, criteria):
    case = opened(places, people, criteria)
    with pytest.raises(Refusal, match="이미 있습니다"):
        opened(places, people, criteria, case.company)
    supra = CriteriaFactory(adopted=True, tier=Tier.SUPRA_REGIONAL, programme="SUPRA_REGION")
    assert opened(places, people, supra, case.company).track == "SUPRA"


def test_an_entry_of_a_firm_that_has_a_lower_tier_is_a_promotion(places, people):
    company = firm(places.here)
    holds(company, places.here, Tier.POTENTIAL, date(2024, 1, 1))
    criteria = CriteriaFactory(adopted=True, tier=Tier.PRELIMINARY)
    case = reviewed(opened(places, people, criteria, company), people)
    assert (case.kind, case.from_tier, case.to_tier) == (CaseKind.PROMOTION, Tier.POTENTIAL, Tier.PRELIMINARY)
    approved(case, people)
    assert services.tier_on(company, ON - D).tier == Tier.POTENTIAL
    assert services.tier_on(company, ON).tier == Tier.PRELIMINARY
    with pytest.raises(Refusal, match="이미 그 등급"):
        opened(places, people, CriteriaFactory(tier=Tier.POTENTIAL), company)


def test_a_tier_that_changed_meanwhile_stops_the_decision(places, people, criteria):
    case = reviewed(opened(places, people, criteria), people)
    holds(case.company, places.here, Tier.POTENTIAL, date(2024, 1, 1))
    with pytest.raises(Refusal) as caught:
        approved(case, people)
    assert caught.value.code == "tier_changed"


def test_a_tier_is_kept_on_from_the_day_it_would_end(places, people, criteria):
    company = firm(places.here)
    holds(company, places.here, Tier.POTENTIAL, date(2024, 1, 1), ON + 10 * D)
    case = reviewed(opened(places, people, criteria, company, kind=CaseKind.RETENTION), people)
    approved(case, people, start=ON + 10 * D, end=date(2028, 1, 1))
    assert services.tier_on(company, date(2027, 12, 31)).case == case
    assert services.tier_on(company, ON + 9 * D).case != case


class TestAgainstTheFirm:
    @pytest.fixture
    def demotion(self, places, people):
        criteria = CriteriaFactory(adopted=True, tier=Tier.PRELIMINARY)
        company = firm(places.here, employees=3)
        holds(company, places.here, Tier.PRELIMINARY, date(2025, 1, 1), date(2028, 1, 1))
        case = services.open_case(
            company=company, region=places.here, kind=CaseKind.DEMOTION, criteria=criteria, actor=people.staff, on=ON
        )
        return reviewed(case, people)

    def heard(self, case, people):
        services.notify_hearing(case=case, on=timezone.localdate(), notice="사전통지 공문", actor=people.head)
        return services.record_hearing(case=case, record="의견 없음", actor=people.head)

    def test_the_firm_is_heard_before_it_falls(self, demotion, people):
        with pytest.raises(Refusal, match="의견을 들은 뒤에"):
            approved(demotion, people)
        self.heard(demotion, people)
        approved(demotion, people)
        now = services.tier_on(demotion.company, ON)
        assert (now.tier, now.effective.upper) == (Tier.POTENTIAL, date(2028, 1, 1))

    def test_the_hearing_is_recorded_on_its_day_or_later(self, demotion, people):
        tomorrow = timezone.localdate() + D
        services.notify_hearing(case=demotion, on=tomorrow, notice="사전통지 공문", actor=people.head)
        with pytest.raises(Refusal, match="지난 뒤에"):
            services.record_hearing(case=demotion, record="의견 없음", actor=people.head)

    def test_an_appeal_restores_from_the_day_it_was_lost_and_both_truths_stay(self, demotion, people):
        company = demotion.company
        before = timezone.now()
        self.heard(demotion, people)
        approved(demotion, people)
        lost = timezone.now()
        appeal = services.open_appeal(decision=demotion, request_text="결산 정정", actor=people.staff)
        with pytest.raises(Refusal, match="진행 중인 심사"):
            services.open_case(
                company=company, region=demotion.region, kind=CaseKind.RETENTION, criteria=None, actor=people.staff
            )
        reviewed(appeal, people)
        approved(appeal, people, start=date(2026, 9, 1), text="정정된 결산 반영", resolution=RESOLVED)
        restored = services.tier_on(company, ON)
        assert (restored.tier, restored.effective.upper) == (Tier.PRELIMINARY, date(2028, 1, 1))
        assert services.tier_on(company, ON, known_at=lost).tier == Tier.POTENTIAL
        assert services.tier_on(company, ON, known_at=before).tier == Tier.PRELIMINARY
        with pytest.raises(Refusal, match="이미 이의신청"):
            services.open_appeal(decision=demotion, request_text="다시", actor=people.staff)

    def test_a_cancellation_names_its_ground_and_ends_the_tier(self, places, people):
        company = firm(places.here)
        holds(company, places.here, Tier.POTENTIAL, date(2025, 1, 1))
        facts = {"company": company, "region": places.here, "kind": CaseKind.CANCELLATION, "criteria": None}
        with pytest.raises(Refusal, match="취소 사유"):
            services.open_case(**facts, actor=people.staff, on=ON)
        case = services.open_case(**facts, ground=CancelGround.FRAUD, actor=people.staff, on=ON)
        self.heard(reviewed(case, people), people)
        approved(case, people)
        assert services.tier_on(company, ON) is None
        assert services.tier_on(company, ON - D).tier == Tier.POTENTIAL

    def test_an_approval_for_the_firm_cannot_be_contested(self, places, people):
        case = CaseFactory(approved=True)
        with pytest.raises(Refusal) as caught:
            services.open_appeal(decision=case, request_text="이의", actor=people.staff)
        assert caught.value.code == "not_contestable"


def test_the_tier_of_a_day_as_known_on_another_is_one_query(places, django_assert_num_queries):
    company = firm(places.here)
    first = holds(company, places.here, Tier.POTENTIAL, date(2024, 1, 1))
    TierPeriod.objects.filter(pk=first.pk).update(superseded_at=timezone.now(), superseded_by=first.case)
    holds(company, places.here, Tier.PRELIMINARY, date(2024, 1, 1))
    with django_assert_num_queries(1):
        assert services.tier_on(company, ON, known_at=first.recorded_at).tier == Tier.POTENTIAL
    assert services.tier_on(company, ON).tier == Tier.PRELIMINARY
    assert services.tier_on(company, ON, known_at=first.recorded_at - D) is None
