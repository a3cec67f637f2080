from typing import Any

from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandError, CommandParser

from crisis.sources.adapters.kosis_answer import KosisProblem, read_answer
from crisis.sources.adapters.kosis_fetch import address_of, fetch
from crisis.sources.models import KosisSeries
from portal.directory.models import User
from portal.intake.services import receive_upload
from portal.kernel.errors import Refusal


class Command(BaseCommand):
    help = (
        "Fetch a mapped KOSIS series and hand the answer in as somebody's upload, to be looked at and committed there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("indicator", help="indicator code of the mapping")
        parser.add_argument("first", help="first period as KOSIS writes it: 202501")
        parser.add_argument("last", help="last period: 202509")
        parser.add_argument("--rhythm", default="M", choices=["M", "Q", "H"])
        parser.add_argument("--owner", required=True, help="login of the person whose upload it becomes")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = User.objects.filter(login_id=options["owner"]).first()
        if owner is None:
            raise CommandError(f"없는 사용자입니다: {options['owner']}")
        rows = list(KosisSeries.objects.filter(indicator__code=options["indicator"]))
        if not rows:
            raise CommandError(f"연결된 통계표가 없는 지표입니다: {options['indicator']}")
        for series in rows:
            period = {"rhythm": options["rhythm"], "first": options["first"], "last": options["last"]}
            try:
                data = fetch(address_of(series, **period))
                count = len(read_answer(data))
                name = f"KOSIS_{series.tbl_id}_{series.itm_id}_{options['first']}_{options['last']}.json"
                receive_upload(kind="kosis", content=ContentFile(data), filename=name, actor=owner)
            except (KosisProblem, Refusal) as fault:
                raise CommandError(fault.message) from fault
            self.stdout.write(f"{name}: {count:,}건을 올렸습니다. ‘파일 올리기’에서 확인하고 반영해 주세요.")
