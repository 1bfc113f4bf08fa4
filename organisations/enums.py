"""The closed lists of this room. The values are stored; the labels are for people."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class UnitKind(TextChoices):
    """What sort of employer or part of one a unit is.

    A department (klinisk afdeling) has wards (sengeafsnit): the two are not the same, and a target
    names which of them it speaks of (domain.md, "Words").
    """

    REGION = "region", _("Region")
    HOSPITAL = "hospital", _("Hospital")
    DEPARTMENT = "department", _("Department")
    WARD = "ward", _("Ward")
    MUNICIPALITY = "municipality", _("Municipality")
    DISTRICT = "district", _("District")
    TEAM = "team", _("Team")
    HOSPICE = "hospice", _("Hospice")
    GP_CLINIC = "gp_clinic", _("General practice")
    PRIVATE_SUPPLIER = "private_supplier", _("Private supplier")


class Sector(TextChoices):
    """Where a unit belongs in the health service. A profile is by profession and sector."""

    MUNICIPALITY = "municipality", _("Municipality")
    HOSPITAL = "hospital", _("Hospital")
    GENERAL_PRACTICE = "general_practice", _("General practice")
    HOSPICE = "hospice", _("Hospice")


SECTOR_OF_KIND = {
    UnitKind.REGION: Sector.HOSPITAL,
    UnitKind.HOSPITAL: Sector.HOSPITAL,
    UnitKind.DEPARTMENT: Sector.HOSPITAL,
    UnitKind.WARD: Sector.HOSPITAL,
    UnitKind.MUNICIPALITY: Sector.MUNICIPALITY,
    UnitKind.DISTRICT: Sector.MUNICIPALITY,
    UnitKind.TEAM: Sector.MUNICIPALITY,
    UnitKind.PRIVATE_SUPPLIER: Sector.MUNICIPALITY,
    UnitKind.HOSPICE: Sector.HOSPICE,
    UnitKind.GP_CLINIC: Sector.GENERAL_PRACTICE,
}

#: Which kinds may lie directly under which. A municipality is an employer of its own and never
#: the child of a region; it lies in a region's *area*.
PARENT_KINDS: dict[str, set[str]] = {
    UnitKind.REGION: set(),
    UnitKind.HOSPITAL: {UnitKind.REGION},
    UnitKind.DEPARTMENT: {UnitKind.HOSPITAL},
    UnitKind.WARD: {UnitKind.DEPARTMENT, UnitKind.HOSPITAL},
    UnitKind.MUNICIPALITY: set(),
    UnitKind.DISTRICT: {UnitKind.MUNICIPALITY},
    UnitKind.TEAM: {UnitKind.DISTRICT, UnitKind.MUNICIPALITY, UnitKind.PRIVATE_SUPPLIER, UnitKind.HOSPICE},
    UnitKind.HOSPICE: {UnitKind.REGION},
    UnitKind.GP_CLINIC: set(),
    UnitKind.PRIVATE_SUPPLIER: set(),
}


class AreaKind(TextChoices):
    """A grouping of units that is not an employer."""

    REGION = "region", _("Region's geography")
    HEALTH_COUNCIL = "health_council", _("Health council")
    CLUSTER = "cluster", _("Cluster")


class Role(TextChoices):
    """What a grant lets a person do. Leader is a role, not a profession."""

    LEADER = "leader", _("Leader")
    DEPUTY = "deputy", _("Deputy leader")
    KEY_PERSON = "key_person", _("Key person")
    COORDINATOR = "coordinator", _("Region coordinator")
    EDUCATOR = "educator", _("Educator")
    CLINICAL_REVIEWER = "clinical_reviewer", _("Clinical reviewer")
    LOCAL_EDITOR = "local_editor", _("Local editor")
    ADMINISTRATOR = "administrator", _("Administrator")


#: Roles that are held in a unit, in an area, and for the platform as a whole.
UNIT_ROLES = {Role.LEADER, Role.DEPUTY, Role.KEY_PERSON, Role.LOCAL_EDITOR}
AREA_ROLES = {Role.COORDINATOR}
#: Roles that see the people of a unit and of everything under it.
LEADING_ROLES = {Role.LEADER, Role.DEPUTY}


class Verification(TextChoices):
    """How sure a reference fact is."""

    CROSS_CHECKED = "cross_checked", _("Checked against two sources")
    PARTLY_VERIFIED = "partly_verified", _("Checked in part against a second source")
    NAME_VERIFIED = "name_verified", _("Name checked, members from one source")
    SINGLE_SOURCE = "single_source", _("One source")
    SAMPLE = "sample", _("A sample, not a full list")
    LOCAL = "local", _("Entered locally")


class DisclosureKind(TextChoices):
    """How somebody came to see what is recorded about another person. Said to the one it is about."""

    PERSON_PAGE = "person_page", _("opened your page in the team")
    TEAM_FILE = "team_file", _("downloaded the table of the team")
    WAITING_FILE = "waiting_file", _("downloaded the list of practice tasks that wait")
    SHARED_TEXT = "shared_text", _("read a reflection that you shared")
    KEY_PERSONS_FILE = "key_persons_file", _("downloaded a list of key persons")


#: What is noted once a day, however often it is opened.
DISCLOSED_BY_PAGE = (DisclosureKind.PERSON_PAGE, DisclosureKind.SHARED_TEXT)


class InvitationKind(TextChoices):
    """How a person is told that she can make her log-in."""

    MAIL = "mail", _("By mail")
    PAPER = "paper", _("By letter, with a code")


class MailKind(TextChoices):
    """The mails that a person may turn off: each says that something waits, which stands on a page as well.

    What lets her in, an invitation or a new password, always comes.
    """

    PRACTICE_TASK = "practice_task", _("A practice task waits for me to confirm it")
    SUPPORT = "support", _("A colleague asks me to support a practice task")
    ASKED_FOR_MORE = "asked_for_more", _("Whoever confirms my practice task asks me for more")
    KEY_PERSON_LEAVES = "key_person_leaves", _("A place I lead or coordinate will have too few key persons")
    HELD_BACK = "held_back", _("A module that I submitted or scheduled isn't published at its hour")
