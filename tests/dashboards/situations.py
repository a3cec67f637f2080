"""Rounds with results, as the worker would have left them, for the pages to show."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from crisis.enums import AreaLevel, DeterminationState, RoundState, RunKind, RunState, Stage
from crisis.models import Area, AreaMembership, Determination, Result, Round, RuleSet, Run, RunShard
from network.models import AgendaItem, Council, Meeting
from tests.factories.crisis import RULES, IndicatorFactory, RuleSetFactory, nation_area
from tests.factories.directory import ALWAYS, OrganizationFactory, RegionFactory, UserFactory, nation

#: Records of real areas of 2017 and 2018, exactly as the engine wrote them: `R31170@2017H2` and so on.
RECORDS = json.loads((Path(__file__).parent / "records.json").read_text(encoding="utf-8"))
INDICATORS = {"EXP": ("수출액", "M", "천달러"), "E9": ("외국인 근로자", "Q", "명"), "POP": ("주민등록인구", "M", "명")}
DEADLINES = {"2017H1": (date(2017, 5, 1), date(2017, 7, 10)), "2017H2": (date(2017, 11, 1), date(2018, 1, 10)),
             "2018H1": (date(2018, 5, 1), date(2018, 7, 10)), "2026H2": (date(2026, 11, 1), date(2027, 1, 10)),
             "2099H2": (date(2099, 11, 1), date(2100, 1, 10))}  # fmt: skip


def rule_set() -> RuleSet:
    """The rules of the real records: three indicators, thresholds 40 and 70."""
    found = RuleSet.objects.filter(version="TEST-BOARD").first()
    if found:
        return found
    for code, (name, frequency, unit) in INDICATORS.items():
        IndicatorFactory(code=code, name_ko=name, frequency=frequency, unit=unit)
    one = RULES["indicators"]["EXP"]
    indicators = {code: {**one, "freq": freq} for code, (_, freq, _) in INDICATORS.items()}
    indicators["EXP"]["window_months"] = 12
    del indicators["E9"]["window_months"]
    body = {**RULES, "version": "TEST-BOARD", "order": ["EXP", "E9", "POP"], "indicators": indicators}
    since = DateRange(date(2012, 1, 1), None)
    return RuleSetFactory(version="TEST-BOARD", title="시험 기준", body=body, effective=since)


def a_round(code: str = "2017H2", **more) -> Round:
    month, day = DEADLINES[code]
    facts = {
        "reference_month": month,
        "cutoff": datetime(day.year, day.month, day.day, 14, 59, 59, tzinfo=UTC),
        "rule_set": rule_set(),
        "state": RoundState.OPEN if code > "2026" else RoundState.EVALUATED,
    }
    return Round.objects.create(code=code, **(facts | more))


def a_run(round: Round, kind: str = RunKind.OFFICIAL, state: str = RunState.DONE, **more) -> Run:
    facts = {
        "rule_set": round.rule_set,
        "ruleset_sha256": round.rule_set.sha256,
        "engine_version": "rci-test",
        "known_at": round.cutoff,
    }
    if state == RunState.DONE:
        facts |= {"output_digest": "0" * 64, "input_digest": "1" * 64, "finished_at": timezone.now()}
    return Run.objects.create(round=round, kind=kind, state=state, **(facts | more))


def province(code: str = "R48", name: str = "시험남도", short: str = "시험") -> Area:
    """A 시·도 area of its own region, part of the nation."""
    region = RegionFactory(code=code.removeprefix("R"), name_ko=name, short_name_ko=short, scheme="MOIS")
    area = Area.objects.create(code=code, level=AreaLevel.SIDO, name_ko=name, region=region, effective=ALWAYS)
    AreaMembership.objects.create(area=area, parent=nation_area(), effective=ALWAYS)
    return area


def district(parent: Area, code: str, name: str = "") -> Area:
    """A 시·군·구 area of a 시·도."""
    region = RegionFactory(
        sigungu=True, code=code.removeprefix("R"), name_ko=name or f"{code}시", parent=parent.region, scheme="MOIS"
    )
    area = Area.objects.create(
        code=code, level=AreaLevel.SIGUNGU, name_ko=name or f"{code}시", region=region, effective=ALWAYS
    )
    AreaMembership.objects.create(area=area, parent=parent, effective=ALWAYS)
    return area


def a_result(run: Run, area: Area, stage: str | None = Stage.GOOD, rci: str | None = "10.0", **more) -> Result:
    """What the engine would say; `record` takes a real record instead of an invented one."""
    public = more.pop("record", None) or invented(area, stage, rci)
    facts = {
        "status": public["status"],
        "grade": public["grade"],
        "coverage": Decimal(public["coverage"]),
        "ca": number(public["CA"]),
        "cr": number(public["CR"]),
        "rci": number(public["RCI"]),
        "view": public["view"] or "",
        "raw_stage": public["raw_stage"],
        "model_stage": public["model_stage"],
        "previous_stage": public["previous_stage"],
        "held": bool(public["held"]),
        "watch": public["watch"],
        "rho": number(public["rho"]),
        "badge": public["badge"] or "",
        "official": run.kind == RunKind.OFFICIAL,
        "digest": f"{area.pk:064d}",
    }
    return Result.objects.create(run=run, area=area, public=public, **(facts | more))


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def invented(area: Area, stage: str | None, rci: str | None) -> dict:
    """A record like the engine's around one index, from a real one. No stage: 양호 carried on from the round before."""
    enough = stage is not None
    carried = stage or Stage.GOOD.value
    return RECORDS["R31170@2017H2" if enough else "R41670@2017H2"] | {
        "area": area.code,
        "level": area.level,
        "RCI": rci,
        "CA": rci if enough else None,
        "CR": rci if enough else None,
        "raw_stage": stage,
        "score_stage": stage,
        "model_stage": carried,
        "previous_stage": carried,
        "carried": not enough,
        "contributions": {"EXP": rci or "0", "E9": "0.00", "POP": "0.00"} if enough else {},
    }


class Situation:
    """Two 시·도 with districts, and a round in which one district is at 심각, one at 주의, one at 양호, one on hold."""

    def __init__(self, code: str = "2017H2", *, kind: str = RunKind.OFFICIAL, nation_ca: str = "1.0", **more) -> None:
        nation()
        self.country = nation_area()
        self.south, self.north = province("R48", "시험남도", "남도"), province("R47", "시험북도", "북도")
        self.severe = district(self.south, "R48310", "심각시")
        self.caution = district(self.south, "R48220", "주의시")
        self.good = district(self.south, "R48120", "양호시")
        self.held_back = district(self.north, "R47110", "보류시")
        self.round = a_round(code, **more)
        self.run = a_run(self.round, kind)
        self.results = {
            "severe": a_result(self.run, self.severe, Stage.SEVERE, "85.3", previous_rci=Decimal("47.8"),
                               previous_stage=Stage.CAUTION),
            "caution": a_result(self.run, self.caution, Stage.CAUTION, "55.0", previous_rci=Decimal("60.0")),
            "good": a_result(self.run, self.good, Stage.GOOD, "12.0"),
            "held_back": a_result(self.run, self.held_back, None, "82.4"),
            "south": a_result(self.run, self.south, Stage.CAUTION, "45.0"),
            "north": a_result(self.run, self.north, Stage.GOOD, "5.0"),
            "nation": a_result(self.run, self.country, Stage.GOOD, nation_ca),
        }  # fmt: skip

    def more_districts(self, count: int) -> None:
        for at in range(count):
            a_result(self.run, district(self.south, f"R4890{at:03d}"), Stage.CAUTION, "50.0")


def decision(
    result: Result, *, stage: str | None = None, state: str = DeterminationState.CONFIRMED, **more
) -> Determination:
    """A determination of a council of the area's office, in force since the start of 2018."""
    body = OrganizationFactory()
    council = Council.objects.create(organization=body, name_ko="시험협의회")
    meeting = Meeting.objects.create(council=council, number=1, held_on=date(2018, 1, 24))
    item = AgendaItem.objects.create(meeting=meeting, number=1, title="단계 결정")
    decided = stage or result.model_stage
    facts = {
        "model_stage": result.model_stage,
        "proposed_stage": result.model_stage,
        "stage": decided,
        "state": state,
    }
    if decided != result.model_stage:
        facts |= {"reason_code": "OTHER", "reason_text": "현장에서 확인한 회복"}
    if state == DeterminationState.CONFIRMED:
        facts |= {
            "confirmed_at": timezone.now(),
            "confirmed_by": UserFactory(),
            "effective": DateRange(date(2018, 1, 24), None),
        }
    return Determination.objects.create(
        area=result.area, round=result.run.round, result=result, agenda_item=item, **(facts | more)
    )


def shards(run: Run, area: Area, *, done: bool) -> RunShard:
    return RunShard.objects.create(run=run, area=area, done_at=timezone.now() if done else None)
