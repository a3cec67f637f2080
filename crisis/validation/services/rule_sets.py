"""Rule sets as drafts: copied, brought in as JSON, approved with the paper that says so."""

import hashlib
import json
from copy import deepcopy
from datetime import date
from pathlib import PurePath
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.urls import reverse

from crisis.enums import AreaLevel
from crisis.models import RuleSet
from crisis.services.rule_sets import approve_rule_set, draft_rule_set
from crisis.validation.models import RuleSetDocument
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.services import notify
from portal.kernel.errors import Refusal

_CHUNK = 1 << 20


def free_version(base: str) -> str:
    """The first of `base-2`, `base-3`, … that no rule set has yet."""
    number = 2
    while RuleSet.objects.filter(version=f"{base[:56]}-{number}").exists():
        number += 1
    return f"{base[:56]}-{number}"


@transaction.atomic
def copy_rule_set(*, rule_set: RuleSet, actor: User) -> RuleSet:
    """A draft with the content of another rule set, under a version of its own."""
    body = deepcopy(rule_set.body)
    body["version"] = free_version(rule_set.version)
    return draft_rule_set(
        title=f"{rule_set.title[:112]} (사본)",
        body=body,
        levels=rule_set.levels,
        actor=actor,
        trial=rule_set.trial,
        note=f"‘{rule_set.version}’에서 만든 초안",
    )


@transaction.atomic
def import_rule_set(*, content: bytes, title: str, levels: list[str], actor: User) -> RuleSet:
    """A draft from a JSON file. Refuses what is no JSON, and a content that exists, besides every fault of the rules."""
    try:
        body: Any = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Refusal("not_json", "JSON 파일이 아닙니다. 판정 기준을 담은 UTF-8 JSON 파일을 골라 주세요.") from error
    if not isinstance(body, dict):
        raise Refusal("not_json", "판정 기준은 { }로 묶인 JSON이어야 합니다.")
    unknown = [level for level in levels if level not in AreaLevel.values]
    if unknown or not levels:
        raise Refusal("levels", "판정 단위를 하나 이상 골라 주세요.", {"levels": "판정 단위를 하나 이상 골라 주세요."})
    if RuleSet.objects.filter(version=str(body.get("version", ""))).exists():
        raise Refusal(
            "version_taken", f"‘{body['version']}’ 번호의 기준이 이미 있습니다. 파일의 version을 바꿔 주세요."
        )
    return draft_rule_set(title=title, body=body, levels=levels, actor=actor, trial=True, note="파일로 가져온 초안")


@transaction.atomic
def approve_with_document(
    *, rule_set: RuleSet, start: date, number: str, title: str, file: File, actor: User
) -> RuleSetDocument:
    """Approve a draft from a day on and keep the paper: number, title and the file with its hash.

    Refuses whatever `approve_rule_set` refuses. Whoever prepares decisions is told.
    """
    approved = approve_rule_set(rule_set=rule_set, start=start, document=f"{number} {title}"[:200], actor=actor)
    digest = hashlib.sha256()
    for chunk in file.chunks(_CHUNK):
        digest.update(chunk)
    name = PurePath(file.name or "").name
    document = RuleSetDocument(
        rule_set=approved,
        number=number,
        title=title,
        file=file,
        filename=name[-255:],
        size=file.size,
        sha256=digest.hexdigest(),
        filed_by=actor,
    )
    document.full_clean()
    document.save()
    notify(
        kind="RULE_SET_APPROVED",
        key=f"rule-set-{approved.pk}",
        title=f"새 판정 기준 ‘{approved.title}’이(가) {start:%Y-%m-%d}부터 적용됩니다.",
        url=reverse("crisis:rule_set", args=[approved.version]),
        capability=Capability.PREPARE_DECISIONS,
    )
    return document
