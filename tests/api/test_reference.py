"""`regions/`, `areas/`, `indicators/`, `designations/` over the API."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from crisis.api.areas import with_parent
from crisis.models import Area
from crisis.serializers import AreaRow, DesignationRow
from portal.directory.enums import OrganizationKind, SuccessionKind
from portal.directory.models import Region, RegionCode, RegionSuccession
from portal.directory.serializers import RegionRow
from tests.factories.crisis import (
    AreaFactory,
    AreaMembershipFactory,
    ClusterFactory,
    DesignationFactory,
    IndicatorFactory,
)
from tests.factories.directory import OrganizationFactory, RegionFactory

pytestmark = pytest.mark.django_db


def codes(response, key="code"):
    assert response.status_code == 200, response.content
    body = response.json()
    assert body["count"] == len(body["results"])
    return [row[key] for row in body["results"]]


class TestRegions:
    url = "/api/v1/regions/"

    def detail(self, region):
        return reverse("v1:region-detail", args=[region.scheme, region.code])

    def test_each_of_the_four_people_gets_their_own_regions(self, signed, api, people, places):
        theirs = {region.code for region in (places.here, places.near)}
        assert set(codes(signed(people.clerk).get(self.url))) == theirs | {"KR"}
        assert not theirs & set(codes(signed(people.other).get(self.url)))
        assert theirs < set(codes(signed(people.ministry).get(self.url)))
        assert signed(people.nobody).get(self.url).status_code == 403
        api.logout()
        assert api.get(self.url).status_code == 401

    def test_a_client_key_sees_what_its_body_answers_for(self, by_key, places):
        assert places.near.code in codes(by_key.get(self.url))
        assert by_key.get(self.detail(places.near)).status_code == 200
        assert by_key.get(self.detail(places.far)).status_code == 404

    @pytest.mark.parametrize("rows", [1, 8])
    def test_a_list_costs_the_same_for_any_number_of_rows(
        self, signed, people, places, rows, django_assert_num_queries
    ):
        RegionFactory.create_batch(rows, sigungu=True, parent=places.here)
        api = signed(people.clerk)
        with django_assert_num_queries(5):  # session, user, scope, count, rows
            api.get(self.url)

    def test_a_region_tells_what_it_was_and_what_it_became(self, signed, people, places):
        old = RegionFactory(sigungu=True, parent=places.here, effective=DateRange(None, date(2023, 7, 1)))
        RegionSuccession.objects.create(
            predecessor=old, successor=places.near, on=date(2023, 7, 1), kind=SuccessionKind.MOVED, note="편입"
        )
        RegionCode.objects.create(region=places.near, scheme="KOSTAT", code="22310")
        body = signed(people.clerk).get(self.detail(places.near)).json()
        assert body["predecessors"] == [
            {"scheme": "TEST", "code": old.code, "name_ko": old.name_ko, "on": "2023-07-01", "kind": "MOVED",
             "provisional": False, "note": "편입"}
        ]  # fmt: skip
        assert body["other_codes"] == [{"scheme": "KOSTAT", "code": "22310"}]
        assert body["parent"] == places.here.code
        assert signed(people.clerk).get(self.detail(old)).json()["successors"][0]["code"] == places.near.code

    def test_a_region_names_the_bodies_that_answer_for_it(self, signed, people, places):
        town_hall = OrganizationFactory(of_region=places.near, kind=OrganizationKind.MUNICIPALITY)
        OrganizationFactory(of_region=places.far)
        found = signed(people.clerk).get(self.detail(places.near)).json()["responsible"]
        assert town_hall.code in [body["code"] for body in found]
        assert {body["code"] for body in found} <= {
            body.code for body in type(town_hall).objects.filter(jurisdictions__region__in=[places.near, places.here])
        }

    def test_filters_narrow_and_a_day_shows_the_regions_of_that_day(self, signed, people, places):
        RegionFactory(sigungu=True, parent=places.here, code="GONE", effective=DateRange(None, date(2020, 1, 1)))
        api = signed(people.clerk)
        assert "GONE" in codes(api.get(self.url, {"on": "2019-12-31"}))
        assert "GONE" not in codes(api.get(self.url, {"on": "2020-01-01"}))
        assert codes(api.get(self.url, {"parent": places.here.code, "on": "2021-01-01"})) == [places.near.code]
        assert codes(api.get(self.url, {"parent": f"MOIS:{places.here.code}"})) == []
        assert codes(api.get(self.url, {"q": places.near.name_ko})) == [places.near.code]
        assert codes(api.get(self.url, {"level": "NATION"})) == ["KR"]

    def test_a_misspelt_filter_is_refused_and_so_is_an_unknown_value(self, signed, people):
        api = signed(people.clerk)
        body = api.get(self.url, {"leval": "SIDO"}).json()
        assert (body["code"], list(body["fields"])) == ("invalid", ["leval"])
        refused = api.get(self.url, {"level": "TOWN"})
        assert refused.status_code == 400
        assert "SIGUNGU" in refused.json()["fields"]["level"][0]
        assert api.get(self.url, {"on": "2020-13-01"}).status_code == 400

    def test_a_detail_refuses_a_filter_too(self, signed, people, places):
        assert signed(people.clerk).get(self.detail(places.near), {"level": "SIDO"}).status_code == 400

    def test_a_list_can_be_cut_to_the_fields_wanted(self, signed, people):
        api = signed(people.clerk)
        rows = api.get(self.url, {"fields": "level,code"}).json()["results"]
        assert rows
        assert {tuple(row) for row in rows} == {("code", "level")}
        refused = api.get(self.url, {"fields": "code,secret"})
        assert refused.status_code == 400
        assert "secret" in refused.json()["fields"]["fields"][0]

    def test_the_same_answer_is_not_sent_twice(self, signed, people, places):
        api = signed(people.clerk)
        first = api.get(self.detail(places.near))
        again = api.get(self.detail(places.near), HTTP_IF_NONE_MATCH=first["ETag"])
        assert (again.status_code, again.content) == (304, b"")
        Region.objects.filter(pk=places.near.pk).update(note="바뀜")
        assert api.get(self.detail(places.near), HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200

    def test_pages_hold_fifty_rows_and_two_hundred_at_most(self, signed, people, places):
        RegionFactory.create_batch(60, sigungu=True, parent=places.here)
        api = signed(people.clerk)
        first = api.get(self.url).json()
        assert (len(first["results"]), first["count"]) == (50, 63)
        rest = api.get(first["next"]).json()
        assert (len(rest["results"]), rest["next"]) == (13, None)
        assert len(api.get(self.url, {"page_size": 999}).json()["results"]) == 63


class TestAreas:
    url = "/api/v1/areas/"

    def test_each_of_the_four_people_gets_their_own_areas(self, signed, api, people, places):
        assert codes(signed(people.clerk).get(self.url)) == ["A-MINE", "KR"]
        assert codes(signed(people.other).get(self.url)) == ["A-FOREIGN", "KR"]
        assert codes(signed(people.ministry).get(self.url)) == ["A-FOREIGN", "A-MINE", "KR"]
        assert signed(people.nobody).get(self.url).status_code == 403
        api.logout()
        assert api.get(self.url).status_code == 401

    def test_an_area_of_another_region_does_not_exist(self, signed, people):
        assert signed(people.clerk).get("/api/v1/areas/A-FOREIGN/").status_code == 404
        assert signed(people.clerk).get("/api/v1/areas/A-MINE/").status_code == 200

    def test_a_client_key_sees_its_own_areas(self, by_key):
        assert codes(by_key.get(self.url)) == ["A-MINE", "KR"]
        assert by_key.get("/api/v1/areas/A-FOREIGN/").status_code == 404

    @pytest.mark.parametrize("rows", [1, 8])
    def test_a_list_costs_the_same_for_any_number_of_rows(
        self, signed, people, places, rows, django_assert_num_queries
    ):
        AreaFactory.create_batch(rows, region=places.near)
        api = signed(people.clerk)
        with django_assert_num_queries(5):  # session, user, scope, count, rows with parents
            api.get(self.url)

    def test_the_parent_is_the_one_of_the_day(self, signed, people, places):
        before, since = AreaFactory(sido=True, code="OLD"), AreaFactory(sido=True, code="NEW")
        day = date(2026, 7, 1)
        AreaMembershipFactory(area=places.mine, parent=before, effective=DateRange(None, day))
        AreaMembershipFactory(area=places.mine, parent=since, effective=DateRange(day, None))
        api = signed(people.clerk)
        assert codes(api.get(self.url, {"parent": "OLD", "on": "2026-06-30"})) == ["A-MINE"]
        assert codes(api.get(self.url, {"parent": "OLD", "on": "2026-07-01"})) == []
        row = api.get(self.url, {"on": "2026-07-01", "level": "SIGUNGU"}).json()["results"][0]
        assert row["parent"] == "NEW"

    def test_a_cluster_area_names_its_cluster(self, signed, people, places):
        cluster = ClusterFactory(region=places.near)
        AreaFactory(cluster_area=True, cluster=cluster, region=places.near, code="C-1")
        body = signed(people.clerk).get("/api/v1/areas/C-1/").json()
        assert (body["level"], body["cluster"], body["current_stage"]) == ("CLUSTER", cluster.code, None)


def test_indicators_are_for_everyone_who_works_here(signed, people):
    IndicatorFactory(code="EXP")
    assert codes(signed(people.clerk).get("/api/v1/indicators/")) == ["EXP"]
    assert signed(people.other).get("/api/v1/indicators/EXP/").json()["other_units"] == []
    assert signed(people.nobody).get("/api/v1/indicators/").status_code == 403


def test_designations_stay_within_the_scope_and_follow_the_day(signed, people, places):
    DesignationFactory(area=places.mine, end_last_known=date(2020, 12, 31))
    DesignationFactory(area=places.foreign)
    url = "/api/v1/designations/"
    assert codes(signed(people.clerk).get(url), "area") == ["A-MINE"]
    assert codes(signed(people.clerk).get(url, {"on": "2021-01-01"}), "area") == []
    assert codes(signed(people.ministry).get(url, {"on": "2021-01-01"}), "area") == ["A-FOREIGN"]


def test_rows_read_from_columns_are_what_the_serializer_would_write(places):
    region = RegionFactory(sigungu=True, latitude="37.55651", effective=DateRange(date(2020, 1, 1), date(2026, 7, 1)))
    cluster = AreaFactory(cluster_area=True)
    DesignationFactory(area=places.mine, end_last_known=date(2020, 12, 31))
    for row, queryset in [
        (RegionRow, Region.objects.filter(pk__in=[region.pk, places.here.pk, places.nation.region_id])),
        (AreaRow, with_parent(Area.objects.filter(pk__in=[cluster.pk, places.mine.pk]), date(2026, 1, 1))),
        (DesignationRow, DesignationFactory._meta.model.objects.all()),
    ]:
        ordered = queryset.order_by("pk")
        assert row.render(row.select(ordered)) == [dict(row(instance).data) for instance in ordered]


def test_an_address_that_does_not_exist_is_refused_in_the_same_shape(signed, people):
    answer = signed(people.clerk).get("/api/v1/nothing/here/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.headers["X-Request-Id"]
