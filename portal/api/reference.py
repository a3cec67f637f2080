"""The OpenAPI document as a page needs it: operations by resource, each with tables and examples ready to print."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.api import document

PREFIX = "/api/v1/"
#: The resources in the order they are explained, by the first part of their path.
RESOURCES = {
    "regions": _("지역"),
    "areas": _("통계 지역"),
    "clusters": _("밀집지역"),
    "cluster-tenants": _("밀집지역 입주기업 수"),
    "regional-industries": _("주축산업과 미래 신산업"),
    "indicators": _("지표"),
    "observations": _("관측값"),
    "feeds": _("자료원"),
    "suspects": _("이상값"),
    "rounds": _("판정 회차와 산출 결과"),
    "determinations": _("단계 결정"),
    "stage-on": _("그날의 단계"),
    "floors": _("하한 사유"),
    "reviews": _("재판정 검토"),
    "dossiers": _("결정 보관본"),
    "rule-sets": _("판정 기준"),
    "back-tests": _("사후검증"),
    "alarms": _("경보와 그 뒤"),
    "local-levels": _("지역 자체 단계"),
    "designations": _("다른 제도의 지정"),
    "entitlements": _("우대 대상 확인"),
    "measures": _("우대 제도"),
    "prevention-plans": _("위기예방계획"),
    "plan-obligations": _("예방계획 의무"),
    "plan-reports": _("예방계획 이행 보고"),
    "support-areas": _("특별지원지역"),
    "restructuring-centres": _("구조혁신지원센터"),
    "diagnoses": _("구조혁신 진단"),
    "conversion-plans": _("사업전환계획"),
    "conversion-milestones": _("사업전환 추진 단계"),
    "conversion-contacts": _("사업전환 접촉 기록"),
    "field-campaigns": _("현장 실태조사"),
    "field-results": _("현장 실태조사 결과"),
    "field-answers": _("현장 조사표"),
    "decline-statuses": _("인구감소지역 지정"),
    "special-zones": _("지역특구"),
    "fund-projects": _("기금 연계 사업"),
    "fund-reports": _("기금 연계 사업 반기 보고"),
    "difficulty-cases": _("위기·애로기업 사례"),
    "difficulty-actions": _("애로기업 조치"),
    "difficulty-notes": _("애로기업 접촉 기록"),
    "companies": _("기업"),
    "workplaces": _("사업장"),
    "company-figures": _("기업 실적"),
    "tiers": _("기업 등급"),
    "tier-history": _("기업 등급 이력"),
    "leading-firms": _("지역혁신 선도기업"),
}
# What stands in the examples for the parts of a path, and the query of each list's example.
_SAMPLES = {
    "scheme": "MOIS",
    "round": "2024H2",
    "area": "R48310",
    "sequence": "1",
    "version": "KR-SIGUNGU-DEMO-1",
    "business_number": "1248100998",
}
_UUID = "0b6cf5b1-5f0e-4f7c-9a55-2f0f3f6f1c11"
_CODES = {
    "field-campaigns": "48-2026Q3",
    "prevention-plans": "48-2026-1",
    "special-zones": "SZ-001",
    "fund-projects": "FP-2024-001",
    "difficulty-cases": "FD-2026-7KQ4MA",
    "restructuring-centres": "busan",
    "diagnoses": "CD-2026-0001",
    "conversion-plans": "CP-2026-0001",
    "regions": "48310",
    "areas": "R48310",
    "clusters": "C0001",
    "indicators": "CX_EMP",
    "feeds": "kicox-quarterly",
    "rounds": "2024H2",
}
_QUERIES = {
    "regions": "level=SIGUNGU&on=2026-07-01",
    "areas": "level=SIGUNGU&parent=R48",
    "observations": "area=R48310&period_from=2024-01&page_size=200",
    "back-tests": "rule_set=KR-SIGUNGU-DEMO-1",
    "alarms": "round=2024H2&model_stage=SEVERE",
    "local-levels": "on=2025-09-01",
    "suspects": "state=WAITING&area=R48310",
    "determinations": "in_force_on=2025-09-01",
    "floors": "on=2025-09-01",
    "reviews": "state=OPEN",
    "dossiers": "round=2024H2&after=100",
    "stage-on": "area=R48310,R48220&date=2025-09-01",
    "cluster-tenants": "region=48310&on=2026-01-31",
    "regional-industries": "region=48&on=2026-01-31",
    "companies": "region=48310&page_size=200",
    "workplaces": "region=48310&page_size=200",
    "company-figures": "business_number=1248100998&year_from=2023",
    "tiers": "on=2026-05-01&known_at=2026-06-30",
    "tier-history": "business_number=1248100998&recorded_since=2026-01-01",
    "leading-firms": "on=2026-05-01&region=48",
    "entitlements": "business_number=1248100998&date=2026-01-31&measure=KOSME-LEAP",
    "difficulty-cases": "region=48&state=OPEN",
    "difficulty-actions": "overdue=true",
    "difficulty-notes": "case=FD-2026-7KQ4MA",
    "measures": "status=SEVERE&on=2026-01-31",
    "plan-obligations": "sido=48&overdue=true",
    "decline-statuses": "sido=48&on=2026-01-31",
    "special-zones": "sido=48&on=2026-01-31",
    "fund-projects": "sido=48&year=2024",
    "fund-reports": "project=FP-2024-001&state=OWED",
    "restructuring-centres": "on=2026-01-31",
    "diagnoses": "sido=48&state=REQUESTED",
    "conversion-plans": "sido=48&joint=true",
    "conversion-milestones": "sido=48&overdue=true",
    "conversion-contacts": "plan=CP-2026-0001&since=2026-01-01",
    "plan-reports": "plan=48-2026-1&state=OWED",
    "field-campaigns": "sido=48&state=CONFIRMED",
    "field-results": "campaign=48-2026Q3&kind=INDEX&question=economy_next",
    "field-answers": "campaign=48-2026Q3&state=SUBMITTED",
    "results": "model_stage=SEVERE&fields=area,name_ko,rci,badge",
}
# Bodies that say more than one made from the schema would.
_BODIES = {
    "observations": {
        "rows": [{"area": "R48310", "indicator": "CX_EMP", "period": "2025Q3", "value": "12345", "status": "PRELIM"}]
    }
}
_BY_FORMAT = {"date": "2026-01-31", "date-time": "2026-01-31T09:00:00+09:00", "uuid": _UUID, "decimal": "12.5"}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: a parameter or a field."""

    name: str
    kind: str
    required: bool
    text: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    anchor: str
    method: str
    path: str
    summary: str
    text: str
    parameters: list[Line]
    body: list[Line]
    answer: list[Line]
    answer_code: str
    refusals: list[tuple[str, str]]
    example: str
    body_example: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    anchor: str
    title: Any
    operations: list[Operation] = field(default_factory=list)


@cache
def resources() -> list[Resource]:
    """Every resource of the API with its operations, in the order of `RESOURCES`."""
    made = document.document()
    found = {name: Resource(name, title) for name, title in RESOURCES.items()}
    for path, operations in made["paths"].items():
        name = path.removeprefix(PREFIX).split("/")[0]
        for method, operation in operations.items():
            found.setdefault(name, Resource(name, name)).operations.append(
                _operation(made, name, path, method.upper(), operation)
            )
    return list(found.values())


def _operation(made: dict[str, Any], resource: str, path: str, method: str, operation: dict[str, Any]) -> Operation:
    answers = operation["responses"]
    good = next(code for code in sorted(answers, reverse=True) if code.startswith("2"))
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answer = answers[good].get("content", {}).get("application/json", {}).get("schema", {})
    return Operation(
        anchor=operation["operationId"],
        method=method,
        path=path,
        summary=operation["summary"],
        text=operation.get("description", ""),
        parameters=[_parameter(made, each) for each in operation.get("parameters", [])],
        body=list(_lines(made, body)) if body else [],
        answer=list(_lines(made, answer)),
        answer_code=good,
        refusals=[(code, answers[code].get("description", "")) for code in sorted(answers) if code >= "400"],
        example=_example(resource, path, method),
        body_example=_body_example(made, resource, body) if body else "",
    )


def _example(resource: str, path: str, method: str) -> str:
    """The path with samples in it, and a query where it is a list."""
    if path.endswith("/results/"):
        resource_query = _QUERIES["results"]
    else:
        resource_query = "" if "{" in path or method != "GET" else _QUERIES.get(resource, "")
    filled = path
    for name, sample in {"code": _CODES.get(resource, "1"), **_SAMPLES}.items():
        filled = filled.replace(f"{{{name}}}", sample)
    filled = re.sub(r"\{(\w*)\}", lambda rest: _UUID if rest[1].endswith("public_id") else "1", filled)
    return f"{filled}?{resource_query}" if resource_query else filled


def _body_example(made: dict[str, Any], resource: str, body: dict[str, Any]) -> str:
    return json.dumps(_BODIES.get(resource) or _made_up(made, body), ensure_ascii=False)


def _made_up(made: dict[str, Any], schema: dict[str, Any]) -> Any:
    """A value such as the schema asks for: the first choice, one element, every field of an object."""
    schema = _resolved(made, schema)
    if "example" in schema:
        return schema["example"]
    if values := [value for value in schema.get("enum", []) if value]:
        return values[0]
    if "properties" in schema:
        return {name: _made_up(made, part) for name, part in schema["properties"].items() if not part.get("readOnly")}
    if schema.get("type") == "array":
        return [_made_up(made, schema["items"])]
    plain = {"integer": 1, "number": 1.5, "boolean": True, "string": "…"}
    return _BY_FORMAT.get(schema.get("format", ""), plain.get(schema.get("type", "")))


def _resolved(made: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with its reference followed; a lone `allOf` or the parts of a `oneOf` merged."""
    if "$ref" in schema:
        found: dict[str, Any] = made["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        return {**_resolved(made, found), **{k: v for k, v in schema.items() if k != "$ref"}}
    merged = dict(schema)
    for part in schema.get("allOf", []) + schema.get("oneOf", []):
        inner = _resolved(made, part)
        values = [*merged.get("enum", []), *inner.get("enum", [])]
        merged = {**inner, **merged}
        if values:
            merged["enum"] = values
    return merged


def _kind(schema: dict[str, Any]) -> str:
    words = {
        "integer": _("정수"),
        "boolean": _("참·거짓"),
        "object": _("객체"),
        "array": _("목록"),
        "number": _("숫자"),
    }
    formats = {
        "date": _("날짜"),
        "date-time": _("일시"),
        "uuid": "UUID",
        "decimal": _("숫자(문자열)"),
        "uri": _("주소"),
    }
    kind = formats.get(schema.get("format", "")) or words.get(schema.get("type", "")) or _("문자열")
    return f"{kind}, null" if schema.get("nullable") else str(kind)


def _parameter(made: dict[str, Any], parameter: dict[str, Any]) -> Line:
    schema = _resolved(made, parameter["schema"])
    inner = _resolved(made, schema["items"]) if schema.get("type") == "array" else schema
    values = tuple(str(value) for value in inner.get("enum", ()) if value not in ("", None))
    return Line(
        parameter["name"], _kind(schema), parameter.get("required", False), parameter.get("description", ""), values
    )


def _lines(made: dict[str, Any], schema: dict[str, Any], prefix: str = "") -> Iterator[Line]:
    """The fields of an object, nested ones under dotted names, those of a list's rows under `name[]`."""
    whole = _resolved(made, schema)
    required = set(whole.get("required", ()))
    for name, part in whole.get("properties", {}).items():
        inner = _resolved(made, part)
        values = tuple(str(value) for value in inner.get("enum", ()) if value not in ("", None))
        text = inner.get("description", "") if not values else part.get("description", "")
        yield Line(prefix + name, _kind(inner), name in required, text, values)
        if inner.get("type") == "array":
            yield from _lines(made, inner["items"], f"{prefix}{name}[].")
        elif inner.get("properties"):
            yield from _lines(made, inner, f"{prefix}{name}.")
