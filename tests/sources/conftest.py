"""거제 and 통영 with a complex, an office that answers for them, another office, the ministry; feeds of two indicators."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile

from crisis.models import Observation
from crisis.sources.models import Feed, FeedSeries
from portal.directory.enums import Role
from portal.directory.models import Organization
from portal.intake import services as intake
from portal.intake import tasks as intake_tasks
from portal.intake.models import Upload
from tests.factories.crisis import AreaFactory, ClusterFactory, IndicatorFactory, nation_area
from tests.factories.directory import OrganizationFactory, RegionFactory, UserFactory, person

DATA = Path(__file__).parent / "data"


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def places() -> SimpleNamespace:
    gyeongnam = RegionFactory(scheme="MOIS", code="48", name_ko="경상남도", short_name_ko="경남")
    geoje = RegionFactory(sigungu=True, parent=gyeongnam, scheme="MOIS", code="48310", name_ko="거제시")
    tongyeong = RegionFactory(sigungu=True, parent=gyeongnam, scheme="MOIS", code="48220", name_ko="통영시")
    obi = ClusterFactory(code="C1451", region=geoje, name_ko="오비일반산업단지")
    return SimpleNamespace(
        nation=nation_area(),
        gyeongnam=AreaFactory(sido=True, code="R48", region=gyeongnam, name_ko="경상남도"),
        geoje=AreaFactory(code="R48310", region=geoje, name_ko="경상남도 거제시"),
        tongyeong=AreaFactory(code="R48220", region=tongyeong, name_ko="경상남도 통영시"),
        obi=AreaFactory(cluster_area=True, cluster=obi, code="C1451", name_ko="오비일반산업단지"),
        office=OrganizationFactory(of_region=gyeongnam),
    )


@pytest.fixture
def people(places: SimpleNamespace) -> SimpleNamespace:
    ministry = OrganizationFactory(ministry=True, code="MSS")
    return SimpleNamespace(
        clerk=person(organization=places.office),
        colleague=person(organization=places.office),
        technopark=person(role=Role.TECHNOPARK, region=places.gyeongnam.region),
        other=person(region=RegionFactory()),
        ministry=person(role=Role.HQ, organization=ministry),
        nobody=UserFactory(),
    )


@pytest.fixture
def indicators() -> dict[str, Any]:
    units = {"EST": "개", "EMP": "명", "PAY": "원", "LOSS": "%", "POP": "명", "EXP": "천달러"}
    return {
        code: IndicatorFactory(code=code, name_ko=code, unit=unit, kind="RATE" if code == "LOSS" else "LEVEL")
        for code, unit in units.items()
    }


def feed(owner: Organization, *codes: str, code: str = "exports", **more: Any) -> Feed:
    """A monthly feed due 31 days after the month's end, of these indicators."""
    facts = {"name_ko": "시험 자료원", "provider": "시험 기관", "frequency": "M", "lag_days": 31, "owner": owner} | more
    made = Feed.objects.create(code=code, **facts)
    for one in codes:
        FeedSeries.objects.create(feed=made, indicator=IndicatorFactory(code=one))
    return made


def read(user: Any, kind: str, data: bytes, name: str = "자료.csv") -> Upload:
    """A file received and read into its preview."""
    upload = intake.receive_upload(kind=kind, content=ContentFile(data), filename=name, actor=user)
    intake_tasks.read_upload(job_id=upload.job_id)
    return Upload.objects.get(pk=upload.pk)


def commit(user: Any, upload: Upload) -> Upload:
    upload = intake.ask_commit(upload=upload, actor=user, reason="시험")
    intake_tasks.commit_upload(job_id=upload.job_id)
    return Upload.objects.get(pk=upload.pk)


def current(area: Any, period: date) -> dict[str, Any]:
    """Indicator code → value now."""
    rows = Observation.objects.current().filter(area=area, period=period)
    return dict(rows.values_list("indicator__code", "value"))


@pytest.fixture
def text(client: Any) -> Callable[..., Any]:
    """The page as somebody sees it; the response itself where another status is expected."""

    def seen(user: Any, url: str, status: int = 200) -> Any:
        if user is None:
            client.logout()
        else:
            client.force_login(user)
        answer = client.get(url)
        assert answer.status_code == status, url
        return answer.content.decode() if status == 200 else answer

    return seen
