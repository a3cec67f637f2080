from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ClusterKind(TextChoices):
    """Kinds of places of decree §14①; industrial complexes are its item 3."""

    NATIONAL = "NATIONAL", _("국가산업단지")
    GENERAL = "GENERAL", _("일반산업단지")
    URBAN_HIGHTECH = "URBAN_HIGHTECH", _("도시첨단산업단지")
    AGRO = "AGRO", _("농공단지")
    MICRO_MANUFACTURERS = "MICRO_MANUFACTURERS", _("도시형소공인 집적지구")
    VENTURE = "VENTURE", _("벤처기업 집적시설·촉진지구")
    KNOWLEDGE_CENTRE = "KNOWLEDGE_CENTRE", _("지식산업센터")
    SHOPPING_STREET = "SHOPPING_STREET", _("상점가")
    MARKET = "MARKET", _("전통시장·상권활성화구역")
    ZONED = "ZONED", _("공업지역·특구")
