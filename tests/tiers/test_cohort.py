"""The cohort: its matrix, targets and the very firms behind each number."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from companies.tiers import rules
from companies.tiers.enums import Tier
from companies.tiers.models import CohortTarget, TierPeriod
from companies.tiers.selectors import cohort
from portal.directory.scope import EVERYTHING, scope_of
from tests.tiers.factories import firm, holds

pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year
LAST = date(YEAR - 1, 6, 1)
NOW = date(YEAR, 1, 15)


@pytest.fixture
def moved(places):
    """Two enter, one rises, one leaves, one stays; one elsewhere; one supra-regional beside its tier."""
    here = places.here
    names = ("entered", "entered2", "rose", "left", "stayed")
    firms = {name: firm(here, name_ko=name) for name in names} | {"far": firm(places.there, name_ko="far")}
    for name in ("entered", "entered2"):
        holds(firms[name], here, Tier.POTENTIAL, NOW)
    holds(firms["rose"], here, Tier.POTENTIAL, LAST, NOW)
    holds(firms["rose"], here, Tier.PRELIMINARY, NOW)
    holds(firms["left"], here, Tier.POTENTIAL, LAST, NOW)
    holds(firms["stayed"], here, Tier.LEADING, LAST)
    holds(firms["stayed"], here, Tier.SUPRA_REGIONAL, LAST)
    holds(firms["far"], places.there, Tier.POTENTIAL, LAST)
    return firms


def test_the_matrix_counts_each_firm_once_where_it_came_from_and_went(moved, people):
    lens = cohort.Lens(scope_of(people.clerk), YEAR)
    assert rules.LADDER == ("", "POTENTIAL", "PRELIMINARY", "LEADING")
    assert cohort.moves(lens) == [[0, 2, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 1]]
    assert sum(map(sum, cohort.moves(cohort.Lens(EVERYTHING, YEAR)))) == 6


def test_reached_and_held_are_told_apart_and_set_against_the_target(moved, people):
    CohortTarget.objects.create(year=2027, tier=Tier.POTENTIAL, measure="EVER", count=8, source="계획")
    rows = {row.tier: row for row in cohort.standings(cohort.Lens(EVERYTHING, YEAR))}
    assert (rows["POTENTIAL"].ever, rows["POTENTIAL"].held, rows["POTENTIAL"].percent) == (5, 3, 62)
    assert (rows["SUPRA_REGIONAL"].ever, rows["LEADING"].ever, rows["LEADING"].target) == (1, 1, None)


def test_the_growth_adds_up_year_by_year(moved):
    points = cohort.growth(cohort.Lens(EVERYTHING, YEAR))["POTENTIAL"]
    assert points[0][0] == cohort.FIRST_YEAR
    assert dict(points)[YEAR - 1] == 3
    assert dict(points)[YEAR] == 5


def test_every_number_of_the_page_opens_exactly_its_rows(client, moved, people):
    import re

    client.force_login(people.clerk)
    text = client.get(reverse("tiers:cohort")).content.decode()
    links = re.findall(r'<a class="p-link" href="([^"]*cohort/firms/[^"]*)">([\d,]+)</a>', text)
    assert len(links) >= 12
    for url, number in links:
        response = client.get(url.replace("&amp;", "&"))
        assert response.context["page"].paginator.count == int(number.replace(",", "")), parse_qs(urlsplit(url).query)


def test_the_page_answers_for_one_region_and_as_known_before(client, moved, places, people):
    client.force_login(people.ministry)
    url = reverse("tiers:cohort")
    there = client.get(url, {"region": places.there.code}).context["standings"]
    assert {row.tier: row.held for row, _, _ in there}["POTENTIAL"] == 1
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert all(row.ever == 0 for row, _, _ in client.get(url, {"known": yesterday}).context["standings"])
    TierPeriod.objects.filter(company=moved["far"]).update(
        superseded_at=timezone.now(), superseded_by=TierPeriod.objects.get(company=moved["far"]).case
    )
    there = client.get(url, {"region": places.there.code}).context["standings"]
    assert all(row.ever == 0 for row, _, _ in there)


def test_an_unknown_tier_in_the_address_is_told(client, people):
    client.force_login(people.ministry)
    response = client.get(reverse("tiers:cohort_firms"), {"before": "GOLD"})
    assert response.status_code == 400
    assert "없는 등급" in response.content.decode()


def test_a_matrix_never_drops_a_tier_it_does_not_know():
    with pytest.raises(ValueError, match="unknown tier"):
        rules.matrix([("", "GOLD", 1)])
