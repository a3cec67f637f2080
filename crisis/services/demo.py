"""Invented council meetings on the real results of a past round, marked 예시."""

from datetime import date

from django.db import transaction

from crisis.models import Round
from crisis.services.determinations import confirm_item
from crisis.services.tabling import table_round, tableable
from network import services as network
from network.models import Council
from network.rules import Tally
from portal.directory.enums import Role
from portal.directory.models import User
from portal.kernel.errors import Refusal

OFFICES = ("RO-GYEONGNAM", "RO-JEONBUK", "RO-ULSAN")
ROUND, HELD_ON = "2024H2", date(2025, 1, 24)


def hold_meetings() -> int | None:
    """Let three demo councils decide the round as proposed. None while the round is not evaluated; else how many met."""
    round = Round.objects.evaluated().filter(code=ROUND).first()
    if round is None:
        return None
    actor = User.objects.filter(is_demo=True, memberships__role=Role.HQ).order_by("pk").first()
    if actor is None:
        return 0
    councils = Council.objects.filter(is_demo=True, organization__code__in=OFFICES)
    return sum(_hold(council, round, actor) for council in councils if not council.meetings.exists())


@transaction.atomic
def _hold(council: Council, round: Round, actor: User) -> int:
    meeting = network.plan_meeting(council=council, held_on=HELD_ON, place="예시 회의실", actor=actor, is_demo=True)
    if not tableable(meeting=meeting, round=round).exists():
        raise Refusal("nothing_to_table", f"{council}: 상정할 지역이 없습니다.")
    item = table_round(meeting=meeting, round=round, actor=actor)
    voting = [seat.pk for seat in council.seats.in_force_on(HELD_ON) if seat.votes]
    network.open_meeting(meeting=meeting, present=voting[:-1], actor=actor)
    votes = len(voting) - 1
    confirm_item(item=item, tally=Tally(votes_for=votes - 1, votes_against=0, abstentions=1), actor=actor)
    network.close_meeting(meeting=meeting, minutes="예시 회의록: 원안대로 의결함.", actor=actor)
    return 1
