"""`Idempotency-Key`: a request repeated under the same key is answered as it was the first time."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, cast

from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.request import Request

from crisis.models import BatchReceipt, ObservationBatch
from portal.directory.models import User
from portal.kernel.db import advisory_lock
from portal.kernel.errors import Refusal

MOST_KEY = 100


@dataclass
class Receipt:
    """The place of an answer: `answer` is there if the key was used before, else `keep` puts it there."""

    actor: User
    key: str
    digest: str
    answer: dict[str, Any] | None = None

    def keep(self, batch: ObservationBatch | None, answer: dict[str, Any]) -> None:
        if self.key:
            BatchReceipt.objects.create(actor=self.actor, key=self.key, digest=self.digest, batch=batch, answer=answer)


def claim(request: Request) -> Receipt:
    """The receipt of this request's key. Must run in the transaction that writes: of two requests with one key at the
    same time the second waits for the first and then finds its answer. Refuses a key used for other contents."""
    actor = cast(User, request.user)
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return Receipt(actor, "", "")
    if len(key) > MOST_KEY or not key.isprintable():
        sentence = _("멱등키는 %(most)s자까지의 글자여야 합니다.") % {"most": MOST_KEY}
        raise exceptions.ValidationError({"Idempotency-Key": [sentence]})
    advisory_lock(f"receipt:{actor.pk}:{key}")
    digest = hashlib.sha256(json.dumps(request.data, sort_keys=True).encode()).hexdigest()
    found = BatchReceipt.objects.filter(actor=actor, key=key).first()
    if found is None:
        return Receipt(actor, key, digest)
    if found.digest != digest:
        raise Refusal("key_reused", _("이 멱등키로 다른 내용을 보낸 적이 있습니다. 새 요청에는 새 키를 쓰세요."))
    return Receipt(actor, key, digest, found.answer)
