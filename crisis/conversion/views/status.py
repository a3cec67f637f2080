"""How business conversion goes: by 시·도 and year, as a page and a file; and what there is in one area."""

import io
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.conversion.enums import PlanState
from crisis.conversion.models import ConversionPlan, Diagnosis, PlanMember
from crisis.conversion.selectors.places import firms_in
from crisis.conversion.selectors.status import NUMBERS, Line, overview, years
from crisis.conversion.views.common import DIAGNOSIS_KINDS, PLAN_KINDS
from crisis.enums import AreaLevel
from crisis.models import Area
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel import exports
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

MOST_SHOWN = 100


def _heads() -> list[str]:
    return [_("진단 신청"), _("진단 완료"), _("단독 계획"), _("공동 계획"), _("승인"), _("승인 기업"), _("이행 중"), _("완료"),
            _("목표 달성"), _("승인 취소"), _("기한 지난 단계"), _("기한 지난 사후 점검")]  # fmt: skip


def _year(request: PortalRequest) -> int | None:
    text = request.GET.get("year", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None


def _cells(line: Line) -> list[int]:
    return [getattr(line, name) for name in NUMBERS]


@needs(Capability.VIEW)
@methods()
def status(request: PortalRequest) -> HttpResponse:
    """Diagnoses, plans, firms, completions and what is late, by 시·도."""
    year = _year(request)
    lines, total = overview(request.scope, timezone.localdate(), year)
    heads = _heads()
    context = {
        "rows": [(line.region, list(zip(heads, _cells(line), strict=True))) for line in lines],
        "sums": list(zip(heads, _cells(total), strict=True)),
        "heads": heads,
        "total": total,
        "year": year,
        "years": years(request.scope),
        "exports": request.scope.can(Capability.EXPORT),
    }
    return render(request, "conversion/status.html", context)


@needs(Capability.EXPORT)
@methods()
def status_file(request: PortalRequest, format: str) -> HttpResponseBase:
    """The table as a file."""
    if format not in exports.FORMATS:
        raise Http404
    year = _year(request)
    lines, total = overview(request.scope, timezone.localdate(), year)
    fields = [exports.Field(_("시·도"), text=True), *(exports.Field(head) for head in _heads())]
    rows: list[list[Any]] = [[line.region.name if line.region else "", *_cells(line)] for line in lines]
    rows.append([_("전체"), *_cells(total)])
    target, title = io.BytesIO(), _("사업전환 현황") + (f" {year}" if year else "")
    exports.write(target, format, fields, rows, title)
    target.seek(0)
    name = exports.filename(title, format)
    return FileResponse(target, as_attachment=True, filename=name, content_type=exports.FORMATS[format])


@needs(Capability.VIEW)
@methods()
def area(request: PortalRequest, code: str) -> HttpResponse:
    """The diagnoses and plans of the firms that lie in an area."""
    found = get_object_or_404(Area.objects.visible_to(request.scope), code=code)
    firms = firms_in(found)
    diagnoses = Diagnosis.objects.visible_to(request.scope).filter(company__in=firms).select_related("company")
    members = PlanMember.objects.filter(company__in=firms)
    plans = ConversionPlan.objects.visible_to(request.scope).filter(pk__in=members.values("plan"))
    context = {
        "area": found,
        "diagnoses": [(one, DIAGNOSIS_KINDS[one.state]) for one in diagnoses[:MOST_SHOWN]],  # type: ignore[index]
        "plans": [(one, PLAN_KINDS[one.state]) for one in plans[:MOST_SHOWN]],  # type: ignore[index]
        "counts": (diagnoses.count(), plans.count(), plans.filter(state=PlanState.COMPLETED).count()),
        "most": MOST_SHOWN,
        "works": request.scope.can(Capability.WORK_CONVERSION),
    }
    return render(request, "conversion/area.html", context)


@needs(Capability.VIEW)
@methods()
def place(request: PortalRequest, kind: str, pk: int) -> HttpResponse:
    """From a 시·군·구 or a cluster, as special support areas name them, to the page of its area."""
    if kind not in {"region", "cluster"}:
        raise Http404
    level = AreaLevel.CLUSTER if kind == "cluster" else AreaLevel.SIGUNGU
    rows = Area.objects.visible_to(request.scope).filter(level=level, **{kind: pk}).order_by("-effective")
    found = rows.first()
    if found is None:
        raise Http404
    return redirect("conversion:area", code=found.code)
