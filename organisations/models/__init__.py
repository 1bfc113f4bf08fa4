"""People and places. One noun a file; every interval is half-open and in Copenhagen days."""

from .areas import Area, AreaMembership
from .disclosures import Disclosure
from .employments import Employment, Profession
from .grants import RoleGrant
from .invitations import Invitation
from .mails import MailSetting
from .pending import DayMarked, PendingPerson
from .people import Login, Person, User
from .units import OrgUnit, UnitAncestry, UnitParent

__all__ = [
    "Area",
    "AreaMembership",
    "DayMarked",
    "Disclosure",
    "Employment",
    "Invitation",
    "Login",
    "MailSetting",
    "OrgUnit",
    "PendingPerson",
    "Person",
    "Profession",
    "RoleGrant",
    "UnitAncestry",
    "UnitParent",
    "User",
]
