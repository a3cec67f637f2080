"""Waiting work of all apps: counted together in one query, told the soonest due first."""

from datetime import date

import pytest
from django.db.models import DateField, F, Value

from portal.directory.models import Holiday, Region
from portal.kernel.todo import Todo, Waiting, told
from tests.factories.directory import RegionFactory

pytestmark = pytest.mark.django_db


def test_rows_of_many_kinds_are_counted_in_one_query(django_assert_num_queries):
    RegionFactory()
    Holiday.objects.all().delete()
    for day in (date(2026, 10, 9), date(2026, 10, 5)):
        Holiday.objects.create(day=day, name_ko="쉬는 날")
    regions = Region.objects.filter(pk=F("pk")).order_by("code")
    with django_assert_num_queries(1):
        found = told(
            [
                Waiting("지역", "/regions/", regions, detail="모두"),
                Waiting("쉬는 날", "/days/", Holiday.objects.order_by("day"), "day"),
                Waiting("없는 것", "/none/", Region.objects.none()),
                Waiting("빈 것", "/empty/", Region.objects.filter(code="none")),
                Todo("센 것", "/counted/", 3, date(2026, 12, 1)),
                Todo("아무것도", "/nothing/", 0),
            ]
        )
    assert [(item.title, item.url, item.count, item.due, item.detail) for item in found] == [
        ("쉬는 날", "/days/", 2, date(2026, 10, 5), ""),
        ("센 것", "/counted/", 3, date(2026, 12, 1), ""),
        ("지역", "/regions/", Region.objects.count(), None, "모두"),
    ]


def test_where_nothing_can_wait_nothing_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert told([Waiting("없는 것", "/none/", Region.objects.none())]) == []


def test_distinct_rows_due_on_one_day_are_all_counted():
    RegionFactory(), RegionFactory()
    rows = Region.objects.annotate(by=Value(date(2026, 12, 1), output_field=DateField())).distinct()
    assert told([Waiting("지역", "/regions/", rows, "by")])[0].count == Region.objects.count() > 1
