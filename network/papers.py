"""Papers that accompany a decision: minutes, evidence. Kept as they came, under a number, with their SHA-256."""

import hashlib
import re
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _

from portal.kernel.errors import Refusal

# What an office writes or scans, and how such a file begins: the name of a file says nothing about its content.
SIGNATURES: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "hwp": (b"\xd0\xcf\x11\xe0",),
    "hwpx": (b"PK\x03\x04",),
    "docx": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
}
ACCEPTED = ",".join(f".{ending}" for ending in SIGNATURES)
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Paper:
    """A checked file: its content, a tidy name and its SHA-256."""

    content: File
    filename: str
    sha256: str


def check_paper(content: File, field: str = "file") -> Paper:
    """The file as a `Paper`. Refuses (under `fields[field]`) an empty or too large one and one that is not what it says."""
    filename = re.sub(r"[\x00-\x1f/\\]", "_", (content.name or "").strip())[-255:]
    ending = filename.rpartition(".")[2].lower()
    if not content.size:
        _refuse(_("빈 파일입니다. 내용이 있는 파일을 골라 주세요."), field)
    if content.size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // _MEGABYTE
        _refuse(_("파일은 %(limit)sMB까지 올릴 수 있습니다.") % {"limit": limit}, field)
    content.seek(0)
    head = content.read(16)
    if not any(head.startswith(start) for start in SIGNATURES.get(ending, ())):
        allowed = ", ".join(SIGNATURES)
        _refuse(
            _("올릴 수 없는 파일입니다. %(allowed)s 가운데 하나로 저장해 올려 주세요.") % {"allowed": allowed}, field
        )
    content.seek(0)
    digest = hashlib.sha256()
    for piece in content.chunks():
        digest.update(piece)
    content.seek(0)
    return Paper(content, filename, digest.hexdigest())


def _refuse(message: str, field: str) -> None:
    raise Refusal("paper_refused", message, {field: message})
