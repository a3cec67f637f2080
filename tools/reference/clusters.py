"""Industrial complexes (산업단지) as clusters, from the quarterly book of the Korea Industrial Complex Corporation.

A complex keeps its code when later quarters rename it; new ones are numbered after those already known, because
codes follow the order of first appearance. Parts of a complex (is_sub) are listed under their parent and carry no
statistics of their own: the row of the whole already contains them.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from reference.regions import Atlas
from reference.table import Row, read, write

COLUMNS = (
    "code kind name_ko name_en region_scheme region_code parent_code legal_item valid_from valid_to status source note"
)
SOURCE = "data/complexes/kicox_complex_status_2023Q4_2025Q3_2025Q4.csv"
QUARTERS = ("2023Q4", "2025Q3", "2025Q4")
KIND = {"국가": "NATIONAL", "일반": "GENERAL", "도시첨단": "URBAN_HIGHTECH", "농공": "AGRO"}
STATUS = {"완료": "COMPLETE", "조성중": "DEVELOPING", "미개발": "UNDEVELOPED"}
LEGAL_ITEM = "영 §14①3"
SOURCE_NAME = "한국산업단지공단 전국산업단지현황통계"

# Renamings that the later name does not tell by itself: (시·도, old name, new name).
RENAMED = {
    ("부산", "신평ㆍ장림"): "서부산스마트밸리(구:신평장림)",
    ("충북", "괴산발효식품"): "괴산자연드림파크2단지",
    ("충남", "청양일반사업단지"): "청양일반산업단지",
}
# The book of 2023 gives two complexes of 서산 one name; later books call the larger, unbuilt one the extension.
TOLD_APART = {("2023Q4", "서산시", "대산3", "778"): "대산3(확장)"}
FORMER = re.compile(r"[(\[]\s*구\s*:?\s*([^)\]]+)[)\]]")
GENERIC = re.compile(r"(국가|일반|도시첨단|농공)?(산업|농공)?단지$|농공$")


@dataclass
class Cluster:
    """One complex with its rows by quarter."""

    code: str
    parent: str
    rows: dict[str, Row] = field(default_factory=dict)

    @property
    def last(self) -> Row:
        """The newest row."""
        return self.rows[max(self.rows)]


def _former_names(name: str) -> set[str]:
    """Names in the remark "(구 …)", without the generic ending: "사리테크노빌(구:사리농공)" → {"사리"}."""
    return {GENERIC.sub("", former.strip()) for former in FORMER.findall(name)}


def _told_apart(row: Row) -> str:
    key = (row["quarter"], row["sigungu"], row["name"], row["designated_k_m2"])
    return TOLD_APART.get(key, row["name"])


def build(shared: Path) -> list[Cluster]:
    """All complexes in order of their codes; ``ValueError`` when one quarter names a complex twice."""
    clusters: list[Cluster] = []
    by_key: dict[tuple[str, ...], Cluster] = {}
    by_former: dict[tuple[str, str, str], Cluster] = {}
    rows = read(shared / SOURCE)
    for quarter in QUARTERS:
        whole: Cluster | None = None
        for source_row in (row for row in rows if row["quarter"] == quarter):
            row = source_row | {"name": _told_apart(source_row), "written": source_row["name"]}
            sub = row["is_sub"] == "1"
            if not sub:
                whole = None
            key = (whole.code if whole else "", row["type"], row["sido"], row["sigungu"].partition(" ")[0], row["name"])
            cluster = by_key.get(key)
            if cluster and quarter in cluster.rows:
                raise ValueError(f"{quarter}: {row['sido']} {row['sigungu']} {row['name']} 이(가) 두 번 나옵니다.")
            if cluster is None and not sub:
                cluster = next(
                    (by_former[k] for former in _former_names(row["name"])
                     if (k := (row["type"], row["sido"], former)) in by_former), None
                )  # fmt: skip
            if cluster is None and not sub:
                old = next((o for (s, o), new in RENAMED.items() if (s, new) == (row["sido"], row["name"])), None)
                cluster = by_former.get((row["type"], row["sido"], old)) if old else None
            if cluster is None:
                cluster = Cluster(f"C{len(clusters) + 1:04d}", whole.code if whole else "")
                clusters.append(cluster)
            cluster.rows[quarter] = row
            by_key[key] = cluster
            if not sub:
                whole = cluster
                by_former[row["type"], row["sido"], row["name"]] = cluster
                by_former[row["type"], row["sido"], GENERIC.sub("", row["name"])] = cluster
    return clusters


def region_of(cluster: Cluster, atlas: Atlas) -> str:
    """MOIS code of the 시·군·구 the book puts the complex in (the first one where it spans several)."""
    return atlas.find(cluster.last["sido"], cluster.last["sigungu"])


def write_all(clusters: list[Cluster], atlas: Atlas, target: Path) -> None:
    """Write clusters.csv."""
    out = []
    for cluster in clusters:
        row, newest = cluster.last, max(cluster.rows)
        scheme, code = atlas.latest(region_of(cluster, atlas))
        notes = []
        if newest != QUARTERS[-1] and not cluster.parent:
            notes.append(f"{newest} 이후 자료에 없음")
        if cluster.parent:
            notes.append("본단지의 구역: 통계는 본단지에 포함")
        names = list(dict.fromkeys(r["written"] for r in cluster.rows.values()))
        if len(names) > 1:
            notes.append("이전 이름: " + ", ".join(n for n in names if n != row["name"]))
        district = row["sigungu"].partition(" ")[2]
        if district:
            notes.append(f"소재: {district}")
        out.append({
            "code": cluster.code, "kind": KIND[row["type"]], "name_ko": row["name"].lstrip("▷"),
            "region_scheme": scheme, "region_code": code, "parent_code": cluster.parent, "legal_item": LEGAL_ITEM,
            "status": STATUS[row["status"]], "source": f"{SOURCE_NAME} {newest}", "note": "; ".join(notes),
        })  # fmt: skip
    write(target / "clusters.csv", COLUMNS, out)
