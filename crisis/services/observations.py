"""Figures come in: one reading or many, a correction as a newer row, an undone batch as another batch.

Two people at once: every writer holds the observations lock shared (a run's freeze takes it alone, so no row with a
lower number can appear behind a frozen run) and locks the areas it writes in the order of their keys. Whoever comes
second waits, compares with what the first wrote, and is dated after it: the moment is read under the locks. Whoever
takes these locks together with others takes them in this order: observations lock, areas, rounds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from crisis.enums import BatchKind, RoundState
from crisis.models import Area, Indicator, Observation, ObservationBatch, Round
from crisis.services import observation_sql as sql
from crisis.services.observation_checks import NewReading, Rulebook, raise_faults
from crisis.services.reviews import owe_reviews
from portal.directory import audit
from portal.directory.enums import Capability
from portal.directory.models import Organization, Region, User
from portal.directory.scope import scope_of
from portal.intake.models import Upload
from portal.kernel.bulk import copy_rows
from portal.kernel.db import advisory_lock
from portal.kernel.errors import Refusal
from portal.kernel.queue import defer

LOCK = "crisis.observations"


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What became of a batch. `batch` is None when nothing had to be written.

    After an undo `changed` counts the values restored, `withdrawn` the cells that had none before, and `kept` the
    cells left alone because somebody changed them since.
    """

    batch: ObservationBatch | None
    new: int = 0
    changed: int = 0
    same: int = 0
    withdrawn: int = 0
    kept: int = 0

    @property
    def written(self) -> int:
        return self.new + self.changed + self.withdrawn


@transaction.atomic
def enter_observation(
    *,
    area: Area,
    indicator: Indicator,
    period: date,
    value: Decimal | None,
    unit: str,
    status: str,
    note: str = "",
    verified: bool = False,
    seen: int | None = None,
    actor: User,
    organization: Organization | None = None,
) -> Observation:
    """Record one reading; the one it corrects stays as history. A reading equal to the current one is not repeated.

    `seen` is the number of the row the writer had before their eyes (0: none): if another has come since, refuses with
    `changed_meanwhile`. Raises Refusal for a period, unit or value that cannot be. Returns the current row.
    """
    reading = NewReading(
        area_id=area.pk, indicator_id=indicator.pk, period=period, value=value, unit=unit, status=status,
        note=note, verified=verified, seen=seen,
    )  # fmt: skip
    title = f"{area.name_ko} {indicator.name_ko} {period:%Y-%m}"[:200]
    record_batch(kind=BatchKind.FORM, title=title, rows=[reading], actor=actor, organization=organization)
    cell = Observation.objects.filter(area=area, indicator=indicator, period=period)
    return cell.known_by(timezone.now()).select_related("area", "indicator", "batch").get()


@transaction.atomic
def record_batch(
    *,
    kind: str,
    title: str,
    rows: Iterable[NewReading],
    actor: User | None,
    organization: Organization | None = None,
    upload: Upload | None = None,
    reason: str = "",
    may_backdate: bool = False,
) -> BatchReport:
    """Record many readings at once, all or none.

    A row equal (value, unit, status, verified) to what is current at its `known_at` is not written, so the same batch
    twice is harmless. Only a batch of kind REFERENCE whose caller says `may_backdate` may carry a `known_at` of the
    past. The caller answers for the scope; this function for the figures. `rows` may be a generator that
    does not ask the database: they stream into COPY.

    Refuses with `rows_refused` and every fault as `rows.<n>.<field>` (first 100), or with `changed_meanwhile` if a row
    of the books is no longer the one a reading has `seen`.
    """
    advisory_lock(LOCK, shared=True)
    rulebook = Rulebook(backdate=may_backdate and kind == BatchKind.REFERENCE)
    with connection.cursor() as cursor:
        cursor.execute(sql.STAGE)
        copy_rows("staged_reading", sql.STAGED_COLUMNS, rulebook.checked(rows))
        raise_faults(rulebook.faults)
        _lock_areas(cursor)
        now = timezone.now()
        cursor.execute(sql.JUDGE, {"now": now})
        cursor.execute(sql.COUNT)
        counts = dict(cursor.fetchall())
        if moved := counts.get("MOVED", 0):
            raise Refusal(
                "changed_meanwhile",
                f"확인하신 뒤에 다른 사람이 {moved:,}건을 바꾸었습니다. 지금 값을 다시 확인한 다음 저장해 주세요.",
            )
        new, changed = counts.get("NEW", 0), counts.get("CHANGED", 0)
        report = BatchReport(None, new=new, changed=changed, same=counts.get("SAME", 0))
        if report.written:
            with audit.deed("record_observations", actor=actor, reason=reason) as done:
                batch = ObservationBatch.objects.create(
                    kind=kind, title=title[:200], actor=actor, organization=organization, upload=upload,
                    reason=reason, request_id=audit.request_id.get(), recorded_at=now,
                )  # fmt: skip
                cursor.execute(sql.WRITE, {"batch": batch.pk})
                done.about(batch, region=_common_region(cursor), kind=kind, new=new, changed=changed)
            report = BatchReport(batch, new=new, changed=changed, same=report.same)
        cursor.execute(sql.CLEAR)
    if report.batch is not None:
        _owe(now, report.batch)
    return report


@transaction.atomic
def undo_batch(*, batch: ObservationBatch, actor: User, reason: str) -> BatchReport:
    """Take a batch back: each of its cells gets the value it had before by a newer row, or none if it had none.

    Cells changed by a later batch are left alone and counted in `kept`. Refuses a missing reason, a second undo, the
    undo of an undo, a reference batch for anyone but a nationwide loader of history, and an undo without effect.
    """
    if not reason.strip():
        raise Refusal("reason_missing", "되돌리는 사유를 적어 주세요.", {"reason": "사유를 적어 주세요."})
    advisory_lock(LOCK, shared=True)
    # The row lock makes the second of two undos wait and then find the first.
    batch = ObservationBatch.objects.select_for_update(no_key=True, of=("self",)).get(pk=batch.pk)
    if batch.kind == BatchKind.UNDO:
        raise Refusal("undo_of_undo", "되돌린 것은 다시 되돌릴 수 없습니다. 처음 자료를 다시 입력해 주세요.")
    if ObservationBatch.objects.filter(undoes=batch).exists():
        raise Refusal("already_undone", "이미 되돌린 입력입니다.")
    if batch.kind == BatchKind.REFERENCE and not scope_of(actor).within(Capability.LOAD_HISTORY).nationwide:
        raise Refusal("reference_batch", "과거 시점 적재는 전국 담당자만 되돌릴 수 있습니다.")
    with connection.cursor() as cursor:
        cursor.execute(sql.STAGE)
        cursor.execute(sql.STAGE_CELLS_OF, {"batch": batch.pk})
        _lock_areas(cursor)
        now = timezone.now()
        cursor.execute(sql.JUDGE_UNDO, {"batch": batch.pk, "now": now})
        cursor.execute(sql.COUNT)
        counts = dict(cursor.fetchall())
        if not counts.get("CHANGED") and not counts.get("WITHDRAWN"):
            raise Refusal("nothing_to_undo", "되돌릴 값이 없습니다. 이 입력의 값은 모두 그 뒤에 다시 바뀌었습니다.")
        with audit.deed("undo_observations", actor=actor, reason=reason) as done:
            undo = ObservationBatch.objects.create(
                kind=BatchKind.UNDO, title=f"되돌리기: {batch.title}"[:200], actor=actor, undoes=batch, reason=reason,
                organization=batch.organization, request_id=audit.request_id.get(), recorded_at=now,
            )  # fmt: skip
            cursor.execute(sql.WRITE, {"batch": undo.pk})
            done.about(undo, region=_common_region(cursor), undoes=batch.pk, **counts)
        cursor.execute(sql.CLEAR)
    _owe(now, undo)
    return BatchReport(
        undo,
        changed=counts.get("CHANGED", 0),
        withdrawn=counts.get("WITHDRAWN", 0),
        kept=counts.get("KEPT", 0),
    )


def _lock_areas(cursor) -> None:  # type: ignore[no-untyped-def]
    """Lock the staged areas in the order of their keys. An area that does not exist is a fault of the caller's rows."""
    cursor.execute(sql.LOCK_AREAS)
    cursor.fetchall()
    cursor.execute(sql.STRANGE_AREAS)
    raise_faults({f"rows.{number}.area": "없는 지역입니다." for (number,) in cursor.fetchall()})


def _common_region(cursor) -> Region | None:  # type: ignore[no-untyped-def]
    """The region all written rows lie in, or the 시·도 they share: whoever answers for it may read of the deed."""
    cursor.execute(sql.REGIONS)
    pairs = cursor.fetchall()
    regions, parents = {region for region, _ in pairs}, {parent or region for region, parent in pairs}
    shared = regions if len(regions) == 1 else parents
    return Region.objects.get(pk=shared.pop()) if len(shared) == 1 else None


def _owe(now: datetime, batch: ObservationBatch) -> None:
    """Figures changed: open rounds owe a new calculation, decided ones whose months it concerns a review."""
    open_rounds = Round.objects.select_for_update(no_key=True).filter(state=RoundState.OPEN).order_by("pk")
    Round.objects.filter(pk__in=[round.pk for round in open_rounds]).update(figures_changed_at=now, updated_at=now)
    owe_reviews(batch, now)
    defer("crisis.tasks.start_owed_runs")
