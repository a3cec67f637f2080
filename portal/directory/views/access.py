"""Who may enter, as what, with which key: people, their memberships, client systems."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Exists, Model, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from portal.directory import services
from portal.directory.access import needs
from portal.directory.enums import Capability, Role
from portal.directory.forms import EndMembershipForm, MembershipForm, NewUserForm, ReasonForm, TokenForm
from portal.directory.models import ClientToken, Event, Membership, User
from portal.directory.views.events import worded
from portal.kernel.dates import end_of_day
from portal.kernel.errors import Refusal
from portal.kernel.forms import tell
from portal.kernel.http import PortalRequest
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from portal.kernel.views import methods

MANAGE = Capability.MANAGE_ACCESS


def user_url(user: User) -> str:
    return reverse("access_user", args=[user.login_id])


def _offices(user: User) -> str:
    current = user.current  # type: ignore[attr-defined]
    return ", ".join(f"{each.organization.name} {each.get_role_display()}" for each in current)


class UserFilters(ListFilters):
    q = django_filters.CharFilter(method="named", label=gettext_lazy("이름·아이디·기관"))
    role = django_filters.ChoiceFilter(method="in_role", choices=Role.choices, label=gettext_lazy("역할"))
    is_active = django_filters.BooleanFilter(
        label=gettext_lazy("사용"),
        widget=forms.Select(
            choices=[("", "---------"), ("true", gettext_lazy("사용")), ("false", gettext_lazy("닫힘"))]
        ),
    )

    def named(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        text = value.strip()
        there = Membership.objects.filter(user=OuterRef("pk"), organization__name_ko__icontains=text)
        return queryset.filter(Q(name__icontains=text) | Q(login_id__icontains=text) | Exists(there))

    def in_role(self, queryset: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        return queryset.filter(Exists(Membership.objects.current().filter(user=OuterRef("pk"), role=value)))


class UserList(ListPage):
    name = "users"
    title = gettext_lazy("사용자와 연계")
    template = "directory/access_list.html"
    default_sort = "login_id"
    filters = UserFilters
    export_capability = MANAGE
    columns = (
        ListColumn("login_id", gettext_lazy("아이디"), sort=("login_id",), text=True, fixed=True, link=user_url),
        ListColumn("name", gettext_lazy("이름"), sort=("name",)),
        ListColumn("offices", gettext_lazy("소속과 역할"), value=_offices, width=48),
        ListColumn(
            "is_active", gettext_lazy("상태"), sort=("is_active",),
            value=lambda row: str(_("사용") if row.is_active else _("닫힘")),
        ),
        ListColumn("last_login", gettext_lazy("마지막 로그인"), sort=("last_login",)),
        ListColumn("created_at", gettext_lazy("등록 일시"), sort=("created_at",), shown=False),
    )  # fmt: skip

    def queryset(self) -> QuerySet[Any]:
        current = Prefetch(
            "memberships", Membership.objects.current().select_related("organization"), to_attr="current"
        )
        return User.objects.visible_to(self.scope.within(MANAGE)).prefetch_related(current)


@needs(MANAGE)
@methods(writes=("POST",))
def access(request: PortalRequest) -> HttpResponseBase:
    """Everyone who has an account, with what they are."""
    return UserList.of(request).respond(request)


def _user(request: PortalRequest, login_id: str) -> User:
    return get_object_or_404(User.objects.visible_to(request.scope.within(MANAGE)), login_id=login_id)


@needs(MANAGE)
@methods()
def access_user(request: PortalRequest, login_id: str) -> HttpResponse:
    """One account: memberships past and present, keys, and what was lately done with it."""
    user = _user(request, login_id)
    memberships = list(user.memberships.select_related("organization").order_by("-effective", "pk"))
    tokens = list(user.client_tokens.order_by("-created_at"))
    context = {
        "account": user,
        "is_self": user.pk == request.user.pk,
        "memberships": memberships,
        "is_client": user.memberships.current().filter(role=Role.API_CLIENT).exists(),
        "tokens": tokens,
        "events": [(event, worded(event)) for event in _deeds_about([user, *memberships, *tokens])],
    }
    return render(request, "directory/access_user.html", context)


def _deeds_about(subjects: Sequence[Model]) -> QuerySet[Event]:
    """The last deeds that concerned any of these rows, with whoever did them."""
    concerned = Q()
    for subject in subjects:
        concerned |= Q(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    return Event.objects.filter(concerned).select_related("actor").order_by("-at", "-pk")[:10]


def _asked(
    request: PortalRequest, form: forms.Form, do: Callable[[dict[str, Any]], HttpResponse], **words: Any
) -> HttpResponse:
    """A page with one form: does the deed when it is rightly filled in, tells every fault and refusal otherwise."""
    if request.method == "POST" and form.is_valid():
        try:
            return do(form.cleaned_data)
        except (Refusal, ValidationError) as fault:
            tell(form, fault)
    return render(request, "directory/access_form.html", {"form": form, **words})


def _secret(request: PortalRequest, user: User, *, label: str, value: str, note: str) -> HttpResponse:
    """What is shown this once: it stands in this answer and nowhere else."""
    context = {"account": user, "label": label, "value": value, "note": note}
    return render(request, "directory/access_secret.html", context)


@never_cache
@needs(MANAGE)
@methods(writes=("POST",))
def access_user_new(request: PortalRequest) -> HttpResponse:
    """A new account with its first membership and a temporary password."""

    def do(facts: dict[str, Any]) -> HttpResponse:
        user, password = services.add_user(
            login_id=facts["login_id"], name=facts["name"], email=facts["email"], actor=request.user,
            reason=facts["reason"], **_posting(facts),
        )  # fmt: skip
        return _secret(request, user, label=_("임시 비밀번호"), value=password, note=str(_TEMPORARY))

    form = NewUserForm(request.POST or None, scope=request.scope)
    return _asked(request, form, do, heading=_("사용자 등록"), submit=_("등록하기"), back=reverse("access"))


_TEMPORARY = gettext_lazy("본인에게만 알려 주세요. 처음 로그인할 때 새 비밀번호를 정하게 됩니다.")


def _posting(facts: dict[str, Any]) -> dict[str, Any]:
    """Organization, role and half-open period of a membership form."""
    last = facts["last_day"]
    return {
        "organization": facts["organization"],
        "role": facts["role"],
        "start": facts["start"],
        "end": last + timedelta(days=1) if last else None,
    }


@needs(MANAGE)
@methods(writes=("POST",))
def access_membership_new(request: PortalRequest, login_id: str) -> HttpResponse:
    """One more membership for an account."""
    user = _user(request, login_id)

    def do(facts: dict[str, Any]) -> HttpResponse:
        services.give_membership(user=user, actor=request.user, reason=facts["reason"], **_posting(facts))
        messages.success(request, _("%(user)s 님에게 소속을 주었습니다.") % {"user": user})
        return redirect(user_url(user))

    form = MembershipForm(request.POST or None, scope=request.scope)
    heading = _("%(user)s 님의 소속 더하기") % {"user": user}
    return _asked(request, form, do, heading=heading, submit=_("소속 주기"), back=user_url(user))


@needs(MANAGE)
@methods(writes=("POST",))
def access_membership_end(request: PortalRequest, pk: int) -> HttpResponse:
    """Let a membership end."""
    visible = Membership.objects.visible_to(request.scope.within(MANAGE)).select_related("user", "organization")
    membership = get_object_or_404(visible, pk=pk)

    def do(facts: dict[str, Any]) -> HttpResponse:
        services.end_membership(
            membership=membership, last_day=facts["last_day"], actor=request.user, reason=facts["reason"]
        )
        messages.success(request, _("소속의 마지막 날을 정했습니다."))
        return redirect(user_url(membership.user))

    form = EndMembershipForm(request.POST or None)
    return _asked(
        request, form, do, heading=_("소속 끝내기"), lead=str(membership), submit=_("끝내기"), danger=True,
        back=user_url(membership.user),
    )  # fmt: skip


@never_cache
@needs(MANAGE)
@methods(writes=("POST",))
def access_password(request: PortalRequest, login_id: str) -> HttpResponse:
    """A new temporary password for somebody who lost theirs."""
    user = _user(request, login_id)

    def do(facts: dict[str, Any]) -> HttpResponse:
        password = services.reset_password(user=user, actor=request.user, reason=facts["reason"])
        return _secret(request, user, label=_("임시 비밀번호"), value=password, note=str(_TEMPORARY))

    lead = _("지금 비밀번호는 곧바로 쓸 수 없게 되고, 열려 있던 로그인도 끊깁니다.")
    return _asked(
        request, ReasonForm(request.POST or None), do, heading=_("%(user)s 님의 임시 비밀번호") % {"user": user},
        lead=lead, submit=_("발급하기"), back=user_url(user),
    )  # fmt: skip


@needs(MANAGE)
@methods(writes=("POST",))
def access_state(request: PortalRequest, login_id: str) -> HttpResponse:
    """Close an account that is open, open one that is closed."""
    user = _user(request, login_id)
    closing = user.is_active

    def do(facts: dict[str, Any]) -> HttpResponse:
        services.set_active(user=user, active=not closing, actor=request.user, reason=facts["reason"])
        messages.success(request, _("계정을 닫았습니다.") if closing else _("계정을 열었습니다."))
        return redirect(user_url(user))

    heading = (_("%(user)s 님의 계정 닫기") if closing else _("%(user)s 님의 계정 열기")) % {"user": user}
    lead = _("닫으면 로그인과 인증키를 쓸 수 없습니다. 소속과 기록은 남습니다.") if closing else ""
    return _asked(
        request, ReasonForm(request.POST or None), do, heading=heading, lead=lead, danger=closing,
        submit=_("닫기") if closing else _("열기"), back=user_url(user),
    )  # fmt: skip


@never_cache
@needs(MANAGE)
@methods(writes=("POST",))
def access_token_issue(request: PortalRequest, login_id: str) -> HttpResponse:
    """A key for a client system, shown this once."""
    user = _user(request, login_id)

    def do(facts: dict[str, Any]) -> HttpResponse:
        if not user.memberships.current().filter(role=Role.API_CLIENT).exists():
            raise Refusal("not_a_client", _("인증키는 연계 시스템 계정에만 발급합니다."))
        until: datetime = end_of_day(facts["last_day"])
        _token, key = services.issue_client_token(user=user, name=facts["name"], expires_at=until, actor=request.user)
        note = _(
            "지금만 볼 수 있습니다. 연계 시스템의 담당자에게 안전하게 전하세요. 잃어버리면 폐기하고 새로 발급합니다."
        )
        return _secret(request, user, label=_("인증키"), value=key, note=note)

    heading = _("%(user)s 인증키 발급") % {"user": user}
    form = TokenForm(request.POST or None)
    return _asked(request, form, do, heading=heading, submit=_("발급하기"), back=user_url(user))


@needs(MANAGE)
@methods(writes=("POST",))
def access_token_revoke(request: PortalRequest, pk: int) -> HttpResponse:
    """Make a key useless from now on."""
    visible = ClientToken.objects.visible_to(request.scope.within(MANAGE)).select_related("user")
    token = get_object_or_404(visible, pk=pk)

    def do(facts: dict[str, Any]) -> HttpResponse:
        services.revoke_client_token(token=token, actor=request.user, reason=facts["reason"])
        messages.success(request, _("인증키를 폐기했습니다."))
        return redirect(user_url(token.user))

    return _asked(
        request, ReasonForm(request.POST or None), do, heading=_("인증키 폐기"), lead=str(token), danger=True,
        submit=_("폐기하기"), back=user_url(token.user),
    )  # fmt: skip
