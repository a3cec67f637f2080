"""What a reader types into the dashboards."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import BaseForm

FEWEST = 2


class SearchForm(BaseForm):
    """The search box in the header."""

    q = forms.CharField(
        label=_("찾을 말"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
        error_messages={"required": _("찾을 말을 적어 주세요. 예: 거제, R48310, 테크노파크")},
    )

    def clean_q(self) -> str:
        words = " ".join(str(self.cleaned_data["q"]).split())
        if len(words) < FEWEST:
            raise forms.ValidationError(_("두 글자 이상 적어 주세요. 예: 거제, R48310, 테크노파크"))
        return words
