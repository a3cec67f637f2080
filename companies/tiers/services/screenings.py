"""Screenings: every firm of a region held against a criteria set, as a job whose result is kept."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.enums import OperatingState
from companies.models import Company
from companies.tiers import rules
from companies.tiers.enums import TIER_RANK, TRACK_OF, CaseKind, CaseState, CriteriaState, Finding, ScreeningKind
from companies.tiers.models import CriteriaSet, Screening, ScreeningRow, TierCase
from companies.tiers.selectors import gather, held
from companies.tiers.selectors.places import home_regions, places_of
from companies.tiers.services.bulk import insert_new
from companies.tiers.services.case_steps import BELOW
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import Job, Region, User
from portal.directory.scope import scope_of
from portal.directory.services import JobProgress, notify, start_job
from portal.kernel.errors import Refusal

CHUNK = 1_000
RENEWAL_NOTICE = timedelta(days=90)
"""How long before a tier ends its firm is due for retention."""


@transaction.atomic
def start_screening(
    *,
    kind: str,
    criteria: CriteriaSet,
    region: Region | None,
    actor: User,
    on: date | None = None,
    base_year: int | None = None,
    compared_with: CriteriaSet | None = None,
) -> tuple[Screening, Job]:
    """Owe a screening of the firms `actor` sees in `region` (everywhere without one).

    Candidates are found by adopted criteria only; a what-if takes any set and compares it with another, or with the
    firms that hold the tier now.
    """
    if not criteria.tier:
        raise Refusal("criteria_no_tier", _("등급이 없는 기준으로는 선별할 수 없습니다."))
    if kind == ScreeningKind.CANDIDATES and criteria.state != CriteriaState.ADOPTED:
        raise Refusal("criteria_not_adopted", _("후보는 확정된 기준으로만 찾습니다. 초안은 시뮬레이션으로 살펴보세요."))
    if compared_with is not None and compared_with.pk == criteria.pk:
        raise Refusal(
            "same_criteria", _("서로 다른 두 기준을 고르세요."), {"compared_with": _("다른 기준을 고르세요.")}
        )
    on = on or timezone.localdate()
    with deed("start_screening", actor=actor) as done:
        screening = Screening.objects.create(
            kind=kind,
            criteria=criteria,
            compared_with=compared_with,
            region=region,
            on=on,
            base_year=base_year or on.year - 1,
            owner=actor,
            criteria_sha256=criteria.sha256,
            compared_sha256=compared_with.sha256 if compared_with else "",
        )
        done.about(screening, region=region)
    job = start_job(
        kind="tier_screening",
        title=f"{ScreeningKind(kind).label}: {criteria.title}",
        task="companies.tiers.tasks.run_screening",
        owner=actor,
        arguments={"screening_id": screening.pk},
    )
    return screening, job


def _firms(screening: Screening) -> Any:
    firms = Company.objects.visible_to(scope_of(screening.owner)).not_merged()
    return firms.in_region(places_of(screening.region)) if screening.region else firms


def _codes_of_others(screening: Screening) -> tuple[str, ...]:
    """KSIC codes for which another adopted set of the same programme, tier and region is in force on the day."""
    chosen = screening.criteria
    rows = CriteriaSet.objects.in_force_on(screening.on).filter(
        programme=chosen.programme, tier=chosen.tier, region=chosen.region, industry__isnull=False
    )
    return tuple(code for codes in rows.values_list("industry_codes", flat=True) for code in codes)


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for at in range(0, len(ids), CHUNK):
        yield ids[at : at + CHUNK]


_KIND = {Finding.ENTERS: CaseKind.ENTRY, Finding.LEAVES: CaseKind.DEMOTION, Finding.RENEWS: CaseKind.RETENTION}
_NOT_HELD = "지금 이 등급이 아님"
Found = dict[str, Any]
"""A row of `ScreeningRow` by column."""


class _Screen:
    """One screening under way: judges firm by firm, counts, keeps the rows it has something to say about."""

    def __init__(self, screening: Screening) -> None:
        self.screening = screening
        self.tier = screening.criteria.tier
        self.track = TRACK_OF[self.tier]
        self.tree = screening.criteria.tree
        self.base = screening.compared_with.tree if screening.compared_with else None
        self.mine, self.others = tuple(screening.criteria.industry_codes), _codes_of_others(screening)
        self.counts: Counter[str] = Counter()
        self.rows: list[dict[str, Any]] = []
        self.found: dict[int, rules.Evaluator] = {}

    def look_at(self, ids: list[int]) -> None:
        """Judge one chunk of firms."""
        on = self.screening.on
        facts = gather(ids, on=on, base_year=self.screening.base_year)
        tiers = held(ids, on, track=self.track)
        judge = self.candidate if self.screening.kind == ScreeningKind.CANDIDATES else self.what_if
        for company in ids:
            now, until = tiers.get(company, ("", None))
            evaluator = rules.Evaluator(facts[company], searching=True)
            row = judge(company, evaluator, now, until)
            self.counts["firms"] += 1
            if row is not None:
                self.counts[row["finding"]] += 1
                self.rows.append(row)
                if row["finding"] in _KIND and self.screening.kind == ScreeningKind.CANDIDATES:
                    self.found[company] = evaluator

    def concerns(self, facts: rules.Facts) -> bool:
        """Whether candidates are looked for among firms of this industry: another set may be the one for them."""
        if not facts.industry:
            return True
        if self.mine:
            return facts.industry.startswith(self.mine)
        return not facts.industry.startswith(self.others)

    def _row(self, company: int, finding: str, now: str, result: rules.Result, **more: Any) -> Found:
        return {
            "screening_id": self.screening.pk, "company_id": company, "finding": str(finding), "tier": now,
            "outcome": result.outcome, **more,
        }  # fmt: skip

    def candidate(self, company: int, evaluator: rules.Evaluator, now: str, until: date | None) -> Found | None:
        """Rises to the tier, falls from it, is due for retention, or cannot be told for want of figures."""
        if not self.concerns(evaluator.facts):
            self.counts["other_industry"] += 1
            return None
        verdict, holds = evaluator.verdict(self.tree), now == self.tier
        self.counts[f"outcome_{verdict}"] += 1
        if verdict == rules.NOT_MET and not holds:
            return None
        result = evaluator.outcome(self.tree)
        if evaluator.facts.state != OperatingState.OPERATING:  # suspended and closed firms are out of every programme
            return self._row(company, Finding.LEAVES, now, result, reasons=["휴업 또는 폐업"]) if holds else None
        if result.outcome == rules.MET:
            if TIER_RANK[now] < TIER_RANK[self.tier]:
                return self._row(company, Finding.ENTERS, now, result)
            if holds and until is not None and until - self.screening.on <= RENEWAL_NOTICE:
                return self._row(company, Finding.RENEWS, now, result, reasons=[f"{until.isoformat()} 만료"])
            return None
        why = list(rules.standing_in_the_way(result))
        if result.outcome == rules.UNKNOWN:
            return self._row(company, Finding.UNCLEAR, now, result, reasons=why)
        return self._row(company, Finding.LEAVES, now, result, reasons=why)

    def what_if(self, company: int, evaluator: rules.Evaluator, now: str, until: date | None) -> Found | None:
        """Meets the tried set and not the other, or the other way round; without another, against the tier held."""
        before_outcome = evaluator.verdict(self.base) if self.base else rules.MET if now == self.tier else rules.NOT_MET
        after_outcome = evaluator.verdict(self.tree)
        self.counts[f"before_{before_outcome}"] += 1
        self.counts[f"after_{after_outcome}"] += 1
        if before_outcome == after_outcome:
            return None
        after = evaluator.outcome(self.tree)
        if after.outcome == rules.MET:
            before_why = list(rules.standing_in_the_way(evaluator.outcome(self.base))) if self.base else [_NOT_HELD]
            return self._row(company, Finding.ENTERS, now, after, outcome_before=before_outcome, reasons=before_why)
        why = list(rules.standing_in_the_way(after))
        if before_outcome == rules.MET and after.outcome == rules.NOT_MET:
            return self._row(company, Finding.LEAVES, now, after, outcome_before=before_outcome, reasons=why)
        if rules.MET in (before_outcome, after.outcome):
            return self._row(company, Finding.UNCLEAR, now, after, outcome_before=before_outcome, reasons=why)
        return None


def run_screening(progress: JobProgress) -> dict[str, Any]:
    """Judge every firm, a thousand at a time; keep rows, cases and counts in one transaction at the end.

    A second run of a finished screening changes nothing; one that was cut off begins again from nothing.
    """
    screening = Screening.objects.select_related("criteria", "compared_with", "region", "owner").get(
        pk=progress.arguments["screening_id"]
    )
    if screening.finished_at is None:
        ids = list(_firms(screening).order_by("pk").values_list("pk", flat=True))
        progress.say(total=len(ids), done=0)
        screen = _Screen(screening)
        done = 0
        for chunk in _chunks(ids):
            screen.look_at(chunk)
            done += len(chunk)
            progress.say(done=done)
        _keep(screen)
    return {"url": reverse("tiers:screening", args=[screening.pk])}


@transaction.atomic
def _keep(screen: _Screen) -> None:
    screening = Screening.objects.select_for_update(no_key=True, of=("self",)).get(pk=screen.screening.pk)
    if screening.finished_at is not None:
        return
    with deed("finish_screening", actor=screen.screening.owner) as done:
        insert_new(ScreeningRow, screen.rows)
        if screening.kind == ScreeningKind.CANDIDATES:
            screen.counts["cases"] = _open_cases(screen)
        screening.finished_at, screening.counts = timezone.now(), dict(screen.counts)
        screening.save(update_fields=["finished_at", "counts", "updated_at"])
        done.about(screening, region=screening.region, **screen.counts)
    if cases := screen.counts.get("cases"):
        notify(
            kind="tier_case",
            key=f"tiers.screening.{screening.pk}",
            title=_("검토할 등급 심사 %(count)s건을 찾았습니다") % {"count": f"{cases:,}"},
            url=f"{reverse('tiers:cases')}?screening={screening.pk}",
            regions=[screening.region_id] if screening.region_id else None,
            capability=Capability.REVIEW_TIERS,
        )


def _open_cases(screen: _Screen) -> int:
    """A candidate case for each firm found, with its evidence, but for firms whose case is open already."""
    screening = screen.screening
    found = [row for row in screen.rows if row["finding"] in _KIND]
    texts = rules.texts(screen.tree)
    made = 0
    for at in range(0, len(found), CHUNK):
        part = found[at : at + CHUNK]
        ids = [row["company_id"] for row in part]
        busy = set(
            TierCase.objects.open().filter(company__in=ids, track=screen.track).values_list("company_id", flat=True)
        )
        homes = home_regions(ids)
        cases = []
        for row in part:
            region = screening.region_id or homes.get(row["company_id"])
            if row["company_id"] not in busy and region is not None:
                cases.append(_case(screen, row, region, texts))
        made += insert_new(TierCase, cases)
    return made


def _case(screen: _Screen, row: Found, region: int, texts: Mapping[str, str]) -> dict[str, Any]:
    """A row of `TierCase`: its evidence is judged as for a decision and written once, for storing and hashing."""
    screening, criteria, now = screen.screening, screen.screening.criteria, row["tier"]
    kind = _KIND[Finding(row["finding"])]
    evaluator = screen.found[row["company_id"]].decisive()
    result = evaluator.outcome(screen.tree)
    sheet = rules.sheet(
        result, evaluator.facts, criteria=criteria.code, criteria_sha256=criteria.sha256, words_by_path=texts
    )
    written = rules.canonical(sheet)
    return {
        "company_id": row["company_id"],
        "region_id": region,
        "kind": str(CaseKind.PROMOTION if kind == CaseKind.ENTRY and now else kind),
        "track": str(screen.track),
        "from_tier": now,
        "to_tier": str(BELOW.get(now, "") if kind == CaseKind.DEMOTION else criteria.tier),
        "criteria_id": criteria.pk,
        "screening_id": screening.pk,
        "on": screening.on,
        "base_year": screening.base_year,
        "evidence": written,
        "evidence_sha256": rules.digest_of(written),
        "outcome": result.outcome,
        "state": str(CaseState.CANDIDATE),
        "opened_by_id": screening.owner_id,
        "is_demo": criteria.is_demo,
    }
