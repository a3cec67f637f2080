"""Lists: one page of rows with filter, order, columns, page size and export, all through one queryset.

    class ClusterList(ListPage):
        name = "clusters"                                   # key of the kept choices, part of the element ids
        title = _("밀집지역")                                # caption of the table, name of exported files
        template = "companies/cluster_list.html"            # includes "lists/page.html"
        columns = (
            ListColumn("code", _("코드"), sort=("code",), text=True, fixed=True,
                       link=lambda row: reverse("companies:cluster", args=[row.code])),
            ListColumn("firms", _("업체 수"), value=lambda row: row.firms, sort=("firms",), css="num"),
        )
        default_sort = "code"                               # "-firms" for down; ties are settled by `tie`
        filters = ClusterFilters                            # a ListFilters; it may read self.scope

        def queryset(self):                                 # rows this reader may see: self.scope
            return Cluster.objects.visible_to(self.scope).select_related("region")

    @methods(writes=("POST",))                              # POST: an export too long to wait for
    def clusters(request):
        return ClusterList.of(request).respond(request)     # respond(request, **context)

Query: the filters' names, `sort`, `page`, `size` (20, 50, 100, 200), `cols` (repeated), `export` (xlsx, csv); any other
name is answered with 400 and a sentence. Columns and page size are kept in the session. Up to `LONGEST_INLINE` rows an
export is answered at once; a longer one is offered as a button whose POST becomes a job (see `on_long_export`).
`docs/recipes/add-a-list.md` shows a whole list.
"""

import io
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Self

import django_filters
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.kernel import display, exports
from portal.kernel.forms import BaseForm

PAGE_SIZES = (20, 50, 100, 200)
DEFAULT_SIZE = 50
LONGEST_INLINE = 5_000
COMMON = frozenset({"sort", "page", "size", "cols", "export"})


class BadQuery(Exception):
    """The address asks for something this list does not know. Its text is for the reader."""


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column: `value` (a function of the row; the attribute named `key` without it) is what is exported.

    `show` gives what the page shows instead of the formatted value, `link` the address the cell leads to, `sort` the
    fields to order by. `fixed` columns cannot be put away; `shown=False` ones appear when asked for.
    """

    key: str
    label: str | Promise
    value: Callable[[Any], Any] | None = None
    show: Callable[[Any], Any] | None = None
    link: Callable[[Any], str] | None = None
    sort: tuple[str, ...] = ()
    css: str = ""
    text: bool = False
    shown: bool = True
    fixed: bool = False
    width: int = 16

    def of(self, row: Any) -> Any:
        """The plain value for files: None, bool, int, Decimal, date, datetime or text."""
        return self.value(row) if self.value else getattr(row, self.key)

    def seen(self, row: Any) -> Any:
        """What the page shows."""
        return self.show(row) if self.show else worded(self.of(row))


def worded(value: Any) -> Any:
    """A value as the house writes it."""
    if value is None or value == "":
        return display.MISSING
    if isinstance(value, bool):
        return _("예") if value else _("아니오")
    if isinstance(value, int | Decimal):
        return display.number(value)
    if isinstance(value, datetime):
        return display.moment(value)
    return display.day(value) if isinstance(value, date) else value


class ListFilters(django_filters.FilterSet):
    """The base of a list's filters: dressed as every form, and knowing the reader's `scope`."""

    class Meta:
        form = BaseForm

    def __init__(self, data: Any = None, queryset: Any = None, *, scope: Any, **more: Any) -> None:
        self.scope = scope
        super().__init__(data, queryset, **more)


def _query_names(name: str, widget: Any) -> Iterator[str]:
    """The names under which a field of the filter form travels: several for a field made of parts."""
    if suffixes := getattr(widget, "suffixes", None):
        yield from (f"{name}_{suffix}" for suffix in suffixes)
    elif parts := getattr(widget, "widgets_names", None):
        yield from (f"{name}{part}" for part in parts)
    else:
        yield name


@dataclass(frozen=True, slots=True)
class Cell:
    text: Any
    css: str
    label: str | Promise
    url: str


# Who makes a job of a long export: (list, user, format) -> address of the job. The directory of jobs lies above the
# kernel, so it registers itself here.
LongExport = Callable[["ListPage", Any, str], str]
_long_export: list[LongExport] = []


def on_long_export(make: LongExport) -> None:
    """Called once, from an app's `ready`."""
    _long_export[:] = [make]


class ListPage:
    """See the head of this file. A list is made anew for each request."""

    name: ClassVar[str]
    title: ClassVar[str | Promise]
    template: ClassVar[str]
    columns: ClassVar[Sequence[ListColumn]]
    default_sort: ClassVar[str]
    tie: ClassVar[tuple[str, ...]] = ("pk",)
    filters: ClassVar[type[ListFilters] | None] = None
    extra: ClassVar[frozenset[str]] = frozenset()
    """Further query names the page itself understands."""
    export_capability: ClassVar[str] = "EXPORT"
    """What somebody needs to take the rows away as a file; empty: there is no file of this list."""
    empty_text: ClassVar[str | Promise] = ""

    def __init__(self, *, scope: Any, query: QueryDict, kept: MutableMapping[str, Any] | None = None) -> None:
        self.scope, self.query = scope, query
        self._kept: MutableMapping[str, Any] = {} if kept is None else kept
        self._check_names()
        self.sort = self._sort()
        self.chosen = self._columns()
        self.size = self._size()

    @classmethod
    def of(cls, request: Any) -> Self:
        """The list a request asks for; what is wrong with the query is told by `respond`."""
        try:
            return cls(scope=request.scope, query=request.GET, kept=request.session)
        except BadQuery as fault:
            made = cls(scope=request.scope, query=QueryDict(), kept=None)
            made.fault = str(fault)
            return made

    fault = ""

    def queryset(self) -> QuerySet[Any]:
        """Every row this list may show to `self.scope`."""
        raise NotImplementedError

    # --- the query ----------------------------------------------------------------------------------------------------
    def _check_names(self) -> None:
        known = COMMON | self.extra
        for name, field in self.form.fields.items() if self.form else ():
            known |= set(_query_names(name, field.widget))
        if unknown := sorted(set(self.query) - known):
            raise BadQuery(
                _("‘%(names)s’은(는) 이 목록이 모르는 조회 조건입니다. 쓸 수 있는 조건: %(known)s")
                % {"names": ", ".join(unknown), "known": ", ".join(sorted(known))}
            )

    def _sort(self) -> str:
        asked = self.query.get("sort") or self.default_sort
        keys = {column.key for column in self.columns if column.sort}
        if asked.removeprefix("-") not in keys:
            raise BadQuery(
                _("‘%(key)s’(으)로는 정렬할 수 없습니다. 쓸 수 있는 것: %(keys)s")
                % {"key": asked, "keys": ", ".join(sorted(keys))}
            )
        return asked

    def _columns(self) -> list[ListColumn]:
        place = f"list:{self.name}:cols"
        asked = [key for part in self.query.getlist("cols") for key in part.split(",") if key]
        if "cols" in self.query:
            known = {column.key for column in self.columns}
            if strange := sorted(set(asked) - known):
                raise BadQuery(
                    _("‘%(keys)s’은(는) 이 목록에 없는 열입니다. 있는 열: %(known)s")
                    % {"keys": ", ".join(strange), "known": ", ".join(sorted(known))}
                )
            if asked:
                self._kept[place] = asked
            else:
                self._kept.pop(place, None)
        kept = self._kept.get(place)
        return [c for c in self.columns if c.fixed or (c.key in kept if kept else c.shown)]

    def _size(self) -> int:
        place = f"list:{self.name}:size"
        if asked := self.query.get("size"):
            if asked not in {str(size) for size in PAGE_SIZES}:
                raise BadQuery(_("한 쪽에 볼 수 있는 행 수는 20, 50, 100, 200입니다."))
            self._kept[place] = int(asked)
        return int(self._kept.get(place) or DEFAULT_SIZE)

    # --- the rows -----------------------------------------------------------------------------------------------------
    @cached_property
    def filterset(self) -> ListFilters | None:
        return self.filters(self.query, self.queryset(), scope=self.scope) if self.filters else None

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """All rows that pass the filters, in order. None of them while a filter's value is wrong."""
        if self.filterset is None:
            found = self.queryset()
        else:
            found = self.filterset.qs if self.filterset.is_valid() else self.queryset().none()
        key = self.sort.removeprefix("-")
        fields = next(column.sort for column in self.columns if column.key == key)
        down = self.sort.startswith("-")
        order = [F(name).desc(nulls_last=True) if down else F(name).asc(nulls_last=True) for name in fields]
        return found.order_by(*order, *self.tie)

    @cached_property
    def page(self) -> Page[Any]:
        return Paginator(self.rows, self.size).get_page(self.query.get("page"))

    @property
    def table(self) -> Iterator[tuple[Any, list[Cell]]]:
        """Each row of the page with its cells."""
        for row in self.page:
            yield (
                row,
                [
                    Cell(column.seen(row), column.css, column.label, column.link(row) if column.link else "")
                    for column in self.chosen
                ],
            )

    # --- what templates ask -------------------------------------------------------------------------------------------
    @property
    def id(self) -> str:
        return f"list-{self.name}"

    @property
    def form(self) -> BaseForm | None:
        return self.filterset.form if self.filterset is not None else None

    @property
    def column_choices(self) -> list[tuple[ListColumn, bool]]:
        return [(column, column in self.chosen) for column in self.columns]

    @property
    def sizes(self) -> tuple[int, ...]:
        return PAGE_SIZES

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The query as pairs for hidden fields: all but page, size, columns and export."""
        return [
            (name, value) for name, values in self.query.lists() for value in values if name not in COMMON - {"sort"}
        ]

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter is in use."""
        return any(value for name, value in self.carried if name != "sort")

    @property
    def export_links(self) -> list[tuple[str, str]]:
        """(format, address) of the exports this reader may take."""
        if not self.scope.can(self.export_capability):
            return []
        query = self.query.copy()
        for name in ("page", "export"):
            query.pop(name, None)
        return [(format, f"?{query.urlencode()}{'&' if query else ''}export={format}") for format in exports.FORMATS]

    # --- the answer ---------------------------------------------------------------------------------------------------
    def respond(self, request: Any, **context: Any) -> HttpResponse | FileResponse:
        """The page, its part for htmx, an export, the offer of a long one, or a refusal."""
        if self.fault:
            return render(request, "lists/refused.html", {"text": self.fault}, status=400)
        format = request.POST.get("export") if request.method == "POST" else self.query.get("export")
        if format is not None or request.method == "POST":
            return self._export(request, format or "")
        context |= {"list": self, "page": self.page}
        part = request.htmx and request.htmx.target == self.id
        answer = render(
            request, *(("lists/list.html", context | {"swapped": True}) if part else (self.template, context))
        )
        # One address, two answers: without this a browser's Back button shows the part where the page was.
        patch_vary_headers(answer, ["HX-Request", "HX-Target"])
        return answer

    def _export(self, request: Any, format: str) -> HttpResponse | FileResponse:
        if not self.scope.can(self.export_capability):
            raise PermissionDenied
        if format not in exports.FORMATS:
            text = _("내려받을 수 있는 꼴은 xlsx와 csv입니다.")
            return render(request, "lists/refused.html", {"text": text}, status=400)
        if self.filterset is not None and not self.filterset.is_valid():
            return render(request, self.template, {"list": self, "page": self.page})
        if request.method == "POST":
            return HttpResponseRedirect(_long_export[0](self, request.user, format))
        count = self.rows.count()
        if count > LONGEST_INLINE:
            return render(request, "lists/long_export.html", {"list": self, "count": count, "format": format})
        target = io.BytesIO()
        self.write(target, format)
        target.seek(0)
        name = exports.filename(str(self.title), format)
        return FileResponse(target, as_attachment=True, filename=name, content_type=exports.FORMATS[format])

    def write(self, target: Any, format: str, said: Callable[[int], None] | None = None) -> int:
        """Write every row in the chosen columns; `said` hears the count now and then. Returns the number of rows."""
        fields = [exports.Field(c.label, text=c.text, width=c.width) for c in self.chosen]

        def cells() -> Iterator[list[Any]]:
            for count, row in enumerate(self.rows.iterator(chunk_size=2000), 1):
                if said and count % 2000 == 0:
                    said(count)
                yield [column.of(row) for column in self.chosen]

        return exports.write(target, format, fields, cells(), str(self.title))
