"""Finding companies among a million: by name, initial consonants, product, number, representative, inside a scope.

    hits = search.find("ㅅㅅㅈㄱ", scope)               # Hits(ids, best first; more=True when too many were found)
    search.index_companies(ids)                         # inside the transaction that wrote those companies

The index is `workspace.SearchKey` (`companies.search_keys` says what it holds). It only names candidates: whoever
shows companies still reads them through `Company.objects.visible_to(scope)`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from companies.models import Company, CompanyName, Workplace
from companies.rules.names import name_key
from companies.search_keys import Typed, document, facet_key, number_of, person_keys, region_key, understood
from companies.workspace.models import SearchKey
from portal.directory.enums import Capability
from portal.directory.models import Region
from portal.directory.scope import Scope

MOST = 1_000
"""Hits that are ranked. When there are more, those beginning with the word come first and the reader is told."""
_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Hits:
    """Ids of companies, best first; `more`: there are others that were not looked at."""

    ids: list[int] = field(default_factory=list)
    more: bool = False


def find(written: str, scope: Scope, *, most: int = MOST) -> Hits:
    """Companies of the scope that fit what somebody typed, at most `most` of them.

    A representative's name counts only where the scope may see personal data. An empty search finds nothing.
    """
    typed = understood(written)
    if typed.is_empty or scope.is_empty:
        return Hits()
    found: dict[int, None] = dict.fromkeys(_by_number(typed, scope, most)) if typed.digits else {}
    words = _by_word(typed, scope, most) if typed.word and len(found) <= most else Hits()
    found |= dict.fromkeys(words.ids)
    if typed.person and scope.can(Capability.VIEW_PERSONAL):
        found |= dict.fromkeys(_by_person(typed, scope.within(Capability.VIEW_PERSONAL)))
    ids = list(found)
    return Hits(ids[:most], words.more or len(ids) > most)


def region_keys(scope: Scope) -> list[int] | None:
    """Keys of which a company in the scope has at least one; None for a nationwide scope.

    A 시·도 stands for the places below it.
    """
    if scope.nationwide:
        return None
    parents = dict(Region.objects.filter(pk__in=scope.region_ids).values_list("pk", "parent_id"))
    return [region_key(pk) for pk, parent in parents.items() if parent not in parents]


def with_facets(**facets: Any) -> QuerySet[SearchKey]:
    """Index rows that have every given facet: `size="SMALL"`, `state=…`, `industry=<id of it or of one above it>`."""
    return SearchKey.objects.filter(keys__contains=[facet_key(name, value) for name, value in facets.items()])


def _by_number(typed: Typed, scope: Scope, most: int) -> list[int]:
    """By the beginning of a business or corporate number."""
    seen = Company.objects.visible_to(scope).not_merged()
    places = Workplace.objects.filter(business_number__gte=typed.digits, business_number__lt=_after(typed.digits))
    firms = Q(corporate_number__gte=typed.digits, corporate_number__lt=_after(typed.digits))
    by_place = seen.filter(pk__in=places.values("company")).order_by("pk").values_list("pk", flat=True)[: most + 1]
    by_firm = seen.filter(firms, ~Q(corporate_number="")).order_by("pk").values_list("pk", flat=True)[: most + 1]
    return [*by_place, *by_firm]


def _after(digits: str) -> str:
    """The first text behind everything that begins with these digits."""
    return f"{digits[:-1]}{chr(ord(digits[-1]) + 1)}"


_RANKED = """
SELECT company_id FROM (
    SELECT company_id, text FROM workspace_searchkey
     WHERE keys @> %(keys)s::int[] {scope} AND {looks} LIMIT %(most)s
) found
ORDER BY CASE WHEN strpos(text, %(whole)s) > 0 THEN 0 WHEN strpos(text, %(begins)s) > 0 THEN 1
              WHEN strpos(split_part(text, E'\\t', 1), %(word)s) > 0 THEN 2 ELSE 3 END,
         length(split_part(text, E'\\n', 2)), text, company_id
"""


def _by_word(typed: Typed, scope: Scope, most: int) -> Hits:
    """By pairs of characters, then by the text itself; ranked: the very name, its beginning, within it, a product."""
    inside = region_keys(scope)
    facts: dict[str, Any] = {
        "inside": inside,
        "most": most + 1,
        "word": typed.word,
        "whole": f"\n{typed.word}\n",
        "begins": f"\n{typed.parts[0]}",
    }
    looks = {f"part{at}": f"%{part}%" for at, part in enumerate(typed.parts)}
    beginning = {"part0": f"%\n{typed.parts[0]}%"}
    found = _ranked(facts | (beginning if len(typed.word) == 1 else looks) | {"keys": typed.anywhere()})
    if len(found) <= most:
        return Hits(found)
    first = _ranked(facts | looks | beginning | {"keys": typed.at_the_beginning()})
    return Hits(list(dict.fromkeys(first + found))[:most], more=True)


def _ranked(facts: dict[str, Any]) -> list[int]:
    scope = "" if facts["inside"] is None else "AND keys && %(inside)s::int[]"
    looks = " AND ".join(f"text LIKE %({name})s" for name in facts if name.startswith("part"))
    with connection.cursor() as cursor:
        cursor.execute(_RANKED.format(scope=scope, looks=looks), facts)
        return [row[0] for row in cursor.fetchall()]


def _by_person(typed: Typed, scope: Scope) -> list[int]:
    """By a representative's whole name or its beginning; looked up in the registry, since two names may share a key."""
    wanted = number_of(f"@{typed.person}")
    keys = SearchKey.objects.filter(keys__contains=[wanted])
    if (inside := region_keys(scope)) is not None:
        keys = keys.filter(keys__overlap=inside)
    ids = list(keys.values_list("company_id", flat=True)[:MOST])
    rows = Company.objects.filter(pk__in=ids).order_by("name_key", "pk").values_list("pk", "representative")
    return [pk for pk, names in rows if wanted in person_keys(names)]


# --- keeping it current -----------------------------------------------------------------------------------------------
_PUT = """
INSERT INTO workspace_searchkey AS kept (company_id, keys, text)
SELECT id, keys::int[], text FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS fresh(id, keys, text)
ON CONFLICT (company_id) DO UPDATE SET keys = EXCLUDED.keys, text = EXCLUDED.text
 WHERE (kept.keys, kept.text) IS DISTINCT FROM (EXCLUDED.keys, EXCLUDED.text)
"""


@transaction.atomic
def index_companies(ids: Iterable[int]) -> int:
    """Bring the index of these companies up to what the registry says; merged and vanished ones leave it.

    Call it in the transaction that changed a name, a product, a representative, a number, an industry, a size, a
    state, a lead region or the place of a workplace. Returns how many companies are in the index now.
    """
    indexed = 0
    for batch in _batches(sorted(set(ids)), _BATCH):
        rows = list(_rows(batch))
        SearchKey.objects.filter(company_id__in=set(batch) - {row[0] for row in rows}).delete()
        with connection.cursor() as cursor:
            cursor.execute(_PUT, [list(column) for column in zip(*rows, strict=True)] if rows else [[], [], []])
        indexed += len(rows)
    return indexed


def index_everything() -> int:
    """Make the whole index anew, batch by batch. Returns the number of companies."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM workspace_searchkey WHERE company_id NOT IN (SELECT id FROM companies_company)")
    ids = Company.objects.not_merged().order_by("pk").values_list("pk", flat=True)
    return sum(index_companies(batch) for batch in _batches(list(ids), 10 * _BATCH))


def _batches(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _rows(ids: Sequence[int]) -> Iterator[tuple[int, str, str]]:
    """(company, keys as a Postgres array, text) of those companies that can be found."""
    spellings, places = defaultdict(list), defaultdict(set)
    for company, name in CompanyName.objects.filter(company__in=ids).order_by("pk").values_list("company", "name_key"):
        spellings[company].append(name)
    sites = Workplace.objects.filter(company__in=ids).values_list("company", "region", "region__parent", "name")
    for company, region, parent, name in sites:
        places[company] |= {region, parent}
        if name:
            spellings[company].append(name_key(name))
    columns = ("pk", "name_key", "name_en", "main_product", "representative", "lead_region", "lead_region__parent",
               "state", "size", "industry", "industry__parent", "industry__parent__parent",
               "industry__parent__parent__parent", "industry__parent__parent__parent__parent")  # fmt: skip
    for pk, key, en, product, person, lead, above, state, size, *industries in (
        Company.objects.not_merged().filter(pk__in=ids).values_list(*columns)
    ):
        regions = {region for region in places[pk] | {lead, above} if region}
        facets = [("state", state), ("size", size), *(("industry", code) for code in industries if code)]
        keys, text = document([key, name_key(en) if en else "", *spellings[pk]], product, person, regions, facets)
        yield pk, "{" + ",".join(map(str, keys)) + "}", text
