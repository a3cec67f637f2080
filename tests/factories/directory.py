"""Regions, bodies and people, by the situations tests speak of."""

from datetime import date

import factory
from django.db.backends.postgresql.psycopg_any import DateRange
from factory.django import DjangoModelFactory

from portal.directory.enums import OrganizationKind, RegionLevel, Role
from portal.directory.models import Job, Jurisdiction, Membership, Organization, Region, User

ALWAYS = DateRange(None, None, "[)")
SINCE_2020 = DateRange(date(2020, 1, 1), None, "[)")


def nation() -> Region:
    return Region.objects.get_or_create(
        scheme="PORTAL",
        code="KR",
        defaults={"level": RegionLevel.NATION, "name_ko": "대한민국", "short_name_ko": "전국", "effective": ALWAYS},
    )[0]


class RegionFactory(DjangoModelFactory):
    """A 시·도; with `sigungu=True` a 시·군·구 of a 시·도 of its own (or of `parent`)."""

    class Meta:
        model = Region

    class Params:
        sigungu = factory.Trait(
            level=RegionLevel.SIGUNGU,
            parent=factory.SubFactory("tests.factories.directory.RegionFactory"),
            code=factory.Sequence(lambda n: f"9{n:04d}"),
            name_ko=factory.Sequence(lambda n: f"시험{n}시"),
        )

    scheme = "TEST"
    code = factory.Sequence(lambda n: f"T{n}")
    level = RegionLevel.SIDO
    name_ko = factory.Sequence(lambda n: f"시험{n}도")
    short_name_ko = factory.SelfAttribute("name_ko")
    parent = factory.LazyFunction(nation)
    effective = ALWAYS


class OrganizationFactory(DjangoModelFactory):
    """A regional office; `of_region` gives it that region's jurisdiction."""

    class Meta:
        model = Organization
        skip_postgeneration_save = True

    class Params:
        technopark = factory.Trait(kind=OrganizationKind.TECHNOPARK)
        ministry = factory.Trait(kind=OrganizationKind.MINISTRY)
        municipality = factory.Trait(kind=OrganizationKind.MUNICIPALITY)

    code = factory.Sequence(lambda n: f"ORG-{n}")
    kind = OrganizationKind.REGIONAL_OFFICE
    name_ko = factory.Sequence(lambda n: f"시험{n}지방중소벤처기업청")
    effective = ALWAYS

    @factory.post_generation
    def of_region(self, create, region, **kwargs):
        if create and region is not None:
            Jurisdiction.objects.create(organization=self, region=region, effective=ALWAYS)


class UserFactory(DjangoModelFactory):
    """Somebody with no membership; `person` makes one who works somewhere."""

    class Meta:
        model = User

    login_id = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"사용자{n}")


def person(*, role: str = Role.OFFICE_STAFF, region: Region | None = None, organization: Organization | None = None):
    """A user who works in `role` for a body that answers for `region` (the ministry's, when neither is given)."""
    if organization is None:
        organization = OrganizationFactory(of_region=region) if region else OrganizationFactory(ministry=True)
    user = UserFactory()
    MembershipFactory(user=user, organization=organization, role=role)
    return user


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organization = factory.SubFactory(OrganizationFactory)
    role = Role.OFFICE_STAFF
    effective = SINCE_2020


class JobFactory(DjangoModelFactory):
    class Meta:
        model = Job

    owner = factory.SubFactory(UserFactory)
    kind = "test"
    title = "시험 작업"
    task = "portal.directory.tasks.resume_stalled_jobs"
