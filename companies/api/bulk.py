"""Companies handed in by the thousand: the importer's own checks, its own road into the registry, a result per row."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework import exceptions

from companies import services
from companies.importers.companies import COMPANIES
from companies.models import Company
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.intake.registry import Row
from portal.kernel.fields import own_field

MOST_ROWS = 1_000
CLEAR = "지움"
_READ = {column.name: column for column in COMPANIES.columns}


def rows_of(data: Any) -> list[Any]:
    """The rows of a request body. ValidationError for its shape."""
    if not isinstance(data, Mapping) or set(data) != {"rows"}:
        raise exceptions.ValidationError({"rows": [_('{"rows": […]} 꼴로 보내 주세요.')]})
    rows = data["rows"]
    if not isinstance(rows, list) or not rows:
        raise exceptions.ValidationError({"rows": [_("보낼 기업을 한 곳 이상 적어 주세요.")]})
    if len(rows) > MOST_ROWS:
        text = _("한 번에 %(most)s건까지 보낼 수 있습니다. 나누어 보내 주세요.") % {"most": f"{MOST_ROWS:,}"}
        raise exceptions.ValidationError({"rows": [text]})
    return rows


@transaction.atomic
def upsert(sent: list[Any], *, actor: User, scope: Scope) -> dict[str, Any]:
    """Write what is right as one set and say of every row what became of it."""
    rows = [Row(sheet="", number=at, cells=[]) for at in range(len(sent))]
    faults: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row, given in zip(rows, sent, strict=True):
        _read(row, given, faults[row.number])
    readable = [row for row in rows if not faults[row.number]]
    COMPANIES.check(readable, scope=scope.within(Capability.MANAGE_COMPANIES), say=_silent)
    for row in readable:
        for problem in row.problems:
            if not problem.warning or problem.rule == "check_digit":
                faults[row.number][problem.column or "row"].append(problem.message)
        if not row.values.get("_company") and not row.values.get("name_ko"):
            faults[row.number]["name_ko"].append(_("새 기업에는 기업명이 있어야 합니다."))
    wanted = [row for row in readable if not faults[row.number] and not row.same]
    if wanted:
        services.upsert_companies(rows=[_written(row) for row in wanted], actor=actor)
    ids = _public_ids(rows)
    outcomes = [_outcome(row, faults[row.number], ids) for row in rows]
    counts = Counter(outcome["outcome"] for outcome in outcomes)
    return {**{word: counts[word] for word in ("new", "changed", "same", "error")}, "rows": outcomes}


def _silent(**said: Any) -> None:
    """Nobody watches a request of a second."""


def _read(row: Row, given: Any, faults: dict[str, list[str]]) -> None:
    """The row's values through the columns of the file: same spellings, same sentences."""
    if not isinstance(given, Mapping):
        faults["row"].append(_("한 건은 {…} 꼴이어야 합니다."))
        return
    for name, value in given.items():
        column = _READ.get(name)
        if column is None:
            faults[str(name)].append(_("모르는 항목입니다."))
        elif not isinstance(value, str):
            faults[name].append(_("문자열로 보내 주세요."))
        else:
            try:
                row.values[name] = column.read(_as_written(name, value))
            except ValueError as fault:
                faults[name].append(str(fault))
    if "business_number" not in given:
        faults["business_number"].append(_("빠졌습니다."))


def _as_written(name: str, value: str) -> str:
    """A value as the file would hold it: codes as their words, nothing as the word that clears a cell."""
    if name in {"kind", "size"}:
        field = own_field(Company, name)
        return str(dict(field.flatchoices).get(value, value))
    return value or CLEAR


def _written(row: Row) -> dict[str, Any]:
    """A checked row as `services.upsert_companies` takes it."""
    values = row.values
    return {
        **values,
        "number": row.number,
        "company_id": values.get("_company"),
        "workplace_id": values.get("_workplace"),
        "seen": values.get("_seen"),
        "workplace_seen": values.get("_workplace_seen"),
        "industry_id": values.get("_industry"),
        "region_id": values.get("_region"),
    }


def _public_ids(rows: list[Row]) -> dict[str, str]:
    numbers = [row.values["business_number"] for row in rows if row.values.get("business_number")]
    found = Company.objects.filter(workplaces__business_number__in=numbers)
    return {number: str(pk) for number, pk in found.values_list("workplaces__business_number", "public_id")}


def _outcome(row: Row, faults: Mapping[str, list[str]], ids: Mapping[str, str]) -> dict[str, Any]:
    if faults:
        return {"row": row.number, "outcome": "error", "errors": dict(faults)}
    known = row.values.get("_company") is not None
    outcome: dict[str, Any] = {"row": row.number, "outcome": "same" if row.same else "changed" if known else "new"}
    outcome["public_id"] = ids[row.values["business_number"]]
    if known and not row.same:
        outcome["fields"] = sorted(row.before)
    warnings: dict[str, list[str]] = defaultdict(list)
    for problem in row.problems:
        warnings[problem.column or "row"].append(problem.message)
    return outcome | ({"warnings": dict(warnings)} if warnings else {})
