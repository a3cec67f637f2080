from portal.intake.models.remembered import RememberedColumn
from portal.intake.models.upload import Upload, UploadRow

__all__ = ["RememberedColumn", "Upload", "UploadRow"]
