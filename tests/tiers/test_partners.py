"""Supra-regional firms: led by the region that decided, seen by those that take part; targets and what is told."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from companies.tiers import services
from companies.tiers.enums import CaseKind, Opinion, Tier
from companies.tiers.models import CohortTarget, PartnerRegion, TierCase, TierPeriod
from companies.tiers.selectors import firms_seen
from companies.tiers.services import Resolution
from portal.directory.models import Event, Notice
from portal.directory.scope import scope_of
from portal.kernel.errors import Refusal
from tests.factories.directory import RegionFactory
from tests.tiers.factories import ON, CaseFactory, CriteriaFactory, firm, holds

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def supra(places, people):
    """A firm of the region, decided to be supra-regional."""
    criteria = CriteriaFactory(adopted=True, tier=Tier.SUPRA_REGIONAL, programme="SUPRA_REGION")
    case = services.open_case(
        company=firm(places.here), region=places.here, kind=CaseKind.ENTRY, criteria=criteria, actor=people.staff, on=ON
    )
    services.begin_review(case=case, actor=people.reviewer)
    services.submit_review(case=case, opinion=Opinion.SUITABLE, text="확인", actor=people.reviewer)
    return services.approve_case(
        case=case, start=ON, end=None, text="", actor=people.head,
        resolution=Resolution(council="협의회", item="안건", on=ON),
    )  # fmt: skip


def test_the_region_that_decided_leads_the_firm(supra, places):
    supra.company.refresh_from_db()
    assert supra.company.lead_region == places.here


def test_a_region_that_takes_part_sees_the_firm_while_it_does(supra, places, people, client):
    there = scope_of(people.other)
    rows = lambda model: model.objects.visible_to(there).filter(company=supra.company).exists()  # noqa: E731
    assert [rows(TierPeriod), rows(TierCase), firms_seen(there).exists()] == [False, False, False]
    client.force_login(people.staff)
    data = {"partner-region": places.there.pk, "partner-start": "2026-01-01", "partner-document": "초광역 협약서"}
    response = client.post(reverse("tiers:partner_new", args=[supra.company.public_id]), data)
    assert response.status_code == 302, response.content.decode()
    assert [rows(TierPeriod), rows(TierCase), firms_seen(scope_of(people.other)).exists()] == [True, True, True]
    client.force_login(people.other)
    assert client.get(reverse("tiers:firm", args=[supra.company.public_id])).status_code == 200
    assert client.get(reverse("tiers:case", args=[supra.public_id])).status_code == 200
    # Seeing is not deciding: the deeds stay with the region that leads.
    end = reverse("tiers:partner_end", args=[supra.company.public_id, PartnerRegion.objects.get().pk])
    assert client.post(end, {}).status_code in (403, 404)
    client.force_login(people.staff)
    pk = PartnerRegion.objects.get().pk
    assert client.post(end, {f"partner{pk}-end": "2025-01-01"}).status_code == 422
    assert client.post(end, {f"partner{pk}-end": TODAY().isoformat()}).status_code == 302
    assert [rows(TierPeriod), rows(TierCase), firms_seen(scope_of(people.other)).exists()] == [False, False, False]
    verbs = set(Event.objects.filter(verb__endswith="partner_region").values_list("verb", flat=True))
    assert verbs == {"add_partner_region", "end_partner_region"}


def test_the_region_that_leads_and_places_below_a_region_do_not_take_part(supra, places, people):
    facts = {"company": supra.company, "start": ON, "document": "협약서", "actor": people.staff}
    with pytest.raises(Refusal, match="주관 시·도입니다"):
        services.add_partner(region=places.here, **facts)
    with pytest.raises(Refusal, match="시·도만"):
        services.add_partner(region=RegionFactory(sigungu=True, parent=places.there), **facts)


class TestTargets:
    FACTS = {"year": "2027", "tier": "POTENTIAL", "measure": "EVER", "count": "400", "source": "경남 계획"}

    def test_an_office_sets_the_target_of_its_own_region_and_takes_it_back(self, client, places, people):
        client.force_login(people.head)
        url = reverse("tiers:targets")
        assert client.post(url, {**self.FACTS, "region": places.there.pk}).status_code == 422
        assert client.post(url, {**self.FACTS, "region": places.here.pk}).status_code == 302
        assert client.post(url, {**self.FACTS, "region": places.here.pk, "count": "500"}).status_code == 302
        target = CohortTarget.objects.get()
        assert (target.region, target.count, target.provisional) == (places.here, 500, False)
        holds(firm(places.here), places.here, Tier.POTENTIAL, date(2025, 1, 1))
        shown = client.get(reverse("tiers:cohort")).content.decode()
        assert "/ 500" in shown
        drop = reverse("tiers:target_drop", args=[target.pk])
        client.force_login(people.other)
        assert client.post(drop).status_code == 404
        client.force_login(people.head)
        assert client.post(drop).status_code == 302
        assert not CohortTarget.objects.exists()

    def test_the_nation_s_targets_stay_as_published(self, client, people):
        target = CohortTarget.objects.create(year=2027, tier="LEADING", measure="EVER", count=280, source="계획")
        client.force_login(people.ministry)
        assert client.get(reverse("tiers:targets")).status_code == 200
        assert client.post(reverse("tiers:target_drop", args=[target.pk])).status_code == 403
        with pytest.raises(Refusal, match="전국 목표"):
            services.drop_target(target=target, actor=people.ministry)

    def test_only_those_who_set_criteria_set_targets(self, client, people):
        client.force_login(people.reviewer)
        assert client.get(reverse("tiers:targets")).context["form"] is None
        assert client.post(reverse("tiers:targets"), self.FACTS).status_code == 403


class TestTelling:
    def told(self, user):
        return set(Notice.objects.filter(recipient=user, settled_at=None).values_list("title", flat=True))

    def test_each_desk_is_told_when_a_case_comes_to_it(self, places, people):
        company = firm(places.here, name_ko="알림정밀")
        case = services.open_case(
            company=company, region=places.here, kind=CaseKind.ENTRY, criteria=CriteriaFactory(adopted=True),
            actor=people.staff, on=ON,
        )  # fmt: skip
        assert self.told(people.reviewer) == {"검토할 등급 심사: 알림정밀 신규 선정"}
        services.begin_review(case=case, actor=people.reviewer)
        case = services.submit_review(case=case, opinion=Opinion.SUITABLE, text="확인", actor=people.reviewer)
        assert self.told(people.head) == {"결정할 등급 심사: 알림정밀 신규 선정"}
        services.return_to_review(case=case, reason="보완", actor=people.head)
        assert self.told(people.head) == set()
        assert "되돌아온 등급 심사: 알림정밀 신규 선정" in self.told(people.reviewer)
        services.submit_review(case=case, opinion=Opinion.SUITABLE, text="보완함", actor=people.reviewer)
        services.approve_case(case=case, start=ON, end=None, text="", actor=people.head)
        assert self.told(people.head) == set()
        assert "등급 심사 결과: 알림정밀 신규 선정 결정" in self.told(people.reviewer)
        assert self.told(people.other) == set()

    def test_tiers_that_end_and_reports_that_fall_due_are_told_once(self, places, people):
        today = TODAY()
        soon = firm(places.here, name_ko="곧끝남")
        holds(soon, places.here, Tier.POTENTIAL, date(2025, 1, 1), today + timedelta(days=30))
        goes_on = firm(places.here, name_ko="이어짐")
        holds(goes_on, places.here, Tier.POTENTIAL, date(2025, 1, 1), today + timedelta(days=30))
        holds(goes_on, places.here, Tier.PRELIMINARY, today + timedelta(days=30))
        asked = firm(places.here, name_ko="심사중")
        holds(asked, places.here, Tier.POTENTIAL, date(2025, 1, 1), today + timedelta(days=30))
        CaseFactory(company=asked, region=places.here, kind=CaseKind.RETENTION, from_tier="POTENTIAL")
        services.designate(
            company=firm(places.here, name_ko="선도정밀"), region=places.here, start=today - timedelta(days=365),
            notice="고시", evaluation="검증", reason="선도", actor=people.head,
        )  # fmt: skip
        assert services.tell_what_ends() > 0
        assert services.tell_what_ends() == 0
        assert "등급 유효 기간이 끝나 갑니다: 곧끝남 잠재기업" in self.told(people.reviewer)
        assert not any("이어짐" in title or "심사중" in title for title in self.told(people.reviewer))
        assert "선도기업 반기 보고: 선도정밀" in self.told(people.staff)


def test_the_officer_in_charge_is_changed_from_the_page(client, places, people):
    plan = services.plan_strategy(
        company=firm(places.here), region=places.here, tier=Tier.POTENTIAL, goal="수출", officer=people.staff,
        start=ON, end=ON + timedelta(days=300), actor=people.staff,
    )  # fmt: skip
    url = reverse("tiers:strategy_officer", args=[plan.pk])
    client.force_login(people.other)
    assert client.post(url, {"officer-officer": people.other.pk}).status_code == 404
    client.force_login(people.staff)
    assert client.post(url, {"officer-officer": people.other.pk}).status_code == 422
    assert client.post(url, {"officer-officer": people.head.pk}).status_code == 302
    plan.refresh_from_db()
    assert plan.officer == people.head
