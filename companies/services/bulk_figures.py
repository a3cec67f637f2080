# ruff: noqa: S608 (statements are put together from names of our own columns only)
"""Many years of figures at once: staged by COPY, judged and written as sets, taken back as sets."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from companies.models import FIGURES, Company
from companies.services.bulk import LOCK, Written
from companies.services.permission import keeping_scope
from portal.directory.audit import deed
from portal.directory.models import User
from portal.intake.models import Upload
from portal.kernel.bulk import copy_rows
from portal.kernel.db import advisory_lock
from portal.kernel.errors import Refusal

_CHUNK = 5_000
_STAGED = ("number", "company_id", "year", "source", "status", "as_of", "seen", *FIGURES)
_STAGE = f"""DROP TABLE IF EXISTS staged_year, changed_year;
CREATE TEMPORARY TABLE staged_year (
    number int NOT NULL, company_id bigint NOT NULL, year int NOT NULL, source text NOT NULL, status text,
    as_of date, seen int NOT NULL, {", ".join(f"{name} bigint" for name in FIGURES)}
) ON COMMIT DROP
"""
_LOCK = (
    "SELECT id FROM companies_company WHERE id IN (SELECT company_id FROM staged_year) ORDER BY id FOR NO KEY UPDATE"
)
_MOVED = """
SELECT s.number FROM staged_year s
  LEFT JOIN companies_companyyear y ON (y.company_id, y.year, y.source) = (s.company_id, s.year, s.source)
 WHERE coalesce(y.version, 0) <> s.seen ORDER BY s.number LIMIT 20
"""
_ALL = (*FIGURES, "status", "as_of")
_DIFFERS = " OR ".join(f"(s.{name} IS NOT NULL AND s.{name} IS DISTINCT FROM y.{name})" for name in _ALL)
_BEFORE = ", ".join(
    f"'{name}', CASE WHEN s.{name} IS NOT NULL AND s.{name} IS DISTINCT FROM y.{name}"
    f" THEN jsonb_build_array(y.{name}) END"
    for name in _ALL
)
_CHANGED = f"""
CREATE TEMPORARY TABLE changed_year ON COMMIT DROP AS
SELECT s.number, y.id, s.company_id, jsonb_strip_nulls(jsonb_build_object({_BEFORE})) AS before
  FROM staged_year s
  JOIN companies_companyyear y ON (y.company_id, y.year, y.source) = (s.company_id, s.year, s.source)
 WHERE {_DIFFERS}
"""
_UPDATE = f"""
UPDATE companies_companyyear y
   SET {", ".join(f"{name} = coalesce(s.{name}, y.{name})" for name in _ALL)},
       version = y.version + 1, updated_at = %(now)s
  FROM staged_year s JOIN changed_year d ON d.number = s.number AND d.company_id = s.company_id
 WHERE y.id = d.id AND (y.year, y.source) = (s.year, s.source)
"""
_INSERT = f"""
INSERT INTO companies_companyyear (
    created_at, updated_at, company_id, year, source, status, as_of, version, {", ".join(FIGURES)})
SELECT %(now)s, %(now)s, company_id, year, source, coalesce(status, 'FINAL'), as_of, 1, {", ".join(FIGURES)}
  FROM staged_year WHERE seen = 0 ORDER BY number, year
ON CONFLICT (company_id, year, source) DO NOTHING
RETURNING id, company_id, year, source
"""
_LINK_NEW = f"""
WITH fresh AS ({_INSERT})
INSERT INTO companies_intakelink (upload_id, company_id, row, target, target_id, created, before, version)
SELECT %(upload)s, fresh.company_id, s.number, 'year', fresh.id, TRUE, '{{}}', 1
  FROM fresh JOIN staged_year s ON (s.company_id, s.year, s.source) = (fresh.company_id, fresh.year, fresh.source)
"""
_LINK_CHANGED = """
INSERT INTO companies_intakelink (upload_id, company_id, row, target, target_id, created, before, version)
SELECT %(upload)s, d.company_id, d.number, 'year', d.id, FALSE, d.before, y.version
  FROM changed_year d JOIN companies_companyyear y ON y.id = d.id
"""
_UNDO_MOVED = """
SELECT count(*) FROM companies_intakelink l
  LEFT JOIN companies_companyyear y ON y.id = l.target_id AND y.company_id = l.company_id
 WHERE l.upload_id = %(upload)s AND l.target = 'year' AND y.version IS DISTINCT FROM l.version
"""


def _back(name: str) -> str:
    kind = {"status": "text", "as_of": "date"}.get(name, "bigint")
    return f"{name} = CASE WHEN l.before ? '{name}' THEN (l.before->'{name}'->>0)::{kind} ELSE y.{name} END"


_UNDO_CHANGED = f"""
UPDATE companies_companyyear y
   SET {", ".join(map(_back, _ALL))}, version = y.version + 1, updated_at = %(now)s
  FROM companies_intakelink l
 WHERE l.upload_id = %(upload)s AND l.target = 'year' AND NOT l.created AND y.id = l.target_id
"""
_UNDO_NEW = """
DELETE FROM companies_companyyear WHERE id IN (
    SELECT target_id FROM companies_intakelink WHERE upload_id = %(upload)s AND target = 'year' AND created)
"""


@transaction.atomic
def upsert_figures(*, rows: Iterable[Mapping[str, Any]], actor: User | None, upload: Upload | None = None) -> Written:
    """Enter and correct yearly figures.

    Each row: `company_id`, `year`, `source`, `seen` (version of the row that stands there, 0 for none), and any of
    `status`, `as_of` (ISO), FIGURES (won; employees: persons); missing or None leaves what stands there. Refuses as a
    whole if a row was changed since it was seen, or if a company is not the actor's to keep.
    """
    advisory_lock(LOCK)
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        waiting, total = iter(rows), 0
        while chunk := list(islice(waiting, _CHUNK)):
            copy_rows("staged_year", _STAGED, (tuple(map(row.get, _STAGED)) for row in chunk))
            total += len(chunk)
        cursor.execute("ANALYZE staged_year")
        cursor.execute(_LOCK)
        cursor.execute(_MOVED)
        if moved := [f"{number}행" for (number,) in cursor.fetchall()]:
            raise Refusal(
                "changed_meanwhile",
                f"확인한 뒤에 그 기업의 실적이 바뀌었습니다({', '.join(moved[:10])}). "
                "파일을 지금 자료와 다시 맞댄 다음 반영해 주세요.",
            )
        _refuse_elsewhere(actor)
        facts: dict[str, Any] = {"now": timezone.now(), "upload": upload.pk if upload else None}
        with deed("upsert_figures", actor=actor) as done:
            cursor.execute(_CHANGED)
            changes = cursor.rowcount
            cursor.execute(_UPDATE, facts)
            cursor.execute(_LINK_NEW if upload else _INSERT, facts)
            new = cursor.rowcount
            if upload:
                cursor.execute(_LINK_CHANGED, facts)
                done.about(upload, new=new, changed=changes)
    return Written(new, changes, total - new - changes)


def _refuse_elsewhere(actor: User | None) -> None:
    scope = keeping_scope(actor)
    if scope.nationwide:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT company_id FROM staged_year")
        ids = {pk for (pk,) in cursor.fetchall()}
    if Company.objects.visible_to(scope).filter(pk__in=ids).count() != len(ids):
        raise Refusal("out_of_scope", "관할이 아닌 기업의 행이 있습니다. 파일을 지금 자료와 다시 맞대 주세요.")


@transaction.atomic
def undo_figures(*, upload: Upload, actor: User | None, reason: str) -> dict[str, int]:
    """Take back what an upload did to figures. Refuses as a whole if one of them was changed since."""
    advisory_lock(LOCK)
    facts: dict[str, Any] = {"upload": upload.pk, "now": timezone.now()}
    with connection.cursor() as cursor, deed("undo_figures", actor=actor, reason=reason) as done:
        cursor.execute(_UNDO_MOVED, facts)
        if moved := cursor.fetchone()[0]:
            raise Refusal("changed_since", f"이 파일을 반영한 뒤 바뀐 실적이 {moved}건 있어 되돌릴 수 없습니다.")
        cursor.execute(_UNDO_CHANGED, facts)
        restored = cursor.rowcount
        cursor.execute(_UNDO_NEW, facts)
        withdrawn = cursor.rowcount
        done.about(upload, restored=restored, withdrawn=withdrawn)
    return {"restored": restored, "withdrawn": withdrawn, "kept": 0}
