"""Shape and validity of input."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.models import Cluster
from crisis.support_areas.enums import CASE_WORDS, Ground, Initiative, MemberKind, OpinionKind, Purpose, Stance
from crisis.support_areas.models import CaseFile, SupportCase, YearlyReport
from crisis.support_areas.rules import MOST_MEMBERS
from portal.directory.models import Region
from portal.kernel.forms import BaseForm, DateInput, SeenForm


def _long(label: Any, *, required: bool = True, rows: int = 4, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


def _day(label: Any, *, required: bool = True, help_text: Any = "", today: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=DateInput, help_text=help_text,
        initial=timezone.localdate if today else None,
    )  # fmt: skip


class NewCaseForm(BaseForm):
    sido = forms.ModelChoiceField(Region.objects.none(), label=_("시·도"))
    name = forms.CharField(label=_("지역 이름"), max_length=120, help_text=_("예: ○○산업단지, ○○시 ○○동 공업지역"))
    ground = forms.ChoiceField(label=_("지정 사유"), choices=Ground)
    initiative = forms.ChoiceField(label=_("시작"), choices=Initiative, initial=Initiative.APPLICATION)

    def __init__(self, *args: Any, sidos: QuerySet[Region], may_own: bool, may_apply: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sido"].queryset = sidos  # type: ignore[attr-defined]
        kept = [pair for pair in Initiative.choices if {"OWN_MOTION": may_own, "APPLICATION": may_apply}[pair[0]]]
        self.fields["initiative"].choices = kept  # type: ignore[attr-defined]
        self.fields["initiative"].initial = kept[0][0] if kept else None


class CaseForm(SeenForm):
    name = forms.CharField(label=_("지역 이름"), max_length=120)
    ground = forms.ChoiceField(label=_("지정 사유"), choices=Ground)
    range_text = _long(_("범위"), required=False, help_text=_("경계와 면적, 입주 업체 수"))
    production = _long(_("생산 현황"), required=False, help_text=_("전국 평균과 견준 집적도와 생산의 변화"))
    sales = _long(_("판매 현황"), required=False)
    employment = _long(_("고용 현황"), required=False)
    needed_support = _long(_("필요한 지원"), required=False)
    revival_plan = _long(_("회복 계획"), required=False, help_text=_("지방자치단체의 지원 계획을 함께 적어 주세요."))

    FACTS = ("name", "ground", *CASE_WORDS)

    @classmethod
    def initial_of(cls, case: SupportCase) -> dict[str, Any]:
        return {name: getattr(case, name) for name in cls.FACTS} | {"seen": case.version}


class PlacesForm(SeenForm):
    regions = forms.ModelMultipleChoiceField(
        Region.objects.none(), label=_("시·군·구"), required=False, widget=forms.CheckboxSelectMultiple
    )
    clusters = forms.ModelMultipleChoiceField(
        Cluster.objects.none(), label=_("밀집지역"), required=False, widget=forms.SelectMultiple(attrs={"size": 12}),
        help_text=_("여럿을 고르려면 Ctrl 키를 누른 채 고르세요."),
    )  # fmt: skip

    def __init__(self, *args: Any, case: SupportCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        inside = Region.objects.in_force_on(today).filter(parent=case.sido)
        self.fields["regions"].queryset = inside.order_by("name_ko")  # type: ignore[attr-defined]
        clusters = Cluster.objects.in_force_on(today).filter(region__in=inside).select_related("region")
        self.fields["clusters"].queryset = clusters.order_by("name_ko")  # type: ignore[attr-defined]


class FileForm(BaseForm):
    title = forms.CharField(label=_("제목"), max_length=120)
    file = forms.FileField(label=_("파일"), help_text=_("20MB까지"))


class SureForm(SeenForm):
    """Nothing but the version."""


class ReasonForm(SeenForm):
    reason = _long(_("사유"))


class ReturnForm(SeenForm):
    comment = _long(_("보완할 점"))


class RejectForm(SeenForm):
    decided_on = _day(_("결정일"), today=True)
    reason = _long(_("사유"))


class DesignateForm(SeenForm):
    decided_on = _day(_("결정일"), today=True)
    starts_on = _day(_("지정 시작일"))
    ends_on = _day(_("지정 마지막 날"), help_text=_("2년 이내"))
    support_content = _long(_("지원 내용"))
    reason = _long(_("지정 사유"))


class ExtendForm(SeenForm):
    requested_on = _day(_("시·도의 연장 신청일"))
    decided_on = _day(_("결정일"), today=True)
    ends_on = _day(_("연장 마지막 날"), help_text=_("지정 기간이 끝난 다음 날부터 2년 이내"))
    support_content = _long(_("지원 내용"))


class ReleaseForm(SeenForm):
    on = _day(_("해제일"), help_text=_("이날부터 지정의 효력이 없습니다."))
    reason = _long(_("해제 사유"))
    incentive = _long(_("해제 인센티브"), required=False, help_text=_("해제한 뒤에도 기업에 이어 주는 우대"))
    incentive_until = _day(_("인센티브 마지막 날"), required=False)


class NoticeForm(BaseForm):
    number = forms.CharField(label=_("관보 공고 번호"), max_length=60)
    on = _day(_("공고일"))


class OpinionForm(BaseForm):
    purpose = forms.ChoiceField(label=_("목적"), choices=Purpose)
    kind = forms.ChoiceField(label=_("기관 구분"), choices=OpinionKind)
    body_name = forms.CharField(label=_("기관"), max_length=80)
    asked_on = _day(_("요청일"), today=True)
    due_on = _day(_("회신 기한"))


class AnswerForm(BaseForm):
    received_on = _day(_("회신일"), today=True)
    stance = forms.ChoiceField(label=_("의견"), choices=Stance)
    text = _long(_("의견 내용"), required=False)
    file = forms.ModelChoiceField(CaseFile.objects.none(), label=_("회신 문서"), required=False)

    def __init__(self, *args: Any, case: SupportCase, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].queryset = case.files.all()  # type: ignore[attr-defined]


class InquiryForm(BaseForm):
    """One member a line: `이름, 소속, 구분, 단장` – as people paste it from a list."""

    purpose = forms.ChoiceField(label=_("목적"), choices=Purpose)
    formed_on = _day(_("구성일"), today=True)
    members = forms.CharField(
        label=_("조사단원"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "한 줄에 한 사람씩 ‘이름, 소속, 구분(중소벤처기업부·관계 부처·외부 전문가)’을 적고 단장은 끝에 ‘, 단장’을 붙여 주세요. 10명 이내."
        ),
    )

    def clean_members(self) -> list[dict[str, Any]]:
        kinds = {str(label): value for value, label in MemberKind.choices}
        found, faults = [], []
        lines = [line for line in self.cleaned_data["members"].splitlines() if line.strip()]
        for number, line in enumerate(lines, start=1):
            parts = [part.strip() for part in line.split(",")]
            if len(parts) not in {3, 4} or parts[2] not in kinds or (len(parts) == 4 and parts[3] != "단장"):
                words = ", ".join(kinds)
                faults.append(f"{number}번째 줄: ‘이름, 소속, 구분’ 꼴이 아닙니다. 구분은 {words} 가운데 하나입니다.")
                continue
            found.append(
                {"name": parts[0], "affiliation": parts[1], "kind": kinds[parts[2]], "is_head": len(parts) == 4}
            )
        if len(lines) > MOST_MEMBERS:
            faults.append(f"조사단은 단장을 포함해 {MOST_MEMBERS}명 이내입니다(지금 {len(lines)}명).")
        if faults:
            raise forms.ValidationError(faults)
        return found


class FindingsForm(BaseForm):
    reported_on = _day(_("결과 보고일"), today=True)
    findings = _long(_("조사 결과"), rows=8)


class ReportForm(BaseForm):
    economy = _long(_("경제 여건의 변화"), rows=5)
    support_results = _long(_("지원 실적과 성과"), rows=5)
    local_support = _long(_("지방자치단체의 지원"), rows=4)
    other = _long(_("그 밖의 사항"), required=False, rows=3)

    @classmethod
    def initial_of(cls, report: YearlyReport) -> dict[str, Any]:
        return {name: getattr(report, name) for name in ("economy", "support_results", "local_support", "other")}


class CommentForm(BaseForm):
    comment = _long(_("보완할 점"))
