"""Short words for table cells: flags, reasons, scenarios, changes. Whole sentences are the board's."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from crisis import rules
from crisis.workbench.selectors.evidence import Tip


def flag(name: str) -> str:
    """Why an indicator counts half in the quality of the data."""
    return {
        "STALE": _("최근 달 없음"),
        "PARTIAL_WINDOW": _("빠진 달 있음"),
        "PROVISIONAL": _("잠정치"),
        "NO_MOMENTUM": _("반년 전 값 없음"),
        "NO_PARENT": _("상위지역 값 없음"),
        "NO_EXPOSURE": _("기업 수 모름"),
    }.get(name, name)


def reason(entry: Mapping[str, Any]) -> str:
    """Why an indicator was not used; empty when it was."""
    if entry["status"] == "OK":
        return ""
    return {
        "NO_RECENT_DATA": _("쓸 수 있는 최근 자료 없음"),
        "BASE_NONPOSITIVE": _("1년 전 값이 0이라 견줄 수 없음"),
        "SUSPECT_CHANGE": _("변화가 너무 커서 확인을 기다림"),
    }.get(entry["reason"] or "", entry["reason"] or "")


def event(name: str | None) -> str:
    """How the data behind an indicator changed since the last round: 자료 변동."""
    return {
        "APPEARED": _("자료 변동: 새로 들어옴"),
        "DISAPPEARED": _("자료 변동: 빠짐"),
        "DATA_CHANGED": _("자료 변동: 더한 소속 지역 수가 달라짐"),
    }.get(name or "", "")


def scenario(one: rules.Scenario, names: Mapping[str, str]) -> str:
    """A scenario in words: `수출액 제외`, `주의·심각 기준을 5점 낮춤`."""
    name = names.get(one.indicator, one.indicator)
    fixed = {
        ("THRESHOLD", "-5"): _("주의·심각 기준을 5점 낮춤"),
        ("THRESHOLD", "+5"): _("주의·심각 기준을 5점 높임"),
        ("MOMENTUM", "0"): _("속도를 보지 않음(λ=0)"),
        ("MOMENTUM", "1"): _("속도를 모두 더함(λ=1)"),
    }
    if (one.kind, one.change) in fixed:
        return fixed[one.kind, one.change]
    return {
        "ANCHORS": _("기준점 간격을 %(times)s배로") % {"times": one.change},
        "CREDIBILITY": _("신뢰도 상수 k를 %(times)s배로") % {"times": one.change},
        "WEIGHT": _("%(name)s 비중을 %(times)s배로") % {"name": name, "times": one.change},
        "DROP": _("%(name)s 제외") % {"name": name},
        "RANDOM": _("무작위 가중치 %(number)s번") % {"number": one.change},
    }.get(one.kind, one.kind)


def tip_lines(tips: Sequence[Tip], names: Mapping[str, str]) -> list[tuple[str, str | None]]:
    """(scenario in words, stage it gives), the random weights gathered into one line a stage at the end."""
    lines = [(scenario(tip.scenario, names), tip.stage) for tip in tips if tip.scenario.kind != "RANDOM"]
    random = Counter(tip.stage for tip in tips if tip.scenario.kind == "RANDOM")
    return lines + [(_("무작위 가중치 %(count)s가지") % {"count": count}, stage) for stage, count in random.items()]


def changed(path: str, names: Mapping[str, str], dimensions: Mapping[str, str]) -> str:
    """What a what-if changed, by its path in the rule set; `dimensions` are the rule set's names of its dimensions."""
    fixed = {
        "T1": _("주의 기준(T1)"),
        "T2": _("심각 기준(T2)"),
        "hysteresis": _("하향 여유(h)"),
        "momentum": _("속도 반영(λ)"),
    }
    if path in fixed:
        return fixed[path]
    kind, _dot, rest = path.partition(".")
    if kind == "dimensions":
        return _("부문 비중: %(name)s") % {"name": dimension(rest, dimensions)}
    code, _dot, field = rest.partition(".")
    name = names.get(code, code)
    return _("%(name)s 비중") % {"name": name} if field else _("%(name)s 끔") % {"name": name}


def dimension(code: str, given: Mapping[str, str]) -> str:
    """What a group of indicators is called: by the rule set itself (`given`), else by the factor of decree §30②."""
    legal = {"EMPINC": _("고용·소득"), "SALES": _("매출·생산"), "SITES": _("사업장"), "OTHER": _("그 밖의 지표")}
    return given.get(code) or legal.get(code, code)
