"""The shapes in which cases leave the portal, and in which new ones, actions and notes come in. Money in won."""

from typing import Any

from rest_framework import serializers

from network.difficulties.enums import (
    ActionKind,
    ActionState,
    Audience,
    CaseState,
    NoteKind,
    Outcome,
    Severity,
    Source,
)
from network.difficulties.models import Case
from portal.kernel.rest.rows import Code, Row
from portal.kernel.rest.strict import StrictSerializer

MOST_JOBS = 100_000
MOST_WON = 10**13


class DifficultyCaseRow(Row):
    code = serializers.CharField(help_text="사례 번호")
    company = serializers.UUIDField(source="company.public_id", help_text="기업 번호")
    company_name = serializers.CharField(source="company.name_ko", help_text="기업명")
    region = serializers.CharField(source="region.code", help_text="사업장이 있는 시·군·구 코드")
    state = serializers.ChoiceField(CaseState.choices, help_text="상태")
    severity = serializers.ChoiceField(Severity.choices, help_text="심각성")
    source = serializers.ChoiceField(Source.choices, help_text="알게 된 길")  # type: ignore[assignment]
    jobs_at_stake = serializers.IntegerField(help_text="위태로운 일자리(명)")
    confidential = serializers.BooleanField(help_text="비공개 사례. 담당자와 그 기관장에게만 나옵니다")
    lead = serializers.CharField(source="lead_code", help_text="주담당 기관 코드")
    opened_on = serializers.DateField(help_text="시작일")
    closed_on = serializers.DateField(allow_null=True, help_text="종결일")
    outcome = serializers.ChoiceField([("", "진행 중"), *Outcome.choices], help_text="결과. 진행 중이면 빈 글")
    jobs_kept = serializers.IntegerField(allow_null=True, help_text="지킨 일자리(명)")
    jobs_lost = serializers.IntegerField(allow_null=True, help_text="잃은 일자리(명)")
    predecessor = Code("predecessor.code", help_text="이 사례가 이어받은 사례의 번호")
    is_demo = serializers.BooleanField(help_text="예시 자료")
    updated_at = serializers.DateTimeField()


class ReferentOut(serializers.Serializer):
    organization = serializers.CharField(source="organization.code", help_text="기관 코드")
    name = serializers.CharField(source="user.name", help_text="담당자")
    is_lead = serializers.BooleanField(help_text="주담당")


class DifficultyOut(serializers.Serializer):
    kind = serializers.CharField(source="kind.code", help_text="애로 종류 코드")
    kind_name = serializers.CharField(source="kind.name_ko", help_text="애로 종류")
    severity = serializers.ChoiceField(Severity.choices)
    text = serializers.CharField(allow_blank=True)
    opened_on = serializers.DateField(help_text="생긴 날")
    resolved_on = serializers.DateField(allow_null=True, help_text="풀린 날")


class LookOut(serializers.Serializer):
    months = serializers.IntegerField(help_text="종결한 지 몇 개월")
    due_on = serializers.DateField(help_text="확인할 날")
    done_on = serializers.DateField(allow_null=True, help_text="확인한 날")
    jobs_now = serializers.IntegerField(allow_null=True, help_text="그때의 일자리(명)")


class DifficultyActionRow(Row):
    public_id = serializers.UUIDField(help_text="조치 번호")
    case = serializers.CharField(source="case.code", help_text="사례 번호")
    organization = serializers.CharField(source="organization.code", help_text="하는 기관의 코드")
    kind = serializers.ChoiceField(ActionKind.choices, help_text="종류")
    title = serializers.CharField(help_text="조치")
    due_on = serializers.DateField(help_text="기한(근무일)")
    state = serializers.ChoiceField(ActionState.choices, help_text="상태")
    amount = serializers.IntegerField(allow_null=True, help_text="금액(원)")
    result = serializers.CharField(allow_blank=True, help_text="결과나 중단 사유")
    finished_on = serializers.DateField(allow_null=True, help_text="마친 날")
    updated_at = serializers.DateTimeField()


class DifficultyCaseDetail(DifficultyCaseRow):
    source_note = serializers.CharField(allow_blank=True, help_text="알게 된 길의 내용")
    summary = serializers.CharField(help_text="개요")
    closing_note = serializers.CharField(allow_blank=True, help_text="종결 내용")
    referents = serializers.SerializerMethodField(help_text="지금 담당. 종결했으면 마지막 담당")
    difficulties = DifficultyOut(many=True, help_text="애로")
    actions = DifficultyActionRow(many=True, help_text="조치")
    follow_ups = LookOut(many=True, help_text="사후 확인")

    def get_referents(self, case: Case) -> list[dict[str, Any]]:
        current = [row for row in case.referents.all() if row.is_current]
        return list(ReferentOut(current, many=True).data)


class DifficultyNoteRow(Row):
    case = serializers.CharField(source="case.code", help_text="사례 번호")
    organization = serializers.CharField(source="organization.code", help_text="적은 기관의 코드")
    audience = serializers.ChoiceField(Audience.choices, help_text="볼 사람")
    kind = serializers.ChoiceField(NoteKind.choices, help_text="종류")
    held_on = serializers.DateField(help_text="날")
    text = serializers.CharField(help_text="내용")
    written_by = serializers.CharField(source="written_by.name", help_text="적은 사람")
    created_at = serializers.DateTimeField(help_text="적은 일시")


class DifficultyCaseIn(StrictSerializer):
    business_number = serializers.CharField(max_length=10, help_text="사업장의 사업자등록번호(숫자 10자리)")
    source = serializers.ChoiceField(Source.choices, help_text="알게 된 길")  # type: ignore[assignment]
    source_note = serializers.CharField(max_length=200, allow_blank=True, default="", help_text="알게 된 길의 내용")
    severity = serializers.ChoiceField(Severity.choices, help_text="심각성")
    jobs_at_stake = serializers.IntegerField(min_value=0, max_value=MOST_JOBS, help_text="위태로운 일자리(명)")
    summary = serializers.CharField(max_length=5000, help_text="개요")
    kinds = serializers.ListField(child=serializers.CharField(), default=list, help_text="애로 종류 코드")
    confidential = serializers.BooleanField(default=False, help_text="비공개로 시작")
    lead = serializers.CharField(
        required=False, help_text="주담당이 될 우리 기관 사람의 아이디. 사람이 보내면 없어도 됩니다"
    )


class DifficultyActionIn(StrictSerializer):
    case = serializers.CharField(help_text="사례 번호")
    kind = serializers.ChoiceField(ActionKind.choices, help_text="종류")
    title = serializers.CharField(max_length=120, help_text="조치")
    due_on = serializers.DateField(required=False, help_text="기한. 쉬는 날이면 다음 근무일로 옮깁니다")
    due_in = serializers.IntegerField(
        required=False, min_value=1, max_value=250, help_text="또는 오늘부터 며칠 안에(근무일)"
    )
    amount = serializers.IntegerField(required=False, min_value=1, max_value=MOST_WON, help_text="금액(원)")


class DifficultyStepIn(StrictSerializer):
    state = serializers.ChoiceField(ActionState.choices, help_text="새 상태")
    result = serializers.CharField(max_length=5000, allow_blank=True, default="", help_text="결과나 중단 사유")
    amount = serializers.IntegerField(required=False, min_value=1, max_value=MOST_WON, help_text="실제 금액(원)")


class DifficultyNoteIn(StrictSerializer):
    case = serializers.CharField(help_text="사례 번호")
    kind = serializers.ChoiceField(NoteKind.choices, help_text="종류")
    held_on = serializers.DateField(help_text="날")
    text = serializers.CharField(max_length=5000, help_text="내용")
    audience = serializers.ChoiceField(Audience.choices, default=Audience.BODIES, help_text="볼 사람")
