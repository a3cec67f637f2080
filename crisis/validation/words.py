"""What the entries of a rule set and the measures of a back-test are called on the pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ENTRIES: dict[str, Any] = {
    "used": gettext_lazy("지표 사용"),
    "weight": gettext_lazy("가중치"),
    "anchors_abs": gettext_lazy("절대 기준점(0/50/100점)"),
    "anchors_rel": gettext_lazy("상대 기준점(0/50/100점)"),
    "credibility_k": gettext_lazy("신뢰도 k"),
    "window_months": gettext_lazy("견주는 기간(개월)"),
    "max_stale_months": gettext_lazy("묵은 자료 한도(개월)"),
    "pub_lag_months": gettext_lazy("공표 시차(개월)"),
    "suspect_abs_change": gettext_lazy("이상값 기준(변화 폭)"),
    "core": gettext_lazy("핵심 지표"),
    "dimension": gettext_lazy("법정 항목"),
    "direction": gettext_lazy("나빠지는 방향"),
    "kind": gettext_lazy("종류"),
    "freq": gettext_lazy("주기"),
    "rate_weight": gettext_lazy("합칠 때의 가중 지표"),
    "unit": gettext_lazy("단위"),
    "unit_factors": gettext_lazy("단위 환산"),
    "T1": gettext_lazy("주의 문턱"),
    "T2": gettext_lazy("심각 문턱"),
    "hysteresis": gettext_lazy("하향 여유 h"),
    "momentum": gettext_lazy("가속 반영 λ"),
    "min_n": gettext_lazy("가장 적은 사업장 수"),
    "rel_min_share": gettext_lazy("상대 지수를 쓰는 최소 비중"),
    "sensitivity_draws": gettext_lazy("견고성 무작위 횟수"),
    "reference_area": gettext_lazy("기준 지역"),
    "exposure_indicator": gettext_lazy("규모 지표"),
    "grades.A": gettext_lazy("자료 등급 A(품질, 신뢰도)"),
    "grades.B": gettext_lazy("자료 등급 B(품질, 신뢰도)"),
    "grades.min_coverage": gettext_lazy("판정에 필요한 자료 비율"),
    "spread.caution_p1": gettext_lazy("확산: 주의 이상 비중(%)"),
    "spread.caution_p2": gettext_lazy("확산: 심각 비중, 주의로(%)"),
    "spread.severe_p2": gettext_lazy("확산: 심각 비중, 심각으로(%)"),
    "spread.weight_indicator": gettext_lazy("확산: 가중 지표"),
    "spread.member_level": gettext_lazy("확산: 세는 단위"),
}


#: The legal factors (decree §30②), where a rule set does not name its dimensions itself.
DIMENSIONS: dict[str, Any] = {
    "EMPINC": gettext_lazy("고용·소득"),
    "SALES": gettext_lazy("매출·생산"),
    "SITES": gettext_lazy("사업장"),
    "OTHER": gettext_lazy("그 밖의 지표"),
}


def dimension(key: str, names: Mapping[str, str] | None = None) -> str:
    """A dimension in words: the rule set's own, the usual ones, or its code."""
    return str((names or {}).get(key) or DIMENSIONS.get(key, key))


def entry(key: str) -> str:
    """An entry in words; one the list does not know keeps its own name."""
    if key in ENTRIES:
        return str(ENTRIES[key])
    if key.startswith("dimensions."):
        return _("법정 항목의 비중: %(name)s") % {"name": dimension(key.removeprefix("dimensions."))}
    return key


#: The measures in the order of the page: key, name, unit, what it says.
MEASURES: tuple[tuple[str, Any, Any, Any], ...] = (
    ("auroc", "AUROC", "", gettext_lazy("위기 지역의 지수가 그렇지 않은 지역보다 높을 확률. 0.5면 우연, 1이면 완전")),
    ("auroc_fresh", gettext_lazy("AUROC(이미 위기인 지역 제외)"), "", gettext_lazy("새로 시작하는 위기만 보았을 때")),
    (
        "average_precision",
        gettext_lazy("평균 정밀도"),
        "",
        gettext_lazy("문턱을 옮겨 가며 본 정밀도. 기저율과 견주어 봅니다"),
    ),
    ("base_rate", gettext_lazy("기저율"), "", gettext_lazy("위기가 뒤따른 지역의 비율")),
    ("recall", gettext_lazy("재현율"), "", gettext_lazy("위기 가운데 주의 이상이던 비율")),
    ("precision", gettext_lazy("정밀도"), "", gettext_lazy("주의 이상 가운데 위기가 뒤따른 비율")),
    ("false_alarm_rate", gettext_lazy("오경보율(FPR)"), "", gettext_lazy("위기가 없던 지역 가운데 주의 이상이던 비율")),
    ("noise_to_signal", gettext_lazy("잡음 대 신호(NSR)"), "", gettext_lazy("오경보율 ÷ 재현율. 1보다 작을수록 좋음")),
    (
        "changes_per_year",
        gettext_lazy("단계 변동"),
        gettext_lazy("회"),
        gettext_lazy("지역 하나가 한 해에 단계를 바꾼 횟수"),
    ),
    (
        "reversals_per_year",
        gettext_lazy("되돌림"),
        gettext_lazy("회"),
        gettext_lazy("바꾼 단계를 바로 다음 회차에 되돌린 횟수"),
    ),
    (
        "mean_lead_months",
        gettext_lazy("평균 선행 기간"),
        gettext_lazy("개월"),
        gettext_lazy("위기 시작까지 끊이지 않은 경보의 길이. 4개 회차까지만 셈"),
    ),
    (
        "amber_threshold",
        gettext_lazy("문턱 참고값(90% 포착)"),
        "",
        gettext_lazy("위기의 90%를 잡으면서 잡음 대 신호가 가장 작은 지수"),
    ),
    (
        "red_threshold",
        gettext_lazy("문턱 참고값(66% 포착)"),
        "",
        gettext_lazy("위기의 66%를 잡으면서 잡음 대 신호가 가장 작은 지수"),
    ),
)
