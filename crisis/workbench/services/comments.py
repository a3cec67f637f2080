"""Remarks on an area in a round: written once, withdrawn with a reason, never edited."""

from typing import cast

from django.core.files.base import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from crisis.models import Area, Round
from crisis.workbench.models import Comment
from network.papers import check_paper
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import Organization, User
from portal.directory.services import notify
from portal.kernel.errors import Refusal


@transaction.atomic
def add_comment(
    *,
    round: Round,
    area: Area,
    organization: Organization,
    text: str,
    actor: User,
    for_council: bool = False,
    file: File | None = None,
    is_demo: bool = False,
) -> Comment:
    """Say something of an area. Marked `for_council` it appears on the agenda, and its preparers are told."""
    if not text.strip():
        raise Refusal("comment_empty", "의견을 적어 주세요.", {"text": "의견을 적어 주세요."})
    paper = check_paper(file) if file is not None else None
    comment = Comment(
        round=round,
        area=area,
        author=actor,
        organization=organization,
        text=text.strip().replace("\r\n", "\n"),
        for_council=for_council,
        is_demo=is_demo,
    )
    if paper is not None:
        comment.filename, comment.sha256 = paper.filename, paper.sha256
        comment.file.save("", paper.content, save=False)
    try:
        with deed("add_comment", actor=actor) as done:
            comment.full_clean()
            comment.save()
            done.about(comment, region=area.region, for_council=for_council)
            if for_council:
                _tell_preparers(comment)
    except BaseException:
        if paper is not None:
            comment.file.storage.delete(cast(str, comment.file.name))
        raise
    return comment


def _tell_preparers(comment: Comment) -> None:
    area, round = comment.area, comment.round
    notify(
        kind="comment",
        key=f"workbench.comment:{comment.pk}",
        title=f"{area.name_ko} {round.title} 의견을 협의회에 알려 달라고 합니다({comment.organization}).",
        url=reverse("workbench:sheet", args=[round.code, area.code]) + "#comments",
        regions=[area.region_id],
        capability=Capability.PREPARE_DECISIONS,
    )


@transaction.atomic
def withdraw_comment(*, comment: Comment, reason: str, actor: User) -> Comment:
    """Take a remark back. Its words stay on record, struck through; the council is no longer told of it."""
    comment = (
        Comment.objects.select_for_update(no_key=True, of=("self",)).select_related("area__region").get(pk=comment.pk)
    )
    if comment.withdrawn_at is not None:
        raise Refusal("comment_withdrawn", "이미 거둔 의견입니다.")
    if not reason.strip():
        raise Refusal("reason_needed", "거두는 사유를 적어 주세요.", {"reason": "사유를 적어 주세요."})
    with deed("withdraw_comment", actor=actor, reason=reason) as done:
        comment.withdrawn_at, comment.withdrawn_by = timezone.now(), actor
        comment.withdraw_reason = reason.strip()
        comment.full_clean()
        comment.save(update_fields=["withdrawn_at", "withdrawn_by", "withdraw_reason", "updated_at"])
        done.about(comment, region=comment.area.region)
    return comment
