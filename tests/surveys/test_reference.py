"""The shipped tables: industries as published and no more, holidays that fall where they should, forms."""

import csv
from datetime import date
from pathlib import Path

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from companies.surveys import loaders
from companies.surveys.models import RegionalIndustry, RegionalIndustryRegion, SurveyForm
from companies.surveys.selectors import regional_industries_of
from portal.directory import loaders as directory_loaders
from portal.directory.enums import SuccessionKind
from portal.directory.models import Holiday, RegionSuccession
from tests.factories.directory import ALWAYS, RegionFactory
from tests.surveys.conftest import make_round

DATA = Path(loaders.__file__).parent / "data"
NOT_FOUND = {"29", "30", "31", "36", "51", "46", "48"}
"""시·도 whose main industries after the reorganisation were not found."""


def table(name, owner=loaders):
    with (Path(owner.__file__).parent / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def places_of():
    found = {}
    for row in table("regional_industry_regions"):
        found.setdefault(row["industry_code"], set()).add(row["region_code"])
    return found


def test_nineteen_future_industries_fourteen_of_one_region_and_five_of_several():
    rows = table("regional_industries")
    future = [row for row in rows if row["kind"] == "FUTURE"]
    cooperative = [row for row in rows if row["kind"] == "COOPERATIVE"]
    places = places_of()
    assert (len(future), len(cooperative)) == (14, 5)
    assert all(len(places[row["code"]]) == 1 for row in future)
    assert sorted(len(places[row["code"]]) for row in cooperative) == [2, 2, 2, 3, 4]
    assert {place for row in future for place in places[row["code"]]} == {
        "26", "27", "29", "30", "31", "36", "43", "44", "46", "47", "48", "50", "51", "52",
    }  # fmt: skip
    assert all(row["provisional"] == "0" for row in future + cooperative)


def test_main_industries_are_confirmed_only_where_they_were_found():
    places = places_of()
    main = [row for row in table("regional_industries") if row["kind"] == "MAIN"]
    confirmed = [row for row in main if row["provisional"] == "0"]
    assert len(confirmed) == 21
    for row in main:
        (place,) = places[row["code"]]
        assert (row["provisional"] == "1") is (place in NOT_FOUND), row
        assert row["source"]
        assert bool(row["note"]) is (row["provisional"] == "1")
        assert (row["valid_from"] == "") is (row["provisional"] == "1")


def test_no_ksic_code_was_invented():
    assert table("regional_industry_codes") == []


def test_holidays_are_days_of_two_years_and_substitutes_fall_on_weekdays():
    rows = table("holidays", directory_loaders)
    days = [date.fromisoformat(row["day"]) for row in rows]
    assert days == sorted(set(days))
    assert {day.year for day in days} == {2026, 2027}
    for row, day in zip(rows, days, strict=True):
        if "대체공휴일" in row["name_ko"]:
            assert day.weekday() < 5, row
            # what it stands for lies on the weekend just before, or is a feast that touched a Sunday
            assert any((day - before).days <= 3 and before.weekday() >= 5 for before in days if before < day), row
        if row["provisional"] == "1":
            assert row["note"], row
    assert all(row["provisional"] == "1" for row in rows if "제헌절" in row["name_ko"])


@pytest.fixture
def loaded(db):
    """The regions the files name, and the files loaded."""
    for code in sorted({code for codes in places_of().values() for code in codes}):
        RegionFactory(scheme="MOIS", code=code, name_ko=f"시도{code}")
    return [directory_loaders.load_holidays(), *loaders.load_surveys()]


def test_loading_twice_changes_nothing(loaded):
    assert sum(one.created for one in loaded) > 150
    assert all((one.created, one.changed) == (0, 0) for one in loaders.load_surveys())
    assert RegionalIndustry.objects.count() == 64
    assert RegionalIndustryRegion.objects.count() == 72
    assert Holiday.objects.days() >= {date(2026, 2, 17), date(2026, 6, 3)}


def test_shipped_form_in_use_is_not_changed_under_a_round(loaded):
    form = SurveyForm.objects.get(code="sme-fact")
    make_round(form)
    SurveyForm.objects.filter(pk=form.pk).update(body={"fields": form.body["fields"][:3], "rules": []})
    with pytest.raises(ValueError, match="new version"):
        loaders.load_surveys()


def test_page_lists_industries_by_region_and_marks_the_provisional(loaded, text, people):
    page = text(people.clerk, reverse("surveys:industries"))
    for word in ("전력반도체", "소형모듈형원자로(SMR)", "반도체 첨단 패키징", "첨단항공", "잠정", "21개를 확인"):
        assert word in page
    text(people.nobody, reverse("surveys:industries"), status=403)


@pytest.mark.parametrize("count", [1, 9])
def test_page_of_industries_costs_the_same_for_any_number(client, people, places, count, django_assert_num_queries):
    for n in range(count):
        industry = RegionalIndustry.objects.create(
            code=f"M-{n}", kind="MAIN", name_ko="가", effective=ALWAYS, source="시험"
        )
        RegionalIndustryRegion.objects.create(industry=industry, region=places.here)
    client.force_login(people.clerk)
    client.get(reverse("surveys:industries"))  # the frame remembers what it counted
    with django_assert_num_queries(8):  # session, user, scope, industries, codes, places, regions, the nation above
        client.get(reverse("surveys:industries"))


def industry_of(code, *regions, effective=ALWAYS):
    industry = RegionalIndustry.objects.create(code=code, kind="MAIN", name_ko=code, effective=effective, source="시험")
    for region in regions:
        RegionalIndustryRegion.objects.create(industry=industry, region=region)
    return industry


def codes(region, day=date(2026, 9, 1)):
    return [one.code for one in regional_industries_of(region, day)]


def became(old, new, kind):
    RegionSuccession.objects.create(predecessor=old, successor=new, on=date(2026, 7, 1), kind=kind)


def test_district_has_the_industries_of_its_province_each_once(places):
    industry_of("A", places.here, places.there)
    industry_of("B", places.here)
    industry_of("C", places.there)
    assert codes(places.near) == codes(places.here) == ["A", "B"]


def test_industries_have_a_validity(places):
    industry_of("A", places.here, effective=DateRange(date(2023, 2, 27), date(2026, 1, 1), "[)"))
    assert codes(places.here, date(2025, 12, 31)) == ["A"]
    assert codes(places.here, date(2026, 1, 1)) == []
    assert codes(places.here, date(2023, 2, 26)) == []


def test_recoded_province_is_the_same_under_both_codes(places):
    """강원도 and 강원특별자치도: the industry hangs on one of the codes, either may be asked for."""
    new = RegionFactory()
    became(places.here, new, SuccessionKind.RENAMED)
    industry_of("A", new)
    assert codes(places.here) == codes(new) == codes(places.near) == ["A"]


def test_merged_province_keeps_both_lists_and_each_district_its_own(places):
    """광주 and 전남 became one: the whole has both, a district what its old 시·도 was built on."""
    whole = RegionFactory(name_ko="통합시")
    for old in (places.here, places.there):
        became(old, whole, SuccessionKind.MERGED)
    near = RegionFactory(sigungu=True, parent=whole)
    became(places.near, near, SuccessionKind.RECODED)
    industry_of("A", places.here)
    industry_of("B", places.there)
    assert codes(whole) == ["A", "B"]
    assert codes(near) == ["A"]
    assert codes(places.there) == ["B"]


def test_district_that_moved_takes_on_the_industries_of_its_new_province(places):
    """군위 moved from 경북 to 대구."""
    moved = RegionFactory(sigungu=True, parent=places.there)
    became(places.near, moved, SuccessionKind.MOVED)
    industry_of("A", places.here)
    industry_of("B", places.there)
    assert codes(moved) == ["B"]


def test_industries_of_a_region_cost_five_queries(places, django_assert_num_queries):
    for n in range(6):
        industry_of(f"A{n}", places.here)
    with django_assert_num_queries(6):
        for industry in regional_industries_of(places.near, date(2026, 9, 1)):
            assert [code.ksic for code in industry.codes.all()] == []
            assert industry.places.all()[0].region == places.here
