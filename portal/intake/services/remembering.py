"""What the headers of a body's own files mean."""

from portal.intake.models import RememberedColumn, Upload


def remembered_columns(upload: Upload) -> dict[str, str]:
    """What the headers of the upload's body mean (header → column, "" to pass over), for files of its kind."""
    if upload.organization_id is None:
        return {}
    rows = RememberedColumn.objects.filter(organization=upload.organization_id, kind=upload.kind)
    return dict(rows.values_list("header", "column"))
