"""Demonstration series: 시·군·구 as in the Korean benchmark panel, complexes from the quarterly books."""

from calendar import monthrange
from decimal import Decimal
from pathlib import Path

from reference.clusters import Cluster
from reference.table import Row, read, write

COLUMNS = "area indicator period value unit known_at status"
UNITS = {"EXP": "천달러", "SHIP": "건", "E9": "명", "POP": "명"}
BOOK = [
    ("TENANTS", "tenants", "개"), ("OPERATING", "operating", "개"), ("CX_EMP", "emp_total", "명"),
    ("CX_PROD_CUM", "production_cum_mil_krw", "백만원"), ("CX_EXP_CUM", "export_cum_k_usd", "천달러"),
]  # fmt: skip
CHANGWON = "창원[재생사업지구:부분]"
CHANGWON_FILE = "data/complexes/changwon_national_complex_quarterly_2018Q1_2026Q2.csv"


def sigungu(shared: Path, areas: list[Row]) -> list[Row]:
    """The panel with area codes for names; ``KeyError`` for a name no area carries."""
    code_of = {row["source_name"]: row["code"] for row in areas if row.get("source_name")}
    rows = [
        row | {"area": code_of[row["area"]], "unit": UNITS[row["indicator"]]}
        for row in read(shared / "bench/kr/observations.csv.gz")
    ]
    return sorted(rows, key=_order)


def complexes(shared: Path, clusters: list[Cluster]) -> list[Row]:
    """Quarterly figures of whole complexes. Suppressed figures stay absent: they are unknown, not zero."""
    rows = []
    changwon = ""
    for cluster in clusters:
        if cluster.parent:
            continue
        if cluster.last["name"] == CHANGWON:
            changwon = cluster.code
        for quarter, source in cluster.rows.items():
            for indicator, column, unit in BOOK:
                own = cluster.code == changwon and indicator in ("TENANTS", "CX_EMP")
                if source[column] and not own:
                    rows.append(_row(cluster.code, indicator, quarter, _whole(source[column]), unit))
    assert changwon, CHANGWON
    for source in read(shared / CHANGWON_FILE):
        quarter = source["quarter"]
        production = Decimal(source["production_100mil_krw"]) * 100
        utilisation = Decimal(source["utilisation_pct"]).quantize(Decimal("0.01"))
        rows += [
            _row(changwon, "CX_EMP", quarter, _whole(source["employment"]), "명"),
            _row(changwon, "CX_PROD", quarter, str(production.quantize(Decimal(1))), "백만원"),
            _row(changwon, "CX_UTIL", quarter, str(utilisation), "%"),
            _row(changwon, "TENANTS", quarter, _whole(source["tenants"]), "개"),
        ]
    return sorted(rows, key=_order)


def _row(area: str, indicator: str, quarter: str, value: str, unit: str) -> Row:
    """Period = last month of the quarter; known three months after its end, which is an assumption of ours."""
    year, month = int(quarter[:4]), int(quarter[-1]) * 3
    known_year, known_month = (year, month + 3) if month < 12 else (year + 1, 3)
    return {
        "area": area, "indicator": indicator, "period": f"{year}-{month:02d}", "value": value, "unit": unit,
        "known_at": f"{known_year}-{known_month:02d}-{monthrange(known_year, known_month)[1]}", "status": "FINAL",
    }  # fmt: skip


def _whole(value: str) -> str:
    """Counts come as "1513.0"; anything with a fraction is a fault of the source."""
    number = Decimal(value)
    if number != number.to_integral_value():
        raise ValueError(f"정수가 아닌 값입니다: {value}")
    return str(int(number))


def _order(row: Row) -> tuple[str, str, str]:
    return row["area"], row["indicator"], row["period"]


def write_all(shared: Path, areas: list[Row], clusters: list[Cluster], target: Path) -> None:
    """Write both compressed files."""
    write(target / "observations_sigungu.csv.gz", COLUMNS, sigungu(shared, areas))
    write(target / "observations_complex.csv.gz", COLUMNS, complexes(shared, clusters))
