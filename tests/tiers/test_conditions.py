"""Conditions changed field by field: what is not touched stays, what is becomes the tree, faults stand at their field."""

import json

import pytest
from django.urls import reverse

from companies.tiers import rules, services
from companies.tiers.forms import ConditionsForm
from companies.tiers.loaders import DATA
from companies.tiers.models import CriteriaSet, Screening
from tests.tiers.factories import CriteriaFactory

PUBLISHED = json.loads((DATA / "criteria.json").read_text(encoding="utf-8"))
TREE = {
    "all": [
        {"metric": "EMPLOYEES", "operator": "GE", "value": 10},
        {"metric": "SALES_AVERAGE", "operator": "GE", "value": 5_000_000_000, "years": 3, "note": "공고"},
        {
            "k": 2,
            "of": [
                {"metric": "HAS_LAB", "operator": "IS", "value": True, "at_review": True},
                {"metric": "SIZE", "operator": "IN", "value": ["SMALL", "MEDIUM"]},
                {"metric": "RND_RATIO", "operator": "GT", "value": "2.5"},
            ],
        },
    ]
}


def as_shown(body):
    """What the browser would send back untouched."""
    form = ConditionsForm(body=body, initial={"seen": "x"})
    data = {}
    for name in form.fields:
        value = form[name].value()
        if value is True:
            data[name] = "on"
        elif value not in (None, False):
            data[name] = str(value)
    return data


def changed(body, **fields):
    data = {name: value for name, value in {**as_shown(body), **fields}.items() if value is not None}
    return ConditionsForm(data, body=body)


@pytest.mark.parametrize("body", [*(row["body"] for row in PUBLISHED), TREE])
def test_conditions_sent_back_untouched_mean_what_they_meant(body):
    form = changed(body)
    assert form.is_valid(), form.errors
    assert rules.parse(form.body) == rules.parse(body)


def test_a_threshold_an_operator_and_a_window_are_changed_in_the_words_of_the_page():
    form = changed(
        TREE,
        **{"n1-value": "5", "n2-value": "42.5", "n2-years": "5", "n2-operator": "GT", "n3-kind": "of", "n3-k": "1"},
    )
    assert form.is_valid(), form.errors
    first, second, group = form.body["all"]
    assert first["value"] == 5
    assert second == {
        "metric": "SALES_AVERAGE", "operator": "GT", "value": 4_250_000_000, "years": 5, "note": "공고",
    }  # fmt: skip
    assert group["k"] == 1


def test_conditions_and_groups_are_dropped_and_added():
    form = changed(
        TREE,
        **{
            "n3-drop": "on", "n1-drop": "on", "n0-new-metric": "CERTIFICATIONS", "n0-new-value": "벤처기업, 이노비즈",
            "n0-new-nest": "any",
        },
    )  # fmt: skip
    assert form.is_valid(), form.errors
    kept, added = form.body["all"]
    assert kept["metric"] == "SALES_AVERAGE"
    assert added == {"any": [{"metric": "CERTIFICATIONS", "operator": "ANY_OF", "value": ["VENTURE", "INNOBIZ"]}]}


def test_nothing_left_is_refused():
    form = changed({"all": [TREE["all"][0]]}, **{"n1-drop": "on"})
    assert not form.is_valid()
    assert form.non_field_errors() == ["조건을 하나 이상 남겨 주세요."]


@pytest.mark.parametrize(
    ("fields", "at", "word"),
    [
        ({"n1-value": "열"}, "n1-value", "숫자로"),
        ({"n2-value": "0.000000001"}, "n2-value", "1원보다"),
        ({"n5-value": "작은회사"}, "n5-value", "쓸 수 있는 말: 소상공인"),
        ({"n3-k": "9"}, "n3-k", "3)까지"),
        ({"n3-k": ""}, "n3-k", "정수여야"),
        ({"n0-new-metric": "EMPLOYEES", "n0-new-value": "", "n0-new-operator": ""}, "n0-new-value", "숫자로"),
        ({"n0-new-metric": "EMPLOYEES", "n0-new-value": "3", "n0-new-operator": "IS"}, "n0-new-operator", "이상"),
        ({"n4-value": "글쎄"}, "n4-value", ""),
    ],
)
def test_a_fault_stands_at_its_field(fields, at, word):
    form = changed(TREE, **fields)
    assert not form.is_valid()
    assert set(form.errors) == {at}
    assert word in form.errors[at][0]


def test_a_fault_stays_at_its_field_when_something_before_it_is_dropped():
    form = changed(TREE, **{"n1-drop": "on", "n3-k": "9"})
    assert not form.is_valid()
    assert set(form.errors) == {"n3-k"}


@pytest.mark.django_db
class TestPages:
    def test_an_adopted_set_is_copied_changed_and_simulated_against_itself(
        self, client, people, sent_tasks, django_capture_on_commit_callbacks
    ):
        CriteriaFactory(adopted=True, code="now", body=TREE, sha256=rules.digest(TREE))
        client.force_login(people.ministry)
        response = client.post(reverse("tiers:criteria_try", args=["now"]))
        page = reverse("tiers:criteria_conditions", args=["now-try-1"])
        assert response.url == page
        draft = CriteriaSet.objects.get(code="now-try-1")
        assert client.get(page).status_code == 200
        data = {**as_shown(TREE), "seen": draft.updated_at.isoformat(), "n1-value": "30", "simulate": ""}
        response = client.post(page, data)
        assert response.status_code == 302, response.content.decode()
        assert "criteria=now-try-1" in response.url
        assert "compared_with=now" in response.url
        form = client.get(response.url).context["form"]
        assert (form["criteria"].value(), form["compared_with"].value()) == ("now-try-1", "now")
        draft.refresh_from_db()
        assert draft.body["all"][0]["value"] == 30
        assert draft.sha256 == rules.digest(draft.whole)
        asked = {"criteria": "now-try-1", "compared_with": "now", "on": "2026-05-01", "base_year": "2025"}
        with django_capture_on_commit_callbacks(execute=True):
            client.post(response.url, asked)
        assert Screening.objects.get().compared_with.code == "now"

    def test_what_another_changed_meanwhile_is_not_overwritten(self, client, people):
        draft = CriteriaFactory(code="draft", body=TREE)
        page = reverse("tiers:criteria_conditions", args=["draft"])
        client.force_login(people.ministry)
        data = {**as_shown(TREE), "seen": draft.updated_at.isoformat(), "done": ""}
        assert client.post(page, {**data, "n1-value": "7"}).status_code == 302
        response = client.post(page, {**data, "n1-value": "8"})
        assert response.status_code == 422
        assert "다른 사람이" in response.content.decode()
        draft.refresh_from_db()
        assert draft.body["all"][0]["value"] == 7

    def test_an_adopted_set_or_one_of_elsewhere_is_not_changed(self, client, places, people):
        CriteriaFactory(adopted=True, code="now", region=places.here)
        CriteriaFactory(code="there", region=places.there)
        client.force_login(people.head)
        assert client.get(reverse("tiers:criteria_conditions", args=["now"])).status_code == 302
        assert client.get(reverse("tiers:criteria_conditions", args=["there"])).status_code == 403
        response = client.post(reverse("tiers:criteria_try", args=["there"]))
        made = CriteriaSet.objects.get(code="there-try-1")
        assert (response.status_code, made.region) == (302, places.here)
        client.force_login(people.nobody)
        assert client.post(reverse("tiers:criteria_try", args=["there"])).status_code == 403

    def test_an_industry_is_chosen_in_the_form_and_takes_the_codes_on_record(self, client, places, people):
        from tests.tiers.factories import industry

        one = industry(places.here, codes=("26", "291"))
        client.force_login(people.head)
        data = {
            "code": "of-one", "title": "산업 기준", "programme": "MAIN_INDUSTRY", "tier": "POTENTIAL",
            "region": places.here.pk, "industry": one.pk, "start": "2026-01-01", "body": json.dumps(TREE),
        }  # fmt: skip
        response = client.post(reverse("tiers:criteria_new"), data)
        assert response.status_code == 302, response.context["form"].errors
        made = CriteriaSet.objects.get(code="of-one")
        assert (made.industry, made.industry_codes) == (one, ["26", "291"])
        shown = client.get(reverse("tiers:criteria", args=["of-one"])).content.decode()
        assert "시험 주축산업" in shown
        assert "26, 291" in shown


def test_a_region_named_by_one_word_means_its_old_and_its_new_code():
    body = {"all": [{"metric": "HQ_REGION", "operator": "IN", "value": ["11"]}]}
    form = changed(body, **{"n1-value": "전북, 제주"})
    assert form.is_valid(), form.errors
    assert form.body["all"][0]["value"] == ["45", "52", "50"]
    assert services.checked(form.body) is None
