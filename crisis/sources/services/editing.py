"""The catalogue is kept: whose a feed is and by when it comes, what is known of an indicator's source, which addresses
lie in a cluster."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Cluster
from crisis.models import Indicator
from crisis.sources.models import ClusterPlace, Feed, IndicatorSource
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.scope import scope_of
from portal.kernel.dates import period
from portal.kernel.errors import Refusal

FEED_FACTS = ("owner", "lag_days", "first_period", "active", "note")
SOURCE_FACTS = ("publisher", "owner", "lag_days", "terms", "address", "method", "caution")


@transaction.atomic
def change_feed(*, feed: Feed, facts: Mapping[str, Any], actor: User) -> Feed:
    """Change what the ministry may change of a feed (`FEED_FACTS`). TypeError for any other fact."""
    _keeper(actor)
    feed = Feed.objects.select_for_update(no_key=True, of=("self",)).get(pk=feed.pk)
    before = _put(feed, facts, FEED_FACTS)
    with deed("change_feed", actor=actor) as done:
        feed.full_clean()
        feed.save()
        done.about(feed, before=before)
    return feed


@transaction.atomic
def change_source(*, indicator: Indicator, facts: Mapping[str, Any], actor: User) -> IndicatorSource:
    """Keep what is known of an indicator's source (`SOURCE_FACTS`)."""
    _keeper(actor)
    source = IndicatorSource.objects.select_for_update(no_key=True, of=("self",)).filter(indicator=indicator).first()
    source = source or IndicatorSource(indicator=indicator)
    before = _put(source, facts, SOURCE_FACTS)
    with deed("change_indicator_source", actor=actor) as done:
        source.full_clean()
        source.save()
        done.about(indicator, before=before)
    return source


@transaction.atomic
def add_place(
    *, cluster: Cluster, dong_code: str = "", road: str = "", source: str, since: date | None = None, actor: User
) -> ClusterPlace:
    """Say that a whole 법정동 or a whole road lies in a cluster of the actor's region."""
    _answers_for(cluster, actor)
    place = ClusterPlace(
        cluster=cluster, dong_code=dong_code.strip(), road="".join(road.split()), source=source.strip(),
        effective=period(since),
    )  # fmt: skip
    with deed("add_cluster_place", actor=actor) as done:
        try:
            place.full_clean()
        except ValidationError as error:
            raise Refusal("place_refused", " ".join(error.messages)) from error
        place.save()
        done.about(place, region=cluster.region, cluster=cluster.code)
    return place


@transaction.atomic
def end_place(*, place: ClusterPlace, actor: User, on: date | None = None) -> ClusterPlace:
    """From a day (today) on the address is no longer counted to the cluster; earlier months stay as they were."""
    _answers_for(place.cluster, actor)
    on = on or timezone.localdate()
    place = ClusterPlace.objects.select_for_update(no_key=True, of=("self",)).get(pk=place.pk)
    if place.effective.upper is not None:
        raise Refusal("place_ended", _("이미 끝난 주소입니다."))
    lower = place.effective.lower
    if lower is not None and on <= lower:
        raise Refusal("place_ends_before", _("시작한 날보다 뒤의 날로 끝낼 수 있습니다."))
    with deed("end_cluster_place", actor=actor) as done:
        place.effective = period(lower, on)
        place.save()
        done.about(place, region=place.cluster.region, cluster=place.cluster.code)
    return place


def _put(row: Feed | IndicatorSource, facts: Mapping[str, Any], known: tuple[str, ...]) -> dict[str, str]:
    """Set the facts; what they were before, as text."""
    if strange := set(facts) - set(known):
        raise TypeError(f"not facts to change here: {sorted(strange)}")
    before = {}
    for name, value in facts.items():
        held = getattr(row, name, None) if row.pk else None
        if held != value:
            before[name] = str(held)
            setattr(row, name, value)
    return before


def _keeper(actor: User) -> None:
    if not scope_of(actor).can(Capability.MANAGE_SOURCES):
        raise Refusal("not_allowed", _("지표와 자료원은 본부 담당자가 관리합니다."))


def _answers_for(cluster: Cluster, actor: User) -> None:
    scope = scope_of(actor).within(Capability.ENTER_OBSERVATIONS)
    if not scope.holds(cluster.region_id):
        raise Refusal("out_of_scope", _("관할 지역의 밀집지역만 고칠 수 있습니다."))
