"""The catalogue of measures: read by everyone, changed by the ministry."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.measures import services
from crisis.measures.forms import EndForm, MeasureForm
from crisis.measures.models import PreferentialMeasure
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.forms import done, tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


def _terms(request: PortalRequest, code: str) -> list[PreferentialMeasure]:
    """Every set of terms of a measure, the newest first. Http404 if there is none."""
    rows = list(PreferentialMeasure.objects.visible_to(request.scope).of_code(code).order_by("-effective"))
    if not rows:
        raise Http404
    return rows


@needs(Capability.VIEW_MEASURES)
@methods()
def measures(request: PortalRequest) -> HttpResponse:
    """What is given, by whom, to whom."""
    today = timezone.localdate()
    visible = PreferentialMeasure.objects.visible_to(request.scope)
    context = {
        "measures": visible.in_force_on(today).order_by("kind", "code"),
        "others": visible.exclude(effective__contains=today).order_by("code", "effective"),
        "manages": request.scope.within(Capability.MANAGE_MEASURES).nationwide,
        "asks": request.scope.can(Capability.CHECK_ENTITLEMENT),
    }
    return render(request, "measures/measure_list.html", context)


@needs(Capability.VIEW_MEASURES)
@methods()
def measure(request: PortalRequest, code: str) -> HttpResponse:
    """One measure with all its terms, past and to come."""
    rows = _terms(request, code)
    today = timezone.localdate()
    now = next((row for row in rows if today in row.effective), rows[0])
    manages = request.scope.within(Capability.MANAGE_MEASURES).nationwide
    context = {"measure": now, "terms": rows, "manages": manages, "open": rows[0].effective.upper is None}
    return render(request, "measures/measure_detail.html", context)


@needs(Capability.MANAGE_MEASURES)
@methods(writes=("POST",))
def measure_new(request: PortalRequest) -> HttpResponse:
    """A new measure."""
    return _written(request, None)


@needs(Capability.MANAGE_MEASURES)
@methods(writes=("POST",))
def measure_change(request: PortalRequest, code: str) -> HttpResponse:
    """Other terms from a day on."""
    return _written(request, _terms(request, code)[0])


def _written(request: PortalRequest, row: PreferentialMeasure | None) -> HttpResponse:
    initial: dict[str, Any] = {"start": timezone.localdate(), "provisional": True}
    if row is not None:
        initial |= {"code": row.code, **{name: getattr(row, name) for name in MeasureForm.FACTS}}
    form = MeasureForm(request.POST or None, initial=initial)
    if row is not None:
        form.fields["code"].disabled = True
    if request.method == "POST" and form.is_valid():
        act = services.change_measure
        code = form.cleaned_data["code"]
        if row is None and PreferentialMeasure.objects.of_code(code).exists():
            form.add_error("code", _("이미 있는 제도입니다. 그 제도에서 조건을 바꿔 주세요."))
        elif tried(
            form, lambda: act(code=code, start=form.cleaned_data["start"], facts=form.facts(), actor=request.user)
        ):
            messages.success(request, _("저장했습니다."))
            return redirect("measures:measure", code=code)
    context = {"form": form, "measure": row}
    return render(request, "measures/measure_form.html", context, status=422 if form.is_bound else 200)


@needs(Capability.MANAGE_MEASURES)
@methods(writes=("POST",))
def measure_end(request: PortalRequest, code: str) -> HttpResponse:
    """End a measure on a day."""
    row = _terms(request, code)[0]
    form = EndForm(request.POST or None, initial={"end": timezone.localdate()})
    act = services.end_measure
    valid = request.method == "POST" and form.is_valid()
    if valid and done(form, lambda: act(measure=row, actor=request.user, **form.cleaned_data)):
        messages.success(request, _("끝나는 날을 정했습니다."))
        return redirect("measures:measure", code=code)
    context = {"form": form, "measure": row}
    return render(request, "measures/measure_end.html", context, status=422 if form.is_bound else 200)
