"""What a merge of two companies does with what tiers know of them."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from companies.services import merge_rules
from companies.tiers.enums import OPEN_STATES
from companies.tiers.models.strategy import RUNNING


@dataclass(frozen=True, slots=True)
class BothIn(merge_rules.Same):
    """Both companies have a row in one of `states` (agreeing in `fields`), of which there may be one only."""

    states: tuple[str, ...] = ()

    def condition(self, model: type[models.Model], name: str, survivor: int) -> Q:
        twin: dict[str, Any] = {field: OuterRef(field) for field in self.fields}
        theirs = model._default_manager.filter(**{name: survivor}, state__in=self.states, **twin)
        return Q(state__in=self.states) & Q(Exists(theirs))


def register() -> None:
    """Cases, periods, designations and plans go over; of two running ones the survivor's stays."""
    move = merge_rules.Move
    merge_rules.register(
        "tiers.TierCase.company", move(also_same=(BothIn(fields=("track",), states=tuple(OPEN_STATES)),))
    )
    merge_rules.register("tiers.TierPeriod.company", move(same=("track",), period="effective"))
    merge_rules.register("tiers.StatedFact.company", move(same=("code",), period="effective"))
    merge_rules.register("tiers.PartnerRegion.company", move(same=("region",), period="effective"))
    merge_rules.register("tiers.LeadingDesignation.company", move(also_same=(merge_rules.Same(),)))
    merge_rules.register("tiers.GrowthStrategy.company", move(also_same=(BothIn(states=tuple(RUNNING)),)))
    merge_rules.register("tiers.ScreeningRow.company", merge_rules.Stay("그때의 선별 기록"))
