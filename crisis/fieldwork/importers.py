"""Sheets by file: for each open campaign a workbook of its sample, made from the questionnaire that makes the page.

One row a workplace, known by its number in the sample. A question with several answers has one column for each answer
it takes, so that every cell has its list. What is exported can be filled in without a network and brought back;
unedited it changes nothing.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any

from django.utils import timezone

from companies.surveys.rules import answers as sheets
from companies.surveys.rules.definition import Field
from crisis.fieldwork.enums import NO_ANSWER, CampaignState, UnitState
from crisis.fieldwork.models import Campaign, Unit
from crisis.fieldwork.rules import questionnaire as rules
from crisis.fieldwork.rules.questionnaire import Multiple
from crisis.fieldwork.services import record_outcome, save_sheet, undo_upload_of_sheets
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.intake import cells
from portal.intake.models import Upload
from portal.intake.registry import Column, Importer, Problem, Row

PREFIX = "fieldwork-"
YES = "○"
_OUTCOMES = {str(UnitState(state).label): str(state) for state in NO_ANSWER}
_OUTCOME_WORDS = {state: word for word, state in _OUTCOMES.items()}


def _number(cell: Any) -> str:
    digits = re.sub(r"\s", "", cells.code(cell))
    if not re.fullmatch(r"[0-9]{1,12}", digits):
        raise ValueError(f"‘{digits[:20]}’은(는) 조사 번호가 아닙니다. 내려받은 파일의 번호를 그대로 두세요.")
    return digits.zfill(4)


def _offered(choices: Iterable[tuple[str, str]], scope: Scope) -> list[str]:
    return [word for _, word in choices]


def _one_of_several(question: Multiple, cell: Any) -> str | None:
    found = rules.read_several(question, str(cell)) if not cells.is_blank(cell) else None
    if found and len(found) > 1:
        raise ValueError("한 칸에는 하나만 골라 주세요. 나머지는 옆 칸에 적습니다.")
    return found[0] if found else None


def _word(words: Mapping[str, str], kept: str) -> str:
    return words.get(kept, kept)


def _parts(question: Multiple) -> list[str]:
    """The columns of a question with several answers."""
    return [f"{question.code}__{at}" for at in range(1, (question.most or len(question.choices)) + 1)]


def _field_column(field: Field) -> Column:
    return Column(
        field.code, field.header, partial(sheets.read, field), required=False,
        help="제출할 때 필수." if field.required else "", choices=partial(_offered, field.choices) if field.choices else None,
        width=30 if field.kind == "TEXT" else 14, text=True, show=partial(sheets.written, field),
    )  # fmt: skip


def _several_columns(question: Multiple) -> Iterator[Column]:
    for at, name in enumerate(_parts(question), 1):
        yield Column(
            name, f"{question.label} {at}", partial(_one_of_several, question), required=False, width=18, text=True,
            help=f"{question.most}개까지 고릅니다." if question.most else "해당하는 것을 모두 고릅니다.",
            choices=partial(_offered, question.choices), show=partial(_word, dict(question.choices)),
        )  # fmt: skip


class CampaignImporter:
    """Sheets of one campaign, of the workplaces the uploader writes for."""

    capability = Capability.ENTER_SURVEYS

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self.kind = f"{PREFIX}{campaign.code}"
        self.title = f"현장 조사표 {campaign.code}"
        self.version = f"{campaign.form.code}.{campaign.form.version}"
        self.form = campaign.form.questionnaire

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        asked = [_field_column(self.form.item(code)) for code in self.form.items]
        several = [column for question in self.form.multiples for column in _several_columns(question)]
        texts = [_field_column(field) for field in self.form.texts]
        return (
            Column("number", "조사 번호", _number, width=10, text=True, help="표본의 번호입니다. 바꾸지 않습니다.", example="0001"),
            Column("firm", "기업명", cells.text, required=False, width=24, text=True, help="알아보기 위한 열입니다. 바꾸어도 반영하지 않습니다."),
            Column("place", "밀집지역", cells.text, required=False, width=24, text=True, help="알아보기 위한 열입니다."),
            *asked, *several, *texts,
            Column("outcome", "응답 없음", cells.one_of(_OUTCOMES), required=False, width=14, text=True,
                   help="답을 받지 못했을 때만 고릅니다.", choices=lambda scope: list(_OUTCOMES), show=partial(_word, _OUTCOME_WORDS)),
            Column("note", "응답 없음의 사정", cells.text, required=False, width=24, text=True),
            Column("submit", "제출", cells.flag, required=False, width=8, choices=lambda scope: [YES],
                   help="저장하고 제출까지 하려면 ○를 적습니다.", show=lambda kept: YES if kept else ""),
            Column("reason", "고친 사유", cells.text, required=False, width=24, text=True, help="이미 제출한 답을 고칠 때만 적습니다."),
        )  # fmt: skip

    # --- the preview --------------------------------------------------------------------------------------------------
    def check(self, rows: list[Row], *, scope: Scope, say: Callable[..., None]) -> None:
        """Find the workplace, compare with the sheet that stands, apply the form's rules. One query."""
        found = Unit.objects.filter(campaign=self.campaign).filter(scope.regions("place__cluster__region"))
        units = {one.number: one for one in found.select_related("workplace__company", "place__cluster", "replacement")}
        first: dict[str, int] = {}
        for row in rows:
            number = row.values.get("number")
            if number is None:
                continue
            unit = units.get(number)
            if unit is None:
                text = "이 조사의 관할 표본에 없는 번호입니다. 내려받은 파일의 번호를 그대로 두세요."
                row.problems.append(Problem("unit_unknown", text, "number"))
            elif (twin := first.setdefault(number, row.number)) != row.number:
                row.problems.append(Problem("doubled", f"{twin}행과 같은 번호입니다. 한 행만 남겨 주세요.", "number"))
            else:
                self._compare(row, unit)

    def _compare(self, row: Row, unit: Unit) -> None:
        values = row.values
        values["_unit"], values["_seen"] = unit.pk, unit.version
        values["firm"], values["place"] = unit.workplace.company.name_ko, unit.place.cluster.name_ko
        values["submit"] = bool(values.get("submit"))
        answers, held = self._answers(values), self._columns_of(unit)
        handed_in = unit.state == UnitState.SUBMITTED
        now = {name: values.get(name) for name in held}
        changed = [name for name, value in held.items() if (now[name] or None) != (value or None)]
        row.same = not row.is_wrong and not changed
        if row.same:
            return
        row.before = {name: held[name] for name in changed if unit.version}
        if getattr(unit, "replacement", None) is not None:
            row.problems.append(Problem("replaced", "다른 사업장으로 대체한 표본입니다.", "number"))
        if not self.campaign.takes_entry_on(timezone.localdate()):
            row.problems.append(Problem("closed", "조사 기간이 아니어서 적을 수 없습니다.", "number"))
        if values.get("outcome"):
            if answers or values["submit"]:
                text = "답이 있으면 ‘응답 없음’을 비우고, 응답이 없으면 답과 제출을 비워 주세요."
                row.problems.append(Problem("answer_and_outcome", text, "outcome"))
            if handed_in:
                row.problems.append(Problem("handed_in", "이미 제출한 조사표입니다.", "outcome"))
            return
        if values.get("note"):
            row.problems.append(Problem("note_alone", "‘응답 없음’을 고른 다음 사정을 적어 주세요.", "note"))
        if handed_in and not values.get("reason"):
            row.problems.append(Problem("reason_missing", "제출한 답을 고치는 사유를 적어 주세요.", "reason"))
        faults = rules.faults(self.form, answers, complete=values["submit"] or handed_in)
        for code, told in faults.items():
            column = _parts(self.form.multiple_by_code[code])[0] if code in self.form.multiple_by_code else code
            row.problems += [Problem("form_rule", text, column) for text in told]

    def _answers(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The answers a row states, by code."""
        found = {code: values.get(code) for code in self.form.definition.by_code}
        for question in self.form.multiples:
            chosen = {values.get(name) for name in _parts(question)}
            found[question.code] = [code for code, _ in question.choices if code in chosen]
        return {code: value for code, value in found.items() if value}

    def _columns_of(self, unit: Unit) -> dict[str, Any]:
        """What stands, by column."""
        held: dict[str, Any] = {code: unit.answers.get(code) for code in self.form.definition.by_code}
        for question in self.form.multiples:
            chosen = list(unit.answers.get(question.code) or ())
            held |= dict(zip(_parts(question), chosen + [None] * len(question.choices), strict=False))
        held["outcome"] = unit.state if unit.state in NO_ANSWER else None
        held["note"], held["submit"] = unit.outcome_note, unit.state == UnitState.SUBMITTED
        return held

    # --- the deeds ----------------------------------------------------------------------------------------------------
    def commit(self, upload: Upload, rows: Iterable[Mapping[str, Any]], *, actor: User) -> dict[str, Any]:
        """Save each row, hand in those that ask for it. Refuses the whole file if one sheet moved meanwhile."""
        rows = list(rows)
        units = Unit.objects.select_related("campaign").in_bulk([values["_unit"] for values in rows])
        handed_in = outcomes = 0
        for values in rows:
            unit, seen = units[values["_unit"]], values["_seen"]
            if values.get("outcome"):
                record_outcome(
                    unit=unit, outcome=values["outcome"], note=values.get("note") or "", seen=seen, actor=actor,
                    upload=upload,
                )  # fmt: skip
                outcomes += 1
                continue
            save_sheet(
                unit=unit, answers=self._answers(values), seen=seen, actor=actor, submit=values["submit"],
                reason=values.get("reason") or "", upload=upload,
            )  # fmt: skip
            handed_in += values["submit"]
        return {"saved": len(rows), "handed_in": handed_in, "outcomes": outcomes}

    def undo(self, upload: Upload, *, actor: User, reason: str) -> dict[str, Any]:
        """Take the file's sheets back where nobody changed them since."""
        return undo_upload_of_sheets(upload=upload, actor=actor)

    def export(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        """Every workplace of the sample that is still asked, begun or not."""
        units = Unit.objects.asked().filter(campaign=self.campaign).filter(scope.regions("place__cluster__region"))
        shows = {column.name: column.show for column in self.columns}
        for unit in units.select_related("workplace__company", "place__cluster").order_by("number"):
            row: dict[str, Any] = {
                "number": unit.number, "firm": unit.workplace.company.name_ko, "place": unit.place.cluster.name_ko,
            }  # fmt: skip
            for name, value in self._columns_of(unit).items():
                show = shows.get(name)
                row[name] = show(value) if show is not None and value else value or ""
            yield row


class CampaignFiles:
    """A kind of file for each campaign."""

    prefix = PREFIX

    def title(self, kind: str) -> str:
        return f"현장 조사표 {kind.removeprefix(PREFIX)}"

    def find(self, kind: str) -> Importer | None:
        found = Campaign.objects.select_related("form").filter(code=kind.removeprefix(PREFIX)).first()
        return CampaignImporter(found) if found else None

    def offered(self, scope: Scope) -> list[Importer]:
        if not scope.can(Capability.ENTER_SURVEYS):
            return []
        mine = Campaign.objects.visible_to(scope.within(Capability.ENTER_SURVEYS))
        open_now = mine.filter(state=CampaignState.OPEN, opens_on__lte=timezone.localdate())
        return [CampaignImporter(one) for one in open_now.select_related("form").order_by("-opens_on", "code")]


FILES = CampaignFiles()
