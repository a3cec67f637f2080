"""What a dossier keeps. Imports nothing of ours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DossierKind(TextChoices):
    DETERMINATION = "DETERMINATION", _("단계 결정")
    MINUTES = "MINUTES", _("회의록")


class Format(TextChoices):
    """The papers a dossier can be handed out as."""

    PDF = "pdf", "PDF"
    HWPX = "hwpx", "HWPX"
