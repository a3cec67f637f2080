"""Kinds of places, bodies, roles and what a role may do."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RegionLevel(TextChoices):
    NATION = "NATION", _("전국")
    SIDO = "SIDO", _("시·도")
    SIGUNGU = "SIGUNGU", _("시·군·구")


class SuccessionKind(TextChoices):
    RECODED = "RECODED", _("코드 변경")
    RENAMED = "RENAMED", _("이름 변경")
    MERGED = "MERGED", _("통합")
    SPLIT = "SPLIT", _("분리")
    MOVED = "MOVED", _("편입")


class OrganizationKind(TextChoices):
    MINISTRY = "MINISTRY", _("중소벤처기업부 본부")
    REGIONAL_OFFICE = "REGIONAL_OFFICE", _("지방중소벤처기업청")
    REGIONAL_SUBOFFICE = "REGIONAL_SUBOFFICE", _("지방중소벤처기업청 사무소")
    TECHNOPARK = "TECHNOPARK", _("테크노파크")
    INNOVATION_CENTRE = "INNOVATION_CENTRE", _("창조경제혁신센터")
    PROVINCE = "PROVINCE", _("시·도")
    MUNICIPALITY = "MUNICIPALITY", _("시·군·구")
    CRISIS_CENTRE = "CRISIS_CENTRE", _("위기지원센터")
    RESTRUCTURING_CENTRE = "RESTRUCTURING_CENTRE", _("구조혁신지원센터")
    FUND = "FUND", _("정책금융기관")
    AGENCY = "AGENCY", _("전문·지원기관")
    CENTRAL_BANK = "CENTRAL_BANK", _("한국은행")
    OTHER_MINISTRY = "OTHER_MINISTRY", _("관계 부처")


class Role(TextChoices):
    HQ = "HQ", _("본부 담당자")
    OFFICE_STAFF = "OFFICE_STAFF", _("지방청 담당자")
    OFFICE_HEAD = "OFFICE_HEAD", _("지방청장")
    TECHNOPARK = "TECHNOPARK", _("테크노파크 담당자")
    CRISIS_CENTRE = "CRISIS_CENTRE", _("위기지원센터 담당자")
    SIDO = "SIDO", _("시·도 담당 공무원")
    COUNCIL_MEMBER = "COUNCIL_MEMBER", _("지원협의회 위원")
    FINANCE = "FINANCE", _("정책금융기관 담당자")
    API_CLIENT = "API_CLIENT", _("연계 시스템")
    AUDITOR = "AUDITOR", _("감사 담당자")
    ADMINISTRATOR = "ADMINISTRATOR", _("시스템 관리자")


class Capability(TextChoices):
    """What a membership lets somebody do, always inside its own regions."""

    VIEW = "VIEW", _("조회")
    ENTER_OBSERVATIONS = "ENTER_OBSERVATIONS", _("지표 자료 입력")
    LOAD_HISTORY = "LOAD_HISTORY", _("과거 시점 자료 적재")
    VERIFY_OBSERVATIONS = "VERIFY_OBSERVATIONS", _("이상값 확인")
    MANAGE_SOURCES = "MANAGE_SOURCES", _("지표·자료원 관리")
    MANAGE_RULE_SETS = "MANAGE_RULE_SETS", _("판정 기준 관리")
    MANAGE_ROUNDS = "MANAGE_ROUNDS", _("판정 회차 운영")
    PREPARE_DECISIONS = "PREPARE_DECISIONS", _("협의회 안건 작성")
    CONFIRM_DECISIONS = "CONFIRM_DECISIONS", _("협의회 결정 확정")
    COMMENT_ROUNDS = "COMMENT_ROUNDS", _("회차 의견 쓰기")
    TRY_RULES = "TRY_RULES", _("가정 산출")
    RATE_ALARMS = "RATE_ALARMS", _("경보 평가·사건 기록")
    EXPORT = "EXPORT", _("내려받기")
    MANAGE_COMPANIES = "MANAGE_COMPANIES", _("기업 정보 관리")
    REVIEW_TIERS = "REVIEW_TIERS", _("단계 검토")
    DECIDE_TIERS = "DECIDE_TIERS", _("단계 결정")
    MANAGE_TIER_CRITERIA = "MANAGE_TIER_CRITERIA", _("등급 기준 관리")
    MANAGE_SURVEYS = "MANAGE_SURVEYS", _("조사 운영")
    ENTER_SURVEYS = "ENTER_SURVEYS", _("조사표 입력·제출")
    REVIEW_SURVEYS = "REVIEW_SURVEYS", _("조사표 검토·승인")
    RUN_FIELDWORK = "RUN_FIELDWORK", _("현장 실태조사 운영")
    WRITE_PLANS = "WRITE_PLANS", _("예방계획 작성")
    REPORT_PLANS = "REPORT_PLANS", _("예방계획 이행 보고")
    REVIEW_PLANS = "REVIEW_PLANS", _("예방계획 검토")
    CHECK_PLANS = "CHECK_PLANS", _("예방계획 이행 점검")
    RATE_PLANS = "RATE_PLANS", _("예방계획 승인·평가")
    VIEW_MEASURES = "VIEW_MEASURES", _("우대 제도·대상 지역 조회")
    CHECK_ENTITLEMENT = "CHECK_ENTITLEMENT", _("우대 대상 확인")
    MANAGE_MEASURES = "MANAGE_MEASURES", _("우대 제도 관리")
    VIEW_DIFFICULTIES = "VIEW_DIFFICULTIES", _("위기·애로기업 사례 조회")
    MANAGE_DIFFICULTIES = "MANAGE_DIFFICULTIES", _("위기·애로기업 사례 관리")
    APPLY_SUPPORT_AREAS = "APPLY_SUPPORT_AREAS", _("특별지원지역 신청·보고")
    DECIDE_SUPPORT_AREAS = "DECIDE_SUPPORT_AREAS", _("특별지원지역 지정·해제")
    WORK_CONVERSION = "WORK_CONVERSION", _("사업전환 진단·계획·이행")
    CHECK_CONVERSION = "CHECK_CONVERSION", _("사업전환 검토·점검")
    DECIDE_CONVERSION = "DECIDE_CONVERSION", _("사업전환 승인")
    MANAGE_CONVERSION = "MANAGE_CONVERSION", _("구조혁신지원센터·사업전환 기준 관리")
    RECORD_DECLINING = "RECORD_DECLINING", _("소멸위기지역 자료 기록")
    WRITE_FUND_PROJECTS = "WRITE_FUND_PROJECTS", _("기금 연계 사업 작성·보고")
    AGREE_FUND_PROJECTS = "AGREE_FUND_PROJECTS", _("기금 연계 사업 합의·인구감소지역 관리")
    VIEW_PERSONAL = "VIEW_PERSONAL", _("대표자·연락처 조회")
    EXPORT_PERSONAL = "EXPORT_PERSONAL", _("대표자·연락처 내려받기")
    VIEW_HISTORY = "VIEW_HISTORY", _("변경 이력 조회")
    MANAGE_ACCESS = "MANAGE_ACCESS", _("사용자·연계 관리")


_VIEW = {Capability.VIEW, Capability.VIEW_MEASURES, Capability.EXPORT}
# A firm in difficulty is told of to those who can help it, not to everyone who may look.
_CASES = {Capability.VIEW_DIFFICULTIES, Capability.MANAGE_DIFFICULTIES}
_PERSONAL = {Capability.VIEW_PERSONAL, Capability.EXPORT_PERSONAL}

# One table for who may do what: pages, API, menus and tests all read it.
ROLE_CAPABILITIES: dict[str, frozenset[str]] = {
    Role.HQ: frozenset(
        _VIEW
        | _PERSONAL
        | {
            Capability.RATE_PLANS,
            Capability.CHECK_ENTITLEMENT,
            Capability.MANAGE_MEASURES,
            Capability.VIEW_DIFFICULTIES,
            Capability.ENTER_OBSERVATIONS,
            Capability.LOAD_HISTORY,
            Capability.VERIFY_OBSERVATIONS,
            Capability.MANAGE_SOURCES,
            Capability.MANAGE_SURVEYS,
            Capability.MANAGE_TIER_CRITERIA,
            Capability.MANAGE_RULE_SETS,
            Capability.MANAGE_ROUNDS,
            Capability.DECIDE_SUPPORT_AREAS,
            Capability.CHECK_CONVERSION,
            Capability.DECIDE_CONVERSION,
            Capability.MANAGE_CONVERSION,
            Capability.RECORD_DECLINING,
            Capability.AGREE_FUND_PROJECTS,
            Capability.TRY_RULES,
            Capability.VIEW_HISTORY,
        }
    ),
    Role.OFFICE_STAFF: frozenset(
        _VIEW
        | _PERSONAL
        | _CASES
        | {
            Capability.REVIEW_PLANS,
            Capability.WORK_CONVERSION,
            Capability.CHECK_CONVERSION,
            Capability.RECORD_DECLINING,
            Capability.CHECK_ENTITLEMENT,
            Capability.VERIFY_OBSERVATIONS,
            Capability.ENTER_OBSERVATIONS,
            Capability.RATE_ALARMS,
            Capability.PREPARE_DECISIONS,
            Capability.COMMENT_ROUNDS,
            Capability.TRY_RULES,
            Capability.REVIEW_SURVEYS,
            Capability.VIEW_HISTORY,
            Capability.MANAGE_COMPANIES,
            Capability.MANAGE_TIER_CRITERIA,
        }
    ),
    Role.OFFICE_HEAD: frozenset(
        _VIEW
        | _PERSONAL
        | _CASES
        | {
            Capability.REVIEW_PLANS,
            Capability.CHECK_CONVERSION,
            Capability.DECIDE_CONVERSION,
            Capability.CHECK_ENTITLEMENT,
            Capability.RATE_ALARMS,
            Capability.PREPARE_DECISIONS,
            Capability.CONFIRM_DECISIONS,
            Capability.COMMENT_ROUNDS,
            Capability.TRY_RULES,
            Capability.REVIEW_SURVEYS,
            Capability.VIEW_HISTORY,
            Capability.DECIDE_TIERS,
            Capability.MANAGE_TIER_CRITERIA,
        }
    ),
    Role.TECHNOPARK: frozenset(
        _VIEW
        | _PERSONAL
        | _CASES
        | {
            Capability.ENTER_OBSERVATIONS,
            Capability.COMMENT_ROUNDS,
            Capability.WORK_CONVERSION,
            Capability.ENTER_SURVEYS,
            Capability.RUN_FIELDWORK,
            Capability.MANAGE_COMPANIES,
            Capability.REVIEW_TIERS,
            Capability.VIEW_HISTORY,
        }
    ),
    Role.CRISIS_CENTRE: frozenset(
        _VIEW
        | _CASES
        | {
            Capability.CHECK_PLANS,
            Capability.WORK_CONVERSION,
            Capability.COMMENT_ROUNDS,
            Capability.RATE_ALARMS,
            Capability.ENTER_OBSERVATIONS,
            Capability.ENTER_SURVEYS,
            Capability.RUN_FIELDWORK,
        }
    ),
    Role.SIDO: frozenset(
        _VIEW
        | _CASES
        | {
            Capability.APPLY_SUPPORT_AREAS,
            Capability.WRITE_PLANS,
            Capability.REPORT_PLANS,
            Capability.RECORD_DECLINING,
            Capability.WRITE_FUND_PROJECTS,
            Capability.COMMENT_ROUNDS,
        }
    ),
    Role.COUNCIL_MEMBER: frozenset({Capability.VIEW, Capability.VIEW_MEASURES}),
    # Whoever lends on preferential terms: asks whether a firm is entitled, reads where and by what; nothing else.
    Role.FINANCE: frozenset({Capability.VIEW_MEASURES, Capability.CHECK_ENTITLEMENT}),
    Role.API_CLIENT: frozenset(
        {
            Capability.VIEW_MEASURES,
            Capability.REPORT_PLANS,
            Capability.WORK_CONVERSION,
            Capability.WRITE_FUND_PROJECTS,
            Capability.CHECK_ENTITLEMENT,
            Capability.VIEW_DIFFICULTIES,
            Capability.MANAGE_DIFFICULTIES,
            Capability.VIEW,
            Capability.ENTER_OBSERVATIONS,
            Capability.MANAGE_COMPANIES,
        }
    ),
    Role.AUDITOR: frozenset(_VIEW | {Capability.VIEW_HISTORY, Capability.VIEW_DIFFICULTIES}),
    Role.ADMINISTRATOR: frozenset(
        {Capability.VIEW, Capability.VIEW_MEASURES, Capability.MANAGE_ACCESS, Capability.VIEW_HISTORY}
    ),
}

# These roles see the whole country whatever body they belong to.
NATIONWIDE_ROLES = frozenset({Role.HQ, Role.AUDITOR, Role.ADMINISTRATOR})


class JobState(TextChoices):
    QUEUED = "QUEUED", _("대기")
    RUNNING = "RUNNING", _("진행 중")
    DONE = "DONE", _("끝남")
    FAILED = "FAILED", _("실패")


JOB_NEXT_STATES: dict[str, frozenset[str]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.FAILED}),
    JobState.RUNNING: frozenset({JobState.DONE, JobState.FAILED}),
    JobState.DONE: frozenset(),
    JobState.FAILED: frozenset({JobState.QUEUED}),
}
