"""Operating states from a file: each row one dated change, taken back together."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from companies.models import Company, CompanyState, IntakeLink
from companies.services.editing import apply, locked
from companies.services.permission import refuse_stranger
from companies.services.standing import change_state
from portal.directory.audit import deed
from portal.directory.models import User
from portal.intake.models import Upload
from portal.kernel.dates import period
from portal.kernel.errors import Refusal

TARGET = "state"


@transaction.atomic
def change_states(*, rows: Iterable[Mapping[str, Any]], actor: User, upload: Upload) -> int:
    """Change the state of many companies, all or none. Returns how many changed.

    Each row: `number` (in the file), `company_id`, `seen` (the company's version at the preview), `state`, `since`
    (ISO), `source`, `note`. Refuses as a whole if one of them was changed since, naming its row.
    """
    links = []
    for row in sorted(rows, key=lambda row: row["company_id"]):
        company = locked(Company, row["company_id"])
        if company.version != row["seen"]:
            raise Refusal(
                "changed_meanwhile",
                f"확인한 뒤에 그 기업의 정보가 바뀌었습니다({row['number']}행). "
                "파일을 지금 자료와 다시 맞댄 다음 반영해 주세요.",
            )
        before = {"state": company.state, "first": not company.states.exists()}
        fresh = change_state(
            company=company,
            state=row["state"],
            since=date.fromisoformat(row["since"]),
            source=row.get("source") or "",
            note=row.get("note") or "",
            actor=actor,
        )
        links.append(
            IntakeLink(
                upload=upload,
                company=company,
                row=row["number"],
                target=TARGET,
                target_id=fresh.pk,
                created=True,
                before=before,
                version=row["seen"] + 1,
            )
        )
    IntakeLink.objects.bulk_create(links)
    return len(links)


@transaction.atomic
def undo_states(*, upload: Upload, actor: User, reason: str) -> dict[str, int]:
    """Take the changes of a file back: the state before runs on. Refuses if a company was changed since."""
    links = list(IntakeLink.objects.filter(upload=upload, target=TARGET).order_by("company_id"))
    with deed("undo_company_states", actor=actor, reason=reason) as done:
        for link in links:
            company = Company.objects.select_for_update(no_key=True, of=("self",)).filter(pk=link.company_id).first()
            if company is None or company.version != link.version or company.merged_into_id:
                name = company.name_ko if company else "지워진 기업"
                raise Refusal("changed_since", f"이 파일을 반영한 뒤 바뀐 기업이 있어 되돌릴 수 없습니다: {name}")
            refuse_stranger(actor, company)
            CompanyState.objects.filter(pk=link.target_id).delete()
            last = company.states.order_by("effective").last()
            if last is not None and link.before["first"]:
                last.delete()  # it was only written to say what came before the change
            elif last is not None:
                last.effective = period(last.effective.lower)
                last.save(update_fields=["effective"])
            apply(company, {"state": link.before["state"]})
        done.about(upload, restored=len(links))
    return {"restored": len(links), "withdrawn": 0, "kept": 0}
