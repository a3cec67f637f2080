"""Votes by name, recusals, minutes: who counts, who does not, and what is fixed afterwards."""

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, InternalError, transaction

from network import services as network
from network.enums import BallotChoice, Outcome, RecusalKind
from network.models import AgendaItem, Ballot, Meeting, Recusal, Seat
from network.rules import Tally, Vote, has_quorum, majority_of
from portal.kernel.errors import Refusal
from tests.factories.directory import UserFactory
from tests.factories.network import CouncilFactory, MeetingFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 minutes"


@pytest.fixture
def actor():
    return UserFactory()


def opened(actor, present=9, enrolled=9):
    meeting = MeetingFactory(council=CouncilFactory(seats=enrolled))
    seats = list(meeting.council.seats.order_by("pk").values_list("pk", flat=True))[:present]
    meeting = network.open_meeting(meeting=meeting, present=seats, actor=actor)
    return meeting, network.add_item(meeting=meeting, title="안건", actor=actor)


def votes(item, against=0, abstain=0):
    choices = [BallotChoice.AGAINST] * against + [BallotChoice.ABSTAIN] * abstain
    voters = network.voters_of(item)
    return [
        Vote(seat.pk, choices[place] if place < len(choices) else BallotChoice.FOR) for place, seat in enumerate(voters)
    ]


@pytest.mark.parametrize(("count", "majority"), [(1, 1), (2, 2), (3, 2), (8, 5), (9, 5), (30, 16)])
def test_a_majority_is_more_than_half(count, majority):
    assert majority_of(count) == majority
    assert has_quorum(enrolled=count, present=majority)
    assert not has_quorum(enrolled=count, present=majority - 1)


def test_votes_by_name_are_counted_and_kept(actor):
    _, item = opened(actor)
    item = network.decide_item(item=item, votes=votes(item, against=2, abstain=1), actor=actor, minutes="요지")
    assert (item.votes_for, item.votes_against, item.abstentions, item.outcome) == (6, 2, 1, Outcome.PASSED)
    assert (item.minutes, item.ballots.count()) == ("요지", 9)


@pytest.mark.parametrize(
    ("against", "abstain", "outcome"), [(4, 0, Outcome.PASSED), (0, 5, Outcome.REJECTED), (5, 0, Outcome.REJECTED)]
)
def test_more_than_half_of_those_present_must_be_for_it(actor, against, abstain, outcome):
    _, item = opened(actor)
    assert network.decide_item(item=item, votes=votes(item, against, abstain), actor=actor).outcome == outcome


def test_a_recused_member_counts_neither_among_the_enrolled_nor_the_present(actor):
    """Nine enrolled, five present: one recused leaves eight and four, which is no majority of eight."""
    meeting, item = opened(actor, present=5)
    present = network.voters_of(item)[0]
    network.record_recusal(item=item, seat=present, kind=RecusalKind.WITHDREW, reason="이해관계", actor=actor)
    with pytest.raises(Refusal, match="재적 8명 가운데 5명이 있어야 하는데 4명"):
        network.decide_item(item=item, votes=votes(item), actor=actor)
    absent = Seat.objects.filter(council=meeting.council).exclude(pk__in=[s.pk for s in network.voters_of(item)])
    network.record_recusal(
        item=item, seat=absent.exclude(pk=present.pk).first(), kind=RecusalKind.EXCLUDED, reason="당사자", actor=actor
    )
    item = network.decide_item(item=item, votes=votes(item, against=1), actor=actor)  # 7 enrolled, 4 present
    assert (item.votes_for, item.votes_against, item.recused_count, item.outcome) == (3, 1, 2, Outcome.PASSED)


def test_a_recused_member_cannot_vote(actor):
    _, item = opened(actor)
    seat = network.voters_of(item)[3]
    everyone = votes(item)
    network.record_recusal(item=item, seat=seat, kind=RecusalKind.CHALLENGED, reason="기피 신청", actor=actor)
    with pytest.raises(Refusal, match="이 안건에서 빠진 위원"):
        network.decide_item(item=item, votes=everyone, actor=actor)
    with pytest.raises(Refusal, match="9표인데 표결할 위원은 8명"):
        network.decide_item(item=item, tally=Tally(9, 0, 0), actor=actor)
    assert network.decide_item(item=item, tally=Tally(8, 0, 0), actor=actor).outcome == Outcome.PASSED


@pytest.mark.parametrize("wrong", ["twice", "missing", "stranger", "unknown"])
def test_strange_votes_are_refused(actor, wrong):
    _, item = opened(actor, present=8)
    given = votes(item)
    if wrong == "twice":
        given[1] = given[0]
    elif wrong == "missing":
        given.pop()
    elif wrong == "stranger":
        absent = Seat.objects.filter(council=item.meeting.council).exclude(pk__in=[v.seat_id for v in given]).get()
        given[0] = Vote(absent.pk, "FOR")
    else:
        given[0] = Vote(given[0].seat_id, "MAYBE")
    with pytest.raises(Refusal):
        network.decide_item(item=item, votes=given, actor=actor)
    assert not Ballot.objects.exists()


def test_a_recusal_needs_a_reason_and_a_member_and_a_pending_item(actor):
    _, item = opened(actor)
    seat = network.voters_of(item)[0]
    with pytest.raises(Refusal, match="사유"):
        network.record_recusal(item=item, seat=seat, kind=RecusalKind.WITHDREW, reason=" ", actor=actor)
    foreign = CouncilFactory(seats=1).seats.get()
    with pytest.raises(Refusal, match="재적 위원이 아닙니다"):
        network.record_recusal(item=item, seat=foreign, kind=RecusalKind.WITHDREW, reason="x", actor=actor)
    found = network.record_recusal(item=item, seat=seat, kind=RecusalKind.WITHDREW, reason="x", actor=actor)
    with pytest.raises(Refusal, match="이미 빠진"):
        network.record_recusal(item=item, seat=seat, kind=RecusalKind.WITHDREW, reason="x", actor=actor)
    network.drop_recusal(recusal=found, actor=actor, reason="착오")
    item = network.decide_item(item=item, votes=votes(item), actor=actor)
    with pytest.raises(Refusal, match="이미 의결"):
        network.record_recusal(item=item, seat=seat, kind=RecusalKind.WITHDREW, reason="x", actor=actor)


def test_what_was_decided_can_no_longer_be_changed(actor):
    _, item = opened(actor)
    AgendaItem.objects.filter(pk=item.pk).update(title="고친 안건")  # pending: may still change
    network.decide_item(item=item, votes=votes(item), actor=actor)
    with pytest.raises(InternalError, match="agenda_item_decided_stays"), transaction.atomic():
        AgendaItem.objects.filter(pk=item.pk).update(votes_for=1)
    with pytest.raises(InternalError, match="ballot_append_only"), transaction.atomic():
        Ballot.objects.update(choice=BallotChoice.AGAINST)


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        (
            "meeting_minutes_approved_by_someone",
            {"state": "CLOSED", "minutes": "x", "minutes_approved_at": "2025-07-21T00:00:00Z"},
        ),
        (
            "meeting_minutes_approved_after_closing",
            {"minutes_approved_at": "2025-07-21T00:00:00Z", "minutes_approved_by": 1},
        ),
        ("meeting_minutes_file_with_name_and_hash", {"minutes_filename": "x.pdf"}),
    ],
)
def test_incoherent_minutes_are_impossible(actor, constraint, facts):
    meeting, _ = opened(actor)
    if "minutes_approved_by" in facts:
        facts = {**facts, "minutes_approved_by": actor}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(**facts)


def test_a_recusal_without_a_reason_is_impossible(actor):
    _, item = opened(actor)
    seats = network.voters_of(item)
    Recusal.objects.create(item=item, seat=seats[0], kind=RecusalKind.WITHDREW, reason="x", recorded_by=actor)
    with pytest.raises(IntegrityError, match="recusal_has_a_reason"), transaction.atomic():
        Recusal.objects.create(item=item, seat=seats[1], kind=RecusalKind.WITHDREW, reason="", recorded_by=actor)
    with pytest.raises(IntegrityError, match="recusal_once_per_seat"), transaction.atomic():
        Recusal.objects.create(item=item, seat=seats[0], kind=RecusalKind.WITHDREW, reason="x", recorded_by=actor)


def test_minutes_are_written_approved_and_then_fixed(actor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    meeting, item = opened(actor)
    network.decide_item(item=item, votes=votes(item), actor=actor)
    with pytest.raises(Refusal, match="폐회한 뒤"):
        network.approve_minutes(meeting=meeting, actor=actor)
    network.close_meeting(meeting=meeting, minutes="초안", actor=actor)
    meeting = network.write_minutes(meeting=meeting, minutes="전문", file=ContentFile(PDF, "회의록.pdf"), actor=actor)
    assert (meeting.minutes_filename, len(meeting.minutes_sha256)) == ("회의록.pdf", 64)
    meeting = network.approve_minutes(meeting=meeting, actor=actor)
    assert meeting.minutes_approved_by == actor
    with pytest.raises(Refusal, match="이미 승인된"):
        network.write_minutes(meeting=meeting, minutes="고침", actor=actor)
    with pytest.raises(InternalError, match="meeting_with_approved_minutes_stays"), transaction.atomic():
        Meeting.objects.filter(pk=meeting.pk).update(minutes="고침")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("회의록.exe", PDF, "올릴 수 없는"),
        ("회의록.pdf", b"MZ not a pdf", "올릴 수 없는"),
        ("회의록.pdf", b"", "빈 파일"),
    ],
)
def test_a_paper_must_be_what_it_says(actor, name, content, said):
    meeting, _ = opened(actor)
    with pytest.raises(Refusal, match=said):
        network.write_minutes(meeting=meeting, minutes="전문", file=ContentFile(content, name), actor=actor)
