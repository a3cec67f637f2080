"""A client system over a real connection: keys, pages, handing in, refusals, what it need not fetch again."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crisis.api import entry
from crisis.models import Observation
from portal.directory.models import ClientToken
from tests.api import client as script
from tests.factories.crisis import IndicatorFactory
from tests.factories.directory import RegionFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def partner(live_server, client_key, places):
    IndicatorFactory(code="EXP")
    return script.Client(live_server.url, client_key)


def test_a_partner_fetches_lists_page_after_page(partner, places):
    RegionFactory.create_batch(7, sigungu=True, parent=places.here)
    codes = [row["code"] for row in partner.rows("regions", page_size="3", level="SIGUNGU")]
    assert (len(codes), len(set(codes))) == (8, 8)


def test_a_partner_hands_in_figures_and_reads_them_back(partner):
    months = [f"2025-{month:02d}" for month in range(1, 10)]
    sent = partner.send([{"area": "A-MINE", "indicator": "EXP", "period": each, "value": "1.25"} for each in months])
    assert sent["new"] == 9
    back = list(partner.rows("observations", batch=sent["batch"], page_size="4"))
    assert [(row["period"], row["value"]) for row in back] == [(month, "1.25") for month in months]


def test_a_partner_hears_every_fault_at_once(partner):
    url = f"{partner.address}observations/"
    body = {"rows": [{"area": "A-FOREIGN", "indicator": "EXP", "period": "2025-01", "value": "x"}]}
    status, answer, headers = partner.call(url, body)
    assert (status, answer["code"]) == (400, "invalid")
    assert headers["X-Request-Id"]
    assert Observation.objects.count() == 0


def test_a_partner_need_not_fetch_again_what_it_has(partner):
    url = f"{partner.address}areas/A-MINE/"
    status, _, headers = partner.call(url)
    assert status == 200
    assert partner.call(url, **{"If-None-Match": headers["ETag"]})[:2] == (304, {})


def test_a_revoked_key_opens_nothing(partner, people):
    ClientToken.objects.update(revoked_at="2025-01-01T00:00:00Z", revoked_by=people.ministry)
    status, body, headers = partner.call(f"{partner.address}areas/")
    assert (status, body["code"], headers["WWW-Authenticate"]) == (401, "authentication_failed", "Token")


def test_the_script_runs_by_itself(live_server, client_key, places, tmp_path: Path):
    IndicatorFactory(code="EXP")
    figures = tmp_path / "figures.csv"
    figures.write_text("area,indicator,period,value\nA-MINE,EXP,2025-09,3.5\n", encoding="utf-8-sig")
    command = [sys.executable, script.__file__, live_server.url, client_key, str(figures)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split()[2:] == ["1", "0", "0"]
    assert str(Observation.objects.get().value) == "3.500000"


def test_one_request_sent_twice_at_once_is_recorded_once(partner, monkeypatch):
    """The second waits for the first and gets its answer: the connection that seemed lost was only slow."""
    read = entry.read

    def slowly(*args):
        time.sleep(0.5)
        return read(*args)

    monkeypatch.setattr(entry, "read", slowly)
    body = {"rows": [{"area": "A-MINE", "indicator": "EXP", "period": "2025-01", "value": "1"}]}

    def send(_):
        return partner.call(f"{partner.address}observations/", body, **{"Idempotency-Key": "same"})

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(send, range(2))
    assert sorted((first[0], second[0])) == [200, 201]
    assert first[1] == second[1]
    assert Observation.objects.count() == 1
