# ruff: noqa: S608 (statements are put together from names of our own columns only)
"""What the registry holds, beside the rows of a file: each question one query, whatever the number of rows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from companies import rules
from companies.models import Company, Industry, OlderIndustry
from companies.selectors import ALIKE, LIKELY_REASONS
from portal.directory.scope import Scope
from portal.intake.registry import Problem, Row

KSIC_REVISION = 11
FACTS = (
    "name_ko",
    "name_en",
    "corporate_number",
    "kind",
    "size",
    "founded_on",
    "representative",
    "main_product",
    "homepage",
    "phone",
    "email",
    "contact_name",
)
_STANDING = f"""
SELECT w.business_number, c.id, w.id, c.version, w.version, w.is_headquarters, w.region_id,
       {", ".join(f"c.{name}" for name in FACTS)}, coalesce(i.code, ''), w.address, w.number_reason
  FROM companies_workplace w
  JOIN companies_company c ON c.id = w.company_id
  LEFT JOIN companies_industry i ON i.id = c.industry_id
 WHERE w.business_number = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A company and its headquarters as they stand now. `facts` by column name; empty is ''."""

    company_id: int
    workplace_id: int
    version: int
    workplace_version: int
    is_headquarters: bool
    region_id: int
    facts: dict[str, Any]


def standing(numbers: Iterable[str]) -> dict[str | None, Standing]:
    """What stands under each business number."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [list(numbers)])
        names = (*FACTS, "industry", "address", "number_reason")
        return {
            row[0]: Standing(*row[1:7], facts={n: "" if v is None else v for n, v in zip(names, row[7:], strict=True)})
            for row in cursor.fetchall()
        }


def kept_by(scope: Scope, company_ids: set[int]) -> frozenset[int] | None:
    """Which of the companies the scope keeps; None for all."""
    if scope.nationwide:
        return None
    seen = Company.objects.visible_to(scope).filter(pk__in=company_ids)
    return frozenset(seen.values_list("pk", flat=True))


class IndustryCodes:
    """Codes of the current revision. One of an older revision becomes today's where its class was found again under
    one code only, else the class above it; each with a word about it. So does a code that meant another class once.
    """

    def __init__(self) -> None:
        rows = Industry.objects.filter(revision=KSIC_REVISION).values_list("code", "pk", "name_ko")
        self._ids: dict[str, int] = {}
        self._names: dict[str, str] = {}
        for code, pk, name in rows:
            bare = code[1:] if len(code) > 1 and code[0].isalpha() else code
            self._ids[bare], self._names[bare] = pk, name
        # Revision 9 first: where both older revisions had a code, the later one is what people mean.
        self._older: dict[str, tuple[int, str]] = {}
        self._now: dict[str, list[str]] = {}
        held: dict[tuple[int, str], list[str]] = defaultdict(list)
        links = OlderIndustry.objects.order_by("revision", "code", "industry__code")
        for revision, code, name, now in links.values_list("revision", "code", "name_ko", "industry__code"):
            held[revision, code] += [now] if now else []
            self._older[code], self._now[code] = (revision, name), held[revision, code]

    def find(self, code: str) -> tuple[int | None, str | None, Problem | None]:
        """(id, code, problem)."""
        if (pk := self._ids.get(code)) is not None:
            return pk, code, self._reused(code)
        now = self._now.get(code, [])
        if len(now) == 1:
            revision, name = self._older[code]
            text = (
                f"{code}은(는) {revision}차의 코드(‘{name}’)여서 {KSIC_REVISION}차의 {now[0]} "
                f"‘{self._names[now[0]]}’(으)로 옮깁니다."
            )
            return self._ids[now[0]], now[0], Problem("industry_moved", text, "industry", warning=True)
        if now:
            revision, name = self._older[code]
            choices = ", ".join(f"{one} {self._names[one]}" for one in now[:4])
            text = f"{code}은(는) {revision}차의 코드(‘{name}’)이고 {KSIC_REVISION}차에서 나뉘었습니다({choices}). 골라 적어 주세요."
            return self._above(code, text)
        return self._above(code, "")

    def _reused(self, code: str) -> Problem | None:
        """A word about a code of today that meant a class of another code in the revision before."""
        revision, name = self._older.get(code, (0, ""))
        now = self._now.get(code, [])
        if revision != KSIC_REVISION - 1 or code in now:
            return None
        hint = f" 그 업종이면 {now[0]}(으)로 적어 주세요." if len(now) == 1 else ""
        text = (
            f"{code}은(는) {KSIC_REVISION}차에서는 ‘{self._names[code]}’인데 {revision}차에서는 ‘{name}’이었습니다. "
            f"어느 차수의 코드인지 확인해 주세요.{hint}"
        )
        return Problem("industry_reused", text, "industry", warning=True)

    def _above(self, code: str, why: str) -> tuple[int | None, str | None, Problem | None]:
        """The class above a code that is no more."""
        for length in range(len(code) - 1, 1, -1):
            if (pk := self._ids.get(code[:length])) is not None:
                text = why or (
                    f"{code}은(는) 표준산업분류 {KSIC_REVISION}차에 없는 코드여서 상위 코드 {code[:length]}(으)로 "
                    f"둡니다. {KSIC_REVISION}차의 코드를 알면 고쳐 주세요."
                )
                return pk, code[:length], Problem("industry_older", text, "industry", warning=True)
        text = f"{code}은(는) 표준산업분류 {KSIC_REVISION}차에 없는 코드입니다."
        return None, None, Problem("industry_unknown", text, "industry")


def warn_of_twins(rows: list[Row]) -> None:
    """Warn of new rows that look like a company of the registry (`selectors.LIKELY_REASONS`)."""
    _warn_of_numbers(rows)
    _warn_of_names(rows)
    _warn_of_people(rows)


def _warn(row: Row, reason: str, name: str, column: str) -> None:
    text = f"이미 있는 ‘{name}’와(과) 같은 기업일 수 있습니다({LIKELY_REASONS[reason]}). 다른 기업인지 확인해 주세요."
    row.problems.append(Problem(f"twin_{reason}", text, column, warning=True))


def _asked(query: str, *values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def pairs_of(rows: list[Row], column: str) -> list[tuple[Row, Row]]:
    """(row, another row with the same value in the column), once for every row that has such another."""
    first: dict[str, Row] = {}
    told: set[str] = set()
    pairs = []
    for row in rows:
        if not (value := row.values.get(column)):
            continue
        other = first.setdefault(value, row)
        if other is row:
            continue
        if value not in told:
            told.add(value)
            pairs.append((other, row))
        pairs.append((row, other))
    return pairs


def warn_of_twins_in_file(rows: list[Row]) -> None:
    """Warn of new rows that share their corporate number with another row, unless the registry was told of already."""
    for row, other in pairs_of(rows, "corporate_number"):
        if all(problem.rule != "twin_corporate_number" for problem in row.problems):
            text = f"{other.number}행과 법인등록번호가 같습니다. 같은 기업의 사업장이면 본사 행만 남겨 주세요."
            row.problems.append(Problem("twin_in_file", text, "corporate_number", warning=True))


def _warn_of_numbers(rows: list[Row]) -> None:
    numbers = sorted({row.values["corporate_number"] for row in rows if row.values.get("corporate_number")})
    found = dict(
        _asked(
            "SELECT corporate_number, min(name_ko) FROM companies_company"
            " WHERE corporate_number = ANY(%s) AND corporate_number <> '' AND merged_into_id IS NULL GROUP BY 1",
            numbers,
        )
    )
    for row in rows if found else ():
        if name := found.get(row.values.get("corporate_number")):
            _warn(row, "corporate_number", name, "corporate_number")


def _warn_of_names(rows: list[Row]) -> None:
    wanted = {(row.values.get("_key"), row.values.get("_region")) for row in rows}
    keys = sorted({key for key, _ in wanted if key})
    found = {
        (key, region): name
        for key, region, name in _asked(
            "SELECT DISTINCT c.name_key, w.region_id, c.name_ko FROM companies_company c"
            "  JOIN companies_workplace w ON w.company_id = c.id"
            " WHERE c.name_key = ANY(%s) AND c.merged_into_id IS NULL",
            keys,
        )
    }
    for row in rows:
        if name := found.get((row.values.get("_key"), row.values.get("_region"))):
            _warn(row, "name_in_region", name, "name_ko")


def _warn_of_people(rows: list[Row]) -> None:
    people = sorted({row.values["representative"] for row in rows if row.values.get("representative")})
    known: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for person, key, name in _asked(
        "SELECT representative, name_key, name_ko FROM companies_company"
        " WHERE representative = ANY(%s) AND representative <> '' AND merged_into_id IS NULL",
        people,
    ):
        known[person].append((key, name))
    for row in rows:
        key = row.values.get("_key") or ""
        for other, name in known.get(row.values.get("representative") or "", ()):
            if rules.alike(key, other) >= ALIKE:
                _warn(row, "name_and_representative", name, "representative")
                break
