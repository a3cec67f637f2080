"""The page that explains the API."""

import re

import pytest
from django.urls import Resolver404, resolve

from portal.api import document, reference

pytestmark = pytest.mark.django_db
DOCS = "/api/"


def words(client, somebody, status=200):
    client.logout()
    if somebody is not None:
        client.force_login(somebody)
    answer = client.get(DOCS)
    assert answer.status_code == status
    return answer.content.decode()


def test_it_is_for_people_who_work_here(client, people):
    for somebody in (people.clerk, people.other, people.ministry):
        assert "연계 API" in words(client, somebody)
    words(client, people.nobody, 403)
    words(client, None, 302)


def test_every_operation_and_every_field_is_explained(client, people):
    page = words(client, people.clerk)
    for path, operations in document.document()["paths"].items():
        assert f"<code>{path}</code>" in page
        for operation in operations.values():
            assert f'id="{operation["operationId"]}"' in page
            assert all(f"<code>{each['name']}</code>" in page for each in operation.get("parameters", []))
    for field in ("rows[].value", "results[].model_stage", "run.output_digest", "current_stage.stage"):
        assert f"<code>{field}</code>" in page, field


def test_every_resource_has_its_words_and_samples():
    """A new one wants a title in `RESOURCES` and, if it has a detail, a code in `_CODES`."""
    assert {resource.anchor for resource in reference.resources()} == set(reference.RESOURCES)
    assert not [each.example for part in reference.resources() for each in part.operations if "//" in each.example]


def test_the_examples_lead_to_addresses_that_exist():
    for resource in reference.resources():
        for operation in resource.operations:
            path = operation.example.split("?")[0]
            assert "{" not in path
            try:
                assert resolve(path).view_name != "v1:unknown", path
            except Resolver404:
                pytest.fail(path)


def test_the_examples_ask_only_what_the_api_knows():
    for resource in reference.resources():
        for operation in resource.operations:
            asked = {pair.split("=")[0] for pair in operation.example.partition("?")[2].split("&") if pair}
            assert asked <= {line.name for line in operation.parameters}, operation.path


def test_it_needs_nothing_inline_and_nothing_from_outside(client, people):
    page = words(client, people.clerk)
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page)
    assert not re.search(r'(src|href)="https?://', page)
    assert page.count("<h1") == 1


def test_it_costs_no_query_of_its_own(client, people, django_assert_num_queries):
    client.force_login(people.clerk)
    client.get(DOCS)
    with django_assert_num_queries(3):  # session, user, scope
        client.get(DOCS)
