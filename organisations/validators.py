"""Identifiers of the Danish health service, each refused with a sentence that says why."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

AUTHORISATION_ID = re.compile(r"[B-DF-HJ-NP-TV-Z0-9]{5}")
USERNAME = re.compile(r"[a-z][a-z0-9.-]{2,29}")
SOR_CODE = re.compile(r"\d+100001600\d")
CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)

# Verhoeff's tables: the dihedral group D5 and the permutation by position.
_D5 = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
    (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
    (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
    (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2),
    (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
    (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
_POSITION = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 5, 7, 6, 2, 8, 3, 0, 9, 4),
    (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7),
    (9, 4, 5, 3, 1, 2, 6, 8, 7, 0),
    (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5),
    (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)


def verhoeff_holds(digits: str) -> bool:
    """Whether the last digit is the Verhoeff check digit of those before it."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = _D5[check][_POSITION[place % 8][int(digit)]]
    return check == 0


def validate_sor_code(value: str) -> None:
    r"""A SOR code: `^\d+100001600\d$` with a Verhoeff check digit (observed, see domain.md)."""
    if not re.fullmatch(SOR_CODE, value) or not value.isascii():
        raise ValidationError(
            _("“%(value)s” is not a SOR code: it is digits only, and ends in 100001600 and a check digit."),
            code="sor_form",
            params={"value": value},
        )
    if not verhoeff_holds(value):
        raise ValidationError(
            _("The SOR code %(value)s has a wrong check digit. A digit was probably mistyped."),
            code="sor_check_digit",
            params={"value": value},
        )


def validate_cvr(value: str) -> None:
    """A CVR number: eight digits, weighted sum divisible by 11."""
    if not re.fullmatch(r"[1-9]\d{7}", value) or not value.isascii():
        raise ValidationError(
            _("“%(value)s” is not a CVR number: it has eight digits and doesn't begin with 0."),
            code="cvr_form",
            params={"value": value},
        )
    if sum(weight * int(digit) for weight, digit in zip(CVR_WEIGHTS, value, strict=True)) % 11:
        raise ValidationError(
            _("The CVR number %(value)s has a wrong check digit. A digit was probably mistyped."),
            code="cvr_check_digit",
            params={"value": value},
        )


def validate_authorisation_id(value: str) -> None:
    """An authorisation ID: five characters, digits and consonants including Y."""
    if not re.fullmatch(AUTHORISATION_ID, value):
        raise ValidationError(
            _(
                "“%(value)s” is not an authorisation ID: it has five characters, digits and capital "
                "consonants only (the vowels A, E, I, O and U are not used)."
            ),
            code="authorisation_id_form",
            params={"value": value},
        )


def validate_username(value: str) -> None:
    """A username: small letters a to z, digits, full stop and hyphen. Never anything like a CPR number."""
    if not re.fullmatch(USERNAME, value):
        raise ValidationError(
            _(
                "A username has 3 to 30 characters: the letters a to z, digits, full stop and hyphen. "
                "It begins with a letter."
            ),
            code="username_form",
        )


def validate_municipality_code(value: str) -> None:
    """A municipality code (kommunekode): three digits, 101 to 860."""
    if not re.fullmatch(r"[0-9]{3}", value) or not 101 <= int(value) <= 860:
        raise ValidationError(
            _("“%(value)s” is not a municipality code: it has three digits, from 101 to 860."),
            code="municipality_code_form",
            params={"value": value},
        )


CPR_LIKE = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d\d[-–  ]?\d{4}(?!\d)")


def refuse_cpr_number(value: str) -> None:
    """Refuse a text in which something looks like a CPR number: a date of birth and four digits."""
    if re.search(CPR_LIKE, value):
        raise ValidationError(
            _(
                "The text holds something that looks like a CPR number. Take it out: nothing that can "
                "identify a patient may be written here."
            ),
            code="cpr_like",
        )
