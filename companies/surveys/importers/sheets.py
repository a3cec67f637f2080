"""Sheets by file: a template for each shipped form, made from the definition that makes the page.

One row a company. What is exported can be edited offline and brought back; unedited it changes nothing.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils import timezone

from companies.surveys.enums import EDITABLE, HANDED_IN
from companies.surveys.models import Submission, SurveyRound, Target
from companies.surveys.rules import answers as rules
from companies.surveys.rules.definition import Definition, Field, parse
from companies.surveys.selectors.windows import Calendar
from companies.surveys.services import save_answers, submit, undo_upload_of_answers
from companies.surveys.wording import shown
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.intake import cells
from portal.intake.models import Upload
from portal.intake.registry import Column, Problem, Row

YES = "○"


def _number(cell: Any) -> str:
    digits = re.sub(r"[\s-]", "", cells.code(cell))
    if not re.fullmatch(r"[0-9]{10}", digits):
        raise ValueError(f"‘{digits[:20]}’은(는) 사업자등록번호가 아닙니다. 숫자 10자리로 적어 주세요.")
    return digits


def _offered(field: Field, scope: Scope) -> list[str]:
    return [label for _, label in field.choices]


def _help(field: Field) -> str:
    parts = ["제출할 때 필수." if field.required else "", field.help]
    if field.low is not None or field.high is not None:
        low, high = (("" if b is None else f"{b:,f}") for b in (field.low, field.high))
        parts.append(f"{low}부터 {high}까지." if low and high else f"{low} 이상." if low else f"{high} 이하.")
    return " ".join(filter(None, parts))


def _columns(definition: Definition, code: str) -> tuple[Column, ...]:
    def rounds(scope: Scope) -> list[str]:
        return [one.code for one in _rounds(code)]

    keys = (
        Column("round", "회차", cells.text, choices=rounds, width=16, text=True, help="조사 회차의 코드.", example="fact-2026"),
        Column("number", "사업자등록번호", _number, width=16, text=True, help="조사 대상 기업의 번호.", example="1248100998"),
        Column("company", "기업명", cells.text, required=False, width=24, text=True, help="알아보기 위한 열입니다. 바꾸어도 반영하지 않습니다."),
    )  # fmt: skip
    asked = tuple(
        Column(
            field.code,
            field.header,
            partial(rules.read, field),
            required=False,
            aliases=(field.label,) if field.unit else (),
            help=_help(field),
            choices=partial(_offered, field) if field.choices else None,
            width=30 if field.kind == "TEXT" else 16,
            text=not field.is_numeric,
            show=partial(shown, field),
        )
        for field in definition.fields
    )
    hand_in = Column(
        "submit", "제출", cells.flag, required=False, width=8, choices=lambda scope: [YES],
        help="저장하고 제출까지 하려면 ○를 적습니다. 비우면 작성 중으로 저장합니다.", show=lambda kept: YES if kept else "",
    )  # fmt: skip
    return (*keys, *asked, hand_in)


def _rounds(code: str) -> list[SurveyRound]:
    today = timezone.localdate()
    found = SurveyRound.objects.filter(form__code=code).select_related("form").order_by("-opens_on")
    return list(found.filter(opens_on__lte=today)[:20])


class SheetImporter:
    """Sheets of one form, of the companies the uploader may write for."""

    capability = Capability.ENTER_SURVEYS

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.code = raw["code"]
        self.kind = f"survey-{raw['code']}"
        self.title = f"조사표: {raw['title']}"
        self.version = str(raw["version"])
        self.definition = parse(raw)
        self.columns = _columns(self.definition, self.code)

    # --- the preview --------------------------------------------------------------------------------------------------
    def check(self, rows: list[Row], *, scope: Scope, say: Callable[..., None]) -> None:
        """Find round and company, compare with the sheet that stands, apply the form's rules. Five queries."""
        rounds = {one.code: one for one in _rounds(self.code)}
        calendar = Calendar(rounds.values(), timezone.localdate())
        targets = {
            (target.round_id, target.business_number): target
            for target in Target.objects.visible_to(scope)
            .filter(round__in=rounds.values(), business_number__in={row.values.get("number") or "" for row in rows})
            .select_related("region", "company", "submission")
        }
        first: dict[int, int] = {}
        for row in rows:
            survey = rounds.get(row.values.get("round") or "")
            if survey is None:
                if row.values.get("round"):
                    text = f"‘{row.values['round'][:20]}’은(는) 이 양식으로 열린 회차가 아닙니다. 회차 코드를 확인해 주세요."
                    row.problems.append(Problem("round_unknown", text, "round"))
                continue
            if not row.values.get("number"):
                continue
            target = targets.get((survey.pk, row.values["number"]))
            if target is None:
                text = "이 회차에서 관할 지역의 조사 대상이 아닌 번호입니다. 번호와 회차를 확인해 주세요."
                row.problems.append(Problem("target_unknown", text, "number"))
                continue
            twin = first.setdefault(target.pk, row.number)
            if twin != row.number:
                text = f"{twin}행과 같은 회차·기업입니다. 한 행만 남겨 주세요."
                row.problems.append(Problem("doubled", text, "number"))
                continue
            self._compare(row, survey, target, calendar)

    def _compare(self, row: Row, survey: SurveyRound, target: Target, calendar: Calendar) -> None:
        values = row.values
        submission: Submission | None = getattr(target, "submission", None)
        held = submission.answers if submission else {}
        handed_in = submission is not None and submission.state in HANDED_IN
        values["_target"], values["_seen"] = target.pk, submission.version if submission else 0
        values["company"], values["submit"] = target.company.name_ko, bool(values.get("submit"))
        answers = {code: values.get(code) for code in self.definition.by_code if values.get(code) is not None}
        changed = [code for code in self.definition.by_code if answers.get(code) != held.get(code)]
        row.same = not row.is_wrong and not changed and values["submit"] == handed_in
        if row.same:
            return
        row.before = {code: held.get(code) for code in changed if submission is not None}
        if survey.form.version != int(self.version):
            text = f"이 회차는 양식 {survey.form.version}판으로 조사합니다. 화면에서 적어 주세요."
            row.problems.append(Problem("form_version", text, "round"))
        if submission is not None and submission.state not in EDITABLE:
            text = f"‘{submission.get_state_display()}’ 조사표여서 고칠 수 없습니다. 고치려면 지방청에 돌려보내 달라고 해 주세요."
            row.problems.append(Problem("handed_in", text, "number"))
        if not calendar.entry(target).is_open:
            text = f"{target.region.full_name}의 입력 기간이 아닙니다. 더 적으려면 본부에 마감 예외를 요청해 주세요."
            row.problems.append(Problem("closed", text, "round"))
        for code, told in rules.faults(self.definition, answers, complete=values["submit"]).items():
            # In a draft a contradiction may stand; it is told now and refused at handing in.
            row.problems += [Problem("form_rule", text, code, warning=not values["submit"]) for text in told]

    # --- the deeds ----------------------------------------------------------------------------------------------------
    def commit(self, upload: Upload, rows: Iterable[Mapping[str, Any]], *, actor: User) -> dict[str, Any]:
        """Save each row, hand in those that ask for it. Refuses the whole file if one sheet moved meanwhile."""
        rows = list(rows)
        targets = Target.objects.in_bulk([values["_target"] for values in rows])
        handed_in = 0
        for values in rows:
            target = targets[values["_target"]]
            answers = {code: values.get(code) for code in self.definition.by_code}
            kept = save_answers(target=target, answers=answers, seen=values["_seen"], actor=actor, upload=upload)
            if values["submit"]:
                submit(target=target, seen=kept.version, actor=actor, upload=upload)
                handed_in += 1
        return {"saved": len(rows), "handed_in": handed_in}

    def undo(self, upload: Upload, *, actor: User, reason: str) -> dict[str, Any]:
        """Take the file's answers back where nobody changed them since."""
        return undo_upload_of_answers(upload=upload, actor=actor)

    def export(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        """Every company of the scope in the form's rounds, begun or not."""
        rounds = {one.pk: one for one in _rounds(self.code) if one.form.version == int(self.version)}
        targets = Target.objects.visible_to(scope).filter(round__in=rounds).select_related("company", "submission")
        for target in targets.order_by("-round__opens_on", "region", "pk"):
            submission = getattr(target, "submission", None)
            row: dict[str, Any] = {
                "round": rounds[target.round_id].code,
                "number": target.business_number,
                "company": target.company.name_ko,
                "submit": YES if submission is not None and submission.state in HANDED_IN else "",
            }
            for field in self.definition.fields:
                row[field.code] = _cell(field, submission.answers.get(field.code) if submission else None)
            yield row


def _cell(field: Field, kept: Any) -> Decimal | str | None:
    return rules.amount(field, kept) if field.is_numeric else rules.written(field, kept)
