"""Shape and validity of input. The sheet's form is made from the questionnaire."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.models import Cluster, Workplace
from crisis.fieldwork.enums import NO_ANSWER, CampaignKind, UnitState
from crisis.fieldwork.models import Campaign, FieldForm
from crisis.fieldwork.rules import questionnaire as rules
from crisis.fieldwork.rules.questionnaire import Questionnaire
from portal.directory.models import Organization, Region, User
from portal.kernel.dates import parse_month
from portal.kernel.forms import BaseForm, DateInput, SeenForm

PREFIX = "f_"


def _long(label: Any, *, help_text: Any = "", required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=3000, widget=forms.Textarea(attrs={"rows": 3}), help_text=help_text
    )


def quarters() -> list[tuple[str, str]]:
    """The quarters a campaign may be for: from a year back to the one after this, newest first."""
    today = timezone.localdate()
    at = today.year * 4 + (today.month - 1) // 3 + 1
    return [(f"{n // 4}Q{n % 4 + 1}", f"{n // 4}년 {n % 4 + 1}분기") for n in range(at, at - 6, -1)]


def quarter_text(campaign: Campaign) -> str:
    return f"{campaign.quarter.year}Q{campaign.quarter.month // 3}" if campaign.quarter else ""


class PlanForm(SeenForm):
    """The plan the law wants: period, purpose, people, content."""

    title = forms.CharField(label=_("조사 이름"), max_length=120)
    kind = forms.ChoiceField(label=_("구분"), choices=CampaignKind)
    quarter = forms.ChoiceField(label=_("조사 분기"), required=False, help_text=_("수시 조사는 비워 둡니다."))
    form = forms.ModelChoiceField(FieldForm.objects.none(), label=_("양식"), empty_label=_("고르세요"))
    opens_on = forms.DateField(label=_("여는 날"), widget=DateInput)
    closes_on = forms.DateField(
        label=_("마감일"), widget=DateInput, help_text=_("쉬는 날이면 다음 근무일에 마감합니다.")
    )
    purpose = _long(_("목적"), help_text=_("법이 정한 사전 계획입니다. 열기 전까지 적으면 됩니다."))
    people = _long(_("대상"))
    content = _long(_("내용"))

    def __init__(self, *args: Any, forms_offered: QuerySet[FieldForm], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form"].queryset = forms_offered  # type: ignore[attr-defined]
        self.fields["quarter"].choices = [("", _("고르세요")), *quarters()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == CampaignKind.QUARTER and not data.get("quarter"):
            self.add_error("quarter", _("분기 조사에는 분기를 골라 주세요."))
        if data.get("kind") == CampaignKind.AD_HOC:
            data["quarter"] = ""
        data["quarter"] = parse_month(data["quarter"]) if data.get("quarter") else None
        if data.get("opens_on") and data.get("closes_on") and data["opens_on"] > data["closes_on"]:
            self.add_error("closes_on", _("마감일은 여는 날보다 빠를 수 없습니다."))
        return data

    @property
    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in {"seen", "sido", "body"}}

    @staticmethod
    def initial_of(campaign: Campaign) -> dict[str, Any]:
        names = ("title", "kind", "form", "opens_on", "closes_on", "purpose", "people", "content")
        return {name: getattr(campaign, name) for name in names} | {
            "seen": campaign.version, "quarter": quarter_text(campaign),
        }  # fmt: skip


class NewCampaignForm(PlanForm):
    sido = forms.ModelChoiceField(Region.objects.none(), label=_("시·도"), empty_label=_("고르세요"))
    body = forms.ModelChoiceField(Organization.objects.none(), label=_("조사 기관"), empty_label=_("고르세요"))
    field_order = ("sido", "body", "title", "kind", "quarter", "form", "opens_on", "closes_on", "purpose")

    def __init__(
        self, *args: Any, sidos: QuerySet[Region], bodies: QuerySet[Organization], **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        for name, rows in (("sido", sidos), ("body", bodies)):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
            if len(found := list(rows[:2])) == 1:
                self.fields[name].initial = found[0]


class ClustersForm(SeenForm):
    clusters = forms.ModelMultipleChoiceField(
        Cluster.objects.none(), label=_("밀집지역"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = Cluster.objects.in_force_on(timezone.localdate()).filter(region__parent=campaign.sido_id)
        self.fields["clusters"].queryset = inside.order_by("name_ko")  # type: ignore[attr-defined]


class SampleForm(SeenForm):
    size = forms.IntegerField(label=_("밀집지역마다 뽑는 수"), required=False, min_value=1, max_value=1000)
    percent = forms.IntegerField(
        label=_("밀집지역마다 뽑는 비율(%)"), required=False, min_value=1, max_value=100,
        help_text=_("수와 비율 가운데 하나만 적습니다. 규모별로 나누어 뽑습니다."),
    )  # fmt: skip
    seed = forms.CharField(
        label=_("추출 씨앗"), required=False, max_length=40,
        help_text=_("비우면 정해서 남깁니다. 같은 씨앗은 같은 표본을 뽑습니다."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and (data.get("size") is None) == (data.get("percent") is None):
            self.add_error("size", _("수와 비율 가운데 하나만 적어 주세요."))
        return data


class ChooseForm(SeenForm):
    numbers = forms.CharField(
        label=_("사업자등록번호"), widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("한 줄에 하나씩. 이 조사의 밀집지역에 등록된 사업장만 넣을 수 있습니다."),
    )  # fmt: skip

    def clean_numbers(self) -> list[str]:
        written = re.split(r"[\s,;]+", self.cleaned_data["numbers"].strip())
        found = [re.sub(r"[^0-9]", "", one) for one in written if one]
        if strange := [one for one, raw in zip(found, written, strict=True) if len(one) != 10]:
            raise ValidationError(_("숫자 10자리가 아닌 번호가 %s개 있습니다.") % len(strange))
        known = set(Workplace.objects.filter(business_number__in=found).values_list("business_number", flat=True))
        if missing := [one for one in found if one not in known]:
            raise ValidationError(_("등록되지 않은 번호입니다: %s") % ", ".join(missing[:10]))
        return found

    def workplaces(self) -> QuerySet[Workplace]:
        return Workplace.objects.filter(business_number__in=self.cleaned_data["numbers"])


class AssignForm(BaseForm):
    interviewer = forms.ModelChoiceField(
        User.objects.none(), label=_("조사원"), required=False, empty_label=_("배정하지 않음")
    )
    cluster = forms.ModelChoiceField(Cluster.objects.none(), label=_("밀집지역"), required=False, empty_label=_("전체"))
    unassigned = forms.BooleanField(label=_("아직 배정하지 않은 사업장만"), required=False, initial=True)

    def __init__(self, *args: Any, campaign: Campaign, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["interviewer"].queryset = people  # type: ignore[attr-defined]
        covered = Cluster.objects.filter(pk__in=campaign.clusters.values("cluster"))
        self.fields["cluster"].queryset = covered.order_by("name_ko")  # type: ignore[attr-defined]


class SureForm(SeenForm):
    """Nothing but the version."""


class ReasonForm(SeenForm):
    reason = forms.CharField(label=_("사유"), max_length=200)


class MaybeReasonForm(SeenForm):
    reason = forms.CharField(
        label=_("사유"),
        max_length=200,
        required=False,
        help_text=_("마감일 전에 마감하거나 고친 결과를 다시 확정할 때 적습니다."),
    )


class ReplaceForm(BaseForm):
    reason = forms.CharField(label=_("대체 사유"), max_length=200)


class OutcomeForm(SeenForm):
    outcome = forms.ChoiceField(
        label=_("응답 없음"), choices=[(state, UnitState(state).label) for state in NO_ANSWER], widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("사정"), max_length=200, required=False)


class SheetForm(SeenForm):
    """A workplace's sheet. `answers()`: kept values by code."""

    def __init__(
        self, data: Any = None, *, questionnaire: Questionnaire, kept: Mapping[str, Any], seen: int, correcting: bool
    ) -> None:
        self.questionnaire, self.kept = questionnaire, kept
        initial: dict[str, Any] = {PREFIX + code: value for code, value in kept.items()} | {"seen": seen}
        super().__init__(data, initial=initial)
        for code in questionnaire.items:
            field = questionnaire.item(code)
            label = f"{field.label} *" if field.required else field.label
            self.fields[PREFIX + code] = forms.ChoiceField(
                label=label, choices=field.choices, required=False, widget=forms.RadioSelect
            )
        for question in questionnaire.multiples:
            help_text = _("%s개까지 고릅니다.") % question.most if question.most else ""
            self.fields[PREFIX + question.code] = forms.MultipleChoiceField(
                label=f"{question.label} *" if question.required else question.label, choices=question.choices,
                required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text,
            )  # fmt: skip
        for field in questionnaire.texts:
            self.fields[PREFIX + field.code] = _long(field.label)
        if correcting:
            self.fields["reason"] = forms.CharField(label=_("고치는 사유"), max_length=200, required=False)

    def answers(self) -> dict[str, Any]:
        """After `is_valid`: what was answered."""
        codes = [*self.questionnaire.definition.by_code, *self.questionnaire.multiple_by_code]
        return {code: value for code in codes if (value := self.cleaned_data.get(PREFIX + code))}

    def tell(self, faults: Mapping[str, str]) -> None:
        """Put faults by code at their controls."""
        for code, text in faults.items():
            name = code if code in self.fields else PREFIX + code
            self.add_error(name if name in self.fields else None, text)

    @property
    def item_controls(self) -> list[Any]:
        return [self[PREFIX + code] for code in self.questionnaire.items]

    @property
    def other_controls(self) -> list[Any]:
        codes = [*self.questionnaire.multiple_by_code, *(field.code for field in self.questionnaire.texts)]
        return [self[PREFIX + code] for code in codes]


def lines_of(body: Mapping[str, Any]) -> dict[str, str]:
    """A questionnaire's body as the editor's lines: `코드, 이름, 말/말/말`, `코드, 이름, 개수: A 말; B 말`, `코드, 이름`."""
    topics = [
        ", ".join([one["code"], one["label"], "/".join(one.get("words") or rules.WORDS), *([] if one.get("required", True) else ["선택"])])
        for one in body.get("topics", ())
    ]  # fmt: skip
    several = [
        f"{one['code']}, {one['label']}, {one.get('most') or 0}: " + "; ".join(f"{k} {w}" for k, w in one["choices"])
        for one in body.get("multiple", ())
    ]
    texts = [f"{one['code']}, {one['label']}" for one in body.get("texts", ())]
    return {"topics": "\n".join(topics), "multiple": "\n".join(several), "texts": "\n".join(texts)}


class FormForm(BaseForm):
    """A questionnaire written in lines."""

    code = forms.SlugField(label=_("양식 코드"), max_length=20, help_text=_("같은 코드로 등록하면 새 판이 됩니다."))
    title = forms.CharField(label=_("양식 이름"), max_length=80)
    region = forms.ModelChoiceField(
        Region.objects.none(), label=_("시·도"), required=False, empty_label=_("전국(본부)")
    )
    topics = _long(
        _("경기 조사 항목"),
        required=True,
        help_text=_(
            "한 줄에 하나: 코드, 이름, 좋음/같음/나쁨의 말. 실적과 전망을 묻습니다. 끝에 ‘선택’을 적으면 비워도 됩니다."
        ),
    )
    multiple = _long(_("복수 응답 항목"), help_text=_("한 줄에 하나: 코드, 이름, 고를 수 있는 수: 코드 말; 코드 말; …"))
    texts = _long(_("주관식 항목"), help_text=_("한 줄에 하나: 코드, 이름"))
    smallest = forms.IntegerField(
        label=_("공개하는 가장 작은 응답 수"), min_value=3, max_value=50, initial=rules.SMALLEST
    )
    indicator = forms.CharField(label=_("지표 코드"), max_length=16, required=False, initial="BSI")
    fed_item = forms.CharField(
        label=_("지표로 낼 항목"), max_length=34, required=False, help_text=_("예: economy_next")
    )
    provisional = forms.BooleanField(label=_("잠정"), required=False)
    basis = forms.CharField(label=_("근거"), max_length=120, required=False)
    note = _long(_("비고"))

    def __init__(
        self, *args: Any, regions: QuerySet[Region], nationwide: bool, fixed: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions  # type: ignore[attr-defined]
        self.fields["region"].required = not nationwide
        if fixed:
            del self.fields["code"], self.fields["region"]

    @staticmethod
    def initial_of(form: FieldForm) -> dict[str, Any]:
        names = ("code", "title", "region", "provisional", "basis", "note")
        feeds = form.body.get("feeds") or {}
        return {name: getattr(form, name) for name in names} | lines_of(form.body) | {
            "smallest": form.body.get("smallest", rules.SMALLEST),
            "indicator": feeds.get("indicator", ""), "fed_item": feeds.get("item", ""),
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            data["body"] = self._body(data)
        return data

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("title", "body", "provisional", "basis", "note")}

    def _body(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The body the lines mean; faults of single lines are told at their field."""
        topics, multiple, texts = [], [], []
        for at, line in self._lines("topics", data):
            parts = [part.strip() for part in line.split(",")]
            if len(parts) < 2:
                self.add_error("topics", _("%s번째 줄: ‘코드, 이름’을 적어 주세요.") % at)
                continue
            words = [word.strip() for word in parts[2].split("/")] if len(parts) > 2 and parts[2] else list(rules.WORDS)
            topics.append({"code": parts[0], "label": parts[1], "words": words, "required": "선택" not in parts[3:]})
        for at, line in self._lines("multiple", data):
            head, _colon, tail = line.partition(":")
            parts = [part.strip() for part in head.split(",")]
            pairs = [one.strip().split(None, 1) for one in tail.split(";") if one.strip()]
            if len(parts) < 2 or not pairs or any(len(pair) != 2 for pair in pairs):
                self.add_error("multiple", _("%s번째 줄: ‘코드, 이름, 수: 코드 말; 코드 말’로 적어 주세요.") % at)
                continue
            most = int(parts[2]) if len(parts) > 2 and parts[2].isdigit() else 0
            multiple.append({"code": parts[0], "label": parts[1], "most": most, "choices": pairs})
        for at, line in self._lines("texts", data):
            code, comma, label = line.partition(",")
            if not comma:
                self.add_error("texts", _("%s번째 줄: ‘코드, 이름’을 적어 주세요.") % at)
            texts.append({"code": code.strip(), "label": label.strip()})
        feeds = {"indicator": data["indicator"], "item": data["fed_item"]} if data.get("fed_item") else {}
        return {"topics": topics, "multiple": multiple, "texts": texts, "smallest": data["smallest"], "feeds": feeds}

    @staticmethod
    def _lines(name: str, data: Mapping[str, Any]) -> list[tuple[int, str]]:
        return [(at, line.strip()) for at, line in enumerate((data.get(name) or "").splitlines(), 1) if line.strip()]
