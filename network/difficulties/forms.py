"""Shape and validity of input."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.models import Company, Workplace
from network.difficulties.enums import (
    ACTION_NEXT_STATES,
    WITHOUT_MONEY,
    ActionKind,
    ActionState,
    Audience,
    NoteKind,
    Outcome,
    Severity,
    Source,
)
from network.difficulties.models import Action, Case, Difficulty, DifficultyKind, Referent
from network.difficulties.models.base import OFFICER_ROLES
from network.difficulties.services import CASE_FACTS, is_of_lead, managed
from portal.directory.models import Membership, Organization, User
from portal.directory.scope import Scope
from portal.kernel.forms import BaseForm, DateInput, SeenForm

MOST_JOBS = 100_000
MOST_WON = 10**13


def _long(label: Any, *, required: bool = True, rows: int = 4, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=5000, widget=widget, help_text=help_text)


def _jobs(label: Any, *, required: bool = True, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, required=required, min_value=0, max_value=MOST_JOBS, help_text=help_text)


def _day(label: Any, *, required: bool = True, today: bool = False, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=DateInput, help_text=help_text,
        initial=timezone.localdate if today else None,
    )  # fmt: skip


def _audience() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("볼 사람"), choices=Audience, initial=Audience.BODIES, widget=forms.RadioSelect,
        help_text=_("‘우리 기관만’으로 적은 것은 본부를 포함해 다른 기관이 보지 못합니다."),
    )  # fmt: skip


class HeadFields(BaseForm):
    source = forms.ChoiceField(label=_("알게 된 길"), choices=Source)
    source_note = forms.CharField(
        label=_("알게 된 길의 내용"), required=False, max_length=200, help_text=_("예: 2026년 상반기 회차, ○○ 실태조사")
    )
    severity = forms.ChoiceField(label=_("심각성"), choices=Severity)
    jobs_at_stake = _jobs(_("위태로운 일자리"), help_text=_("문제가 풀리지 않으면 잃을 수 있는 일자리(명)"))
    summary = _long(_("개요"), rows=6)


class NewCaseForm(HeadFields):
    workplace = forms.ModelChoiceField(Workplace.objects.none(), label=_("사업장"), empty_label=None)
    kinds = forms.ModelMultipleChoiceField(
        DifficultyKind.objects.none(), label=_("애로"), required=False, widget=forms.CheckboxSelectMultiple
    )
    confidential = forms.BooleanField(
        label=_("비공개로 시작"),
        required=False,
        help_text=_("담당자와 그 기관장만 봅니다. 목록과 통계에도 나오지 않습니다."),
    )
    field_order = (
        "workplace",
        "source",
        "source_note",
        "severity",
        "jobs_at_stake",
        "summary",
        "kinds",
        "confidential",
    )

    def __init__(self, *args: Any, company: Company, mine: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Workplace.objects.filter(mine.regions("region"), company=company)
        self.fields["workplace"].queryset = places.select_related("region__parent")  # type: ignore[attr-defined]
        self.fields["workplace"].label_from_instance = lambda one: f"{one.region.full_name} · {one}"  # type: ignore[attr-defined]
        self.fields["kinds"].queryset = DifficultyKind.objects.in_use()  # type: ignore[attr-defined]


class CaseForm(BaseForm):
    """A form that knows the case and its reader. `facts()` are the arguments of the deed."""

    def __init__(self, *args: Any, case: Case, scope: Scope, part: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.scope, self.part = case, scope, part
        self.set_up()

    def set_up(self) -> None:
        """Narrow the choices."""

    def facts(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class SureForm(CaseForm):
    """Nothing but the button."""


class SureSeenForm(CaseForm, SeenForm):
    """Nothing but the button, and the version its reader saw."""

    def set_up(self) -> None:
        self.initial["seen"] = self.case.version


class EditForm(CaseForm, HeadFields, SeenForm):
    def set_up(self) -> None:
        self.initial["seen"] = self.case.version
        for name in CASE_FACTS:
            self.initial[name] = getattr(self.case, name)

    def facts(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return {"seen": given.pop("seen"), "facts": given}


class CloseForm(CaseForm, SeenForm):
    outcome = forms.ChoiceField(label=_("결과"), choices=[("", "---------"), *Outcome.choices])
    jobs_kept = _jobs(_("지킨 일자리"))
    jobs_lost = _jobs(_("잃은 일자리"))
    closing_note = _long(
        _("종결 내용"), help_text=_("무엇이 어떻게 끝났는지 적어 주세요. 종결한 다음에는 고칠 수 없습니다.")
    )

    def set_up(self) -> None:
        self.initial["seen"] = self.case.version


class ReasonForm(CaseForm):
    reason = _long(_("다시 여는 사유"))


class OfferedNoteForm(CaseForm):
    note = _long(_("덧붙일 말"), required=False)


class DeclineForm(CaseForm):
    note = _long(_("받지 않는 사유"))


def officers() -> QuerySet[Membership]:
    """Everybody who may be in charge of a case today, with their body."""
    rows = Membership.objects.current().filter(role__in=OFFICER_ROLES, user__is_active=True)
    return rows.select_related("organization", "user").order_by("organization__name_ko", "user__name", "pk")


class PersonField(forms.ChoiceField):
    """A person of a body: `기관 · 이름`, kept as (body, person)."""

    def fill(self, rows: list[Membership], *, whole_bodies: bool) -> None:
        choices: list[tuple[str, Any]] = [("", "---------")]
        groups: dict[Organization, list[User]] = {}
        for row in rows:
            people = groups.setdefault(row.organization, [])
            if row.user not in people:
                people.append(row.user)
        for body, people in groups.items():
            own = [(f"{body.pk}-{user.pk}", f"{user.name} ({body.name})") for user in people]
            whole = [(f"{body.pk}-0", _("%(body)s (사람을 정하지 않음)") % {"body": body.name})] if whole_bodies else []
            choices.append((body.name, whole + own))
        self.choices = choices
        self.bodies = {body.pk: body for body in groups}
        self.people = {user.pk: user for people in groups.values() for user in people}

    def chosen(self, value: str) -> tuple[Organization, User | None]:
        body, user = value.split("-")
        return self.bodies[int(body)], self.people.get(int(user))


class ReferentForm(CaseForm):
    person = PersonField(label=_("담당자"))

    def set_up(self) -> None:
        rows = officers()
        if not is_of_lead(self.case, self.scope):
            rows = rows.filter(organization__in=managed(self.scope))
        on_it = Referent.objects.current().filter(case=self.case).values_list("organization_id", "user_id")
        known = set(on_it)
        field = self.fields["person"]
        assert isinstance(field, PersonField)  # noqa: S101 (of this very class)
        field.fill([row for row in rows if (row.organization_id, row.user_id) not in known], whole_bodies=False)

    def facts(self) -> dict[str, Any]:
        organization, user = self.fields["person"].chosen(self.cleaned_data["person"])  # type: ignore[attr-defined]
        return {"organization": organization, "user": user}


class OfferForm(CaseForm):
    person = PersonField(label=_("받을 사람이나 기관"))
    note = _long(_("인계 사유"))

    def set_up(self) -> None:
        lead = Referent.objects.current().leading().filter(case=self.case).first()
        rows = [
            row
            for row in officers()
            if lead is None or (row.organization_id, row.user_id) != (lead.organization_id, lead.user_id)
        ]
        self.fields["person"].fill(rows, whole_bodies=not self.case.confidential)  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        body, user = self.fields["person"].chosen(self.cleaned_data["person"])  # type: ignore[attr-defined]
        return {"to_organization": body, "to_user": user, "note": self.cleaned_data["note"]}


class DifficultyForm(CaseForm):
    kind = forms.ModelChoiceField(DifficultyKind.objects.none(), label=_("종류"))
    severity = forms.ChoiceField(label=_("심각성"), choices=Severity)
    opened_on = _day(_("생긴 날"), today=True)
    text = _long(_("내용"), required=False)

    def set_up(self) -> None:
        taken = Difficulty.objects.filter(case=self.case, resolved_on=None).values("kind")
        self.fields["kind"].queryset = DifficultyKind.objects.in_use().exclude(pk__in=taken)  # type: ignore[attr-defined]


class ResolveForm(CaseForm):
    resolution = _long(_("어떻게 풀렸는지"))


class ActionForm(CaseForm):
    kind = forms.ChoiceField(label=_("종류"), choices=ActionKind)
    title = forms.CharField(label=_("조치"), max_length=120)
    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("하는 기관"), empty_label=None)
    due_on = _day(_("기한"), required=False, help_text=_("쉬는 날이면 다음 근무일로 옮깁니다."))
    due_in = forms.IntegerField(
        label=_("또는 며칠 안에(근무일)"), required=False, min_value=1, max_value=250,
        help_text=_("기한과 근무일 수 가운데 하나만 적어 주세요."),
    )  # fmt: skip
    amount = forms.IntegerField(
        label=_("금액(원)"),
        required=False,
        min_value=1,
        max_value=MOST_WON,
        help_text=_("융자, 보증처럼 돈이 드는 조치만"),
    )

    def set_up(self) -> None:
        on_it = Referent.objects.current().filter(case=self.case)
        if not is_of_lead(self.case, self.scope):
            on_it = on_it.filter(organization__in=managed(self.scope))
        bodies = Organization.objects.filter(pk__in=on_it.values("organization"))
        self.fields["organization"].queryset = bodies.order_by("name_ko")  # type: ignore[attr-defined]


class StepForm(CaseForm):
    state = forms.ChoiceField(label=_("상태"), widget=forms.RadioSelect)
    result = _long(_("결과 또는 중단 사유"), required=False, help_text=_("완료하거나 중단할 때는 꼭 적어 주세요."))
    amount = forms.IntegerField(label=_("실제 금액(원)"), required=False, min_value=1, max_value=MOST_WON)

    def set_up(self) -> None:
        action: Action = self.part
        later = ACTION_NEXT_STATES[action.state]
        self.fields["state"].choices = [pair for pair in ActionState.choices if pair[0] in later]  # type: ignore[attr-defined]
        self.initial.setdefault("amount", action.amount)
        if action.kind in WITHOUT_MONEY:
            del self.fields["amount"]


class NoteForm(CaseForm):
    kind = forms.ChoiceField(label=_("종류"), choices=NoteKind)
    held_on = _day(_("날"), today=True)
    text = _long(_("내용"), rows=6)
    audience = _audience()


class PaperForm(CaseForm):
    title = forms.CharField(label=_("제목"), max_length=120)
    file = forms.FileField(label=_("파일"), help_text=_("20MB까지"))
    audience = _audience()


class LookForm(CaseForm):
    finding = _long(_("확인한 내용"), help_text=_("기업의 지금 형편과 다시 도울 일이 있는지 적어 주세요."))
    jobs_now = _jobs(_("지금 일자리"), required=False)
