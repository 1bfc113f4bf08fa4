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
from .units import AreaForm, NewAreaForm, NewProfessionForm, NewUnitForm, ProfessionForm, UnitForm

__all__ = [
    "AreaForm",
    "DatedForm",
    "DomainForm",
    "EmploymentForm",
    "GrantForm",
    "InvitationForm",
    "LoginForm",
    "NewAreaForm",
    "NewEmploymentForm",
    "NewGrantForm",
    "NewInvitationForm",
    "NewPersonForm",
    "NewProfessionForm",
    "NewUnitForm",
    "PersonForm",
    "ProfessionForm",
    "SecondStepForm",
    "UnitField",
    "UnitForm",
    "show_refusal",
]
