"""The directory's part of the REST API, and what the endpoints of every app are built from."""

from portal.directory.api.base import ReadViewSet
from portal.directory.api.regions import RegionViewSet

__all__ = ["ReadViewSet", "RegionViewSet"]
