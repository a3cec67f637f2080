"""A what-if on the real road: broker, Celery worker, database."""

import time

import pytest

from crisis.workbench.models import WhatIf
from crisis.workbench.services import start_what_if
from portal.directory.enums import JobState
from tests.e2e.conftest import worker  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.usefixtures("worker")
def test_the_worker_computes_a_what_if(land, clerk, office):
    asked = [
        start_what_if(run=land.run, title="바꾼 것 없음", organization=office, actor=clerk),
        start_what_if(run=land.run, title="수출 끔", organization=office, actor=clerk, off=["EXP"]),
    ]
    end = time.monotonic() + 60
    while WhatIf.objects.filter(finished_at=None).exists():
        assert time.monotonic() < end, [(one.job.state, one.job.error) for one in WhatIf.objects.select_related("job")]
        time.sleep(0.2)
    same, other = (WhatIf.objects.select_related("job").get(pk=one.pk) for one in asked)
    assert (same.output_digest, same.job.state) == (land.run.output_digest, JobState.DONE)
    assert other.output_digest != land.run.output_digest
    assert (same.results.count(), other.results.count()) == (7, 7)
