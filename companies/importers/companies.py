"""The file of companies: one row a company with its headquarters, found by its business number."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from companies import rules, services
from companies.importers import company_books as books
from companies.importers.company_columns import COLUMNS, KINDS, SIZES
from companies.importers.region_names import RegionNames
from companies.models import Company, Workplace
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.intake.models import Upload
from portal.intake.registry import Problem, Row

_KIND_WORD = {value: word for word, value in KINDS.items()}
_SIZE_WORD = {value: word for word, value in SIZES.items()}
_SAY_EVERY = 20_000
_PART = 5_000
"""Rows laid beside the registry at a time: what stands there of the whole file need not be in memory at once."""
PERSONAL = ("representative", "phone", "email", "contact_name")
"""Left out of exports for those who may not take people away: an empty cell changes nothing when it comes back."""


class CompanyImporter:
    """Companies of the regions the uploader keeps."""

    kind = "companies"
    title = "기업"
    version = "1"
    capability = Capability.MANAGE_COMPANIES
    columns = COLUMNS
    warnings_need_reason = frozenset({"check_digit"})
    """Rules whose warnings are committed only with a reason."""

    # --- the preview --------------------------------------------------------------------------------------------------
    def check(self, rows: list[Row], *, scope: Scope, say: Callable[..., None]) -> None:
        """Numbers, names, places and codes of each row; then the file against itself and against the registry."""
        places, codes = RegionNames(), books.IndustryCodes()
        for at, row in enumerate(rows):
            if at % _SAY_EVERY == 0:
                say(message="행을 확인하는 중", done=at, total=len(rows))
            _judge(row, places, codes, scope)
        _refuse_doubles(rows)
        for start in range(0, len(rows), _PART):
            say(message="지금 자료와 맞대는 중", done=start, total=len(rows))
            _lay_beside(rows[start : start + _PART], places, scope)
        fresh = [row for row in rows if not row.before and not row.is_wrong and not row.same]
        for start in range(0, len(fresh), _PART):
            say(message="같은 기업이 있는지 보는 중", done=start, total=len(fresh))
            books.warn_of_twins(fresh[start : start + _PART])
        books.warn_of_twins_in_file(fresh)

    # --- the deeds ----------------------------------------------------------------------------------------------------
    def commit(self, upload: Upload, rows: Iterable[Mapping[str, Any]], *, actor: User) -> dict[str, Any]:
        """Write the rows as one set."""
        reason = getattr(upload, "accepted_reason", "")
        done = services.upsert_companies(rows=(_written(row, reason) for row in rows), actor=actor, upload=upload)
        return {"new": done.new, "changed": done.changed, "same": done.same}

    def undo(self, upload: Upload, *, actor: User, reason: str) -> dict[str, Any]:
        """Take the companies of the upload back, if nothing was built on them since."""
        return services.undo_companies(upload=upload, actor=actor, reason=reason)

    def names_people(self, scope: Scope) -> bool:
        """Whether `export` names people to this reader."""
        return scope.can(Capability.EXPORT_PERSONAL)

    def export(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        """The companies the scope keeps, by the number of their headquarters; people where it may take them away."""
        places = RegionNames()
        labels = {pk: places.label(region) for pk, region in places.regions.items()}
        seen = Company.objects.visible_to(scope).not_merged()
        people = scope.within(Capability.EXPORT_PERSONAL)
        everybody = people.nationwide or (not scope.nationwide and people.region_ids >= scope.region_ids)
        named = set() if everybody else set(seen.visible_to(people).values_list("pk", flat=True))
        rows = Workplace.objects.headquarters().filter(company__in=seen).select_related("company__industry")
        for place in rows.order_by("business_number").iterator(chunk_size=5000):
            company = place.company
            yield {
                **({name: getattr(company, name) for name in PERSONAL} if everybody or company.pk in named else {}),
                "business_number": rules.written_business_number(place.business_number),
                "name_ko": company.name_ko,
                "name_en": company.name_en,
                "corporate_number": rules.written_corporate_number(company.corporate_number),
                "kind": _KIND_WORD[company.kind],
                "size": _SIZE_WORD[company.size],
                "founded_on": company.founded_on,
                "industry": company.industry.code if company.industry else "",
                "main_product": company.main_product,
                "region": labels[place.region_id],
                "address": place.address,
                "homepage": company.homepage,
                "number_reason": place.number_reason,
            }


def _judge(row: Row, places: RegionNames, codes: "books.IndustryCodes", scope: Scope) -> None:
    """What can be said of one row alone."""
    values, problems = row.values, row.problems
    values["_row"] = row.number
    if (number := values.get("business_number")) and not rules.business_number_checks(number):
        if not values.get("number_reason"):
            text = (
                f"사업자등록번호 {rules.written_business_number(number)}의 검증번호가 맞지 않습니다. 등록증과 견주어 "
                "보고, 맞는 번호이면 ‘검증번호 사유’를 적거나 반영할 때 사유를 적어 주세요."
            )
            problems.append(Problem("check_digit", text, "business_number", warning=True))
    elif values.get("number_reason"):
        values["number_reason"] = None
    if (number := values.get("corporate_number")) and not rules.corporate_number_checks(number):
        text = "법인등록번호의 검증번호가 맞지 않습니다. 최근에 받은 번호가 아니면 등기부와 견주어 보세요."
        problems.append(Problem("corporate_check_digit", text, "corporate_number", warning=True))
    if name := values.get("name_ko"):
        values["_key"] = rules.name_key(name)
        if not values["_key"]:
            problems.append(Problem("name_empty", "기업명에 글자나 숫자가 하나는 있어야 합니다.", "name_ko"))
    _place(row, places, scope)
    if code := values.get("industry"):
        values["_industry"], values["industry"], problem = codes.find(code)
        if problem:
            problems.append(problem)
    elif code == "":
        values["_industry"] = ""


def _place(row: Row, places: RegionNames, scope: Scope) -> None:
    """The region, as written or from the address."""
    values, region = row.values, None
    if written := values.get("region"):
        try:
            region = places.find(written)
        except ValueError as fault:
            row.problems.append(Problem("region_unknown", str(fault), "region"))
            return
    elif address := values.get("address"):
        region = places.of_address(address)
    if region is None:
        return
    values["_region"], values["region"] = region.pk, places.full_name(region)
    if not scope.holds(region.pk):
        text = f"{region.full_name}은(는) 관할 지역이 아닙니다. 관할 기업의 행만 올려 주세요."
        row.problems.append(Problem("region_elsewhere", text, "region"))


def _refuse_doubles(rows: list[Row]) -> None:
    for row, other in books.pairs_of(rows, "business_number"):
        text = f"{other.number}행과 사업자등록번호가 같습니다. 한 행만 남겨 주세요."
        row.problems.append(Problem("doubled", text, "business_number"))


def _lay_beside(rows: list[Row], places: RegionNames, scope: Scope) -> None:
    """What stands in the registry under the numbers of these rows, beside each."""
    found = books.standing(row.values["business_number"] for row in rows if row.values.get("business_number"))
    kept = books.kept_by(scope, {one.company_id for one in found.values()})
    for row in rows:
        one = found.get(row.values.get("business_number"))
        if one is not None:
            _compare(row, one, places, kept)
        elif row.values.get("_region") is None and not row.is_wrong:
            text = "시·군·구를 알 수 없습니다. 시·군·구를 적거나 주소를 시·도부터 적어 주세요."
            row.problems.append(Problem("region_missing", text, "region"))


def _compare(row: Row, one: "books.Standing", places: RegionNames, kept: frozenset[int] | None) -> None:
    """Put what stands in the registry beside the row, where they differ."""
    values = row.values
    if kept is not None and one.company_id not in kept:
        text = "다른 지역에 등록된 기업입니다. 관할 기업의 행만 올려 주세요."
        row.problems.append(Problem("company_elsewhere", text, "business_number"))
        return
    if not one.is_headquarters:
        text = f"‘{one.facts['name_ko']}’의 본사가 아닌 사업장의 번호입니다. 본사의 번호로 적어 주세요."
        row.problems.append(Problem("not_headquarters", text, "business_number"))
        return
    if one.facts["number_reason"]:
        row.problems = [problem for problem in row.problems if problem.rule != "check_digit"]
    values |= {
        "_company": one.company_id,
        "_workplace": one.workplace_id,
        "_seen": one.version,
        "_workplace_seen": one.workplace_version,
    }
    before = {}
    for name, now in one.facts.items():
        new = values.get(name)
        if new is not None and new != now:
            before[name] = now.isoformat() if isinstance(now, date) else now
    region = values.get("_region")
    if region is not None and places.today(one.region_id) != region:
        before["region"] = places.full_name(places.regions[one.region_id])
        text = "본사의 시·군·구가 바뀝니다. 이사한 것이면 기업 화면에서 ‘사업장 이전’으로 적어야 옛 소재지가 남습니다."
        row.problems.append(Problem("region_changes", text, "region", warning=True))
    else:
        values["_region"] = None
    row.before, row.same = before, not before
    if row.same:  # nothing will be written: what was doubtful was accepted before
        row.problems = [problem for problem in row.problems if not problem.warning]


def _written(row: Mapping[str, Any], reason: str) -> dict[str, Any]:
    """A row of the preview as `upsert_companies` takes it."""
    number = row["business_number"]
    given = row.get("number_reason")
    if reason and not given and not row.get("_company") and not rules.business_number_checks(number):
        given = reason
    return {
        **row,
        "number": row.get("_row"),
        "company_id": row.get("_company"),
        "workplace_id": row.get("_workplace"),
        "seen": row.get("_seen"),
        "workplace_seen": row.get("_workplace_seen"),
        "industry_id": row.get("_industry"),
        "region_id": row.get("_region"),
        "number_reason": given,
    }


COMPANIES = CompanyImporter()
