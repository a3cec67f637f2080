"""A refusal is told at the form, whoever saved second loses nothing, and a step is open to whoever may take it."""

import pytest
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse

from portal.kernel import deeds
from portal.kernel.deeds import Step, refuse_stale
from portal.kernel.errors import ChangedMeanwhile, Refusal
from portal.kernel.forms import again, conflicts, done, tell, tried


class Sheet(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label="제목")
    day = forms.DateField(label="날짜", required=False)


class Row:
    version = 3


def sheet(**written):
    return Sheet({"seen": "3", "title": "새 제목", **written})


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Refusal("no", "안 됩니다."), {"__all__": ["안 됩니다."]}),
        (Refusal("no", "안 됩니다.", {"title": "짧습니다."}), {"title": ["짧습니다."]}),
        (Refusal("no", "안 됩니다.", {"other": "모릅니다."}), {"__all__": ["안 됩니다.", "모릅니다."]}),
        (Refusal("no", "같습니다.", {"other": "같습니다."}), {"__all__": ["같습니다."]}),
        (
            Refusal("no", "안 됩니다.", {"title": "짧습니다.", "other": "모릅니다."}),
            {"title": ["짧습니다."], "__all__": ["모릅니다."]},
        ),
        (ValidationError("겹칩니다."), {"__all__": ["겹칩니다."]}),
        (
            ValidationError({"title": ["짧습니다.", "흔합니다."], "effective": ["겹칩니다."]}),
            {"title": ["짧습니다.", "흔합니다."], "__all__": ["겹칩니다."]},
        ),
    ],
)
def test_every_word_of_a_refusal_reaches_the_form_once(fault, told):
    form = sheet()
    tell(form, fault)
    assert form.errors == told


def refusing():
    raise ChangedMeanwhile("그 사이의 값")


@pytest.mark.django_db
def test_what_was_changed_meanwhile_is_told_or_handed_on_as_the_view_asks():
    form = sheet()
    assert tried(form, refusing, passing=()) is None
    assert "먼저 저장했습니다" in str(form.errors["__all__"])
    with pytest.raises(ChangedMeanwhile) as handed:
        tried(sheet(), refusing)
    assert (handed.value.code, handed.value.current) == ("changed_meanwhile", "그 사이의 값")
    assert not done(sheet(title=""), lambda: None)
    assert done(sheet(), lambda: None)


def test_only_the_version_that_was_seen_may_be_changed():
    refuse_stale(Row, 3)
    with pytest.raises(ChangedMeanwhile):
        refuse_stale(Row, 2)


def test_both_values_are_shown_where_they_differ(rf):
    mine = sheet(day="2026-03-01")
    now = Sheet(initial={"seen": 4, "title": "새 제목", "day": None})
    assert conflicts(mine, now) == [("날짜", "", "2026-03-01")]
    posted = again(rf.post("/", {"seen": "3", "title": "새 제목"}), 4)
    assert (posted["seen"], posted["title"]) == ("4", "새 제목")


class TestSteps:
    @pytest.fixture(autouse=True)
    def _said(self, monkeypatch):
        self.said, self.did = [], []
        monkeypatch.setattr(deeds.messages, "success", lambda request, text: self.said.append(text))
        monkeypatch.setattr(deeds.messages, "error", lambda request, text: self.said.append(text))

    def taken(self, request, key="send", *, may=True, act=None):
        request.scope, request.user = "관할", "담당자"
        act = act or (lambda **facts: self.did.append(facts))
        step = Step("send", "보내기", "보냅니다.", Sheet, act, lambda scope, row: may, "보냈습니다.")
        page = lambda step, form: HttpResponse(f"{step.label} {form.initial['seen']} {form.errors}")  # noqa: E731
        return deeds.take_step(request, (step,), key, called="letter", row=Row, back="/row/", page=page)

    def test_asked_and_then_taken(self, rf, db):
        assert "보내기 3" in self.taken(rf.get("/")).content.decode()
        answer = self.taken(rf.post("/", {"seen": "3", "title": "제목"}))
        assert (answer.status_code, answer.url, self.said) == (302, "/row/", ["보냈습니다."])
        assert self.did == [{"letter": Row, "actor": "담당자", "seen": 3, "title": "제목", "day": None}]

    def test_not_open_leads_back_and_may_not_be_posted(self, rf, db):
        assert self.taken(rf.get("/"), may=False).url == "/row/"
        with pytest.raises(PermissionDenied):
            self.taken(rf.post("/", {"seen": "3", "title": "제목"}), may=False)
        with pytest.raises(Http404):
            self.taken(rf.get("/"), key="burn")

    def test_a_refusal_stays_on_the_page_and_a_change_meanwhile_leads_back(self, rf, db):
        def refuse(**facts):
            raise Refusal("no", "안 됩니다.")

        assert "안 됩니다." in self.taken(rf.post("/", {"seen": "3", "title": "제목"}), act=refuse).content.decode()
        answer = self.taken(rf.post("/", {"seen": "3", "title": "제목"}), act=lambda **facts: refusing())
        assert answer.url == "/row/"
        assert "먼저 저장했습니다" in self.said[-1]
