"""A body says once what the headers of its own files mean; every later file of that kind is read that way."""

from collections import Counter
from collections.abc import Mapping

from django.db import transaction

from portal.directory.audit import deed
from portal.directory.models import User
from portal.intake.headers import header_key
from portal.intake.models import RememberedColumn, Upload
from portal.intake.services.receiving import reread_upload
from portal.intake.services.states import allowed, locked
from portal.kernel.errors import Refusal


@transaction.atomic
def remember_columns(*, upload: Upload, choices: Mapping[str, str], actor: User) -> Upload:
    """Remember what headers mean (as written in the file → column name, "" to pass over) and read the file again.

    None of a header's earlier meanings is kept. Refuses two headers of this file for one column, and a column the kind
    does not have.
    """
    importer, _ = allowed(actor, upload.kind)
    upload = locked(upload.pk)
    if upload.organization_id is None:
        raise Refusal("no_organization", "소속 기관이 없어 머리글을 기억할 수 없습니다. 머리글을 양식대로 고쳐 주세요.")
    headers = {column.name: column.header for column in importer.columns}
    named = Counter(name for name in choices.values() if name)
    taken = {name: 1 for name in upload.layout.get("places", {}) if name not in upload.layout.get("remembered", [])}
    for name, count in (named + Counter(taken)).items():
        if name not in headers:
            raise Refusal("column_unknown", f"‘{name}’이라는 열은 이 양식에 없습니다.")
        if count > 1 and name in named:
            raise Refusal("column_doubled", f"‘{headers[name]}’ 열로 읽을 머리글이 둘입니다. 하나만 골라 주세요.")
    with deed("remember_columns", actor=actor) as done:
        for header, name in choices.items():
            RememberedColumn.objects.update_or_create(
                organization_id=upload.organization_id,
                kind=upload.kind,
                header=header_key(header)[:120],
                defaults={"column": name},
            )
        done.about(upload, headers=len(choices))
    return reread_upload(upload=upload, actor=actor)
