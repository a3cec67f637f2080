"""A record as a paper: title, facts, tables and texts, in order. What draws it (PDF, HWPX) decides nothing."""

from dataclasses import asdict, dataclass, field
from typing import Any

from crisis.dossiers.documents import words

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Block:
    """One part: a `heading`, `facts` (pairs), a `table` (head and rows; `numbers`: columns set right) or a `text`."""

    kind: str
    text: str = ""
    rows: list[list[str]] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. `mark` is printed on every page: number, SHA-256 and, of invented data, 예시."""

    title: str
    subtitle: str
    mark: str
    sha256: str
    demo: bool
    blocks: list[Block]

    def to_json(self) -> Record:
        return asdict(self)


def paper_of(record: Record, sha256: str) -> Paper:
    """The paper of a record of either kind. KeyError for a record of another format."""
    made = _minutes(record) if record["kind"] == "MINUTES" else _determination(record)
    title, subtitle, demo, blocks = made
    mark = f"보관본 제{record['sequence']}호 · SHA-256 {sha256[:16]}"
    return Paper(title, subtitle, mark, sha256, demo, [*blocks, *_seal(record, sha256)])


def _seal(record: Record, sha256: str) -> list[Block]:
    later = "결정한 뒤에 만든 보관본" if record["made"] == "LATER" else "확정과 함께 만든 보관본"
    return [
        Block("heading", "보관 정보"),
        Block(
            "facts",
            rows=[
                ["보관본 번호", f"제{record['sequence']}호 ({later})"],
                ["보관 일시", words.moment(record["made_at"])],
                ["SHA-256", sha256],
                ["앞 보관본의 SHA-256", words.or_none(record["previous"])],
            ],
        ),
        Block(
            "text",
            "이 문서는 보관본(JSON)만으로 만들었다. 포털의 ‘결정 보관본’ 화면이나 manage.py verify_dossiers 명령으로 "
            "내용이 바뀌지 않았는지, 그때의 자료로 같은 결과가 나오는지 확인할 수 있다.",
        ),
    ]


def _determination(record: Record) -> tuple[str, str, bool, list[Block]]:
    decision, area = record["decision"], record["area"]
    title = "지역중소기업 위기징후 단계 결정서" + (" (정정)" if decision["correction"] else "")
    blocks = [
        Block("heading", "결정"),
        Block("facts", rows=_decision_facts(record)),
        *_floors(record["floors"]),
        Block("heading", "산출 근거"),
        Block("facts", rows=_result_facts(record)),
        _indicators(record),
        Block("heading", "협의회 의결"),
        Block("facts", rows=_vote_facts(record["meeting"], record["item"])),
        _members(record["members"], record["item"]["number"]),
        *_opinions(record["members"], [record["item"]]),
        *_texts(("심의 요지", record["minutes"]["item"]), ("회의록", record["minutes"]["meeting"])),
        Block("heading", "판정 기준과 입력 자료"),
        Block("facts", rows=_source_facts(record)),
        _inputs(record),
    ]
    return title, f"{_place(area)} · {record['round']['title']}", decision["demo"], blocks


def _place(area: Record) -> str:
    """Where it is, in one name: a cluster after its region, a region once."""
    return f"{area['region']} {area['name']}" if area["level"] == "CLUSTER" else str(area["region"])


def _decision_facts(record: Record) -> list[list[str]]:
    decision, area = record["decision"], record["area"]
    rows = [
        ["지역", f"{_place(area)} ({area['level_label']}, {area['code']})"],
        ["회차", f"{record['round']['title']} (기준월 {words.month(record['round']['reference_month'])})"],
        ["결정 단계", words.stage(decision["stage"])],
        ["적용 기간", words.span(decision["from"], decision["before"])],
        ["앞의 단계", words.stage(decision["stage_before"]) if decision["stage_before"] else "결정 없음"],
        ["모형 단계", words.stage(decision["model_stage"])],
        ["하한 단계", words.stage(decision["floor_stage"]) if decision["floor_stage"] else "없음"],
        ["제안 단계", words.stage(decision["proposed_stage"])],
    ]
    if decision["departs"]:
        rows.append(["제안과 다른 사유", f"{decision['reason_label']}: {decision['reason_text']}"])
    if decision["field_survey"]:
        rows.append(["현장조사 근거", decision["field_survey"]])
    if decision["correction"]:
        old = decision["correction"]
        rows.append(["정정한 결정", f"제{old['sequence']}호 ({words.stage(old['stage'])}), SHA-256 {old['sha256']}"])
        rows.append(["정정 사유", decision["correction_reason"]])
    person = decision["confirmed_by"] or {}
    rows.append(["확정", f"{words.moment(decision['confirmed_at'])} {person.get('name', '')}".strip()])
    return rows


def _floors(floors: list[Record]) -> list[Block]:
    if not floors:
        return []
    rows = [
        [
            one["kind_label"] + (f" ({one['share']}%)" if one["share"] else ""),
            words.stage(one["stage"]),
            words.span(one["from"], one["before"]),
            one["evidence"] + (f" [첨부 {one['file']}, SHA-256 {one['file_sha256'][:16]}]" if one["file"] else ""),
        ]
        for one in floors
    ]
    return [
        Block("heading", "하한 사유"),
        Block("table", "하한 사유", rows, ["종류", "하한 단계", "기간", "근거"], [22, 14, 24, 40]),
    ]


def _result_facts(record: Record) -> list[list[str]]:
    public = record["result"]["public"]
    return [
        [
            "위기지수",
            f"{words.number(public['RCI'])} (절대 {words.number(public['CA'])}, 상대 {words.number(public['CR'])})",
        ],
        [
            "산출 단계",
            f"{words.stage(public['raw_stage'])} (지난 회차 {words.stage(public['previous_stage']) if public['previous_stage'] else '없음'})",
        ],
        ["자료 등급", f"{public['grade']} (자료 비율 {public['coverage']})"],
        ["견고성", f"{words.BADGES.get(public['badge'], public['badge'])} (ρ {words.number(public['rho'])})"],
        ["결과 SHA-256", record["result"]["digest"]],
    ]


def _indicators(record: Record) -> Block:
    public, rows = record["result"]["public"], []
    for indicator in record["indicators"]:
        one = public["indicators"].get(indicator["code"], {})
        flags = [words.FLAGS.get(flag, flag) for flag in one.get("flags", [])]
        if one.get("reason"):
            flags.append(words.NO_DATA.get(one["reason"], one["reason"]))
        rows.append(
            [
                indicator["name"],
                words.month(one.get("period")),
                words.number(one.get("c")),
                words.number(one.get("a")),
                words.number(one.get("d")),
                words.number(one.get("sA")),
                words.number(one.get("sR")),
                words.number(public["contributions"].get(indicator["code"])),
                ", ".join(flags) or words.NONE,
            ]
        )
    head = ["지표", "평가월", "악화도 c", "압력 a", "격차 d", "절대", "상대", "기여", "표시"]
    return Block("table", "지표별 산출", rows, head, [20, 11, 11, 11, 11, 8, 8, 8, 12], [2, 3, 4, 5, 6, 7])


def _vote_facts(meeting: Record, item: Record) -> list[list[str]]:
    how = "기명" if item["by_name"] else "집계"
    return [
        ["회의", f"{meeting['council']} 제{meeting['number']}차 회의 ({words.day(meeting['held_on'])}, {words.or_none(meeting['place'])})"],
        ["재적·출석", f"재적 {meeting['enrolled']}명, 출석 {meeting['present']}명"],
        ["안건", f"제{item['number']}호 {item['title']}"],
        ["표결", _votes(item) + f" ({how}), {item['outcome_label']}"],
    ]  # fmt: skip


def _votes(item: Record) -> str:
    counts = [words.or_none(item[name]) for name in ("votes_for", "votes_against", "abstentions")]
    recused = f", 제척·기피·회피 {item['recused']}" if item["recused"] else ""
    return f"찬성 {counts[0]}, 반대 {counts[1]}, 기권 {counts[2]}{recused}"


def _members(members: list[Record], number: int) -> Block:
    rows = []
    for member in members:
        part = next((one for one in member["votes"] if one["item"] == number), None)
        voted = words.CHOICES[part["choice"]] if part else words.NONE
        if part and part["recusal"]:
            voted = f"{part['recusal_label']}: {part['recusal_reason']}"
        attended = "출석" if member["present"] else "결석"
        rows.append([member["position_label"], member["name"], words.or_none(member["affiliation"]), attended, voted])
    return Block("table", "위원과 표결", rows, ["구분", "이름", "소속", "출석", "표결"], [12, 20, 30, 12, 26])


def _opinions(members: list[Record], items: list[Record]) -> list[Block]:
    said = [f"제{item['number']}호: {item['dissent']}" for item in items if item["dissent"]]
    for member in members:
        said += [f"{member['name']}: {part['dissent']}" for part in member["votes"] if part["dissent"]]
    return [Block("heading", "소수 의견"), *[Block("text", one) for one in said]] if said else []


def _texts(*parts: tuple[str, str]) -> list[Block]:
    found: list[Block] = []
    for title, text in parts:
        if text.strip():
            found += [Block("heading", title), *[Block("text", line) for line in text.splitlines() if line.strip()]]
    return found


def _source_facts(record: Record) -> list[list[str]]:
    rules, run = record["rule_set"], record["run"]
    return [
        ["판정 기준", f"{rules['title']} ({rules['version']})" + (" · 시범 기준" if rules["trial"] else "")],
        ["승인 문서", words.or_none(rules["document"])],
        ["기준 SHA-256", rules["sha256"]],
        ["산식 판", run["engine_version"]],
        ["자료 시점", f"{words.moment(run['known_at'])} (관측 번호 {run['seq_high']}까지)"],
        ["회차 입력 SHA-256", run["input_digest"]],
        ["회차 결과 SHA-256", run["output_digest"]],
        ["이 지역 입력 자료", f"{len(record['inputs']['lines'])}건"],
        ["이 지역 입력 SHA-256", record["inputs"]["digest"]],
    ]


def _inputs(record: Record) -> Block:
    """The area's readings: one row a month, one column an indicator; X withdrawn, P preliminary, V verified."""
    names = {one["code"]: one["name"] + (f"({one['unit']})" if one["unit"] else "") for one in record["series"]}
    cells: dict[str, dict[str, str]] = {}
    codes: list[str] = []
    for line in record["inputs"]["lines"]:
        code, month, value, unit, flags = line.split("|")
        if code not in codes:
            codes.append(code)
        shown = words.number(value) + (f" {unit}" if unit else "") + (f" ({flags})" if flags else "")
        cells.setdefault(month, {})[code] = shown
    rows = [[words.month(month), *[cells[month].get(code, words.NONE) for code in codes]] for month in sorted(cells)]
    head = ["달", *[names.get(code, code) for code in codes]]
    share = 86 // len(codes) if codes else 86
    return Block("table", "입력 자료", rows, head, [14, *[share] * len(codes)], list(range(1, len(head))))


def _minutes(record: Record) -> tuple[str, str, bool, list[Block]]:
    meeting, minutes = record["meeting"], record["minutes"]
    person = minutes["approved_by"] or {}
    blocks = [
        Block("heading", "회의"),
        Block(
            "facts",
            rows=[
                ["협의회", f"{meeting['council']} 제{meeting['number']}차 회의"],
                ["일시·장소", f"{words.day(meeting['held_on'])} {words.or_none(meeting['place'])}"],
                ["재적·출석", f"재적 {meeting['enrolled']}명, 출석 {meeting['present']}명"],
                ["개의·폐회", f"{words.moment(meeting['opened_at'])} ~ {words.moment(meeting['closed_at'])}"],
                ["승인", f"{words.moment(minutes['approved_at'])} {person.get('name', '')}".strip()],
                ["첨부", f"{minutes['file']} (SHA-256 {minutes['file_sha256']})" if minutes["file"] else "없음"],
            ],
        ),
        Block("heading", "안건과 의결"),
        Block(
            "table",
            "안건과 의결",
            [[f"제{item['number']}호", item["title"], _votes(item), item["outcome_label"]] for item in record["items"]],
            ["번호", "안건", "표결", "결과"],
            [10, 46, 32, 12],
        ),
        *_texts(("회의록", minutes["text"])),
    ]
    for item in record["items"]:
        if item["by_name"]:
            blocks += [Block("heading", f"제{item['number']}호 표결"), _members(record["members"], item["number"])]
    blocks += _opinions(record["members"], record["items"])
    rows = [
        [f"제{one['sequence']}호", f"{one['name']} ({one['area']})", words.stage(one["stage"]), one["sha256"]]
        for one in record["decisions"]
    ]
    if rows:
        blocks += [
            Block("heading", "이 회의의 단계 결정"),
            Block("table", "이 회의의 단계 결정", rows, ["보관본", "지역", "결정 단계", "SHA-256"], [11, 21, 12, 56]),
        ]
    return "지역중소기업 지원협의회 회의록", f"{meeting['council']} 제{meeting['number']}차", record["demo"], blocks
