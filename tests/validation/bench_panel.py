"""A panel of CSV files brought into the portal's own books, and judged round by round as the worker does."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from crisis.models import Area, AreaMembership, Indicator, Round, Run
from crisis.rules.files import COLUMNS
from crisis.services import approve_rule_set, draft_rule_set, open_round, record_batch
from crisis.services.observation_checks import NewReading
from portal.directory.models import Region
from portal.kernel.dates import end_of_day, parse_month
from tests.crisis.panels import evaluate
from tests.factories.directory import ALWAYS, UserFactory, nation


def rows_of(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def bring_in(folder: Path, observations: str, until: str) -> list[Round]:
    """Areas, figures (each known when it was published), the rule set approved, the rounds opened up to `until`."""
    user, rules = UserFactory(), json.loads((folder / "ruleset.json").read_text(encoding="utf-8"))
    areas = _areas(rows_of(folder / "areas.csv"))
    written = rows_of(folder / observations)
    for code in sorted({row["indicator"] for row in written}):
        body = rules["indicators"].get(code, {})
        Indicator.objects.get_or_create(
            code=code,
            defaults={
                "name_ko": code, "unit": "1", "frequency": body.get("freq", "M"), "kind": body.get("kind", "LEVEL"),
                "direction": body.get("direction", -1),
            },
        )  # fmt: skip
    series = dict(Indicator.objects.values_list("code", "pk"))
    readings = (
        NewReading(
            area_id=areas[row["area"]],
            indicator_id=series[row["indicator"]],
            period=parse_month(row["period"]),
            value=Decimal(row["value"]) if row["value"] not in ("", "X") else None,
            unit="1",
            status=row["status"],
            known_at=end_of_day(date.fromisoformat(row["known_at"])),
        )
        for row in written
    )
    record_batch(kind="REFERENCE", title=folder.name, rows=readings, actor=user, reason="검증", may_backdate=True)
    levels = sorted({row["level"] for row in rows_of(folder / "areas.csv")})
    draft = draft_rule_set(title=folder.name, body=rules, levels=levels, actor=user)
    approve_rule_set(rule_set=draft, start=date(1980, 1, 1), document="검증 자료의 기준", actor=user)
    return [
        open_round(
            reference_month=parse_month(row["reference_month"]),
            cutoff=end_of_day(date.fromisoformat(row["cutoff"])),
            code=row["round"],
        )
        for row in rows_of(folder / "rounds.csv")
        if row["round"] <= until
    ]


def _areas(rows: list[dict[str, str]]) -> dict[str, int]:
    """The tree of the file as areas with regions of their own; code → key."""
    regions: dict[str, Region] = {}
    areas: dict[str, Area] = {}
    for number, row in enumerate(rows):
        code, level = row["area"], row["level"]
        if level == "NATION":
            regions[code] = nation()
        else:
            regions[code] = Region.objects.create(
                scheme="BENCH", code=f"B{number}", level=level, name_ko=code, short_name_ko=code, effective=ALWAYS,
                parent=regions[row["parent"]],
            )  # fmt: skip
        areas[code] = Area.objects.create(code=code, level=level, name_ko=code, region=regions[code], effective=ALWAYS)
        if row["parent"]:
            AreaMembership.objects.create(area=areas[code], parent=areas[row["parent"]], effective=ALWAYS)
    return {code: area.pk for code, area in areas.items()}


def judged(rounds: list[Round]) -> Iterator[Run]:
    """Each round's official run, walked as the worker's tasks walk it: frozen, cut by 시·도, sealed."""
    for found in rounds:
        yield evaluate(found)


def lines(run: Run, order: list[str], level: str) -> list[dict[str, str]]:
    """A run's stored results of one level as the expected file writes them (without its digest)."""
    written = []
    for result in run.results.filter(area__level=level).select_related("area").order_by("area__code"):
        public = result.public
        cells = {"round": run.round.code} | {name: public[name] for name in COLUMNS[1:]}
        cells |= {f"contrib_{code}": public["contributions"].get(code) for code in order}
        written.append({name: "" if value is None else str(value) for name, value in cells.items()})
    return written
