"""A local resource: the firms that live on it and the support they were given."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crisis.declining import services
from crisis.declining.forms import EndForm, ResourceFirmForm, ResourceForm, SupportForm
from crisis.declining.models import LocalResource, ResourceFirm, ResourceSupport
from crisis.declining.views.common import ask, posted, records, resource_of
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@needs(Capability.VIEW)
@methods()
def resource(request: PortalRequest, pk: int) -> HttpResponse:
    """One resource with those of its firms that the reader may see."""
    found = resource_of(request, pk)
    firms = ResourceFirm.objects.visible_to(request.scope).filter(resource=found).select_related("company")
    supports = ResourceSupport.objects.filter(firm__in=firms).select_related("firm__company")
    rows = list(supports.order_by("-given_on", "pk"))
    context = {
        "resource": found,
        "firms": list(firms.order_by("company__name_ko", "effective")),
        "supports": rows,
        "won": sum(one.won for one in rows),
        "records": records(request.scope, found.region_id),
    }
    return render(request, "declining/resource_detail.html", context)


@needs(Capability.RECORD_DECLINING)
@methods(writes=("POST",))
def resource_new(request: PortalRequest) -> HttpResponse:
    """Record a resource."""
    mine = request.scope.within(Capability.RECORD_DECLINING)
    form = ResourceForm(posted(request), scope=mine)
    return ask(
        request, form, title=_("특화자원 적기"), back=reverse("declining:resources"), told=_("특화자원을 적었습니다."),
        act=lambda: services.put_resource(
            resource=None, region=form.cleaned_data["region"], facts=form.facts(), first=form.cleaned_data["first"],
            last=form.cleaned_data["last"], seen=0, actor=request.user,
        ),
    )  # fmt: skip


def _mine(request: PortalRequest, pk: int) -> LocalResource:
    found = resource_of(request, pk)
    if not records(request.scope, found.region_id):
        raise PermissionDenied
    return found


def _page(pk: int) -> str:
    return reverse("declining:resource", args=[pk])


@needs(Capability.RECORD_DECLINING)
@methods(writes=("POST",))
def resource_edit(request: PortalRequest, pk: int) -> HttpResponse:
    """Change a resource."""
    found = _mine(request, pk)
    form = ResourceForm(posted(request), scope=request.scope, resource=found)
    return ask(
        request, form, title=_("특화자원 고치기"), owner=found.name, back=_page(pk), told=_("저장했습니다."),
        act=lambda: services.put_resource(
            resource=found, region=found.region, facts=form.facts(), first=form.cleaned_data["first"],
            last=form.cleaned_data["last"], seen=form.cleaned_data["seen"], actor=request.user,
        ),
    )  # fmt: skip


@needs(Capability.RECORD_DECLINING)
@methods(writes=("POST",))
def firm_new(request: PortalRequest, pk: int) -> HttpResponse:
    """Link a firm to a resource."""
    found = _mine(request, pk)
    form = ResourceFirmForm(posted(request), scope=request.scope)
    return ask(
        request,
        form,
        title=_("기업 연결"),
        owner=found.name,
        back=_page(pk),
        told=_("기업을 연결했습니다."),
        act=lambda: services.link_resource_firm(resource=found, **form.cleaned_data, actor=request.user),
    )


def _firm(request: PortalRequest, found: LocalResource, firm: int) -> ResourceFirm:
    rows = ResourceFirm.objects.visible_to(request.scope).filter(resource=found)
    return get_object_or_404(rows.select_related("company", "resource"), pk=firm)


@needs(Capability.RECORD_DECLINING)
@methods(writes=("POST",))
def firm_end(request: PortalRequest, pk: int, firm: int) -> HttpResponse:
    """A firm no longer lives on the resource."""
    found = _mine(request, pk)
    row = _firm(request, found, firm)
    form = EndForm(posted(request))
    return ask(
        request,
        form,
        title=_("연결 끝내기"),
        owner=row.company.name_ko,
        back=_page(pk),
        told=_("연결을 끝냈습니다."),
        act=lambda: services.end_resource_firm(firm=row, last=form.cleaned_data["last"], actor=request.user),
    )


@needs(Capability.RECORD_DECLINING)
@methods(writes=("POST",))
def support_new(request: PortalRequest, pk: int, firm: int) -> HttpResponse:
    """Count a support a firm was given."""
    found = _mine(request, pk)
    row = _firm(request, found, firm)
    form = SupportForm(posted(request))
    return ask(
        request,
        form,
        title=_("지원 적기"),
        owner=row.company.name_ko,
        back=_page(pk),
        told=_("지원을 적었습니다."),
        act=lambda: services.add_resource_support(firm=row, **form.cleaned_data, actor=request.user),
    )
