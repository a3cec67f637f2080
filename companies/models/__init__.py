from companies.models.cluster import Cluster
from companies.models.industry import Industry

__all__ = ["Cluster", "Industry"]
