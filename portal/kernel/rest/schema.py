"""How endpoints describe themselves in the OpenAPI document."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes
from rest_framework import serializers


class ErrorOut(serializers.Serializer):
    """오류는 언제나 이 꼴로 답합니다."""

    code = serializers.CharField(help_text="기계가 가리는 오류 코드")
    message = serializers.CharField(help_text="사람이 읽는 설명")
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        help_text="항목별 설명. 여러 건을 보냈으면 rows.3.value처럼 순번(0부터)이 붙습니다",
    )


def errors_of(method: str, *, detail: bool) -> dict[str, str]:
    """Which refusals an endpoint may answer with, and when."""
    found = {
        "400": "조회 조건이나 보낸 값이 맞지 않음",
        "401": "인증키가 없거나 쓸 수 없음",
        "403": "권한이 없음",
        "429": "정해진 횟수를 넘김",
    }
    if detail:
        found["404"] = "없는 자료이거나 관할 밖의 자료"
    if method != "GET":
        found["409"] = "지금 할 수 없는 일"
    return dict(sorted(found.items()))


class PortalSchema(AutoSchema):
    """Adds the one error shape to every operation, and `fields` to every list."""

    def get_override_parameters(self) -> list[Any]:
        given = list(super().get_override_parameters())
        names = getattr(self.view, "row_names", None)
        if self.method == "GET" and names is not None and self._is_list_view():
            text = f"받을 항목만 골라 쉼표로 나열합니다. 항목: {', '.join(names())}"
            given.append(OpenApiParameter("fields", OpenApiTypes.STR, description=text))
        return given

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        detail = "{" in self.path
        for status, description in errors_of(self.method, detail=detail).items():
            if status not in bodies:
                bodies[status] = self._get_response_for_code(ErrorOut, status)
                bodies[status]["description"] = description
        return bodies
