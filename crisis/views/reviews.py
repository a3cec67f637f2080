"""재판정 검토: decisions whose figures have changed since, to be kept with a reason or put right before the council."""

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crisis import services
from crisis.council_forms import KeepForm
from crisis.enums import ReviewState
from crisis.models import Review
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel import display
from portal.kernel.errors import Refusal
from portal.kernel.forms import tell
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.views import methods


class ReviewFilters(ListFilters):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("상태"), choices=ReviewState.choices, empty_label=gettext_lazy("모두")
    )
    round = django_filters.CharFilter(label=gettext_lazy("회차"), field_name="determination__round__code")
    area = django_filters.CharFilter(label=gettext_lazy("지역"), field_name="area__name_ko", lookup_expr="icontains")


class ReviewList(ListPage):
    """Reviews of the reader's areas, those that wait first."""

    name = "reviews"
    title = gettext_lazy("재판정 검토")
    template = "crisis/review_list.html"
    default_sort = "-raised_at"
    filters = ReviewFilters
    empty_text = gettext_lazy("결정한 뒤에 자료가 바뀌어 산출 단계가 뚜렷이 달라지는 지역이 생기면 여기에 올라옵니다.")
    columns = (
        ListColumn(
            "area", gettext_lazy("지역"), value=lambda row: row.area.name, sort=("area__code",), fixed=True, width=24,
            link=lambda row: reverse("crisis:review", args=[row.pk]),
        ),
        ListColumn("round", gettext_lazy("회차"), value=lambda row: str(row.determination.round), sort=("determination__round__reference_month",)),
        ListColumn("decided", gettext_lazy("결정 단계"), value=lambda row: display.stage_word(row.determination.stage)),
        ListColumn("old_stage", gettext_lazy("그때의 산출"), value=lambda row: display.stage_word(row.old_stage)),
        ListColumn("new_stage", gettext_lazy("지금 자료의 산출"), value=lambda row: display.stage_word(row.new_stage)),
        ListColumn("old_rci", gettext_lazy("그때의 지수"), css="num", shown=False),
        ListColumn("new_rci", gettext_lazy("지금 자료의 지수"), css="num", shown=False),
        ListColumn("raised_at", gettext_lazy("알아낸 일시"), sort=("raised_at",), width=18),
        ListColumn("state", gettext_lazy("상태"), value=lambda row: str(row.get_state_display()), sort=("state",)),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Any]:
        return Review.objects.visible_to(self.scope).select_related("area", "determination__round").defer("public")


@needs(Capability.VIEW)
@methods(writes=("POST",))
def reviews(request: PortalRequest) -> HttpResponseBase:
    return ReviewList.of(request).respond(request)


@needs(Capability.VIEW, for_writing=Capability.PREPARE_DECISIONS)
@methods(writes=("POST",))
def review(request: PortalRequest, pk: int) -> HttpResponse:
    """One review: what changed, what the method says now; keep the decision, or correct it."""
    scope = request.scope if request.method == "GET" else request.scope.within(Capability.PREPARE_DECISIONS)
    rows = Review.objects.visible_to(scope).select_related(
        "area__region__parent", "determination__round", "determination__result", "decided_by", "correction"
    )
    found = get_object_or_404(rows, pk=pk)
    mine = Review.objects.visible_to(request.scope.within(Capability.PREPARE_DECISIONS)).filter(pk=pk).exists()
    form = KeepForm(request.POST or None) if mine and found.state == ReviewState.OPEN else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            services.keep_decision(review=found, actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            tell(form, refusal)
        else:
            messages.success(request, _("결정을 유지하기로 했습니다."))
            return redirect("crisis:review", pk=found.pk)
    drafts = found.determination.corrections.awaiting_council().select_related("agenda_item__meeting")
    context = {"review": found, "form": form, "compared": _compared(found), "draft": drafts.first()}
    return render(request, "crisis/review_detail.html", context)


def _compared(found: Review) -> list[dict[str, Any]]:
    """Each indicator's share in the index then and now, where either has one."""
    old, new = found.determination.result.public, found.public
    codes = [*old.get("contributions", {}), *(c for c in new["contributions"] if c not in old.get("contributions", {}))]
    rows = []
    for code in codes:
        before, after = old["contributions"].get(code), new["contributions"].get(code)
        rows.append({"code": code, "before": before, "after": after, "moved": before != after})
    return rows
