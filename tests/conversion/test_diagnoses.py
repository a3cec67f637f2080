"""Diagnoses, what ships, merging of firms, and the demo."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from companies.models import Industry
from companies.services import merge_rules
from crisis.conversion import services
from crisis.conversion.demo import HEAD, OFFICE, WORKER, load_conversion_demo
from crisis.conversion.loaders import load_conversion
from crisis.conversion.models import (
    Centre,
    CentreRegion,
    ConversionPlan,
    ConversionRule,
    Diagnosis,
    DiagnosisScore,
    PlanMember,
    ScoreItem,
)
from portal.directory.enums import Role
from portal.directory.models import Notice
from portal.directory.scope import scope_of
from portal.kernel.dates import period
from portal.kernel.errors import Refusal
from tests.conversion.conftest import TODAY, approved, diagnosed, firm, paper
from tests.factories.directory import MembershipFactory, OrganizationFactory, RegionFactory, UserFactory


def refused(code, act):
    with pytest.raises(Refusal) as fault:
        act()
    assert fault.value.code == code
    return fault.value


def asked(land, company=None):
    return services.request_diagnosis(
        company=company or land.firm, subjects=["CONVERSION"], reason="수요 감소", centre=None, actor=land.tp
    )


def test_a_diagnosis_goes_to_the_centre_of_the_region_and_is_asked_for_once(land):
    centre = Centre.objects.create(code="c", name="센터", seat=land.city, effective=period(TODAY), source="시험")
    CentreRegion.objects.create(centre=centre, region=land.sido)
    one = asked(land)
    assert (one.centre, one.sido, one.code) == (centre, land.sido, "CD-2026-0001")
    assert Notice.objects.filter(recipient=land.clerk, key__contains=one.code).exists()
    with pytest.raises(ValidationError, match="이미 진단을 신청했거나"):
        asked(land)
    refused("out_of_scope", lambda: asked(land, land.partner))
    assert not Diagnosis.objects.visible_to(scope_of(land.far_tp)).exists()
    one = services.withdraw_diagnosis(diagnosis=one, reason="사정", seen=one.version, actor=land.tp)
    assert asked(land).code == "CD-2026-0002"


def test_finishing_asks_for_a_document_and_scores_within_their_items(land):
    one = asked(land)
    one = services.begin_diagnosis(
        diagnosis=one, begun_on=TODAY, examiner="김진단", centre=None, seen=one.version, actor=land.tp
    )
    item = ScoreItem.objects.filter(subject="CONVERSION").first()
    other = ScoreItem.objects.filter(subject="DIGITAL").first()

    def finish(points, pk=item.pk):
        return services.finish_diagnosis(
            diagnosis=one, finished_on=TODAY, findings="전환", recommendation="CONVERSION", seen=one.version,
            scores={pk: points}, actor=land.tp,
        )  # fmt: skip

    told = refused("diagnosis_incomplete", lambda: finish(Decimal(11)))
    assert set(told.fields) == {"file", f"score_{item.pk}"}
    services.attach_file(to=one, title="보고서", file=paper(), actor=land.tp)
    assert set(refused("diagnosis_incomplete", lambda: finish(Decimal(1), other.pk)).fields) == {"scores"}
    refused("file", lambda: services.attach_file(to=one, title="또", file=paper("다른.pdf"), actor=land.tp))
    done = finish(Decimal("7.5"))
    assert done.scores.get().points == Decimal("7.5")
    told = refused("referral_unexplained", lambda: services.refer_diagnosis(
        diagnosis=done, referral="OTHER", note="", seen=done.version, actor=land.tp))  # fmt: skip
    services.refer_diagnosis(diagnosis=done, referral="OTHER", note="스마트공장", seen=done.version, actor=land.tp)
    with pytest.raises(IntegrityError, match="diagnosis_score_not_negative"), transaction.atomic():
        DiagnosisScore.objects.update(points=-1)


def test_a_refused_diagnosis_says_why(land):
    one = asked(land)
    with pytest.raises(ValidationError), transaction.atomic():
        services.refuse_diagnosis(diagnosis=one, reason=" ", seen=one.version, actor=land.tp)
    one = services.refuse_diagnosis(diagnosis=one, reason="대상이 아님", seen=one.version, actor=land.tp)
    refused("state", lambda: services.begin_diagnosis(
        diagnosis=one, begun_on=TODAY, examiner="", centre=None, seen=one.version, actor=land.tp))  # fmt: skip


def test_of_two_firms_that_are_one_the_survivors_open_diagnosis_and_part_stay(land):
    twin = firm(land.city, "가온정밀㈜", land.old)
    asked(land)
    asked(land, twin)
    approved(land)
    PlanMember.objects.create(plan=ConversionPlan.objects.get(), company=twin)
    rules = {one.path: one for one in merge_rules.relations() if one.path.startswith("conversion.")}
    assert set(rules) == {"conversion.Diagnosis.company", "conversion.PlanMember.company"}
    for relation in rules.values():
        assert relation.rule.staying(relation.model, relation.name, land.firm.pk, twin.pk).count() == 1


def test_what_ships_says_its_source_and_loads_twice(land):
    assert all(one.created == one.changed == 0 for one in load_conversion())
    old, new = ConversionRule.objects.order_by("effective")
    assert (old.joint, len(old.kinds), new.joint, len(new.kinds)) == (False, 2, True, 5)
    assert old.provisional
    assert "잠정" in new.basis
    assert ConversionRule.objects.in_force_on(date(2023, 4, 6)).get() == old
    for code in ("RC-SEOUL", "RC-BUSAN"):
        OrganizationFactory(code=code)
    RegionFactory(scheme="MOIS", code="26")
    load_conversion()
    (centre,) = Centre.objects.filter(provisional=True)
    assert (centre.code, centre.source[:5], centre.regions.get().region.code) == ("busan", "지역중소기", "26")


def test_the_demo_tells_its_story_once(land):
    assert load_conversion_demo() == 0
    sido = RegionFactory(code="48")
    city = RegionFactory(sigungu=True, parent=sido)
    body = OrganizationFactory(of_region=sido)
    for login, role in ((WORKER, Role.TECHNOPARK), (OFFICE, Role.OFFICE_STAFF), (HEAD, Role.OFFICE_HEAD)):
        MembershipFactory(user=UserFactory(login_id=login, is_demo=True), role=role, organization=body)
    industry = Industry.objects.get(code="30310")
    for at in range(5):
        one = firm(city, f"예시{at}", industry)
        one.is_demo = True
        one.save()
    assert (load_conversion_demo(), load_conversion_demo()) == (3, 0)
    states = sorted(ConversionPlan.objects.filter(is_demo=True).values_list("state", "joint"))
    assert states == [("COMPLETED", False), ("PREPARING", False), ("RUNNING", True)]
    assert all("예시" in one.title for one in ConversionPlan.objects.all())


def test_a_diagnosis_drafts_a_plan_of_its_own_firm_only(land):
    one = diagnosed(land)
    with pytest.raises(Refusal) as fault, transaction.atomic():
        services.draft_plan(
            company=firm(land.city, "다온", land.old), title="전환", kind="NEW_GOODS", starts_on=TODAY,
            ends_on=date(2027, 1, 1), diagnosis=one, actor=land.tp,
        )  # fmt: skip
    assert fault.value.code == "diagnosis_of_another"
