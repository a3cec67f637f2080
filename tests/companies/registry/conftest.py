import pytest

from companies.loaders import load_companies
from companies.models import Industry
from portal.directory.enums import Role
from portal.directory.loaders import DATA as DIRECTORY
from portal.directory.loaders import load_directory
from portal.directory.models import Organization, Region, RegionName, RegionSuccession
from portal.kernel.dates import period
from portal.kernel.loading import day_or_none, read_rows
from tests.companies.registry.desk import Desk
from tests.factories.directory import MembershipFactory, OrganizationFactory, UserFactory, nation


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def country(db):
    """The real regions, bodies and industry codes."""
    load_directory()
    load_companies()


SIDOS = ("11", "26", "48")


@pytest.fixture
def some_country(db):
    """서울, 부산 and 경상남도 as they are, and a few industry codes: enough for most files, and quickly there."""
    above = {"KR": nation()}
    names = list(read_rows(DIRECTORY / "region_names.csv"))
    for level in ("SIDO", "SIGUNGU"):
        rows = [r for r in read_rows(DIRECTORY / "regions.csv") if r["level"] == level and r["code"][:2] in SIDOS]
        made = Region.objects.bulk_create(
            Region(
                scheme=row["scheme"],
                code=row["code"],
                level=level,
                name_ko=row["name_ko"],
                short_name_ko=row["short_name_ko"],
                parent=above[row["parent_code"]],
                effective=period(day_or_none(row["valid_from"]), day_or_none(row["valid_to"])),
            )
            for row in rows
        )
        above |= {region.code: region for region in made}
    RegionName.objects.bulk_create(
        RegionName(region=above[row["code"]], name=row["name"]) for row in names if row["code"] in above
    )
    successions = [r for r in read_rows(DIRECTORY / "region_successions.csv") if r["predecessor_code"] in above]
    RegionSuccession.objects.bulk_create(
        RegionSuccession(
            predecessor=above[row["predecessor_code"]],
            successor=above[row["successor_code"]],
            on=day_or_none(row["on"]),
            kind=row["kind"],
        )
        for row in successions
        if row["successor_code"] in above
    )
    Industry.objects.bulk_create(
        Industry(revision=11, code=code, depth=len(code), name_ko=code) for code in ("C", "26", "262", "26299", "30")
    )


@pytest.fixture
def desk(some_country):
    """The desk of a technopark that answers for 경상남도 and 서울."""
    regions = Region.objects.filter(code__in=["48", "11"], scheme="MOIS")
    organization = OrganizationFactory(technopark=True)
    for region in regions:
        organization.jurisdictions.create(region=region, effective="[2020-01-01,)")
    officer = UserFactory()
    MembershipFactory(user=officer, organization=organization, role=Role.TECHNOPARK)
    return Desk(officer)


@pytest.fixture
def national_desk(country):
    """A client system of the ministry that keeps companies everywhere."""
    officer = UserFactory()
    ministry = Organization.objects.filter(kind="MINISTRY").first() or OrganizationFactory(ministry=True)
    MembershipFactory(user=officer, organization=ministry, role=Role.TECHNOPARK)
    return Desk(officer)
