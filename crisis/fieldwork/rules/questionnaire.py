"""A questionnaire as data: business-survey topics, questions with several answers, free texts.

    {"topics": [{"code": "economy", "label": "경기", "ask": ["now", "next"], "words": ["나아짐", "비슷함", "나빠짐"]}],
     "multiple": [{"code": "causes", "label": "위기 원인", "most": 3, "required": true,
                   "choices": [["DEMAND", "수요 감소"], …]}],
     "texts": [{"code": "opinion", "label": "그 밖의 의견"}],
     "smallest": 5, "feeds": {"indicator": "BSI", "item": "economy_next"}}

Each topic asks for what was (`now`, 실적) and what is expected (`next`, 전망); its items are `<topic>_now` and
`<topic>_next`. Items and texts are fields of `companies.surveys.rules.definition`, read and judged by its rules.
`smallest`: results of fewer answers are hidden. `feeds`: which item becomes a reading of which indicator; may be absent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from companies.surveys.rules import answers as sheets
from companies.surveys.rules.definition import Definition, Field
from companies.surveys.rules.definition import parse as parse_fields
from portal.intake import cells

BETTER, SAME, WORSE = "BETTER", "SAME", "WORSE"
WORDS = ("나아짐", "비슷함", "나빠짐")
TIMES = {"now": "실적", "next": "전망"}
SMALLEST = 5
_CODE = re.compile(r"^[a-z][a-z0-9_]{0,29}$")
_CHOICE = re.compile(r"^[A-Z][A-Z0-9_]{0,29}$")
Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Multiple:
    """A question with several answers; at most `most` of them (0: any number)."""

    code: str
    label: str
    choices: tuple[tuple[str, str], ...]
    required: bool = False
    most: int = 0


@dataclass(frozen=True)
class Questionnaire:
    """`items`: the business-survey questions in their order; `definition`: items and texts as fields."""

    definition: Definition
    items: tuple[str, ...]
    multiples: tuple[Multiple, ...]
    smallest: int
    indicator: str = ""
    fed_item: str = ""

    @cached_property
    def multiple_by_code(self) -> Mapping[str, Multiple]:
        return {one.code: one for one in self.multiples}

    @property
    def texts(self) -> tuple[Field, ...]:
        return tuple(field for field in self.definition.fields if field.kind == "TEXT")

    def item(self, code: str) -> Field:
        return self.definition.by_code[code]


def parse(raw: Mapping[str, Any]) -> Questionnaire:
    """The questionnaire meant by a form's JSON. ValueError names every fault, one a line."""
    faults: list[str] = []
    fields: list[dict[str, Any]] = []
    for at, topic in enumerate(raw.get("topics", ()), 1):
        fields += _items(topic, at, faults)
    items = tuple(field["code"] for field in fields)
    if not items:
        faults.append("경기 조사 항목(실적·전망)이 하나도 없습니다.")
    fields += [
        {"code": one.get("code", ""), "label": one.get("label", ""), "kind": "TEXT", "head": "OTHER"}
        for one in raw.get("texts", ())
    ]
    multiples = tuple(
        found for at, one in enumerate(raw.get("multiple", ()), 1) if (found := _multiple(one, at, faults))
    )
    definition = Definition(())
    try:
        definition = parse_fields({"fields": fields}) if fields else definition
    except ValueError as fault:
        faults += str(fault).splitlines()
    codes = [*(field["code"] for field in fields), *(one.code for one in multiples)]
    if doubled := sorted({code for code in codes if codes.count(code) > 1}):
        faults.append(f"항목 코드가 겹칩니다: {', '.join(doubled)}")
    smallest = raw.get("smallest", SMALLEST)
    if not isinstance(smallest, int) or not 3 <= smallest <= 50:
        faults.append("공개하는 가장 작은 응답 수는 3부터 50까지의 정수여야 합니다.")
    feeds = raw.get("feeds") or {}
    if feeds and (feeds.get("item") not in items or not feeds.get("indicator")):
        faults.append(f"지표로 낼 항목 ‘{feeds.get('item', '')}’이(가) 조사 항목에 없거나 지표 코드가 없습니다.")
    if faults:
        raise ValueError("\n".join(dict.fromkeys(faults)))
    return Questionnaire(definition, items, multiples, smallest, feeds.get("indicator", ""), feeds.get("item", ""))


def _items(topic: Mapping[str, Any], at: int, faults: list[str]) -> list[dict[str, Any]]:
    where, code, label = f"{at}번째 주제", str(topic.get("code", "")), str(topic.get("label", "")).strip()
    words, asked = tuple(topic.get("words") or WORDS), tuple(topic.get("ask") or TIMES)
    if not _CODE.match(code) or not label:
        faults.append(f"{where}: 영문 소문자 코드와 이름을 적어 주세요.")
        return []
    if len(words) != 3 or len(set(words)) != 3:
        faults.append(f"{where}: 답하는 말은 좋음·같음·나쁨의 순서로 서로 다른 세 낱말이어야 합니다.")
    if strange := [one for one in asked if one not in TIMES]:
        faults.append(f"{where}: 묻는 때는 now(실적)와 next(전망)뿐입니다: {', '.join(map(str, strange))}")
    choices = [list(pair) for pair in zip((BETTER, SAME, WORSE), words, strict=False)]
    return [
        {
            "code": f"{code}_{when}", "label": f"{label} {TIMES[when]}", "kind": "CHOICE", "head": "TREND",
            "required": bool(topic.get("required", True)), "choices": choices,
        }
        for when in TIMES if when in asked
    ]  # fmt: skip


def _multiple(one: Mapping[str, Any], at: int, faults: list[str]) -> Multiple | None:
    where, before = f"{at}번째 복수 응답 항목", len(faults)
    code, label = str(one.get("code", "")), str(one.get("label", "")).strip()
    choices = tuple((str(key), str(word).strip()) for key, word in one.get("choices", ()))
    if not _CODE.match(code) or not label:
        faults.append(f"{where}: 영문 소문자 코드와 이름을 적어 주세요.")
    if len(choices) < 2 or any(not _CHOICE.match(key) or not word for key, word in choices):
        faults.append(f"{where}: 선택지는 둘 이상, ‘영문 대문자 코드, 말’로 적어 주세요.")
    if len({key for key, _ in choices}) < len(choices) or len({word for _, word in choices}) < len(choices):
        faults.append(f"{where}: 선택지가 겹칩니다.")
    if any("," in word for _, word in choices):
        faults.append(f"{where}: 선택지의 말에는 쉼표를 쓸 수 없습니다. 파일에서 답을 쉼표로 나눕니다.")
    most = int(one.get("most") or 0)
    return None if len(faults) > before else Multiple(code, label, choices, bool(one.get("required")), most)


def read_several(question: Multiple, raw: Any) -> list[str] | None:
    """The chosen codes in the form's order, from a list or from words apart by commas. ValueError says what is wrong."""
    if isinstance(raw, list | tuple):
        parts = [str(part) for part in raw]
    elif cells.is_blank(raw):
        return None
    else:
        parts = re.split(r"[,;/\n]", str(raw))
    written = {cells.narrow(part) for part in parts if cells.narrow(part)}
    found = [code for code, word in question.choices if {code, cells.narrow(word)} & written]
    known = {code for code, _ in question.choices} | {cells.narrow(word) for _, word in question.choices}
    if strange := sorted(written - known):
        offered = ", ".join(word for _, word in question.choices)
        raise ValueError(f"‘{strange[0][:40]}’은(는) ‘{question.label}’의 선택지가 아닙니다. 쓸 수 있는 말: {offered}")
    if question.most and len(found) > question.most:
        raise ValueError(
            f"‘{question.label}’은(는) {question.most}개까지 고를 수 있습니다. {len(found)}개를 골랐습니다."
        )
    return found or None


def faults(form: Questionnaire, answers: Answers, *, complete: bool) -> dict[str, list[str]]:
    """What is wrong, by code: values nobody could have chosen always, missing answers if it must be `complete`."""
    found = sheets.faults(form.definition, answers, complete=complete)
    for code, value in answers.items():
        field = form.definition.by_code.get(code)
        if field is not None and field.kind == "CHOICE" and value not in dict(field.choices):
            found.setdefault(code, []).append(f"‘{field.label}’에 없는 선택지입니다.")
    for question in form.multiples:
        chosen = answers.get(question.code)
        if chosen is not None:
            try:
                read_several(question, chosen)
            except ValueError as fault:
                found.setdefault(question.code, []).append(str(fault))
        elif complete and question.required:
            found.setdefault(question.code, []).append(f"‘{question.label}’을(를) 하나 이상 골라 주세요.")
    return found


def unknown(form: Questionnaire, answers: Answers) -> list[str]:
    """Codes that the form does not ask for."""
    return sorted(set(answers) - set(form.definition.by_code) - set(form.multiple_by_code))


def written(form: Questionnaire, code: str, kept: Any) -> str:
    """A kept answer as forms and files write it; empty if unanswered."""
    if kept is None:
        return ""
    if (question := form.multiple_by_code.get(code)) is not None:
        words = dict(question.choices)
        return ", ".join(words.get(one, one) for one in kept)
    return sheets.written(form.definition.by_code[code], kept)
