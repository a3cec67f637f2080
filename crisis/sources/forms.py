"""Forms of the catalogue: a source, a feed, a decision on a suspect value, an address of a cluster."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.models import Cluster
from crisis.sources.models import ClusterPlace, Feed, IndicatorSource
from portal.directory.models import Organization
from portal.directory.scope import Scope
from portal.kernel.forms import BaseForm, BaseModelForm, MonthField


class SourceForm(BaseModelForm):
    class Meta:
        model = IndicatorSource
        fields = ("publisher", "owner", "lag_days", "terms", "address", "method", "caution")
        widgets = {"method": forms.Textarea(attrs={"rows": 3}), "caution": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _offer_bodies(self.fields["owner"])


class FeedForm(BaseModelForm):
    first_period = MonthField(label=_("처음 받을 기간"), required=False)

    class Meta:
        model = Feed
        fields = ("owner", "lag_days", "first_period", "active", "note")
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        _offer_bodies(self.fields["owner"])


def _offer_bodies(field: forms.Field) -> None:
    cast(forms.ModelChoiceField, field).queryset = Organization.objects.order_by("name_ko")


class DecisionForm(BaseForm):
    """What the officer saw; which button was pressed says what it is."""

    note = forms.CharField(
        label=_("확인한 내용"),
        help_text=_("무엇을 보고 누구에게 확인했는지 적습니다. 관측값의 비고로 남습니다."),
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PlaceForm(BaseModelForm):
    """A 법정동 or a road of one of the reader's clusters."""

    class Meta:
        model = ClusterPlace
        fields = ("cluster", "dong_code", "road", "source")

    def __init__(self, *args: Any, scope: Scope, **more: Any) -> None:
        super().__init__(*args, **more)
        field = cast(forms.ModelChoiceField, self.fields["cluster"])
        field.queryset = Cluster.objects.visible_to(scope).filter(parent=None).order_by("code")
        field.label_from_instance = lambda obj: f"{obj.code} {obj.name}"  # type: ignore[method-assign]
        self.fields["dong_code"].help_text = _("동 전체가 단지 안일 때만. 10자리 숫자.")
        self.fields["road"].help_text = _("도로 전체가 단지 안일 때만. 예: 오비공단길")

    def _post_clean(self) -> None:
        """The service judges the place as a whole; the form only its fields."""
