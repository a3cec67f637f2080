"""Companies and their years, beside the rows of a file of figures: one query a question."""

from collections import defaultdict
from collections.abc import Iterable

from companies import rules
from companies.models import Company, CompanyName, CompanyYear, Workplace
from portal.directory.scope import Scope
from portal.intake.registry import Problem, Row

Key = tuple[int, int, str]
"""Company, year, source."""


def find_companies(rows: list[Row], scope: Scope) -> None:
    """Set `_company` on each row, by the number of any of its places, else by name. Others do not exist here."""
    kept = Company.objects.visible_to(scope).not_merged()
    numbers = {row.values["business_number"] for row in rows if row.values.get("business_number")}
    by_number = dict(
        Workplace.objects.filter(business_number__in=numbers, company__in=kept).values_list(
            "business_number", "company_id"
        )
    )
    names = _names(rows, kept, set(by_number.values()))
    for row in rows:
        number, name = row.values.get("business_number"), row.values.get("name")
        key = rules.name_key(name) if name else ""
        if number:
            _by_number(row, by_number.get(number), key, names)
        elif key:
            _by_name(row, names.companies.get(key, set()), name or "")
        elif not row.is_wrong:
            text = "사업자등록번호나 기업명을 적어 주세요."
            row.problems.append(Problem("company_missing", text, "business_number"))


class _Names:
    """Companies by name key and name keys by company."""

    def __init__(self, pairs: Iterable[tuple[int, str]]) -> None:
        self.companies: dict[str, set[int]] = defaultdict(set)
        self.keys: dict[int, set[str]] = defaultdict(set)
        for company, key in pairs:
            self.companies[key].add(company)
            self.keys[company].add(key)


def _names(rows: list[Row], kept: object, known: set[int]) -> _Names:
    keys = {
        rules.name_key(row.values["name"])
        for row in rows
        if row.values.get("name") and not row.values.get("business_number")
    }
    pairs: list[tuple[int, str]] = []
    for named in (
        Company.objects.filter(name_key__in=keys, pk__in=kept).values_list("pk", "name_key"),
        CompanyName.objects.filter(name_key__in=keys, company__in=kept).values_list("company_id", "name_key"),
        Company.objects.filter(pk__in=known).values_list("pk", "name_key"),
        CompanyName.objects.filter(company__in=known).values_list("company_id", "name_key"),
    ):
        pairs += named
    return _Names(pairs)


def _by_number(row: Row, company: int | None, key: str, names: _Names) -> None:
    if company is None:
        text = "관할 기업 가운데 이 번호의 기업이 없습니다. 번호를 확인하거나 먼저 기업을 등록해 주세요."
        row.problems.append(Problem("company_unknown", text, "business_number"))
        return
    row.values["_company"] = company
    if key and key not in names.keys[company]:
        text = "이 번호로 등록된 기업의 이름과 다릅니다. 번호가 맞는지 확인해 주세요."
        row.problems.append(Problem("name_disagrees", text, "name", warning=True))


def _by_name(row: Row, found: set[int], name: str) -> None:
    if len(found) == 1:
        row.values["_company"] = next(iter(found))
        return
    text = (
        f"‘{name[:40]}’(이)라는 관할 기업이 {len(found)}곳입니다. 사업자등록번호를 적어 주세요."
        if found
        else f"‘{name[:40]}’(이)라는 관할 기업이 없습니다. 이름을 확인하거나 먼저 기업을 등록해 주세요."
    )
    row.problems.append(Problem("company_unknown", text, "name"))


def standing(rows: list[Row]) -> dict[Key, CompanyYear]:
    """The years the books hold of the companies in the file."""
    companies = {row.values["_company"] for row in rows if row.values.get("_company")}
    years = {int(at) for row in rows for at in row.values.get("_years", ())}
    held = CompanyYear.objects.filter(company__in=companies, year__in=years)
    return {(year.company_id, year.year, year.source): year for year in held.iterator(chunk_size=5000)}
