"""On a company's page: the stages decided for the places it lies in."""

import pytest
from django.urls import reverse
from django.utils import timezone

from companies.models import WorkplaceCluster
from companies.panels import columns, entries_of
from crisis.company_page import entries, stages
from crisis.enums import DeterminationState, Stage
from crisis.models import StageChange
from portal.directory.scope import EVERYTHING, scope_of
from tests.dashboards.situations import decision
from tests.factories.companies import CompanyFactory


@pytest.fixture
def firm(situation):
    return CompanyFactory(name_ko="한빛정밀", in_region=situation.severe.region)


def changed(situation, **more):
    one = decision(situation.results["severe"], **more)
    return StageChange.objects.create(
        determination=one, area=situation.severe, from_stage=Stage.GOOD, to_stage=Stage.SEVERE, on="2018-01-24"
    )


def test_a_decided_change_stands_on_the_timeline_and_leads_to_the_area(situation, people, firm, sign_in):
    changed(situation)
    (entry,) = entries(firm, EVERYTHING)
    assert str(entry.title).endswith("양호 → 심각")
    page = sign_in(people.here).get(reverse("companies:company", args=[firm.public_id])).content.decode()
    assert f'href="{reverse("dashboards:area", args=[situation.severe.code])}"' in page
    assert "심각 지역" in page


def test_a_decision_corrected_later_is_no_change(situation, firm):
    change = changed(situation)
    type(change.determination).objects.filter(pk=change.determination_id).update(
        state=DeterminationState.SUPERSEDED, superseded_at=timezone.now()
    )
    assert list(entries(firm, EVERYTHING)) == []
    assert stages([firm.pk], EVERYTHING) == {}


def test_changes_of_places_outside_the_readers_scope_are_not_told(situation, people, firm):
    changed(situation)
    assert list(entries(firm, scope_of(people.elsewhere))) == []
    assert stages([firm.pk], scope_of(people.elsewhere)) == {}
    assert len(list(entries(firm, scope_of(people.here)))) == 1


def test_a_company_elsewhere_has_no_part_in_it(situation, firm):
    changed(situation)
    other = CompanyFactory(in_region=situation.good.region)
    assert list(entries(other, EVERYTHING)) == []
    assert stages([firm.pk, other.pk], EVERYTHING) == {firm.pk: "심각 지역"}


def test_it_is_offered_to_every_company_page(situation, firm):
    changed(situation)
    assert "stage" in {column.key for column in columns()}
    assert any(str(entry.kind) == "위기 단계" for entry in entries_of(firm, EVERYTHING))
    assert not WorkplaceCluster.objects.exists()


@pytest.mark.parametrize("count", [1, 30])
def test_the_column_costs_two_queries_for_any_number(situation, firm, count, django_assert_num_queries):
    changed(situation)
    ids = [firm.pk, *(CompanyFactory(in_region=situation.severe.region).pk for _ in range(count - 1))]
    with django_assert_num_queries(2):
        stages(ids, EVERYTHING)
