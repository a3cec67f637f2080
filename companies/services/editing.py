"""Two people at one record: the first one's change stands, the second is shown both, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models

from portal.directory.models import User
from portal.kernel import errors

Versioned = TypeVar("Versioned", bound=models.Model)


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """One field as the later editor found it, as it stands now and as they want it. `both` if both changed it."""

    field: str
    label: str
    found: Any
    now: Any
    wanted: Any

    @property
    def both(self) -> bool:
        return self.now != self.found and self.wanted not in (self.now, self.found)


class ChangedMeanwhile(errors.ChangedMeanwhile):
    """Somebody else saved first. Nothing of either is lost: `comparison` shows every field that differs."""

    def __init__(self, who: str, version: int, comparison: list[FieldConflict]) -> None:
        fields = ", ".join(conflict.label for conflict in comparison if conflict.now != conflict.found)
        super().__init__(
            message=f"고치는 동안 {who} 먼저 저장했습니다(바뀐 항목: {fields or '없음'}). "
            "아래에서 두 내용을 견주어 고른 다음 다시 저장해 주세요.",
            fields={conflict.field: f"지금 값: {conflict.now}" for conflict in comparison if conflict.both},
        )
        self.version = version
        self.comparison = comparison


def locked(model: type[Versioned], pk: int) -> Versioned:
    """The row under its lock."""
    return model._default_manager.select_for_update(no_key=True, of=("self",)).get(pk=pk)


def refuse_if_changed(row: models.Model, *, version: int | None, changes: Mapping[str, Any]) -> None:
    """Say no if the locked row is no longer at the version the editor saw. None: the caller saw no version."""
    if version is None or row.version == version:  # type: ignore[attr-defined]
        return
    events = type(row).pgh_event_model._default_manager.filter(pgh_obj=row.pk)  # type: ignore[attr-defined]
    seen = events.filter(version=version).order_by("pgh_id").last()
    latest = events.select_related("pgh_context").order_by("pgh_id").last()
    comparison = []
    for field in row._meta.concrete_fields:
        name = field.attname if field.is_relation and field.attname in changes else field.name
        if not field.editable or field.name in {"version", "updated_at", "created_at"}:
            continue
        now = getattr(row, name)
        found = getattr(seen, name) if seen is not None else now
        wanted = changes.get(name, found)
        if now != found or wanted != found:
            comparison.append(FieldConflict(name, str(field.verbose_name), found, now, wanted))
    raise ChangedMeanwhile(_who(latest), row.version, comparison)  # type: ignore[attr-defined]


def _who(event: models.Model | None) -> str:
    context = getattr(event, "pgh_context", None)
    actor = User.objects.filter(pk=context.metadata.get("actor")).first() if context else None
    return f"{actor.name} 님이" if actor else "다른 사람이"


def apply(row: models.Model, changes: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set what differs on the locked row, check and save it as a new version. Returns {field: (before, after)}."""
    done = {name: (getattr(row, name), value) for name, value in changes.items() if getattr(row, name) != value}
    if not done:
        return {}
    for name, (_, value) in done.items():
        setattr(row, name, value)
    row.version += 1  # type: ignore[attr-defined]
    row.full_clean()
    row.save()
    return done


def told(changes: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """The changes as an audit event keeps them: which fields, not whose personal data."""
    return {"fields": sorted(changes)}
