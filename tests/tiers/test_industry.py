"""Criteria for one industry: whose codes they carry, whom they judge, whom they leave to other criteria."""

from datetime import date

import pytest

from companies.tiers import rules, services
from companies.tiers.enums import Finding, ScreeningKind, Tier
from companies.tiers.models import TierCase
from companies.tiers.tasks import run_screening
from portal.kernel.dates import period
from portal.kernel.errors import Refusal
from tests.tiers.factories import BODY, ON, CriteriaFactory, firm, holds, industry, ksic

pytestmark = pytest.mark.django_db


def drafted(places, people, **facts):
    given = {
        "title": "산업 기준", "programme": "MAIN_INDUSTRY", "tier": Tier.POTENTIAL, "region": places.here,
        "effective": period(date(2020, 1, 1)),
    }  # fmt: skip
    return services.draft_criteria(code="of-industry", body=BODY, actor=people.ministry, facts={**given, **facts})


def screened(people, places, criteria, kind=ScreeningKind.CANDIDATES):
    screening, job = services.start_screening(
        kind=kind, criteria=criteria, region=places.here, actor=people.head, on=ON
    )
    run_screening(job_id=job.pk)
    screening.refresh_from_db()
    return screening


def test_a_set_for_an_industry_asks_for_its_codes_first(places, people):
    one = industry(places.here, codes=("26", "2911"))
    made = drafted(places, people, industry=one, industry_codes=["26", "2911", "26"])
    assert made.industry_codes == ["26", "2911"]
    first = next(rules.conditions(made.tree))
    assert (first.metric.code, first.value) == ("INDUSTRY", frozenset({"26", "2911"}))
    assert made.sha256 == rules.digest(made.whole) != rules.digest(made.body)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"industry": "there", "industry_codes": ["26"]}, "industry"),
        ({"industry": "here", "industry_codes": []}, "industry_codes"),
        ({"industry": "here", "industry_codes": ["99999"]}, "industry_codes"),
        ({"industry": "here", "industry_codes": ["C"]}, "industry_codes"),
        ({"industry": None, "industry_codes": ["26"]}, "industry"),
    ],
)
def test_an_industry_of_elsewhere_or_codes_nobody_knows_are_refused(places, people, facts, field):
    ksic("26"), ksic("C")
    where = {"here": places.here, "there": places.there}
    facts = {**facts, "industry": industry(where[facts["industry"]]) if facts["industry"] else None}
    with pytest.raises(Refusal) as caught:
        drafted(places, people, **facts)
    assert set(caught.value.fields) == {field}


def test_a_tree_that_grows_too_deep_by_its_industry_is_refused(places, people):
    body = {"metric": "EMPLOYEES", "operator": "GE", "value": 1}
    for _ in range(rules.DEEPEST - 1):
        body = {"any": [body]}
    rules.parse(body)
    one = industry(places.here, codes=("26",))
    with pytest.raises(Refusal, match="조건을 고쳐"):
        services.draft_criteria(
            code="deep", body=body, actor=people.ministry,
            facts={"title": "깊음", "programme": "MAIN_INDUSTRY", "tier": "POTENTIAL", "industry": one,
                   "industry_codes": ["26"], "effective": period(ON)},
        )  # fmt: skip


@pytest.fixture
def firms(places):
    chips, cars = ksic("26110"), ksic("30110")
    made = {
        "chips": firm(places.here, name_ko="반도체", industry=chips),
        "cars": firm(places.here, name_ko="자동차", industry=cars),
        "blank": firm(places.here, name_ko="모름"),
        "held": firm(places.here, name_ko="차등급", industry=cars),
    }
    holds(made["held"], places.here, Tier.POTENTIAL, date(2025, 1, 1))
    return made


def adopted(places, **more):
    one = industry(places.here, codes=("26",))
    return CriteriaFactory(
        adopted=True, region=places.here, industry=one, industry_codes=["26"],
        sha256=rules.digest(rules.within_industry(BODY, ["26"])), **more,
    )  # fmt: skip


def test_a_firm_of_another_industry_is_neither_found_nor_lowered(places, people, firms):
    done = screened(people, places, adopted(places))
    found = {(row.company.name_ko, row.finding) for row in done.rows.select_related("company")}
    assert found == {("반도체", Finding.ENTERS), ("모름", Finding.UNCLEAR)}
    assert done.counts["other_industry"] == 2
    case = TierCase.objects.get(screening=done)
    first = case.evidence["result"]["members"][0]
    assert (first["metric"], first["outcome"], first["inputs"][0]["value"]) == ("INDUSTRY", "MET", "26110")


def test_the_general_set_leaves_an_industry_with_a_set_of_its_own_to_that(places, people, firms):
    general = CriteriaFactory(adopted=True, region=places.here)
    before = screened(people, places, general, ScreeningKind.CANDIDATES)
    assert "other_industry" not in before.counts
    adopted(places)
    after = screened(people, places, general)
    assert after.counts["other_industry"] == 1
    assert not after.rows.filter(company=firms["chips"]).exists()


def test_a_copy_keeps_the_industry_and_knows_what_it_was_made_from(places, people):
    one = industry(places.here, codes=("26",))
    made = drafted(places, people, industry=one, industry_codes=["26"])
    copy = services.change_to_try(criteria=made, actor=people.ministry)
    again = services.change_to_try(criteria=made, actor=people.ministry)
    assert (copy.code, again.code) == ("of-industry-try-1", "of-industry-try-2")
    assert (copy.industry, copy.industry_codes, copy.based_on, copy.sha256) == (one, ["26"], made, made.sha256)
    elsewhere = services.change_to_try(criteria=made, actor=people.ministry, region=places.there)
    assert (elsewhere.region, elsewhere.industry, elsewhere.industry_codes) == (places.there, None, [])
