from portal.directory.models.event import Event
from portal.directory.models.holiday import Holiday
from portal.directory.models.job import Job
from portal.directory.models.notice import Notice
from portal.directory.models.organization import Jurisdiction, Organization
from portal.directory.models.region import Region, RegionCode, RegionName, RegionSuccession
from portal.directory.models.user import ClientToken, Membership, User

__all__ = [
    "ClientToken",
    "Event",
    "Holiday",
    "Job",
    "Jurisdiction",
    "Membership",
    "Notice",
    "Organization",
    "Region",
    "RegionCode",
    "RegionName",
    "RegionSuccession",
    "User",
]
