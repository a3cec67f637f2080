"""Small forms about one company: places, figures, papers, rights, names, states. One form, one deed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from companies import services
from companies.enums import FigureSource
from companies.models import FIGURES, Certification, Company, CompanyYear, Patent, Workplace, WorkplaceCluster
from companies.page_forms import (
    CertificationForm,
    EndForm,
    FiguresForm,
    JoinForm,
    MoveForm,
    NameForm,
    NewWorkplaceForm,
    PatentForm,
    ReasonForm,
    StateForm,
    WorkplaceForm,
)
from companies.services import ChangedMeanwhile
from companies.views.common import deed_page, follows_merges, kept, posted, side_by_side, told
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.kernel.errors import Refusal
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

MANAGE = Capability.MANAGE_COMPANIES


@needs(MANAGE)
@follows_merges
@methods(writes=("POST",))
def workplace_new(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Add a site."""
    company = kept(request, public_id)
    form = NewWorkplaceForm(posted(request), scope=request.scope.within(MANAGE))

    def do(facts: dict[str, Any]) -> None:
        facts.pop("version")
        services.add_workplace(company=company, actor=request.user, **facts)

    return deed_page(
        request, company, form, do, title=_("사업장 추가"), done=_("사업장을 추가했습니다."), anchor="places"
    )


@needs(MANAGE)
@follows_merges
@methods(writes=("POST",))
def workplace(request: PortalRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Correct, move, close a site, make it the headquarters, let it join or leave a cluster: `deed` says which."""
    company = kept(request, public_id)
    place = get_object_or_404(Workplace.objects.select_related("region__parent"), company=company, pk=pk)
    scope = request.scope.within(MANAGE)
    names = ("name", "business_number", "number_reason", "address", "version")
    asked = request.POST.get("deed", "")
    forms = {
        "correct": WorkplaceForm(
            request.POST if asked == "correct" else None, initial={name: getattr(place, name) for name in names}
        ),
        "move": MoveForm(request.POST if asked == "move" else None, scope=scope, prefix="move"),
        "close": EndForm(request.POST if asked == "close" else None, prefix="close"),
        "join": JoinForm(request.POST if asked == "join" else None, prefix="join"),
        "seat": ReasonForm(request.POST if asked == "seat" else None, prefix="seat"),
    }
    stays = {stay.pk: stay for stay in place.cluster_memberships.select_related("cluster").order_by("effective")}
    leaving = request.POST.get("stay", "") if asked == "leave" else ""
    leaves = {pk: EndForm(request.POST if leaving == str(pk) else None, prefix=f"leave-{pk}") for pk in stays}
    if leaving.isdecimal() and int(leaving) in leaves:
        forms["leave"] = leaves[int(leaving)]
    conflicts: list[dict[str, Any]] = []
    if asked in forms and forms[asked].is_valid():
        try:
            with transaction.atomic():
                _do_at(place, asked, forms[asked].cleaned_data, request.user, stays.get(int(leaving or 0)))
        except ChangedMeanwhile as fault:
            conflicts = [side_by_side(Workplace, conflict) for conflict in fault.comparison]
            forms[asked].data = forms[asked].data.copy()  # type: ignore[attr-defined]
            forms[asked].data["version"] = str(fault.version)  # type: ignore[index]
            told(forms[asked], fault)
        except Refusal as refusal:
            told(forms[asked], refusal)
        else:
            messages.success(request, _("사업장을 고쳤습니다."))
            return redirect("companies:workplace", public_id=company.public_id, pk=place.pk)
    context = {
        "company": company, "place": place, "forms": forms, "conflicts": conflicts,
        "stays": [(stay, leaves[pk]) for pk, stay in stays.items()],
        "former": place.former_places.select_related("region__parent"),
    }  # fmt: skip
    return render(request, "companies/workplace_form.html", context)


def _do_at(place: Workplace, asked: str, facts: dict[str, Any], actor: User, stay: WorkplaceCluster | None) -> None:
    """Do what was asked at a site with the form's facts; `stay`: the membership that ends."""
    if asked == "correct":
        version = facts.pop("version")
        services.change_workplace(workplace=place, version=version, changes=facts, actor=actor)
    elif asked == "move":
        services.move_workplace(workplace=place, actor=actor, **facts)
    elif asked == "close":
        services.close_workplace(workplace=place, on=facts["last"], reason=facts["reason"], actor=actor)
    elif asked == "join":
        services.join_cluster(workplace=place, actor=actor, **facts)
    elif asked == "leave" and stay is not None:
        services.leave_cluster(membership=stay, on=facts["last"], reason=facts["reason"], actor=actor)
    elif asked == "seat":
        services.make_headquarters(workplace=place, actor=actor, reason=facts["reason"])


@needs(MANAGE)
@follows_merges
@methods(writes=("POST",))
def company_figures(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """What a source says of a year. `?year=2025&source=SURVEY` opens what stands there."""
    company = kept(request, public_id)
    form = FiguresForm(posted(request), initial=_standing(company, request))

    def do(facts: dict[str, Any]) -> None:
        services.put_figures(
            company=company,
            year=facts["year"],
            source=facts["source"],
            status=facts["status"],
            as_of=facts["as_of"],
            version=facts["version"] or 0,
            figures=form.figures(),
            reason=facts["reason"],
            actor=request.user,
        )

    title = _("연도별 실적 입력")
    note = _("빈칸은 ‘알 수 없음’입니다. 실적이 없으면 0을 적어 주세요.")
    return deed_page(
        request,
        company,
        form,
        do,
        title=title,
        done=_("실적을 저장했습니다."),
        anchor="figures",
        note=note,
        model=CompanyYear,
    )


def _standing(company: Company, request: PortalRequest) -> dict[str, Any]:
    """The row the address names, in whole won; else an empty form in millions."""
    year, source = request.GET.get("year", ""), request.GET.get("source", "")
    row = None
    if year.isdecimal() and len(year) == 4 and source in FigureSource.values:
        row = CompanyYear.objects.filter(company=company, year=int(year), source=source).first()
    if row is None:
        return {"unit": "백만원"}
    names = ("year", "source", "status", "as_of", "version", *FIGURES)
    return {"unit": "원"} | {name: getattr(row, name) for name in names}


@needs(MANAGE)
@follows_merges
@methods(writes=("POST",))
def company_state(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """The company goes on, pauses or closes, since a day."""
    company = kept(request, public_id)
    form = StateForm(posted(request), initial={"state": company.state})

    def do(facts: dict[str, Any]) -> None:
        services.change_state(company=company, actor=request.user, **facts)

    return deed_page(request, company, form, do, title=_("영업 상태 바꾸기"), done=_("영업 상태를 바꿨습니다."))


@needs(MANAGE)
@follows_merges
@methods(writes=("POST",))
def certification_new(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Enter a certification."""
    company = kept(request, public_id)
    form = CertificationForm(posted(request))

    def do(facts: dict[str, Any]) -> None:
        facts["end"] = facts.pop("last")
        services.put_certification(company=company, actor=request.user, **facts)

    return deed_page(request, company, form, do, title=_("인증 추가"), done=_("인증을 추가했습니다."), anchor="papers")


@needs(MANAGE)
@follows_merges
@methods(writes=("POST",))
def certification_end(request: PortalRequest, public_id: UUID, pk: int) -> HttpResponse:
    """A certification no longer holds."""
    company = kept(request, public_id)
    paper = get_object_or_404(Certification, company=company, pk=pk)
    form = EndForm(posted(request))

    def do(facts: dict[str, Any]) -> None:
        services.end_certification(certification=paper, on=facts["last"], reason=facts["reason"], actor=request.user)

    title = _("%(paper)s 끝내기") % {"paper": paper}
    return deed_page(request, company, form, do, title=title, done=_("인증이 끝난 날을 적었습니다."), anchor="papers")


@needs(MANAGE)
@follows_merges
@methods(writes=("POST",))
def patent_new(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Enter a right."""
    company = kept(request, public_id)
    form = PatentForm(posted(request))

    def do(facts: dict[str, Any]) -> None:
        services.put_patent(company=company, facts=facts, actor=request.user)

    return deed_page(
        request, company, form, do, title=_("지식재산권 추가"), done=_("지식재산권을 추가했습니다."), anchor="papers"
    )


@needs(MANAGE)
@follows_merges
@methods(writes=("POST",))
def patent_remove(request: PortalRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Take away a right that was entered by mistake."""
    company = kept(request, public_id)
    patent = get_object_or_404(Patent, company=company, pk=pk)
    form = ReasonForm(posted(request))

    def do(facts: dict[str, Any]) -> None:
        services.remove_patent(patent=patent, reason=facts["reason"], actor=request.user)

    title = _("%(patent)s 지우기") % {"patent": patent}
    return deed_page(request, company, form, do, title=title, done=_("지식재산권을 지웠습니다."), anchor="papers")


@needs(MANAGE)
@follows_merges
@methods(writes=("POST",))
def name_new(request: PortalRequest, public_id: UUID) -> HttpResponse:
    """Another name by which the company is found."""
    company = kept(request, public_id)
    form = NameForm(posted(request))

    def do(facts: dict[str, Any]) -> None:
        services.add_name(company=company, actor=request.user, **facts)

    note = _("옛 이름, 다른 표기, 상표를 적어 두면 그 이름으로도 찾을 수 있습니다.")
    return deed_page(
        request, company, form, do, title=_("다른 이름 추가"), done=_("이름을 추가했습니다."), anchor="names", note=note
    )
