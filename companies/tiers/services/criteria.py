"""Criteria sets come in as drafts, validated whole, and are adopted with a document. Adopted ones never change."""

from collections.abc import Collection, Mapping
from datetime import date
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Industry
from companies.surveys.selectors.industries import identities
from companies.tiers import rules
from companies.tiers.enums import CRITERIA_NEXT_STATES, CriteriaState
from companies.tiers.models import CriteriaSet
from portal.directory.audit import deed
from portal.directory.models import Region, User
from portal.kernel.dates import period
from portal.kernel.db import advisory_lock
from portal.kernel.errors import Refusal

FACTS = (
    "title", "programme", "tier", "region", "industry", "industry_codes", "effective", "term_years",
    "needs_resolution", "provisional", "source", "note",
)  # fmt: skip
"""What a draft carries beside its code, version and body."""


def checked(body: Any, codes: Collection[str] = ()) -> None:
    """Refuse a tree that does not hold (within the industry of `codes`), telling every fault with its place."""
    try:
        rules.parse(body)
        rules.parse(rules.within_industry(body, codes))
    except rules.CriteriaError as error:
        told = " / ".join(f"{fault.path}: {fault.message}" for fault in error.faults)
        raise Refusal(
            "criteria_invalid",
            _("조건을 고쳐 주세요(%(count)s곳).") % {"count": len(error.faults)},
            {"body": told},
        ) from error


def _refuse_wrong_industry(draft: CriteriaSet) -> None:
    """Refuse an industry that is not of the set's region, or codes that are in no revision of KSIC."""
    if draft.industry is None:
        if draft.industry_codes:
            told = _("산업을 고르거나 산업분류 코드를 지워 주세요.")
            raise Refusal("industry_missing", told, {"industry": told})
        return
    if draft.region is not None and not draft.industry.places.filter(region__in=identities(draft.region)).exists():
        told = _("‘%(industry)s’은(는) %(region)s의 산업이 아닙니다.") % {
            "industry": draft.industry.name_ko, "region": draft.region.name,
        }  # fmt: skip
        raise Refusal("industry_elsewhere", told, {"industry": told})
    if not draft.industry_codes:
        told = _("이 산업의 산업분류 코드가 등록되어 있지 않습니다. 공고의 코드를 적어 주세요.")
        raise Refusal("industry_without_codes", told, {"industry_codes": told})
    # A firm's own code has digits only: a section's letter would begin none of them.
    numbered = Industry.objects.filter(code__in=draft.industry_codes, depth__gt=1)
    known = set(numbered.values_list("code", flat=True))
    if strange := sorted(set(draft.industry_codes) - known):
        told = _("표준산업분류의 숫자 코드가 아닙니다: %(codes)s") % {"codes": ", ".join(strange)}
        raise Refusal("industry_code_unknown", told, {"industry_codes": told})


def _fill(draft: CriteriaSet, body: Any, facts: Mapping[str, Any]) -> None:
    """Put facts and conditions into a draft; refused where they do not hold."""
    for name in FACTS:
        if name in facts:
            setattr(draft, name, facts[name])
    draft.industry_codes = sorted(set(draft.industry_codes))
    _refuse_wrong_industry(draft)
    checked(body, draft.industry_codes)
    draft.body = body
    draft.sha256 = rules.digest(draft.whole)
    draft.full_clean()
    draft.save()


@transaction.atomic
def draft_criteria(
    *, code: str, body: Any, actor: User | None, facts: Mapping[str, Any], version: int = 1, published: bool = False,
    is_demo: bool = False, based_on: CriteriaSet | None = None,
) -> CriteriaSet:  # fmt: skip
    """Keep criteria as a draft. `facts` are FACTS; every fault of `body` is told at once (`criteria_invalid`)."""
    with deed("draft_criteria", actor=actor) as done:
        draft = CriteriaSet(code=code, version=version, is_published=published, is_demo=is_demo, based_on=based_on)
        _fill(draft, body, facts)
        done.about(draft, region=draft.region, sha256=draft.sha256)
    return draft


def _locked(criteria: CriteriaSet) -> CriteriaSet:
    return CriteriaSet.objects.select_for_update(no_key=True, of=("self",)).get(pk=criteria.pk)


@transaction.atomic
def edit_criteria(*, criteria: CriteriaSet, body: Any, actor: User, facts: Mapping[str, Any], seen: str) -> CriteriaSet:
    """Change a draft. `seen` is `updated_at` as the editor read it, in ISO: a later change is not overwritten."""
    criteria = _locked(criteria)
    if criteria.state != CriteriaState.DRAFT or criteria.is_published:
        raise Refusal("criteria_not_editable", _("확정됐거나 공고에서 옮긴 기준은 고칠 수 없습니다. 사본을 만드세요."))
    if criteria.updated_at.isoformat() != seen:
        raise Refusal(
            "criteria_changed",
            _("그사이 다른 사람이 조건을 고쳤습니다. 고친 내용을 확인하고 다시 저장해 주세요."),
        )
    with deed("edit_criteria", actor=actor) as done:
        _fill(criteria, body, facts)
        done.about(criteria, region=criteria.region, sha256=criteria.sha256)
    return criteria


@transaction.atomic
def copy_criteria(*, criteria: CriteriaSet, code: str, actor: User, facts: Mapping[str, Any]) -> CriteriaSet:
    """A draft of the next version from any set; `facts` replace what the original says."""
    kept = {name: getattr(criteria, name) for name in FACTS}
    kept["provisional"] = True
    return draft_criteria(
        code=code, body=criteria.body, actor=actor, facts={**kept, **facts}, version=criteria.version + 1,
        based_on=criteria,
    )  # fmt: skip


@transaction.atomic
def change_to_try(*, criteria: CriteriaSet, actor: User, region: Region | None = None) -> CriteriaSet:
    """A draft to try a change on, under a number of its own (`…-try-2`), of the trier's region when one is given."""
    advisory_lock(f"tiers.criteria.{criteria.pk}")
    stem = f"{criteria.code[:50]}-try"
    taken = set(CriteriaSet.objects.filter(code__startswith=stem).values_list("code", flat=True))
    code = next(f"{stem}-{n}" for n in count(1) if f"{stem}-{n}" not in taken)
    facts: dict[str, Any] = {"title": _("%(title)s 바꿔 보기") % {"title": criteria.title[:100]}}
    if region is not None and criteria.region_id != region.pk:
        facts |= {"region": region, "industry": None, "industry_codes": []}
    return copy_criteria(criteria=criteria, code=code, actor=actor, facts=facts)


@transaction.atomic
def adopt_criteria(*, criteria: CriteriaSet, document: str, start: date, end: date | None, actor: User) -> CriteriaSet:
    """Put a draft in force from a day on, by a document. The set in force until then ends the day before."""
    criteria = _locked(criteria)
    if CriteriaState.ADOPTED not in CRITERIA_NEXT_STATES[criteria.state]:
        raise Refusal("criteria_not_draft", _("초안만 확정할 수 있습니다."))
    if criteria.is_published:
        raise Refusal("criteria_published", _("공고에서 옮긴 기준입니다. 사본을 만들어 확정해 주세요."))
    if not document.strip():
        raise Refusal("criteria_document", _("근거 문서를 적어 주세요."), {"document": _("근거 문서를 적어 주세요.")})
    if not criteria.tier:
        raise Refusal("criteria_no_tier", _("등급이 없는 기준은 확정할 수 없습니다."))
    with deed("adopt_criteria", actor=actor, reason=document) as done:
        running = (
            CriteriaSet.objects.adopted()
            .select_for_update(no_key=True, of=("self",))
            .filter(
                programme=criteria.programme,
                tier=criteria.tier,
                region=criteria.region,
                industry=criteria.industry,
                effective__contains=start,
            )
            .first()
        )
        if running is not None:
            if running.effective.lower is not None and running.effective.lower >= start:
                raise Refusal("criteria_same_day", _("같은 날부터 적용되는 확정된 기준이 이미 있습니다."))
            running.effective = period(running.effective.lower, start)
            running.save(update_fields=["effective", "updated_at"])
            done.about(running, region=running.region, ended=start.isoformat())
        criteria.state, criteria.document, criteria.effective = CriteriaState.ADOPTED, document, period(start, end)
        criteria.adopted_at, criteria.adopted_by = timezone.now(), actor
        criteria.full_clean()
        criteria.save()
        done.about(criteria, region=criteria.region, start=start.isoformat())
    return criteria


@transaction.atomic
def retire_criteria(*, criteria: CriteriaSet, end: date, reason: str, actor: User) -> CriteriaSet:
    """End an adopted set: from `end` on it judges nobody. What it judged stays explained by it."""
    criteria = _locked(criteria)
    if CriteriaState.RETIRED not in CRITERIA_NEXT_STATES[criteria.state]:
        raise Refusal("criteria_not_adopted", _("확정된 기준만 폐지할 수 있습니다."))
    if not reason.strip():
        raise Refusal("reason_missing", _("폐지 사유를 적어 주세요."), {"reason": _("폐지 사유를 적어 주세요.")})
    if criteria.effective.lower is not None and end <= criteria.effective.lower:
        raise Refusal(
            "criteria_end", _("폐지일은 적용 시작일보다 늦어야 합니다."), {"end": _("더 늦은 날을 고르세요.")}
        )
    with deed("retire_criteria", actor=actor, reason=reason) as done:
        criteria.state, criteria.effective = CriteriaState.RETIRED, period(criteria.effective.lower, end)
        criteria.full_clean()
        criteria.save(update_fields=["state", "effective", "updated_at"])
        done.about(criteria, region=criteria.region, end=end.isoformat())
    return criteria
