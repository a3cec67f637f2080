from portal.intake.models.upload import Upload, UploadRow

__all__ = ["Upload", "UploadRow"]
