import pytest

from companies import rules
from companies.loaders_demo import load_company_demo
from companies.models import Company, CompanyMerge, CompanyYear, Workplace
from companies.selectors import likely_duplicates
from crisis.loaders.demo import load_people


@pytest.fixture
def demo(country):
    load_people()
    return load_company_demo()


def test_the_demo_brings_about_sixty_companies_all_marked(demo):
    assert demo["new"] == demo["companies"] == Company.objects.count() >= 55
    assert not Company.objects.filter(is_demo=False).exists()
    assert not Company.objects.exclude(name_ko__endswith="예시").exists()
    assert all(rules.business_number_checks(place.business_number) for place in Workplace.objects.headquarters())


def test_loading_the_demo_twice_changes_nothing(demo):
    counts = [model.objects.count() for model in (Company, CompanyYear, Workplace, CompanyMerge)]
    assert load_company_demo() == {"companies": demo["companies"], "new": 0}
    assert counts == [model.objects.count() for model in (Company, CompanyYear, Workplace, CompanyMerge)]


def test_the_demo_holds_a_duplicate_a_merge_a_closed_and_supra_regional_firms(demo):
    assert CompanyMerge.objects.in_force().count() == 1
    assert Company.objects.filter(state="CLOSED").count() == 1
    assert Company.objects.filter(lead_region__isnull=False).count() >= 3
    twin = Company.objects.get(name_ko="고운기계예시")
    region = twin.workplaces.get().region
    assert len(likely_duplicates(name=twin.name_ko, corporate_number="", representative="", region_id=region.pk)) >= 2


def test_without_regions_the_demo_makes_nothing(db):
    assert load_company_demo() == {"companies": 0, "new": 0}
