"""The monthly file of workplaces insured with the national pension, line by line as it is published.

A CSV in cp949 (later editions may be UTF-8), one line a workplace, some half a million lines: it is read as a stream.
Heads differ between editions: some carry whole footnotes (`당월고지금액(※ 국민연금법 시행령 …)`), some a code's meaning
(`사업장가입상태코드 1 등록 2 탈퇴`), so a column is known by how its head begins. Business numbers come with their first
six digits only, addresses without house numbers. Shape: docs/sources.md. Pure: knows neither tables nor Django.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

#: Our word for a column → how its head begins, blanks and byte-order mark aside.
HEADS = {
    "month": "자료생성년월",
    "name": "사업장명",
    "number": "사업자등록번호",
    "status": "사업장가입상태코드",
    "lot": "사업장지번상세주소",
    "road": "사업장도로명상세주소",
    "dong": "고객법정동주소코드",
    "sido": "법정동주소광역시도코드",
    "sigungu": "법정동주소광역시시군구코드",
    "insured": "가입자수",
    "billed": "당월고지금액",
    "left": "상실가입자수",
}
REGISTERED = "1"
_MONTH = re.compile(r"^(\d{4})-?(\d{2})$")
_WHOLE = re.compile(r"^\d{1,15}$")
_CHUNK = 1 << 20


class NpsProblem(Exception):
    """Why a file is not the monthly file: `rule` for machines, `message` for people."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule, self.message = rule, message


@dataclass(frozen=True, slots=True)
class Insured:
    """One registered workplace in one month: heads insured, won billed, heads that left.

    `region` is the five-digit code of the 시·군·구 (empty where the file has none), `dong` the ten-digit one.
    """

    line: int
    month: date
    name: str
    number: str
    region: str
    dong: str
    lot: str
    road: str
    insured: int
    billed: int
    left: int


@dataclass(slots=True)
class Tally:
    """What reading the lines showed besides the workplaces: lines, those signed off, and faults by line."""

    lines: int = 0
    signed_off: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)


def is_monthly_file(data: bytes) -> bool:
    """Whether the content begins with the head of this file."""
    try:
        _places(next(csv.reader(_opened(data[:_CHUNK]))))
    except (NpsProblem, StopIteration, csv.Error):
        return False
    return True


def workplaces(data: bytes, tally: Tally) -> Iterator[Insured]:
    """Every registered workplace; what else the lines hold is counted in `tally`. NpsProblem if it is another file."""
    lines = csv.reader(_opened(data))
    head = next(lines, None)
    if head is None:
        raise NpsProblem("no_head", "빈 파일입니다.")
    places = _places(head)
    try:
        for number, cells in enumerate(lines, 2):
            if not any(cells):
                continue
            tally.lines += 1
            found = _workplace(number, cells, len(head), places, tally)
            if found is not None:
                yield found
    except csv.Error as error:
        text = f"{lines.line_num}행 근처에서 따옴표가 맞지 않아 더 읽지 못했습니다. 파일을 다시 받아 올려 주세요."
        raise NpsProblem("csv_broken", text) from error


def _opened(data: bytes) -> io.TextIOWrapper:
    """The text as a stream. UTF-8 only where the head is; bytes cp949 does not know stand as a sign of their own."""
    head = data[: data.find(b"\n") + 1 or len(data)]
    try:
        head.decode("utf-8-sig")
        encoding = "utf-8-sig"
    except UnicodeDecodeError:
        encoding = "cp949"
    return io.TextIOWrapper(io.BytesIO(data), encoding=encoding, errors="replace", newline="")


def _places(head: Sequence[str]) -> dict[str, int]:
    """Where each column stands. NpsProblem naming those that are missing."""
    bare = ["".join(cell.replace("\ufeff", "").split()) for cell in head]
    places = {}
    for name, begins in HEADS.items():
        # `사업장업종코드` begins `사업장업종코드명` too: the shortest head is the one meant.
        fitting = sorted((len(cell), at) for at, cell in enumerate(bare) if cell.startswith(begins))
        if fitting:
            places[name] = fitting[0][1]
    if missing := [begins for name, begins in HEADS.items() if name not in places]:
        text = f"국민연금 가입 사업장 파일이 아닙니다. 없는 열: {', '.join(missing)}"
        raise NpsProblem("not_the_file", text)
    return places


def _workplace(line: int, cells: Sequence[str], width: int, places: Mapping[str, int], tally: Tally) -> Insured | None:
    if len(cells) != width:
        tally.faults.append((line, f"칸이 {len(cells)}개입니다({width}개여야 합니다)"))
        return None
    text = {name: cells[at].strip() for name, at in places.items()}
    if text["status"] != REGISTERED:
        if text["status"] == "2":
            tally.signed_off += 1
        else:
            tally.faults.append((line, f"가입상태 ‘{text['status'][:10]}’은(는) 1(등록)이나 2(탈퇴)가 아닙니다"))
        return None
    month = _month(text["month"])
    if month is None:
        tally.faults.append((line, f"자료생성년월 ‘{text['month'][:10]}’을(를) 읽을 수 없습니다"))
        return None
    for name in ("insured", "billed", "left"):
        if not _WHOLE.match(text[name]):
            tally.faults.append((line, f"{HEADS[name]} ‘{text[name][:20]}’은(는) 0 이상의 정수가 아닙니다"))
            return None
    sido, sigungu = text["sido"], text["sigungu"]
    return Insured(
        line=line, month=month, name=text["name"], number=text["number"][:6],
        region=f"{sido}{sigungu.zfill(3)}" if sido and sigungu else "",
        dong=text["dong"], lot=text["lot"], road=text["road"],
        insured=int(text["insured"]), billed=int(text["billed"]), left=int(text["left"]),
    )  # fmt: skip


@cache
def _month(text: str) -> date | None:
    match = _MONTH.match(text)
    try:
        return date(int(match[1]), int(match[2]), 1) if match else None
    except ValueError:
        return None
