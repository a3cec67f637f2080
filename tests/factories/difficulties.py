"""Cases of firms in difficulty, by the situations tests speak of; made by the services, so that they hold together."""

from dataclasses import dataclass, field

from companies.models import Company
from network.difficulties import services
from network.difficulties.loaders import load_difficulty_kinds
from network.difficulties.models import Case, DifficultyKind
from portal.directory.enums import OrganizationKind, Role
from portal.directory.models import Organization, Region, User
from tests.factories.companies import CompanyFactory, WorkplaceFactory
from tests.factories.directory import MembershipFactory, OrganizationFactory, RegionFactory, UserFactory, person


def colleague(body: Organization, role: str = Role.OFFICE_STAFF) -> User:
    user = UserFactory()
    MembershipFactory(user=user, organization=body, role=role)
    return user


@dataclass
class Land:
    """One 시·도 with an office (a clerk, a colleague, a head) and a technopark; another 시·도; the ministry."""

    sido: Region = field(default_factory=RegionFactory)
    elsewhere: Region = field(default_factory=RegionFactory)

    def __post_init__(self) -> None:
        load_difficulty_kinds()
        self.city = RegionFactory(sigungu=True, parent=self.sido)
        self.office = OrganizationFactory(of_region=self.sido, name_ko="시험지방청")
        self.clerk, self.colleague = colleague(self.office), colleague(self.office)
        self.head = colleague(self.office, Role.OFFICE_HEAD)
        self.park = OrganizationFactory(technopark=True, of_region=self.sido, name_ko="시험테크노파크")
        self.parker, self.other_parker = colleague(self.park, Role.TECHNOPARK), colleague(self.park, Role.TECHNOPARK)
        self.far_office = OrganizationFactory(of_region=self.elsewhere, name_ko="먼지방청")
        self.stranger = colleague(self.far_office)
        self.ministry = person(role=Role.HQ)
        self.council = person(role=Role.COUNCIL_MEMBER, region=self.sido)
        self.province = OrganizationFactory(kind=OrganizationKind.PROVINCE, of_region=self.sido, name_ko="시험도청")
        self.official = colleague(self.province, Role.SIDO)

    def firm(self, region: Region | None = None) -> Company:
        return CompanyFactory(in_region=region or self.city)

    def opened(self, company: Company | None = None, **facts) -> Case:
        company = company or self.firm()
        given = {
            "workplace": company.workplaces.first(), "source": "GRIEVANCE", "severity": "HIGH", "jobs_at_stake": 40,
            "summary": "주문이 반으로 줄어 자금이 마름", "actor": self.clerk,
        }  # fmt: skip
        return services.open_case(**{**given, **facts})

    def shared(self, **facts) -> Case:
        """A case of the office on which the technopark is too."""
        case = self.opened(**facts)
        services.name_referent(case=case, organization=self.park, user=self.parker, actor=self.clerk)
        return case

    def kind(self, code: str = "FINANCE") -> DifficultyKind:
        return DifficultyKind.objects.get(code=code)

    def closed(self, case: Case, **facts) -> Case:
        case.refresh_from_db()
        given = {"outcome": "RECOVERED", "closing_note": "주문이 돌아옴", "jobs_kept": 38, "jobs_lost": 2}
        return services.close_case(case=case, seen=case.version, **{**given, "actor": self.clerk, **facts})


def site(company: Company, region: Region):
    return WorkplaceFactory(company=company, region=region, site=True)
