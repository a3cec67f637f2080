"""Issue a key for a client system from the command line."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.directory.models import User
from portal.directory.services import issue_client_token
from portal.kernel.dates import end_of_day
from portal.kernel.display import moment
from portal.kernel.errors import Refusal


class Command(BaseCommand):
    help = "Issue a key for a client system. It is printed this once and kept nowhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login_id")
        parser.add_argument("--name", required=True, help="which system uses the key, and for what")
        parser.add_argument("--days", type=int, default=365, help="how many days it can be used (default 365)")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(login_id=options["login_id"]).first()
        if user is None:
            raise CommandError(f"‘{options['login_id']}’ 계정이 없습니다.")
        if options["days"] < 1:
            raise CommandError("--days는 1 이상이어야 합니다.")
        until = end_of_day(timezone.localdate() + timedelta(days=options["days"]))
        try:
            _token, key = issue_client_token(user=user, name=options["name"], expires_at=until, actor=None)
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(key)
        self.stderr.write(f"{user.login_id}: {moment(until)}까지 쓸 수 있습니다. 이 키는 다시 보여 드리지 않습니다.")
