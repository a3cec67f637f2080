"""The list of uploads, a new one, and one upload with its preview."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import django_filters
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.intake import services
from portal.intake.cells import clean
from portal.intake.enums import WRITTEN_OUTCOMES, RowOutcome, UploadState
from portal.intake.forms import AcceptForm, ColumnsForm, FilledTemplateForm, ReasonForm, UploadForm
from portal.intake.models import Upload, UploadRow
from portal.intake.registry import Column, Importer, importer_for, is_known, names_people, title_of
from portal.intake.views.common import mine_to_move, offered, visible
from portal.kernel.display import MISSING
from portal.kernel.errors import Refusal
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.views import methods

_ROWS_A_PAGE = 50
_OWN_QUERY = frozenset({"outcome", "page"})


class UploadFilters(ListFilters):
    q = django_filters.CharFilter(field_name="filename", lookup_expr="icontains", label=gettext_lazy("파일 이름"))
    state = django_filters.ChoiceFilter(
        choices=UploadState.choices, label=gettext_lazy("상태"), empty_label=gettext_lazy("모두")
    )


class UploadList(ListPage):
    """One's own uploads and those of one's body."""

    name = "uploads"
    title = gettext_lazy("올린 파일")
    template = "intake/upload_list.html"
    default_sort = "-created_at"
    filters = UploadFilters
    empty_text = gettext_lazy(
        "양식을 내려받아 적은 다음 올려 보세요. 반영하기 전에 무엇이 바뀌는지 먼저 보여 드립니다."
    )
    columns = (
        ListColumn(
            "filename",
            gettext_lazy("파일"),
            sort=("filename",),
            text=True,
            fixed=True,
            link=lambda row: reverse("intake:upload", args=[row.public_id]),
        ),
        ListColumn("kind", gettext_lazy("자료 종류"), value=lambda row: _title(row.kind), sort=("kind",)),
        ListColumn("state", gettext_lazy("상태"), value=lambda row: str(row.get_state_display()), sort=("state",)),
        ListColumn("rows", gettext_lazy("행"), value=lambda row: row.counts.get("rows"), css="num"),
        ListColumn("new", gettext_lazy("새 자료"), value=lambda row: row.counts.get(RowOutcome.NEW), css="num"),
        ListColumn("changed", gettext_lazy("바뀜"), value=lambda row: row.counts.get(RowOutcome.CHANGED), css="num"),
        ListColumn("wrong", gettext_lazy("오류"), value=lambda row: row.counts.get(RowOutcome.ERROR), css="num"),
        ListColumn("owner", gettext_lazy("올린 사람"), value=lambda row: row.owner.name, sort=("owner__name",)),
        ListColumn("created_at", gettext_lazy("올린 일시"), sort=("created_at",)),
        ListColumn("committed_at", gettext_lazy("반영 일시"), sort=("committed_at",), shown=False),
        ListColumn("sha256", gettext_lazy("SHA-256"), text=True, shown=False),
    )

    def queryset(self) -> QuerySet[Upload]:
        return Upload.objects.visible_to(self.scope).select_related("owner")


def _title(kind: str) -> str:
    return title_of(kind)


@methods(writes=("POST",))
def uploads(request: PortalRequest) -> HttpResponseBase:
    """The uploads this reader may see; POST asks for a long export."""
    offered(request)
    return UploadList.of(request).respond(request)


@methods(writes=("POST",))
def upload_new(request: PortalRequest) -> HttpResponse:
    """Choose kind and file; it is then read in the background."""
    importers = offered(request)
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        importers=importers,
        initial={"kind": request.GET.get("kind") or importers[0].kind},
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            fresh = services.receive_upload(
                kind=form.cleaned_data["kind"], content=file, filename=file.name, actor=request.user
            )
        except Refusal as refusal:
            form.add_error("file", _linked(refusal))
        else:
            return redirect("intake:upload", public_id=fresh.public_id)
    templates = [(importer, _filled_form(importer, request)) for importer in importers]
    return render(request, "intake/upload_new.html", {"form": form, "templates": templates})


def _filled_form(importer: Importer, request: PortalRequest) -> FilledTemplateForm | None:
    """Asks what a filled template is for, where it would name people."""
    if not names_people(importer, request.scope.within(importer.capability)):
        return None
    return FilledTemplateForm(prefix=importer.kind)


def _linked(refusal: Refusal) -> str:
    """The refusal, with the way to the upload it speaks of."""
    if twin := refusal.fields.get("upload"):
        url = reverse("intake:upload", args=[twin])
        return format_html('{} <a class="p-link" href="{}">{}</a>', refusal.message, url, _("그 파일 보기"))
    return refusal.message


@methods()
def upload(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """One upload: where it stands, what it would change, what is wrong with it, what can be done."""
    found = visible(request, public_id)
    if strange := sorted(set(request.GET) - _OWN_QUERY):
        text = _("‘%(names)s’은(는) 모르는 조회 조건입니다. 쓸 수 있는 조건: outcome, page") % {
            "names": ", ".join(strange)
        }
        return render(request, "lists/refused.html", {"text": text}, status=400)
    return render(request, "intake/upload_detail.html", _facts(request, found))


@methods()
def upload_progress(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The moving part of an upload's page, for htmx; without it the page itself is read again."""
    found = visible(request, public_id)
    if not request.htmx:
        return redirect("intake:upload", public_id=public_id)
    context = _facts(request, found) | {"swapped": True}
    return render(request, "intake/upload_detail.html#body", context)


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One value of a preview row: as it will be, and as it is where that differs."""

    label: str
    text: str
    before: str
    wrong: bool


def _facts(request: PortalRequest, found: Upload) -> dict[str, Any]:
    outcome = request.GET.get("outcome", "")
    rows = found.rows.order_by("sheet", "number")
    if outcome in RowOutcome.values:
        rows = rows.filter(outcome=outcome)
    page = Paginator(rows, _ROWS_A_PAGE).get_page(request.GET.get("page"))
    places = found.layout.get("places", {})
    columns = _told(importer_for(found.kind).columns if is_known(found.kind) else (), places, page)
    moves = mine_to_move(request, found)
    failed = found.job is not None and bool(found.job.error)
    return {
        "upload": found,
        "kind_title": _title(found.kind),
        "page": page,
        "columns": columns,
        "preview": [(row, _cells(row, columns, places)) for row in page] if not found.is_moving else [],
        "tabs": _tabs(found, outcome),
        "to_write": found.count_of(*WRITTEN_OUTCOMES),
        "job_failed": failed,
        "may_commit": moves and found.state == UploadState.READY and found.count_of(*WRITTEN_OUTCOMES),
        "may_reread": moves and found.state in {UploadState.READY, UploadState.REJECTED},
        "may_discard": moves
        and (
            found.state in {UploadState.READY, UploadState.REJECTED} or (found.state == UploadState.READING and failed)
        ),
        "may_undo": moves and found.state == UploadState.COMMITTED,
        "has_error_file": bool(found.layout) and found.count_of(RowOutcome.ERROR, RowOutcome.WARNING),
        "reason": ReasonForm(),
        "accept": AcceptForm() if moves and found.state == UploadState.READY and services.needs_reason(found) else None,
        "strange_columns": _strange(found) if moves and found.state == UploadState.REJECTED else None,
    }


def _told(columns: tuple[Column, ...], places: Mapping[str, int], page: Iterable[UploadRow]) -> tuple[Column, ...]:
    """The columns the file has, and those that were found out for it (a region from an address, say)."""
    derived = {name for row in page for name, value in row.values.items() if value is not None and value != ""}
    return tuple(column for column in columns if column.name in places or column.name in derived)


def _strange(found: Upload) -> ColumnsForm | None:
    """Asks what the unknown headers mean, if there are any and a body to remember it for."""
    headers = found.layout.get("strange")
    if not headers or found.organization_id is None or not is_known(found.kind):
        return None
    return ColumnsForm(headers=headers, importer=importer_for(found.kind))


def _tabs(found: Upload, outcome: str) -> list[dict[str, Any]]:
    """The counts as links that narrow the preview."""
    tabs = [{"label": _("모두"), "url": "?", "count": found.counts.get("rows", 0), "current": not outcome}]
    tabs += [
        {
            "label": RowOutcome(key).label,
            "url": f"?outcome={key}",
            "count": found.counts.get(key, 0),
            "current": outcome == key,
        }
        for key in RowOutcome.values
        if found.counts.get(key)
    ]
    return tabs


def _cells(row: UploadRow, columns: tuple[Column, ...], places: Mapping[str, int]) -> list[ShownCell]:
    """A row's values by column; what could not be understood as it was written."""
    wrong = {problem["column"] for problem in row.problems}
    shown = []
    for column in columns:
        kept, place = row.values.get(column.name), places.get(column.name, len(row.cells))
        raw = row.cells[place] if kept is None and place < len(row.cells) else None
        text = clean(raw) or _shown(column, kept)
        before = _shown(column, row.before[column.name]) if column.name in row.before else ""
        shown.append(ShownCell(column.header, text, before, column.name in wrong))
    return shown


def _shown(column: Column, kept: Any) -> str:
    if kept is None or kept == "":
        return MISSING
    return column.show(kept) if column.show else str(kept)
