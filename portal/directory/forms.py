"""Shape and validity of what people type on the directory's pages; no decisions."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.directory.enums import Role
from portal.directory.models import Organization, User
from portal.directory.scope import Scope
from portal.kernel.forms import BaseForm, DateInput

LOGIN_ID = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]{2,59}$", _("아이디는 영문 소문자·숫자·점·줄표로 3자 이상 적어 주세요.")
)


def _password(label: Any, autocomplete: str, **more: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, widget=widget, strip=False, max_length=200, **more)


class SignInForm(BaseForm):
    login_id = forms.CharField(
        label=_("아이디"), max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )  # fmt: skip
    password = _password(_("비밀번호"), "current-password")


class NewPasswordForm(BaseForm):
    """A new password, typed twice."""

    new_password = _password(_("새 비밀번호"), "new-password")
    again = _password(_("새 비밀번호 다시"), "new-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("new_password") and found.get("again") and found["new_password"] != found["again"]:
            self.add_error("again", _("두 번 적은 비밀번호가 서로 다릅니다."))
        return found


class FirstPasswordForm(NewPasswordForm):
    """Instead of a temporary password: it is typed once more, so that the account is never half signed in."""

    login_id = forms.CharField(max_length=60, widget=forms.HiddenInput)
    password = _password(_("임시 비밀번호"), "current-password")
    field_order = ("login_id", "password", "new_password", "again")


class PasswordForm(NewPasswordForm):
    """One's own password, with the one in use as proof."""

    password = _password(_("지금 비밀번호"), "current-password")
    field_order = ("password", "new_password", "again")


class ReasonForm(BaseForm):
    reason = forms.CharField(
        label=_("사유"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("업무 기록에 남습니다."),
    )  # fmt: skip


class MembershipForm(ReasonForm):
    """Where somebody works, as what, from when to when."""

    organization = forms.ModelChoiceField(label=_("기관"), queryset=Organization.objects.none())
    role = forms.ChoiceField(label=_("역할"), choices=Role.choices)
    start = forms.DateField(label=_("시작일"), widget=DateInput, initial=timezone.localdate)
    last_day = forms.DateField(
        label=_("마지막 날"), widget=DateInput, required=False, help_text=_("비우면 끝을 정하지 않습니다.")
    )
    field_order: tuple[str, ...] = ("organization", "role", "start", "last_day", "reason")

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organizations = Organization.objects.visible_to(scope).in_force_on(timezone.localdate())
        field = self.fields["organization"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = organizations.order_by("kind", "name_ko")

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        start, last = found.get("start"), found.get("last_day")
        if start and last and last < start:
            self.add_error("last_day", _("마지막 날이 시작일보다 앞섭니다."))
        return found


class NewUserForm(MembershipForm):
    login_id = forms.CharField(
        label=_("아이디"), max_length=60, validators=[LOGIN_ID],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=_("한 사람, 한 시스템에 하나씩. 같이 쓰는 계정은 만들지 않습니다."),
    )  # fmt: skip
    name = forms.CharField(label=_("이름"), max_length=40)
    email = forms.EmailField(label=_("전자우편"), required=False)
    field_order = ("login_id", "name", "email", "organization", "role", "start", "last_day", "reason")

    def clean_login_id(self) -> str:
        login_id: str = self.cleaned_data["login_id"]
        if User.objects.filter(login_id=login_id).exists():
            raise forms.ValidationError(_("이미 쓰는 아이디입니다. 다른 아이디를 적어 주세요."))
        return login_id


class EndMembershipForm(ReasonForm):
    last_day = forms.DateField(label=_("마지막 날"), widget=DateInput, initial=timezone.localdate)
    field_order = ("last_day", "reason")


class TokenForm(BaseForm):
    """A key for a client system."""

    name = forms.CharField(label=_("쓰임"), max_length=80, help_text=_("어느 시스템이 무엇에 쓰는지 적어 주세요."))
    last_day = forms.DateField(label=_("쓸 수 있는 마지막 날"), widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["last_day"].initial = date(today.year + 1, today.month, min(today.day, 28))

    def clean_last_day(self) -> date:
        last_day: date = self.cleaned_data["last_day"]
        if last_day < timezone.localdate():
            raise forms.ValidationError(_("이미 지난 날입니다."))
        return last_day
