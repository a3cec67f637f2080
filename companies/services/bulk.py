"""Many companies at once, from a file or over REST: one road, set by set, in the caller's transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from companies import rules
from companies.models import Company, Workplace
from companies.services import bulk_sql as sql
from companies.services import changed, merge_rules
from companies.services.permission import keeping_scope
from companies.services.registering import KEY_LENGTH
from portal.directory.audit import deed
from portal.directory.models import User
from portal.intake.models import Upload
from portal.kernel.bulk import copy_rows
from portal.kernel.db import advisory_lock
from portal.kernel.errors import Refusal
from portal.kernel.fields import own_field

LOCK = "companies.bulk"
_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Written:
    """What a bulk write did."""

    new: int
    changed: int
    same: int
    company_ids: tuple[int, ...] = ()


@transaction.atomic
def upsert_companies(
    *, rows: Iterable[Mapping[str, Any]], actor: User | None, upload: Upload | None = None, is_demo: bool = False
) -> Written:
    """Enter and change companies with their headquarters.

    Each row: `business_number` (ten digits), `company_id`, `workplace_id`, `seen`, `workplace_seen` (versions) for one
    that exists and none of them for a new one; `name_ko`, and any of `bulk_sql.TEXTS`, `founded_on` (ISO),
    `industry_id`, `region_id`, `address`, `number_reason`: missing or None leaves what stands there, '' clears it
    (`_key`, if the name's key is at hand, saves making it again).
    Rows are taken as checked (form of numbers, double numbers, regions); what may have changed since the check is
    looked at again under the lock. Refuses as a whole if anything has, naming the rows.
    """
    advisory_lock(LOCK)
    with connection.cursor() as cursor:
        cursor.execute(sql.STAGE)
        total = _stage(rows)
        cursor.execute("ANALYZE staged_company")
        cursor.execute(sql.LOCK)
        cursor.execute(sql.MOVED)
        if moved := [number for (number,) in cursor.fetchall()]:
            raise _moved(moved)
        _refuse_elsewhere(actor)
        facts: dict[str, Any] = {"now": timezone.now(), "demo": is_demo, "upload": upload.pk if upload else None}
        with deed("upsert_companies", actor=actor) as done:
            cursor.execute(sql.INSERT_COMPANIES, facts)
            new = cursor.rowcount
            cursor.execute(sql.INSERT_WORKPLACES, facts)
            cursor.execute(sql.JUDGE)
            changes = cursor.rowcount
            cursor.execute(sql.UPDATE_COMPANIES, facts)
            cursor.execute(sql.UPDATE_WORKPLACES, facts)
            if upload is not None:
                cursor.execute(sql.LINK_NEW, facts)
                cursor.execute(sql.LINK_CHANGED, facts)
            cursor.execute(
                "SELECT company_id FROM staged_company WHERE fresh UNION ALL SELECT company_id FROM changed_company"
            )
            ids = tuple(pk for (pk,) in cursor.fetchall())
            changed.tell(ids)
            if upload is not None:
                done.about(upload, new=new, changed=changes)
    return Written(new, changes, total - new - changes, ids)


def _stage(rows: Iterable[Mapping[str, Any]]) -> int:
    """Stage the rows in chunks: the rows may come from a cursor of the same connection, which cannot wait on COPY."""
    waiting, total = iter(rows), 0
    while chunk := list(islice(waiting, _CHUNK)):
        with connection.cursor() as cursor:
            cursor.execute(sql.NEW_IDS, [sum(row.get("company_id") is None for row in chunk)])
            ids = iter(cursor.fetchall())
        copy_rows("staged_company", sql.STAGED, _lines(chunk, total, ids))
        total += len(chunk)
    return total


def _lines(
    chunk: Sequence[Mapping[str, Any]], before: int, ids: Iterator[tuple[int, int]]
) -> Iterator[tuple[Any, ...]]:
    """Staged rows; a company that is not there yet takes the next of `ids` (company, workplace)."""
    for number, row in enumerate(chunk, before + 1):
        get = row.get
        company, fresh = get("company_id"), get("company_id") is None
        company, workplace = next(ids) if fresh else (company, get("workplace_id"))
        name = get("name_ko")
        key = (get("_key") or rules.name_key(name))[:KEY_LENGTH] if name else None
        yield (
            get("number") or number,
            row["business_number"],
            company,
            workplace,
            get("seen"),
            get("workplace_seen"),
            rules.compact(name) if name else None,
            key,
            rules.initials_of(key) if key else None,
            *(get(column) for column in sql.TEXTS[3:]),
            get("founded_on"),
            get("industry_id"),
            get("region_id"),
            get("address"),
            get("number_reason"),
            fresh,
        )


def _moved(numbers: list[int]) -> Refusal:
    places = ", ".join(f"{number}행" for number in numbers[:10])
    more = " 등" if len(numbers) > 10 else ""
    return Refusal(
        "changed_meanwhile",
        f"확인한 뒤에 그 기업의 정보가 바뀌었거나 번호가 등록되었습니다({places}{more}). "
        "파일을 지금 자료와 다시 맞댄 다음 반영해 주세요.",
    )


def _refuse_elsewhere(actor: User | None) -> None:
    """Rows of companies or regions the actor does not keep are refused, whatever the preview said."""
    scope = keeping_scope(actor)
    if scope.nationwide:
        return
    regions = list(scope.region_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM staged_company WHERE region_id IS NOT NULL AND NOT region_id = ANY(%s))"
            " OR EXISTS (SELECT FROM staged_company s JOIN companies_company c ON c.id = s.company_id"
            "            WHERE NOT s.fresh AND NOT coalesce(c.lead_region_id = ANY(%s), FALSE) AND NOT EXISTS ("
            "                SELECT FROM companies_workplace w"
            "                 WHERE w.company_id = s.company_id AND w.region_id = ANY(%s)))",
            [regions, regions, regions],
        )
        if cursor.fetchone()[0]:
            raise Refusal("out_of_scope", "관할이 아닌 지역의 행이 있습니다. 파일을 지금 자료와 다시 맞대 주세요.")


@transaction.atomic
def undo_companies(*, upload: Upload, actor: User | None, reason: str) -> dict[str, int]:
    """Take back what an upload did to companies: new ones go, changed ones get their old facts.

    Refuses as a whole if one of them was changed since, or if something was built on a new one.
    """
    advisory_lock(LOCK)
    facts: dict[str, Any] = {"upload": upload.pk, "now": timezone.now()}
    with connection.cursor() as cursor, deed("undo_companies", actor=actor, reason=reason) as done:
        cursor.execute(sql.UNDO_LOCK, facts)
        ids = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(sql.UNDO_MOVED, facts)
        if names := [name for (name,) in cursor.fetchall()]:
            raise Refusal(
                "changed_since",
                f"이 파일을 반영한 뒤 바뀐 기업이 있어 되돌릴 수 없습니다: {', '.join(names[:5])}"
                + (" 등" if len(names) > 5 else ""),
            )
        _refuse_built_on(upload)
        cursor.execute(sql.UNDO_COMPANIES, facts)
        restored = cursor.rowcount
        cursor.execute(sql.UNDO_WORKPLACES, facts)
        cursor.execute(sql.UNDO_NEW_WORKPLACES, facts)
        cursor.execute(sql.UNDO_NEW_COMPANIES, facts)
        withdrawn = cursor.rowcount
        changed.tell(ids)
        done.about(upload, restored=restored, withdrawn=withdrawn)
    return {"restored": restored, "withdrawn": withdrawn, "kept": 0}


def _refuse_built_on(upload: Upload) -> None:
    """Say no if anything refers to a company or place that would go."""
    links = "SELECT {} FROM companies_intakelink WHERE upload_id = %s AND target = 'company' AND created"
    for relation in merge_rules.relations():
        if relation.path in {"companies.Workplace.company", "companies.IntakeLink.company"} or isinstance(
            relation.rule, merge_rules.MadeAnew
        ):
            continue
        target = (
            "target_id" if relation.model._meta.get_field(relation.name).related_model is Workplace else "company_id"
        )
        table, column = relation.model._meta.db_table, own_field(relation.model, relation.name).column
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE "{column}" IN ({links.format(target)})',  # noqa: S608
                [upload.pk],
            )
            count = cursor.fetchone()[0]
        if count:
            raise Refusal(
                "built_on",
                f"이 파일로 등록한 기업에 {relation.label} {count}건이 생겨 되돌릴 수 없습니다. 그것부터 지워 주세요.",
            )
    extra = Workplace.objects.filter(company__intake_links__upload=upload, company__intake_links__created=True).exclude(
        pk__in=_linked_places(upload)
    )
    if extra.exists():
        raise Refusal("built_on", "이 파일로 등록한 기업에 사업장이 더 생겨 되돌릴 수 없습니다. 그것부터 옮겨 주세요.")


def _linked_places(upload: Upload) -> Any:
    links = Company._meta.get_field("intake_links").related_model
    return links._default_manager.filter(upload=upload, created=True).values("target_id")
