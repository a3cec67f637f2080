"""Asking the statistics portal: where, with what, how often. Nothing here leaves the machine."""

import io
from email.message import Message
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command

from crisis.sources.adapters import kosis_fetch
from crisis.sources.adapters.kosis_answer import KosisProblem
from crisis.sources.models import KosisSeries
from portal.intake.models import Upload
from tests.sources.conftest import DATA

ADDRESS = f"{kosis_fetch.ADDRESS}?method=getList"


@pytest.fixture(autouse=True)
def _key(settings):
    settings.KOSIS_KEY, settings.SOURCE_HOSTS = "비밀-열쇠", ["kosis.kr"]


class Answers:
    """Stands where the network would be: gives the answers in turn, keeps what was asked."""

    def __init__(self, *answers):
        self.answers, self.asked, self.pauses = list(answers), [], []

    def __call__(self, request, timeout):
        self.asked.append((request.full_url, timeout))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return io.BytesIO(answer)

    def fetch(self, address=ADDRESS):
        return kosis_fetch.fetch(address, open_url=self, pause=self.pauses.append)


def broken(code):
    return HTTPError(ADDRESS, code, "", Message(), None)


def test_answer_comes_with_key_and_time_out():
    network = Answers(b"[]")
    assert network.fetch() == b"[]"
    ((url, timeout),) = network.asked
    assert parse_qs(urlsplit(url).query)["apiKey"] == ["비밀-열쇠"]
    assert timeout == kosis_fetch.TIME_OUT


def test_passing_trouble_is_tried_again_with_longer_pauses():
    network = Answers(URLError("down"), broken(503), b"[1]")
    assert network.fetch() == b"[1]"
    assert network.pauses == [2, 4]


def test_after_all_tries_it_gives_up():
    network = Answers(*[TimeoutError()] * 3)
    with pytest.raises(KosisProblem, match="3번 모두"):
        network.fetch()


def test_refusal_is_not_tried_again():
    network = Answers(broken(403))
    with pytest.raises(KosisProblem, match="403"):
        network.fetch()


@pytest.mark.parametrize("address", ["https://example.org/?x=1", "http://kosis.kr/?x=1", "file:///etc/passwd"])
def test_other_hosts_and_plain_addresses_are_never_asked(address):
    network = Answers(b"[]")
    with pytest.raises(KosisProblem, match="허용되지 않은"):
        network.fetch(address)
    assert network.asked == []


def test_without_a_key_nothing_is_asked(settings):
    settings.KOSIS_KEY = ""
    with pytest.raises(KosisProblem, match="PORTAL_KOSIS_KEY"):
        Answers(b"[]").fetch()


def test_redirects_are_not_followed():
    handler = next(one for one in kosis_fetch.opener().handlers if isinstance(one, kosis_fetch._StayHere))
    assert handler.redirect_request(None, None, 302, "", {}, "https://example.org/") is None


@pytest.mark.django_db
def test_command_hands_the_answer_in_as_an_upload(people, indicators, monkeypatch):
    KosisSeries.objects.create(
        org_id="101", tbl_id="DT_1B040A3", itm_id="T20", region_codes="MOIS", indicator=indicators["POP"],
        unit="명", unit_name="명",
    )  # fmt: skip
    network = Answers((DATA / "kosis_population.json").read_bytes())
    monkeypatch.setattr(kosis_fetch, "opener", lambda: type("Net", (), {"open": staticmethod(network)}))
    call_command("fetch_kosis", "POP", "202508", "202509", owner=people.ministry.login_id, stdout=io.StringIO())
    asked = parse_qs(urlsplit(network.asked[0][0]).query)
    assert {name: asked[name][0] for name in ("tblId", "objL1", "prdSe", "startPrdDe")} == {
        "tblId": "DT_1B040A3", "objL1": "ALL", "prdSe": "M", "startPrdDe": "202508",
    }  # fmt: skip
    upload = Upload.objects.get()
    assert (upload.kind, upload.owner, upload.state) == ("kosis", people.ministry, "RECEIVED")
    with pytest.raises(CommandError, match="연결된 통계표가 없는"):
        call_command("fetch_kosis", "EXP", "202508", "202509", owner=people.ministry.login_id)


@pytest.mark.django_db
def test_whole_monthly_file_is_condensed_for_uploading(tmp_path, places, indicators):
    target = tmp_path / "small.csv"
    told = io.StringIO()
    call_command("condense_nps", DATA / "nps_long_head_cp949.csv", target, stdout=told)
    lines = target.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("지역코드,지역이름,지표코드,기간,값")
    assert "R48310,경상남도 거제시,EMP,2025-08,185,명,확정," in lines
    assert "11행을 빼고" in told.getvalue()
