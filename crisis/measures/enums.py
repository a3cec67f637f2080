"""What entitles to preferential measures. Imports nothing of ours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class StatusCode(TextChoices):
    """What an area can be that entitles the firms in it."""

    CAUTION = "CAUTION", _("위기징후 주의")
    SEVERE = "SEVERE", _("위기징후 심각")
    SPECIAL_SUPPORT_AREA = "SPECIAL_SUPPORT_AREA", _("중소기업 특별지원지역")


class MeasureKind(TextChoices):
    LOAN = "LOAN", _("융자")
    GUARANTEE = "GUARANTEE", _("보증")
    CENTRAL_BANK = "CENTRAL_BANK", _("한국은행 자금")
    SMART_FACTORY = "SMART_FACTORY", _("스마트공장")
    ROOT_INDUSTRY = "ROOT_INDUSTRY", _("뿌리기업")
    VOUCHER = "VOUCHER", _("혁신바우처")
    TAX = "TAX", _("조세 감면")
    PROCUREMENT = "PROCUREMENT", _("공공조달")
    OTHER = "OTHER", _("그 밖의 우대")
