"""Are the dossiers whole? The chain link by link, each against the tables, and every round calculated again.

A chain shows that nothing inside it was changed, removed or put in between. That its end was not cut off or made anew
is shown by comparing its head with one noted elsewhere: it is printed on every paper, and `verify_dossiers --head` takes
it.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.translation import gettext as _

from crisis import rules
from crisis import services as crisis
from crisis.dossiers.enums import DossierKind
from crisis.dossiers.models import Dossier, DossierCheck
from crisis.dossiers.services.freezing import undossiered
from crisis.models import Run
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.services import JobProgress, notify

_FACTS = ("model_stage", "floor_stage", "proposed_stage", "stage", "reason_code", "reason_text", "field_survey")
_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the records do not hold: the number of the dossier (0: of none) and what is wrong."""

    sequence: int
    code: str
    message: str


@dataclass(slots=True)
class Verification:
    """What a pass found. `notes` are things it could not look at, which is not a fault of the records."""

    dossiers: int = 0
    head: str = ""
    runs: int = 0
    broken: Break | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return self.broken is None


def inspect(dossier: Dossier, *, before: Dossier | None = None) -> Break | None:
    """Look at one dossier: its text, its place after `before`, and that the tables still say what it says.

    `before` is the dossier with the number one less; None for the first.
    """
    for look in (_text_holds, _place_holds, _parts_hold, _tables_agree):
        found = look(dossier, before)
        if found:
            return Break(dossier.sequence, *found)
    return None


_Found = tuple[str, str] | None


def _text_holds(dossier: Dossier, before: Dossier | None) -> _Found:
    made = hashlib.sha256(dossier.content.encode()).hexdigest()
    if made != dossier.sha256:
        return "content_changed", _("내용이 보관한 뒤에 바뀌었습니다. 내용의 SHA-256이 적혀 있는 값과 다릅니다.")
    try:
        same = rules.canonical_json(dossier.record) == dossier.content
    except (json.JSONDecodeError, TypeError):
        same = False
    return None if same else ("not_canonical", _("내용이 정해진 JSON 형식이 아닙니다."))


def _place_holds(dossier: Dossier, before: Dossier | None) -> _Found:
    record = dossier.record
    previous = before.sha256 if before is not None else ""
    if (before is None) != (dossier.sequence == 1):
        return "link_missing", _("바로 앞 번호의 보관본이 없습니다.")
    if not record.get("previous") == dossier.previous_sha256 == previous:
        return "chain_broken", _("앞 보관본의 SHA-256이 실제와 다릅니다. 앞 보관본이 바뀌었거나 바꿔치기되었습니다.")
    if (record.get("sequence"), record.get("kind")) != (dossier.sequence, dossier.kind):
        return "moved", _("번호나 종류가 내용과 다릅니다. 보관본의 자리가 바뀌었습니다.")
    return None


def _parts_hold(dossier: Dossier, before: Dossier | None) -> _Found:
    """The digests inside a record fit what they are digests of."""
    record = dossier.record
    if dossier.kind != DossierKind.DETERMINATION:
        return None
    if rules.digest(record["result"]["public"]) != record["result"]["digest"]:
        return "result_digest", _("산출 결과의 SHA-256이 내용과 다릅니다.")
    if rules.ruleset_sha256(record["rule_set"]["body"]) != record["rule_set"]["sha256"]:
        return "rule_set_digest", _("판정 기준의 SHA-256이 내용과 다릅니다.")
    if rules.lines_digest(record["inputs"]["lines"]) != record["inputs"]["digest"]:
        return "input_digest", _("입력 자료의 SHA-256이 내용과 다릅니다.")
    return None


def _tables_agree(dossier: Dossier, before: Dossier | None) -> _Found:
    if dossier.kind == DossierKind.MINUTES:
        return _minutes_agree(dossier)
    row, record = dossier.determination, dossier.record
    if row is None or row.area.code != record["area"]["code"] or row.round.code != record["round"]["code"]:
        return "other_subject", _("보관본이 다른 지역이나 회차의 결정에 붙어 있습니다.")
    decision = record["decision"]
    if any(getattr(row, name) != decision[name] for name in _FACTS):
        return "decision_changed", _("결정 표의 내용이 보관본과 다릅니다. 확정한 뒤에 결정이 바뀌었습니다.")
    first = row.effective_at_confirmation
    if first is not None and first.lower.isoformat() != decision["from"]:
        return "decision_changed", _("결정의 적용 시작일이 보관본과 다릅니다.")
    if row.result.digest != record["result"]["digest"] or rules.digest(row.result.public) != row.result.digest:
        return "result_changed", _("산출 결과 표의 내용이 보관본과 다릅니다.")
    if row.result.run.rule_set.sha256 != record["rule_set"]["sha256"]:
        return "rule_set_changed", _("판정 기준이 보관본과 다릅니다.")
    item = row.agenda_item
    votes = (item.votes_for, item.votes_against, item.abstentions)
    if votes != tuple(record["item"][name] for name in ("votes_for", "votes_against", "abstentions")):
        return "votes_changed", _("안건의 표결 결과가 보관본과 다릅니다.")
    return None


def _minutes_agree(dossier: Dossier) -> _Found:
    meeting, minutes = dossier.meeting, dossier.record["minutes"]
    if meeting is None or (meeting.minutes, meeting.minutes_sha256) != (minutes["text"], minutes["file_sha256"]):
        return "minutes_changed", _("회의록이 보관본과 다릅니다. 승인한 뒤에 회의록이 바뀌었습니다.")
    if not minutes["file_sha256"]:
        return None
    name = str(meeting.minutes_file.name)
    if not default_storage.exists(name):
        return "paper_missing", _("회의록 파일이 없어졌습니다.")
    with default_storage.open(name) as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != minutes["file_sha256"]:  # type: ignore[arg-type]
            return "paper_changed", _("회의록 파일이 승인한 뒤에 바뀌었습니다.")
    return None


def _links() -> Iterator[Dossier]:
    rows = Dossier.objects.order_by("sequence").select_related(
        "determination__area", "determination__round", "determination__result__run__rule_set",
        "determination__agenda_item", "meeting",
    )  # fmt: skip
    return rows.iterator(chunk_size=_CHUNK)


def check_chain(*, head: tuple[int, str] | None = None, say: Callable[[int], None] | None = None) -> Verification:
    """Every link in order, up to the first that does not hold; then whether a decision lacks its dossier.

    `head` is (number, SHA-256 or its beginning) noted at an earlier time: that link must still be there as it was.
    """
    found = Verification()
    before: Dossier | None = None
    for link in _links():
        expected = before.sequence + 1 if before is not None else 1
        if link.sequence != expected:
            found.broken = Break(expected, "link_missing", _("이 번호의 보관본이 없습니다."))
            return found
        found.broken = inspect(link, before=before)
        if found.broken is None and head and head[0] == link.sequence and not link.sha256.startswith(head[1].lower()):
            found.broken = Break(
                link.sequence, "head_differs", _("적어 두신 SHA-256과 다릅니다. 사슬이 다시 만들어졌습니다.")
            )
        if found.broken:
            return found
        before, found.dossiers, found.head = link, link.sequence, link.sha256
        if say is not None and link.sequence % _CHUNK == 0:
            say(link.sequence)
    if head and head[0] > found.dossiers:
        found.broken = Break(head[0], "tail_cut_off", _("적어 두신 번호의 보관본이 없습니다. 사슬의 끝이 잘렸습니다."))
        return found
    missing = undossiered()
    if missing:
        found.broken = Break(0, "no_dossier", _("보관본이 없는 확정 결정이 있습니다: %(item)s") % {"item": missing[0]})
    return found


def verify_chain(
    *, rounds: bool = True, head: tuple[int, str] | None = None, say: Callable[[int], None] | None = None
) -> Verification:
    """The chain as `check_chain` does and, with `rounds`, every run it rests on calculated again from the observations."""
    found = check_chain(head=head, say=say)
    if found.ok and rounds:
        _recompute(found)
    return found


def _recompute(found: Verification) -> None:
    """Calculate each run again; the first dossier whose round does not come out the same is the break."""
    firsts: dict[int, tuple[int, dict[str, Any]]] = {}
    rows = Dossier.objects.of_kind(DossierKind.DETERMINATION).order_by("sequence")
    for sequence, run_id in rows.values_list("sequence", "determination__result__run"):
        firsts.setdefault(run_id, (sequence, {}))
    for run_id, (sequence, _unused) in firsts.items():
        run = Run.objects.select_related("round", "rule_set").get(pk=run_id)
        kept = Dossier.objects.get(sequence=sequence).record["run"]
        if (run.input_digest, run.output_digest) != (kept["input_digest"], kept["output_digest"]):
            found.broken = Break(sequence, "run_changed", _("%(run)s의 해시가 보관본과 다릅니다.") % {"run": run})
            return
        if run.engine_version != rules.ENGINE_VERSION:
            found.notes.append(
                _("%(run)s: 산식 %(then)s 판으로 계산했고 지금은 %(now)s 판이라 다시 계산하지 않았습니다.")
                % {"run": run, "then": run.engine_version, "now": rules.ENGINE_VERSION}
            )
            continue
        if crisis.recompute_input_digest(run=run) != kept["input_digest"]:
            found.broken = Break(
                _first_with_other_inputs(run, sequence),
                "inputs_changed",
                _("%(run)s의 입력 관측값이 산출한 때와 다릅니다. 기록된 관측값이 바뀌었거나 지워졌습니다.")
                % {"run": run},
            )
            return
        different = crisis.recompute_run(run=run)
        if different:
            found.broken = Break(
                _first_of(run_id, set(different), sequence),
                "not_reproduced",
                _("%(run)s을(를) 다시 계산하니 %(n)s개 지역의 결과가 다릅니다: %(areas)s")
                % {"run": run, "n": len(different), "areas": ", ".join(sorted(different)[:10])},
            )
            return
        found.runs += 1


def _first_with_other_inputs(run: Run, otherwise: int) -> int:
    """The first dossier of a run whose own readings are no longer those of the table; any of the run if none is."""
    rows = Dossier.objects.filter(determination__result__run=run).select_related("area").order_by("sequence")
    now = crisis.input_lines(run=run, codes=[row.area.code for row in rows if row.area])
    for row in rows:
        if row.area and rules.lines_digest(now.get(row.area.code, [])) != row.record["inputs"]["digest"]:
            return row.sequence
    return otherwise


def _first_of(run_id: int, areas: set[str], otherwise: int) -> int:
    """The first dossier of a run that is about one of the areas; any of the run if none is."""
    rows = Dossier.objects.filter(determination__result__run=run_id, area__code__in=areas).order_by("sequence")
    return rows.values_list("sequence", flat=True).first() or otherwise


def keep_check(found: Verification, *, actor: User | None) -> DossierCheck:
    """Write down what a pass found."""
    broken = found.broken
    return DossierCheck.objects.create(
        checked_by=actor,
        dossiers=found.dossiers,
        head_sha256=found.head,
        runs=found.runs,
        broken_at=broken.sequence if broken else None,
        message=broken.message if broken else "",
    )


def run_full_check(progress: JobProgress) -> dict[str, Any]:
    """The whole verification as a job: the chain, then every round calculated again."""
    progress.say(message=_("사슬을 처음부터 확인하는 중"), total=Dossier.objects.count())
    found = verify_chain(say=lambda done: progress.say(done=done))
    keep_check(found, actor=progress.job.owner)
    return {
        "ok": found.ok,
        "dossiers": found.dossiers,
        "runs": found.runs,
        "head": found.head,
        "broken_at": found.broken.sequence if found.broken else None,
        "message": found.broken.message if found.broken else "",
        "notes": found.notes,
    }


def sweep_chain() -> Verification:
    """The nightly look at the chain without calculating again. A break is told to whoever may read the history."""
    found = check_chain()
    check = keep_check(found, actor=None)
    if found.broken is not None:
        notify(
            kind="dossiers_broken",
            key=f"dossiers-broken:{found.broken.sequence}:{found.broken.code}",
            title=_("보관본 제%(n)s호가 어긋납니다: %(what)s") % {"n": check.broken_at, "what": check.message},
            url=reverse("dossiers:dossiers"),
            capability=Capability.MANAGE_ROUNDS,
        )
    return found
