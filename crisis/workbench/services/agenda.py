"""The council's agenda from the workbench: chosen areas of a round, tabled as proposed."""

from collections.abc import Collection

from django.db import transaction

from crisis import services as crisis
from crisis.models import Area, Round
from crisis.selectors import floors_of
from crisis.services.tabling import tableable
from crisis.workbench.selectors.desk import OK
from network.models import AgendaItem, Meeting
from portal.directory.models import User
from portal.directory.scope import jurisdiction_of
from portal.kernel import display
from portal.kernel.errors import Refusal


@transaction.atomic
def put_on_agenda(*, meeting: Meeting, round: Round, areas: Collection[Area], actor: User) -> AgendaItem:
    """Table chosen areas of a round as one item, each with its draft as proposed (departures are made on the draft).

    An area of which the figures allow no stage is tabled from its floor alone. Refuses areas outside the council's own
    and areas with neither a stage nor a floor on the day of the meeting, naming them, and a choice of which nothing can
    be tabled.
    """
    if not areas:
        raise Refusal("no_areas", "안건으로 올릴 지역을 하나 이상 고르세요.", {"areas": "지역을 고르세요."})
    own = jurisdiction_of(meeting.council.organization_id, meeting.held_on)
    strangers = sorted(area.name_ko for area in areas if not own.holds(area.region_id))
    if strangers:
        raise Refusal(
            "not_the_councils",
            f"{meeting.council}의 관할이 아닌 지역이 있습니다: {', '.join(strangers[:10])}. 그 지역을 빼거나 그 지역의 협의회를 고르세요.",
        )
    day = meeting.held_on
    bare = {row.area_id for row in tableable(meeting=meeting, round=round) if row.status != OK}
    held = floors_of(bare, day)
    if lacking := sorted(area.name_ko for area in areas if area.pk in bare and area.pk not in held):
        raise Refusal(
            "no_proposal",
            f"{display.day(day)} 회의에 제안할 단계가 없는 지역이 있습니다: {', '.join(lacking[:10])}. "
            "모형 단계가 없으면 그날 적용되는 하한 사유가 있어야 합니다. 빼거나 현장조사 근거로 따로 올리세요.",
        )
    return crisis.table_round(meeting=meeting, round=round, areas={area.pk for area in areas}, actor=actor)
