from crisis.dossiers.models.check import DossierCheck
from crisis.dossiers.models.dossier import Dossier

__all__ = ["Dossier", "DossierCheck"]
