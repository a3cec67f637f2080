"""Search among a million companies, inside a scope: p50 and p95 by kind of search.

    DATABASE_URL=postgresql://…/an_empty_database python -m benchmarks.company_search [--companies N] [--json FILE]

Migrates the database, fills it with seeded companies (17 시·도 of uneven size, names, products and numbers as firms
have them), builds the index the portal builds, and asks `companies.search.find` what people type: parts of names that
exist, drawn as often as they occur, one in ten of them misspelt. Times are the whole call: reading what was typed,
the database, ranking; `cpu` is the processor time of both sides, which tells what a busy machine hides. Then the list's
pages, whole answers. Drop the database afterwards; filled once, it is asked again without filling.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.company_import import server_seconds


def _words(text: str) -> list[str]:
    return text.split()


SEED = 20261122
DAY = "2020-01-01 00:00:00+00"
# Shares of the 17 시·도, largest first: about half of all firms in three of them.
SHARES = (24, 21, 6, 6, 5, 5, 4, 4, 4, 3, 3, 3, 3, 3, 3, 2, 1)
HEADS = _words(
    "대한 한국 동양 신한 우리 미래 대성 세한 금강 한빛 태양 삼우 동아 신성 대진 한성 "
    "세종 제일 중앙 광명 성우 태광 동신 유일 대원 서울 부산 경남 전남 충청 "
    "강원 남해 동해 서해 청솔 푸른 하나 두리 세움 나래 가온 누리 다온 라온 마루 바른 새롬 아람 한울 해솔"
)
TAILS = _words(
    "전기 전자 산업 정밀 테크 화학 기계 금속 바이오 식품 물산 상사 건설 시스템 소프트 "
    "로지스 엔지니어링 에너지 환경 조선 기공 중공업 정공 섬유 유통 하이텍 솔루션 "
    "메디칼 코리아 네트웍스 인더스트리 스틸 모터스 플라텍 반도체 오토 글로벌 컴퍼니 랩 팜"
)
SYLLABLES = (
    "가강건경고광구국금기나남노다대덕도동두라로림마명모문미민바백범병보봉부비사산삼상서석선성세소송수승시신안"
    "양에연영오용우원유윤은이인일자장재전정제조종주중지진창천철청최추충태택통평포풍하한해현형호홍화환황효"
)
PRODUCTS = _words(
    "자동차부품 반도체장비 금형 사출성형품 철구조물 선박블록 식용유 김치 수산가공품 화장품 "
    "의료기기 배터리팩 태양광모듈 제어반 인쇄회로기판 산업용밸브 볼트너트 고무패킹 "
    "포장재 소프트웨어 로봇부품 정수기 공작기계 베어링 펌프 농기계 사료 원단 가구 조명"
)


def number(pk: int) -> str:
    """A business number of its own for each company."""
    return f"{1_000_000_000 + pk * 7919 % 8_999_999_999:010d}"


def name_of(chance: random.Random) -> str:
    """A name as firms have them: a common head or one of two or three free syllables, a trade, a legal form."""
    head = (
        chance.choice(HEADS)
        if chance.random() < 0.45
        else "".join(chance.choices(SYLLABLES, k=chance.choice((2, 2, 3))))
    )
    tail = TAILS[min(int(chance.expovariate(0.09)), len(TAILS) - 1)]
    middle = "".join(chance.choices(SYLLABLES, k=2)) if chance.random() < 0.25 else ""
    form = chance.random()
    name = f"{head}{middle}{tail}"
    return f"(주){name}" if form < 0.4 else f"주식회사 {name}" if form < 0.6 else f"{name} (주)" if form < 0.7 else name


def fill(count: int, chance: random.Random) -> list[int]:
    """Regions, companies and one workplace each; history triggers are asleep. Returns the ids of the 시·도."""
    from django.db import connection, transaction

    from companies.rules import initials_of, name_key
    from portal.kernel.bulk import copy_rows

    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL session_replication_role = replica")
        regions = [(1, "BENCH", "KR", "NATION", "전국", None)]
        for at in range(17):
            regions.append((100 * (at + 1), "BENCH", f"S{at}", "SIDO", f"시험{at}도", 1))
            regions += [
                (100 * (at + 1) + n, "BENCH", f"S{at}-{n}", "SIGUNGU", f"{n}군", 100 * (at + 1)) for n in range(1, 16)
            ]
        plain = ("name_en", "short_name_ko", "note")
        copy_rows(
            "directory_region",
            [
                "id",
                "scheme",
                "code",
                "level",
                "name_ko",
                "parent_id",
                "effective",
                "capital_area",
                "provisional",
                *plain,
            ],
            ((*region, "(,)", False, False, "", region[4], "") for region in regions),
        )
        ids = range(1, count + 1)
        names = [name_of(chance) for _ in ids]

        def companies() -> Iterator[list[Any]]:
            for pk, name in zip(ids, names, strict=True):
                key = name_key(name)
                yield [pk, f"00000000-0000-4000-8000-{pk:012d}", name, "", key, initials_of(key),
                       f"{110111_0000000 + pk}", "CORPORATION",
                       chance.choice(("MICRO", "SMALL", "SMALL", "MEDIUM")), "".join(chance.choices(SYLLABLES, k=3)),
                       ", ".join(chance.sample(PRODUCTS, 2)), "", "", "", "",
                       chance.choices(("OPERATING", "SUSPENDED", "CLOSED"), (90, 3, 7))[0], 1, False, DAY, DAY]  # fmt: skip

        copy_rows(
            "companies_company",
            ["id", "public_id", "name_ko", "name_en", "name_key", "initials", "corporate_number", "kind", "size",
             "representative", "main_product", "homepage", "phone", "email", "contact_name", "state", "version",
             "is_demo", "created_at", "updated_at"],
            companies(),
        )  # fmt: skip
        homes = chance.choices(range(17), SHARES, k=count)
        copy_rows(
            "companies_workplace",
            ["id", "company_id", "business_number", "number_reason", "name", "address", "region_id", "is_headquarters",
             "effective", "version", "created_at", "updated_at"],
            ([pk, pk, number(pk), "", "", "", 100 * (home + 1) + pk % 15 + 1, True,
              "[2020-01-01,)", 1, DAY, DAY] for pk, home in zip(ids, homes, strict=True)),
        )  # fmt: skip
    return [100 * (at + 1) for at in range(17)]


def questions(chance: random.Random, count: int) -> dict[str, list[str]]:
    """What people type, by kind, taken from the names that exist as often as they occur."""
    from companies.models import Company
    from companies.rules import initials_of

    ids = [chance.randint(1, Company.objects.count()) for _ in range(count * 4)]
    keys = [key for key in Company.objects.filter(pk__in=ids).values_list("name_key", flat=True) if len(key) >= 4]
    chance.shuffle(keys)
    people = Company.objects.filter(pk__in=ids)

    def parts(length: int, of: Callable[[str], str] = str, misspelt: bool = True) -> list[str]:
        found = []
        for at, key in enumerate(keys[:count]):
            start = chance.randint(0, len(key) - length)
            text = of(key)[start : start + length]
            found.append(text[:-1] + chance.choice(SYLLABLES) if misspelt and at % 10 == 0 else text)
        return found

    return {
        "2 syllables": parts(2),
        "3 syllables": parts(3),
        "4 syllables": parts(4),
        "2 initials": parts(2, initials_of, misspelt=False),
        "3 initials": parts(3, initials_of, misspelt=False),
        "4 initials": parts(4, initials_of, misspelt=False),
        "whole name": [f"주식회사 {key}" for key in keys[:count]],
        "representative": list(people.values_list("representative", flat=True)[:count]),
        "product": [chance.choice(PRODUCTS) for _ in range(count)],
        "business number": [number(pk) for pk in ids[:count]],
        "number begins": [number(pk)[:5] for pk in ids[:count]],
    }


def measure(asked: list[str], scope: Any) -> dict[str, float]:
    """p50, p95 and the longest, in milliseconds; processor time of one question; how many hits in the middle."""
    from companies import search

    times, hits = [], []
    began = processor()
    for text in asked:
        start = time.perf_counter()
        found = search.find(text, scope)
        times.append((time.perf_counter() - start) * 1000)
        hits.append(len(found.ids))
    busy = (processor() - began) * 1000 / len(asked)
    cuts = statistics.quantiles(times, n=100)
    return {"p50": cuts[49], "p95": cuts[94], "max": max(times), "cpu": busy, "hits": statistics.median(hits)}


def processor() -> float:
    """Processor seconds of this process and of its database connection so far."""
    return time.process_time() + server_seconds()


LISTS: dict[str, dict[str, str | None]] = {
    "list, first page": {},
    "list, page 200": {"page": "200"},
    "list, by size": {"firm_size": "SMALL"},
    "list, by 시·도": {"region": "BENCH:S2"},
    "list, two conditions": {"firm_size": "MEDIUM", "region": "BENCH:S9", "state": "CLOSED"},
    "list, by name": {"q": None},
}


def lists(word: str, times: int = 12) -> dict[str, dict[str, float]]:
    """Milliseconds of the list's page as the portal serves it to somebody of the ministry, whole answer."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from portal.directory.models import Membership, Organization, User

    settings.ALLOWED_HOSTS = ["*"]
    office, _ = Organization.objects.get_or_create(code="BENCH", kind="MINISTRY", name_ko="시험 기관", effective="[,)")
    user, fresh = User.objects.get_or_create(login_id="bench", defaults={"name": "담당자"})
    if fresh:
        Membership.objects.create(user=user, organization=office, role="HQ", effective="[,)")
    client, found = Client(), {}
    client.force_login(user)
    for name, query in LISTS.items():
        asked, took = {key: value or word for key, value in query.items()}, []
        client.get(reverse("companies:companies"), asked, secure=True)
        began = processor()
        for _ in range(times):
            start = time.perf_counter()
            answer = client.get(reverse("companies:companies"), asked, secure=True)
            took.append((time.perf_counter() - start) * 1000)
            assert answer.status_code == 200, (name, answer.status_code)
        busy = (processor() - began) * 1000 / times
        found[name] = {"p50": round(statistics.median(took), 1), "cpu": round(busy, 1), "max": round(max(took), 1)}
        print(
            f"{name:30}{found[name]['p50']:>10.1f} ms{busy:>10.1f} ms processor{max(took):>10.1f} ms at most",
            flush=True,
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--companies", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from companies import search, search_index
    from companies.models import Company
    from deploy.quick_states import quick_states
    from portal.directory.models import Region
    from portal.directory.scope import EVERYTHING, Scope

    chance, report = random.Random(SEED), {"companies": given.companies, "machine": platform.machine(), "kinds": {}}
    with quick_states():
        call_command("migrate", verbosity=0)
    if not Company.objects.exists():
        fill(given.companies, chance)
        start = time.perf_counter()
        search_index.index_everything()
        report["index_seconds"] = round(time.perf_counter() - start, 1)
        connection.cursor().execute("VACUUM (ANALYZE) workspace_searchkey, companies_company, companies_workplace")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_table_size('workspace_searchkey'), pg_relation_size('company_search_keys')")
        report["table_mb"], report["gin_mb"] = (round(size / 2**20) for size in cursor.fetchone())
    sidos = list(Region.objects.filter(level="SIDO").order_by("pk").values_list("pk", flat=True))
    below = {pk: frozenset([pk, *Region.objects.filter(parent=pk).values_list("pk", flat=True)]) for pk in sidos}
    scopes = {
        "one 시·도 of 6 %": Scope(region_ids=below[sidos[2]]),
        "an office of two, 29 %": Scope(region_ids=below[sidos[0]] | below[sidos[4]]),
        "the whole country": EVERYTHING,
    }
    asked = questions(random.Random(SEED + 1), given.questions)
    print(f"{'milliseconds':18}" + "".join(f"{name:>42}" for name in scopes))
    print(f"{'':18}" + f"{'p50':>10}{'p95':>8}{'max':>8}{'cpu':>8}{'hits':>8}" * len(scopes))
    for kind, texts in asked.items():
        for text in texts[:10]:
            search.find(text, EVERYTHING)
        row = {name: measure(texts, scope) for name, scope in scopes.items()}
        report["kinds"][kind] = row
        cells = (
            f"{f['p50']:>10.1f}{f['p95']:>8.1f}{f['max']:>8.1f}{f['cpu']:>8.1f}{f['hits']:>8.0f}" for f in row.values()
        )
        print(f"{kind:18}" + "".join(cells))
    print({name: report[name] for name in ("index_seconds", "table_mb", "gin_mb") if name in report})
    report["lists"] = lists(asked["3 syllables"][1])
    if given.json:
        given.json.write_text(json.dumps(report, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
