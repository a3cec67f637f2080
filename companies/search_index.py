"""The search index follows the registry: at once for a few companies, owed and paid soon after for many.

`companies.services.changed` tells `follow` inside the transaction that wrote. Up to DIRECT companies are indexed right
there. More are written down as debts (`workspace.SearchDebt`) in that same transaction, so that none can be lost, and
paid by a worker; beat asks for unpaid ones.

Who pays waits for everybody who is indexing directly, and they for him: each then reads what the other wrote. Without
this a payer that read before somebody committed could write an old text over a new one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.db import connection, transaction

from companies.models import Company
from companies.rules.names import name_key
from companies.search_keys import document
from companies.workspace.models import SearchDebt, SearchKey
from portal.directory.enums import RegionLevel
from portal.directory.models import Region
from portal.kernel.db import advisory_lock
from portal.kernel.queue import defer

DIRECT = 1_000
"""Companies that one transaction indexes itself."""
LOCK = "companies.search_index"
_BATCH = 5_000


def follow(ids: Iterable[int]) -> None:
    """Bring the index up to what this transaction wrote of these companies, or owe it."""
    wanted = sorted(set(ids))
    if len(wanted) <= DIRECT:
        index_companies(wanted)
        return
    SearchDebt.objects.bulk_create(SearchDebt(company_ids=list(batch)) for batch in _batches(wanted, _BATCH))
    defer("companies.workspace.tasks.pay_search_debts")


def pay_debts() -> int:
    """Index everything owed, a debt a transaction. Returns how many companies are in the index for it."""
    indexed = 0
    while (paid := _pay_one()) is not None:
        indexed += paid
    return indexed


@transaction.atomic
def _pay_one() -> int | None:
    advisory_lock(LOCK)
    debt = SearchDebt.objects.order_by("pk").first()
    if debt is None:
        return None
    indexed = _write(debt.company_ids)
    debt.delete()
    return indexed


@transaction.atomic
def index_companies(ids: Iterable[int]) -> int:
    """Bring the index of these companies up to what the registry says; merged and vanished ones leave it.

    Call it in the transaction that changed a name, a product, a representative, a number, an industry, a size, a
    state, a lead region or the place of a workplace. Returns how many companies are in the index now.
    """
    advisory_lock(LOCK, shared=True)
    return sum(_write(batch) for batch in _batches(sorted(set(ids)), _BATCH))


def index_everything() -> int:
    """Make the whole index anew, batch by batch. Returns the number of companies."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM workspace_searchkey WHERE company_id NOT IN (SELECT id FROM companies_company)")
    ids = Company.objects.not_merged().order_by("pk").values_list("pk", flat=True)
    return sum(_locked_write(batch) for batch in _batches(list(ids), _BATCH))


@transaction.atomic
def _locked_write(ids: Sequence[int]) -> int:
    advisory_lock(LOCK)
    return _write(ids)


def _batches(ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


_PUT = """
INSERT INTO workspace_searchkey AS kept (company_id, keys, text)
SELECT id, keys::int[], text FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS fresh(id, keys, text)
ON CONFLICT (company_id) DO UPDATE SET keys = EXCLUDED.keys, text = EXCLUDED.text
 WHERE (kept.keys, kept.text) IS DISTINCT FROM (EXCLUDED.keys, EXCLUDED.text)
"""
_COMPANIES = """
SELECT id, name_key, name_en, main_product, representative, lead_region_id, size, industry_id
  FROM companies_company WHERE id = ANY(%s) AND merged_into_id IS NULL
"""
_NAMES = "SELECT company_id, name_key FROM companies_companyname WHERE company_id = ANY(%s) ORDER BY id"
_PLACES = "SELECT company_id, region_id, name FROM companies_workplace WHERE company_id = ANY(%s)"
_INDUSTRIES = """
WITH RECURSIVE above(id, code) AS (
    SELECT id, id FROM companies_industry WHERE id = ANY(%s)
    UNION ALL
    SELECT above.id, industry.parent_id
      FROM above JOIN companies_industry industry ON industry.id = above.code WHERE industry.parent_id IS NOT NULL)
SELECT id, array_agg(code) FROM above GROUP BY id
"""


def _write(ids: Sequence[int]) -> int:
    rows = list(_rows(ids))
    SearchKey.objects.filter(company_id__in=set(ids) - {row[0] for row in rows}).delete()
    with connection.cursor() as cursor:
        cursor.execute(_PUT, [list(column) for column in zip(*rows, strict=True)] if rows else [[], [], []])
    return len(rows)


def _rows(ids: Sequence[int]) -> Iterator[tuple[int, str, str]]:
    """(company, keys as a Postgres array, text) of those companies that can be found."""
    spellings, provinces, places = defaultdict(list), defaultdict(set), defaultdict(set)
    tops, wanted = _provinces(), list(ids)
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, [wanted])
        for company, name in cursor.fetchall():
            spellings[company].append(name)
        cursor.execute(_PLACES, [wanted])
        for company, region, name in cursor.fetchall():
            top = tops[region]
            places[company] |= {region, top}
            provinces[company].add(top)
            if name:
                spellings[company].append(name_key(name))
        cursor.execute(_COMPANIES, [wanted])
        companies = cursor.fetchall()
        cursor.execute(_INDUSTRIES, [list({row[-1] for row in companies if row[-1]})])
        above = dict(cursor.fetchall())
    for pk, key, en, product, person, lead, size, industry in companies:
        if lead:
            places[pk] |= {lead, tops[lead]}
            provinces[pk].add(tops[lead])
        facets = [("size", size), *(("industry", code) for code in above.get(industry, ()))]
        names = [key, name_key(en) if en else "", *spellings.get(pk, ())]
        keys, text = document(names, product, person, province_ids=provinces[pk], region_ids=places[pk], facets=facets)
        yield pk, "{" + ",".join(map(str, keys)) + "}", text


def _provinces() -> dict[int, int]:
    """The 시·도 of each region: its parent, or itself."""
    rows = Region.objects.values_list("pk", "level", "parent_id")
    return {pk: parent if level == RegionLevel.SIGUNGU else pk for pk, level, parent in rows}
