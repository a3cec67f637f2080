"""The statements behind the recording of figures. Rows are staged by COPY, judged as a set, written as a set."""

STAGED_COLUMNS = (
    "number", "area_id", "indicator_id", "period", "value", "unit", "status", "known_at", "verified", "note", "seen",
)  # fmt: skip

CLEAR = "DROP TABLE IF EXISTS staged_reading, judged_reading"

STAGE = f"""{CLEAR};
CREATE TEMPORARY TABLE staged_reading (
    number int NOT NULL, area_id bigint NOT NULL, indicator_id bigint NOT NULL, period date NOT NULL,
    value numeric(24, 6), unit text, status text, known_at timestamptz, verified boolean, note text, seen bigint
) ON COMMIT DROP
"""

# The cells of a batch that is to be undone.
STAGE_CELLS_OF = """
INSERT INTO staged_reading (number, area_id, indicator_id, period)
SELECT row_number() OVER (), area_id, indicator_id, period
  FROM (SELECT DISTINCT area_id, indicator_id, period FROM crisis_observation WHERE batch_id = %(batch)s) AS cells
"""

LOCK_AREAS = """
SELECT id FROM crisis_area WHERE id IN (SELECT area_id FROM staged_reading) ORDER BY id FOR NO KEY UPDATE
"""

STRANGE_AREAS = """
SELECT number FROM staged_reading AS staged
 WHERE NOT EXISTS (SELECT FROM crisis_area WHERE id = staged.area_id) ORDER BY number LIMIT 100
"""

# Each row meets its predecessor: the row of the books that is current at its moment, or an earlier row of the same
# batch if that one is as late. SAME rows need no writing, MOVED ones rest on a row that is no longer current.
JUDGE = """
CREATE TEMPORARY TABLE judged_reading ON COMMIT DROP AS
WITH dated AS (
    SELECT *, coalesce(known_at, %(now)s) AS moment FROM staged_reading
), chained AS (
    SELECT *,
           lag(moment) OVER cell AS before_moment, lag(value) OVER cell AS before_value,
           lag(unit) OVER cell AS before_unit, lag(status) OVER cell AS before_status,
           lag(verified) OVER cell AS before_verified
      FROM dated
    WINDOW cell AS (PARTITION BY area_id, indicator_id, period ORDER BY moment, number)
)
SELECT chained.number, area_id, indicator_id, period, chained.value, chained.unit, chained.status, chained.moment,
       chained.verified, chained.note,
       CASE
           WHEN before_moment IS NOT NULL AND (book.known_at IS NULL OR before_moment >= book.known_at) THEN
               CASE WHEN (before_value, before_unit, before_status, before_verified)
                         IS NOT DISTINCT FROM (chained.value, chained.unit, chained.status, chained.verified)
                    THEN 'SAME' ELSE 'CHANGED' END
           WHEN book.id IS NOT NULL AND (book.value, book.unit, book.status, book.verified)
                IS NOT DISTINCT FROM (chained.value, chained.unit, chained.status, chained.verified) THEN 'SAME'
           WHEN seen <> coalesce(book.id, 0) THEN 'MOVED'
           WHEN book.id IS NULL THEN 'NEW'
           ELSE 'CHANGED'
       END AS outcome
  FROM chained
  LEFT JOIN LATERAL (
        SELECT id, known_at, value, unit::text, status::text, verified
          FROM crisis_observation AS o
         WHERE o.area_id = chained.area_id AND o.indicator_id = chained.indicator_id AND o.period = chained.period
           AND o.known_at <= chained.moment
         ORDER BY o.known_at DESC, o.id DESC LIMIT 1
  ) AS book ON TRUE
"""

# What each cell of the batch had before it, as if the batch had never been; cells changed since are KEPT.
JUDGE_UNDO = """
CREATE TEMPORARY TABLE judged_reading ON COMMIT DROP AS
SELECT staged.number, staged.area_id, staged.indicator_id, staged.period, before.value,
       coalesce(before.unit, current.unit)::text AS unit, coalesce(before.status, current.status)::text AS status,
       %(now)s AS moment, coalesce(before.verified, FALSE) AS verified,
       coalesce(before.note, '')::text AS note,
       CASE WHEN current.batch_id <> %(batch)s THEN 'KEPT'
            WHEN before.value IS NULL THEN 'WITHDRAWN'
            ELSE 'CHANGED' END AS outcome
  FROM staged_reading AS staged
  JOIN LATERAL (
        SELECT * FROM crisis_observation AS o
         WHERE o.area_id = staged.area_id AND o.indicator_id = staged.indicator_id AND o.period = staged.period
           AND o.known_at <= %(now)s
         ORDER BY o.known_at DESC, o.id DESC LIMIT 1
  ) AS current ON TRUE
  LEFT JOIN LATERAL (
        SELECT * FROM crisis_observation AS o
         WHERE o.area_id = staged.area_id AND o.indicator_id = staged.indicator_id AND o.period = staged.period
           AND o.known_at <= %(now)s AND o.batch_id <> %(batch)s
         ORDER BY o.known_at DESC, o.id DESC LIMIT 1
  ) AS before ON TRUE
"""

COUNT = "SELECT outcome, count(*) FROM judged_reading GROUP BY outcome"

# In the order of the rows given: of two rows of one moment the later given is the later recorded.
WRITE = """
INSERT INTO crisis_observation
       (area_id, indicator_id, period, value, unit, status, known_at, verified, note, batch_id)
SELECT area_id, indicator_id, period, value, unit, status, moment, verified, note, %(batch)s
  FROM judged_reading WHERE outcome IN ('NEW', 'CHANGED', 'WITHDRAWN') ORDER BY number
"""

REGIONS = """
SELECT DISTINCT region.id, region.parent_id
  FROM judged_reading AS judged
  JOIN crisis_area AS area ON area.id = judged.area_id
  JOIN directory_region AS region ON region.id = area.region_id
 WHERE judged.outcome IN ('NEW', 'CHANGED', 'WITHDRAWN')
"""

# The winning row of each asked cell, whether it has a value or was withdrawn.
CURRENT = """
SELECT asked.area_id, asked.indicator_id, asked.period, o.id, o.value, o.unit, o.status, o.verified, o.note
  FROM unnest(%(areas)s::bigint[], %(indicators)s::bigint[], %(periods)s::date[])
       AS asked (area_id, indicator_id, period)
  JOIN LATERAL (
        SELECT * FROM crisis_observation AS o
         WHERE o.area_id = asked.area_id AND o.indicator_id = asked.indicator_id AND o.period = asked.period
           AND o.known_at <= %(now)s
         ORDER BY o.known_at DESC, o.id DESC LIMIT 1
  ) AS o ON TRUE
"""
