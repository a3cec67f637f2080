"""The public door of field surveys."""

from crisis.fieldwork.services.campaigns import (
    cancel_campaign,
    change_plan,
    close_campaign,
    lacking,
    open_campaign,
    plan_campaign,
    set_clusters,
    watch,
)
from crisis.fieldwork.services.forms import add_form, change_form, may_keep
from crisis.fieldwork.services.results import confirm_results, derive_results
from crisis.fieldwork.services.samples import (
    assign_units,
    choose_units,
    draw_sample,
    remove_unit,
    replace_unit,
)
from crisis.fieldwork.services.sheets import correct_sheet, record_outcome, save_sheet, undo_upload_of_sheets

__all__ = [
    "add_form",
    "assign_units",
    "cancel_campaign",
    "change_form",
    "change_plan",
    "choose_units",
    "close_campaign",
    "confirm_results",
    "correct_sheet",
    "derive_results",
    "draw_sample",
    "lacking",
    "may_keep",
    "open_campaign",
    "plan_campaign",
    "record_outcome",
    "remove_unit",
    "replace_unit",
    "save_sheet",
    "set_clusters",
    "undo_upload_of_sheets",
    "watch",
]
