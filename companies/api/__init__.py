"""Clusters, companies, workplaces and figures in the REST API."""

from companies.api.clusters import ClusterViewSet
from companies.api.companies import CompanyViewSet
from companies.api.figures import CompanyFiguresViewSet
from companies.api.workplaces import WorkplaceViewSet

__all__ = ["ClusterViewSet", "CompanyFiguresViewSet", "CompanyViewSet", "WorkplaceViewSet"]
