"""Receipts and suspect values follow from the batches of figures; a sweep looks through each batch once.

Nothing is hooked into the recording of figures: a batch stands whether or not anybody has looked at it, and one that
was missed is found at the next sweep. Receipts are derived; `rebuild_receipts` makes them again from all batches.
"""

from django.db import connection, transaction
from django.utils import timezone

from crisis.models import ObservationBatch
from crisis.sources.models import CollectedBatch, Feed, FeedReceipt
from crisis.sources.services.finding import find_in_batch, settle_changed
from portal.kernel.db import try_advisory_lock

LOCK = "crisis.sources.collect"
MOST_BATCHES = 50
"""Per sweep: one that comes after a long pause must not hold a worker for minutes."""

# What the batch says last of each of its cells; `since` is the earliest moment at which it was known.
_CELLS = """
WITH cell AS (
    SELECT DISTINCT ON (area_id, indicator_id, period)
           area_id, indicator_id, period, value,
           min(known_at) FILTER (WHERE value IS NOT NULL)
               OVER (PARTITION BY area_id, indicator_id, period) AS since,
           count(*) FILTER (WHERE value IS NOT NULL)
               OVER (PARTITION BY area_id, indicator_id, period) AS given
      FROM crisis_observation
     WHERE batch_id = %(batch)s
     ORDER BY area_id, indicator_id, period, known_at DESC, id DESC
)
"""
_RECEIVE = "".join(
    (
        _CELLS,
        """
INSERT INTO sources_feedreceipt (feed_id, indicator_id, period, batch_id, received_at, rows, sha256, areas)
SELECT series.feed_id, cell.indicator_id, cell.period, %(batch)s, min(cell.since), sum(cell.given), %(sha256)s,
       coalesce(array_agg(cell.area_id ORDER BY cell.area_id) FILTER (WHERE cell.value IS NOT NULL), '{}')
  FROM cell
  JOIN sources_feedseries AS series ON series.indicator_id = cell.indicator_id
 WHERE cell.given > 0
 GROUP BY series.feed_id, cell.indicator_id, cell.period
ON CONFLICT (indicator_id, period, batch_id) DO NOTHING
""",
    )
)
_WITHDRAW = "".join(
    (
        _CELLS,
        """, gone AS (
    SELECT indicator_id, period, array_agg(area_id) AS areas FROM cell WHERE value IS NULL GROUP BY indicator_id, period
)
UPDATE sources_feedreceipt AS receipt
   SET areas = ARRAY(SELECT unnest(receipt.areas) EXCEPT SELECT unnest(gone.areas) ORDER BY 1)
  FROM gone
 WHERE receipt.indicator_id = gone.indicator_id AND receipt.period = gone.period
   AND receipt.batch_id < %(batch)s AND receipt.areas && gone.areas
""",
    )
)


def collect(*, most: int = MOST_BATCHES) -> int:
    """Look through the batches nobody has looked through yet, oldest first; returns how many. One sweep at a time."""
    done = 0
    while done < most and _collect_next():
        done += 1
    return done


@transaction.atomic
def _collect_next() -> bool:
    if not try_advisory_lock(LOCK):
        return False
    seen = CollectedBatch.objects.values("batch")
    batch = ObservationBatch.objects.exclude(pk__in=seen).select_related("upload").order_by("pk").first()
    if batch is None:
        return False
    _receive(batch)
    settle_changed(batch)
    find_in_batch(batch)
    CollectedBatch.objects.create(batch=batch, collected_at=timezone.now())
    return True


def _receive(batch: ObservationBatch) -> None:
    facts: dict[str, int | str] = {"batch": batch.pk, "sha256": batch.upload.sha256 if batch.upload else ""}
    with connection.cursor() as cursor:
        cursor.execute(_RECEIVE, facts)
        cursor.execute(_WITHDRAW, facts)


@transaction.atomic
def rebuild_receipts(*, feed: Feed | None = None) -> int:
    """Make the receipts of a feed (of all feeds) again, as after a series was added to it; returns how many there are."""
    receipts = FeedReceipt.objects.all() if feed is None else FeedReceipt.objects.filter(feed=feed)
    receipts.delete()
    # Receipts of other feeds are there already: what is inserted again for them falls to ON CONFLICT.
    for batch in ObservationBatch.objects.select_related("upload").order_by("pk"):
        _receive(batch)
    return receipts.count()
