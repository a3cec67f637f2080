"""Pages and endpoints of the dossiers: who sees them, what they cost, what they say of a broken one."""

import hashlib

import pytest
from django.urls import reverse

from crisis.dossiers import services
from crisis.dossiers.models import Dossier
from crisis.models import Determination
from portal.directory.enums import Role
from portal.directory.models import Job
from tests.dossiers.test_verifying import rewrite, severe_to_good
from tests.factories.directory import UserFactory, person

URL = "/api/v1/dossiers/"


@pytest.fixture
def people(decided):
    return {
        "clerk": person(region=decided.land.sido[1].region),
        "other": person(region=decided.land.sido[0].region),
        "ministry": person(role=Role.HQ),
        "nobody": UserFactory(),
    }


def test_each_of_the_four_people(client, decided, people):
    pages = [
        reverse("dossiers:dossiers"), reverse("dossiers:dossier", args=[1]), reverse("dossiers:dossier_json", args=[1]),
        reverse("dossiers:of_determination", args=[Determination.objects.get(area__code="G2").pk]),
    ]  # fmt: skip
    assert [client.get(page).status_code for page in pages] == [302] * 4
    expected = {"clerk": [200, 200, 200, 302], "other": [200, 404, 404, 404], "nobody": [403] * 4}
    expected["ministry"] = expected["clerk"]
    for who, codes in expected.items():
        client.force_login(people[who])
        assert [client.get(page).status_code for page in pages] == codes, who
    client.force_login(people["other"])
    assert not client.get(pages[0]).context["page"].object_list


@pytest.mark.parametrize("links", [1, 2])
def test_the_list_costs_the_same_for_any_number(client, decided, people, links, django_assert_max_num_queries):
    client.force_login(people["ministry"])
    page = reverse("dossiers:dossiers")
    client.get(page)
    with django_assert_max_num_queries(9):
        found = client.get(page, {"size": 20} if links == 2 else {"area": decided.land.sigungu[2].name_ko})
        assert len(found.context["page"].object_list) == links


def test_a_page_says_what_the_record_says_and_that_it_holds(client, decided, people, django_assert_max_num_queries):
    client.force_login(people["clerk"])
    client.get(reverse("dossiers:dossier", args=[1]))
    with django_assert_max_num_queries(9):
        page = client.get(reverse("dossiers:dossier", args=[1])).content.decode()
    for expected in ["내용과 사슬 일치", Dossier.objects.get(sequence=1).sha256, "위원3의 소수 의견", "◆ 심각"]:
        assert expected in page


def test_a_broken_dossier_is_said_to_be_broken_and_not_shown(client, decided, people):
    rewrite(1, severe_to_good)
    client.force_login(people["clerk"])
    page = client.get(reverse("dossiers:dossier", args=[1])).content.decode()
    assert "온전하지 않습니다" in page
    assert "위원3의 소수 의견" not in page
    assert "PDF 만들기" not in page


def test_the_json_is_the_frozen_bytes(client, decided, people):
    client.force_login(people["clerk"])
    answer = client.get(reverse("dossiers:dossier_json", args=[1]))
    assert hashlib.sha256(answer.content).hexdigest() == Dossier.objects.get(sequence=1).sha256


def test_a_paper_is_owed_as_a_job(client, decided, people, sent_tasks):
    page = reverse("dossiers:paper_new", args=[1])
    client.force_login(people["other"])
    assert client.post(page, {"format": "pdf"}).status_code == 404
    client.force_login(people["clerk"])
    assert client.get(page).status_code == 405
    assert client.post(page, {"format": "pdf"}).status_code == 302
    job = Job.objects.get(kind="dossier_paper")
    assert (job.owner, job.arguments) == (people["clerk"], {"sequence": 1, "format": "pdf"})


def test_the_whole_is_checked_by_whoever_may_read_the_history(client, decided, people, sent_tasks):
    from crisis.dossiers.tasks import verify

    page = reverse("dossiers:check_all")
    client.force_login(person(region=decided.land.sido[1].region, role=Role.COUNCIL_MEMBER))
    assert client.post(page).status_code == 403
    auditor = person(role=Role.AUDITOR)
    client.force_login(auditor)
    assert client.post(page).status_code == 302
    job = Job.objects.get(kind="verify_dossiers")
    verify(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["ok"], job.result["runs"]) == ("DONE", True, 1)
    assert "보관본은 온전합니다" in client.get(reverse("dossiers:dossiers")).content.decode()
    rewrite(1, severe_to_good, rehash=False)
    services.sweep_chain()
    assert "처음 어긋난 곳은 제1호" in client.get(reverse("dossiers:dossiers")).content.decode()


class TestRest:
    def test_each_of_the_four_people(self, api, decided, people):
        assert api.get(URL).status_code == 401
        for who, count in {"clerk": 2, "other": 0, "ministry": 2}.items():
            api.force_login(people[who])
            assert api.get(URL).json()["count"] == count
        api.force_login(people["nobody"])
        assert api.get(URL).status_code == 403

    def test_the_text_hashes_to_its_name_and_names_the_one_before(self, api, decided, people):
        api.force_login(people["clerk"])
        first, second = (api.get(f"{URL}{number}/").json() for number in (1, 2))
        assert hashlib.sha256(first["content"].encode()).hexdigest() == first["sha256"]
        assert second["previous_sha256"] == first["sha256"]
        api.force_login(people["other"])
        assert api.get(f"{URL}1/").status_code == 404

    def test_it_is_found_by_area_and_followed_by_number(self, api, decided, people):
        api.force_login(people["ministry"])
        assert [row["sequence"] for row in api.get(URL, {"area": "G3"}).json()["results"]] == [2]
        assert [row["sequence"] for row in api.get(URL, {"after": 1}).json()["results"]] == [2]

    def test_a_list_does_not_read_the_texts(self, api, decided, people, django_assert_num_queries):
        api.force_login(people["ministry"])
        with django_assert_num_queries(5) as asked:  # session, user, scope, count, rows
            api.get(URL)
        assert not any('"content"' in query["sql"] for query in asked.captured_queries)
