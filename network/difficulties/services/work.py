"""Difficulties, actions, notes and files of an open case."""

import hashlib
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from network.difficulties.enums import ACTION_NEXT_STATES, FINISHED, WITHOUT_MONEY, ActionState, Audience
from network.difficulties.models import Action, Case, Difficulty, DifficultyKind, Note, Paper, Referent
from network.difficulties.services.common import acting_body, held_open, is_of_lead, managed, recorded, tell
from portal.directory.models import Holiday, Organization, User
from portal.directory.scope import scope_of
from portal.directory.services import settle_notices
from portal.kernel.deadlines import add_working_days, next_working_day
from portal.kernel.errors import Refusal

LARGEST_FILE = 20 * 1024 * 1024
LONGEST_TERM = 250
"""Working days: about a year."""


@transaction.atomic
def add_difficulty(
    *, case: Case, kind: DifficultyKind, severity: str, text: str = "", opened_on: date | None = None, actor: User
) -> Difficulty:
    """Note what the firm suffers from. One open difficulty of a kind."""
    case = held_open(case, actor)
    acting_body(case, actor)
    today = timezone.localdate()
    faults: dict[str, str] = {}
    if (opened_on or today) > today:
        faults["opened_on"] = "아직 오지 않은 날입니다."
    if case.difficulties.filter(kind=kind, resolved_on=None).exists():
        faults["kind"] = "같은 종류의 애로가 아직 풀리지 않은 채 있습니다."
    if kind.retired:
        faults["kind"] = "더 쓰지 않는 종류입니다."
    if faults:
        raise Refusal("difficulty", " ".join(faults.values()), fields=faults)
    row = Difficulty(case=case, kind=kind, severity=severity, text=text, opened_on=opened_on or today, entered_by=actor)
    row.full_clean()
    with recorded("add_difficulty", case, actor=actor, kind=kind.code):
        row.save()
    return row


@transaction.atomic
def resolve_difficulty(*, difficulty: Difficulty, resolution: str, actor: User) -> Difficulty:
    case = held_open(difficulty.case, actor)
    acting_body(case, actor)
    row = Difficulty.objects.select_for_update(no_key=True, of=("self",)).get(pk=difficulty.pk)
    if row.resolved_on is not None:
        raise Refusal("difficulty_resolved", "이미 풀린 것으로 적힌 애로입니다.")
    row.resolved_on, row.resolved_by, row.resolution = timezone.localdate(), actor, resolution
    row.full_clean()
    with recorded("resolve_difficulty", case, actor=actor):
        row.save()
    return row


def _due(due_on: date | None, due_in: int | None, faults: dict[str, str]) -> date:
    """The working day an action is due: so many working days from today, or the working day a date moves on to."""
    today, off = timezone.localdate(), Holiday.objects.days()
    if (due_on is None) == (due_in is None):
        faults["due_on"] = "기한을 날짜나 근무일 수 가운데 하나로 적어 주세요."
    elif due_in is not None:
        if 1 <= due_in <= LONGEST_TERM:
            return add_working_days(today, due_in, off)
        faults["due_in"] = f"근무일 수는 1에서 {LONGEST_TERM}까지입니다."
    elif due_on is not None:
        if due_on >= today:
            return next_working_day(due_on, off)
        faults["due_on"] = "기한은 오늘이거나 그 뒤여야 합니다."
    return today


@transaction.atomic
def add_action(
    *,
    case: Case,
    kind: str,
    title: str,
    organization: Organization | None = None,
    due_on: date | None = None,
    due_in: int | None = None,
    amount: int | None = None,
    actor: User,
) -> Action:
    """Plan what a body does. One's own body by default; the leading body may ask another that is on the case.

    `due_on` is moved to the next working day; `due_in` counts working days from today. `amount` in won.
    """
    case = held_open(case, actor)
    mine = acting_body(case, actor)
    body = organization or mine
    faults: dict[str, str] = {}
    on_it = Referent.objects.current().filter(case=case, organization=body).select_related("user").first()
    if on_it is None:
        faults["organization"] = f"{body.name_ko}은(는) 이 사례를 맡은 기관이 아닙니다."
    elif body.pk not in managed(scope_of(actor)) and not is_of_lead(case, scope_of(actor)):
        faults["organization"] = "다른 기관의 조치는 주담당 기관만 정할 수 있습니다."
    day = _due(due_on, due_in, faults)
    if amount is not None and kind in WITHOUT_MONEY:
        faults["amount"] = "방문, 회의, 조정에는 금액을 적지 않습니다."
    if faults:
        raise Refusal("action", " ".join(faults.values()), fields=faults)
    row = Action(case=case, organization=body, kind=kind, title=title, due_on=day, amount=amount, entered_by=actor)
    row.full_clean()
    with recorded("add_difficulty_action", case, actor=actor, kind=kind, organization=body.code):
        row.save()
    if on_it is not None and on_it.user != actor:
        title = f"사례 {case.code}에 우리 기관이 할 조치가 정해졌습니다."
        tell(case, f"action:{row.pk}", title, users=[on_it.user], due=day)
    return row


@transaction.atomic
def step_action(*, action: Action, state: str, result: str = "", amount: int | None = None, actor: User) -> Action:
    """Move an action on: begun, done with its result, or dropped with the reason. By its body or the leading one."""
    case = held_open(action.case, actor)
    row = Action.objects.select_for_update(no_key=True, of=("self",)).get(pk=action.pk)
    scope = scope_of(actor)
    if row.organization_id not in managed(scope) and not is_of_lead(case, scope):
        raise Refusal("not_our_action", "이 조치를 맡은 기관이나 주담당 기관만 할 수 있습니다.")
    if state not in ACTION_NEXT_STATES[row.state]:
        now, then = row.get_state_display(), ActionState(state).label
        raise Refusal("action_state", f"‘{now}’인 조치는 ‘{then}’(으)로 바꿀 수 없습니다.")
    row.state, row.result = state, result or row.result
    if amount is not None:
        row.amount = amount
    if state in FINISHED:
        row.finished_on = timezone.localdate()
    row.full_clean()
    with recorded("step_difficulty_action", case, actor=actor, state=state):
        row.save()
    if state in FINISHED:
        settle_notices(*(f"difficulty:{case.code}:{what}:{row.pk}" for what in ("action", "soon", "late")))
    return row


@transaction.atomic
def write_note(
    *, case: Case, kind: str, held_on: date, text: str, audience: str = Audience.BODIES, actor: User
) -> Note:
    """Keep a contact or a remark, for all bodies on the case or for the writer's own. It is never changed."""
    case = held_open(case, actor)
    body = acting_body(case, actor)
    if held_on > timezone.localdate():
        raise Refusal("note_day", "아직 오지 않은 날입니다.", fields={"held_on": "아직 오지 않은 날입니다."})
    row = Note(case=case, organization=body, audience=audience, kind=kind, held_on=held_on, text=text, written_by=actor)
    row.full_clean()
    with recorded("write_difficulty_note", case, actor=actor):
        row.save()
    return row


@transaction.atomic
def attach_paper(*, case: Case, title: str, file: UploadedFile, audience: str = Audience.BODIES, actor: User) -> Paper:
    """Keep a file with its hash, for all bodies on the case or for one's own."""
    case = held_open(case, actor)
    body = acting_body(case, actor)
    if not file.size or file.size > LARGEST_FILE:
        text = "빈 파일이거나 20MB를 넘습니다. 나누거나 줄여서 올려 주세요."
        raise Refusal("file_size", text, fields={"file": text})
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    row = Paper(
        case=case, organization=body, audience=audience, title=title, filename=str(file.name)[-200:], size=file.size,
        sha256=digest.hexdigest(), uploaded_by=actor,
    )  # fmt: skip
    if Paper.objects.filter(case=case, organization=body, sha256=row.sha256).exists():
        raise Refusal(
            "file_twice", "우리 기관이 이미 올린 파일입니다.", fields={"file": "우리 기관이 이미 올린 파일입니다."}
        )
    row.file.save(f"{case.code}-{row.sha256[:16]}", file, save=False)
    try:
        with transaction.atomic(), recorded("attach_difficulty_paper", case, actor=actor):
            row.save()
    except IntegrityError:
        row.file.delete(save=False)
        raise
    return row
