"""What one was told."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.directory import services
from portal.directory.models import Notice
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.views import methods

_STATES = [("", "---------"), ("unread", _("읽지 않음")), ("read", _("읽음")), ("settled", _("끝난 일"))]


def state_of(notice: Notice) -> str:
    if notice.settled_at:
        return str(_("끝난 일"))
    return str(_("읽음") if notice.read_at else _("읽지 않음"))


class NoticeFilters(ListFilters):
    q = django_filters.CharFilter("title", "icontains", label=_("내용"))
    state = django_filters.CharFilter(method="in_state", label=_("상태"), widget=forms.Select(choices=_STATES))

    def in_state(self, queryset: QuerySet[Notice], name: str, value: str) -> QuerySet[Notice]:
        if value == "unread":
            return queryset.filter(read_at=None, settled_at=None)
        if value == "read":
            return queryset.filter(read_at__isnull=False, settled_at=None)
        return queryset.filter(settled_at__isnull=False) if value == "settled" else queryset.none()


class NoticeList(ListPage):
    name = "notices"
    title = _("알림")
    template = "directory/notice_list.html"
    default_sort = "-created_at"
    filters = NoticeFilters
    export_capability = ""
    empty_text = _("아직 받은 알림이 없습니다. 기한이 다가오거나 맡은 지역의 일이 바뀌면 여기에 알려 드립니다.")
    columns = (
        ListColumn(
            "title", _("내용"), sort=("title",), fixed=True, link=lambda one: reverse("notice", args=[one.pk]), width=60
        ),
        ListColumn("due", _("기한"), sort=("due",)),
        ListColumn("state", _("상태"), value=state_of),
        ListColumn("created_at", _("알린 일시"), sort=("created_at",)),
    )

    def queryset(self) -> QuerySet[Any]:
        return Notice.objects.visible_to(self.scope)


@methods(writes=("POST",))
def notices(request: PortalRequest) -> HttpResponseBase:
    """One's notices, the latest first. POST: all of them have been read."""
    if request.method == "POST":
        services.mark_read(notices=Notice.objects.visible_to(request.scope).unread())
        return redirect("notices")
    return NoticeList.of(request).respond(request)


@methods(reads=(), writes=("GET", "HEAD"))
def notice(request: PortalRequest, pk: int) -> HttpResponseBase:
    """On to what it is about; having gone there is having read it."""
    found = get_object_or_404(Notice.objects.visible_to(request.scope), pk=pk)
    services.mark_read(notices=[found])
    return redirect(found.url)
