"""Where prevention stands: by 시·도, and the measures that worry."""

import io
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.plans.enums import Rating, Standing
from crisis.plans.models import PlanTerm
from crisis.plans.selectors import Line, failing_measures, overview
from crisis.plans.views.common import STANDING_KINDS
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel import exports
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

MOST_SHOWN = 100


@needs(Capability.VIEW)
@methods()
def status(request: PortalRequest) -> HttpResponse:
    """Obligations, plans, reports and money by 시·도; late, failing and slow measures."""
    today = timezone.localdate()
    lines, total = overview(request.scope, today)
    worrying = failing_measures(request.scope, today)
    context = {
        "lines": lines,
        "total": total,
        "worrying": [(one, stand, STANDING_KINDS[stand.standing]) for one, stand in worrying[:MOST_SHOWN]],
        "worries": len(worrying),
        "most": MOST_SHOWN,
        "counts": {kind.value: sum(1 for _one, s in worrying if s.standing == kind) for kind in Standing},
        "terms": PlanTerm.objects.in_force_on(today),
        "exports": request.scope.can(Capability.EXPORT),
    }
    return render(request, "plans/status.html", context)


def _row(line: Line, name: str) -> list[Any]:
    return [
        name, line.owed, line.overdue, line.writing, line.waiting, line.in_effect, line.closed, line.budget, line.spent,
        line.reports_due, line.reports_in, line.reports_late, *(line.ratings[rating] for rating in Rating.values),
    ]  # fmt: skip


@needs(Capability.EXPORT)
@methods()
def status_file(request: PortalRequest, format: str) -> HttpResponseBase:
    """The table by 시·도 as a file; money in won."""
    if format not in exports.FORMATS:
        raise Http404
    lines, total = overview(request.scope, timezone.localdate())
    heads = [_("시·도"), _("계획이 필요한 지역"), _("기한 지난 지역"), _("작성 중인 계획"), _("검토 중인 계획"), _("이행 중인 계획"),
             _("종료한 계획"), _("예산(원)"), _("집행(원)"), _("보고할 것"), _("보고한 것"), _("기한 지난 보고"),
             *(str(rating.label) for rating in Rating)]  # fmt: skip
    fields = [exports.Field(head, text=not at) for at, head in enumerate(heads)]
    rows = [_row(line, line.region.name if line.region else "") for line in lines] + [_row(total, _("전체"))]
    target, title = io.BytesIO(), _("위기예방계획 이행 현황")
    exports.write(target, format, fields, rows, title)
    target.seek(0)
    name = exports.filename(title, format)
    return FileResponse(target, as_attachment=True, filename=name, content_type=exports.FORMATS[format])
