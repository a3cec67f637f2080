"""A rural complex: its figures by quarter, what it needs and what is done."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Company, WorkplaceCluster
from crisis.declining import services
from crisis.declining.enums import SOURCE_WORDS, SOURCES, MeasureState
from crisis.declining.forms import ComplexMeasureForm
from crisis.declining.models import ComplexMeasure
from crisis.declining.selectors import complex_series
from crisis.declining.views.common import MEASURE_KINDS, ask, complex_of, posted, records
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel import charts
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@needs(Capability.VIEW)
@methods()
def complex(request: PortalRequest, code: str) -> HttpResponse:
    """One complex."""
    found = complex_of(request, code)
    quarters = complex_series(found)
    measures = list(ComplexMeasure.objects.visible_to(request.scope).filter(cluster=found).order_by("-year", "pk"))
    live = [one for one in measures if one.state != MeasureState.DROPPED]
    here = WorkplaceCluster.objects.in_force_on(timezone.localdate()).filter(cluster=found)
    firms = Company.objects.visible_to(request.scope).not_merged().operating()
    context: dict[str, Any] = {
        "cluster": found, "newest": quarters[-1] if quarters else None,
        "with_workers": next((one for one in reversed(quarters) if one.workers is not None), None),
        "measures": [
            (one, MEASURE_KINDS[MeasureState(one.state)], [getattr(one, source) for source in SOURCES])
            for one in measures
        ],
        "sources": [SOURCE_WORDS[source] for source in SOURCES],
        "sums": [sum(getattr(one, source) for one in live) for source in SOURCES],
        "total": sum(one.total for one in live),
        "firms": firms.filter(pk__in=here.values("workplace__company")).count(),
        "records": records(request.scope, found.region_id),
    }  # fmt: skip
    if quarters:
        lines = [
            charts.Series(_("입주업체"), [(one.text, one.tenants) for one in quarters]),
            charts.Series(_("가동업체"), [(one.text, one.operating) for one in quarters]),
            charts.Series(_("고용"), [(one.text, one.workers) for one in quarters]),
        ]
        title = _("%(name)s 업체 수") % {"name": found.name}
        context["chart"] = charts.line_chart(lines[:2], title=title, unit=_("개"))
        context["table"] = charts.chart_table(lines, caption=_("%(name)s 분기별 현황") % {"name": found.name})
    return render(request, "declining/complex_detail.html", context)


@needs(Capability.RECORD_DECLINING)
@methods(writes=("POST",))
def measure_new(request: PortalRequest, code: str) -> HttpResponse:
    """Record what a complex needs."""
    return _written(request, code, None)


@needs(Capability.RECORD_DECLINING)
@methods(writes=("POST",))
def measure_edit(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    """Move a measure on."""
    return _written(request, code, pk)


def _written(request: PortalRequest, code: str, pk: int | None) -> HttpResponse:
    found = complex_of(request, code)
    if not records(request.scope, found.region_id):
        raise PermissionDenied
    measure = get_object_or_404(ComplexMeasure, cluster=found, pk=pk) if pk is not None else None
    form = ComplexMeasureForm(posted(request), measure=measure)
    return ask(
        request, form, title=_("과제 고치기") if measure else _("과제 적기"), owner=found.name,
        back=reverse("declining:complex", args=[code]), told=_("과제를 저장했습니다."),
        act=lambda: services.put_complex_measure(
            cluster=found, measure=measure, facts=form.facts(), state=form.cleaned_data["state"],
            seen=form.cleaned_data["seen"], actor=request.user,
        ),
    )  # fmt: skip
