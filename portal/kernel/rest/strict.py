"""Bodies of requests in which a misspelt name is a fault, not silence."""

from typing import Any

from rest_framework import serializers


class StrictSerializer(serializers.Serializer):
    """Names it does not know are refused, not passed over."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (strange := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({str(name): ["모르는 항목입니다."] for name in strange})
        return super().to_internal_value(data)
