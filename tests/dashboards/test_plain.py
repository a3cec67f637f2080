"""Is the portal alive, how accessible is it, and what a reader sees when something goes wrong."""

import json

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError, connection
from django.test import RequestFactory

from portal.dashboards import views
from portal.dashboards.views import plain


@pytest.mark.django_db
class TestAlive:
    def test_anyone_may_ask(self, client):
        response = client.get("/alive/")
        assert (response.status_code, response.json()) == (200, {"status": "ok"})
        assert response.headers["cache-control"] == "no-store"

    def test_it_asks_the_database(self, client, django_assert_num_queries):
        with django_assert_num_queries(1):
            client.get("/alive/")

    def test_a_silent_database_is_told(self, client, monkeypatch):
        def broken(*args, **kwargs):
            raise DatabaseError("gone")

        monkeypatch.setattr(connection, "cursor", broken)
        response = client.get("/alive/")
        assert (response.status_code, response.json()) == (503, {"status": "unavailable", "failing": ["database"]})

    def test_a_silent_cache_is_told(self, client, monkeypatch):
        def broken(*args, **kwargs):
            raise ConnectionError("gone")

        monkeypatch.setattr(plain.cache, "set", broken)
        assert client.get("/alive/").json() == {"status": "unavailable", "failing": ["cache"]}

    def test_a_cache_that_forgets_is_no_cache(self, client, monkeypatch):
        monkeypatch.setattr(plain.cache, "get", lambda key: None)
        assert client.get("/alive/").status_code == 503
        assert cache is plain.cache

    def test_it_only_reads(self, client):
        assert client.post("/alive/").status_code == 405


@pytest.mark.django_db
def test_anyone_may_read_the_accessibility_notice(client):
    response = client.get("/accessibility/")
    assert response.status_code == 200
    assert "공인 기관의 품질인증을 받은 것은 아닙니다" in response.content.decode()


class TestFaults:
    @pytest.fixture
    def request_of_nobody(self, db, client):
        request = RequestFactory().get("/nowhere/")
        request.id = "req-1"
        return request

    @pytest.mark.parametrize(
        ("view", "error", "status"),
        [
            (views.bad_request, SuspiciousOperation(), 400),
            (views.permission_denied, PermissionDenied(), 403),
            (views.not_found, Exception(), 404),
        ],
    )
    def test_each_fault_has_its_page(self, request_of_nobody, view, error, status):
        from django.contrib.auth.models import AnonymousUser

        request_of_nobody.user = AnonymousUser()
        response = view(request_of_nobody, error)
        assert response.status_code == status
        assert str(status) in response.content.decode()

    def test_a_broken_portal_still_has_a_page_without_the_database(self, monkeypatch):
        request = RequestFactory().get("/")
        request.id = "req-1"
        response = views.server_error(request)  # this test may not touch the database: the page must not either
        html = response.content.decode()
        assert response.status_code == 500
        assert "req-1" in html
        assert "처리하다가 문제가 생겼습니다" in html

    @pytest.mark.django_db
    def test_a_machine_is_told_of_a_fault_as_a_machine(self):
        request = RequestFactory().get("/api/v1/areas/")
        request.id = "R-1"
        answer = views.server_error(request)
        told = json.loads(answer.content)
        assert (answer.status_code, told["code"], told["request_id"]) == (500, "server_error", "R-1")
        assert set(told) >= {"code", "message", "fields"}

    def test_an_address_that_does_not_exist_answers_in_words(self, sign_in, people):
        response = sign_in(people.here).get("/nowhere/")
        assert response.status_code == 404
        assert "찾는 화면이 없습니다" in response.content.decode()
