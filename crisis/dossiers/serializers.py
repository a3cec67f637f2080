"""The shapes in which dossiers leave the portal."""

from rest_framework import serializers

from crisis.dossiers.enums import DossierKind
from portal.kernel.rest.rows import Code, Row


class DossierRow(Row):
    sequence = serializers.IntegerField(help_text="번호: 전국에서 확정한 순서")
    kind = serializers.ChoiceField(DossierKind.choices, help_text="종류")
    area = Code("area.code", help_text="통계 지역 코드. 회의록이면 null")
    round = Code("round.code", help_text="회차. 회의록이면 null")
    sha256 = serializers.CharField(help_text="내용의 SHA-256")
    previous_sha256 = serializers.CharField(allow_blank=True, help_text="앞 보관본의 SHA-256. 첫 보관본이면 빈 글")
    made_at = serializers.DateTimeField(help_text="보관 일시")


class DossierDetail(DossierRow):
    content = serializers.CharField(help_text="보관한 그대로의 정준 JSON 글")
