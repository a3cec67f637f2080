"""Who changed what of a company, when and why: the copies the triggers keep, laid side by side."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from companies import personal
from companies.models import (
    Certification,
    Company,
    CompanyName,
    CompanyState,
    CompanyYear,
    Patent,
    Workplace,
    WorkplaceCluster,
)
from companies.rules import written_business_number, written_corporate_number
from portal.directory.models import User
from portal.directory.templatetags.directory import validity
from portal.kernel import display

MOST = 300
"""Versions looked at of each kind, the latest."""
_SILENT = {"id", "created_at", "updated_at", "version", "name_key", "initials", "public_id", "company", "is_demo"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    label: str
    before: str
    after: str


@dataclass(slots=True)
class Change:
    """One version of one row: what it is, what was done, by whom, why, and every field that differs."""

    at: datetime
    what: str
    subject: str
    label: str
    actor: str
    deed: str
    reason: str
    fields: list[FieldChange] = field(default_factory=list)


_DONE = {"insert": "새로 적음", "update": "고침", "delete": "지움"}


def of_company(company: Company, *, plainly: bool) -> list[Change]:
    """The changes, the latest first. People are masked unless `plainly`. Ten queries, whatever the company."""
    changes: list[tuple[Any, Any, type[models.Model]]] = []
    for model, condition in _tables(company):
        events = model.pgh_event_models["insert"]._default_manager.filter(condition)  # type: ignore[attr-defined]
        rows = list(events.select_related("pgh_context").order_by("-pgh_id")[:MOST])
        changes += [(event, before, model) for event, before in _with_before(rows)]
    names = _names_of(changes)
    people = _people(event for event, _, _ in changes)
    told = [_told(event, before, model, people, names, plainly=plainly) for event, before, model in changes]
    return sorted((one for one in told if one.fields or one.what != "update"), key=lambda one: one.at, reverse=True)


def _tables(company: Company) -> list[tuple[type[models.Model], models.Q]]:
    own = models.Q(company=company.pk)
    places = list(Workplace.objects.filter(company=company).values_list("pk", flat=True))
    return [
        (Company, models.Q(pgh_obj=company.pk)),
        *((model, own) for model in (Workplace, CompanyYear, CompanyName, CompanyState, Certification, Patent)),
        (WorkplaceCluster, models.Q(workplace__in=places)),
    ]


def _with_before(rows: list[Any]) -> list[tuple[Any, Any]]:
    """Each version with the one before it of the same row; the oldest of a full page has none to be compared with."""
    by_row: dict[int, list[Any]] = defaultdict(list)
    for event in rows:
        by_row[event.pgh_obj_id].append(event)
    pairs = []
    for versions in by_row.values():
        for at, event in enumerate(versions):
            before = versions[at + 1] if at + 1 < len(versions) else None
            if before is not None or event.pgh_label == "insert" or len(rows) < MOST:
                pairs.append((event, before))
    return pairs


def _people(events: Iterable[Any]) -> dict[int, str]:
    ids = {event.pgh_context.metadata.get("actor") for event in events if event.pgh_context}
    return dict(User.objects.filter(pk__in=ids - {None}).values_list("pk", "name"))


def _names_of(changes: list[tuple[Any, Any, type[models.Model]]]) -> dict[tuple[type, int], str]:
    """Labels of the rows that foreign keys of the versions name: one query a kind."""
    wanted: dict[type[models.Model], set[int]] = defaultdict(set)
    for event, _before, model in changes:
        for one in model._meta.concrete_fields:
            kind = one.related_model  # None for a plain column
            if kind is not None and one.name not in _SILENT and getattr(event, one.attname) is not None:
                wanted[kind].add(getattr(event, one.attname))
    return {(model, row.pk): str(row) for model, ids in wanted.items() for row in _labelled(model, ids)}


def _labelled(model: type[models.Model], ids: set[int]) -> models.QuerySet[Any]:
    rows = model._default_manager.filter(pk__in=ids)
    parents = {"Region": "parent", "Workplace": None}.get(model.__name__)
    return rows.select_related(parents) if parents else rows


def _told(
    event: Any, before: Any, model: type[models.Model], people: dict[int, str], names: dict[Any, str], *, plainly: bool
) -> Change:
    context = event.pgh_context.metadata if event.pgh_context else {}
    change = Change(
        at=event.pgh_created_at,
        what=event.pgh_label,
        subject=str(model._meta.verbose_name),
        label=_(_DONE[event.pgh_label]),
        actor=people.get(context.get("actor", 0), _("시스템")),
        deed=context.get("deed") or "",
        reason=context.get("reason") or "",
    )
    for one in model._meta.concrete_fields:
        if one.name in _SILENT:
            continue
        now = _worded(one, event, names, plainly=plainly)
        then = _worded(one, before, names, plainly=plainly) if before is not None else display.MISSING
        raw_same = before is not None and getattr(event, one.attname) == getattr(before, one.attname)
        empty = before is None and now == display.MISSING
        if event.pgh_label == "delete" or raw_same or empty:
            continue
        change.fields.append(FieldChange(str(one.verbose_name), then, now))
    return change


def _worded(one: Any, event: Any, names: dict[Any, str], *, plainly: bool) -> str:
    value = getattr(event, one.attname)
    if value in (None, ""):
        return display.MISSING
    if one.is_relation:
        return names.get((one.related_model, value), f"#{value}")
    if one.name in personal.FIELDS and not plainly:
        return personal.mask(one.name, value)
    if one.choices:
        return str(dict(one.flatchoices).get(value, value))
    if hasattr(value, "lower") and hasattr(value, "upper") and not isinstance(value, str):
        return validity(value)
    if one.name == "business_number":
        return written_business_number(value)
    if one.name == "corporate_number":
        return written_corporate_number(value)
    if isinstance(value, bool):
        return _("예") if value else _("아니오")
    if isinstance(value, int) and one.name != "year":
        return display.number(value)
    return display.day(value) if hasattr(value, "year") else str(value)
