"""The shapes in which areas, figures, rounds and decisions leave the portal."""

from typing import Any

from rest_framework import serializers

from crisis.enums import (
    AreaLevel,
    DeterminationState,
    FloorKind,
    Frequency,
    IndicatorKind,
    ObservationStatus,
    ReasonCode,
    ReviewState,
    RoundState,
    RuleSetState,
    Stage,
)
from portal.kernel.rest.rows import Code, ExactField, MonthField, Row

VALID_FROM: dict[str, Any] = {"source": "effective.lower", "allow_null": True, "help_text": "시작일"}
VALID_BEFORE: dict[str, Any] = {
    "source": "effective.upper",
    "allow_null": True,
    "help_text": "끝난 다음 날(이 날부터 효력 없음). 정해지지 않았으면 null",
}


def stage_field(help_text: str) -> serializers.ChoiceField:
    return serializers.ChoiceField(Stage.choices, allow_null=True, help_text=help_text)


class AreaRow(Row):
    code = serializers.CharField(help_text="통계 지역 코드")
    level = serializers.ChoiceField(AreaLevel.choices, help_text="구분")
    name_ko = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    # (assignment: a declared field is taken off the class, so it hides nothing of the framework's)
    parent = Code("parent_code", help_text="on 날짜의 상위 지역(없으면 오늘)")  # type: ignore[assignment]
    region_scheme = serializers.CharField(source="region.scheme")
    region = serializers.CharField(source="region.code", help_text="행정구역 코드")
    cluster = Code("cluster.code", help_text="밀집지역 코드")
    valid_from = serializers.DateField(**VALID_FROM)
    valid_before = serializers.DateField(**VALID_BEFORE)


class StageOut(serializers.Serializer):
    """The decided stage in force."""

    stage = serializers.ChoiceField(Stage.choices, help_text="협의회가 결정한 단계")
    round = serializers.CharField(source="round.code", help_text="결정한 회차")
    valid_from = serializers.DateField(**VALID_FROM)
    valid_before = serializers.DateField(**VALID_BEFORE)
    is_demo = serializers.BooleanField(help_text="예시 자료")


class ModelResultOut(serializers.Serializer):
    """What the method said in the latest official round."""

    round = serializers.CharField(source="run.round.code")
    model_stage = stage_field("모형 단계")
    rci = serializers.DecimalField(5, 1, allow_null=True, help_text="위기지수")
    grade = serializers.CharField(help_text="자료 등급")
    badge = serializers.CharField(allow_blank=True, help_text="견고성")


class AreaDetail(AreaRow):
    current_stage = StageOut(allow_null=True, help_text="오늘 적용 중인 결정. 없으면 null")
    latest_result = ModelResultOut(allow_null=True, help_text="가장 가까운 공식 산출. 없으면 null")


class IndicatorRow(Row):
    code = serializers.CharField(help_text="지표 코드")
    name_ko = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    unit = serializers.CharField(help_text="단위")
    frequency = serializers.ChoiceField(Frequency.choices, help_text="주기")
    kind = serializers.ChoiceField(IndicatorKind.choices, help_text="종류")
    direction = serializers.IntegerField(help_text="높을수록 나쁘면 1, 낮을수록 나쁘면 -1")
    legal_item = serializers.CharField(allow_blank=True, help_text="법적 근거")
    source = serializers.CharField(allow_blank=True, help_text="출처")  # type: ignore[assignment]  # a declared field is taken off the class
    pub_lag_months = serializers.IntegerField(help_text="공표 시차(개월)")
    provisional = serializers.BooleanField(help_text="잠정")
    note = serializers.CharField(allow_blank=True)


class OtherUnitOut(serializers.Serializer):
    unit = serializers.CharField(help_text="이 단위로 보내도 됩니다")
    factor = ExactField(max_digits=18, decimal_places=6, help_text="지표 단위로 바꿀 때 곱하는 수")


class IndicatorDetail(IndicatorRow):
    other_units = OtherUnitOut(many=True)


class ObservationRow(Row):
    area = serializers.CharField(source="area.code", help_text="통계 지역 코드")
    indicator = serializers.CharField(source="indicator.code", help_text="지표 코드")
    period = MonthField(help_text="기준월 2025-09. 분기 자료는 분기의 마지막 달")
    value = ExactField(
        max_digits=24, decimal_places=6, allow_null=True, help_text="값(문자열). null은 취소되었거나 비공개로 바뀐 값"
    )
    unit = serializers.CharField()
    status = serializers.ChoiceField(ObservationStatus.choices, help_text="잠정치·확정치")
    verified = serializers.BooleanField(help_text="이상값 확인함")
    note = serializers.CharField(allow_blank=True)
    known_at = serializers.DateTimeField(help_text="값이 알려진 일시")
    recorded_at = serializers.DateTimeField(source="batch.recorded_at", help_text="포털에 기록된 일시")
    batch = serializers.UUIDField(source="batch.public_id", help_text="입력 묶음 번호")


class ObservationIn(serializers.Serializer):
    """One reading as it is handed in. Checked by `crisis.api.entry`, not by this class: it describes."""

    area = serializers.CharField(help_text="통계 지역 코드")
    indicator = serializers.CharField(help_text="지표 코드")
    period = serializers.CharField(help_text="2025-09 또는 2025Q3(분기의 마지막 달에 놓입니다)")
    value = serializers.CharField(
        allow_null=True, help_text='값. 숫자를 문자열로: "1234.5". null은 값을 취소하며 비고가 있어야 합니다'
    )
    unit = serializers.CharField(required=False, help_text="단위. 없으면 지표의 단위")
    status = serializers.ChoiceField(ObservationStatus.choices, required=False, help_text="없으면 FINAL(확정치)")
    note = serializers.CharField(required=False, max_length=300, help_text="비고")
    verified = serializers.BooleanField(required=False, help_text="이상값을 확인했으면 true. 비고가 있어야 합니다")


class ObservationsIn(serializers.Serializer):
    rows = ObservationIn(many=True, help_text="1건부터 1,000건까지")
    on_error = serializers.ChoiceField(
        [("refuse", "한 건이라도 틀리면 모두 받지 않음"), ("skip", "틀린 건만 빼고 받음")],
        required=False,
        help_text="없으면 refuse",
    )


class RowOutcomeOut(serializers.Serializer):
    row = serializers.IntegerField(help_text="보낸 순번(0부터)")
    outcome = serializers.ChoiceField(
        [("new", "새 값"), ("changed", "고친 값"), ("same", "이미 같은 값"), ("refused", "받지 않음")]
    )
    errors = serializers.DictField(  # type: ignore[assignment]  # a declared field is taken off the class
        child=serializers.ListField(child=serializers.CharField()), required=False, help_text="받지 않은 까닭(항목별)"
    )


class BatchOut(serializers.Serializer):
    batch = serializers.UUIDField(allow_null=True, help_text="입력 묶음 번호. 기록할 것이 없었으면 null")
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    same = serializers.IntegerField()
    refused = serializers.IntegerField()
    rows = RowOutcomeOut(many=True)


class RoundRow(Row):
    code = serializers.CharField(help_text="회차 2026H1")
    reference_month = MonthField(help_text="판정 기준월")
    cutoff = serializers.DateTimeField(help_text="자료 마감")
    state = serializers.ChoiceField(RoundState.choices, help_text="상태")
    rule_set = serializers.CharField(source="rule_set.version", help_text="판정 기준 번호")
    updated_at = serializers.DateTimeField()


class RuleSetRefOut(serializers.Serializer):
    version = serializers.CharField()
    sha256 = serializers.CharField()
    trial = serializers.BooleanField(help_text="시범 기준")


class RunOut(serializers.Serializer):
    """Everything needed to compute the round again to the same bytes."""

    rule_set = serializers.CharField(source="rule_set.version")
    ruleset_sha256 = serializers.CharField()
    engine_version = serializers.CharField(help_text="산식 판")
    known_at = serializers.DateTimeField(help_text="자료 시점")
    input_digest = serializers.CharField(help_text="입력 자료의 SHA-256")
    output_digest = serializers.CharField(help_text="결과의 SHA-256")
    finished_at = serializers.DateTimeField()


class RoundDetail(RoundRow):
    rule_set = RuleSetRefOut(help_text="판정 기준")  # type: ignore[assignment]
    run = RunOut(allow_null=True, help_text="공식 산출. 아직 없으면 null")


class ResultRow(Row):
    area = serializers.CharField(source="area.code")
    name_ko = serializers.CharField(source="area.name_ko")
    level = serializers.ChoiceField(AreaLevel.choices, source="area.level")
    status = serializers.CharField(help_text="판정 상태")
    grade = serializers.CharField(help_text="자료 등급 A–D")
    coverage = serializers.DecimalField(4, 2, help_text="자료 비율")
    ca = serializers.DecimalField(5, 1, allow_null=True, help_text="절대 지수")
    cr = serializers.DecimalField(5, 1, allow_null=True, help_text="상대 지수")
    rci = serializers.DecimalField(5, 1, allow_null=True, help_text="위기지수")
    view = serializers.CharField(allow_blank=True, help_text="관점")
    raw_stage = stage_field("이력을 반영하기 전 단계")
    model_stage = stage_field("모형 단계. 판정보류면 null")
    previous_stage = stage_field("지난 회차의 모형 단계")
    previous_rci = serializers.DecimalField(5, 1, allow_null=True, help_text="지난 회차 지수")
    held = serializers.BooleanField(help_text="하향 유보")
    watch = serializers.BooleanField(help_text="관찰")
    rho = serializers.DecimalField(4, 2, allow_null=True, help_text="견고성")
    badge = serializers.CharField(allow_blank=True, help_text="견고성 배지")
    digest = serializers.CharField(help_text="결과의 SHA-256")


class ResultDetail(ResultRow):
    public = serializers.DictField(help_text="산출 결과 전체: 지표별 값, 점수, 근거")


class DeterminationRow(Row):
    round = serializers.CharField(source="round.code", help_text="회차")
    area = serializers.CharField(source="area.code", help_text="통계 지역 코드")
    name_ko = serializers.CharField(source="area.name_ko")
    state = serializers.ChoiceField(DeterminationState.choices, help_text="상태")
    model_stage = stage_field("모형 단계")
    floor_stage = stage_field("상정할 때 적용되던 하한 사유의 단계. 없으면 null")
    proposed_stage = stage_field("제안 단계: 모형 단계와 하한 단계 가운데 나쁜 쪽")
    stage = stage_field("결정 단계. 아직 정하지 않았으면 null")
    reason_code = serializers.ChoiceField(ReasonCode.choices, allow_blank=True, help_text="제안과 다른 까닭")
    reason_text = serializers.CharField(allow_blank=True)
    field_survey = serializers.CharField(allow_blank=True, help_text="현장조사 근거")
    valid_from = serializers.DateField(**VALID_FROM)
    valid_before = serializers.DateField(**VALID_BEFORE)
    confirmed_at = serializers.DateTimeField(allow_null=True, help_text="확정 일시")
    announced_at = serializers.DateTimeField(allow_null=True, help_text="고지 일시")
    corrects_from = serializers.DateField(allow_null=True, help_text="정정 결정이면 정정이 적용되는 첫날")
    correction_reason = serializers.CharField(allow_blank=True, help_text="정정 결정이면 그 사유")
    superseded_at = serializers.DateTimeField(allow_null=True, help_text="다른 결정이 대신한 일시")
    is_demo = serializers.BooleanField(help_text="예시 자료")
    updated_at = serializers.DateTimeField()


class DeterminationDetail(DeterminationRow):
    earlier = DeterminationRow(many=True, help_text="같은 회차에서 철회·취소된 결정")


class FloorRow(Row):
    public_id = serializers.UUIDField(help_text="하한 사유의 번호")
    area = serializers.CharField(source="area.code", help_text="통계 지역 코드")
    name_ko = serializers.CharField(source="area.name_ko")
    kind = serializers.ChoiceField(FloorKind.choices, help_text="사유")
    stage = serializers.ChoiceField(Stage.choices, help_text="하한 단계")
    valid_from = serializers.DateField(**VALID_FROM)
    valid_before = serializers.DateField(**VALID_BEFORE)
    share = serializers.DecimalField(
        5, 2, allow_null=True, help_text="주요 기업 이탈이면 지역 고용에서 차지하는 비중(%)"
    )
    evidence = serializers.CharField(help_text="근거")
    evidence_filename = serializers.CharField(allow_blank=True, help_text="근거 파일 이름")
    evidence_sha256 = serializers.CharField(allow_blank=True, help_text="근거 파일의 SHA-256")
    voided = serializers.BooleanField(help_text="잘못 등록해 취소함")
    end_reason = serializers.CharField(allow_blank=True, help_text="끝내거나 취소한 사유")
    is_demo = serializers.BooleanField(help_text="예시 자료")
    updated_at = serializers.DateTimeField()


class ReviewRow(Row):
    round = serializers.CharField(source="determination.round.code", help_text="회차")
    area = serializers.CharField(source="area.code", help_text="통계 지역 코드")
    name_ko = serializers.CharField(source="area.name_ko")
    decided_stage = serializers.ChoiceField(Stage.choices, source="determination.stage", help_text="결정 단계")
    old_stage = stage_field("결정할 때의 산출 단계")
    new_stage = serializers.ChoiceField(Stage.choices, help_text="지금 자료로 다시 계산한 산출 단계(견고)")
    old_rci = serializers.DecimalField(5, 1, allow_null=True, help_text="결정할 때의 위기지수")
    new_rci = serializers.DecimalField(5, 1, allow_null=True, help_text="지금 자료의 위기지수")
    digest = serializers.CharField(help_text="지금 자료로 계산한 결과의 SHA-256")
    state = serializers.ChoiceField(ReviewState.choices, help_text="상태")
    reason = serializers.CharField(allow_blank=True, help_text="처리 사유")
    raised_at = serializers.DateTimeField(help_text="알아낸 일시")
    decided_at = serializers.DateTimeField(allow_null=True, help_text="처리 일시")
    updated_at = serializers.DateTimeField()


class StageOnRow(Row):
    area = serializers.CharField(source="code", help_text="통계 지역 코드")
    name_ko = serializers.CharField()
    stage = stage_field("그날 적용 중이던 결정 단계. 결정이 없었으면 null")
    round = Code("stage_round", help_text="결정한 회차")
    valid_from = serializers.DateField(source="stage_from", allow_null=True, help_text="적용 시작일")
    valid_before = serializers.DateField(source="stage_before", allow_null=True, help_text="적용이 끝난 다음 날")
    is_demo = serializers.BooleanField(source="stage_demo", allow_null=True, help_text="예시 자료")


class RuleSetRow(Row):
    version = serializers.CharField(help_text="기준 번호")
    title = serializers.CharField()
    state = serializers.ChoiceField(RuleSetState.choices)
    sha256 = serializers.CharField(help_text="내용의 SHA-256")
    levels = serializers.ListField(child=serializers.ChoiceField(AreaLevel.choices), help_text="판정 단위")
    valid_from = serializers.DateField(**VALID_FROM)
    valid_before = serializers.DateField(**VALID_BEFORE)
    approved_at = serializers.DateTimeField(allow_null=True)
    document = serializers.CharField(allow_blank=True, help_text="근거 문서")
    trial = serializers.BooleanField(help_text="시범: 기준점이 확정되지 않음")
    note = serializers.CharField(allow_blank=True)


class RuleSetDetail(RuleSetRow):
    body = serializers.DictField(help_text="기준의 내용")


class DesignationRow(Row):
    scheme = serializers.CharField(help_text="제도")
    authority = serializers.CharField(help_text="지정 기관")
    area = serializers.CharField(source="area.code")
    name_ko = serializers.CharField(source="area.name_ko")
    site = serializers.CharField(allow_blank=True, help_text="대상")
    start = serializers.DateField(help_text="지정일")
    end_last_known = serializers.DateField(allow_null=True, help_text="알려진 끝")
    trigger_industry = serializers.CharField(allow_blank=True)
    confidence = serializers.CharField(allow_blank=True, help_text="기록의 확실성")
    source_count = serializers.IntegerField(help_text="출처 수")
    note = serializers.CharField(allow_blank=True)
