"""The editor of a rule set: one field an entry, every fault of the rules at its field."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crisis import rules
from crisis.enums import AreaLevel
from crisis.models import Indicator, RuleSet
from crisis.validation.rules import faults
from crisis.validation.rules.differences import SWITCHED_OFF
from crisis.validation.words import dimension, entry
from portal.kernel.forms import BaseForm

TOP = ("T1", "T2", "hysteresis", "momentum", "min_n", "rel_min_share", "suspect_abs_change", "sensitivity_draws")
NESTED = ("grades", "spread")
PER_INDICATOR = (
    "weight", "credibility_k", "window_months", "max_stale_months", "suspect_abs_change", "anchors_abs", "anchors_rel",
)  # fmt: skip
_OPTIONAL = {"window_months", "suspect_abs_change"}
_WHOLE = {"window_months", "max_stale_months", "sensitivity_draws", "pub_lag_months"}
#: Figures of an indicator that is added: to be filled in before it is switched on.
_NEW = {
    "weight": "1", "credibility_k": "120", "max_stale_months": 4, "core": False, "anchors_abs": ["0", "5", "10"],
    "anchors_rel": ["0", "5", "10"],
}  # fmt: skip


def shown(value: Any) -> str:
    """An entry as the editor writes it: lists with slashes between."""
    if isinstance(value, list | tuple):
        return " / ".join(str(part) for part in value)
    return "" if value is None else str(value)


def _typed(text: str) -> str:
    """A number as people type it, as the rules read it."""
    return text.strip().replace("△", "-").replace(",", "")


class RuleSetForm(BaseForm):
    """A draft's body as fields. `body()` gives the edited JSON; its faults are put where they belong in `clean`."""

    version = forms.CharField(label=gettext_lazy("기준 번호"), max_length=60)
    title = forms.CharField(label=gettext_lazy("이름"), max_length=120)
    levels = forms.MultipleChoiceField(
        label=gettext_lazy("판정 단위"), choices=AreaLevel.choices, widget=forms.CheckboxSelectMultiple
    )
    trial = forms.BooleanField(
        label=gettext_lazy("시범 기준"),
        required=False,
        help_text=gettext_lazy("기준점을 4개 회차보다 적은 자료로 정했거나 확정 전이면 켜 둡니다."),
    )
    note = forms.CharField(label=gettext_lazy("비고"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    add_indicator = forms.ChoiceField(label=gettext_lazy("더할 지표"), required=False)
    add_dimension = forms.ChoiceField(label=gettext_lazy("더할 지표의 법정 항목"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, rule_set: RuleSet, **more: Any) -> None:
        self.rule_set = rule_set
        self.source: dict[str, Any] = rule_set.body
        self.off: dict[str, Any] = dict(self.source.get(SWITCHED_OFF) or {})
        self.codes = [*self.source["order"], *(code for code in self.off if code not in self.source["order"])]
        catalogue = {row.code: row for row in Indicator.objects.order_by("code")}
        self.names = {
            code: str(self._of(code).get("name_ko") or (catalogue[code].name_ko if code in catalogue else ""))
            for code in self.codes
        }
        initial = {
            "version": rule_set.version, "title": rule_set.title, "levels": rule_set.levels, "trial": rule_set.trial,
            "note": rule_set.note, "seen": rule_set.updated_at.isoformat(), **more.pop("initial", {}),
        }  # fmt: skip
        super().__init__(*args, initial=initial, **more)
        for key in TOP:
            self._number(key, entry(key), self.source.get(key), required=key in self.source)
        for group in NESTED:
            for key, value in (self.source.get(group) or {}).items():
                self._number(f"{group}__{key}", entry(f"{group}.{key}"), value)
        for key, value in self.source["dimensions"].items():
            self._number(f"dimensions__{key}", dimension(key, self.source.get("dimension_names")), value)
        for code in self.codes:
            self._indicator(code)
        addable = [(code, f"{code} {row.name_ko}") for code, row in catalogue.items() if code not in self.codes]
        self._catalogue = catalogue
        self.fields["add_indicator"].choices = [("", _("더하지 않음")), *addable]  # type: ignore[attr-defined]
        self.fields["add_dimension"].choices = [  # type: ignore[attr-defined]
            (key, dimension(key, self.source.get("dimension_names"))) for key in self.source["dimensions"]
        ]

    def _of(self, code: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.source["indicators"].get(code) or self.off.get(code) or {}
        return found

    def _number(self, name: str, label: str, value: Any, *, required: bool = True) -> None:
        self.fields[name] = forms.CharField(label=label, required=required, max_length=60, initial=shown(value))

    def _indicator(self, code: str) -> None:
        body, name = self._of(code), f"{code} {self.names[code]}".strip()
        self.fields[f"{code}__on"] = forms.BooleanField(
            label=_("%(name)s 사용") % {"name": name}, required=False, initial=code in self.source["indicators"]
        )
        for key in PER_INDICATOR:
            label = f"{name} {entry(key)}"
            self._number(f"{code}__{key}", label, body.get(key), required=key not in _OPTIONAL)
        self.fields[f"{code}__core"] = forms.BooleanField(
            label=f"{name} {entry('core')}", required=False, initial=bool(body.get("core"))
        )

    def clean_seen(self) -> datetime:
        """When the draft the editor opened on was last changed, to the microsecond."""
        try:
            return datetime.fromisoformat(self.cleaned_data["seen"])
        except ValueError as error:
            raise forms.ValidationError(_("화면을 다시 열어 주세요.")) from error

    # --- what templates ask -------------------------------------------------------------------------------------------
    def top(self) -> list[BoundField]:
        return [self[key] for key in TOP]

    def dimensions(self) -> list[BoundField]:
        return [self[f"dimensions__{key}"] for key in self.source["dimensions"]]

    def nested(self) -> list[BoundField]:
        return [self[f"{group}__{key}"] for group in NESTED for key in self.source.get(group) or {}]

    def indicators(self) -> Iterator[tuple[str, str, BoundField, BoundField, list[BoundField]]]:
        """(code, name, on, core, the figures in the order of the columns) of each indicator."""
        for code in self.codes:
            figures = [self[f"{code}__{key}"] for key in PER_INDICATOR]
            yield code, self.names[code], self[f"{code}__on"], self[f"{code}__core"], figures

    @property
    def columns(self) -> list[str]:
        return [entry(key) for key in PER_INDICATOR]

    # --- the edited body ----------------------------------------------------------------------------------------------
    def body(self) -> dict[str, Any]:
        """The draft's JSON with what was typed, kept as text: the rules read it exactly."""
        data, body = self.cleaned_data, deepcopy(self.source)
        body["version"] = data.get("version", "")
        for key in TOP:
            self._put(body, key, data.get(key, ""))
        for group in NESTED:
            for key in list(body.get(group) or {}):
                self._put(body[group], key, data.get(f"{group}__{key}", ""))
        for key in body["dimensions"]:
            body["dimensions"][key] = _typed(data.get(f"dimensions__{key}", ""))
        on: dict[str, Any] = {}
        off: dict[str, Any] = {}
        for code in self.codes:
            found = deepcopy(dict(self._of(code)))
            for key in PER_INDICATOR:
                self._put(found, key, data.get(f"{code}__{key}", ""))
            found["core"] = data.get(f"{code}__core", False)
            (on if data.get(f"{code}__on") else off)[code] = found
        if added := data.get("add_indicator"):
            row = self._catalogue[added]
            off[added] = {
                **deepcopy(_NEW), "name_ko": row.name_ko, "kind": row.kind, "direction": row.direction,
                "freq": row.frequency, "unit": row.unit, "pub_lag_months": row.pub_lag_months,
                "dimension": data.get("add_dimension", ""),
            }  # fmt: skip
        body["indicators"], body["order"] = on, [code for code in self.codes if code in on]
        body.pop(SWITCHED_OFF, None)
        if off:
            body[SWITCHED_OFF] = off
        return body

    def _put(self, target: dict[str, Any], key: str, text: str) -> None:
        """One typed entry into the JSON, in the shape that entry had: a list stays a list, a name stays a name."""
        if not text.strip():
            target.pop(key, None)
            return
        if key.startswith("anchors_") or isinstance(target.get(key), list):
            target[key] = [_typed(part) for part in text.split("/")]
        elif key in _WHOLE and _typed(text).isdecimal():
            target[key] = int(_typed(text))
        else:
            target[key] = _typed(text)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        version = data.get("version", "")
        if version and RuleSet.objects.filter(version=version).exclude(pk=self.rule_set.pk).exists():
            self.add_error("version", _("이 번호의 기준이 이미 있습니다. 다른 번호를 적어 주세요."))
        try:
            rules.parse_ruleset(self.body())
        except rules.RuleSetError as error:
            for sentence in error.sentences:
                self._place(*faults.split(sentence))
        return data

    def _place(self, path: str, complaint: str) -> None:
        """Put a fault of the rules at its field, once; what has no field goes above the form under its own name."""
        field = faults.field_of(path)
        if field in self.fields:
            if not self.has_error(field):  # an empty field has said so already
                self.add_error(field, complaint)
        else:
            self.add_error(None, f"{entry(path)}: {complaint}" if path else complaint)
