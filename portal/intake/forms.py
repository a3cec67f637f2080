"""Choosing a file; giving a reason."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.intake.registry import Importer
from portal.kernel.forms import BaseForm

ACCEPTED = (".xlsx", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt")


def accepted(importers: Iterable[Importer]) -> str:
    """The endings a browser's file chooser offers: every spreadsheet, and what these importers take besides."""
    further = [ending for importer in importers for ending in getattr(importer, "file_types", ())]
    return ",".join(dict.fromkeys([*ACCEPTED, *further]))


class UploadForm(BaseForm):
    """A kind this reader may bring in, and the file."""

    kind = forms.ChoiceField(label=gettext_lazy("자료 종류"))
    file = forms.FileField(label=gettext_lazy("파일"), widget=forms.FileInput())

    def __init__(self, *args: Any, importers: list[Importer], **more: Any) -> None:
        super().__init__(*args, **more)
        kinds = cast(forms.ChoiceField, self.fields["kind"])
        kinds.choices = [(importer.kind, importer.title) for importer in importers]
        self.fields["file"].widget.attrs["accept"] = accepted(importers)
        self.fields["file"].help_text = _(
            "엑셀(.xlsx, .xls), ODS, CSV. %(size)sMB까지. 내용은 확인한 다음 반영됩니다."
        ) % {"size": settings.UPLOAD_MAX_BYTES // 1024 // 1024}
        self.fields["file"].error_messages["empty"] = _("빈 파일입니다. 자료를 적어 저장한 파일인지 확인해 주세요.")


class ReasonForm(BaseForm):
    reason = forms.CharField(
        label=gettext_lazy("되돌리는 사유"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}), strip=True
    )


class AcceptForm(BaseForm):
    reason = forms.CharField(
        label=gettext_lazy("확인이 필요한 행을 그대로 반영하는 사유"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        strip=True,
    )


class FilledTemplateForm(BaseForm):
    """What a template with people's names in it is taken for."""

    reason = forms.CharField(
        label=gettext_lazy("어디에 쓰나요"),
        max_length=300,
        strip=True,
        help_text=gettext_lazy("대표자와 연락처가 들어 있습니다. 누가 무엇에 쓰려고 받았는지 기록합니다."),
    )


PASS_OVER, ASK_LATER = "-", ""


class ColumnsForm(BaseForm):
    """What each unknown header of a file means: one choice a header, in the order of the file."""

    def __init__(self, *args: Any, headers: Sequence[str], importer: Importer, **more: Any) -> None:
        super().__init__(*args, **more)
        self.headers = list(headers)
        columns = [(column.name, column.header) for column in importer.columns]
        choices = [(ASK_LATER, _("고르지 않음")), (PASS_OVER, _("읽지 않고 넘어감")), *columns]
        for at, header in enumerate(self.headers):
            self.fields[f"header_{at}"] = forms.ChoiceField(label=header, choices=choices, required=False)

    def meanings(self) -> dict[str, str]:
        """Header → column name, or "" for one to pass over; headers left open are not in it."""
        chosen = {header: self.cleaned_data[f"header_{at}"] for at, header in enumerate(self.headers)}
        return {header: "" if name == PASS_OVER else name for header, name in chosen.items() if name != ASK_LATER}
