"""The shapes in which back-tests, comparisons, alarms and local levels leave the portal."""

from rest_framework import serializers

from crisis.enums import AreaLevel, Stage
from crisis.serializers import VALID_BEFORE, VALID_FROM, stage_field
from crisis.validation.enums import WorkState
from portal.kernel.rest.rows import Code, Row


class BackTestRow(Row):
    public_id = serializers.UUIDField(help_text="사후검증 번호")
    rule_set = serializers.CharField(source="rule_set.version", help_text="판정 기준 번호")
    ruleset_sha256 = serializers.CharField(help_text="검증한 내용의 SHA-256")
    engine_version = serializers.CharField(help_text="산식 판")
    panel = Code("panel.title", help_text="올린 검증 자료. 포털의 지난 회차면 null")
    level = serializers.ChoiceField(AreaLevel.choices, help_text="판정 단위")
    horizon = serializers.IntegerField(help_text="내다보는 기간(개월)")
    state = serializers.ChoiceField(WorkState.choices, help_text="상태")
    digest = serializers.CharField(allow_blank=True, help_text="결과의 SHA-256")
    finished_at = serializers.DateTimeField(allow_null=True)


class BackTestDetail(BackTestRow):
    measures = serializers.DictField(
        help_text="검증 지표: auroc, average_precision, recall, precision, by_stage, thresholds, by_round, onset_list 등. "
        "small이 true면 건수가 적어 사례로만 봅니다"
    )


class LocalLevelRow(Row):
    region = serializers.CharField(source="scheme.region.code", help_text="시·도 코드")
    scheme = serializers.CharField(source="scheme.title", help_text="자체 단계표의 이름")
    order = serializers.IntegerField(help_text="좋은 단계부터의 차례")
    name = serializers.CharField(help_text="자체 단계의 이름")
    stage = serializers.ChoiceField(Stage.choices, help_text="이 이름이 속한 법정 단계")
    lowest = serializers.DecimalField(5, 1, allow_null=True, help_text="이 지수부터. 그 단계의 처음이면 null")
    document = serializers.CharField(source="scheme.document", help_text="근거 문서")
    valid_from = serializers.DateField(**{**VALID_FROM, "source": "scheme.effective.lower"})
    valid_before = serializers.DateField(**{**VALID_BEFORE, "source": "scheme.effective.upper"})
    is_demo = serializers.BooleanField(source="scheme.is_demo", help_text="예시 자료")


class AlarmRow(Row):
    round = serializers.CharField(source="run.round.code", help_text="회차")
    area = serializers.CharField(source="area.code", help_text="통계 지역 코드")
    name_ko = serializers.CharField(source="area.name_ko")
    model_stage = stage_field("모형 단계. 관찰이면 양호일 수 있음")
    watch = serializers.BooleanField(help_text="관찰")
    rci = serializers.DecimalField(5, 1, allow_null=True, help_text="위기지수")
    useful = serializers.IntegerField(source="said_useful", help_text="유용했다는 평가의 수")
    not_useful = serializers.IntegerField(source="said_useless", help_text="유용하지 않았다는 평가의 수")
    crisis_6 = serializers.BooleanField(source="after_6", allow_null=True, help_text="6개월 안의 위기. 아직이면 null")
    crisis_12 = serializers.BooleanField(source="after_12", allow_null=True, help_text="12개월 안의 위기")
    crisis_18 = serializers.BooleanField(source="after_18", allow_null=True, help_text="18개월 안의 위기")


class DifferenceOut(serializers.Serializer):
    indicator = serializers.CharField(allow_blank=True, help_text="지표. 기준 전체의 값이면 빈 문자열")
    key = serializers.CharField(help_text="항목")
    word = serializers.CharField(help_text="항목의 이름")
    left = serializers.CharField(allow_null=True, help_text="앞의 기준. 없으면 null")
    right = serializers.CharField(allow_null=True, help_text="뒤의 기준. 없으면 null")


class ComparisonOut(serializers.Serializer):
    left = serializers.CharField(help_text="앞의 기준 번호")
    right = serializers.CharField(help_text="뒤의 기준 번호")
    differences = DifferenceOut(many=True, help_text="다른 값만")
