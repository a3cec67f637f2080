"""Needs and measures of rural complexes."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from companies.enums import ClusterKind
from companies.models import Cluster
from crisis.declining.enums import MEASURE_NEXT, SOURCES, MeasureState
from crisis.declining.models import ComplexMeasure
from crisis.declining.services.common import keep, needs_holder, put
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.kernel.deeds import refuse_stale
from portal.kernel.errors import Refusal

FACTS = ("year", "kind", "need", "measure", "lead_name", "progress", "result", "drop_reason", *SOURCES)


@transaction.atomic
def put_complex_measure(
    *, cluster: Cluster, measure: ComplexMeasure | None, facts: Mapping[str, Any], state: str, seen: int, actor: User,
    is_demo: bool = False,
) -> ComplexMeasure:  # fmt: skip
    """Record a need of a rural complex or move it on. `facts`: FACTS, money in won; `state` by `MEASURE_NEXT`."""
    needs_holder(actor, Capability.RECORD_DECLINING, [cluster.region_id])
    if cluster.kind != ClusterKind.AGRO:
        raise Refusal("not_rural", _("%(name)s은(는) 농공단지가 아닙니다.") % {"name": cluster})
    if measure is not None:
        row = ComplexMeasure.objects.select_for_update(no_key=True, of=("self",)).get(pk=measure.pk, cluster=cluster)
        refuse_stale(row, seen)
        if state != row.state and state not in MEASURE_NEXT[row.state]:
            text = _("‘%(now)s’인 과제는 ‘%(then)s’(으)로 바꿀 수 없습니다.") % {
                "now": row.get_state_display(), "then": MeasureState(state).label,
            }  # fmt: skip
            raise Refusal("measure_state", text, {"state": text})
    else:
        row = ComplexMeasure(cluster=cluster, is_demo=is_demo)
    put(row, facts, FACTS)
    row.state, row.recorded_by = state, actor
    if state != MeasureState.DROPPED:
        row.drop_reason = ""
    with deed("put_complex_measure", actor=actor) as done:
        keep(row)
        done.about(row, region=cluster.region, state=state, won=row.total)
    return row
