# ruff: noqa: S608 (statements are put together from names of our own columns only)
"""The statements behind the writing of many companies: staged by COPY, judged and written as sets.

A staged fact is NULL where the caller says nothing (what stands there stays), '' where it is to be cleared.
"""

TEXTS = (
    "name_ko",
    "name_key",
    "initials",
    "name_en",
    "corporate_number",
    "kind",
    "size",
    "representative",
    "main_product",
    "homepage",
    "phone",
    "email",
    "contact_name",
)
"""Text columns of a company that rows may give."""
STAGED = (
    "number", "business_number", "company_id", "workplace_id", "seen", "workplace_seen", *TEXTS, "founded_on",
    "industry_id", "region_id", "address", "number_reason", "fresh",
)  # fmt: skip

STAGE = f"""DROP TABLE IF EXISTS staged_company;
CREATE TEMPORARY TABLE staged_company (
    number int NOT NULL, business_number text NOT NULL, company_id bigint, workplace_id bigint, seen int,
    workplace_seen int, {", ".join(f"{name} text" for name in TEXTS)}, founded_on text, industry_id text,
    region_id bigint, address text, number_reason text, fresh boolean NOT NULL
) ON COMMIT DROP
"""

NEW_IDS = """
SELECT nextval(pg_get_serial_sequence('companies_company', 'id')),
       nextval(pg_get_serial_sequence('companies_workplace', 'id')) FROM generate_series(1, %s)
"""

LOCK = """
SELECT id FROM companies_company WHERE id IN (SELECT company_id FROM staged_company WHERE NOT fresh)
 ORDER BY id FOR NO KEY UPDATE
"""

# Rows that rest on something that is no longer so: a version gone by, a number taken or given up. Numbers are looked up
# again under the lock: what was new at the preview may have been entered since.
MOVED = """
SELECT s.number
  FROM staged_company s
  LEFT JOIN companies_company c ON c.id = s.company_id
  LEFT JOIN companies_workplace w ON w.business_number = s.business_number
 WHERE CASE WHEN s.fresh THEN w.id IS NOT NULL
            ELSE c.version IS DISTINCT FROM s.seen OR c.merged_into_id IS NOT NULL
                 OR w.id IS DISTINCT FROM s.workplace_id OR w.version IS DISTINCT FROM s.workplace_seen END
 ORDER BY s.number LIMIT 20
"""

_NEW_TEXTS = ", ".join(
    {"kind": "coalesce(kind, 'CORPORATION')", "size": "coalesce(size, 'UNKNOWN')"}.get(name, f"coalesce({name}, '')")
    for name in TEXTS
)
INSERT_COMPANIES = f"""
INSERT INTO companies_company (
    id, public_id, created_at, updated_at, {", ".join(TEXTS)}, founded_on, industry_id, state, version, is_demo)
SELECT company_id, gen_random_uuid(), %(now)s, %(now)s, {_NEW_TEXTS}, nullif(founded_on, '')::date,
       nullif(industry_id, '')::bigint, 'OPERATING', 1, %(demo)s
  FROM staged_company WHERE fresh ORDER BY number
"""
INSERT_WORKPLACES = """
INSERT INTO companies_workplace (
    id, created_at, updated_at, company_id, business_number, number_reason, name, address, region_id,
    is_headquarters, effective, version)
SELECT workplace_id, %(now)s, %(now)s, company_id, business_number, coalesce(number_reason, ''), '',
       coalesce(address, ''), region_id, TRUE, daterange(nullif(founded_on, '')::date, NULL), 1
  FROM staged_company WHERE fresh ORDER BY number
"""

# What stood there, for the rows about to change: only the facts that differ.
_OLD = {name: f"c.{name}::text" for name in TEXTS} | {
    "founded_on": "coalesce(c.founded_on::text, '')",
    "industry_id": "coalesce(c.industry_id::text, '')",
}
_COMPANY_DIFFERS = " OR ".join(f"(s.{name} IS NOT NULL AND s.{name} <> {old})" for name, old in _OLD.items())
_PLACE_OLD = {"region_id": "w.region_id", "address": "w.address", "number_reason": "w.number_reason"}
_PLACE_DIFFERS = " OR ".join(f"(s.{name} IS NOT NULL AND s.{name} <> {old})" for name, old in _PLACE_OLD.items())


def _kept(pairs: dict[str, str]) -> str:
    """The old values of what differs, as jsonb."""
    parts = ", ".join(
        f"'{name}', CASE WHEN s.{name} IS NOT NULL AND s.{name} <> {old} THEN to_jsonb({old}) END"
        for name, old in pairs.items()
    )
    return f"jsonb_strip_nulls(jsonb_build_object({parts}))"


JUDGE = f"""
DROP TABLE IF EXISTS changed_company;
CREATE TEMPORARY TABLE changed_company ON COMMIT DROP AS
SELECT s.number, s.company_id, s.workplace_id, {_kept(_OLD)} AS company_before, {_kept(_PLACE_OLD)} AS place_before
  FROM staged_company s
  JOIN companies_company c ON c.id = s.company_id
  JOIN companies_workplace w ON w.id = s.workplace_id
 WHERE NOT s.fresh AND ({_COMPANY_DIFFERS} OR {_PLACE_DIFFERS})
"""
UPDATE_COMPANIES = f"""
UPDATE companies_company c
   SET {", ".join(f"{name} = coalesce(s.{name}, c.{name})" for name in TEXTS)},
       founded_on = CASE WHEN s.founded_on IS NULL THEN c.founded_on ELSE nullif(s.founded_on, '')::date END,
       industry_id = CASE WHEN s.industry_id IS NULL THEN c.industry_id ELSE nullif(s.industry_id, '')::bigint END,
       version = c.version + 1, updated_at = %(now)s
  FROM staged_company s JOIN changed_company d ON d.company_id = s.company_id AND d.company_before <> '{{}}'
 WHERE c.id = s.company_id
"""
UPDATE_WORKPLACES = """
UPDATE companies_workplace w
   SET region_id = coalesce(s.region_id, w.region_id), address = coalesce(s.address, w.address),
       number_reason = coalesce(s.number_reason, w.number_reason), version = w.version + 1, updated_at = %(now)s
  FROM staged_company s JOIN changed_company d ON d.workplace_id = s.workplace_id AND d.place_before <> '{}'
 WHERE w.id = s.workplace_id
"""

LINK_NEW = """
INSERT INTO companies_intakelink (upload_id, company_id, row, target, target_id, created, before, version)
SELECT %(upload)s, company_id, number, 'company', workplace_id, TRUE, '{}', 1 FROM staged_company WHERE fresh
"""
LINK_CHANGED = """
INSERT INTO companies_intakelink (upload_id, company_id, row, target, target_id, created, before, version)
SELECT %(upload)s, d.company_id, d.number, 'company', d.workplace_id, FALSE,
       jsonb_build_object('company', company_before, 'workplace', place_before, 'workplace_version', w.version),
       c.version
  FROM changed_company d
  JOIN companies_company c ON c.id = d.company_id
  JOIN companies_workplace w ON w.id = d.workplace_id
"""

# --- taking an upload back --------------------------------------------------------------------------------------------
UNDO_LOCK = """
SELECT id FROM companies_company
 WHERE id IN (SELECT company_id FROM companies_intakelink WHERE upload_id = %(upload)s AND target = 'company')
 ORDER BY id FOR UPDATE
"""
UNDO_MOVED = """
SELECT coalesce(c.name_ko, '지워진 기업')
  FROM companies_intakelink l
  LEFT JOIN companies_company c ON c.id = l.company_id
  LEFT JOIN companies_workplace w ON w.id = l.target_id
 WHERE l.upload_id = %(upload)s AND l.target = 'company'
   AND (c.version IS DISTINCT FROM l.version OR w.company_id IS DISTINCT FROM l.company_id
        OR w.version IS DISTINCT FROM CASE WHEN l.created THEN 1 ELSE (l.before->>'workplace_version')::int END)
 ORDER BY 1 LIMIT 6
"""
_BACK = {name: f"coalesce(l.before->'company'->>'{name}', c.{name})" for name in TEXTS}
UNDO_COMPANIES = f"""
UPDATE companies_company c
   SET {", ".join(f"{name} = {old}" for name, old in _BACK.items())},
       founded_on = CASE WHEN l.before->'company' ? 'founded_on'
                         THEN nullif(l.before->'company'->>'founded_on', '')::date ELSE c.founded_on END,
       industry_id = CASE WHEN l.before->'company' ? 'industry_id'
                          THEN nullif(l.before->'company'->>'industry_id', '')::bigint ELSE c.industry_id END,
       version = c.version + 1, updated_at = %(now)s
  FROM companies_intakelink l
 WHERE l.upload_id = %(upload)s AND l.target = 'company' AND NOT l.created AND c.id = l.company_id
   AND l.before->'company' <> '{{}}'
"""
UNDO_WORKPLACES = """
UPDATE companies_workplace w
   SET region_id = coalesce((l.before->'workplace'->>'region_id')::bigint, w.region_id),
       address = coalesce(l.before->'workplace'->>'address', w.address),
       number_reason = coalesce(l.before->'workplace'->>'number_reason', w.number_reason),
       version = w.version + 1, updated_at = %(now)s
  FROM companies_intakelink l
 WHERE l.upload_id = %(upload)s AND l.target = 'company' AND NOT l.created AND w.id = l.target_id
   AND l.before->'workplace' <> '{}'
"""
UNDO_NEW_WORKPLACES = """
DELETE FROM companies_workplace WHERE id IN (
    SELECT target_id FROM companies_intakelink WHERE upload_id = %(upload)s AND target = 'company' AND created)
"""
UNDO_NEW_COMPANIES = """
DELETE FROM companies_company WHERE id IN (
    SELECT company_id FROM companies_intakelink WHERE upload_id = %(upload)s AND target = 'company' AND created)
"""
