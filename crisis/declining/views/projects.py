"""A fund project: what it says, whose money, what the ministries said, its firms, reports and results."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.declining import services
from crisis.declining.enums import EDITABLE, GOING, REVIEWERS, Ministry, ProjectState
from crisis.declining.models import FundProject, ProjectFirm
from crisis.declining.project_forms import (
    AmountsForm,
    IndicatorsForm,
    MoneyForm,
    NewProjectForm,
    ProjectFirmForm,
    ProjectForm,
    ReviewForm,
    SupportsForm,
)
from crisis.declining.views.common import STATE_KINDS, ask, is_ministry, posted, project_of, writes
from crisis.declining.views.lists import report_badge
from crisis.declining.views.steps import STEPS
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.models import Event
from portal.directory.verbs import VERBS
from portal.kernel.deeds import offered, take_step
from portal.kernel.forms import millions
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

LINES = "declining/lines_form.html"
PLACES = {
    ProjectState.DRAFT: 1, ProjectState.RETURNED: 1, ProjectState.REVIEW: 2, ProjectState.AGREED: 3,
    ProjectState.RUNNING: 4, ProjectState.CLOSED: 5, ProjectState.WITHDRAWN: 1,
}  # fmt: skip


@needs(Capability.VIEW)
@methods()
def project(request: PortalRequest, code: str) -> HttpResponse:
    """Everything of one project on one page."""
    found = project_of(request, code)
    money = list(found.money.all())
    reports = list(found.reports.order_by("half"))
    reviews = list(found.reviews.select_related("recorded_by").order_by("-submission", "pk"))
    given = {one.ministry for one in reviews if one.submission == found.submission}
    events = Event.objects.about(found).select_related("actor").order_by("-at", "-pk")[:15]
    context = {
        "project": found, "state_kind": STATE_KINDS[ProjectState(found.state)], "step": PLACES[ProjectState(found.state)],
        "offered": offered(STEPS, request.scope, found), "agreed": found.agreed_at is not None,
        "writes": writes(request.scope, found) and found.state in EDITABLE,
        "links": writes(request.scope, found)
        and found.state not in {ProjectState.CLOSED, ProjectState.WITHDRAWN},
        "reviews_open": is_ministry(request.scope) and found.state == ProjectState.REVIEW,
        "changes_money": is_ministry(request.scope) and found.state in GOING,
        "waiting": [Ministry(one).label for one in REVIEWERS if one not in given]
        if found.state == ProjectState.REVIEW else [],
        "money": money, "sums": [sum(getattr(row, name) for row in money) for name in ("planned", "agreed", "executed")],
        "supports": list(found.supports.all()), "reviews": reviews, "indicators": _indicators(found),
        "firms": list(
            ProjectFirm.objects.visible_to(request.scope).filter(project=found).select_related("company")
            .order_by("company__name_ko", "kind")
        ),
        "reports": [(one, report_badge(one)) for one in reports],
        "events": [(one, VERBS.get(one.verb, one.verb)) for one in events],
    }  # fmt: skip
    return render(request, "declining/project_detail.html", context)


def _indicators(found: FundProject) -> list[tuple[Any, Any, float | None]]:
    """Each indicator with its newest value on record and how far it is to the target, in percent."""
    newest: dict[int, Any] = {}
    for report in found.reports.order_by("half").prefetch_related("results"):
        for result in report.results.all():
            newest[result.indicator_id] = result.value
    rows = []
    for one in found.indicators.all():
        value, base = newest.get(one.pk), one.base or 0
        reached = None
        if value is not None and one.target != base:
            reached = float(100 * (value - base) / (one.target - base))
        rows.append((one, value, reached))
    return rows


@needs(Capability.WRITE_FUND_PROJECTS)
@methods(writes=("POST",))
def project_new(request: PortalRequest) -> HttpResponse:
    """Begin a project."""
    form = NewProjectForm(posted(request), scope=request.scope.within(Capability.WRITE_FUND_PROJECTS))
    made: list[FundProject] = []
    answer = ask(
        request, form, title=_("새 기금 연계 사업"), back=reverse("declining:projects"),
        told=_("초안을 만들었습니다. 내용과 예산, 지원사업, 성과지표를 채운 다음 제출해 주세요."),
        act=lambda: made.append(services.draft_project(**form.cleaned_data, actor=request.user)),
    )  # fmt: skip
    return redirect("declining:project", made[0].code) if made else answer


def _open(request: PortalRequest, code: str) -> FundProject:
    found = project_of(request, code)
    if not writes(request.scope, found) or found.state not in EDITABLE:
        raise PermissionDenied
    return found


def _page(found: FundProject) -> str:
    return reverse("declining:project", args=[found.code])


@needs(Capability.WRITE_FUND_PROJECTS)
@methods(writes=("POST",))
def project_edit(request: PortalRequest, code: str) -> HttpResponse:
    """Write the contents."""
    found = _open(request, code)
    form = ProjectForm(posted(request), initial=ProjectForm.initial_of(found))
    facts = ProjectForm.FACTS
    return ask(
        request, form, title=_("내용 고치기"), owner=found.name, back=_page(found), told=_("저장했습니다."),
        act=lambda: services.save_project(
            project=found, facts={name: form.cleaned_data[name] for name in facts}, seen=form.cleaned_data["seen"],
            actor=request.user,
        ),
    )  # fmt: skip


@needs(Capability.WRITE_FUND_PROJECTS)
@methods(writes=("POST",))
def project_money(request: PortalRequest, code: str) -> HttpResponse:
    """Say how much each purse gives in each year."""
    found = _open(request, code)
    rows = [{"ministry": row.ministry, "year": row.year, "planned": millions(row.planned)} for row in found.money.all()]
    form = MoneyForm(posted(request), rows=rows, seen=found.version)
    return ask(
        request, form, title=_("부처별 예산"), owner=found.name, back=_page(found), told=_("예산을 저장했습니다."),
        template=LINES, lead=_("재원과 연도마다 한 줄씩 백만원 단위로 적습니다. 재원을 비우면 그 줄이 빠집니다."),
        act=lambda: services.set_money(
            project=found, rows=form.lines(), seen=form.cleaned_data["seen"], actor=request.user
        ),
    )  # fmt: skip


@needs(Capability.WRITE_FUND_PROJECTS)
@methods(writes=("POST",))
def project_supports(request: PortalRequest, code: str) -> HttpResponse:
    """Say which support for SMEs goes with it."""
    found = _open(request, code)
    names = tuple(SupportsForm.columns)
    rows = [{name: getattr(row, name) for name in names} for row in found.supports.all()]
    form = SupportsForm(posted(request), rows=rows, seen=found.version)
    return ask(
        request, form, title=_("연계 지원사업"), owner=found.name, back=_page(found), told=_("지원사업을 저장했습니다."),
        template=LINES, lead=_("사업화, 제품 고도화, 인력 교육, 자금 등 함께 할 지원사업을 한 줄씩 적습니다."),
        act=lambda: services.set_supports(
            project=found, rows=form.lines(), seen=form.cleaned_data["seen"], actor=request.user
        ),
    )  # fmt: skip


@needs(Capability.WRITE_FUND_PROJECTS)
@methods(writes=("POST",))
def project_indicators(request: PortalRequest, code: str) -> HttpResponse:
    """Say what it is measured by."""
    found = _open(request, code)
    names = tuple(IndicatorsForm.columns)
    rows = [{name: getattr(row, name) for name in names} for row in found.indicators.all()]
    form = IndicatorsForm(posted(request), rows=rows, seen=found.version)
    return ask(
        request, form, title=_("성과지표"), owner=found.name, back=_page(found), told=_("성과지표를 저장했습니다."),
        template=LINES, lead=_("일자리와 전입·전출 인구처럼 인력 유입과 유출 방지를 보는 지표를 넣어 주세요."),
        act=lambda: services.set_indicators(
            project=found, rows=form.lines(), seen=form.cleaned_data["seen"], actor=request.user
        ),
    )  # fmt: skip


@needs(Capability.WRITE_FUND_PROJECTS)
@methods(writes=("POST",))
def firm_new(request: PortalRequest, code: str) -> HttpResponse:
    """Link a firm."""
    found = project_of(request, code)
    if not writes(request.scope, found):
        raise PermissionDenied
    form = ProjectFirmForm(posted(request), scope=request.scope)
    return ask(
        request,
        form,
        title=_("기업 연결"),
        owner=found.name,
        back=_page(found),
        told=_("기업을 연결했습니다."),
        act=lambda: services.link_project_firm(project=found, **form.cleaned_data, actor=request.user),
    )


@needs(Capability.WRITE_FUND_PROJECTS)
@methods(reads=(), writes=("POST",))
def firm_remove(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    """Take a link back."""
    found = project_of(request, code)
    if not writes(request.scope, found):
        raise PermissionDenied
    rows = ProjectFirm.objects.visible_to(request.scope).filter(project=found).select_related("project", "company")
    services.unlink_project_firm(firm=get_object_or_404(rows, pk=pk), actor=request.user)
    return redirect(_page(found))


@needs(Capability.AGREE_FUND_PROJECTS)
@methods(writes=("POST",))
def review_new(request: PortalRequest, code: str) -> HttpResponse:
    """Write down what a ministry said."""
    found = project_of(request, code)
    form = ReviewForm(posted(request), initial={"seen": found.version})
    return ask(
        request, form, title=_("검토 의견 적기"), owner=found.name, back=_page(found), told=_("검토 의견을 적었습니다."),
        lead=_("행정안전부와 중소벤처기업부의 의견이 모두 있어야 합의할 수 있습니다."),
        act=lambda: services.record_review(project=found, **form.cleaned_data, actor=request.user),
    )  # fmt: skip


@needs(Capability.AGREE_FUND_PROJECTS)
@methods(writes=("POST",))
def agree(request: PortalRequest, code: str) -> HttpResponse:
    """Both ministries agree, with the money of each purse."""
    return _amounts(request, code, changing=False)


@needs(Capability.AGREE_FUND_PROJECTS)
@methods(writes=("POST",))
def money_change(request: PortalRequest, code: str) -> HttpResponse:
    """Agreed money changes, with a reason."""
    return _amounts(request, code, changing=True)


def _amounts(request: PortalRequest, code: str, *, changing: bool) -> HttpResponse:
    found = project_of(request, code)
    if not is_ministry(request.scope):
        raise PermissionDenied
    form = AmountsForm(posted(request), project=found, changing=changing)

    def act() -> Any:
        facts = {"project": found, "amounts": form.amounts(), "seen": form.cleaned_data["seen"], "actor": request.user}
        if changing:
            return services.change_money(**facts, reason=form.cleaned_data["reason"])
        return services.agree_project(**facts)

    lacking = services.lacking_reviews(found) if not changing else []
    return ask(
        request, form, title=_("합의 예산 바꾸기") if changing else _("합의"), owner=found.name, back=_page(found), act=act,
        told=_("합의 예산을 바꾸었습니다.") if changing else _("합의했습니다. 반기마다 보고할 일이 생겼습니다."),
        lead=" ".join(lacking) or _("재원마다 합의한 금액을 백만원 단위로 확인해 주세요."),
    )  # fmt: skip


@needs(Capability.VIEW)
@methods(writes=("POST",))
def project_step(request: PortalRequest, code: str, key: str) -> HttpResponse:
    """Take a step of a project."""
    found = project_of(request, code)

    def page(step: Any, form: Any) -> HttpResponse:
        context = {
            "form": form, "title": step.label, "lead": step.text, "back": _page(found), "owner": found.name,
            "button": step.label, "today": timezone.localdate(),
        }  # fmt: skip
        return render(request, "declining/form.html", context, status=422 if form.is_bound else 200)

    return take_step(request, STEPS, key, called="project", row=found, back=_page(found), page=page)
