"""The main menu: sections of pages by url name, each with the capability it needs (None: everyone signed in)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.directory.enums import Capability


@dataclass(frozen=True, slots=True)
class Entry:
    label: str | Promise
    view: str
    capability: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    label: str | Promise
    entries: tuple[Entry, ...]


MENU = (
    Section(
        _("현황"),
        (
            Entry(_("내 업무"), "home"),
            Entry(_("알림"), "notices"),
            Entry(_("위기징후 현황판"), "dashboards:board", Capability.VIEW, ("dashboards:area",)),
        ),
    ),
    Section(
        _("위기대응"),
        (
            Entry(_("판정 회차"), "crisis:rounds", Capability.VIEW, ("crisis:round",)),
            Entry(
                _("회차 검토"),
                "workbench:home",
                Capability.VIEW,
                ("workbench:desk", "workbench:sheet", "workbench:agenda_new"),
            ),
            Entry(
                _("가정 산출"),
                "workbench:what_ifs",
                Capability.TRY_RULES,
                ("workbench:what_if", "workbench:what_if_new"),
            ),
            Entry(_("협의회 심의"), "crisis:meetings", Capability.VIEW, ("crisis:meeting", "crisis:determination")),
            Entry(_("하한 사유"), "crisis:floors", Capability.VIEW, ("crisis:floor",)),
            Entry(_("재판정 검토"), "crisis:reviews", Capability.VIEW, ("crisis:review",)),
            Entry(_("결정 보관본"), "dossiers:dossiers", Capability.VIEW, ("dossiers:dossier",)),
            Entry(
                _("위기예방계획"), "plans:plans", Capability.VIEW, ("plans:plan", "plans:plan_new", "plans:plan_edit")
            ),
            Entry(_("계획을 낼 지역"), "plans:obligations", Capability.VIEW, ("plans:release",)),
            Entry(_("예방계획 이행 현황"), "plans:status", Capability.VIEW),
            Entry(
                _("우대 제도"), "measures:measures", Capability.VIEW_MEASURES, ("measures:measure", "measures:areas")
            ),
            Entry(_("우대 대상 확인"), "measures:check", Capability.CHECK_ENTITLEMENT),
            Entry(_("분기 이행 보고"), "plans:reports", Capability.VIEW, ("plans:report",)),
            Entry(
                _("특별지원지역"),
                "support_areas:cases",
                Capability.VIEW,
                ("support_areas:case", "support_areas:reports", "support_areas:programmes"),
            ),
            Entry(
                _("현장 실태조사"),
                "fieldwork:campaigns",
                Capability.VIEW,
                (
                    "fieldwork:campaign",
                    "fieldwork:campaign_new",
                    "fieldwork:results",
                    "fieldwork:result_list",
                    "fieldwork:units",
                    "fieldwork:sheet",
                ),
            ),
            Entry(_("현장 실태조사 양식"), "fieldwork:forms", Capability.VIEW, ("fieldwork:form",)),
            Entry(
                _("사업전환계획"),
                "conversion:plans",
                Capability.VIEW,
                ("conversion:plan", "conversion:milestones", "conversion:follow_ups", "conversion:managers"),
            ),
            Entry(_("구조혁신 진단"), "conversion:diagnoses", Capability.VIEW, ("conversion:diagnosis",)),
            Entry(_("사업전환 현황"), "conversion:status", Capability.VIEW, ("conversion:area",)),
            Entry(_("구조혁신지원센터"), "conversion:centres", Capability.VIEW, ("conversion:rules",)),
            Entry(
                _("인구감소지역"), "declining:regions", Capability.VIEW, ("declining:region", "declining:status_new")
            ),
            Entry(_("소멸위기지역 현황"), "declining:status", Capability.VIEW),
            Entry(
                _("농공단지"),
                "declining:complexes",
                Capability.VIEW,
                ("declining:complex", "declining:measures", "declining:measure_new", "declining:measure_edit"),
            ),
            Entry(
                _("지역 특화자원"),
                "declining:resources",
                Capability.VIEW,
                ("declining:resource", "declining:resource_new", "declining:resource_edit"),
            ),
            Entry(
                _("지역특구"),
                "declining:zones",
                Capability.VIEW,
                ("declining:zone", "declining:zone_new", "declining:zone_edit"),
            ),
            Entry(
                _("기금 연계 사업"),
                "declining:projects",
                Capability.VIEW,
                ("declining:project", "declining:project_new", "declining:project_edit"),
            ),
            Entry(_("기금 사업 반기 보고"), "declining:reports", Capability.VIEW, ("declining:report",)),
            Entry(
                _("판정 기준"),
                "crisis:rule_sets",
                Capability.VIEW,
                ("crisis:rule_set", "validation:measures", "validation:back_test", "validation:compare"),
            ),
            Entry(_("경보와 평가"), "validation:alarms", Capability.VIEW, ("validation:alarm", "validation:incidents")),
            Entry(_("지역 자체 단계"), "validation:schemes", Capability.VIEW, ("validation:scheme",)),
        ),
    ),
    Section(
        _("기업"),
        (
            Entry(
                _("기업 찾기"),
                "companies:companies",
                Capability.VIEW,
                ("companies:company", "companies:company_history"),
            ),
            Entry(_("기업 등록"), "companies:company_new", Capability.MANAGE_COMPANIES),
            Entry(_("외부 자료와 다른 점"), "companies:differences", Capability.VIEW, ("companies:difference",)),
            Entry(
                _("위기·애로기업 사례"),
                "difficulties:cases",
                Capability.VIEW_DIFFICULTIES,
                ("difficulties:case", "difficulties:case_new", "difficulties:deed", "difficulties:deed_of"),
            ),
            Entry(_("애로기업 조치"), "difficulties:actions", Capability.VIEW_DIFFICULTIES, ("difficulties:notes",)),
            Entry(_("애로기업 통계"), "difficulties:numbers", Capability.VIEW),
            Entry(_("등급 기업"), "tiers:firms", Capability.VIEW, ("tiers:firm",)),
            Entry(
                _("등급 심사"), "tiers:cases", Capability.VIEW, ("tiers:case", "tiers:screenings", "tiers:screening")
            ),
            Entry(_("등급 흐름"), "tiers:cohort", Capability.VIEW, ("tiers:cohort_firms", "tiers:targets")),
            Entry(_("성장전략"), "tiers:strategies", Capability.VIEW, ("tiers:strategy",)),
            Entry(
                _("지역혁신 선도기업"), "tiers:designations", Capability.VIEW, ("tiers:designation", "tiers:reports")
            ),
            Entry(_("등급 기준"), "tiers:criteria_list", Capability.VIEW, ("tiers:criteria", "tiers:criteria_compare")),
            Entry(_("실태조사"), "surveys:rounds", Capability.VIEW, ("surveys:round", "surveys:round_dates")),
            Entry(_("조사 대상"), "surveys:targets", Capability.VIEW, ("surveys:target",)),
            Entry(_("밀집지역 입주기업"), "surveys:clusters", Capability.VIEW, ("surveys:cluster",)),
        ),
    ),
    Section(
        _("자료"),
        (
            Entry(_("지표 자료 조회"), "crisis:observations", Capability.VIEW),
            Entry(_("자료원 현황"), "sources:feeds", Capability.VIEW, ("sources:feed", "sources:feed_edit")),
            Entry(_("이상값 확인"), "sources:suspects", Capability.VIEW, ("sources:suspect",)),
            Entry(_("한 건 입력"), "crisis:observation_new", Capability.ENTER_OBSERVATIONS),
            Entry(_("파일 올리기"), "intake:uploads", Capability.ENTER_OBSERVATIONS, ("intake:upload",)),
            Entry(_("맡긴 작업"), "jobs", Capability.VIEW, ("job",)),
        ),
    ),
    Section(
        _("기준정보"),
        (
            Entry(_("지역"), "regions", Capability.VIEW),
            Entry(_("기관과 관할"), "organizations", Capability.VIEW),
            Entry(_("밀집지역"), "companies:clusters", Capability.VIEW),
            Entry(_("밀집지역의 주소"), "sources:places", Capability.VIEW),
            Entry(_("지표"), "sources:indicators", Capability.VIEW, ("sources:indicator", "sources:indicator_edit")),
            Entry(_("주축·미래 신산업"), "surveys:industries", Capability.VIEW),
            Entry(_("업무 기록"), "events", Capability.VIEW_HISTORY),
            Entry(_("사용자와 연계"), "access", Capability.MANAGE_ACCESS),
        ),
    ),
)
