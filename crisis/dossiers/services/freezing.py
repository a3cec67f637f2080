"""Dossiers are made inside the transaction that confirms, in one chain over the whole country.

Whoever adds a link holds the chain's lock until the end of the transaction: two councils that confirm at once stand one
behind the other, and a confirmation that is undone leaves no gap.
"""

import hashlib
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import override

from crisis import rules
from crisis.dossiers.enums import DossierKind
from crisis.dossiers.models import Dossier
from crisis.dossiers.services import content
from crisis.dossiers.services.content import FORMAT, Record
from crisis.models import Determination
from network.models import AgendaItem, Meeting
from portal.kernel.db import advisory_lock

CHAIN = "dossiers.chain"
AT_ONCE, LATER = "AT_CONFIRMATION", "LATER"


class _Chain:
    """The end of the chain, locked, to which links are added."""

    def __init__(self, made: str) -> None:
        advisory_lock(CHAIN)
        last = Dossier.objects.order_by("-sequence").only("sequence", "sha256").first()
        self.sequence, self.sha256 = (last.sequence, last.sha256) if last else (0, "")
        self.made, self.now = made, timezone.now()
        self.links: list[Dossier] = []

    def add(self, kind: str, record: Record, **columns: object) -> Dossier:
        sequence = self.sequence + 1
        text = rules.canonical_json(
            {
                "format": FORMAT,
                "kind": kind,
                "sequence": sequence,
                "previous": self.sha256,
                "made_at": timezone.localtime(self.now).isoformat(),
                "made": self.made,
                **record,
            }
        )
        link = Dossier(
            sequence=sequence, kind=kind, content=text, sha256=hashlib.sha256(text.encode()).hexdigest(),
            previous_sha256=self.sha256, made_at=self.now, **columns,
        )  # fmt: skip
        self.sequence, self.sha256 = sequence, link.sha256
        self.links.append(link)
        return link

    def close(self) -> list[Dossier]:
        return Dossier.objects.bulk_create(self.links, batch_size=100)


@transaction.atomic
def freeze_item(item: AgendaItem, determinations: Sequence[Determination], *, made: str = AT_ONCE) -> list[Dossier]:
    """Keep a dossier of each determination of a passed item, in the order of area codes. Runs while it is confirmed."""
    with override("ko"):
        item = (
            AgendaItem.objects.select_related("meeting__council__organization")
            .prefetch_related("ballots", "recusals")
            .get(pk=item.pk)
        )
        rows = list(
            Determination.objects.filter(pk__in=[one.pk for one in determinations])
            .select_related(
                "area__region__parent", "confirmed_by", "supersedes", "change",
                "result__run__round", "result__run__rule_set", "result__run__previous",
            )
            .prefetch_related("floors__designation__area")
            .order_by("area__code", "pk")
        )  # fmt: skip
        if not rows:
            return []
        shared = content.shared_of(item, list({row.result.run_id: row.result.run for row in rows}.values()))
        lines = content.input_lines(rows)
        chain = _Chain(made)
        corrected = _names_of(row.supersedes_id for row in rows if row.supersedes_id)
        for row in rows:
            record = content.determination_record(
                row,
                shared=shared,
                lines=lines.get((row.result.run_id, row.area.code), []),
                before=_stage_before(row),
                corrected=corrected.get(row.supersedes_id or 0),
            )
            chain.add(DossierKind.DETERMINATION, record, determination=row, area=row.area, round_id=row.round_id)
        return chain.close()


def _stage_before(row: Determination) -> str | None:
    """The stage in force the day before, from the change if there was one; else it was the same."""
    change = getattr(row, "change", None)
    return change.from_stage if change is not None else row.stage


def _names_of(determinations: Iterable[int | None]) -> dict[int, Record]:
    """Determination → how its dossier is called, for what refers to it."""
    rows = Dossier.objects.filter(determination__in=[key for key in determinations if key])
    found = rows.select_related("determination").order_by("sequence")
    return {
        row.determination_id: {
            "sequence": row.sequence,
            "sha256": row.sha256,
            "stage": row.determination.stage if row.determination else None,
        }
        for row in found
        if row.determination_id
    }


@transaction.atomic
def freeze_minutes(meeting: Meeting, *, made: str = AT_ONCE) -> Dossier:
    """Keep the approved minutes of a meeting with every vote, and the names of the dossiers of what it decided."""
    with override("ko"):
        meeting = Meeting.objects.select_related("council__organization", "minutes_approved_by").get(pk=meeting.pk)
        chain = _Chain(made)
        rows = (
            Dossier.objects.filter(determination__agenda_item__meeting=meeting)
            .order_by("sequence")
            .values_list("sequence", "sha256", "area__code", "area__name_ko", "determination__stage")
        )
        decisions = [
            {"sequence": sequence, "sha256": sha256, "area": area, "name": name, "stage": stage}
            for sequence, sha256, area, name, stage in rows
        ]
        chain.add(DossierKind.MINUTES, content.minutes_record(meeting, decisions), meeting=meeting)
        return chain.close()[0]


def undossiered() -> list[AgendaItem]:
    """Items with a decided determination that has no dossier: decided before dossiers were kept, or tampered with."""
    missing = Determination.objects.filter(
        ~Exists(Dossier.objects.filter(determination=OuterRef("pk"))), confirmed_at__isnull=False
    )
    return list(AgendaItem.objects.filter(pk__in=missing.values("agenda_item")).order_by("decided_at", "pk"))


@transaction.atomic
def freeze_missing() -> int:
    """Make dossiers of decisions from before dossiers were kept; they say of themselves that they were made later."""
    made = 0
    for item in undossiered():
        missing = Determination.objects.filter(
            ~Exists(Dossier.objects.filter(determination=OuterRef("pk"))), confirmed_at__isnull=False, agenda_item=item
        )
        made += len(freeze_item(item, list(missing), made=LATER))
    return made
