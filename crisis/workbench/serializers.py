"""The shapes in which evidence and remarks leave the portal."""

from rest_framework import serializers

from crisis.enums import AreaLevel, FloorKind, Stage
from portal.kernel.rest.rows import Row
from portal.kernel.rest.strict import StrictSerializer

SCENARIOS = "THRESHOLD, ANCHORS, MOMENTUM, CREDIBILITY, WEIGHT, DROP, RANDOM"


def _stage(text: str, source: str | None = None) -> serializers.ChoiceField:
    return serializers.ChoiceField(Stage.choices, allow_null=True, help_text=text, source=source)


def _figure(digits: int, places: int, text: str, source: str | None = None) -> serializers.DecimalField:
    return serializers.DecimalField(digits, places, allow_null=True, help_text=text, source=source)


class AgendaIn(StrictSerializer):
    """Which areas go before which council meeting."""

    meeting = serializers.IntegerField(help_text="회의 번호. 회의 화면 주소의 번호")
    areas = serializers.ListField(
        child=serializers.CharField(max_length=20), allow_empty=False, max_length=500, help_text="통계 지역 코드"
    )


class AgendaOut(serializers.Serializer):
    """The item as it stands on the agenda, and what it proposes."""

    meeting = serializers.IntegerField(source="meeting_id", help_text="회의 번호")
    item = serializers.IntegerField(source="number", help_text="안건 번호")
    title = serializers.CharField(help_text="안건 이름")
    proposals = serializers.DictField(
        child=serializers.ChoiceField(Stage.choices), help_text="통계 지역 코드와 제안 단계"
    )


class CommentRow(Row):
    round = serializers.CharField(source="round.code")
    area = serializers.CharField(source="area.code", help_text="통계 지역 코드")
    organization = serializers.CharField(source="organization.name_ko", help_text="의견을 낸 기관")
    text = serializers.CharField(help_text="의견")
    for_council = serializers.BooleanField(help_text="협의회에 알림")
    filename = serializers.CharField(allow_blank=True, help_text="붙임 파일 이름")
    created_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True, help_text="거둔 일시. 거두지 않았으면 null")
    withdraw_reason = serializers.CharField(allow_blank=True, help_text="거둔 사유")
    is_demo = serializers.BooleanField(help_text="예시 자료")


class EvidenceIndicatorOut(serializers.Serializer):
    """One indicator of the result."""

    indicator = serializers.CharField(source="code")
    name = serializers.CharField()
    used = serializers.BooleanField(help_text="지수에 썼는지")
    reason = serializers.CharField(allow_blank=True, help_text="쓰지 못한 까닭")
    period = serializers.CharField(allow_null=True, help_text="판정한 달 2025-05")
    change = _figure(12, 4, "1년 전 대비(증가가 양수)", "c")
    national_change = _figure(12, 4, "전국의 1년 전 대비", "nation_c")
    pressure = _figure(12, 4, "압력 a(클수록 나쁨)", "a")
    gap = _figure(12, 4, "전국과의 격차 d(클수록 나쁨)", "d")
    score_abs = _figure(6, 2, "절대 점수")
    score_rel = _figure(6, 2, "상대 점수")
    weight = _figure(6, 4, "쓴 비중")
    contribution = _figure(6, 2, "지수에 보탠 점수. 모두 더하면 RCI")


class EvidenceFloorOut(serializers.Serializer):
    """A floor that holds the proposal up."""

    kind = serializers.ChoiceField(FloorKind.choices)
    stage = _stage("하한 단계")
    valid_from = serializers.DateField(source="effective.lower")
    valid_before = serializers.DateField(source="effective.upper", allow_null=True, help_text="이 날부터 효력 없음")
    share = _figure(5, 2, "지역 고용에서 차지하는 비중(%)")
    evidence = serializers.CharField()


class EvidenceTipOut(serializers.Serializer):
    """A scenario that gives another stage."""

    kind = serializers.CharField(source="scenario.kind", help_text=f"바꾼 것: {SCENARIOS}")
    indicator = serializers.CharField(source="scenario.indicator", allow_blank=True)
    change = serializers.CharField(source="scenario.change", allow_blank=True, help_text="더한 값, 곱한 값, 또는 번호")
    stage = _stage("그때의 점수 단계")


class EvidenceChangeOut(serializers.Serializer):
    """One indicator's part in the change since the last round."""

    name = serializers.CharField(help_text="지표")
    before = _figure(6, 2, "지난 기여")
    now = _figure(6, 2, "이번 기여")
    difference = _figure(6, 2, "차이")
    event = serializers.CharField(allow_blank=True, help_text="자료 변동")


class EvidenceDetail(serializers.Serializer):
    """Everything behind one area's stage in one round."""

    round = serializers.CharField(source="desk.round.code")
    area = serializers.CharField(source="area.code")
    level = serializers.ChoiceField(AreaLevel.choices, source="area.level")
    name_ko = serializers.CharField(source="area.name_ko")
    official = serializers.BooleanField(source="desk.official", help_text="공식 산출이면 true, 미리보기면 false")
    common_shock = serializers.BooleanField(source="desk.common_shock", help_text="공통충격")
    model_stage = _stage("모형 단계. 판정보류면 null", "shown")
    local_level = serializers.CharField(
        allow_blank=True, help_text="시·도가 부르는 자체 단계 이름. 법정 단계가 아니며, 정한 것이 없으면 빈 문자열"
    )
    previous_stage = _stage("지난 회차 모형 단계", "result.previous_stage")
    proposal = _stage("제안 단계(모형과 하한 가운데 나쁜 쪽)")
    floors = EvidenceFloorOut(many=True)
    rci = _figure(5, 1, "위기지수", "result.rci")
    previous_rci = _figure(5, 1, "지난 회차 지수", "result.previous_rci")
    ca = _figure(5, 1, "절대 지수", "result.ca")
    cr = _figure(5, 1, "상대 지수", "result.cr")
    grade = serializers.CharField(source="result.grade", help_text="자료 등급")
    badge = serializers.CharField(source="result.badge", allow_blank=True, help_text="견고성")
    rho = _figure(4, 2, "같은 단계가 나온 비율", "result.rho")
    margin = serializers.CharField(source="public.margin", allow_null=True, help_text="가장 가까운 기준까지의 점수")
    badge_best = _stage("가장 좋게 본 단계", "public.badge_best")
    badge_worst = _stage("가장 나쁘게 본 단계", "public.badge_worst")
    indicators = EvidenceIndicatorOut(source="lines", many=True)
    tips = EvidenceTipOut(many=True, allow_null=True, help_text="단계를 바꾸는 시나리오. 다른 산식 판의 회차면 null")
    changes = EvidenceChangeOut(source="steps", many=True)
    comments = serializers.IntegerField(help_text="거두지 않은 의견 수", source="comment_count")
    digest = serializers.CharField(source="result.digest", help_text="결과 SHA-256")
