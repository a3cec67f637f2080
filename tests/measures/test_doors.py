"""The pages and the REST answer: four people, prices, shapes, faults."""

import io
from datetime import date

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from crisis.enums import Stage
from crisis.measures.loaders import load_measures
from crisis.measures.models import PreferentialMeasure
from portal.directory.models import Event
from tests.factories.companies import CompanyFactory, WorkplaceFactory
from tests.factories.crisis import AreaFactory
from tests.factories.directory import RegionFactory
from tests.measures.conftest import preference
from tests.plans.situations import decided

pytestmark = pytest.mark.django_db
URL = "/api/v1/entitlements/"
AREAS, CHECK = "measures:areas", "measures:check"


def text(client, url, code=200, **query):
    answer = client.get(url, query)
    assert answer.status_code == code, answer.content.decode()[:1500]
    return answer.content.decode()


class TestRest:
    def test_a_finance_body_is_told_when_and_why(self, by_key, firm, stage, loan):
        query = {"business_number": firm.seat.business_number, "date": "2025-09-01", "measure": "LOAN"}
        answer = by_key.get(URL, query)
        assert answer.status_code == 200, answer.content
        assert answer["Cache-Control"] == "no-store"
        assert answer.json() == {
            "date": "2025-09-01",
            "known_at": None,
            "results": [
                {
                    "business_number": firm.seat.business_number,
                    "entitled": True,
                    "places": [
                        {
                            "asked": False,
                            "region": "가남도 가까운시",
                            "entitlements": [
                                {
                                    "measure": "LOAN", "name": "우대 LOAN", "valid_from": "2025-08-01",
                                    "valid_before": "2026-02-01", "provisional": True,
                                    "grounds": [
                                        {
                                            "status": "CAUTION", "area": "A-NEAR", "area_name": "가까운시",
                                            "reference": "2025H1", "since": "2025-08-01", "valid_from": "2025-08-01",
                                            "valid_before": "2026-02-01", "is_demo": False,
                                        }
                                    ],
                                }
                            ],
                        }
                    ],
                }
            ],
        }  # fmt: skip

    def test_an_unknown_number_and_a_firm_not_entitled_are_answered_alike(self, by_key, firm, loan):
        def told(number):
            body = by_key.get(URL, {"business_number": number, "date": "2025-09-01"}).json()
            return body["results"][0] | {"business_number": ""}

        assert told(firm.site.business_number) == told("1111111119") == {
            "business_number": "", "entitled": False, "places": []
        }  # fmt: skip

    def test_many_are_asked_at_once_and_answered_in_order(self, by_key, firm, stage, loan):
        numbers = ["1111111119", firm.site.business_number, "111-11-11119"]
        body = by_key.post(URL, {"business_numbers": numbers, "date": "2025-09-01"}, format="json").json()
        assert [one["entitled"] for one in body["results"]] == [False, True, False]
        assert body["results"][2]["business_number"] == "1111111119"
        assert Event.objects.filter(verb="check_entitlement").count() == 1

    @pytest.mark.parametrize(
        ("who", "status"),
        [("office", 200), ("ministry", 200), ("lender", 200), ("city", 200), ("writer", 403), ("nobody", 403)],
    )
    def test_who_may_ask(self, api, people, firm, loan, who, status):
        api.force_login(getattr(people, who))
        assert api.get(URL, {"business_number": firm.site.business_number}).status_code == status
        body = {"business_numbers": [firm.site.business_number]}
        assert api.post(URL, body, format="json").status_code == status
        assert Event.objects.filter(verb="check_entitlement").exists() is (status == 200)
        api.logout()
        assert api.get(URL).status_code == 401

    def test_a_lender_learns_of_entitled_places_alone_wherever_its_body_sits(self, api, people, firm, stage, loan):
        """The firm's seat lies in the lender's own region, and still it is told of the entitled site only."""
        api.force_login(people.lender)
        numbers = [firm.seat.business_number, "1111111119"]
        body = api.post(URL, {"business_numbers": numbers, "date": "2025-09-01"}, format="json").json()
        told = [[place["region"] for place in one["places"]] for one in body["results"]]
        assert told == [["가남도 가까운시"], []]
        assert firm.company.name not in str(body)
        for address in ("companies/", "areas/", "determinations/", "rounds/", "observations/"):
            assert api.get(f"/api/v1/{address}").status_code == 403

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({}, "business_number"),
            ({"business_number": "123"}, "business_number"),
            ({"business_number": "1111111119", "date": "2025-13-01"}, "date"),
            ({"business_number": "1111111119", "day": "2025-01-01"}, "day"),
            ({"business_number": "1111111119", "known_at": "gestern"}, "known_at"),
        ],
    )
    def test_what_is_wrong_is_told_by_name(self, by_key, query, field):
        answer = by_key.get(URL, query)
        assert answer.status_code == 400
        assert list(answer.json()["fields"]) == [field]
        assert not Event.objects.filter(verb="check_entitlement").exists()

    def test_a_thousand_and_no_more(self, by_key, loan):
        numbers = [f"{n:010d}" for n in range(1001)]
        assert by_key.post(URL, {"business_numbers": numbers}, format="json").status_code == 400
        assert by_key.post(URL, {"business_numbers": numbers[:1000]}, format="json").status_code == 200

    @pytest.mark.parametrize("rows", [1, 8])
    def test_many_cost_what_one_costs(self, by_key, loan, places, stage, rows, django_assert_num_queries):
        numbers = [WorkplaceFactory(company=CompanyFactory(), region=places.near).business_number for _ in range(rows)]
        by_key.get(URL, {"business_number": numbers[0]})  # the key's last use is kept for five minutes
        with django_assert_num_queries(15):
            by_key.post(URL, {"business_numbers": numbers, "date": "2025-09-01"}, format="json")

    @pytest.mark.parametrize("rows", [1, 8])
    def test_the_catalogue_is_read_by_whoever_works_anywhere(self, api, people, rows, django_assert_num_queries):
        for at in range(rows):
            preference(f"M{at}")
        api.force_login(people.writer)
        with django_assert_num_queries(5):  # session, user, scope, count, rows
            body = api.get("/api/v1/measures/", {"status": "SEVERE", "on": "2025-01-01"}).json()
        assert body["count"] == rows
        assert body["results"][0]["statuses"] == ["CAUTION", "SEVERE"]
        api.force_login(people.nobody)
        assert api.get("/api/v1/measures/").status_code == 403


class TestPages:
    def test_the_list_holds_the_areas_of_the_readers_regions_and_the_country_for_finance(
        self, sign_in, people, places, stage, loan
    ):
        url = reverse(AREAS)
        for who, sees in (
            ("office", True),
            ("lender", True),
            ("writer", True),
            ("ministry", True),
            ("fund", True),
            ("other", False),
        ):
            page = text(sign_in(getattr(people, who)), url, on="2025-09-01")
            assert ("<tbody" in page and "가까운시" in page[page.index("<tbody") :]) is sees
        text(sign_in(people.nobody), url, 403)

    def test_the_list_goes_by_the_day_and_what_was_known(self, sign_in, people, stage, loan):
        client = sign_in(people.ministry)
        assert "<tbody" in text(client, reverse(AREAS), on="2026-01-31")
        assert "<tbody" not in text(client, reverse(AREAS), on="2026-02-01")
        assert "<tbody" not in text(client, reverse(AREAS), on="2025-09-01", known="2020-01-01")

    def test_the_list_is_narrowed_sorted_and_taken_away(self, sign_in, people, places, stage, loan):
        preference("VOUCHER")
        decided(places.foreign, Stage.SEVERE)
        client = sign_in(people.ministry)
        url = reverse(AREAS)
        assert text(client, url, on="2025-09-01", measure="VOUCHER").count("<tr>") == 3  # the head and two areas
        assert text(client, url, on="2025-09-01", region=places.there.code).count("<tr>") == 3
        assert text(client, url, on="2025-09-01", status="SEVERE", measure="LOAN").count("<tr>") == 2
        page = text(client, url, on="2025-09-01", measure="LOAN", sort="-area")
        body = page[page.index("<tbody") :]
        assert body.index("먼시") < body.index("가까운시")
        text(client, url, 400, day="2025-09-01")
        answer = client.get(url, {"on": "2025-09-01", "export": "xlsx", "measure": "LOAN"})
        rows = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0)
        found = rows.to_python()
        assert [row[0] for row in found[1:]] == ["가까운시", "먼시"]
        assert date(2025, 8, 1) in found[1]

    @pytest.mark.parametrize("rows", [1, 6])
    def test_the_list_costs_the_same_for_any_number_of_rows(
        self, sign_in, people, places, loan, rows, django_assert_max_num_queries
    ):
        for at in range(rows):
            area = AreaFactory(region=RegionFactory(sigungu=True, parent=places.here), code=f"R{at}")
            decided(area, Stage.CAUTION)
        client = sign_in(people.office)
        client.get(reverse("home"))
        with django_assert_max_num_queries(13):
            assert text(client, reverse(AREAS), on="2025-09-01").count("<tr>") == rows + 1

    def test_the_question_is_asked_on_a_page_and_put_on_record(self, sign_in, people, firm, stage, loan):
        form = {
            "numbers": f"{firm.site.business_number}\n111-11-11119",
            "day": "2025-09-01",
            "measure": "",
            "known": "",
        }
        page = sign_in(people.ministry).post(reverse(CHECK), form).content.decode()
        assert "가남도 가까운시" in page
        assert "나북도 먼시" in page  # the ministry sees the place that is not entitled too
        assert "대상 아님" in page
        assert Event.objects.filter(verb="check_entitlement", actor=people.ministry).count() == 1
        bare = sign_in(people.fund).post(reverse(CHECK), form).content.decode()
        assert "나북도 먼시" not in bare
        assert sign_in(people.ministry).post(reverse(CHECK), {**form, "numbers": "12"}).status_code == 422
        text(sign_in(people.writer), reverse(CHECK), 403)

    def test_the_catalogue_is_read_by_all_and_changed_by_the_ministry(self, sign_in, people, loan):
        for who in ("office", "fund", "lender", "writer", "other"):
            client = sign_in(getattr(people, who))
            assert "우대 LOAN" in text(client, reverse("measures:measures"))
            text(client, reverse("measures:measure", args=["LOAN"]))
            text(client, reverse("measures:measure_change", args=["LOAN"]), 403)
        client = sign_in(people.ministry)
        facts = {
            "start": "2026-03-01", "kind": "LOAN", "name_ko": "우대 LOAN", "provider_name": "시험기금", "basis": "고시 2",
            "statuses": ["SEVERE"], "lag_before_days": "5", "lag_after_days": "0", "outside_capital": "on",
        }  # fmt: skip
        assert client.post(reverse("measures:measure_change", args=["LOAN"]), facts).status_code == 302
        newest = PreferentialMeasure.objects.of_code("LOAN").latest("effective")
        assert (newest.statuses, newest.lag_before_days, newest.provisional) == (["SEVERE"], 5, False)
        assert client.post(reverse("measures:measure_new"), {**facts, "code": "LOAN"}).status_code == 422
        end = {"end": "2027-01-01", "reason": "종료"}
        assert client.post(reverse("measures:measure_end", args=["LOAN"]), end).status_code == 302
        text(client, reverse("measures:measure", args=["NONE"]), 404)


def test_the_shipped_catalogue_is_loaded_once_and_is_provisional(db):
    first, second = load_measures()[0], load_measures()[0]
    assert (first.created, second.created) == (9, 0)
    assert not PreferentialMeasure.objects.filter(provisional=False).exists()
