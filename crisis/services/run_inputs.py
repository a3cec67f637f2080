"""What a run computes from: the tree of areas, the readings as known at its cut-off, the previous model stages."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np
from django.db import connection

from crisis import rules
from crisis.models import Area, AreaMembership, Indicator, Result, Round, Run
from crisis.rules.months import first_month
from portal.kernel.dates import month_index, month_of

TreeRows = list[list[str | None]]

# One fixed-width record a row, so that COPY's binary form can be read as one numpy array.
_RECORD = np.dtype(
    [
        ("count", ">i2"),
        *(
            part
            for name, kind in [
                ("area", ">i8"),
                ("indicator", ">i4"),
                ("period", ">i4"),
                ("mantissa", ">i8"),
                ("places", ">i4"),
                ("flags", ">i4"),
            ]
            for part in [(f"{name}_length", ">i4"), (name, kind)]
        ),
    ]
)
_HEADER_BYTES = 19  # signature, flags and the length of an empty header extension
_TRAILER_BYTES = 2

# The winning row of each (area, indicator, period): newest known_at, then latest recorded, nothing after the cut-off
# and nothing recorded after the run froze its inputs (method §3). Values come in the catalogue's own unit.
_WINNERS = """
SELECT area_id,
       indicator_id::int,
       (extract(year FROM period) * 12 + extract(month FROM period) - 1)::int,
       coalesce((value * 10::numeric ^ scale(trim_scale(value)))::bigint, 0),
       coalesce(scale(trim_scale(value)), 0),
       (value IS NULL)::int + 2 * (status = 'PRELIM')::int + 4 * verified::int
  FROM (SELECT DISTINCT ON (o.area_id, o.indicator_id, o.period)
               o.area_id, o.indicator_id, o.period, o.value * coalesce(u.factor, 1) AS value, o.status, o.verified
          FROM crisis_observation o
          LEFT JOIN crisis_indicatorunit u ON u.indicator_id = o.indicator_id AND u.unit = o.unit
         WHERE o.area_id = ANY(%(areas)s) AND o.indicator_id = ANY(%(indicators)s)
           AND o.period BETWEEN %(first)s AND %(last)s
           AND o.known_at <= %(known_at)s AND o.id <= %(seq_high)s
         ORDER BY o.area_id, o.indicator_id, o.period, o.known_at DESC, o.id DESC) AS winners
 ORDER BY area_id, indicator_id, period
"""


def tree_for(round: Round, levels: Sequence[str]) -> TreeRows:
    """The areas of a round as `[code, parent code, level]` by code: those of the rule set's levels that existed in the
    reference month, each under the parent it had then."""
    day = round.reference_month
    parents = dict(AreaMembership.objects.in_force_on(day).values_list("area__code", "parent__code"))
    areas = Area.objects.in_force_on(day).of_level(*levels).order_by("code").values_list("code", "level")
    kept = {code for code, _ in areas}
    return [[code, parents.get(code) if parents.get(code) in kept else None, level] for code, level in areas]


def as_tree(rows: TreeRows) -> rules.Tree:
    return rules.Tree(rules.AreaNode(code=str(row[0]), parent=row[1], level=str(row[2])) for row in rows)


def shard_tops(tree: rules.Tree) -> list[str]:
    """The areas right below the nation: each is the top of one shard."""
    roots = {node.code for node in tree.nodes if node.parent is None}
    return [node.code for node in tree.nodes if node.parent in roots]


def readings(
    *,
    codes: Iterable[str],
    rule_set: rules.RuleSet,
    reference_month: int,
    known_at: datetime,
    seq_high: int,
) -> rules.Readings:
    """The winning readings of some areas for a run, withdrawn ones included, in columns."""
    areas = dict(Area.objects.filter(code__in=list(codes)).values_list("pk", "code"))
    indicators = {
        row.pk: row for row in Indicator.objects.filter(code__in=rule_set.series_codes).only("pk", "code", "unit")
    }
    table = _copy(
        _WINNERS,
        {
            "areas": list(areas),
            "indicators": list(indicators),
            "first": month_of(first_month(reference_month)),
            "last": month_of(reference_month),
            "known_at": known_at,
            "seq_high": seq_high,
        },
    )
    units = {pk: _unit_for(rule_set, row) for pk, row in indicators.items()}
    series = table["indicator"].tolist()
    return rules.Readings.from_columns(
        [areas[pk] for pk in table["area"].tolist()],
        [indicators[pk].code for pk in series],
        table["period"].astype(np.int64),
        scaled=(table["mantissa"].astype(np.int64), table["places"].astype(np.int64)),
        prelim=(table["flags"] & 2) > 0,
        verified=(table["flags"] & 4) > 0,
        withdrawn=(table["flags"] & 1) > 0,
        units=[units[pk] for pk in series],
    )


def _unit_for(rule_set: rules.RuleSet, indicator: Indicator) -> str | None:
    """The catalogue's unit where the rule set speaks of another one (it then converts); None where they agree."""
    wanted = rule_set.indicators[indicator.code].unit if indicator.code in rule_set.indicators else None
    return None if wanted in {None, "", indicator.unit} else indicator.unit


def _copy(sql: str, parameters: dict[str, object]) -> np.ndarray:
    """The rows of a query whose columns are all fixed-width and never null, through COPY's binary form."""
    buffer = io.BytesIO()
    with connection.cursor() as cursor:
        statement = cursor.mogrify(sql, parameters).decode()
        cursor.copy_expert(f"COPY ({statement}) TO STDOUT (FORMAT binary)", buffer)
    body = buffer.getbuffer()[_HEADER_BYTES : buffer.tell() - _TRAILER_BYTES]
    return np.frombuffer(body, dtype=_RECORD)


def previous_stages(run: Run) -> dict[str, str | None]:
    """Model stages of the run before, by area code. The chain never uses what a council decided (method §8)."""
    if run.previous_id is None:
        return {}
    return dict(Result.objects.filter(run=run.previous_id).values_list("area__code", "model_stage"))


def reference_index(round: Round) -> int:
    return month_index(round.reference_month)
