"""Forms in the portal's dress."""

from datetime import date

import pytest
from django import forms

from portal.kernel.forms import BaseForm, DateInput, KrdsErrors, MonthField
from tests.portal.ui.conftest import Page


class Sample(BaseForm):
    region = forms.ChoiceField(label="밀집지역", choices=[("", "고르세요"), ("1", "창원")])
    month = MonthField(label="기준월", years=[2025, 2026])
    count = forms.IntegerField(label="고용 인원", min_value=0, help_text="월말 기준")
    day = forms.DateField(label="제출일", widget=DateInput(), required=False)
    scope = forms.ChoiceField(label="공개 범위", choices=[("a", "본부"), ("b", "지방청")], widget=forms.RadioSelect)
    places = forms.MultipleChoiceField(
        label="받는 곳", choices=[("a", "TP"), ("b", "시·도")], widget=forms.CheckboxSelectMultiple, required=False
    )
    agreed = forms.BooleanField(label="확인했습니다")
    file = forms.FileField(label="파일", required=False)
    note = forms.CharField(label="비고", widget=forms.Textarea, required=False)
    token = forms.CharField(widget=forms.HiddenInput)


@pytest.fixture
def faulty():
    form = Sample({"count": "-3", "token": ""})
    assert not form.is_valid()
    return Page(str(form))


def test_every_control_has_a_label(faulty):
    named = {label["for"] for label in faulty.all("label")}
    for tag in ("input", "select", "textarea"):
        for control in faulty.all(tag):
            if control.get("type") != "hidden" and "aria-label" not in control:
                assert control["id"] in named, control


def test_every_fault_in_the_summary_leads_to_its_control(faulty):
    targets = [(a["href"] or "").lstrip("#") for a in faulty.all("a")]
    assert len(targets) == 5
    assert set(targets) <= set(faulty.ids)
    assert "id_scope_0" in targets
    assert "id_month_0" in targets


def test_a_control_at_fault_says_so_and_names_the_reason(faulty):
    (count,) = [i for i in faulty.all("input") if i.get("name") == "count"]
    assert count["aria-invalid"] == "true"
    assert (count["aria-describedby"] or "").split() == ["id_count_helptext", "id_count_error"]
    assert {"id_count_helptext", "id_count_error"} <= set(faulty.ids)
    described = [f["aria-describedby"] for f in faulty.all("fieldset") if "aria-describedby" in f]
    assert "id_scope_error" in described
    assert set(" ".join(d or "" for d in described).split()) <= set(faulty.ids)


def test_ids_are_unique_in_a_form_at_fault(faulty):
    assert len(faulty.ids) == len(set(faulty.ids))


def test_controls_wear_their_classes():
    page = Page(str(Sample()))
    classes = {c.get("name"): c.get("class") for tag in ("input", "select", "textarea") for c in page.all(tag)}
    assert classes["region"] == "krds-form-select"
    assert classes["month_year"] == classes["month_month"] == "krds-form-select"
    assert classes["count"] == classes["day"] == classes["file"] == classes["note"] == "krds-input"
    assert classes["scope"] is None
    assert classes["agreed"] is None


def test_a_plain_django_form_is_dressed_by_the_project_renderer(settings):
    assert settings.FORM_RENDERER == "portal.kernel.forms.KrdsRenderer"

    class Plain(forms.Form):
        name = forms.CharField(widget=forms.TextInput(attrs={"class": "own"}))

    page = Page(str(Plain({})))
    assert [i["class"] for i in page.all("input")] == ["krds-input own"]
    assert "id_name_error" in page.ids


def test_choices_are_krds_markup_with_the_input_beside_its_label():
    html = Sample()["scope"].as_widget()
    page = Page(html)
    assert [tag for tag, _attrs in page.elements] == ["div", "div", "input", "label", "div", "input", "label"]
    assert [i["id"] for i in page.all("input")] == ["id_scope_0", "id_scope_1"]


def test_a_month_is_two_lists_and_becomes_its_first_day():
    form = Sample({"month_year": "2026", "month_month": "5"})
    form.is_valid()
    assert form.cleaned_data["month"] == date(2026, 5, 1)
    shown = Sample(initial={"month": date(2025, 11, 1)})["month"].as_widget()
    chosen = [o["value"] for o in Page(shown).all("option") if "selected" in o]
    assert chosen == ["2025", "11"]


@pytest.mark.parametrize("data", [{"month_year": "2026"}, {"month_year": "2026", "month_month": "13"}, {}])
def test_half_a_month_is_refused(data):
    form = Sample(data)
    form.is_valid()
    assert "month" in form.errors


def test_text_in_errors_and_choices_is_escaped():
    class Evil(BaseForm):
        pick = forms.ChoiceField(label="<b>", choices=[("1", "<i>")], widget=forms.RadioSelect)

    form = Evil({})
    form.add_error("pick", "<u>")
    html = str(form)
    assert "<b>" not in html
    assert "<i>" not in html
    assert "<u>" not in html


def test_errors_are_the_box_their_field_points_to():
    form = Sample({})
    assert isinstance(form.errors["count"], KrdsErrors)
    assert 'id="id_count_error"' in str(form.errors["count"])
