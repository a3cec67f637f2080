"""A draft nothing was done with may be thrown away; what anything rests on stays."""

import pytest
from django.urls import reverse

from crisis.models import RuleSet
from crisis.services.rule_sets import delete_rule_set
from crisis.validation import services
from portal.directory.enums import Role
from portal.directory.models import Event
from portal.kernel.errors import ChangedMeanwhile, Refusal
from tests.factories.crisis import RoundFactory
from tests.factories.directory import RegionFactory, UserFactory, person
from tests.validation.situations import draft, in_force

pytestmark = pytest.mark.django_db


def deleted(rule_set, reason="쓰지 않음", **facts):
    delete_rule_set(rule_set=rule_set, reason=reason, actor=UserFactory(), **{"seen": rule_set.updated_at, **facts})


def test_its_content_stays_in_the_history_and_the_deed_on_record():
    one = draft()
    deleted(one)
    assert not RuleSet.objects.filter(version=one.version).exists()
    event = Event.objects.get(verb="delete_rule_set")
    assert (event.reason, event.facts["version"], event.facts["sha256"]) == ("쓰지 않음", one.version, one.sha256)
    kept = RuleSet.pgh_event_model.objects.filter(pgh_obj_id=one.pk).order_by("pgh_id").last()
    assert (kept.pgh_label, kept.sha256) == ("delete", one.sha256)


def test_what_is_in_use_approved_changed_since_or_unexplained_stays():
    used = draft("USED")
    services.start_back_test(rule_set=used, level="SIGUNGU", actor=UserFactory())
    with pytest.raises(Refusal, match="사후검증") as refusal:
        deleted(used)
    assert refusal.value.code == "rule_set_used"
    of_round = draft("ROUND")
    RoundFactory(rule_set=of_round)
    with pytest.raises(Refusal, match="회차"):
        deleted(of_round)
    with pytest.raises(Refusal, match="승인된 기준"):
        deleted(in_force())
    other = draft("OTHER", T1="35")
    with pytest.raises(ChangedMeanwhile):
        deleted(other, seen=used.created_at)
    with pytest.raises(Refusal, match="사유"):
        deleted(other, reason=" ")
    assert RuleSet.objects.count() == 4
    assert not Event.objects.filter(verb="delete_rule_set").exists()


def test_the_ministry_deletes_from_the_page_and_nobody_else(client):
    one = draft()
    url = reverse("validation:delete", args=[one.version])
    client.force_login(person(region=RegionFactory()))
    assert client.get(url).status_code == 403
    client.force_login(person(role=Role.HQ))
    assert url in client.get(reverse("crisis:rule_set", args=[one.version])).content.decode()
    form = client.get(url).context["form"]
    assert client.post(url, {"seen": form["seen"].value(), "reason": ""}).status_code == 422
    assert client.post(url, {"seen": "gestern", "reason": "쓰지 않음"}).status_code == 422
    answer = client.post(url, {"seen": form["seen"].value(), "reason": "쓰지 않음"})
    assert (answer.status_code, answer.url) == (302, reverse("crisis:rule_sets"))
    assert not RuleSet.objects.exists()
