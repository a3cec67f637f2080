"""The workbench's forms: a remark, a withdrawal, a meeting to table at, a changed copy of the rules."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crisis.workbench import words
from crisis.workbench.rules import FIGURES
from network.enums import MeetingState
from network.models import Meeting
from network.papers import ACCEPTED
from portal.directory.scope import Scope
from portal.kernel.forms import BaseForm


class CommentForm(BaseForm):
    text = forms.CharField(
        label=_("의견"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("남긴 뒤에는 고칠 수 없고, 사유를 적어 거둘 수만 있습니다."),
    )  # fmt: skip
    for_council = forms.BooleanField(
        label=_("협의회에 알림"), required=False, help_text=_("이 지역의 안건에 의견이 함께 실립니다.")
    )
    file = forms.FileField(
        label=_("붙임 파일"), required=False, widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_("PDF, 한글, 워드, 엑셀, 그림 파일 하나"),
    )  # fmt: skip


class WithdrawForm(BaseForm):
    reason = forms.CharField(label=_("거두는 사유"), max_length=300)


class AgendaForm(BaseForm):
    meeting = forms.ModelChoiceField(label=_("회의"), queryset=Meeting.objects.none(), empty_label=_("회의를 고르세요"))

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        coming = Meeting.objects.visible_to(scope).filter(
            Q(state__in=[MeetingState.PLANNED, MeetingState.OPEN]), closed_at=None
        )
        self.fields["meeting"].queryset = coming.select_related("council").order_by("held_on", "pk")  # type: ignore[attr-defined]
        self.fields["meeting"].label_from_instance = lambda one: f"{one} ({one.held_on:%Y. %-m. %-d.})"  # type: ignore[attr-defined]


def _figure(label: Any, value: Any, least: int = 0, most: int | None = 100) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, initial=value, min_value=least, max_value=most, max_digits=9, decimal_places=4
    )


class WhatIfForm(BaseForm):
    """A copy of a rule set, figure by figure. What is left as it is counts as unchanged."""

    title = forms.CharField(
        label=_("가정의 이름"), max_length=120, help_text=_("나중에 알아볼 수 있게 적으세요. 예: 수출 비중을 절반으로")
    )

    def __init__(self, *args: Any, body: Mapping[str, Any], names: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.body, self.names = body, names
        labels = {
            "T1": _("주의 기준(T1)"), "T2": _("심각 기준(T2)"), "hysteresis": _("하향 여유(h)"),
            "momentum": _("속도 반영(λ)"),
        }  # fmt: skip
        for key in FIGURES:
            self.fields[key] = _figure(labels[key], body[key], most=5 if key == "momentum" else 100)
        given = body.get("dimension_names", {})
        for code, value in body["dimensions"].items():
            self.fields[f"dimension-{code}"] = _figure(words.dimension(code, given), value, most=1000)
        for code in body["order"]:
            name = names.get(code, code)
            self.fields[f"weight-{code}"] = _figure(
                _("%(name)s 비중") % {"name": name}, body["indicators"][code]["weight"], most=1000
            )
            self.fields[f"off-{code}"] = forms.BooleanField(label=_("%(name)s 끄기") % {"name": name}, required=False)

    def bound(self, prefix: str) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith(prefix)]

    @property
    def figures(self) -> list[Any]:
        return [self[name] for name in FIGURES]

    @property
    def dimensions(self) -> list[Any]:
        return self.bound("dimension-")

    @property
    def indicators(self) -> list[tuple[str, str, Any, Any]]:
        """(name, dimension in words, weight field, off field) of each indicator."""
        given = self.body.get("dimension_names", {})
        rows = []
        for code in self.body["order"]:
            dimension = self.body["indicators"][code]["dimension"]
            weight, off = self[f"weight-{code}"], self[f"off-{code}"]
            rows.append((self.names.get(code, code), words.dimension(dimension, given), weight, off))
        return rows

    @property
    def asked(self) -> dict[str, Any]:
        """The arguments of `start_what_if` besides run and people."""
        data = self.cleaned_data
        codes = self.body["order"]
        return {
            "title": data["title"],
            "figures": {key: data[key] for key in FIGURES},
            "dimensions": {code: data[f"dimension-{code}"] for code in self.body["dimensions"]},
            "weights": {code: data[f"weight-{code}"] for code in codes},
            "off": [code for code in codes if data[f"off-{code}"]],
        }
