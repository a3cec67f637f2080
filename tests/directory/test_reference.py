"""Pages of regions and bodies."""

import csv
import io
from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from portal.directory.enums import OrganizationKind, Role, SuccessionKind
from portal.directory.models import Jurisdiction, RegionCode, RegionSuccession
from tests.factories.directory import ALWAYS, OrganizationFactory, RegionFactory, person

pytestmark = pytest.mark.django_db
REGIONS, BODIES = "/regions/", "/organizations/"


def page_of(region):
    return reverse("region", args=[region.scheme, region.code])


class TestRegions:
    def test_each_of_the_four_people_sees_their_own(self, text, people):
        mine, theirs, all_of_it = (text(who, REGIONS) for who in (people.clerk, people.other, people.ministry))
        assert ("가까운시" in mine, "먼시" in mine) == (True, False)
        assert ("가까운시" in theirs, "먼시" in theirs) == (False, True)
        assert "가까운시" in all_of_it
        assert "먼시" in all_of_it
        text(people.nobody, REGIONS, status=403)
        text(None, REGIONS, status=302)

    def test_a_region_of_another_scope_does_not_exist(self, text, people, places):
        text(people.other, page_of(places.near), status=404)
        assert "먼시" not in text(people.clerk, REGIONS, parent=places.there.pk)

    @pytest.mark.parametrize("rows", [1, 8])
    def test_the_list_costs_the_same_for_any_number_of_rows(
        self, client, people, places, rows, django_assert_num_queries
    ):
        RegionFactory.create_batch(rows, sigungu=True, parent=places.here)
        client.force_login(people.clerk)
        client.get(REGIONS)
        with django_assert_num_queries(6):  # session, user, scope, 시·도 to choose from, count, rows
            client.get(REGIONS)

    def test_it_can_be_searched_and_set_back_in_time(self, text, people, places):
        RegionFactory(sigungu=True, parent=places.here, name_ko="옛날군", effective=DateRange(None, date(2020, 1, 1)))
        assert "옛날군" in text(people.clerk, REGIONS, q="옛날")
        assert "옛날군" not in text(people.clerk, REGIONS, q="옛날", on="2020-01-01")
        assert "옛날군" in text(people.clerk, REGIONS, on="2019-12-31", level="SIGUNGU", parent=places.here.pk)

    def test_it_is_exported_with_its_codes_as_text(self, client, people, places):
        client.force_login(people.clerk)
        answer = client.get(REGIONS, {"export": "csv", "q": "가까운시"})
        rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        assert [(row["지역 코드"], row["이름"], row["잠정"]) for row in rows] == [
            (places.near.code, "가남도 가까운시", "아니오")
        ]

    def test_a_region_tells_its_story(self, text, people, places):
        old = RegionFactory(
            sigungu=True, parent=places.here, name_ko="옛군", effective=DateRange(date(1995, 1, 1), date(2023, 7, 1))
        )
        RegionSuccession.objects.create(
            predecessor=old, successor=places.near, on=date(2023, 7, 1), kind=SuccessionKind.RENAMED, provisional=True
        )
        RegionCode.objects.create(region=places.near, scheme="KOSTAT", code="22310")
        page = text(people.clerk, page_of(places.near))
        for words in ("옛군", "이름 변경", "2023. 7. 1.", "KOSTAT", "22310", places.office.name_ko, "잠정"):
            assert words in page
        assert "1995. 1. 1. ~ 2023. 6. 30." in text(people.clerk, page_of(old))

    def test_a_successor_outside_the_scope_is_named_but_leads_nowhere(self, text, people, places):
        RegionSuccession.objects.create(
            predecessor=places.near, successor=places.far, on=date(2023, 7, 1), kind=SuccessionKind.MOVED
        )
        page = text(people.clerk, page_of(places.near))
        assert "먼시" in page
        assert page_of(places.far) not in page

    @pytest.mark.parametrize("rows", [1, 6])
    def test_a_region_costs_the_same_however_many_answer_for_it(
        self, client, people, places, rows, django_assert_num_queries
    ):
        for number in range(rows):
            OrganizationFactory(of_region=places.near)
            before = RegionFactory(sigungu=True, parent=places.here)
            RegionSuccession.objects.create(
                predecessor=before, successor=places.near, on=date(2000 + number, 1, 1), kind=SuccessionKind.MERGED
            )
            RegionFactory(sigungu=True, parent=places.near)
        client.force_login(people.clerk)
        client.get(page_of(places.near))
        # session, user, scope, region, reachable, names, before, after, bodies, codes, parts
        with django_assert_num_queries(11):
            client.get(page_of(places.near))


class TestOrganizations:
    def test_each_of_the_four_people_sees_their_own(self, text, people, places):
        mine, theirs = places.office.name_ko, places.other_office.name_ko
        clerk = text(people.clerk, BODIES)
        assert (mine in clerk, theirs in clerk) == (True, False)
        other = text(people.other, BODIES)
        assert (mine in other, theirs in other) == (False, True)
        ministry = text(people.ministry, BODIES)
        assert (mine in ministry, theirs in ministry) == (True, True)
        text(people.nobody, BODIES, status=403)
        text(None, BODIES, status=302)
        text(people.clerk, f"{BODIES}RO-THERE/", status=404)

    def test_a_body_tells_what_it_answers_for_and_since_when(self, text, people, places):
        Jurisdiction.objects.create(
            organization=places.office, region=places.far, effective=DateRange(date(2010, 1, 1), date(2015, 1, 1)),
            provisional=True,
        )  # fmt: skip
        page = text(people.clerk, f"{BODIES}RO-HERE/")
        assert "2010. 1. 1. ~ 2014. 12. 31." in page
        assert page_of(places.here) in page
        assert page_of(places.far) not in page  # an old jurisdiction opens nothing today

    def test_only_colleagues_and_administrators_see_who_works_there(self, text, people, places):
        url = f"{BODIES}RO-HERE/"
        assert people.clerk.name in text(people.clerk, url)
        assert people.clerk.name in text(people.administrator, url)
        neighbour = person(role=Role.TECHNOPARK, organization=OrganizationFactory(of_region=places.here))
        assert people.clerk.name not in text(neighbour, url)
        assert people.clerk.name not in text(people.ministry, url)

    def test_bodies_are_found_by_kind_and_by_the_region_they_answer_for(self, text, people, places):
        park = OrganizationFactory(technopark=True, of_region=places.near, name_ko="가남테크노파크")
        gone = OrganizationFactory(name_ko="옛관할청", kind=OrganizationKind.AGENCY)
        Jurisdiction.objects.create(organization=gone, region=places.near, effective=DateRange(None, date(2015, 1, 1)))
        assert park.name_ko in text(people.ministry, BODIES, kind="TECHNOPARK")
        assert places.office.name_ko not in text(people.ministry, BODIES, kind="TECHNOPARK")
        found = text(people.ministry, BODIES, region=places.here.pk)
        assert park.name_ko in found
        assert places.office.name_ko in found
        assert "옛관할청" not in found
        assert park.name_ko in text(people.ministry, BODIES, q="테크노")

    @pytest.mark.parametrize("rows", [1, 8])
    def test_the_list_costs_the_same_for_any_number_of_rows(
        self, client, people, places, rows, django_assert_num_queries
    ):
        OrganizationFactory.create_batch(rows, of_region=places.here, parent=places.office)
        client.force_login(people.clerk)
        client.get(BODIES)
        with django_assert_num_queries(6):  # session, user, scope, 시·도 to choose from, count, rows
            client.get(BODIES)

    @pytest.mark.parametrize("rows", [1, 6])
    def test_a_body_costs_the_same_however_many_regions_and_people_it_has(
        self, client, people, places, rows, django_assert_num_queries
    ):
        for _ in range(rows):
            region = RegionFactory(sigungu=True, parent=places.here)
            Jurisdiction.objects.create(organization=places.office, region=region, effective=ALWAYS)
            person(organization=places.office)
            OrganizationFactory(of_region=places.near, parent=places.office)
        client.force_login(people.clerk)
        client.get(f"{BODIES}RO-HERE/")
        with django_assert_num_queries(8):  # session, user, scope, body, regions, children, members, reachable
            client.get(f"{BODIES}RO-HERE/")
