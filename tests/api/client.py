"""A client system as a partner would write it: standard library only, knowing nothing of the portal but its API.

    python client.py http://127.0.0.1:8000 rsme_… figures.csv

sends the figures (columns area, indicator, period, value) a thousand at a time and prints what became of them.
"""

import csv
import json
import sys
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen


class Client:
    def __init__(self, address: str, key: str) -> None:
        self.address, self.key = address.rstrip("/") + "/api/v1/", key

    def call(self, url: str, body: Any = None, **headers: str) -> tuple[int, dict[str, Any], dict[str, str]]:
        """Status, JSON body and headers of one call; refusals come back like answers."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(url, data=data, headers={"Authorization": f"Token {self.key}", **headers})
        if data is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer), dict(answer.headers)
        except HTTPError as refusal:
            with refusal:
                text = refusal.read()
                return refusal.code, json.loads(text) if text else {}, dict(refusal.headers)

    def rows(self, resource: str, **conditions: str) -> Iterator[dict[str, Any]]:
        """All rows of a list, page after page."""
        url = f"{self.address}{resource}/?{urlencode(conditions)}"
        while url:
            status, body, _ = self.call(url)
            if status != 200:
                raise RuntimeError(f"{status}: {body['message']} {body['fields']}")
            yield from body["results"]
            url = body["next"]

    def send(self, rows: list[dict[str, str]]) -> dict[str, Any]:
        """Hand in up to a thousand figures. Under its key the request may be repeated after a lost connection."""
        status, body, _ = self.call(
            f"{self.address}observations/", {"rows": rows}, **{"Idempotency-Key": str(uuid.uuid4())}
        )
        if status not in {200, 201}:
            raise RuntimeError(f"{status}: {body['message']} {body['fields']}")
        return body


def main(address: str, key: str, path: str) -> None:
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    client = Client(address, key)
    for start in range(0, len(rows), 1000):
        body = client.send(rows[start : start + 1000])
        print(start, body["batch"], body["new"], body["changed"], body["same"])


if __name__ == "__main__":
    main(*sys.argv[1:])
