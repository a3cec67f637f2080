"""Every address is closed unless it is listed, and asks more than a sign-in unless it is listed. The walk finds them."""

import re
from uuid import uuid4

import pytest
from django.urls import resolve
from django.urls.exceptions import Resolver404

from portal.directory.enums import Role
from portal.directory.middleware import OPEN_VIEWS
from tests.factories.directory import UserFactory, person
from tests.portal.test_consistency import routes

pytestmark = pytest.mark.django_db

# Pages that are one's own: an account without any membership reaches them, and finds nothing of anybody's there.
OWN_PAGES = {
    "home",
    "search",
    "logout",
    "my_account",
    "account",
    "notices",
    "jobs",
    "v1:unknown",
}
_GROUP = re.compile(r"\(\?P<\w+>(?:[^()]|\([^()]*\))*\)")
_FILLED = {"int": "999999999", "slug": "nothing", "path": "nothing", "uuid": str(uuid4()), "date": "2026-01-31"}


def _fitting(group):
    """Something the group of a regular expression takes: a number, a UUID, or the first of the words it lists."""
    pattern = group[0].partition(">")[2].removesuffix(")")
    candidates = (str(uuid4()), "1248100998", "nothing", pattern.split("|")[0])
    return next(each for each in candidates if re.fullmatch(pattern, each))


def addresses():
    """(name, an address such a route answers): parts of a path are filled with what certainly does not exist."""
    for path, name, _ in routes():
        plain = _GROUP.sub(_fitting, path)
        plain = plain.replace("^", "").replace("\\Z", "").replace("$", "").replace(".*", "nothing")
        yield name, "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda part: _FILLED.get(part[1] or "", "없는것"), plain)


def test_the_walk_reaches_every_route():
    """An address made up here that leads elsewhere would let a route go unseen."""
    astray = []
    for name, address in addresses():
        try:
            found = resolve(address).view_name
        except Resolver404:
            found = "nowhere"
        if found != name and name not in {"my_account", "account"}:
            astray.append((name, address, found))
    assert astray == []
    assert len(list(addresses())) > 150


def test_strangers_reach_the_listed_pages_and_no_other(client):
    reached = {}
    for name, address in addresses():
        for method in ("get", "post"):
            answer = getattr(client, method)(address)
            to_sign_in = answer.status_code == 302 and answer.url.startswith("/login/")
            if not to_sign_in and answer.status_code != 401:
                reached.setdefault(name, []).append((method, answer.status_code))
    assert set(reached) <= OPEN_VIEWS | {"v1:unknown"}, reached


def test_an_account_without_membership_reaches_its_own_pages_and_no_other(client):
    client.force_login(UserFactory())
    reached = {}
    for name, address in addresses():
        if name in OPEN_VIEWS:
            continue
        for method in ("get", "post"):
            if name == "logout" and method == "post":
                continue
            answer = getattr(client, method)(address)
            if answer.status_code not in {403, 404, 405}:
                reached.setdefault(name, []).append((method, answer.status_code))
    assert set(reached) <= OWN_PAGES, reached


def test_a_finance_body_asks_about_entitlements_and_reaches_nothing_else(client):
    """Even where its body answers for regions, or is the ministry itself."""
    allowed = OPEN_VIEWS | OWN_PAGES | {
        "measures:measures", "measures:measure", "measures:areas", "measures:check", "v1:entitlements",
        "v1:measure-list",
    }  # fmt: skip
    client.force_login(person(role=Role.FINANCE))
    reached = {}
    for name, address in addresses():
        for method in ("get", "post"):
            if name != "logout" and getattr(client, method)(address).status_code not in {403, 404, 405}:
                reached.setdefault(name, []).append(method)
    assert set(reached) <= allowed, sorted(set(reached) - allowed)


@pytest.mark.parametrize("role", [Role.HQ, Role.OFFICE_HEAD, Role.TECHNOPARK, Role.SIDO])
def test_no_address_breaks_for_anybody(client, role):
    """What does not exist is 404, what is not theirs 403, what cannot be read 400: never a fault of the portal's."""
    client.force_login(person(role=role))
    broken = {}
    for name, address in addresses():
        for method in ("get", "post"):
            if name == "logout":
                continue
            answer = getattr(client, method)(address)
            if answer.status_code >= 500:
                broken.setdefault(name, []).append((method, answer.status_code))
    assert broken == {}
