"""Taking the company list away as a file: a job, with a reason where people are named in it."""

from django.db import transaction
from django.urls import resolve
from django.utils.translation import gettext as _

from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import Job, User
from portal.directory.scope import scope_of
from portal.intake.services import start_list_export
from portal.kernel.errors import Refusal
from portal.kernel.lists import ListPage


@transaction.atomic
def start_company_export(*, page: ListPage, personal: bool, format: str, actor: User, reason: str = "") -> str:
    """Owe the file of a list as it is narrowed and cut now; returns the address of its job.

    `personal`: names and contacts are written out. That takes EXPORT_PERSONAL and a reason, and the record says who
    took which list of whom, when and what for. Refuses otherwise.
    """
    scope = scope_of(actor)
    if not scope.can(Capability.EXPORT):
        raise Refusal("no_export", _("파일로 내려받을 권한이 없습니다."))
    if personal and not scope.can(Capability.EXPORT_PERSONAL):
        raise Refusal("no_personal_export", _("대표자와 연락처를 내려받을 권한이 없습니다."))
    if personal and not reason.strip():
        text = _("대표자와 연락처가 든 파일은 어디에 쓰는지 적어야 내려받을 수 있습니다.")
        raise Refusal("reason_missing", text, {"reason": _("쓰임을 적어 주세요.")})
    with deed("export_companies", actor=actor, reason=reason.strip()) as done:
        address = start_list_export(page, actor, format)
        job = Job.objects.get(owner=actor, pk=resolve(address).kwargs["pk"])
        done.about(
            job,
            personal=personal,
            rows=job.total,
            format=format,
            query=page.query.urlencode(),
            columns=[column.key for column in page.chosen],
        )
    return address
