"""Why an area stands at its stage, in sentences made from the public record alone (method §4-§7). No database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portal.dashboards.korean import with_particle
from portal.kernel import display

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Indicator:
    """What the sentences need to know of an indicator. `window` counts months; `direction` +1: higher is worse."""

    code: str
    name: str
    is_rate: bool
    direction: int
    window: int
    quarterly: bool
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """T1, T2 and how far below a threshold the index must fall before the stage does."""

    caution: Decimal
    severe: Decimal
    step: Decimal


@dataclass(frozen=True, slots=True)
class Paragraph:
    title: str
    sentences: Sequence[str]


def story(record: Record, indicators: Mapping[str, Indicator], marks: Thresholds) -> list[Paragraph]:
    """Everything the record says about its stage, most important first. Empty paragraphs are left out."""
    parts = [
        Paragraph(_("한마디로"), [headline(record, marks), *hysteresis(record, marks), *spread(record)]),
        Paragraph(_("무엇이 움직였나"), drivers(record, indicators)),
        Paragraph(_("두 관점"), views(record)),
        Paragraph(_("자료는 충분한가"), [*evidence(record), *flags(record, indicators), *missing(record, indicators)]),
        Paragraph(_("단계가 바뀔 여지"), [*robustness(record, marks), *watch(record)]),
    ]
    return [part for part in parts if part.sentences]


def headline(record: Record, marks: Thresholds) -> str:
    """The index against the thresholds, or why there is no stage."""
    if record["status"] != "OK":
        return insufficient(record)
    index = Decimal(record["RCI"])
    figures = {"index": display.number(index, 1), "caution": display.number(marks.caution),
               "severe": display.number(marks.severe)}  # fmt: skip
    if index >= marks.severe:
        return _("위기지수는 %(index)s점으로 심각 기준(%(severe)s점) 이상입니다.") % figures
    if index >= marks.caution:
        return (
            _("위기지수는 %(index)s점으로 주의 기준(%(caution)s점) 이상, 심각 기준(%(severe)s점) 미만입니다.") % figures
        )
    return _("위기지수는 %(index)s점으로 주의 기준(%(caution)s점) 미만입니다.") % figures


def insufficient(record: Record) -> str:
    """판정보류 and what the model carries on meanwhile."""
    if record["reason"] == "TOO_SMALL":
        text = _("사업체가 너무 적어(%(n)s개) 단계를 정하지 않았습니다.") % {"n": display.number(record["n"])}
    else:
        text = _("쓸 수 있는 지표의 비중이 %(share)s에 그쳐 단계를 정하지 않았습니다.") % {
            "share": _share(record["coverage"])
        }
    if record["carried"]:
        carried = display.stage_word(record["model_stage"])
        text += " " + _("다음 회차와 견줄 때는 지난 회차의 모형 단계(%(stage)s)를 이어 씁니다.") % {"stage": carried}
    return text + " " + _("협의회는 현장조사 근거가 있을 때만 단계를 정할 수 있습니다.")


def hysteresis(record: Record, marks: Thresholds) -> list[str]:
    """Why the stage stays above what this round's figures alone would give."""
    if not record["held"]:
        return []
    return [
        _(
            "이번 회차 자료만 보면 %(raw)s 단계입니다. 그러나 지난 회차의 단계가 %(previous)s이고, "
            "단계를 내리려면 지수가 기준보다 %(step)s점 넘게 낮아야 하며 한 회차에 한 단계만 내려오므로, "
            "%(model)s 단계로 둡니다(하향 유보)."
        )
        % {
            "raw": display.stage_word(record["raw_stage"]),
            "previous": display.stage_word(record["previous_stage"]),
            "step": display.number(marks.step),
            "model": display.stage_word(record["model_stage"]),
        }
    ]


def spread(record: Record) -> list[str]:
    """For areas made of others: how much of their employment lies in alarmed members."""
    reach = record["spread"]
    if not reach:
        return []
    text = _("소속 지역 고용의 %(p1)s가 주의 이상, %(p2)s가 심각 단계에 있습니다.") % {
        "p1": display.percent(reach["p1"]),
        "p2": display.percent(reach["p2"]),
    }
    if record["raw_stage"] != record["score_stage"]:
        text += " " + _("그래서 지수만 본 단계(%(score)s)보다 나쁜 %(raw)s 단계가 됩니다.") % {
            "score": display.stage_word(record["score_stage"]),
            "raw": display.stage_word(record["raw_stage"]),
        }
    return [text]


def drivers(record: Record, indicators: Mapping[str, Indicator]) -> list[str]:
    """One sentence an indicator, the largest contribution first."""
    shares = {code: Decimal(text) for code, text in record["contributions"].items()}
    ordered = sorted(shares, key=lambda code: -shares[code])
    return [_driver(record, indicators[code], shares[code]) for code in ordered if code in indicators]


def _driver(record: Record, indicator: Indicator, share: Decimal) -> str:
    entry = record["indicators"][indicator.code]
    nation = ""
    if entry["nation_c"] is not None:
        nation = _("(전국 %(change)s)") % {"change": change_noun(Decimal(entry["nation_c"]), indicator)}
    told = [
        _("%(subject)s %(change)s%(nation)s.")
        % {
            "subject": with_particle(indicator.name, "은/는"),
            "change": change_in_words(Decimal(entry["c"]), indicator, entry["period"]),
            "nation": nation,
        },
        _mixing(entry),
        _momentum(entry),
        _("점수 %(score)s점에 비중 %(weight)s를 곱해 %(share)s점을 보탰습니다.")
        % {
            "score": display.number(entry["sR"] if record["view"] == "REL" else entry["sA"], 1),
            "weight": _share(record["weights"].get(indicator.code, "0")),
            "share": display.number(share, 1),
        },
    ]
    return " ".join(filter(None, told))


def _size(change: Decimal, indicator: Indicator) -> str:
    return display.points(abs(change)) if indicator.is_rate else display.percent(abs(change))


def change_in_words(c: Decimal, indicator: Indicator, period: str) -> str:
    """`2017년 11월까지 12개월 값이 1년 전 같은 기간보다 15.7% 줄었습니다` from c, whose positive side is the worse."""
    change = c * indicator.direction
    values = {"period": display.period(period), "months": indicator.window, "size": _size(change, indicator)}
    if indicator.window > 1:
        when = _("%(period)s까지 %(months)s개월 값이 1년 전 같은 기간") % values
    else:
        when = _("%(period)s 값이 1년 전") % values
    values["when"] = when
    if round(change, 1) == 0:
        return _("%(when)s과 거의 같습니다") % values
    if change < 0:
        return _("%(when)s보다 %(size)s 줄었습니다") % values
    return _("%(when)s보다 %(size)s 늘었습니다") % values


def change_noun(c: Decimal, indicator: Indicator) -> str:
    """`15.7% 줄어듦`: the change itself, up or down as it is, not as better or worse."""
    change = c * indicator.direction
    size = {"size": _size(change, indicator)}
    if round(change, 1) == 0:
        return _("변화 없음")
    return _("%(size)s 줄어듦") % size if change < 0 else _("%(size)s 늘어남") % size


def _mixing(entry: Mapping[str, Any]) -> str:
    own = Decimal(entry["B"])
    if own >= 1:
        return ""
    return _("기업 수가 적어 지역 값 %(own)s에 상위지역 값 %(rest)s를 섞었습니다(신뢰도).") % {
        "own": display.percent(100 * own, 0),
        "rest": display.percent(100 - 100 * own, 0),
    }


def _momentum(entry: Mapping[str, Any]) -> str:
    if entry["c_shrunk_prev6"] is None:
        return ""
    faster = Decimal(entry["c_shrunk"]) - Decimal(entry["c_shrunk_prev6"])
    if round(faster, 1) == 0:
        return ""
    if faster > 0:
        text = _("반년 전보다 %(points)s 나빠져 그 절반을 더했습니다.")
    else:
        text = _("반년 전보다 %(points)s 나아져 그 절반을 뺐습니다.")
    return text % {"points": display.points(abs(faster))}


def views(record: Record) -> list[str]:
    """The absolute and the relative score, and which one counts."""
    if record["status"] != "OK":
        return []
    figures = {"ca": display.number(record["CA"], 1), "cr": display.number(record["CR"], 1)}
    if record["CR"] is None:
        return [_("절대 관점(1년 전의 자신과 견줌) %(ca)s점만 씁니다. 전국과 견줄 값이 없거나 부족합니다.") % figures]
    text = _("절대 관점(1년 전의 자신과 견줌)은 %(ca)s점, 상대 관점(전국과 견줌)은 %(cr)s점입니다.") % figures
    if record["view"] == "REL":
        return [text, _("더 나쁜 상대 관점이 위기지수가 됩니다. 전국보다 뚜렷이 더 나빠졌다는 뜻입니다.")]
    return [text, _("더 나쁜 절대 관점이 위기지수가 됩니다.")]


def evidence(record: Record) -> list[str]:
    """The grade of the data and what it rests on."""
    words = {"A": _("충분"), "B": _("보통"), "C": _("제한"), "D": _("부족")}
    return [
        _(
            "자료 등급은 %(grade)s(%(word)s)입니다. 지표 비중의 %(coverage)s를 썼고, 흠을 감안한 품질은 %(quality)s, "
            "평균 신뢰도는 %(mean)s입니다."
        )
        % {
            "grade": record["grade"],
            "word": words[record["grade"]],
            "coverage": _share(record["coverage"]),
            "quality": _share(record["quality"]),
            "mean": display.number(record["mean_B"], 2),
        }
    ]


def _flag_words() -> dict[str, str]:
    return {
        "STALE": _("가장 최근 달의 값이 없어 앞선 달로 계산"),
        "PARTIAL_WINDOW": _("기간 가운데 빠진 달이 있음"),
        "PROVISIONAL": _("잠정치가 들어 있음"),
        "NO_MOMENTUM": _("반년 전 값이 없어 속도를 보지 못함"),
        "NO_PARENT": _("섞을 상위지역 값이 없음"),
        "NO_EXPOSURE": _("기업 수를 몰라 신뢰도를 절반으로 둠"),
    }


def flags(record: Record, indicators: Mapping[str, Indicator]) -> list[str]:
    """What is wrong with the figures that were used, indicator by indicator."""
    words = _flag_words()
    told = []
    for code, entry in record["indicators"].items():
        if entry["flags"] and entry["status"] == "OK":
            faults = ", ".join(words.get(flag, flag) for flag in entry["flags"])
            told.append(_("%(name)s: %(faults)s.") % {"name": _name(code, indicators), "faults": faults})
    return told


def missing(record: Record, indicators: Mapping[str, Indicator]) -> list[str]:
    """Indicators that were not used, and why."""
    reasons: dict[str, Callable[[Mapping[str, Any]], str]] = {
        "NO_RECENT_DATA": lambda entry: _("쓸 수 있는 최근 자료가 없어 뺐습니다."),
        "BASE_NONPOSITIVE": lambda entry: _("1년 전 값이 0이어서 견줄 수 없어 뺐습니다."),
        "SUSPECT_CHANGE": lambda entry: (
            _(
                "1년 전과의 차이(%(c)s%%)가 너무 커서 담당자가 확인할 때까지 뺐습니다. "
                "값이 맞으면 지표 자료에서 확인 표시를 해 주세요."
            )
            % {"c": display.number(abs(Decimal(entry["c"])), 1)}
        ),
    }
    return [
        _("%(name)s: %(why)s") % {"name": _name(code, indicators), "why": reasons[entry["reason"]](entry)}
        for code, entry in record["indicators"].items()
        if entry["status"] != "OK" and entry["reason"] in reasons
    ]


def robustness(record: Record, marks: Thresholds) -> list[str]:
    """How firm the stage is, what would tip it, and how far the nearest threshold lies."""
    if record["badge"] is None:
        return []
    words = {"ROBUST": _("견고"), "MODERATE": _("보통"), "SENSITIVE": _("민감")}
    shaken = {
        "number": display.number(record["scenarios"]),
        "share": _share(record["rho"]),
        "word": words[record["badge"]],
    }
    told = [
        _("가중치·기준·신뢰도를 %(number)s가지로 바꾸어 다시 계산하면 %(share)s에서 같은 단계가 나옵니다(%(word)s).")
        % shaken
    ]
    best, worst = record["badge_best"], record["badge_worst"]
    if best != worst:
        told.append(
            _("가장 좋게 보면 %(best)s, 가장 나쁘게 보면 %(worst)s입니다.")
            % {"best": display.stage_word(best), "worst": display.stage_word(worst)}
        )
    threshold = marks.caution if record["nearest_threshold"] == "T1" else marks.severe
    name = _("주의") if record["nearest_threshold"] == "T1" else _("심각")
    above = Decimal(record["RCI"]) >= threshold
    far = {"name": name, "threshold": display.number(threshold), "margin": display.number(record["margin"], 1)}
    if above:
        told.append(_("가장 가까운 기준은 %(name)s(%(threshold)s점)이고, 지수가 그보다 %(margin)s점 높습니다.") % far)
    else:
        told.append(_("가장 가까운 기준은 %(name)s(%(threshold)s점)이고, 지수가 그보다 %(margin)s점 낮습니다.") % far)
    return told


def watch(record: Record) -> list[str]:
    if not record["watch"]:
        return []
    return [_("이번 회차의 지수는 양호 수준이지만 핵심 지표 하나가 100점에 이르러 현장조사를 권합니다(관찰).")]


def changes(explained: Mapping[str, Any], indicators: Mapping[str, Indicator]) -> list[str]:
    """What moved the index since the last round, from `crisis.rules.explain.explain_change`."""
    told = []
    if explained["difference"] is not None:
        difference = Decimal(explained["difference"])
        before = {"before": display.number(explained["RCI_before"], 1), "now": display.number(explained["RCI_now"], 1),
                  "difference": display.number(abs(difference), 1)}  # fmt: skip
        if difference > 0:
            told.append(_("지수가 %(before)s점에서 %(now)s점으로 %(difference)s점 올랐습니다.") % before)
        elif difference < 0:
            told.append(_("지수가 %(before)s점에서 %(now)s점으로 %(difference)s점 내렸습니다.") % before)
        else:
            told.append(_("지수가 지난 회차와 같습니다(%(now)s점).") % before)
    if explained["ruleset_changed"]:
        told.append(_("판정 기준이 바뀌어 지난 회차와 바로 견줄 수 없습니다."))
    if explained["view_changed"]:
        told.append(_("지난 회차와 다른 관점(절대·상대)이 쓰였습니다."))
    events = {
        "APPEARED": _("자료가 새로 들어왔습니다."),
        "DISAPPEARED": _("자료가 빠졌습니다."),
        "DATA_CHANGED": _("더한 소속 지역의 수가 달라졌습니다."),
    }
    for event in explained["data_events"]:
        told.append(
            _("자료 변동 — %(name)s: %(event)s")
            % {"name": _name(event["indicator"], indicators), "event": events[event["event"]]}
        )
    return told


def _name(code: str, indicators: Mapping[str, Indicator]) -> str:
    return indicators[code].name if code in indicators else code


def _share(text: str) -> str:
    """A share of one as percent without decimals."""
    return display.percent(100 * Decimal(text), 0)
