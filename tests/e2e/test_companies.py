"""The registry as officials see it: wide and narrow, no fault to axe, nothing runs over the side."""

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from companies import services
from companies.loaders import load_companies
from companies.loaders_demo import load_company_demo
from companies.models import Company, CompanyMerge, Workplace
from crisis.loaders.demo import load_people
from portal.directory.loaders import load_directory
from portal.directory.models import User
from portal.intake import services as intake
from portal.intake import tasks
from portal.intake.models import Upload
from tests.companies.registry.desk import HEAD, csv_bytes
from tests.factories.companies import business_number

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def upload_of(officer):
    """A file with a new company, one with a doubtful number, one with a fault."""
    data = csv_bytes(
        HEAD,
        [business_number(900), "새기업예시", "거제시"],
        ["1018168693", "다른기업예시", "거제시"],
        ["123", "틀린기업예시", "없는시"],
    )
    upload = intake.receive_upload(kind="companies", content=ContentFile(data), filename="기업.csv", actor=officer)
    tasks.read_upload(job_id=upload.job_id)
    return Upload.objects.get(pk=upload.pk)


@pytest.fixture
def registry(settings, tmp_path):
    """The demo's companies, one of them edited, one suspended; addresses by name, in three parts."""
    settings.MEDIA_ROOT = tmp_path
    load_directory()
    load_companies()
    load_people()
    load_company_demo()
    officer = User.objects.get(login_id="tp-gyeongnam")
    firm = Company.objects.get(name_ko="나루로봇예시")
    twin = Company.objects.get(name_ko="고운기계예시")
    other = Company.objects.get(name_ko="주식회사 고운 기계예시")
    services.change_company(company=firm, version=firm.version, changes={"main_product": "관절 모듈"}, actor=officer)
    services.change_state(company=twin, state="SUSPENDED", since=date(2025, 2, 1), actor=officer)
    seat = Workplace.objects.headquarters().get(company=firm)
    merged = CompanyMerge.objects.get()
    upload = upload_of(officer)

    def of(name, company, *more):
        return reverse(f"companies:{name}", args=[company.public_id, *more])

    listed = reverse("companies:companies")
    return officer, {
        "list_found": f"{listed}?q=ㄴㄹㄹㅂ",
        "company": of("company", firm),
        "company_history": of("company_history", merged.survivor),
        "company_edit": of("company_edit", firm),
        "figures_new": of("company_figures", firm),
        "workplace": of("workplace", firm, seat.pk),
        "merge_plan": of("merge_plan", twin, other.public_id),
        "differences": reverse("companies:differences"),
        "cluster": reverse("companies:cluster", args=["C1176"]),
        "upload": reverse("intake:upload", args=[upload.public_id]),
    }


def test_the_pages_of_the_registry_can_be_read_by_everyone(looked_at, sign_in_as, registry):
    """One of each kind: a list, a page, its history, forms, a merge before it is done, a preview of a file."""
    officer, pages = registry
    sign_in_as(officer)
    for name, url in pages.items():
        looked_at(name, url)
