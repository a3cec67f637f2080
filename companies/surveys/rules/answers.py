"""Answers to a form: read as people write them, kept as JSON, judged by the definition.

Kept values: NUMBER int, or text of a decimal where the field has decimals; MONEY int won; PERCENT text of a decimal;
CHOICE the choice's code; TEXT text. An unanswered field is absent.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from companies.surveys.rules.definition import LONGEST_TEXT, Definition, Field
from portal.intake import cells

Answers = Mapping[str, Any]
_MOST_DIGITS = 18


def read(field: Field, raw: Any) -> Any:
    """The kept value of what was written; None for nothing. ValueError says what is wrong and how to mend it."""
    if cells.is_blank(raw):
        return None
    if field.kind == "TEXT":
        text = cells.text(raw)
        if len(text) > LONGEST_TEXT:
            raise ValueError(f"‘{field.label}’은(는) {LONGEST_TEXT:,}자까지 적을 수 있습니다. {len(text):,}자입니다.")
        return text
    if field.kind == "CHOICE":
        return _choice(field, raw)
    return _number(field, raw)


def _choice(field: Field, raw: Any) -> str:
    written = cells.narrow(raw)
    for code, label in field.choices:
        if written in {code, cells.narrow(label)}:
            return code
    offered = ", ".join(label for _, label in field.choices)
    raise ValueError(f"‘{written[:40]}’은(는) ‘{field.label}’의 선택지가 아닙니다. 쓸 수 있는 말: {offered}")


def _number(field: Field, raw: Any) -> Any:
    value = cells.number(raw)
    if value is None:
        return None
    if field.low is not None and value < field.low:
        raise ValueError(f"‘{field.label}’은(는) {_bare(field.low)}{field.unit}보다 작을 수 없습니다.")
    if field.high is not None and value > field.high:
        raise ValueError(f"‘{field.label}’은(는) {_bare(field.high)}{field.unit}보다 클 수 없습니다.")
    if field.kind == "MONEY":
        won = value * field.factor
        if won != won.to_integral_value():
            raise ValueError(f"‘{field.label}’에 1원보다 작은 끝수가 있습니다. {field.unit} 단위를 확인해 주세요.")
        return _fitting(field, int(won))
    places = 2 if field.kind == "PERCENT" else field.places
    if value != round(value, places):
        allowed = f"소수 {places}자리까지" if places else "소수점 없이"
        raise ValueError(f"‘{field.label}’은(는) {allowed} 적어 주세요.")
    return plain(value) if places else _fitting(field, int(value))


def _fitting(field: Field, value: int) -> int:
    if len(str(abs(value))) > _MOST_DIGITS:
        raise ValueError(f"‘{field.label}’의 자릿수가 너무 많습니다. 단위({field.unit or '개'})를 확인해 주세요.")
    return value


def plain(value: Decimal) -> str:
    """`12.5`, `3`: no exponent, no trailing noughts."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _bare(value: Decimal) -> str:
    return f"{value:,f}"


def amount(field: Field, kept: Any) -> Decimal | None:
    """A kept numeric value in the field's own unit; None if unanswered."""
    return None if kept is None else Decimal(str(kept)) / field.factor


def written(field: Field, kept: Any) -> str:
    """A kept value as it is written in forms and files: `1234`, `12.5`, the choice's label. Empty if unanswered."""
    if kept is None:
        return ""
    if field.is_numeric:
        return plain(Decimal(str(kept)) / field.factor)
    return dict(field.choices).get(kept, str(kept)) if field.kind == "CHOICE" else str(kept)


def faults(definition: Definition, answers: Answers, *, complete: bool) -> dict[str, list[str]]:
    """What is wrong, by field code: rules between fields always, missing required fields if it must be `complete`."""
    found: dict[str, list[str]] = {}
    if complete:
        for field in definition.fields:
            if field.required and answers.get(field.code) is None:
                found.setdefault(field.code, []).append(f"‘{field.label}’을(를) 적어 주세요.")
    for rule in definition.rules:
        values = [amount(definition.by_code[code], answers.get(code)) if definition.by_code[code].is_numeric
                  else answers.get(code) for code in rule.fields]  # fmt: skip
        if rule.kind == "NEEDS":
            if complete and values[0]:
                for code, value in zip(rule.fields[1:], values[1:], strict=True):
                    if value is None:
                        found.setdefault(code, []).append(rule.message)
        elif _broken(rule.kind, _in_won(definition, rule.fields, answers)):
            found.setdefault(rule.fields[0 if rule.kind == "NOT_ABOVE" else -1], []).append(rule.message)
    return found


def _in_won(definition: Definition, codes: tuple[str, ...], answers: Answers) -> list[Decimal | None]:
    """Values in one unit: money in won, everything else as written."""
    return [None if answers.get(code) is None else Decimal(str(answers[code])) for code in codes]


def merged(base: Answers, theirs: Answers, mine: Answers) -> tuple[dict[str, Any], list[str]]:
    """Two people's answers over the version both began from, and the codes both changed differently (mine stands)."""
    result, both = {}, []
    for code in {**base, **theirs, **mine}:
        own, other, old = mine.get(code), theirs.get(code), base.get(code)
        if own not in (old, other) and other != old:
            both.append(code)
        if (value := other if own == old else own) is not None:
            result[code] = value
    return result, sorted(both)


def _broken(kind: str, values: list[Decimal | None]) -> bool:
    """Whether a rule is broken. What is not answered cannot break it, but for parts that already exceed the whole."""
    *parts, whole = values
    if whole is None:
        return False
    if kind == "NOT_ABOVE":
        return parts[0] is not None and parts[0] > whole
    given = [part for part in parts if part is not None]
    total = sum(given, Decimal(0))
    if kind == "SUM_NOT_ABOVE":
        return total > whole
    return total > whole or (len(given) == len(parts) and total != whole)


def unknown(definition: Definition, answers: Answers) -> list[str]:
    """Codes that the form does not ask for."""
    return sorted(set(answers) - set(definition.by_code))
