"""Two entries of one company become one; the old address leads on; all of it can be taken back."""

import threading
from datetime import date
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import connection, models, transaction
from django.test.utils import isolate_apps

from companies import services
from companies.models import Certification, Company, CompanyName, CompanyState, CompanyYear, Patent, Workplace
from companies.selectors import company_by_id
from companies.services import merge_rules
from portal.directory.enums import Role
from portal.directory.scope import EVERYTHING, scope_of
from portal.kernel.dates import period
from portal.kernel.errors import Refusal
from tests.factories.companies import CompanyFactory, CompanyYearFactory, WorkplaceFactory
from tests.factories.directory import RegionFactory, person


@pytest.fixture
def region(db):
    return RegionFactory(sigungu=True)


@pytest.fixture
def officer(region):
    return person(role=Role.TECHNOPARK, region=region.parent)


@pytest.fixture
def pair(region):
    """Two companies with places, years, papers, names and rights, some of them the same."""
    stays = CompanyFactory(name_ko="한빛정밀", in_region=region, phone="055-1")
    goes = CompanyFactory(
        name_ko="(주)한빛정밀", in_region=region, representative="예시인", phone="055-2", size="SMALL"
    )
    WorkplaceFactory(company=goes, region=region, site=True)
    for company in (stays, goes):
        CompanyYearFactory(company=company, year=2024)
        Certification.objects.create(company=company, kind="VENTURE", number="V", effective=period(date(2024, 1, 1)))
        CompanyState.objects.create(company=company, state="OPERATING", effective=period(None))
        Patent.objects.create(company=company, title="같은 것", application_number="10-1")
        CompanyName.objects.create(company=company, name="한빛", name_key="한빛")
    CompanyYearFactory(company=goes, year=2023)
    Certification.objects.create(company=goes, kind="INNOBIZ", effective=period(None))
    Patent.objects.create(company=goes, title="다른 것", application_number="10-2")
    Patent.objects.create(company=goes, title="등록만", registration_number="R-1")
    return stays, goes


def everything():
    """Every row of every table that people work with, but the merge itself and counters of versions and time."""
    skipped = {"version", "updated_at"}
    return {
        model._meta.label: sorted(
            str({name: value for name, value in row.items() if name not in skipped}) for row in model.objects.values()
        )
        for model in apps.get_app_config("companies").get_models()
        if not hasattr(model, "pgh_tracked_model") and model._meta.model_name != "companymerge"
    }


class TestMerging:
    def test_the_plan_counts_what_the_merge_then_moves(self, pair, officer):
        stays, goes = pair
        plan = services.plan_merge(survivor=stays, absorbed=goes)
        counts = {one.path: (one.moving, one.staying) for one in plan.relations}
        assert counts == {
            "companies.Workplace.company": (2, 0),
            "companies.CompanyYear.company": (1, 1),
            "companies.Certification.company": (1, 1),
            "companies.CompanyState.company": (0, 1),
            "companies.Patent.company": (2, 1),
            "companies.CompanyName.company": (0, 1),
        }
        assert {(c.field, c.filled) for c in plan.fields} == {
            ("name_ko", False), ("representative", True), ("phone", False), ("size", True),
        }  # fmt: skip
        merge = services.merge_companies(survivor=stays, absorbed=goes, actor=officer, reason="같은 기업")
        moved = {path: len(ids) for path, ids in merge.moved["relations"].items() if ids}
        assert moved == {path: moving for path, (moving, _) in counts.items() if moving}
        assert sum(moved.values()) == plan.moving

    def test_one_company_remains_with_one_headquarters_and_all_names(self, pair, officer):
        stays, goes = pair
        services.merge_companies(survivor=stays, absorbed=goes, take=["phone"], actor=officer, reason="같은 기업")
        stays.refresh_from_db()
        goes.refresh_from_db()
        assert (stays.representative, stays.phone, stays.size, stays.name_ko) == (
            "예시인",
            "055-2",
            "SMALL",
            "한빛정밀",
        )
        assert stays.workplaces.headquarters().count() == 1
        assert stays.workplaces.count() == 3
        assert set(stays.other_names.values_list("name", flat=True)) == {"한빛", "(주)한빛정밀"}
        assert goes.merged_into == stays
        assert list(Company.objects.not_merged()) == [stays]

    def test_the_old_address_leads_to_the_company_that_stayed(self, pair, officer):
        stays, goes = pair
        services.merge_companies(survivor=stays, absorbed=goes, actor=officer, reason="같은 기업")
        assert company_by_id(goes.public_id, EVERYTHING) == (stays, True)
        assert company_by_id(stays.public_id, EVERYTHING) == (stays, False)
        stranger = scope_of(person(role=Role.TECHNOPARK, region=RegionFactory()))
        assert company_by_id(goes.public_id, stranger)[0] is None

    def test_taking_it_back_restores_every_row(self, pair, officer):
        stays, goes = pair
        before = everything()
        merge = services.merge_companies(survivor=stays, absorbed=goes, take=["name_ko"], actor=officer, reason="같음")
        assert everything() != before
        services.undo_merge(merge=merge, actor=officer, reason="다른 기업이었음")
        assert everything() == before
        with pytest.raises(Refusal, match="이미 되돌린"):
            services.undo_merge(merge=merge, actor=officer, reason="또")
        services.merge_companies(survivor=stays, absorbed=goes, actor=officer, reason="역시 같음")

    def test_what_came_later_stays_and_what_was_changed_later_is_kept(self, pair, officer):
        stays, goes = pair
        merge = services.merge_companies(survivor=stays, absorbed=goes, actor=officer, reason="같음")
        stays.refresh_from_db()
        services.change_company(
            company=stays, version=stays.version, changes={"representative": "새예시"}, actor=officer
        )
        CompanyYearFactory(company=stays, year=2022)
        services.undo_merge(merge=merge, actor=officer, reason="다름")
        stays.refresh_from_db()
        assert (stays.representative, stays.size) == ("새예시", "UNKNOWN")
        assert set(stays.years.values_list("year", flat=True)) == {2022, 2024}

    def test_merges_are_taken_back_last_first(self, pair, officer, region):
        stays, goes = pair
        third = CompanyFactory(in_region=region)
        first = services.merge_companies(survivor=stays, absorbed=goes, actor=officer, reason="같음")
        second = services.merge_companies(survivor=third, absorbed=stays, actor=officer, reason="같음")
        assert company_by_id(goes.public_id, EVERYTHING) == (third, True)
        with pytest.raises(Refusal, match="나중의 합침부터"):
            services.undo_merge(merge=first, actor=officer, reason="다름")
        services.undo_merge(merge=second, actor=officer, reason="다름")
        services.undo_merge(merge=first, actor=officer, reason="다름")
        assert Company.objects.not_merged().count() == 3

    @pytest.mark.parametrize("case", ["itself", "again", "no reason", "elsewhere"])
    def test_a_merge_that_makes_no_sense_is_refused(self, pair, officer, case):
        stays, goes = pair
        if case == "again":
            services.merge_companies(survivor=stays, absorbed=goes, actor=officer, reason="같음")
        asked = {
            "itself": {"absorbed": stays},
            "again": {},
            "no reason": {"reason": " "},
            "elsewhere": {"absorbed": CompanyFactory(in_region=RegionFactory(sigungu=True))},
        }[case]
        before = everything()
        with pytest.raises(Refusal):
            services.merge_companies(
                **({"survivor": stays, "absorbed": goes, "actor": officer, "reason": "같음"} | asked)
            )
        assert everything() == before


class TestRules:
    def test_every_relation_to_a_company_or_a_place_has_a_rule(self):
        assert merge_rules.unruled() == []

    def test_every_rule_is_about_a_relation_that_exists(self):
        assert set(merge_rules._rules) <= {relation.path for relation in merge_rules.relations()}

    def test_a_relation_without_a_rule_is_seen_and_stops_a_merge(self, pair, officer, monkeypatch):
        monkeypatch.delitem(merge_rules._rules, "companies.CompanyYear.company")
        assert merge_rules.unruled() == ["companies.CompanyYear.company"]
        stays, goes = pair
        with pytest.raises(RuntimeError, match="CompanyYear"):
            services.merge_companies(survivor=stays, absorbed=goes, actor=officer, reason="같음")

    def test_the_rules_know_every_constraint_over_a_company(self):
        """A constraint the company takes part in is a way in which two rows may be the same; a rule may be coarser."""
        unknown = {
            f"{relation.path}: {sorted(fields)}"
            for relation in merge_rules.relations()
            if isinstance(relation.rule, merge_rules.Move) and relation.model is not Workplace
            for fields in unique_together_with(relation)
            if not any(same <= fields for same in known_to(relation.rule))
        }
        assert unknown == set()

    @isolate_apps("companies")
    def test_a_relation_of_an_app_that_comes_later_needs_a_rule_too(self, monkeypatch):
        """Plain, one to one and many to many: an app above is seen without being known here."""

        class Newcomer(models.Model):  # noqa: DJ008
            plain = models.ForeignKey(Company, models.CASCADE, related_name="+")
            only = models.OneToOneField(Workplace, models.CASCADE, related_name="+")
            several = models.ManyToManyField(Company, related_name="+")

            class Meta:
                app_label = "companies"

        # The registry itself is left as it is: what it once told of relations, the models keep for every later test.
        later = SimpleNamespace(
            get_models=lambda **asked: [*apps.get_models(**asked), Newcomer, Newcomer.several.through]
        )
        monkeypatch.setattr(merge_rules, "apps", later)
        assert merge_rules.unruled() == [
            "companies.Newcomer.only", "companies.Newcomer.plain", "companies.Newcomer_several.company",
        ]  # fmt: skip
        monkeypatch.setattr(merge_rules, "_rules", dict(merge_rules._rules))
        merge_rules.register("companies.Newcomer.plain", merge_rules.Move())
        assert "companies.Newcomer.plain" not in merge_rules.unruled()


def unique_together_with(relation):
    """The other fields of every constraint, unique or of exclusion, in which the relation's field takes part."""
    field = relation.model._meta.get_field(relation.name)
    if field.unique:
        yield set()
    for one in relation.model._meta.constraints:
        if isinstance(one, models.UniqueConstraint) and relation.name in one.fields:
            yield set(one.fields) - {relation.name}
        elif isinstance(one, ExclusionConstraint):
            fields = {str(getattr(expression, "name", expression)) for expression, _ in one.expressions}
            if relation.name in fields:
                yield fields - {relation.name}
    for fields in relation.model._meta.unique_together:
        if relation.name in fields:
            yield set(fields) - {relation.name}


def known_to(rule):
    first = [merge_rules.Same(rule.same, rule.period)] if rule.same or rule.period else []
    same = [*first, *rule.also_same]
    return [set(one.fields) | ({one.period} if one.period else set()) for one in same]


@pytest.mark.django_db(transaction=True)
def test_two_officers_merging_the_same_pair_at_once_merge_it_once(django_db_serialized_rollback):
    region = RegionFactory(sigungu=True)
    officer = person(role=Role.TECHNOPARK, region=region.parent)
    stays, goes = CompanyFactory(in_region=region), CompanyFactory(in_region=region)
    outcomes = []

    def merge(survivor, absorbed):
        try:
            services.merge_companies(survivor=survivor, absorbed=absorbed, actor=officer, reason="같음")
            outcomes.append("merged")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    with transaction.atomic():
        Company.objects.select_for_update().get(pk=min(stays.pk, goes.pk))
        threads = [threading.Thread(target=merge, args=pair) for pair in [(stays, goes), (goes, stays)]]
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["company_merged", "merged"]
    assert Company.objects.not_merged().count() == 1
    assert CompanyYear.objects.count() == 0
