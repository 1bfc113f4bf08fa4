"""The back office's forms. Each writes through the domain, as the user who sent it."""

from ..choosers import UnitField
from .base import DatedForm, DomainForm, show_refusal
from .people import (
    EmploymentForm,
    GrantForm,
    InvitationForm,
    LoginForm,
    NewEmploymentForm,
    NewGrantForm,
    NewInvitationForm,
    NewPersonForm,
    PersonForm,
    SecondStepForm,
)
from .places import (
    CorrectPlaceForm,
    EndPlaceForm,
    MoveForm,
    OnePlaceForm,
    PlaceForm,
    ReopenPlaceForm,
    WithdrawPlaceForm,
)
from .units import AreaForm, NewAreaForm, NewProfessionForm, NewUnitForm, ProfessionForm, UnitForm

__all__ = [
    "AreaForm",
    "CorrectPlaceForm",
    "DatedForm",
    "DomainForm",
    "EmploymentForm",
    "EndPlaceForm",
    "GrantForm",
    "InvitationForm",
    "LoginForm",
    "MoveForm",
    "NewAreaForm",
    "NewEmploymentForm",
    "NewGrantForm",
    "NewInvitationForm",
    "NewPersonForm",
    "NewProfessionForm",
    "NewUnitForm",
    "OnePlaceForm",
    "PersonForm",
    "PlaceForm",
    "ProfessionForm",
    "ReopenPlaceForm",
    "SecondStepForm",
    "UnitField",
    "UnitForm",
    "WithdrawPlaceForm",
    "show_refusal",
]
