"""Asking the statistics portal for a table. Nothing in the portal calls this by itself: `manage.py fetch_kosis` does, on
an installation that may reach the outside, and hands the answer in as an upload like any other file.

Only hosts of `SOURCE_HOSTS` are asked, over https, with a time-out and a few tries; the key comes from the environment
and is never written anywhere.
"""

import time
from collections.abc import Callable
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from django.conf import settings

from crisis.sources.adapters.kosis_answer import KosisProblem
from crisis.sources.models import KosisSeries

ADDRESS = "https://kosis.kr/openapi/Param/statisticsParameterData.do"
TIME_OUT = 30
TRIES = 3
PAUSE = 2
MOST_BYTES = 60 * 1024 * 1024
_ALL = "ALL"


class _StayHere(HTTPRedirectHandler):
    """A redirect could lead anywhere, the key with it."""

    def redirect_request(self, *args: Any, **more: Any) -> None:
        return None


def opener() -> OpenerDirector:
    return build_opener(_StayHere)


def address_of(series: KosisSeries, *, rhythm: str, first: str, last: str) -> str:
    """The address of a series' cells from one period to another, without the key."""
    classes = {f"objL{level}": series.fixed.get(str(level), "") for level in range(1, 9)}
    classes[f"objL{series.region_level}"] = _ALL
    asked = {
        "method": "getList", "orgId": series.org_id, "tblId": series.tbl_id, "itmId": series.itm_id, **classes,
        "prdSe": rhythm, "startPrdDe": first, "endPrdDe": last, "format": "json", "jsonVD": "Y",
    }  # fmt: skip
    return f"{ADDRESS}?{urlencode(asked)}"


def fetch(
    address: str, *, open_url: Callable[..., Any] | None = None, pause: Callable[[float], None] = time.sleep
) -> bytes:
    """The answer's bytes. KosisProblem if the host is not allowed, the key is missing, or nothing came after all tries."""
    parts = urlsplit(address)
    if parts.scheme != "https" or parts.hostname not in settings.SOURCE_HOSTS:
        raise KosisProblem("host_refused", f"접속이 허용되지 않은 곳입니다: {parts.hostname}")
    if not settings.KOSIS_KEY:
        raise KosisProblem("key_missing", "KOSIS 인증키가 없습니다. 환경변수 PORTAL_KOSIS_KEY에 넣어 주세요.")
    open_url = open_url or opener().open
    request = Request(f"{address}&{urlencode({'apiKey': settings.KOSIS_KEY})}")  # noqa: S310  # https only, see above
    for attempt in range(1, TRIES + 1):
        try:
            with open_url(request, timeout=TIME_OUT) as answer:
                data: bytes = answer.read(MOST_BYTES + 1)
        except HTTPError as error:
            if error.code < 500:  # the portal understood and refuses: asking again changes nothing
                raise KosisProblem("refused", f"KOSIS가 요청을 받지 않았습니다({error.code}).") from None
        except (URLError, HTTPException, TimeoutError, OSError):
            pass
        else:
            if len(data) > MOST_BYTES:
                raise KosisProblem("too_large", "응답이 너무 큽니다. 기간을 나누어 받아 주세요.")
            return data
        if attempt < TRIES:
            pause(PAUSE**attempt)
    raise KosisProblem("no_answer", f"KOSIS에서 {TRIES}번 모두 응답을 받지 못했습니다. 잠시 뒤 다시 해 주세요.")
