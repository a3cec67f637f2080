"""What the state designated as a crisis area: facts, dates and how sure we are of them."""

from pathlib import Path

from reference.clusters import Cluster
from reference.regions import Atlas
from reference.table import Row, read, write

COLUMNS = "scheme authority area site start end_last_known trigger_industry confidence source_count note"

# Names under which the sources speak of a complex, and the name in the book of complexes.
SITES = {
    "김제지평선일반": "지평선",
    "정읍첨단과학": "정읍첨단과학(RFT)",
    "나주혁신일반": "나주혁신(구 나주미래)",
    "장흥바이오식품일반": "장흥바이오식품(구 해당)",
    "나주일반": "나주",
    "강진환경일반": "강진",
    "북평국가": "북평국가",
    "동함평일반": "동함평",
    "세풍일반": "세풍(광양만권경제자유구역)",
    "포항4일반산업단지": "포항4",
}
ONE_YEAR = "1년 지정 뒤 해마다 연장, 마지막으로 확인된 만료일"
# Our own remark by scheme and the start as the source has it.
NOTES = {
    ("고용위기지역", "2018-04-05"): ONE_YEAR,
    ("고용위기지역", "2018-05-04"): f"시작일은 만료일에서 역산; {ONE_YEAR}",
    ("산업위기대응특별지역", "2018-04-05"): "1년 지정 뒤 연장",
    ("산업위기대응특별지역", "2018-05-29"): "1년 지정 뒤 2년씩 두 차례 연장",
    ("산업위기선제대응지역", "2025-05-01"): "2년 지정",
    ("산업위기선제대응지역", "2025-08-28"): "2년 지정, 시작일을 달리 적은 보도도 있음",
    ("산업위기선제대응지역", "2025-11-20"): "2년 지정",
    ("고용위기선제대응지역", "2025-08"): "심의일로 적음; 6개월 지정",
    ("고용위기선제대응지역", "2026-01"): "2026-01-05~07 심의, 마지막 심의일로 적음",
    (
        "중소기업특별지원지역",
        "2015-03-12",
    ): "시작일은 보도일; 2020-02-27 재지정(5년); 당시 이름은 지방중소기업 특별지원지역",
    ("중소기업특별지원지역", "2020-02-27"): "5년 지정",
    ("중소기업특별지원지역", "2023-01-26"): "2년 지정",
}
# A start known to the month cannot lie before the council that decided it.
DECIDED = {("고용위기선제대응지역", "2025-08"): "2025-08-19", ("고용위기선제대응지역", "2026-01"): "2026-01-07"}
LOW = ("year only", "month", "end: low", "기사일")


def build(shared: Path, atlas: Atlas, clusters: list[Cluster]) -> list[Row]:
    """Rows of designations.csv; a part of a city keeps the city's area and names the part as its site."""
    by_place = {(c.last["sigungu"].partition(" ")[0], c.last["name"]): c.code for c in clusters if not c.parent}
    rows = []
    for source in read(shared / "data/labels/crisis_designations.csv"):
        area = f"R{atlas.find(source['sido'], source['sigungu'])}"
        if (name := SITES.get(source["site"])) is not None:
            area = by_place[source["sigungu"], name]
        start, start_note = _full(source["start"], "시작", last=False)
        start = DECIDED.get((source["scheme"], source["start"]), start)
        end, end_note = _full(source["end_last_known"], "끝", last=True)
        remarks = [start_note, end_note, NOTES.get((source["scheme"], source["start"]), "")]
        rows.append({
            "scheme": source["scheme"], "authority": source["authority"], "area": area, "site": source["site"],
            "start": start, "end_last_known": end, "trigger_industry": _trigger(source),
            "confidence": _confidence(source["confidence"]),
            "source_count": str(len([s for s in source["sources"].split("|") if s.strip()])),
            "note": "; ".join(filter(None, remarks)),
        })  # fmt: skip
    return sorted(rows, key=lambda row: (row["start"], row["scheme"], row["area"], row["site"]))


def _full(day: str, which: str, *, last: bool) -> tuple[str, str]:
    """A whole date for one known to the month or year, and the remark that says so."""
    if len(day) == 4:
        return f"{day}-12-31" if last else f"{day}-01-01", f"{which}은 연도만 확인"
    if len(day) == 7:
        assert not last, day
        return f"{day}-01", f"{which}은 달만 확인"
    return day, ""


def _confidence(text: str) -> str:
    """HIGH: both dates from several sources or one official; LOW: a date known to the month or year, or a news date."""
    if any(word in text for word in LOW):
        return "LOW"
    return "MEDIUM" if "medium" in text else "HIGH"


def _trigger(source: Row) -> str:
    """The source puts the causes of 부산 and 포항 in one phrase; each place gets its own."""
    if source["start"] == "2023-01-26":
        return "태풍 힌남노 피해" if source["sigungu"] == "포항시" else "매출·고용 감소, 폐업"
    return source["trigger_industry"]


def write_all(shared: Path, atlas: Atlas, clusters: list[Cluster], target: Path) -> None:
    """Write designations.csv."""
    write(target / "designations.csv", COLUMNS, build(shared, atlas, clusters))
