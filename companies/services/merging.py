"""Two entries were one company: plan, merge in one transaction, take back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from companies.enums import NameKind
from companies.models import Company, CompanyMerge, CompanyName, Workplace
from companies.services import changed, merge_rules
from companies.services.editing import apply
from companies.services.permission import refuse_stranger
from companies.services.registering import COMPANY_FACTS, home_region, keep_name
from portal.directory.audit import deed
from portal.directory.models import User
from portal.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Moving:
    """One relation in a merge: how many rows go over, how many stay because the survivor has them already."""

    path: str
    label: str
    moving: int
    staying: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """One fact in which the two companies differ. `filled`: the survivor has none, so it takes the other's."""

    field: str
    label: str
    survivor: Any
    absorbed: Any
    filled: bool


@dataclass(frozen=True, slots=True)
class MergePlan:
    survivor: Company
    absorbed: Company
    relations: list[Moving]
    fields: list[FieldChoice]

    @property
    def moving(self) -> int:
        return sum(relation.moving for relation in self.relations)


def plan_merge(*, survivor: Company, absorbed: Company) -> MergePlan:
    """What `merge_companies` would do, counted, without doing it."""
    _refuse_odd_pair(survivor, absorbed)
    moving = []
    for relation in merge_rules.relations():
        rule = relation.rule
        if relation.model is Company or isinstance(rule, merge_rules.WithTheWorkplace | merge_rules.MadeAnew):
            continue
        if isinstance(rule, merge_rules.Move) and rule.quiet:
            continue
        count = merge_rules.held(relation, absorbed.pk).count()
        staying, why = count, ""
        if isinstance(rule, merge_rules.Move):
            staying = rule.staying(relation.model, relation.name, survivor.pk, absorbed.pk).count()
        elif isinstance(rule, merge_rules.Stay):
            why = rule.why
        if count:
            moving.append(Moving(relation.path, relation.label, count - staying, staying, why))
    return MergePlan(survivor, absorbed, moving, _differing(survivor, absorbed))


def _differing(survivor: Company, absorbed: Company) -> list[FieldChoice]:
    found = []
    for name in COMPANY_FACTS:
        ours, theirs = getattr(survivor, name), getattr(absorbed, name)
        if ours != theirs:
            label = str(_field(name).verbose_name)
            found.append(FieldChoice(name, label, ours, theirs, filled=_blank(ours) and not _blank(theirs)))
    return found


def _blank(value: Any) -> bool:
    return value in (None, "", "UNKNOWN")


def _refuse_odd_pair(survivor: Company, absorbed: Company) -> None:
    if survivor.pk == absorbed.pk:
        raise Refusal("merge_itself", "같은 기업입니다. 합칠 다른 기업을 골라 주세요.")
    for company in (survivor, absorbed):
        if company.merged_into_id:
            raise Refusal("company_merged", f"{company.name_ko}은(는) 이미 다른 기업에 합쳐졌습니다.")
    if against := merge_rules.objections(survivor, absorbed):
        raise Refusal("merge_objected", " ".join(against))


@transaction.atomic
def merge_companies(
    *, survivor: Company, absorbed: Company, take: Sequence[str] = (), actor: User | None, reason: str
) -> CompanyMerge:
    """Make one company of two. `take`: facts (COMPANY_FACTS) to take from the absorbed one; empty ones are filled.

    Every relation follows its rule (`merge_rules`); a relation without a rule stops the merge. The absorbed company
    stays as a sign that leads to the other, its name among the survivor's other names.
    """
    if not reason.strip():
        raise Refusal("reason_missing", "합치는 사유를 적어 주세요.", {"reason": "사유를 적어 주세요."})
    if unruled := merge_rules.unruled():
        raise RuntimeError(f"no merge rule for {unruled}")
    pair = Company.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    rows = {row.pk: row for row in pair.filter(pk__in=[survivor.pk, absorbed.pk])}
    survivor, absorbed = rows[survivor.pk], rows[absorbed.pk]
    _refuse_odd_pair(survivor, absorbed)
    refuse_stranger(actor, survivor)
    refuse_stranger(actor, absorbed)
    differing = _differing(survivor, absorbed)
    with deed("merge_companies", actor=actor, reason=reason) as done:
        moved: dict[str, Any] = {"relations": {}, "headquarters": [], "facts": {}, "names": []}
        if survivor.workplaces.headquarters().exists():
            seats = Workplace.objects.headquarters().filter(company=absorbed)
            moved["headquarters"] = list(seats.values_list("pk", flat=True))
            seats.update(is_headquarters=False, updated_at=timezone.now())
        for relation in merge_rules.relations():
            if isinstance(relation.rule, merge_rules.Move):
                moved["relations"][relation.path] = _move(relation, relation.rule, survivor.pk, absorbed.pk)
        names_before = set(survivor.other_names.values_list("pk", flat=True))
        if absorbed.name_ko != survivor.name_ko:
            name = keep_name(survivor, absorbed.name_ko, NameKind.ALIAS, source="합침")
            moved["names"] = [name.pk] if name.pk not in names_before else []
        chosen = {choice.field: choice.absorbed for choice in differing if choice.filled or choice.field in take}
        if "name_ko" in chosen:
            chosen |= {"name_key": absorbed.name_key, "initials": absorbed.initials}
        facts = apply(survivor, chosen)
        moved["facts"] = {name: [_stored(before), _stored(after)] for name, (before, after) in facts.items()}
        apply(absorbed, {"merged_into_id": survivor.pk})
        merge = CompanyMerge(survivor=survivor, absorbed=absorbed, merged_by=actor, reason=reason.strip(), moved=moved)
        merge.full_clean()
        merge.save()
        quiet = {
            one.path for one in merge_rules.relations() if isinstance(one.rule, merge_rules.Move) and one.rule.quiet
        }
        counts = {path: len(ids) for path, ids in moved["relations"].items() if ids and path not in quiet}
        done.about(survivor, region=home_region(survivor), absorbed=str(absorbed.public_id), moved=counts)
        done.about(absorbed, region=home_region(survivor), survivor=str(survivor.public_id))
    changed.tell([survivor.pk, absorbed.pk])
    return merge


def _move(relation: merge_rules.Relation, rule: merge_rules.Move, survivor: int, absorbed: int) -> list[int]:
    staying = rule.staying(relation.model, relation.name, survivor, absorbed).values("pk")
    ids = list(merge_rules.held(relation, absorbed).exclude(pk__in=staying).values_list("pk", flat=True))
    relation.model._default_manager.filter(pk__in=ids).update(**{relation.name: survivor})
    return sorted(ids)


def _stored(value: Any) -> Any:
    """A fact as JSON keeps it: a related row by its number, a day as text."""
    if hasattr(value, "pk"):
        return value.pk
    return value.isoformat() if hasattr(value, "isoformat") else value


@transaction.atomic
def undo_merge(*, merge: CompanyMerge, actor: User | None, reason: str) -> CompanyMerge:
    """Take a merge back: every row returns, every fact the survivor took is given back.

    Refuses if the survivor was merged on since, or if something that moved was handed to yet another company. A fact
    that was changed again after the merge stays as it is now. What came to the survivor later stays with it.
    """
    if not reason.strip():
        raise Refusal("reason_missing", "되돌리는 사유를 적어 주세요.", {"reason": "사유를 적어 주세요."})
    merge = CompanyMerge.objects.select_for_update(no_key=True, of=("self",)).get(pk=merge.pk)
    if merge.undone_at:
        raise Refusal("merge_undone", "이미 되돌린 합침입니다.")
    pair = Company.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    rows = {row.pk: row for row in pair.filter(pk__in=[merge.survivor_id, merge.absorbed_id])}
    survivor, absorbed = rows[merge.survivor_id], rows[merge.absorbed_id]
    if survivor.merged_into_id:
        raise Refusal("survivor_merged", f"{survivor.name_ko}이(가) 다시 합쳐졌습니다. 나중의 합침부터 되돌려 주세요.")
    refuse_stranger(actor, survivor)
    with deed("undo_merge", actor=actor, reason=reason) as done:
        by_path = {relation.path: relation for relation in merge_rules.relations()}
        for path, ids in merge.moved["relations"].items():
            _give_back(by_path[path], ids, survivor.pk, absorbed.pk)
        CompanyName.objects.filter(pk__in=merge.moved["names"], company=survivor).delete()
        unset = {
            name: before
            for name, (before, after) in merge.moved["facts"].items()
            if _stored(getattr(survivor, name)) == after
        }
        apply(survivor, {name: _restored(name, value) for name, value in unset.items()})
        # The seat goes back before the company is free again: one headquarters a company, at every moment.
        Workplace.objects.filter(pk__in=merge.moved["headquarters"]).update(
            is_headquarters=True, updated_at=timezone.now()
        )
        apply(absorbed, {"merged_into_id": None})
        merge.undone_at, merge.undone_by, merge.undo_reason = timezone.now(), actor, reason.strip()
        merge.save()
        done.about(survivor, region=home_region(survivor), absorbed=str(absorbed.public_id))
        done.about(absorbed, region=home_region(absorbed), survivor=str(survivor.public_id))
    changed.tell([survivor.pk, absorbed.pk])
    return merge


def _give_back(relation: merge_rules.Relation, ids: list[int], survivor: int, absorbed: int) -> None:
    rows = relation.model._default_manager.filter(pk__in=ids)
    if strayed := rows.exclude(**{relation.name: survivor}).count():
        raise Refusal(
            "moved_on",
            f"옮긴 {relation.label} {strayed}건이 그 뒤 다른 기업으로 옮겨졌습니다. 그것부터 되돌려 주세요.",
        )
    rows.update(**{relation.name: absorbed})


def _restored(name: str, value: Any) -> Any:
    field = _field(name)
    if field.remote_field is not None:
        return field.remote_field.model._default_manager.filter(pk=value).first() if value else None
    return field.to_python(value)


def _field(name: str) -> "models.Field[Any, Any]":
    field = Company._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} is no fact of a company")
    return field
