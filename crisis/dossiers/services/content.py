"""What a dossier says, taken from the tables once and in Korean, whatever language the actor reads.

The record is self-contained: whoever has it needs no table to read, print or defend the decision. Dates are ISO 8601,
moments in Korean time, decimals text, stages the codes GOOD, CAUTION and SEVERE.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from crisis import rules
from crisis import services as crisis
from crisis.models import Determination, Floor, Indicator, Round, RuleSet, Run
from network.models import AgendaItem, Meeting
from portal.directory.models import User

FORMAT = "crisis-dossier/1"
Record = dict[str, Any]


def _moment(value: datetime | None) -> str | None:
    return None if value is None else timezone.localtime(value).isoformat()


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _person(user: User | None) -> Record | None:
    return None if user is None else {"login": user.login_id, "name": user.name}


def members_of(meeting: Meeting, items: Iterable[AgendaItem] = ()) -> list[Record]:
    """Everyone enrolled, the chair first: present or not, and per item how they voted or why they took no part."""
    asked = list(items)
    votes = {(one.item_id, one.seat_id): one for item in asked for one in item.ballots.all()}
    recusals = {(one.item_id, one.seat_id): one for item in asked for one in item.recusals.all()}
    rows = meeting.attendances.select_related("seat").order_by("seat_id")
    found = []
    for row in sorted(rows, key=lambda row: row.seat.position != "CHAIR"):
        seat = row.seat
        part = []
        for item in asked:
            vote, recusal = votes.get((item.pk, seat.pk)), recusals.get((item.pk, seat.pk))
            part.append(
                {
                    "item": item.number,
                    "choice": vote.choice if vote else None,
                    "dissent": vote.dissent if vote else "",
                    "recusal": recusal.kind if recusal else None,
                    "recusal_label": str(recusal.get_kind_display()) if recusal else "",
                    "recusal_reason": recusal.reason if recusal else "",
                }
            )
        found.append(
            {
                "name": seat.name,
                "affiliation": seat.affiliation,
                "position": seat.position,
                "position_label": str(seat.get_position_display()),
                "present": row.present,
                "votes": part,
            }
        )
    return found


def meeting_of(meeting: Meeting) -> Record:
    return {
        "council": meeting.council.name_ko,
        "office": meeting.council.organization.name_ko,
        "number": meeting.number,
        "held_on": _day(meeting.held_on),
        "place": meeting.place,
        "opened_at": _moment(meeting.opened_at),
        "enrolled": meeting.enrolled_count,
        "present": meeting.present_count,
    }


def item_of(item: AgendaItem) -> Record:
    return {
        "number": item.number,
        "title": item.title,
        "outcome": item.outcome,
        "outcome_label": str(item.get_outcome_display()),
        "votes_for": item.votes_for,
        "votes_against": item.votes_against,
        "abstentions": item.abstentions,
        "recused": item.recused_count,
        "by_name": bool(item.ballots.all()),
        "dissent": item.dissent,
        "minutes": item.minutes,
        "decided_at": _moment(item.decided_at),
    }


def rule_set_of(rule_set: RuleSet) -> Record:
    return {
        "version": rule_set.version,
        "title": rule_set.title,
        "sha256": rule_set.sha256,
        "document": rule_set.document,
        "trial": rule_set.trial,
        "body": rule_set.body,
    }


def run_of(run: Run) -> Record:
    return {
        "engine_version": run.engine_version,
        "ruleset_sha256": run.ruleset_sha256,
        "known_at": _moment(run.known_at),
        "seq_high": run.seq_high,
        "input_digest": run.input_digest,
        "output_digest": run.output_digest,
        "finished_at": _moment(run.finished_at),
        "previous_output_digest": run.previous.output_digest if run.previous else None,
    }


def round_of(round: Round) -> Record:
    return {
        "code": round.code,
        "title": round.title,
        "reference_month": round.reference_month.isoformat()[:7],
        "cutoff": _moment(round.cutoff),
    }


def floor_of(floor: Floor) -> Record:
    return {
        "id": str(floor.public_id),
        "kind": floor.kind,
        "kind_label": str(floor.get_kind_display()),
        "stage": floor.stage,
        "from": _day(floor.effective.lower),
        "before": _day(floor.effective.upper),
        "share": _text(floor.share),
        "designation": _text(floor.designation),
        "evidence": floor.evidence,
        "file": floor.evidence_filename,
        "file_sha256": floor.evidence_sha256,
    }


def decision_of(determination: Determination, before: str | None, corrected: Record | None) -> Record:
    effective = determination.effective_at_confirmation
    return {
        "model_stage": determination.model_stage,
        "floor_stage": determination.floor_stage,
        "proposed_stage": determination.proposed_stage,
        "stage": determination.stage,
        "departs": determination.departs,
        "reason_code": determination.reason_code,
        "reason_label": str(determination.get_reason_code_display()) if determination.reason_code else "",
        "reason_text": determination.reason_text,
        "field_survey": determination.field_survey,
        "stage_before": before,
        "from": _day(effective.lower if effective else None),
        "before": _day(effective.upper if effective else None),
        "confirmed_at": _moment(determination.confirmed_at),
        "confirmed_by": _person(determination.confirmed_by),
        "correction": corrected,
        "correction_reason": determination.correction_reason,
        "demo": determination.is_demo,
    }


def shared_of(item: AgendaItem, runs: Sequence[Run]) -> Record:
    """What all determinations of an item have in common: the meeting, the vote, each run's facts and rules."""
    return {
        "meeting": meeting_of(item.meeting),
        "item": item_of(item),
        "members": members_of(item.meeting, [item]),
        "minutes": {"meeting": item.meeting.minutes, "item": item.minutes},
        "runs": {run.pk: _facts_of(run) for run in runs},
    }


def _facts_of(run: Run) -> Record:
    """What every record of a run says alike. `series` names all that went in, `indicators` what is scored, in order."""
    rule_set = run.rule_set.parsed
    known = Indicator.objects.filter(code__in=rule_set.series_codes).in_bulk(field_name="code")
    named = {
        code: {
            "code": code,
            "name": known[code].name_ko if code in known else code,
            "unit": known[code].unit if code in known else "",
        }
        for code in rule_set.series_codes
    }
    return {
        "run": run_of(run),
        "rule_set": rule_set_of(run.rule_set),
        "round": round_of(run.round),
        "indicators": [named[code] for code in rule_set.order],
        "series": [named[code] for code in sorted(named)],
    }


def input_lines(determinations: Iterable[Determination]) -> dict[tuple[int, str], list[str]]:
    """(run, area code) → the winning readings of the area the run was calculated from, as canonical lines."""
    codes: dict[Run, set[str]] = {}
    for one in determinations:
        codes.setdefault(one.result.run, set()).add(one.area.code)
    found: dict[tuple[int, str], list[str]] = {}
    for run, wanted in codes.items():
        for code, lines in crisis.input_lines(run=run, codes=sorted(wanted)).items():
            found[run.pk, code] = lines
    return found


def determination_record(
    determination: Determination, *, shared: Record, lines: list[str], before: str | None, corrected: Record | None
) -> Record:
    """The whole record of one determination, without its place in the chain."""
    result, area = determination.result, determination.area
    return {
        "area": {
            "code": area.code,
            "level": area.level,
            "level_label": str(area.get_level_display()),
            "name": area.name_ko,
            "region": area.region.full_name,
        },
        **shared["runs"][result.run_id],
        "decision": decision_of(determination, before, corrected),
        "floors": [floor_of(floor) for floor in determination.floors.all()],
        "result": {"digest": result.digest, "public": result.public},
        "inputs": {"digest": rules.lines_digest(lines), "lines": lines},
        "meeting": shared["meeting"],
        "item": shared["item"],
        "members": shared["members"],
        "minutes": shared["minutes"],
    }


def minutes_record(meeting: Meeting, decisions: list[Record]) -> Record:
    """The record of a meeting's approved minutes, with every item and vote, and the decisions it made."""
    items = list(meeting.items.prefetch_related("ballots", "recusals").order_by("number"))
    return {
        "meeting": meeting_of(meeting) | {"closed_at": _moment(meeting.closed_at)},
        "items": [item_of(item) for item in items],
        "members": members_of(meeting, items),
        "minutes": {
            "text": meeting.minutes,
            "file": meeting.minutes_filename,
            "file_sha256": meeting.minutes_sha256,
            "approved_at": _moment(meeting.minutes_approved_at),
            "approved_by": _person(meeting.minutes_approved_by),
        },
        "decisions": decisions,
        "demo": meeting.is_demo,
    }
