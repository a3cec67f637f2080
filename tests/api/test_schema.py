"""The OpenAPI document: valid, without warnings, the same as the reviewed copy."""

import json
from pathlib import Path

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from portal.api import document

COPY = Path(__file__).with_name("schema.json")


def test_the_document_is_valid_and_made_without_a_warning():
    GENERATOR_STATS.reset()
    made = document.make()
    assert not GENERATOR_STATS._warn_cache
    assert not GENERATOR_STATS._error_cache
    validate_schema(made)


def test_a_changed_contract_is_seen_in_review():
    assert json.loads(COPY.read_text()) == document.document(), (
        "The contract changed. If that is meant, run `python manage.py write_api_schema` and review the copy."
    )


def test_every_operation_says_what_it_is_and_how_it_refuses():
    for path, operations in document.document()["paths"].items():
        for method, operation in operations.items():
            assert operation.get("summary"), (method, path)
            assert operation.get("description"), (method, path)
            assert {"400", "401", "403"} <= set(operation["responses"]), (method, path)
            for parameter in operation.get("parameters", []):
                assert parameter.get("description") or parameter["in"] == "path", (path, parameter["name"])


def test_no_primary_key_leaves_the_portal():
    found = [
        (name, field)
        for name, component in document.document()["components"]["schemas"].items()
        for field in component.get("properties", {})
        if field in {"id", "pk"} or (field.endswith("_id") and field != "public_id")
    ]
    assert found == []


@pytest.mark.django_db
def test_the_document_is_for_people_and_keys_and_not_for_strangers(api, signed, people, by_key):
    url = "/api/v1/schema/"
    assert by_key.get(url).json()["info"]["version"]
    api.credentials()
    assert signed(people.clerk).get(url).status_code == 200
    assert signed(people.nobody).get(url).status_code == 403
    api.logout()
    assert api.get(url).status_code == 401
