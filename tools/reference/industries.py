"""KSIC revision 11 as a tree, the published links from revision 9 to 10, and what older codes are in revision 11.

No table from revision 10 to 11 was at hand: codes are compared by name, and only a name found again is a link.
"""

import re
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


def older(shared: Path) -> list[Row]:
    """Five-digit codes of revisions 9 and 10 with each revision-11 code they are now; `code` is "" where none is known.

    `basis`: NAME, the revision-10 class and the revision-11 class have the same name; PUBLISHED+NAME, reached from
    revision 9 over the published links first.
    """
    now: dict[str, list[str]] = defaultdict(list)
    for row in tree(shared):
        if row["level"] == "5":
            now[_spelled(row["name_ko"])].append(row["code"])
    names: dict[tuple[str, str], str] = {}
    onward: dict[str, set[str]] = defaultdict(set)
    for row in read(shared / "data/codes/ksic_9_to_10.csv"):
        names["9", row["ksic9_cd"]], names["10", row["ksic10_cd"]] = row["ksic9_nm"], row["ksic10_nm"]
        onward[row["ksic9_cd"]].add(row["ksic10_cd"])
    found = []
    for (revision, code), name in sorted(names.items(), key=lambda item: (int(item[0][0]), item[0][1])):
        tenth = [code] if revision == "10" else sorted(onward[code])
        targets = sorted({target for one in tenth for target in now.get(_spelled(names["10", one]), ())})
        basis = "NAME" if revision == "10" else "PUBLISHED+NAME"
        found += [
            {"revision": revision, "old_code": code, "name_ko": name, "code": target, "basis": basis if target else ""}
            for target in targets or [""]
        ]
    return found


def _spelled(name: str) -> str:
    return re.sub(r"[^가-힣A-Za-z0-9]", "", name)


def write_all(shared: Path, target: Path) -> None:
    """Write ksic11.csv, ksic_9_10_links.csv and ksic_older.csv."""
    write(target / "ksic11.csv", "code level name_ko parent_code", tree(shared))
    write(target / "ksic_9_10_links.csv", "ksic9_code ksic10_code", links(shared))
    write(target / "ksic_older.csv", "revision old_code name_ko code basis", older(shared))
