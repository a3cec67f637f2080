from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.directory.models import Membership


class Command(BaseCommand):
    help = "Print the demo accounts and their password."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Membership.objects.current().filter(user__is_demo=True).select_related("user", "organization")
        if not rows:
            return
        self.stdout.write(f"예시 계정 (비밀번호는 모두 {settings.PORTAL_DEMO_PASSWORD})")
        for row in rows:
            self.stdout.write(f"  {row.user.login_id:<18} {row.get_role_display()} · {row.organization.name_ko}")
