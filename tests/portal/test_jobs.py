"""Long work is watched by its owner, tells its failure, begins again, and its file goes to nobody else."""

import csv
import io
import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from crisis.models import Observation
from portal.directory.enums import JobState, Role
from portal.directory.models import Job
from portal.directory.services import jobs as services
from portal.intake import tasks
from portal.kernel import lists
from tests.factories.crisis import AreaFactory, ObservationFactory
from tests.factories.directory import JobFactory, RegionFactory, UserFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def owner():
    return person(region=RegionFactory())


def done(job, **result):
    job.state, job.finished_at, job.result = JobState.DONE, timezone.now(), result
    job.save()
    return job


def failed(job):
    job.state, job.finished_at, job.error, job.error_code = JobState.FAILED, timezone.now(), "자료가 없습니다.", "none"
    job.save()
    return job


@pytest.mark.parametrize("page", ["job", "job_progress", "job_file"])
def test_the_jobs_of_others_do_not_exist(owner, sign_in, page):
    job = done(JobFactory(owner=owner), filename="자료.csv")
    default_storage.save(f"exports/{job.pk}", ContentFile(b"x"))
    url = reverse(page, args=[job.pk])
    headers = {"HX-Request": "true"}
    response = sign_in(owner).get(url, headers=headers)
    assert response.status_code == 200
    assert not response.streaming or response.getvalue() == b"x"
    for stranger in (person(region=RegionFactory()), person(role=Role.HQ), UserFactory()):
        assert sign_in(stranger).get(url, headers=headers).status_code == 404


def test_work_of_the_system_is_watched_by_the_ministry_but_not_retried(sign_in):
    job = failed(JobFactory(owner=None))
    client = sign_in(person(role=Role.HQ))
    page = client.get(reverse("job", args=[job.pk]))
    assert "자료가 없습니다." in page.content.decode()
    assert "다시 시도" not in page.content.decode()
    assert client.post(reverse("job_retry", args=[job.pk])).status_code == 404


def test_one_who_is_not_signed_in_is_led_to_the_door(client, owner):
    response = client.get(reverse("job", args=[JobFactory(owner=owner).pk]))
    assert response.status_code == 302
    assert "login" in response.url


def test_a_job_under_way_moves_and_a_finished_one_rests(owner, sign_in):
    job = JobFactory(owner=owner, state=JobState.RUNNING, done=30, total=120, message="행을 쓰는 중")
    client = sign_in(owner)
    part = client.get(reverse("job_progress", args=[job.pk]), headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 1s"' in part
    assert "30 / 120 (25%)" in part
    assert "새로 고침" in part
    done(job)
    part = client.get(reverse("job_progress", args=[job.pk]), headers={"HX-Request": "true"}).content.decode()
    assert "every 1s" not in part
    assert client.get(reverse("job_progress", args=[job.pk])).url == reverse("job", args=[job.pk])


def test_a_failed_job_begins_again_once(owner, sign_in, sent_tasks, django_capture_on_commit_callbacks):
    job = failed(JobFactory(owner=owner))
    client = sign_in(owner)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("job_retry", args=[job.pk]))
        again = client.post(reverse("job_retry", args=[job.pk]), follow=True)
    assert sent_tasks.named(job.task) == [{"job_id": job.pk}]
    assert "실패한 작업만" in again.content.decode()
    assert client.get(reverse("job_retry", args=[job.pk])).status_code == 405


def test_a_file_that_is_gone_is_said_to_be_gone(owner, sign_in):
    job = done(JobFactory(owner=owner), filename="자료.csv", url="/jobs/1/file/")
    client = sign_in(owner)
    assert client.get(reverse("job_file", args=[job.pk])).status_code == 404
    assert "보관 기한이 지나" in client.get(reverse("job", args=[job.pk])).content.decode()


@pytest.mark.parametrize("jobs", [1, 30])
def test_the_list_is_ones_own_and_costs_the_same(owner, sign_in, jobs, django_assert_max_num_queries):
    JobFactory.create_batch(jobs, owner=owner)
    JobFactory(title="남의 작업")
    client = sign_in(owner)
    client.get(reverse("jobs"))  # what waits for the reader is counted by other apps, then kept for a while
    with django_assert_max_num_queries(5):  # session, user, scope, count, rows
        page = client.get(reverse("jobs")).content.decode()
    assert page.count("시험 작업</a>") == jobs
    assert "남의 작업" not in page


class TestLongExport:
    def test_it_is_offered_owed_written_and_fetched(self, owner, sign_in, monkeypatch, sent_tasks):
        region = owner.memberships.get().organization.jurisdictions.get().region
        rows = ObservationFactory.create_batch(
            4, area=AreaFactory(region=region), period=timezone.localdate().replace(day=1)
        )
        rows = Observation.objects.current()
        monkeypatch.setattr(lists, "LONGEST_INLINE", 0)
        client = sign_in(owner)
        url = reverse("crisis:observations") + "?export=csv&cols=area&cols=value&sort=value"
        assert "뒤에서 파일을 만듭니다" in client.get(url).content.decode()
        assert not Job.objects.exists()
        response = client.post(url, {"export": "csv"})
        job = Job.objects.get()
        assert response.url == reverse("job", args=[job.pk])
        tasks.export_list(job_id=job.pk)
        tasks.export_list(job_id=job.pk)
        job.refresh_from_db()
        assert (job.state, job.attempts, job.result["rows"]) == (JobState.DONE, 1, rows.count())
        file = client.get(reverse("job_file", args=[job.pk]))
        assert file["Content-Disposition"].startswith("attachment")
        table = list(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"))))
        assert table[0] == ["지역", "값"]
        assert len(table) == 1 + rows.count()

    def test_it_holds_what_its_owner_may_see_when_it_is_written(self, owner, sign_in, monkeypatch):
        ObservationFactory(area=AreaFactory())
        monkeypatch.setattr(lists, "LONGEST_INLINE", -1)
        client = sign_in(owner)
        client.post(reverse("crisis:observations") + "?export=xlsx", {"export": "xlsx"})
        job = Job.objects.get()
        tasks.export_list(job_id=job.pk)
        job.refresh_from_db()
        assert job.result["rows"] == 0

    def test_a_killed_writer_leaves_no_half_file(self, owner, sign_in, monkeypatch):
        monkeypatch.setattr(lists, "LONGEST_INLINE", -1)
        client = sign_in(owner)
        client.post(reverse("crisis:observations"), {"export": "csv"})
        job = Job.objects.get()
        with monkeypatch.context() as broken:
            broken.setattr("portal.kernel.exports.write", lambda target, *facts: target.write(b"half") / 0)
            tasks.export_list(job_id=job.pk)
        job.refresh_from_db()
        assert job.state == JobState.FAILED
        assert default_storage.listdir("exports") == ([], [])
        assert client.get(reverse("job_file", args=[job.pk])).status_code == 404


def test_a_running_job_that_still_speaks_is_left_alone(owner):
    job = JobFactory(owner=owner, state=JobState.RUNNING, heartbeat_at=timezone.now() - timedelta(seconds=30))
    tasks.export_list(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.RUNNING, 0)


def test_old_files_of_jobs_are_removed_and_young_ones_and_uploads_kept(owner, settings, tmp_path):
    settings.PORTAL_EXPORT_DAYS = 14
    assert services.sweep_files() == 0
    old, young = JobFactory(owner=owner), JobFactory(owner=owner)
    for name in (f"exports/{old.pk}", f"exports/{young.pk}", "uploads/kept.xlsx"):
        default_storage.save(name, ContentFile(b"rows"))
    past = (timezone.now() - timedelta(days=15)).timestamp()
    for name in (f"exports/{old.pk}", "uploads/kept.xlsx"):
        os.utime(default_storage.path(name), (past, past))
    assert services.sweep_files() == 1
    assert not default_storage.exists(f"exports/{old.pk}")
    assert default_storage.exists(f"exports/{young.pk}")
    assert default_storage.exists("uploads/kept.xlsx")
