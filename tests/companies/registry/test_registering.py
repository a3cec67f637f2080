"""Companies come in, change, and two editors meet."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from companies import services
from companies.enums import NameKind, OperatingState
from companies.models import Company, CompanyName, Workplace
from companies.selectors import company_by_id, company_by_number, likely_duplicates
from companies.services import ChangedMeanwhile, LikelyDuplicates
from portal.directory.enums import Role
from portal.directory.models import Event
from portal.directory.scope import EVERYTHING, scope_of
from portal.kernel.dates import period
from portal.kernel.errors import Refusal
from tests.factories.companies import CompanyFactory, WorkplaceFactory, business_number
from tests.factories.directory import RegionFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    return RegionFactory(sigungu=True)


@pytest.fixture
def officer(region):
    return person(role=Role.TECHNOPARK, region=region.parent)


def register(region, officer, **more):
    facts = {"name_ko": "㈜한빛 정밀", "representative": "예시인", **more.pop("facts", {})}
    number = more.pop("business_number", business_number(7))
    return services.register_company(facts=facts, business_number=number, region=region, actor=officer, **more)


class TestRegistering:
    def test_a_company_comes_with_its_headquarters_its_key_and_a_record(self, region, officer):
        company = register(region, officer, since=date(2010, 3, 1))
        place = company.workplaces.get()
        assert (company.name_key, company.initials, company.version) == ("한빛정밀", "ㅎㅂㅈㅁ", 1)
        assert (place.is_headquarters, place.region, place.effective.lower) == (True, region, date(2010, 3, 1))
        event = Event.objects.about(company).get()
        assert (event.verb, event.actor, event.region) == ("register_company", officer, region)
        assert company.pgh_event_model.objects.get(pgh_obj=company).pgh_context.metadata["actor"] == officer.pk

    def test_a_number_with_a_wrong_check_digit_needs_a_reason_that_is_kept(self, region, officer):
        with pytest.raises(Refusal) as refused:
            register(region, officer, business_number="1018168693")
        assert refused.value.code == "check_digit"
        company = register(region, officer, business_number="1018168693", number_reason="등록증 원본 확인")
        assert company.workplaces.get().number_reason == "등록증 원본 확인"

    def test_no_reason_is_kept_for_a_number_that_needs_none(self, region, officer):
        assert register(region, officer, number_reason="몰라서").workplaces.get().number_reason == ""

    def test_a_taken_number_is_refused_with_its_owner(self, region, officer):
        register(region, officer)
        with pytest.raises(Refusal, match="한빛 정밀") as refused:
            register(region, officer, facts={"name_ko": "다른 회사"})
        assert refused.value.code == "business_number_taken"

    def test_an_officer_of_another_region_may_not_register_here(self, region):
        stranger = person(role=Role.TECHNOPARK, region=RegionFactory())
        with pytest.raises(Refusal) as refused:
            register(region, stranger)
        assert refused.value.code == "region_elsewhere"
        assert not Company.objects.exists()

    def test_reading_roles_may_not_register(self, region):
        with pytest.raises(Refusal, match="관할"):
            register(region, person(role=Role.SIDO, region=region.parent))


class TestLikelyDuplicates:
    def test_a_twin_is_shown_before_it_is_entered_and_may_be_accepted(self, region, officer):
        first = register(region, officer)
        with pytest.raises(LikelyDuplicates) as refused:
            register(region, officer, business_number=business_number(8), facts={"name_ko": "한빛정밀(주)"})
        assert [(one.company, one.reasons) for one in refused.value.likely] == [
            (first, ("name_in_region", "name_and_representative"))
        ]
        register(region, officer, business_number=business_number(8), accept_duplicates=True)
        assert Company.objects.count() == 2

    def test_each_reason_is_found_alone(self, region, officer):
        company = register(region, officer, facts={"corporate_number": "1301110006246"})
        services.add_name(company=company, name="한빛테크", kind=NameKind.FORMER, actor=officer)
        elsewhere = RegionFactory(sigungu=True)

        def reasons(**asked):
            return [reason for one in likely_duplicates(**asked) for reason in one.reasons]

        assert reasons(name="아무개", business_number=business_number(7)) == ["business_number"]
        assert reasons(name="아무개", corporate_number="1301110006246") == ["corporate_number"]
        assert reasons(name="한빛 정밀", region_id=region.pk) == ["name_in_region"]
        assert reasons(name="(주)한빛테크", region_id=region.pk) == ["name_in_region"]
        assert reasons(name="한빛정밀공업", representative="예시인") == ["name_and_representative"]
        assert reasons(name="한빛정밀", region_id=elsewhere.pk) == []
        assert reasons(name="대동기계", representative="예시인", region_id=region.pk) == []

    def test_the_company_itself_is_not_its_twin(self, region, officer):
        company = register(region, officer)
        assert likely_duplicates(name=company.name_ko, region_id=region.pk, but=company.pk) == []


class TestTwoEditors:
    def test_the_later_one_is_told_field_by_field_and_nothing_is_lost(self, region, officer):
        company = register(region, officer, facts={"phone": "02-1", "main_product": "축"})
        other = person(role=Role.OFFICE_STAFF, region=region.parent)
        services.change_company(
            company=company, version=1, changes={"phone": "02-2", "homepage": "www.example.kr"}, actor=other
        )
        with pytest.raises(ChangedMeanwhile) as refused:
            services.change_company(
                company=company, version=1, changes={"phone": "02-3", "main_product": "기어"}, actor=officer
            )
        told = {c.field: (c.found, c.now, c.wanted, c.both) for c in refused.value.comparison}
        assert told == {
            "phone": ("02-1", "02-2", "02-3", True),
            "homepage": ("", "www.example.kr", "", False),
            "main_product": ("축", "축", "기어", False),
        }
        assert refused.value.version == 2
        assert other.name in refused.value.message
        company.refresh_from_db()
        assert (company.phone, company.main_product) == ("02-2", "축")
        services.change_company(company=company, version=2, changes={"main_product": "기어"}, actor=officer)
        company.refresh_from_db()
        assert (company.phone, company.main_product, company.version) == ("02-2", "기어", 3)

    def test_saving_what_stands_there_already_makes_no_version(self, region, officer):
        company = register(region, officer)
        services.change_company(company=company, version=1, changes={"name_ko": company.name_ko}, actor=officer)
        company.refresh_from_db()
        assert company.version == 1
        assert Event.objects.about(company).count() == 1


class TestChanging:
    def test_a_renamed_company_keeps_its_old_name_a_corrected_one_does_not(self, region, officer):
        company = register(region, officer)
        services.change_company(
            company=company, version=1, changes={"name_ko": "한빛 모빌리티"}, actor=officer, renamed=True
        )
        company.refresh_from_db()
        assert company.name_key == "한빛모빌리티"
        assert CompanyName.objects.get().name_key == "한빛정밀"
        services.change_company(company=company, version=2, changes={"name_ko": "한빛 모빌리티즈"}, actor=officer)
        assert CompanyName.objects.count() == 1

    def test_a_company_of_another_region_cannot_be_changed(self, region, officer):
        company = CompanyFactory(in_region=RegionFactory(sigungu=True))
        with pytest.raises(Refusal) as refused:
            services.change_company(company=company, version=1, changes={"phone": "1"}, actor=officer)
        assert refused.value.code == "company_elsewhere"


class TestSeeing:
    def test_a_company_with_places_in_two_regions_is_seen_from_both_once(self, region, officer):
        other = RegionFactory(sigungu=True)
        company = CompanyFactory(in_region=region)
        WorkplaceFactory(company=company, region=other, site=True)
        WorkplaceFactory(company=company, region=region, site=True)
        for place in (region, other):
            scope = scope_of(person(role=Role.OFFICE_STAFF, region=place.parent))
            assert list(Company.objects.visible_to(scope)) == [company]
            assert Workplace.objects.visible_to(scope).count() == 3
        stranger = scope_of(person(role=Role.OFFICE_STAFF, region=RegionFactory()))
        assert not Company.objects.visible_to(stranger).exists()
        assert Company.objects.visible_to(scope_of(person(role=Role.HQ))).count() == 1
        assert company_by_id(company.public_id, stranger) == (None, False)

    def test_the_leading_region_sees_a_company_without_a_place_there(self, region):
        lead = RegionFactory()
        CompanyFactory(in_region=region, lead_region=lead)
        assert Company.objects.visible_to(scope_of(person(role=Role.SIDO, region=lead))).count() == 1

    def test_a_company_is_found_by_the_number_of_any_of_its_places(self, region):
        company = CompanyFactory(in_region=region)
        site = WorkplaceFactory(company=company, region=region, site=True)
        assert company_by_number(site.business_number, EVERYTHING) == company


class TestConstraints:
    @pytest.mark.parametrize(
        ("constraint", "facts"),
        [
            ("company_has_a_name", {"name_ko": "", "name_key": "가"}),
            ("company_can_be_found", {"name_key": ""}),
            ("company_corporate_number_has_13_digits", {"corporate_number": "123"}),
            ("company_version_counts_from_one", {"version": 0}),
        ],
    )
    def test_an_incoherent_company_is_impossible(self, constraint, facts):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            CompanyFactory(**facts)

    @pytest.mark.parametrize(
        ("constraint", "facts"),
        [
            ("workplace_business_number_has_10_digits", {"business_number": "123"}),
            ("workplace_headquarters_has_a_number", {"business_number": ""}),
        ],
    )
    def test_an_incoherent_workplace_is_impossible(self, constraint, facts):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            WorkplaceFactory(**facts)

    def test_a_company_has_one_headquarters_and_a_number_one_place(self):
        first = WorkplaceFactory()
        with pytest.raises(IntegrityError, match="workplace_one_headquarters"), transaction.atomic():
            WorkplaceFactory(company=first.company)
        with pytest.raises(IntegrityError, match="workplace_business_number_once"), transaction.atomic():
            WorkplaceFactory(business_number=first.business_number)
        WorkplaceFactory(company=first.company, business_number="", site=True)
        WorkplaceFactory(company=first.company, business_number="", site=True)

    def test_a_company_is_not_merged_into_itself(self):
        company = CompanyFactory()
        with pytest.raises(IntegrityError, match="company_not_merged_into_itself"), transaction.atomic():
            Company.objects.filter(pk=company.pk).update(merged_into=company)


def test_a_bulk_insert_leaves_one_version_a_row_in_the_history():
    rows = [Company(name_ko=f"묶음{n}", name_key=f"묶음{n}") for n in range(5)]
    Company.objects.bulk_create(rows)
    Company.objects.filter(pk__in=[row.pk for row in rows]).update(state=OperatingState.CLOSED)
    Company.objects.filter(pk__in=[row.pk for row in rows]).update(state=OperatingState.CLOSED)
    labels = list(Company.pgh_event_model.objects.values_list("pgh_label", flat=True))
    assert sorted(labels) == ["insert"] * 5 + ["update"] * 5
    assert period(None).isempty is False
