"""Two 시·도 with their officials, the ministry, and a case at any stage."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from crisis.support_areas import services
from crisis.support_areas.enums import CASE_WORDS, Ground, Initiative
from crisis.support_areas.models import SupportAreaRule, SupportCase
from portal.directory.enums import OrganizationKind, Role
from portal.directory.models import Region, User
from portal.kernel.dates import period
from tests.factories.directory import OrganizationFactory, RegionFactory, person

TODAY = date(2026, 3, 2)
START, END = date(2026, 3, 2), date(2028, 3, 1)


@dataclass
class Land:
    sido: Region
    city: Region
    official: User
    stranger: User
    clerk: User
    ministry: User


@pytest.fixture(autouse=True)
def _clock(time_machine: Any, settings: Any, tmp_path: Any) -> None:
    time_machine.move_to("2026-03-02 10:00:00+09:00", tick=False)
    settings.MEDIA_ROOT = tmp_path


def official(sido: Region) -> User:
    return person(role=Role.SIDO, organization=OrganizationFactory(kind=OrganizationKind.PROVINCE, of_region=sido))


@pytest.fixture
def land(db: None) -> Land:
    SupportAreaRule.objects.create(effective=period(date(2022, 1, 28)), basis="시험")
    sido, other = RegionFactory(), RegionFactory()
    city = RegionFactory(sigungu=True, parent=sido)
    return Land(sido, city, official(sido), official(other), person(region=sido), person(role=Role.HQ))


def drafted(land: Land, **facts: Any) -> SupportCase:
    return services.draft_case(
        sido=land.sido, name="시험산업단지", ground=Ground.MAIN_INDUSTRY, initiative=Initiative.APPLICATION,
        actor=land.official, **facts,
    )  # fmt: skip


def filled(land: Land) -> SupportCase:
    case = drafted(land)
    facts = dict.fromkeys(CASE_WORDS, "적은 내용")
    case = services.save_case(case=case, facts=facts, seen=case.version, actor=land.official)
    case = services.set_places(case=case, regions=[land.city], clusters=[], seen=case.version, actor=land.official)
    proof = SimpleUploadedFile("증빙.pdf", b"%PDF-1.4 proof")
    services.attach_file(case=case, title="증빙", file=proof, actor=land.official)
    return case


def under_review(land: Land) -> SupportCase:
    case = filled(land)
    case = services.submit_case(case=case, seen=case.version, actor=land.official)
    return services.take_up_case(case=case, seen=case.version, actor=land.ministry)


def answered(case: SupportCase, land: Land, purpose: str, *kinds: str) -> None:
    today = timezone.localdate()
    for kind in kinds:
        asked = services.ask_opinion(
            case=case,
            purpose=purpose,
            kind=kind,
            body_name=f"{kind} 기관",
            asked_on=today,
            due_on=today,
            actor=land.ministry,
        )
        services.record_opinion(opinion=asked, received_on=today, stance="AGREE", text="동의", actor=land.ministry)


def designated(land: Land, starts_on: date = START, ends_on: date = END) -> SupportCase:
    case = under_review(land)
    answered(case, land, "DESIGNATION", "RESEARCH", "MINISTRY")
    services.designate(
        case=case, starts_on=starts_on, ends_on=ends_on, support_content="정책자금 우대", decided_on=TODAY, reason="급감",
        seen=case.version, actor=land.ministry,
    )  # fmt: skip
    case.refresh_from_db()
    return case
