"""Bad files: every fault named by file, line and column, all at once; nothing written."""

from __future__ import annotations

import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from crisis.rules.tables import MOST_SHOWN

RULESET = json.loads((Path(__file__).parent / "data" / "crisis_golden.json").read_text(encoding="utf-8"))["ruleset"]
GOOD = {
    "areas": "area,parent,level\nKR,,NATION\nA,KR,CLUSTER\nB,KR,CLUSTER\n",
    "observations": "area,indicator,period,value,known_at,status\n"
    + "".join(
        f"{area},{code},{year}-{month:02d},{value + year - 2025},{year}-{month:02d}-28,FINAL\n"
        for area in "AB"
        for code, value in (("EMP", 100), ("EST", 10), ("DEL", 1))
        for year in (2024, 2025, 2026)
        for month in range(1, 6)
    ),
    "rounds": "round,reference_month,cutoff\n2026H1,2026-05,2026-07-10\n",
    "ruleset": json.dumps(RULESET),
}


class Files:
    """The four input files in a folder, and the command run on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in GOOD.items():
            self.write(name, text)

    def write(self, name: str, content: str | bytes) -> None:
        data = content if isinstance(content, bytes) else content.encode("utf-8")
        (self.folder / name).write_bytes(data)

    def run(self, **options: Any) -> tuple[int, str, str]:
        """(exit status, standard output, standard error)"""
        out, err = StringIO(), StringIO()
        paths = {name: self.folder / name for name in GOOD} | {"out": self.folder / "out.csv"} | options
        try:
            call_command("evaluate_rounds", **paths, stdout=out, stderr=err)
        except SystemExit as stop:
            return int(stop.code or 0), out.getvalue(), err.getvalue()
        return 0, out.getvalue(), err.getvalue()

    @property
    def written(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if path.name not in GOOD)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_good_files(files: Files) -> None:
    status, out, err = files.run()
    assert (status, err) == (0, "")
    assert "1개 회차 2줄" in out
    lines = (files.folder / "out.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("round,area,status,grade,coverage,CA,CR,RCI,view,raw_stage,model_stage,held,rho,badge")
    assert lines[0].endswith("contrib_EMP,contrib_EST,contrib_DEL")
    assert [line.split(",")[1] for line in lines[1:]] == ["A", "B"]
    assert files.written == ["out.csv"]


def test_gzip_byte_order_mark_and_optional_columns(files: Files) -> None:
    files.run()
    plain = (files.folder / "out.csv").read_bytes()
    head, *rows = GOOD["observations"].splitlines()
    more = [f"{head},unit,seq,verified,batch"] + [f"{row},,{n},false,첫째" for n, row in enumerate(rows)]
    files.write("observations", gzip.compress(("\ufeff" + "\n".join(more)).encode()))
    assert files.run()[0] == 0
    assert (files.folder / "out.csv").read_bytes() == plain


def test_later_rows_after_the_cutoff_do_not_count(files: Files) -> None:
    files.run()
    plain = (files.folder / "out.csv").read_bytes()
    files.write("observations", GOOD["observations"] + "A,EMP,2026-05,1,2026-07-11,FINAL\n")
    files.run()
    assert (files.folder / "out.csv").read_bytes() == plain
    files.write("observations", GOOD["observations"] + "A,EMP,2026-05,1,2026-07-10T23:00:00+09:00,FINAL\n")
    files.run()
    assert (files.folder / "out.csv").read_bytes() != plain


def test_unknown_units_are_named_and_left_out(files: Files) -> None:
    rows = GOOD["observations"].replace("FINAL\n", "FINAL,평\n")
    files.write("observations", rows.replace("status\n", "status,unit\n"))
    status, _, err = files.run()
    assert status == 0
    assert "90건" in err
    assert "UNIT_UNKNOWN" in err


OBSERVATION = "area,indicator,period,value,known_at,status\n"
BAD: list[tuple[str, str | bytes, list[str]]] = [
    ("areas", "", ["areas: 빈 파일입니다"]),
    ("areas", "area,parent,level\n", ["areas: 머리글만 있고"]),
    ("areas", "area,parent\nKR,\n", ["areas 1행 'level' 열: 꼭 있어야 하는 열이 없습니다"]),
    ("areas", "area,parent,level,area\nKR,,NATION,KR\n", ["areas 1행 'area' 열: 같은 열이 두 번"]),
    ("areas", "area,parent,level,name\nKR,,NATION,x\n", ["areas 1행 'name' 열: 알 수 없는 열"]),
    ("areas", "area,parent,level\nKR,,NATION\nA,KR\n", ["areas 3행: 칸이 2개입니다. 머리글처럼 3개"]),
    ("areas", "area,parent,level\nKR,,NATION\nA,KR,C\nA,KR,C\nB,KR,C\n", ["areas 4행 'area' 열: 'A'은(는) 3행에 이미"]),
    ("areas", "area,parent,level\nKR,,NATION\nA,XX,C\nB,KR,C\n", ["areas 3행 'parent' 열: 상위 지역 'XX'"]),
    ("areas", "area,parent,level\nKR,,NATION\nA,B,C\nB,A,C\n", ["3행 'parent' 열: 'A'의 상위", "4행 'parent'"]),
    ("areas", "area,parent,level\nA,,C\nB,,C\n", ["areas 'area' 열: 판정 기준의 reference_area 'KR'"]),
    ("areas", 'area,parent,level\nKR,,NATION\n"A,KR,C\n', ["따옴표가 맞지 않습니다"]),
    ("observations", "지역,값\n".encode("cp949"), ["observations 1행: UTF-8이 아닙니다"]),
    ("observations", OBSERVATION + "Z,EMP,2026-05,1,2026-06-01,FINAL\n", ["observations 2행 'area' 열: 'Z'"]),
    ("observations", OBSERVATION + "A,XYZ,2026-05,1,2026-06-01,FINAL\n", ["observations 2행 'indicator' 열: 'XYZ'"]),
    ("observations", OBSERVATION + "A,EMP,2026-13,1,2026-06-01,FINAL\n", ["2행 'period' 열: '2026-13'은(는) 달이"]),
    ("observations", OBSERVATION + "A,EMP,2026-05,1e5,2026-06-01,FINAL\n", ["2행 'value' 열: '1e5'"]),
    ("observations", OBSERVATION + 'A,EMP,2026-05,"1,000",2026-06-01,FINAL\n', ["2행 'value' 열: '1,000'"]),
    ("observations", OBSERVATION + "A,EMP,2026-05,NaN,2026-06-01,FINAL\n", ["2행 'value' 열: 'NaN'"]),
    ("observations", OBSERVATION + "A,EMP,2026-05,1,2026-06-31,FINAL\n", ["2행 'known_at' 열: '2026-06-31'"]),
    ("observations", OBSERVATION + "A,EMP,2026-05,1,,FINAL\n", ["2행 'known_at' 열: 비어 있습니다"]),
    ("observations", OBSERVATION + "A,EMP,2026-05,1,2026-06-01,final?\n", ["2행 'status' 열: 'final?'"]),
    (
        "observations",
        OBSERVATION.replace("status", "status,seq,verified") + "A,EMP,2026-05,1,2026-06-01,FINAL,x,maybe\n",
        ["2행 'verified' 열: 'maybe'", "2행 'seq' 열: 'x'"],
    ),
    (
        "observations",
        OBSERVATION.replace("status", "status,seq") + "A,EMP,2026-05,1,2026-06-01,FINAL,7\n" * 2,
        ["observations 3행 'seq' 열: 2행과 같은 자료"],
    ),
    ("observations", gzip.compress(OBSERVATION.encode())[:-9], ["observations: 압축이 깨졌거나"]),
    ("rounds", "round,reference_month,cutoff\nH1,2026-05,2026-7-10\n", ["rounds 2행 'cutoff' 열: '2026-7-10'"]),
    ("rounds", "round,reference_month,cutoff\nH1,0000-00,2026-07-10\n", ["rounds 2행 'reference_month' 열"]),
    (
        "rounds",
        "round,reference_month,cutoff\nH2,2026-11,2027-01-10\nH1,2026-05,2026-07-10\n",
        ["rounds 3행 'reference_month' 열: 앞 회차보다 나중"],
    ),
    (
        "rounds",
        "round,reference_month,cutoff\nH1,2026-05,2026-07-10\nH2,2026-05,2027-01-10\n",
        ["rounds 3행 'reference_month' 열: 앞 회차보다 나중"],
    ),
    (
        "rounds",
        "round,reference_month,cutoff\nH1,2026-05,2026-07-10\nH1,2026-11,2027-01-10\n",
        ["rounds 3행 'round' 열: 회차 'H1'은(는) 2행에 이미"],
    ),
    ("ruleset", "{", ["ruleset 1행: JSON 형식이 아닙니다"]),
    ("ruleset", "[]", ["ruleset: 판정 기준은 JSON 객체"]),
    ("ruleset", '{"T1": "40", "T1": "41"}', ["ruleset: 같은 이름이 두 번 있습니다: T1"]),
    ("ruleset", json.dumps(RULESET | {"T2": "30"}), ["'T2' 항목: 심각 기준(T2)은 주의 기준(T1)보다"]),
    ("ruleset", json.dumps(RULESET).replace('"0.5"', "NaN", 1), ["NaN은(는) 쓸 수 없는 숫자"]),
]


@pytest.mark.parametrize(("name", "content", "sentences"), BAD, ids=[f"{b[0]}-{n}" for n, b in enumerate(BAD)])
def test_bad_file(files: Files, name: str, content: str | bytes, sentences: list[str]) -> None:
    files.write(name, content)
    status, out, err = files.run()
    assert (status, out) == (2, "")
    for sentence in sentences:
        assert sentence in err
    assert "Traceback" not in err
    assert files.written == []


def test_all_faults_of_all_files_at_once(files: Files) -> None:
    files.write("areas", "area,parent,level\nKR,,NATION\nA,KR,CLUSTER\nB,XX,CLUSTER\n")
    files.write("rounds", "round,reference_month,cutoff\n2026H1,May,2026-07-10\n")
    files.write("observations", GOOD["observations"] + "A,EMP,2026-05,many,2026-06-01,FINAL\n")
    files.write("ruleset", json.dumps(RULESET | {"momentum": "half"}))
    status, _, err = files.run()
    assert status == 2
    for part in ("areas 4행 'parent'", "rounds 2행 'reference_month'", "observations 92행 'value'", "'momentum' 항목"):
        assert part in err
    assert "모두 4건" in err


def test_many_faults_are_counted(files: Files) -> None:
    files.write("observations", OBSERVATION + "Z,EMP,2026-05,1,2026-06-01,FINAL\n" * 120)
    status, _, err = files.run()
    assert status == 2
    assert err.count("observations") == MOST_SHOWN
    assert "이 밖에 70건" in err


def test_missing_files_folders_and_levels(files: Files) -> None:
    gone = files.folder / "gone"
    assert "gone: 파일이 없습니다" in files.run(areas=gone)[2]
    assert "폴더입니다" in files.run(areas=files.folder)[2]
    assert "폴더 " in files.run(out=gone / "out.csv")[2]
    assert "덮어쓰게" in files.run(out=files.folder / "areas")[2]
    status, _, err = files.run(level="DONG")
    assert status == 2
    assert "'DONG' 지역이 없습니다. 있는 것은 CLUSTER, NATION입니다" in err
    assert files.written == []
    assert (files.folder / "areas").read_text(encoding="utf-8") == GOOD["areas"]


def test_an_earlier_result_stays_when_the_files_are_bad(files: Files) -> None:
    files.run()
    before = (files.folder / "out.csv").read_bytes()
    files.write("areas", "area,parent,level\n")
    assert files.run()[0] == 2
    assert (files.folder / "out.csv").read_bytes() == before
