"""What happens to each relation when two companies turn out to be one: a rule for every foreign key, no default.

An app above registers its own in `ready`:

    from companies.services import merge_rules
    merge_rules.register("tiers.TierCase.company", merge_rules.Move())

A test fails as long as a foreign key to Company or Workplace anywhere in the project, of a table between two models
too, has no rule; nothing here need know the app it is in. A rule must also know every unique or exclusion constraint
that the company takes part in: of two rows that could not both be the survivor's, its own stays.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from companies.models import Company, Workplace


@dataclass(frozen=True, slots=True)
class Same:
    """When two rows of a relation are one and the same: they agree in `fields` and overlap in `period` (if given).

    `blank_differs`: rows whose last field is empty are never the same.
    """

    fields: tuple[str, ...] = ()
    period: str = ""
    blank_differs: bool = False

    def condition(self, model: type[models.Model], name: str, survivor: int) -> Q:
        """The rows for which the survivor has the same one."""
        twin: dict[str, Any] = {field: OuterRef(field) for field in self.fields}
        if self.period:
            twin[f"{self.period}__overlap"] = OuterRef(self.period)
        found = Q(Exists(model._default_manager.filter(**{name: survivor}, **twin)))
        return found & ~Q(**{self.fields[-1]: ""}) if self.blank_differs else found


@dataclass(frozen=True, slots=True)
class Move:
    """Rows go over to the company that stays, but for those it has already.

    `same` and `period` say which those are, for a table with one unique or exclusion constraint over the company;
    `also_same` adds further ones (`Same()`: one row a company). The survivor's row then wins; the other stays where it
    is and is counted apart. `quiet` rows go over uncounted: not everyone who merges companies may know of them.
    """

    same: tuple[str, ...] = ()
    period: str = ""
    also_same: tuple[Same, ...] = ()
    quiet: bool = False

    def staying(self, model: type[models.Model], name: str, survivor: int, absorbed: int) -> models.QuerySet[Any]:
        """The absorbed company's rows that cannot go over."""
        rows = model._default_manager.filter(**{name: absorbed})
        first = (Same(self.same, self.period),) if self.same or self.period else ()
        reasons = [same.condition(model, name, survivor) for same in (*first, *self.also_same)]
        return rows.filter(reduce(or_, reasons)) if reasons else rows.none()


@dataclass(frozen=True, slots=True)
class Stay:
    """Rows keep pointing at the absorbed company: they record what was done under its name. `why` for the reader."""

    why: str


@dataclass(frozen=True, slots=True)
class WithTheWorkplace:
    """Rows point at a workplace, and the workplace itself goes over: nothing to do."""


@dataclass(frozen=True, slots=True)
class MadeAnew:
    """Rows are derived from the registry and made anew by a listener of `companies.services.changed`."""


Rule = Move | Stay | WithTheWorkplace | MadeAnew


@dataclass(frozen=True, slots=True)
class Relation:
    """One foreign key to a company: `path` is `app.Model.field`."""

    path: str
    model: type[models.Model]
    name: str
    rule: Rule | None = field(default=None)

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)


_rules: dict[str, Rule] = {}


def register(path: str, rule: Rule) -> None:
    """Say what a merge does with the rows of a foreign key (`app_label.Model.field`)."""
    _rules[path] = rule


Objection = Callable[[Company, Company], str]
_objections: list[Objection] = []


def object_to(check: Objection) -> Objection:
    """Have a say before two companies become one: `check(survivor, absorbed)` is the sentence against it, or empty.

    It is asked before the plan is shown and again, under the lock of both companies, before they are merged.
    """
    if check not in _objections:
        _objections.append(check)
    return check


def objections(survivor: Company, absorbed: Company) -> list[str]:
    return [text for check in _objections if (text := check(survivor, absorbed))]


def relations() -> list[Relation]:
    """Every foreign key to Company or Workplace of the models people work with, with its rule (None: nobody said)."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        if hasattr(model, "pgh_tracked_model"):
            continue  # history tables record what was; they never move
        for one in model._meta.get_fields():
            if not (one.many_to_one or one.one_to_one) or one.auto_created or one.related_model is None:
                continue
            if one.related_model in (Company, Workplace):
                path = f"{model._meta.label}.{one.name}"
                found.append(Relation(path, model, one.name, _rules.get(path)))
    return sorted(found, key=lambda relation: relation.path)


def unruled() -> list[str]:
    """Foreign keys for which nobody said what a merge does."""
    return [relation.path for relation in relations() if relation.rule is None]


def held(relation: Relation, company_id: int) -> models.QuerySet[Any]:
    """The rows of a relation that point at a company."""
    return relation.model._default_manager.filter(Q(**{relation.name: company_id}))


register("companies.Workplace.company", Move())
register("companies.CompanyName.company", Move(same=("name",)))
register("companies.CompanyYear.company", Move(same=("year", "source")))
register("companies.CompanyState.company", Move(period="effective"))
register("companies.Certification.company", Move(same=("kind", "number"), period="effective"))
register(
    "companies.Patent.company",
    Move(
        also_same=(
            Same(("country", "kind", "application_number"), blank_differs=True),
            Same(("country", "kind", "registration_number"), blank_differs=True),
        )
    ),
)
register("companies.RegistryDifference.company", Stay("합쳐진 기업의 값과 견준 기록"))
register("companies.RegistryDifference.workplace", WithTheWorkplace())
register("companies.CompanyMerge.survivor", Stay("그때의 합침 기록"))
register("companies.CompanyMerge.absorbed", Stay("그때의 합침 기록"))
register("companies.Company.merged_into", Stay("옛 번호는 차례로 이어진다"))
register("companies.IntakeLink.company", Stay("파일이 그때 한 일의 기록"))
register("companies.FormerPlace.workplace", WithTheWorkplace())
register("companies.WorkplaceCluster.workplace", WithTheWorkplace())
