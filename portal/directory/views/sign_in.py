"""Signing in, signing out, one's own account."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as open_session
from django.contrib.auth import logout as close_session
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from portal.directory import services
from portal.directory.enums import Capability, Role
from portal.directory.forms import FirstPasswordForm, PasswordForm, SignInForm
from portal.directory.models import Membership, Region, User
from portal.directory.scope import Scope
from portal.directory.services import Attempt
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods

PASSWORDS = ("password", "new_password", "again")


def address_of(request: HttpRequest) -> str:
    """The caller's address. Behind `PORTAL_PROXY_HOPS` proxies of ours it is the one the outermost of them saw; what a
    caller writes into `X-Forwarded-For` itself stands further left and is never read."""
    hops = int(getattr(settings, "PORTAL_PROXY_HOPS", 0))
    chain = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    if hops and len(chain) >= hops:
        return chain[-hops][:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]


def next_page(request: HttpRequest) -> str:
    """Where the reader was going, if that is inside the portal; else the first page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if allowed else ""


def _said(attempt: Attempt) -> str:
    minutes = max(1, settings.LOGIN_LOCK_SECONDS // 60)
    if attempt.locked:
        return _("여러 번 틀려서 %(minutes)s분 동안 로그인할 수 없습니다. 급하면 관리자에게 알려 주세요.") % {
            "minutes": minutes
        }
    return ngettext(
        "아이디나 비밀번호가 맞지 않습니다. %(left)s번 더 틀리면 잠깁니다.",
        "아이디나 비밀번호가 맞지 않습니다. %(left)s번 더 틀리면 잠깁니다.",
        attempt.left,
    ) % {"left": attempt.left}


@never_cache
@sensitive_post_parameters(*PASSWORDS)
@methods(writes=("POST",))
def login(request: PortalRequest) -> HttpResponse:
    """The door. A temporary password only leads to choosing one's own."""
    if request.user.is_authenticated:
        return redirect(next_page(request) or settings.LOGIN_REDIRECT_URL)
    choosing = "new_password" in request.POST
    form = FirstPasswordForm(request.POST) if choosing else SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        attempt = services.attempt_sign_in(
            login_id=facts["login_id"], password=facts["password"], address=address_of(request)
        )
        if attempt.user is None:
            form.add_error(None, _said(attempt))
        elif attempt.user.must_change_password and not choosing:
            form, choosing = FirstPasswordForm(initial={"login_id": attempt.user.login_id}), True
        elif not choosing or _chosen(form, attempt.user):
            return _let_in(request, attempt.user)
    context = {"form": form, "choosing": choosing, "next": next_page(request)}
    return render(request, "directory/login.html", context | ({} if choosing else _demo()))


def _chosen(form: Any, user: User) -> bool:
    """Set the password a form brings; its fault, if any, is told at the field."""
    try:
        services.change_password(user=user, password=form.cleaned_data["new_password"])
    except ValidationError as fault:
        form.add_error("new_password", fault)
        return False
    return True


def _let_in(request: PortalRequest, user: User) -> HttpResponse:
    open_session(request, user)
    services.note_sign_in(user=user, address=address_of(request))
    return redirect(next_page(request) or settings.LOGIN_REDIRECT_URL)


def _demo() -> dict[str, Any]:
    """The accounts to try the portal with, where it is a demo."""
    if not settings.PORTAL_DEMO:
        return {}
    current = Prefetch("memberships", Membership.objects.current().select_related("organization"), to_attr="current")
    people = User.objects.filter(is_demo=True, is_active=True, must_change_password=False).prefetch_related(current)
    usable = [person for person in people.order_by("pk") if person.current and not _is_machine(person)]
    return {"people": usable, "demo_password": settings.PORTAL_DEMO_PASSWORD}


def _is_machine(person: User) -> bool:
    return all(membership.role == Role.API_CLIENT for membership in person.current)  # type: ignore[attr-defined]


@methods(reads=(), writes=("POST",))
def logout(request: PortalRequest) -> HttpResponse:
    services.note_sign_out(user=request.user, address=address_of(request))
    close_session(request)
    messages.success(request, _("로그아웃했습니다."))
    return redirect(settings.LOGOUT_REDIRECT_URL)


@never_cache
@sensitive_post_parameters(*PASSWORDS)
@methods(writes=("POST",))
def my_account(request: PortalRequest) -> HttpResponse:
    """One's memberships and what they allow where; a new password."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not request.user.check_password(form.cleaned_data["password"]):
            form.add_error("password", _("지금 비밀번호가 맞지 않습니다."))
        elif _chosen(form, request.user):
            update_session_auth_hash(request, request.user)
            messages.success(request, _("비밀번호를 바꾸었습니다. 다른 곳에 열려 있던 로그인은 모두 끊겼습니다."))
            return redirect("my_account")
    context = {
        "form": form,
        "memberships": request.user.memberships.select_related("organization").order_by("-effective", "pk"),
        "powers": powers(request.scope),
    }
    return render(request, "directory/my_account.html", context)


def powers(scope: Scope) -> list[dict[str, Any]]:
    """Each capability the scope has, and the regions it holds in (the highest ones; None is the whole country)."""
    named = {
        region.pk: region
        for region in Region.objects.filter(pk__in=scope.region_ids, effective__endswith=None).select_related("parent")
    }
    rows = []
    for capability in Capability:
        part = scope.within(capability)
        if part.is_empty:
            continue
        held = [named[pk] for pk in part.region_ids if pk in named and named[pk].parent_id not in part.region_ids]
        regions = None if part.nationwide else sorted(held, key=lambda region: (region.scheme, region.code))
        rows.append({"label": capability.label, "regions": regions})
    return rows
