"""The indicator catalogue: the ten of the draft rule set, and the series of the demonstration."""

import json
from decimal import Decimal
from pathlib import Path

from reference.table import Row, write

COLUMNS = "code name_ko name_en unit frequency kind direction legal_item source pub_lag_months provisional note"

_DEMO = "시연 기준의 지표"
_STOCK = "분기 말 현재"
_CUMULATIVE = "그해 1월부터의 누계: 분기끼리 바로 견줄 수 없음"
_KICOX = "한국산업단지공단 전국산업단지현황통계"
_CHANGWON = "한국산업단지공단 창원국가산업단지 분기 자료"
# code, Korean, English, unit, frequency, kind, direction, legal item, source, publication lag in months, note
DEMO: list[tuple[str, ...]] = [
    ("EXP", "수출액", "exports", "천달러", "M", "LEVEL", "-1", "영 §30②3", "관세청·KOSIS 시군구 수출입", "1", _DEMO),
    ("SHIP", "수출 신고건수", "export declarations", "건", "M", "LEVEL", "-1", "", "관세청·KOSIS 시군구 수출입", "1",
     "노출 규모 지표: 단계 산출에는 가중치로만 쓰임"),
    ("E9", "비전문취업(E-9) 외국인 근로자", "registered E-9 workers", "명", "Q", "LEVEL", "-1", "영 §30②1가",
     "법무부 등록외국인 현황", "3", f"{_DEMO}. 2013-03 계열 단절, 2020~2021 입국 중단"),
    ("POP", "주민등록인구", "registered population", "명", "M", "LEVEL", "-1", "영 §30②3",
     "행정안전부 주민등록 인구통계", "1", _DEMO),
    ("TENANTS", "입주업체", "tenant firms", "개", "Q", "LEVEL", "-1", "영 §30②1다", _KICOX, "3", _STOCK),
    ("OPERATING", "가동업체", "operating firms", "개", "Q", "LEVEL", "-1", "영 §30②1다", _KICOX, "3", _STOCK),
    ("CX_EMP", "단지 고용", "complex employment", "명", "Q", "LEVEL", "-1", "영 §30②1가", _KICOX, "3", _STOCK),
    ("CX_PROD", "단지 생산액(분기)", "complex production, quarter", "백만원", "Q", "LEVEL", "-1", "영 §30②1나",
     _CHANGWON, "3", "분기 값이 공표되었거나 누계의 차로 낼 수 있는 단지만"),
    ("CX_PROD_CUM", "단지 생산액(누계)", "complex production, year to date", "백만원", "Q", "LEVEL", "-1", "영 §30②1나",
     _KICOX, "3", _CUMULATIVE),
    ("CX_EXP_CUM", "단지 수출액(누계)", "complex exports, year to date", "천달러", "Q", "LEVEL", "-1", "영 §30②3",
     _KICOX, "3", _CUMULATIVE),
    ("CX_EXP", "단지 수출액(분기)", "complex exports, quarter", "천달러", "Q", "LEVEL", "-1", "영 §30②3",
     _KICOX, "3", "누계의 차로 낼 수 있는 단지만"),
    ("CX_UTIL", "단지 가동률", "capacity utilisation", "%", "Q", "RATE", "-1", "영 §30②1나", _CHANGWON, "3",
     "분기 안 세 달의 평균"),
]  # fmt: skip
# Other units in which people give these figures, with the factor to the unit above.
DEMO_UNITS = [
    ("EXP", "달러", "0.001"), ("EXP", "백만달러", "1000"), ("E9", "천명", "1000"), ("POP", "천명", "1000"),
    ("TENANTS", "개사", "1"), ("OPERATING", "개사", "1"), ("CX_EMP", "천명", "1000"), ("CX_PROD", "억원", "100"),
    ("CX_PROD_CUM", "억원", "100"), ("CX_EXP_CUM", "백만달러", "1000"), ("CX_EXP", "백만달러", "1000"),
]  # fmt: skip


def build(shared: Path) -> tuple[list[Row], list[Row]]:
    """Rows of indicators.csv and indicator_units.csv; the draft rule set speaks for its own ten."""
    draft = json.loads((shared / "golden/ruleset_kr_draft.json").read_text(encoding="utf-8"))
    rows: list[Row] = []
    units: list[Row] = []
    for code in draft["order"]:
        spec = draft["indicators"][code]
        rows.append({
            "code": code, "name_ko": spec["name_ko"], "name_en": spec["name_en"], "unit": spec["unit"],
            "frequency": spec["freq"], "kind": spec["kind"], "direction": str(spec["direction"]),
            "legal_item": spec["legal_basis"], "source": spec["source"],
            "pub_lag_months": str(spec["pub_lag_months"]), "provisional": "1",
            "note": "판정 기준(안)의 지표: 고시 확정 전",
        })  # fmt: skip
        units += [
            {"indicator": code, "unit": unit, "factor": factor} for unit, factor in spec.get("unit_factors", {}).items()
        ]
    columns = COLUMNS.split()
    columns.remove("provisional")
    rows += [dict(zip(columns, spec, strict=True)) | {"provisional": "0"} for spec in DEMO]
    units += [{"indicator": code, "unit": unit, "factor": factor} for code, unit, factor in DEMO_UNITS]
    assert all(Decimal(row["factor"]) > 0 for row in units)
    return rows, sorted(units, key=lambda row: (row["indicator"], Decimal(row["factor"])))


def write_all(shared: Path, target: Path) -> None:
    """Write indicators.csv (rule-set order, then the demonstration's) and indicator_units.csv."""
    rows, units = build(shared)
    write(target / "indicators.csv", COLUMNS, rows)
    write(target / "indicator_units.csv", "indicator unit factor", units)
