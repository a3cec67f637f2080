"""Rounds of the crisis-stage method from files to a file; needs no database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from crisis.rules.files import run_files
from crisis.rules.tables import FilesError


class Command(BaseCommand):
    help = "CSV 파일로 위기징후 단계를 회차 순서대로 산출해 CSV로 씁니다. 데이터베이스를 쓰지 않습니다."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--areas", type=Path, required=True, help="지역: area,parent,level")
        parser.add_argument(
            "--observations",
            type=Path,
            required=True,
            help="관측값(gz 가능): area,indicator,period,value,known_at,status[,unit,seq,verified,batch]",
        )
        parser.add_argument("--rounds", type=Path, required=True, help="회차: round,reference_month,cutoff")
        parser.add_argument("--ruleset", type=Path, required=True, help="판정 기준 JSON")
        parser.add_argument("--out", type=Path, required=True, help="결과 CSV")
        parser.add_argument("--level", help="이 단계의 지역만 씁니다(예: SIGUNGU). 없으면 기준 지역을 뺀 모든 지역")

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("areas", "observations", "rounds", "ruleset", "out", "level")
        try:
            summary = run_files(**{name: options[name] for name in names})
        except FilesError as error:
            for sentence in error.sentences:
                self.stderr.write(sentence)
            unshown = error.total - len(error.sentences)
            if unshown:
                self.stderr.write(f"이 밖에 {unshown}건이 더 있습니다.")
            self.stderr.write(f"모두 {error.total}건을 고친 뒤 다시 실행하십시오. 결과는 쓰지 않았습니다.")
            raise SystemExit(2) from None
        if summary.rejects:
            self.stderr.write(f"단위를 알 수 없어 뺀 관측값: 회차를 통틀어 {summary.rejects}건(UNIT_UNKNOWN).")
        self.stdout.write(f"{summary.rounds}개 회차 {summary.rows}줄을 {options['out']}에 썼습니다.")
