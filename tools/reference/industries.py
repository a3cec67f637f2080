"""KSIC revision 11 as a tree, and the links from revision 9 to 10."""

from collections import Counter, defaultdict
from pathlib import Path

from reference.table import Row, read, write

_LEVELS = ("대분류", "중분류", "소분류", "세분류", "세세분류")


def tree(shared: Path) -> list[Row]:
    """Sections to five-digit classes; where the source spells one code's name in two ways the commoner one counts."""
    names: dict[str, Counter[str]] = defaultdict(Counter)
    places: dict[str, tuple[int, str]] = {}
    for row in read(shared / "data/codes/ksic11_5digit.csv"):
        parent = ""
        for depth, level in enumerate(_LEVELS, start=1):
            code = row[f"{level}_코드"]
            names[code][row[f"{level}_항목명"]] += 1
            if places.setdefault(code, (depth, parent)) != (depth, parent):
                raise ValueError(f"{code}: 상위 분류가 둘입니다.")
            parent = code
    return [
        {"code": code, "level": str(depth), "name_ko": names[code].most_common(1)[0][0], "parent_code": parent}
        for code, (depth, parent) in sorted(places.items(), key=lambda item: (item[1][0], item[0]))
    ]


def links(shared: Path) -> list[Row]:
    """Five-digit codes of revision 9 with what they became in revision 10, codes only."""
    pairs = {(row["ksic9_cd"], row["ksic10_cd"]) for row in read(shared / "data/codes/ksic_9_to_10.csv")}
    return [{"ksic9_code": old, "ksic10_code": new} for old, new in sorted(pairs)]


def write_all(shared: Path, target: Path) -> None:
    """Write ksic11.csv and ksic_9_10_links.csv."""
    write(target / "ksic11.csv", "code level name_ko parent_code", tree(shared))
    write(target / "ksic_9_10_links.csv", "ksic9_code ksic10_code", links(shared))
