from crisis.fieldwork.models.campaign import Campaign, CampaignCluster
from crisis.fieldwork.models.form import FieldForm
from crisis.fieldwork.models.result import Confirmation, ResultCell
from crisis.fieldwork.models.unit import Unit, UnitRevision

__all__ = ["Campaign", "CampaignCluster", "Confirmation", "FieldForm", "ResultCell", "Unit", "UnitRevision"]
