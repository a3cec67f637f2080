"""`/api/v1/tiers/`: tiers as of a day and as known at a moment, for four people and a client system."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from companies.tiers.enums import Tier
from companies.tiers.models import TierPeriod
from companies.tiers.serializers import TierRow
from tests.tiers.factories import CriteriaFactory, firm, holds

pytestmark = pytest.mark.django_db
URL = "/api/v1/tiers/"


@pytest.fixture
def rows(places):
    mine, foreign = firm(places.here), firm(places.there)
    return (
        holds(mine, places.here, Tier.POTENTIAL, date(2025, 1, 1), date(2026, 1, 1)),
        holds(mine, places.here, Tier.PRELIMINARY, date(2026, 1, 1)),
        holds(foreign, places.there, Tier.LEADING, date(2025, 1, 1)),
    )


def found(api, user=None, **conditions):
    if user is not None:
        api.force_login(user)
    response = api.get(URL, conditions)
    assert response.status_code == 200, response.content
    return [row["tier"] for row in response.json()["results"]]


def test_each_of_the_four_people_reads_their_own(api, people, rows):
    day = {"on": "2025-06-01"}
    assert found(api, people.clerk, **day) == ["POTENTIAL"]
    assert found(api, people.other, **day) == ["LEADING"]
    assert sorted(found(api, people.ministry, **day)) == ["LEADING", "POTENTIAL"]
    api.force_login(people.nobody)
    assert api.get(URL).status_code == 403
    api.logout()
    assert api.get(URL).status_code == 401


def test_the_tier_of_a_day_as_known_on_another(api, people, rows):
    old, _, _ = rows
    known = timezone.now()
    TierPeriod.objects.filter(pk=old.pk).update(superseded_at=timezone.now(), superseded_by=old.case)
    assert found(api, people.clerk, on="2025-06-01") == []
    assert found(api, people.clerk, on="2025-06-01", known_at=known.isoformat()) == ["POTENTIAL"]
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert found(api, people.clerk, on="2025-06-01", known_at=yesterday) == []


def test_rows_are_narrowed_and_what_is_not_known_refused(api, people, rows):
    old, _new, _foreign = rows
    number = old.company.workplaces.get().business_number
    assert found(api, people.ministry, business_number=number, on="2026-02-01") == ["PRELIMINARY"]
    assert found(api, people.ministry, company=old.company.public_id, on="2025-02-01") == ["POTENTIAL"]
    assert found(api, people.ministry, tier="LEADING", on="2026-02-01") == ["LEADING"]
    for bad in ({"day": "2025-01-01"}, {"tier": "GOLD"}, {"on": "어제"}, {"known_at": "어제"}):
        assert api.get(URL, bad).status_code == 400, bad


@pytest.mark.parametrize("count", [1, 6])
def test_a_list_costs_the_same_for_any_number_of_rows(api, people, places, count, django_assert_num_queries):
    for _ in range(count):
        holds(firm(places.here), places.here, Tier.POTENTIAL, date(2025, 1, 1))
    api.force_login(people.clerk)
    with django_assert_num_queries(5):  # session, user, scope, count, rows
        assert api.get(URL).json()["count"] == count


def test_a_row_names_the_criteria_and_the_case_it_rests_on(api, people, places):
    from tests.tiers.factories import CaseFactory

    case = CaseFactory(
        approved=True, company=firm(places.here), region=places.here, criteria=CriteriaFactory(code="c-1")
    )
    period = TierPeriod.objects.create(
        company=case.company, region=case.region, track="MAIN", tier="POTENTIAL", case=case,
        effective=(date(2025, 1, 1), None),
    )  # fmt: skip
    api.force_login(people.clerk)
    row = api.get(URL).json()["results"][0]
    assert (row["criteria"], row["case"], row["valid_from"]) == ("c-1", str(case.public_id), "2025-01-01")
    assert row["business_number"] == case.company.workplaces.get().business_number
    assert (row["valid_before"], row["superseded_at"], period.superseded_at) == (None, None, None)
    assert set(row) == set(TierRow.names())
