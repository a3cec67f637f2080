"""The company list: a million rows, never counted beyond FEW, never walked without an index.

What is narrowed to FEW companies or less is taken by number and may be put in any order. Of more, the list says that
there are more, shows the first FEW by name (an index has that order) and offers the conditions to narrow it down.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.paginator import Page, Paginator
from django.db.models import BigIntegerField, F, Func, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from companies import panels, personal, selectors
from companies.models import Company
from companies.views.company_columns import COLUMNS, FIGURE_COLUMNS, dressed
from companies.views.company_filters import FIRST, CompanyFilters
from companies.workspace.models import SavedFilter, SearchDebt
from portal.directory.enums import Capability
from portal.kernel import exports
from portal.kernel.lists import ListColumn, ListPage

FEW = 2_000
_AT_ONCE = 1_000


class CappedPages(Paginator):
    """Pages of a list whose length is known or capped beforehand: nothing is counted."""

    def __init__(self, rows: Any, size: int, known: int) -> None:
        super().__init__(rows, size)
        self.known = known

    @property
    def count(self) -> int:  # type: ignore[override]
        return self.known


class CompanyList(ListPage):
    """Companies of the reader's scope. People in it are masked."""

    name = "companies"
    title = _("기업")
    template = "companies/company_list.html"
    default_sort = "name"
    filters = CompanyFilters
    empty_text = _("기업을 등록하거나 파일로 올리면 여기에 보입니다.")
    columns: Sequence[ListColumn] = COLUMNS

    def __init__(self, **given: Any) -> None:
        offered = tuple(
            ListColumn(one.key, one.label, value=_offered(one.key), shown=one.shown) for one in panels.columns()
        )
        self.columns = (*COLUMNS, *offered)  # type: ignore[misc]
        super().__init__(**given)

    def queryset(self) -> QuerySet[Company]:
        return Company.objects.visible_to(self.scope).not_merged()

    # --- few or many --------------------------------------------------------------------------------------------------
    @cached_property
    def narrowed(self) -> QuerySet[Company]:
        """What passes the filters; nothing while one of them is wrong."""
        filterset = self.filterset
        found = filterset.qs if filterset is not None and filterset.is_valid() else self.queryset().none()
        return found.order_by()

    @cached_property
    def few(self) -> list[int] | None:
        """Their numbers if there are FEW or less, else None."""
        ids = list(self.narrowed.values_list("pk", flat=True)[: FEW + 1])
        return ids if len(ids) <= FEW else None

    @property
    def is_capped(self) -> bool:
        """Whether there are more companies than the list shows."""
        hits = self.hits
        return self.few is None or bool(hits and hits.more)

    @property
    def hits(self) -> Any:
        return self.filterset.hits if self.filterset is not None else None  # type: ignore[attr-defined]

    @cached_property
    def is_behind(self) -> bool:
        """Whether companies of a large file just committed may still be missing from what was searched for."""
        filterset = self.filterset
        asked = filterset is not None and bool(self.hits is not None or filterset.keys)  # type: ignore[attr-defined]
        return asked and SearchDebt.objects.exists()

    @property
    def cap(self) -> int:
        return FEW

    @property
    def is_reordered(self) -> bool:
        """Whether the asked order was put aside, because there are too many rows for it."""
        return self.few is None and self.sort.removeprefix("-") != "name"

    def order(self, rows: QuerySet[Company]) -> QuerySet[Company]:
        if self.few is None:
            return rows.order_by("-name_key" if self.sort == "-name" else "name_key", "pk")
        if self.hits is not None and "sort" not in self.query:
            ids = Value(self.hits.ids, output_field=ArrayField(BigIntegerField()))
            rank = Func(ids, F("pk"), function="array_position", output_field=BigIntegerField())
            return rows.order_by(rank, "pk")
        fields = next(column.sort for column in self.columns if column.key == self.sort.removeprefix("-"))
        down = self.sort.startswith("-")
        return rows.order_by(*(F(f).desc(nulls_last=True) if down else F(f).asc(nulls_last=True) for f in fields), "pk")

    @cached_property
    def rows(self) -> QuerySet[Company]:
        """All rows in order. Those of a long list by the index of names."""
        rows = self.narrowed if self.few is None else Company.objects.filter(pk__in=self.few)
        return self.order(dressed(rows, [column.key for column in self.chosen], self.scope))

    @cached_property
    def page(self) -> Page[Any]:
        known = FEW if self.few is None else len(self.few)
        page = CappedPages(self.rows, self.size, known).get_page(self.query.get("page"))
        page.object_list = self.completed(list(page.object_list))
        return page

    # --- what stands in the cells -------------------------------------------------------------------------------------
    def completed(self, rows: list[Company]) -> list[Company]:
        """The rows with what takes a query of its own: figures and the columns other apps offer; people masked."""
        keys, ids = {column.key for column in self.chosen}, [row.pk for row in rows]
        years = selectors.yearly(ids) if keys & FIGURE_COLUMNS else {}
        offered = {one.key: one.values(ids, self.scope) for one in panels.columns() if one.key in keys}
        plain = self.unmasked(ids)
        for row in rows:
            found = years.get(row.pk)
            row.latest = found[-1] if found else None  # type: ignore[attr-defined]
            row.offered = {key: values.get(row.pk, "") for key, values in offered.items()}  # type: ignore[attr-defined]
            row.people = personal.shown(row, plainly=row.pk in plain)  # type: ignore[attr-defined]
        return rows

    def unmasked(self, ids: list[int]) -> set[int]:
        """Of whom people may be named in this list: of nobody."""
        return set()

    def write(self, target: Any, format: str, said: Callable[[int], None] | None = None) -> int:
        fields = [exports.Field(column.label, text=column.text, width=column.width) for column in self.chosen]

        def cells() -> Iterator[list[Any]]:
            done, rows = 0, self.rows.iterator(chunk_size=_AT_ONCE)
            while batch := self.completed(list(islice(rows, _AT_ONCE))):
                yield from ([column.of(row) for column in self.chosen] for row in batch)
                done += len(batch)
                if said:
                    said(done)

        return exports.write(target, format, fields, cells(), str(self.title))

    # --- what the page asks -------------------------------------------------------------------------------------------
    @property
    def export_links(self) -> list[tuple[str, str]]:
        """One link: a file of companies is always a job, asked for on a page of its own."""
        if not self.scope.can(self.export_capability):
            return []
        query = self.query.copy()
        query.pop("page", None)
        return [("xlsx", f"{reverse('companies:company_export')}?{query.urlencode()}")]

    @property
    def first_fields(self) -> list[Any]:
        return [field for field in self.form or () if field.name in FIRST]

    @property
    def more_fields(self) -> list[Any]:
        return [field for field in self.form or () if field.name not in FIRST]

    @property
    def more_used(self) -> bool:
        """Whether one of the folded filters is in use."""
        return any(self.query.get(field.name) for field in self.more_fields)

    @property
    def sort_asked(self) -> str:
        return self.query.get("sort", "")

    @property
    def order_shown(self) -> str:
        """The order the rows stand in while the address names none: none of the columns' after a search."""
        return "" if self.hits is not None else self.default_sort

    @property
    def query_kept(self) -> str:
        """The conditions as they are saved: without page, size and file."""
        kept = self.query.copy()
        for name in ("page", "size", "export"):
            kept.pop(name, None)
        return kept.urlencode()

    @property
    def page_head(self) -> str:
        query = self.query.copy()
        query.pop("page", None)
        return f"?{query.urlencode()}{'&' if query else ''}page="

    @cached_property
    def saved(self) -> list[SavedFilter]:
        """The reader's filters and those shared with them."""
        rows = SavedFilter.objects.visible_to(self.scope).of_list(self.name).select_related("shared_with", "owner")
        return list(rows.order_by("name", "pk"))


class CompanyPersonalList(CompanyList):
    """The same with people named, where the reader may take them away. Made by the export alone, with a reason."""

    def unmasked(self, ids: list[int]) -> set[int]:
        rows = personal.within(Company.objects.filter(pk__in=ids), self.scope, Capability.EXPORT_PERSONAL)
        return set(rows.values_list("pk", flat=True))


def _offered(key: str) -> Callable[[Any], str]:
    return lambda row: row.offered.get(key, "")
