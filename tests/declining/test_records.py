"""What the tables themselves refuse, and what a merge of companies does with its links."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from companies.services import merge_rules
from crisis.declining import services
from crisis.declining.demo import load_declining_demo
from crisis.declining.loaders import load_declining
from crisis.declining.models import (
    DeclineStatus,
    FundProject,
    LocalResource,
    ProjectFirm,
    ResourceFirm,
    SpecialZone,
    ZoneException,
)
from crisis.declining.rules import due_day, halves, legal_due, overspent, parse_half
from crisis.declining.selectors import Lineage
from portal.directory.enums import OrganizationKind, Role
from portal.directory.loaders import load_directory
from portal.directory.models import Region, User
from portal.directory.scope import scope_of
from portal.kernel.dates import period
from portal.kernel.errors import Refusal
from tests.factories.companies import CompanyFactory
from tests.factories.crisis import ClusterFactory
from tests.factories.declining import (
    ComplexMeasureFactory,
    DeclineStatusFactory,
    FundProjectFactory,
    LocalResourceFactory,
    SpecialZoneFactory,
)
from tests.factories.directory import OrganizationFactory, RegionFactory, person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "factory", "facts"),
    [
        ("decline_status_has_a_source", DeclineStatusFactory, {"source": ""}),
        ("decline_status_has_a_first_day", DeclineStatusFactory, {"effective": period(None)}),
        ("complex_measure_progress_is_a_share", ComplexMeasureFactory, {"progress": 101}),
        ("complex_measure_money_not_negative", ComplexMeasureFactory, {"private": -1}),
        ("complex_measure_says_what_is_done", ComplexMeasureFactory, {"state": "RUNNING"}),
        ("complex_measure_done_with_a_result", ComplexMeasureFactory, {"state": "DONE", "measure": "정비", "progress": 100}),
        ("complex_measure_dropped_for_a_reason", ComplexMeasureFactory, {"drop_reason": "까닭"}),
        ("special_zone_ends_for_a_reason", SpecialZoneFactory, {"effective": period(date(2010, 1, 1), date(2020, 1, 1))}),
        ("special_zone_has_a_first_day", SpecialZoneFactory, {"effective": period(None)}),
    ],
)  # fmt: skip
def test_an_incoherent_record_is_impossible(constraint, factory, facts):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        factory(**facts)


def test_coherent_records_are_fine():
    done = ComplexMeasureFactory(state="DONE", measure="정비", progress=100, result="끝남")
    ended = SpecialZoneFactory(effective=period(date(2010, 1, 1), date(2020, 1, 1)), end_reason="목적 달성")
    done.refresh_from_db()
    assert (done.state, done.progress) == ("DONE", 100)
    assert not SpecialZone.objects.in_force_on(date(2020, 1, 1)).filter(pk=ended.pk).exists()


def test_nothing_holds_twice_at_once():
    status, zone = DeclineStatusFactory(), SpecialZoneFactory()
    resource = LocalResourceFactory()
    ZoneException.objects.create(zone=zone, code="ROAD", text="통행", effective=period(date(2020, 1, 1)))
    twice = {
        "decline_status_one_at_a_time": lambda: DeclineStatusFactory(region=status.region, kind="WATCH"),
        "special_zone_name_once_at_a_time": lambda: SpecialZoneFactory(name=zone.name),
        "local_resource_once_at_a_time": lambda: LocalResourceFactory(region=resource.region, name=resource.name),
        "zone_exception_once_at_a_time": lambda: ZoneException.objects.create(
            zone=zone, code="ROAD", text="통행", effective=period(date(2021, 1, 1))
        ),
    }
    for constraint, again in twice.items():
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            again()


def test_measures_are_of_rural_complexes_and_move_forward(land):
    general = ClusterFactory(region=land.county)
    facts = {"year": 2024, "kind": "IMAGE", "need": "낡음"}
    with pytest.raises(Refusal, match="농공단지가 아닙니다"):
        services.put_complex_measure(cluster=general, measure=None, facts=facts, state="NEED", seen=0, actor=land.hall)
    done = ComplexMeasureFactory(state="DONE", measure="정비", progress=100, result="끝남", cluster__region=land.county)
    with pytest.raises(Refusal, match="바꿀 수 없습니다"):
        services.put_complex_measure(
            cluster=done.cluster, measure=done, facts={}, state="NEED", seen=done.version, actor=land.hall
        )


def test_a_zone_of_two_provinces_is_written_by_the_ministry_alone(land):
    zone = SpecialZoneFactory(in_region=land.county)
    end = {"zone": zone, "last": date(2023, 12, 31), "reason": "끝", "seen": 1}
    both = {"facts": {}, "first": date(2010, 5, 1), "code": "", "seen": 1, "regions": [land.county, land.far]}
    services.put_zone(zone=zone, actor=land.ministry, **both)
    with pytest.raises(Refusal, match="권한이 없습니다"):
        services.end_zone(**(end | {"seen": 2}), actor=land.sido)
    with pytest.raises(Refusal, match="지정 기간 안"):
        services.add_operator(
            zone=zone, name="가", role="", first=date(2009, 1, 1), last=None, seen=2, actor=land.ministry
        )


def test_links_follow_a_company_that_was_merged(land):
    stays, goes = CompanyFactory(in_region=land.county), CompanyFactory(in_region=land.county)
    resource, other = LocalResourceFactory(region=land.county), LocalResourceFactory(region=land.county)
    link = {"role": "MAKER", "evidence": "현장", "first": date(2024, 1, 1), "last": None, "actor": land.hall}
    for company, where in ((stays, resource), (goes, resource), (goes, other)):
        services.link_resource_firm(resource=where, company=company, **link)
    project = FundProjectFactory(region=land.county)
    for company, kind in ((stays, "FUNDS"), (goes, "FUNDS"), (goes, "MARKET")):
        services.link_project_firm(project=project, company=company, kind=kind, note="협약", actor=land.hall)
    assert not [path for path in merge_rules.unruled() if path.startswith("declining.")]
    moved = {}
    for relation in merge_rules.relations():
        if relation.path.startswith("declining."):
            staying = relation.rule.staying(relation.model, relation.name, stays.pk, goes.pk)
            moved[relation.model] = merge_rules.held(relation, goes.pk).exclude(pk__in=staying).get()
    assert (moved[ResourceFirm].resource, moved[ProjectFirm].kind) == (other, "MARKET")
    with pytest.raises(ValidationError, match="같은 기간에 이미"):
        services.link_resource_firm(resource=resource, company=stays, **link)


def test_half_years_and_what_is_overspent():
    assert list(halves(date(2024, 3, 1), date(2025, 1, 1))) == [date(2024, 1, 1), date(2024, 7, 1), date(2025, 1, 1)]
    assert [parse_half(text) for text in ("2024H2", "2024H3", "H1", "0000H1")] == [date(2024, 7, 1), None, None, None]
    assert legal_due(date(2024, 7, 1)) == date(2025, 1, 31)
    assert due_day(date(2026, 7, 1), {date(2027, 2, 1)}) == date(2027, 2, 2), "a Sunday, then a holiday"
    assert overspent({"a": 5, "b": 5}, {"a": 6, "b": 5, "c": 1}) == {"a": 1, "c": 1}


def test_a_firm_of_elsewhere_is_seen_by_who_sees_the_firm(land):
    far = CompanyFactory(in_region=land.far)
    resource, project = LocalResourceFactory(region=land.county), FundProjectFactory(region=land.county)
    services.link_resource_firm(
        resource=resource, company=far, role="MAKER", evidence="현장", first=date(2024, 1, 1), last=None,
        actor=land.ministry,
    )  # fmt: skip
    ProjectFirm.objects.create(project=project, company=far, kind="FUNDS", note="협약", recorded_by=land.ministry)
    for model in (ResourceFirm, ProjectFirm):
        seen = {
            user: model.objects.visible_to(scope_of(user)).count() for user in (land.ministry, land.hall, land.stranger)
        }
        assert seen == {land.ministry: 1, land.hall: 0, land.stranger: 0}, model


def test_the_demo_is_marked_and_loads_once():
    sido = RegionFactory(scheme="MOIS", code="48")
    for code in ("48880", "48870"):
        RegionFactory(sigungu=True, parent=sido, scheme="MOIS", code=code)
    hall = OrganizationFactory(kind=OrganizationKind.PROVINCE, of_region=sido)
    for login, user in {
        "sido-gyeongnam": person(role=Role.SIDO, organization=hall), "hq": person(role=Role.HQ),
    }.items():  # fmt: skip
        User.objects.filter(pk=user.pk).update(login_id=login, is_demo=True)
    assert (load_declining_demo(), load_declining_demo()) == (2, 0)
    for model in (FundProject, LocalResource, SpecialZone):
        assert model.objects.count() == model.objects.filter(is_demo=True).count() > 0, model


def test_the_first_listing_ships_once_and_yields_to_what_the_ministry_wrote(land):
    """행정안전부 고시 제2021-66호: 89 places, one of which has moved to another 시·도 since."""
    load_directory()
    ours = Region.objects.get(scheme="MOIS", code="48880")
    mine = services.put_status(
        region=ours, kind="WATCH", first=date(2021, 10, 19), last=None, source="공문", provisional=False,
        actor=land.ministry,
    )  # fmt: skip
    before = DeclineStatus.objects.count()
    load_declining()
    load_declining()
    shipped = DeclineStatus.objects.exclude(pk=mine.pk).filter(notice__contains="2021-66")
    assert DeclineStatus.objects.count() - before == shipped.count() == 88
    assert not shipped.filter(provisional=False).exists()
    gunwi = shipped.get(region__name_ko="군위군")
    assert (gunwi.region.code, Lineage(date(2026, 11, 22)).region(gunwi.region_id).code) == ("47720", "27720")
