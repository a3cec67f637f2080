"""Firms judged a second: a candidate search over a region, the road of the real job, in a transaction rolled back.

    DATABASE_URL=postgresql://…/a_migrated_database python -m benchmarks.tier_screening [--firms 10000]

Fills one invented 시·도 with seeded firms (six years of figures, certificates and patents for some), adopts the 2021
published criteria of a leading-firm call (nested groups, seven metrics) and runs `run_screening`. Prints how long the
reads and judgements took, the whole job with its rows and evidence, and the memory the process reached. A third of the
firms meet the criteria, so a third of the job is writing their cases. On two shared cores the job judged 917 firms a
CPU second before rows went by COPY and readings were kept, 1,190 to 1,340 after; by the clock it is as much slower as
the machine is busy.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import time
from datetime import date
from typing import Any

SEED = 20261122
ON = date(2026, 5, 1)


def _fill(count: int) -> Any:
    """A 시·도 with `count` firms; returns the region."""
    from companies.models import Certification, Company, CompanyYear, Patent, Workplace
    from portal.directory.models import Region
    from portal.kernel.dates import period

    draw = random.Random(SEED)
    ever = period(None)
    nation = Region.objects.create(
        scheme="BENCH", code="KR", level="NATION", name_ko="전국", short_name_ko="전국", effective=ever
    )
    here = Region.objects.create(
        scheme="BENCH", code="48", level="SIDO", name_ko="시험도", short_name_ko="시험", parent=nation, effective=ever
    )
    cities = [
        Region.objects.create(
            scheme="BENCH",
            code=f"48{n:03d}",
            level="SIGUNGU",
            name_ko=f"시험{n}시",
            short_name_ko=f"시험{n}",
            parent=here,
            effective=ever,
        )
        for n in range(18)
    ]
    firms = Company.objects.bulk_create(
        [
            Company(name_ko=f"시험{n}정밀", name_key=f"시험{n}정밀", founded_on=date(draw.randint(1990, 2023), 3, 1))
            for n in range(count)
        ],
        batch_size=2000,
    )
    Workplace.objects.bulk_create(
        [
            Workplace(
                company=firm, business_number=f"9{n:09d}", region=draw.choice(cities), is_headquarters=True,
                effective=period(date(2020, 1, 1)),
            )
            for n, firm in enumerate(firms)
        ],
        batch_size=2000,
    )  # fmt: skip
    years, papers, patents = [], [], []
    for firm in firms:
        sales, heads = draw.randint(1, 60) * 10**9, draw.randint(3, 120)
        for year in range(2020, 2026):
            sales, heads = sales * draw.randint(90, 125) // 100, max(1, heads * draw.randint(92, 115) // 100)
            years.append(
                CompanyYear(
                    company=firm, year=year, source="SURVEY", sales=sales, employees=heads,
                    exports_direct=sales * draw.randint(0, 30) // 100, exports_indirect=0,
                    rnd=sales * draw.randint(0, 9) // 100,
                )
            )  # fmt: skip
        if draw.random() < 0.3:
            papers.append(Certification(company=firm, kind="LAB", effective=period(date(2022, 1, 1))))
            patents.append(Patent(company=firm, title="장치", application_number="10-1", filed_on=date(2024, 5, 1)))
    CompanyYear.objects.bulk_create(years, batch_size=5000)
    Certification.objects.bulk_create(papers, batch_size=5000)
    Patent.objects.bulk_create(patents, batch_size=5000)
    return here


def measure(count: int) -> dict[str, Any]:
    """Time one candidate search over `count` firms."""
    from django.db import connection, transaction
    from django.urls import reverse
    from django.utils import timezone

    from companies.tiers import rules, services
    from companies.tiers.enums import CriteriaState, ScreeningKind
    from companies.tiers.loaders import DATA
    from companies.tiers.models import CriteriaSet, Screening
    from companies.tiers.selectors import gather
    from portal.directory.models import Membership, Organization, User
    from portal.directory.services import JobProgress
    from portal.kernel.dates import period

    with transaction.atomic():
        region = _fill(count)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        ministry = Organization.objects.create(code="BENCH", kind="MINISTRY", name_ko="본부", effective=period(None))
        user = User.objects.create(login_id="bench", name="측정")
        Membership.objects.create(user=user, organization=ministry, role="HQ", effective=period(date(2020, 1, 1)))
        published = json.loads((DATA / "criteria.json").read_text(encoding="utf-8"))
        body = next(row["body"] for row in published if row["code"] == "gyeongnam-2021-innovation-leader")
        criteria = CriteriaSet.objects.create(
            code="bench", title="측정", programme="MAIN_INDUSTRY", tier="LEADING", region=region, body=body,
            effective=period(date(2020, 1, 1)), sha256=rules.digest(body), state=CriteriaState.ADOPTED, document="측정",
            adopted_at=timezone.now(), adopted_by=user,
        )  # fmt: skip
        screening, job = services.start_screening(
            kind=ScreeningKind.CANDIDATES, criteria=criteria, region=region, actor=user, on=ON
        )
        from companies.models import Company

        ids = list(Company.objects.filter(name_ko__startswith="시험").order_by("pk").values_list("pk", flat=True))[
            -count:
        ]
        reverse("tiers:screenings")  # a worker at work has its addresses loaded
        began, cpu = time.perf_counter(), time.process_time()
        for at in range(0, len(ids), 1000):
            for facts in gather(ids[at : at + 1000], on=ON, base_year=2025).values():
                rules.evaluate(criteria.tree, facts)
        judged, judged_cpu = time.perf_counter() - began, time.process_time() - cpu
        began, cpu = time.perf_counter(), time.process_time()
        services.run_screening(JobProgress(job))
        whole, whole_cpu = time.perf_counter() - began, time.process_time() - cpu
        done = Screening.objects.get(pk=screening.pk)
        transaction.set_rollback(True)
    return {
        "firms": count,
        "read_and_judged_per_second": round(count / judged),
        "read_and_judged_per_cpu_second": round(count / judged_cpu),
        "job_per_second": round(count / whole),
        "job_per_cpu_second": round(count / whole_cpu),
        "job_seconds": round(whole, 2),
        "counts": done.counts,
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")
    django.setup()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=10_000)
    print(json.dumps(measure(parser.parse_args().firms), ensure_ascii=False))


if __name__ == "__main__":
    main()
