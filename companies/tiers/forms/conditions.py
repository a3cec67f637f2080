"""The conditions of a draft as a form: every threshold, operator and group can be changed, dropped and added to.

The tree stays as the draft has it; a field is named by its node's place in reading order (`n3-value`). What comes of
it is JSON again (`body`), held against the rules, and each fault is shown at the field it concerns.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.tiers import rules
from companies.tiers.rules.metrics import FLAG, MONEY, NUMERIC, PERCENT, YEARS, Metric
from portal.kernel.forms import BaseForm

HUNDRED_MILLION = 100_000_000
YES, NO = "예", "아니오"
GROUPS = [("all", _("모두 충족")), ("any", _("하나 이상 충족")), ("of", _("정한 수 이상 충족"))]
NESTS = [("", _("이 묶음에")), ("any", _("새 묶음으로(하나 이상 충족)")), ("all", _("새 묶음으로(모두 충족)"))]
_UNITS = {MONEY: _("억원"), PERCENT: "%", YEARS: _("년")}


def written(value: Any, metric: Metric) -> str:
    """A threshold as it stands in its field: won in 억원, words in words."""
    if metric.kind == FLAG:
        return YES if value else NO
    if metric.kind == MONEY:
        return _decimal(Fraction(value) / HUNDRED_MILLION)
    if metric.kind in NUMERIC:
        return str(value)
    named = {code: word for word, codes in rules.words_of(metric.code).items() for code in codes}
    return ", ".join(dict.fromkeys(named.get(code, code) for code in value))


def _decimal(value: Fraction) -> str:
    number = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{number.normalize():f}"


def read(text: str, metric: Metric) -> Any:
    """The JSON value of what was written. ValueError with what to write instead."""
    text = text.strip()
    if metric.kind == FLAG:
        if text not in (YES, NO):
            raise ValueError(_("예 또는 아니오로 적어 주세요."))
        return text == YES
    if metric.kind in NUMERIC:
        return _number(text, metric)
    named = rules.words_of(metric.code)
    found: list[str] = []
    for word in (one.strip() for one in text.split(",") if one.strip()):
        if named and word not in named:
            raise ValueError(
                _("‘%(word)s’은(는) 쓸 수 없습니다. 쓸 수 있는 말: %(words)s")
                % {"word": word, "words": ", ".join(named)}
            )
        found += named.get(word, [word])
    return found


def _number(text: str, metric: Metric) -> Any:
    try:
        number = Decimal(text.replace(",", "").replace("△", "-"))
    except InvalidOperation as error:
        raise ValueError(_("숫자로 적어 주세요.")) from error
    if metric.kind == MONEY:
        number *= HUNDRED_MILLION
        if number != number.to_integral_value():
            raise ValueError(_("1원보다 작은 금액은 쓸 수 없습니다."))
    if number == number.to_integral_value():
        return int(number)
    return f"{number.normalize():f}"


def _kind(body: Mapping[str, Any]) -> str:
    return next(key for key in ("all", "any", "of") if key in body)


def nodes(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every node of a tree's JSON in reading order."""
    yield body
    if "metric" not in body:
        for member in body[_kind(body)]:
            yield from nodes(member)


class ConditionsForm(BaseForm):
    """`seen` is the draft's `updated_at` as read. After `is_valid`, `body` is the changed tree."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, body: Mapping[str, Any], **more: Any) -> None:
        super().__init__(*args, **more)
        self.before = body
        self.body: dict[str, Any] = {}
        metrics = [("", _("고르세요")), *((code, metric.label) for code, metric in rules.METRICS.items())]
        operators = [("", _("알아서")), *rules.OPERATOR_WORDS.items()]
        for at, node in enumerate(nodes(body)):
            if "metric" in node:
                self._condition(f"n{at}", node)
            else:
                self._group(f"n{at}", node, metrics, operators)

    def _condition(self, name: str, node: Mapping[str, Any]) -> None:
        metric = rules.METRICS[node["metric"]]
        words = [(code, rules.OPERATOR_WORDS[code]) for code in rules.OPERATORS[metric.kind]]
        unit, known = _UNITS.get(metric.kind, ""), rules.words_of(metric.code)
        label = _("기준값(%(unit)s)") % {"unit": unit} if unit else _("기준값")
        self.fields[f"{name}-operator"] = forms.ChoiceField(label=_("비교"), choices=words, initial=node["operator"])
        self.fields[f"{name}-value"] = (
            forms.ChoiceField(label=label, choices=[(YES, YES), (NO, NO)], initial=written(node["value"], metric))
            if metric.kind == FLAG
            else forms.CharField(
                label=label, max_length=400, initial=written(node["value"], metric),
                help_text=_("쉼표로 여럿: %(words)s") % {"words": ", ".join(known)} if known else "",
            )
        )  # fmt: skip
        if metric.years:
            self.fields[f"{name}-years"] = forms.IntegerField(
                label=_("기간(년)"), min_value=1, max_value=10, initial=node.get("years", metric.years)
            )
        self.fields[f"{name}-at_review"] = forms.BooleanField(
            label=_("서류로 확인"),
            required=False,
            initial=node.get("at_review", False),
        )
        self.fields[f"{name}-drop"] = forms.BooleanField(label=_("이 조건 빼기"), required=False)

    def _group(self, name: str, node: Mapping[str, Any], metrics: Any, operators: Any) -> None:
        kind = _kind(node)
        self.fields[f"{name}-kind"] = forms.ChoiceField(label=_("묶음"), choices=GROUPS, initial=kind)
        self.fields[f"{name}-k"] = forms.IntegerField(
            label=_("몇 개 이상(정한 수일 때)"), min_value=1, required=False, initial=node.get("k"),
            help_text=_("‘정한 수 이상 충족’에서만 씁니다."),
        )  # fmt: skip
        if name != "n0":
            self.fields[f"{name}-drop"] = forms.BooleanField(label=_("이 묶음 빼기"), required=False)
        self.fields[f"{name}-new-metric"] = forms.ChoiceField(label=_("더할 지표"), choices=metrics, required=False)
        self.fields[f"{name}-new-operator"] = forms.ChoiceField(label=_("비교"), choices=operators, required=False)
        self.fields[f"{name}-new-value"] = forms.CharField(
            label=_("기준값"), max_length=400, required=False,
            help_text=_("금액은 억원, 비율은 %, 예·아니오 항목은 예 또는 아니오"),
        )  # fmt: skip
        self.fields[f"{name}-new-years"] = forms.IntegerField(
            label=_("기간(년)"), min_value=1, max_value=10, required=False
        )
        self.fields[f"{name}-new-nest"] = forms.ChoiceField(label=_("어디에"), choices=NESTS, required=False)

    # --- from the form back to the tree ---------------------------------------------------------------------------
    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        self._places: dict[str, str] = {}
        self._at = -1
        made = self._node(self.before, "", data)
        if self.errors:
            return data
        if made is None:
            self.add_error(None, _("조건을 하나 이상 남겨 주세요."))
            return data
        try:
            rules.parse(made)
        except rules.CriteriaError as error:
            for fault in error.faults:
                self._tell(fault)
        self.body = made
        return data

    def _tell(self, fault: rules.Fault) -> None:
        """A fault at the field it concerns, else above the form."""
        place, _dot, part = fault.path.rpartition(".")
        name = self._places.get(place)
        field = f"{name}-{part}" if name is not None else None
        self.add_error(field if field in self.fields else None, fault.message)

    def _value(self, field: str, text: str, metric: Metric) -> Any:
        try:
            return read(text, metric)
        except ValueError as error:
            self.add_error(field, str(error))
            return None

    def _node(self, node: Mapping[str, Any], path: str, data: Mapping[str, Any]) -> dict[str, Any] | None:
        """The node as changed; None when it was dropped or nothing is left of it."""
        self._at += 1
        name = f"n{self._at}"
        self._places[path] = name
        if "metric" not in node:
            return self._members(name, node, path, data)
        metric = rules.METRICS[node["metric"]]
        if data[f"{name}-drop"]:
            return None
        made = {
            "metric": metric.code,
            "operator": data[f"{name}-operator"],
            "value": self._value(f"{name}-value", data[f"{name}-value"], metric),
        }
        if metric.years and (data[f"{name}-years"] != metric.years or "years" in node):
            made["years"] = data[f"{name}-years"]
        if data[f"{name}-at_review"]:
            made["at_review"] = True
        return made | ({"note": node["note"]} if node.get("note") else {})

    def _members(self, name: str, node: Mapping[str, Any], path: str, data: Mapping[str, Any]) -> dict[str, Any] | None:
        kind, here = data[f"{name}-kind"], f"{path}.{data[f'{name}-kind']}".lstrip(".")
        kept: list[dict[str, Any]] = []
        for member in node[_kind(node)]:
            made = self._node(member, f"{here}[{len(kept)}]", data)
            if made is not None:
                kept.append(made)
        if added := self._added(name, data):
            self._places[f"{here}[{len(kept)}]"] = f"{name}-new"
            kept.append(added)
        if not kept or data.get(f"{name}-drop"):
            return None
        group: dict[str, Any] = {kind: kept}
        if kind == "of":
            group["k"] = data[f"{name}-k"]
        return group | ({"note": node["note"]} if node.get("note") else {})

    def _added(self, name: str, data: Mapping[str, Any]) -> dict[str, Any] | None:
        code = data[f"{name}-new-metric"]
        if not code:
            return None
        metric = rules.METRICS[code]
        made: dict[str, Any] = {
            "metric": code,
            "operator": data[f"{name}-new-operator"] or rules.OPERATORS[metric.kind][0],
            "value": self._value(f"{name}-new-value", data[f"{name}-new-value"], metric),
        }
        if metric.years and data[f"{name}-new-years"]:
            made["years"] = data[f"{name}-new-years"]
        nest = data[f"{name}-new-nest"]
        return {nest: [made]} if nest else made

    # --- for the page --------------------------------------------------------------------------------------------
    def shown(self) -> dict[str, Any]:
        """The tree for the template: text and fields of every node, members of groups."""
        self._at = -1
        return self._shown(self.before)

    def _shown(self, node: Mapping[str, Any]) -> dict[str, Any]:
        self._at += 1
        name = f"n{self._at}"
        mine = [field for field in self.fields if field.startswith(f"{name}-") and "-new-" not in field]
        found: dict[str, Any] = {"name": name, "fields": [self[field] for field in mine], "note": node.get("note", "")}
        if "metric" in node:
            return found | {"text": rules.METRICS[node["metric"]].label}
        return found | {
            "added": [self[field] for field in self.fields if field.startswith(f"{name}-new-")],
            "members": [self._shown(member) for member in node[_kind(node)]],
            "adding": any(field.startswith(f"{name}-new-") for field in self.errors),
        }
