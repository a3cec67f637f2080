"""Questionnaires: a new version, a changed draft version. A version that a campaign opened with never changes."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from crisis.fieldwork.models import FieldForm
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import Region, User
from portal.directory.scope import scope_of
from portal.kernel.errors import Refusal


def may_keep(actor: User, region: Region | None) -> bool:
    """The ministry keeps forms of the whole country and of any region, a region's centre its own."""
    scope = scope_of(actor)
    if scope.within(Capability.MANAGE_SURVEYS).nationwide:
        return True
    return region is not None and scope.within(Capability.RUN_FIELDWORK).holds(region.pk)


def _refuse_stranger(actor: User, region: Region | None) -> None:
    if not may_keep(actor, region):
        raise Refusal("out_of_scope", "전국 양식은 본부가, 지역 양식은 그 지역의 조사 기관이 관리합니다.")


def _checked(form: FieldForm) -> None:
    try:
        form.full_clean()
    except ValidationError as error:
        found = getattr(error, "message_dict", {"": error.messages})
        raise Refusal(
            "form_wrong", "양식에 고칠 곳이 있습니다.", {name: " ".join(words) for name, words in found.items()}
        ) from error


@transaction.atomic
def add_form(*, code: str, region: Region | None, facts: Mapping[str, Any], actor: User) -> FieldForm:
    """A form's next version (its first, for a new code). `facts`: title, body, basis, provisional, note.

    Refuses: a code that belongs to another region or to the ministry; a body with faults (all of them, by line).
    """
    _refuse_stranger(actor, region)
    standing = FieldForm.objects.select_for_update(no_key=True, of=("self",)).filter(code=code)
    if standing.exclude(region=region).exists():
        raise Refusal("code_taken", "다른 기관이 쓰는 양식 코드입니다.", {"code": "다른 코드를 적어 주세요."})
    last = FieldForm.objects.filter(code=code).aggregate(last=Max("version"))["last"] or 0
    form = FieldForm(code=code, version=last + 1, region=region, **facts)
    _checked(form)
    with deed("add_field_form", actor=actor) as done:
        form.save()
        done.about(form, region=region, version=form.version)
    return form


@transaction.atomic
def change_form(*, form: FieldForm, facts: Mapping[str, Any], actor: User) -> FieldForm:
    """Change a version nobody has asked by yet. Refuses one in use: a new version is to be made."""
    held = FieldForm.objects.select_for_update(no_key=True, of=("self",)).select_related("region").get(pk=form.pk)
    _refuse_stranger(actor, held.region)
    if held.frozen_at is not None:
        raise Refusal("form_in_use", "이미 조사에 쓴 판은 바꿀 수 없습니다. 새 판을 만들어 주세요.")
    for name, value in facts.items():
        setattr(held, name, value)
    held.__dict__.pop("questionnaire", None)
    _checked(held)
    with deed("change_field_form", actor=actor) as done:
        held.save()
        done.about(held, region=held.region, version=held.version)
    return held
