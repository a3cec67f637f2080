"""What is done on a case: one table of deeds, each a page with what it asks and a button."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from network.difficulties import forms, services
from network.difficulties.models import Action, Case, Difficulty, FollowUp, Handover, Referent
from network.difficulties.standing import Standing, standing_of
from network.difficulties.views.common import case_of
from portal.directory.access import needs
from portal.directory.enums import Capability
from portal.kernel.errors import ChangedMeanwhile
from portal.kernel.forms import tried
from portal.kernel.http import PortalRequest
from portal.kernel.views import methods


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed: its button, what it asks and does, who may now, how it is told. `part`: the row of the case it concerns."""

    key: str
    label: str | Promise
    text: str | Promise
    form: type[forms.CaseForm]
    act: Callable[..., Any]
    may: Callable[[Standing, Any], bool]
    done: str | Promise
    part: tuple[str, type[Any]] | None = None


def _confide(*, case: Case, actor: Any, seen: int) -> Case:
    return services.set_confidential(case=case, confidential=not case.confidential, seen=seen, actor=actor)


DEEDS = {
    deed.key: deed
    for deed in (
        Deed(
            "edit", _("개요 고치기"), "", forms.EditForm, services.edit_case, lambda s, p: s.leads, _("저장했습니다."),
        ),
        Deed(
            "confide", _("비공개로 바꾸기"),
            _("담당자와 그 기관장만 보게 됩니다. 본부와 다른 기관의 목록과 통계에서 사라집니다."),
            forms.SureSeenForm, _confide, lambda s, p: s.leads and not s.case.confidential,
            _("비공개로 바꾸었습니다. 담당자와 그 기관장만 봅니다."),
        ),
        Deed(
            "disclose", _("비공개 풀기"), _("이 지역에서 사례를 볼 수 있는 사람이 모두 다시 보게 됩니다."),
            forms.SureSeenForm, _confide, lambda s, p: s.leads and s.case.confidential, _("비공개를 풀었습니다."),
        ),
        Deed(
            "close", _("종결"),
            _("풀리지 않은 애로와 마치지 않은 조치는 그대로 남고, 다시 열면 새 사례로 이어집니다."),
            forms.CloseForm, services.close_case, lambda s, p: s.leads,
            _("종결했습니다. 6개월과 12개월 뒤의 확인이 할 일에 나타납니다."),
        ),
        Deed(
            "reopen", _("다시 열기"),
            _("새 사례를 만들어 풀리지 않은 애로, 담당, 마치지 않은 조치를 옮깁니다. 종결한 사례는 그대로 남습니다."),
            forms.ReasonForm, services.reopen_case, lambda s, p: s.reopens, _("다시 열었습니다. 새 사례입니다."),
        ),
        Deed(
            "referent", _("담당 정하기"),
            _("기관마다 담당은 한 사람입니다. 이미 담당이 있는 기관이면 새 사람으로 바뀝니다."),
            forms.ReferentForm, services.name_referent, lambda s, p: s.works or s.joins, _("담당을 정했습니다."),
        ),
        Deed(
            "release", _("담당에서 빼기"), _("이 기관은 더는 사례를 함께 맡지 않습니다."), forms.SureForm,
            services.release_referent,
            lambda s, p: s.works and p.is_current and not p.is_lead and (s.leads or p.organization_id in s.bodies),
            _("담당에서 뺐습니다."), ("referent", Referent),
        ),
        Deed(
            "offer", _("인계 제안"), _("받는 사람이 받겠다고 답할 때까지 지금 주담당이 그대로 맡습니다."), forms.OfferForm,
            services.offer_handover, lambda s, p: s.leads and s.offer is None,
            _("인계를 제안했습니다. 답이 오면 알려 드립니다."),
        ),
        Deed(
            "accept", _("인계 받기"), _("지금부터 주담당이 됩니다. 앞선 기관은 담당으로 남습니다."), forms.OfferedNoteForm,
            services.accept_handover, lambda s, p: s.answers, _("주담당이 되었습니다."), ("handover", Handover),
        ),
        Deed(
            "decline", _("인계 받지 않기"), "", forms.DeclineForm, services.decline_handover, lambda s, p: s.answers,
            _("받지 않겠다고 답했습니다."), ("handover", Handover),
        ),
        Deed(
            "withdraw", _("인계 제안 거두기"), "", forms.SureForm, services.withdraw_handover,
            lambda s, p: s.leads and s.offer is not None, _("인계 제안을 거두었습니다."), ("handover", Handover),
        ),
        Deed(
            "difficulty", _("애로 더하기"), "", forms.DifficultyForm, services.add_difficulty, lambda s, p: s.works,
            _("애로를 적었습니다."),
        ),
        Deed(
            "resolve", _("애로 풀림"), "", forms.ResolveForm, services.resolve_difficulty,
            lambda s, p: s.works and p.resolved_on is None, _("풀린 애로로 적었습니다."), ("difficulty", Difficulty),
        ),
        Deed(
            "action", _("조치 더하기"), "", forms.ActionForm, services.add_action, lambda s, p: s.works, _("조치를 적었습니다."),
        ),
        Deed(
            "step", _("조치 진행 적기"), "", forms.StepForm, services.step_action,
            lambda s, p: s.works and p.is_unfinished and (s.leads or p.organization_id in s.bodies),
            _("조치의 진행을 적었습니다."), ("action", Action),
        ),
        Deed(
            "note", _("접촉 기록 쓰기"), _("적은 다음에는 고칠 수 없습니다. 잘못 적었으면 새로 적어 바로잡아 주세요."),
            forms.NoteForm, services.write_note, lambda s, p: s.works, _("접촉을 기록했습니다."),
        ),
        Deed(
            "paper", _("파일 붙이기"), "", forms.PaperForm, services.attach_paper, lambda s, p: s.works, _("파일을 붙였습니다."),
        ),
        Deed(
            "look", _("사후 확인 적기"), "", forms.LookForm, services.record_follow_up,
            lambda s, p: s.led and p.done_on is None, _("사후 확인을 적었습니다."), ("follow_up", FollowUp),
        ),
    )
}  # fmt: skip
# What stands as a button at the head of the page, in this order, the first as the main one.
AT_THE_HEAD = ("note", "action", "difficulty", "offer", "close", "reopen")
MORE = ("edit", "referent", "paper", "confide", "disclose")


def offered(standing: Standing, keys: tuple[str, ...]) -> list[Deed]:
    """The deeds of the case this reader may do now."""
    return [DEEDS[key] for key in keys if DEEDS[key].may(standing, None)]


@needs(Capability.MANAGE_DIFFICULTIES)
@methods(writes=("POST",))
def deed(request: PortalRequest, code: str, key: str, pk: int | None = None) -> HttpResponse:
    """Do something on a case."""
    found = case_of(request, code)
    one = DEEDS.get(key)
    if one is None or (one.part is None) != (pk is None):
        raise Http404
    part = get_object_or_404(one.part[1], case=found, pk=pk) if one.part else None
    if not one.may(standing_of(found, request.scope), part):
        if request.method == "POST":
            raise PermissionDenied
        return redirect("difficulties:case", code=code)
    posted = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
    form = one.form(case=found, scope=request.scope, part=part, **posted)
    if request.method == "POST" and form.is_valid():
        about = {one.part[0]: part} if one.part else {"case": found}
        try:
            made = tried(form, lambda: one.act(**about, **form.facts(), actor=request.user))
        except ChangedMeanwhile as refusal:
            messages.error(request, refusal.message)
            return redirect("difficulties:case", code=code)
        if made is not None:
            messages.success(request, str(one.done))
            return redirect("difficulties:case", code=made.code if isinstance(made, Case) else code)
    context = {"case": found, "form": form, "deed": one, "part": part, "multipart": form.is_multipart()}
    return render(request, "difficulties/deed.html", context, status=422 if form.is_bound else 200)
