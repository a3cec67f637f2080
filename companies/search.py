"""Finding companies among a million: by name, initial consonants, product, number, representative, inside a scope.

    hits = search.find("ㅅㅅㅈㄱ", scope)               # Hits(ids, best first; more=True when too many were found)

The index is `workspace.SearchKey` (`companies.search_keys` says what it holds, `companies.search_index` keeps it
current). It only names candidates: whoever shows companies still reads them through `Company.objects.visible_to(scope)`.
"""

from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Q

from companies.models import Company, Workplace
from companies.search_keys import NOWHERE, Typed, inside, number_of, person_keys, region_key, understood
from companies.workspace.models import SearchKey
from portal.directory.enums import Capability, RegionLevel
from portal.directory.models import Region
from portal.directory.scope import Scope

MOST = 1_000
"""Hits that are ranked. When there are more, those beginning with the word come first and the reader is told."""
_MOST_NAMESAKES = 10_000


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


def _by_word(typed: Typed, scope: Scope, most: int) -> Hits:
    """By pairs of characters, then by the text itself; ranked: the very name, its beginning, within it, a product."""
    where = _Where.of(scope)
    looks = [f"%{part}%" for part in typed.parts]
    begins = [f"%\n{typed.parts[0]}%", *looks[1:]]
    first = _rows_like(typed.at_the_beginning(), begins, where, most)
    if len(typed.word) == 1 or len(first) > most:
        found, more = first, len(first) > most
    else:
        found = _rows_like(typed.anywhere(), looks, where, most)
        more = len(found) > most
        found = list(dict.fromkeys([*first, *found]))
    found.sort(key=lambda row: _rank(row, typed))
    return Hits([row[0] for row in found[:most]], more)


def _rank(row: tuple[int, str], typed: Typed) -> tuple[int, int, str, int]:
    """The very name, then names beginning with the word, then names that hold it, then products; short names first."""
    company, text = row
    if f"\n{typed.word}\n" in text:
        kind = 0
    elif f"\n{typed.parts[0]}" in text:
        kind = 1
    else:
        product = text.find("\t")
        kind = 2 if product < 0 or text.find(typed.parts[-1]) < product else 3
    return kind, text.index("\n", 1), text, company


@dataclass(frozen=True, slots=True)
class _Where:
    """Where to look: in the lists of these 시·도, and only at rows of these regions (none: at all of them)."""

    provinces: tuple[int, ...]
    regions: tuple[int, ...] = ()

    @classmethod
    def of(cls, scope: Scope) -> "_Where":
        if scope.nationwide:
            every = Region.objects.filter(level=RegionLevel.SIDO).order_by("pk").values_list("pk", flat=True)
            return cls((*every, NOWHERE))
        places = Region.objects.filter(pk__in=scope.region_ids).values_list("pk", "level", "parent_id")
        tops = {pk for pk, level, _ in places if level == RegionLevel.SIDO}
        parts = {(pk, parent) for pk, level, parent in places if level == RegionLevel.SIGUNGU and parent not in tops}
        regions = tuple(region_key(pk) for pk in [*tops, *(pk for pk, _ in parts)])
        return cls(tuple(sorted(tops | {parent for _, parent in parts})), regions if parts else ())


# One 시·도 after the other, until there are enough: the lists of the later ones are then never read.
_LIKE = """
SELECT found.company_id, found.text
  FROM unnest(%s::text[]) AS list(wanted)
 CROSS JOIN LATERAL (
       SELECT company_id, text FROM workspace_searchkey
        WHERE keys @> list.wanted::int[]{lies}{like} LIMIT %s
 ) AS found LIMIT %s
"""


def _rows_like(keys: list[int], looks: list[str], where: _Where, most: int) -> list[tuple[int, str]]:
    """(company, text) of rows with all keys and texts, one more than `most` at the utmost."""
    lists = ["{" + ",".join(map(str, inside(province, keys))) + "}" for province in where.provinces]
    regions = [list(where.regions)] if where.regions else []
    sql = _LIKE.format(lies=" AND keys && %s::int[]" if regions else "", like=" AND text LIKE %s" * len(looks))
    with connection.cursor() as cursor:
        cursor.execute(sql, [lists, *regions, *looks, most + 1, most + 1])
        return list(dict.fromkeys(cursor.fetchall()))


def _by_person(typed: Typed, scope: Scope) -> list[int]:
    """By a representative's whole name or its beginning; looked up in the registry, since two names may share a key."""
    wanted = number_of(f"@{typed.person}")
    ids = list(SearchKey.objects.filter(keys__contains=[wanted]).values_list("company_id", flat=True)[:_MOST_NAMESAKES])
    seen = Company.objects.visible_to(scope).filter(pk__in=ids)
    rows = seen.order_by("name_key", "pk").values_list("pk", "representative")
    return [pk for pk, names in rows if wanted in person_keys(names)]
