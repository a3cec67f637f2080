"""A company comes into the registry, and its own facts change."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from companies import rules
from companies.enums import NameKind
from companies.models import Company, CompanyName, Workplace
from companies.selectors import Likely, likely_duplicates
from companies.services import changed
from companies.services.editing import apply, locked, refuse_if_changed, told
from companies.services.permission import refuse_elsewhere, refuse_stranger
from portal.directory.audit import deed
from portal.directory.models import Region, User
from portal.kernel.dates import period
from portal.kernel.errors import Refusal

COMPANY_FACTS = (
    "name_ko",
    "name_en",
    "corporate_number",
    "kind",
    "size",
    "founded_on",
    "representative",
    "main_product",
    "homepage",
    "phone",
    "email",
    "contact_name",
    "industry",
    "lead_region",
)
"""What `register_company` takes and `change_company` changes."""
KEY_LENGTH = 120


class LikelyDuplicates(Refusal):
    """Companies that may be the same are in the registry already. `likely` says which and why."""

    def __init__(self, likely: list[Likely]) -> None:
        super().__init__(
            "likely_duplicates",
            f"같은 기업으로 보이는 기업이 {len(likely)}곳 있습니다. 확인하고, 다른 기업이면 그래도 등록을 골라 주세요.",
        )
        self.likely = likely


def named(name: str) -> dict[str, str]:
    """A name with its key and initials, as the three are stored."""
    key = rules.name_key(name)[:KEY_LENGTH]
    return {"name_ko": rules.compact(name), "name_key": key, "initials": rules.initials_of(key)}


def refuse_doubtful_number(digits: str, reason: str) -> None:
    """Say no to a number whose check digit does not fit, unless somebody says why it is right all the same."""
    if digits and not rules.business_number_checks(digits) and not reason.strip():
        raise Refusal(
            "check_digit",
            f"사업자등록번호 {rules.written_business_number(digits)}의 검증번호가 맞지 않습니다. "
            "등록증과 견주어 보고, 맞는 번호이면 사유를 적어 주세요.",
            {"business_number": "검증번호가 맞지 않습니다.", "number_reason": "맞는 번호이면 사유를 적어 주세요."},
        )


@transaction.atomic
def register_company(
    *,
    facts: Mapping[str, Any],
    business_number: str,
    region: Region,
    address: str = "",
    since: date | None = None,
    number_reason: str = "",
    accept_duplicates: bool = False,
    actor: User | None = None,
    reason: str = "",
    is_demo: bool = False,
) -> Company:
    """Enter a company with its headquarters.

    `facts`: any of COMPANY_FACTS, `name_ko` among them. `business_number`: ten digits. `since`: when the headquarters
    opened (the founding day if not given). Refuses a number that is taken, a failed check digit without a reason,
    a region the actor does not keep, and, unless `accept_duplicates`, likely duplicates (`LikelyDuplicates`).
    """
    refuse_elsewhere(actor, region)
    refuse_doubtful_number(business_number, number_reason)
    if twin := Workplace.objects.filter(business_number=business_number).select_related("company").first():
        raise Refusal(
            "business_number_taken",
            f"이미 등록된 사업자등록번호입니다: {twin.company.name_ko}",
            {"business_number": "이미 등록된 사업자등록번호입니다."},
        )
    if not accept_duplicates:
        likely = likely_duplicates(
            name=facts["name_ko"],
            corporate_number=facts.get("corporate_number", ""),
            representative=facts.get("representative", ""),
            region_id=region.pk,
        )
        if likely:
            raise LikelyDuplicates(likely)
    with deed("register_company", actor=actor, reason=reason) as done:
        company = Company(**{**_known(facts), **named(facts["name_ko"])}, is_demo=is_demo)
        company.full_clean()
        company.save()
        headquarters = Workplace(
            company=company,
            business_number=business_number,
            number_reason="" if rules.business_number_checks(business_number) else number_reason.strip(),
            region=region,
            address=rules.compact(address),
            is_headquarters=True,
            effective=period(since or company.founded_on),
        )
        headquarters.full_clean()
        headquarters.save()
        done.about(company, region=region, business_number=business_number)
    changed.tell([company.pk])
    return company


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(facts) - set(COMPANY_FACTS))
    if unknown:
        raise TypeError(f"not facts of a company: {unknown}")
    return dict(facts)


@transaction.atomic
def change_company(
    *,
    company: Company,
    version: int | None,
    changes: Mapping[str, Any],
    actor: User | None = None,
    reason: str = "",
    renamed: bool = False,
) -> Company:
    """Change a company's own facts (any of COMPANY_FACTS).

    `version` is the one the editor saw; if somebody saved since, `ChangedMeanwhile` carries the comparison. `renamed`
    says that the old name was right in its time: it is kept as a former name.
    """
    refuse_stranger(actor, company)
    row = locked(Company, company.pk)
    changes = _known(changes)
    if "name_ko" in changes:
        changes |= named(changes["name_ko"])
    refuse_if_changed(row, version=version, changes=changes)
    old_name = row.name_ko
    with deed("change_company", actor=actor, reason=reason) as done:
        differences = apply(row, changes)
        if not differences:
            return row
        if renamed and "name_ko" in differences:
            keep_name(row, old_name, NameKind.FORMER, until=timezone.localdate())
        done.about(row, region=home_region(row), **told(differences))
    changed.tell([row.pk])
    return row


def keep_name(company: Company, name: str, kind: str, *, until: date | None = None, source: str = "") -> CompanyName:
    """Keep another name of a company, once."""
    spelled = named(name)
    return CompanyName.objects.get_or_create(
        company=company,
        name=spelled["name_ko"],
        defaults={
            "name_key": spelled["name_key"],
            "initials": spelled["initials"],
            "kind": kind,
            "until": until,
            "source": source,
        },
    )[0]


def home_region(company: Company) -> Region | None:
    """The region of the headquarters, for the audit event; of any workplace if there is none."""
    place = company.workplaces.select_related("region").order_by("-is_headquarters", "pk").first()
    return place.region if place else None


@transaction.atomic
def add_name(
    *, company: Company, name: str, kind: str, until: date | None = None, source: str = "", actor: User | None = None
) -> CompanyName:
    """Add another spelling, a former name or a brand, by which the company is found too."""
    refuse_stranger(actor, company)
    if not rules.name_key(name):
        raise Refusal("name_empty", "이름에 글자나 숫자가 하나는 있어야 합니다.", {"name": "이름을 적어 주세요."})
    with deed("add_company_name", actor=actor) as done:
        kept = keep_name(company, name, kind, until=until, source=source)
        done.about(company, region=home_region(company), name=kept.name)
    changed.tell([company.pk])
    return kept


@transaction.atomic
def remove_name(*, name: CompanyName, actor: User | None = None, reason: str = "") -> None:
    """Take another name away again; the history keeps it."""
    company = name.company
    refuse_stranger(actor, company)
    with deed("remove_company_name", actor=actor, reason=reason) as done:
        done.about(company, region=home_region(company), name=name.name)
        name.delete()
    changed.tell([company.pk])
