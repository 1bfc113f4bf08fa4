import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from organisations.validators import (
    refuse_cpr_number,
    validate_authorisation_id,
    validate_cvr,
    validate_municipality_code,
    validate_sor_code,
    verhoeff_holds,
)

SOR = "440781000016009"
CVR = "64942212"


def code_of(validator, value):
    """The code of the refusal, or None where the value is accepted."""
    try:
        validator(value)
    except ValidationError as error:
        return error.code
    return None


def test_a_refusal_names_what_was_wrong():
    with pytest.raises(ValidationError) as error:
        validate_sor_code("440781000016008")
    assert "440781000016008" in error.value.messages[0]


def test_a_refused_text_is_not_repeated():
    with pytest.raises(ValidationError) as error:
        refuse_cpr_number("Født 010203-1234")
    assert "010203" not in error.value.messages[0]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (SOR, None),
        ("900791000016001", None),
        ("440781000016008", "sor_check_digit"),
        ("540781000016009", "sor_check_digit"),
        (SOR + "\n", "sor_form"),
        ("\n" + SOR, "sor_form"),
        (" " + SOR, "sor_form"),
        ("٤٤٠٧٨١٠٠٠٠١٦٠٠٩", "sor_form"),
        ("４" + SOR[1:], "sor_form"),
        ("100001600", "sor_form"),
        ("1000016009", "sor_form"),
        ("440781000017009", "sor_form"),
        ("-40781000016009", "sor_form"),
        ("", "sor_form"),
    ],
)
def test_a_sor_code_has_its_form_and_its_check_digit(value, code):
    assert code_of(validate_sor_code, value) == code


@given(place=st.integers(0, len(SOR) - 1), digit=st.sampled_from("0123456789"))
def test_verhoeff_catches_any_single_wrong_digit(place, digit):
    changed = SOR[:place] + digit + SOR[place + 1 :]
    assert verhoeff_holds(changed) == (changed == SOR)


@given(start=st.text("0123456789", min_size=1, max_size=20))
def test_every_number_has_exactly_one_verhoeff_check_digit(start):
    assert len([digit for digit in "0123456789" if verhoeff_holds(start + digit)]) == 1


@given(
    start=st.text("0123456789", min_size=2, max_size=20), place=st.integers(0, 18), wrong=st.integers(1, 9)
)
def test_verhoeff_catches_a_wrong_digit_in_any_number(start, place, wrong):
    number = next(start + digit for digit in "0123456789" if verhoeff_holds(start + digit))
    place %= len(number)
    changed = number[:place] + str((int(number[place]) + wrong) % 10) + number[place + 1 :]
    assert not verhoeff_holds(changed)


@given(start=st.text("0123456789", min_size=2, max_size=20), place=st.integers(0, 18))
def test_verhoeff_catches_two_neighbours_that_changed_places(start, place):
    number = next(start + digit for digit in "0123456789" if verhoeff_holds(start + digit))
    place %= len(number) - 1
    changed = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert verhoeff_holds(changed) == (changed == number)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (CVR, None),
        ("64942213", "cvr_check_digit"),
        ("6494221", "cvr_form"),
        ("649422120", "cvr_form"),
        ("04942212", "cvr_form"),
        (CVR + "\n", "cvr_form"),
        ("٦٤٩٤٢٢١٢", "cvr_form"),
        ("6494221²", "cvr_form"),
        ("", "cvr_form"),
    ],
)
def test_a_cvr_number_has_its_form_and_its_check_digit(value, code):
    assert code_of(validate_cvr, value) == code


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("BCD12", None),
        ("Y9Z00", None),
        ("00000", None),
        ("bcd12", "authorisation_id_form"),
        ("ABCD1", "authorisation_id_form"),
        ("BCD1", "authorisation_id_form"),
        ("BCD123", "authorisation_id_form"),
        ("BCD12\n", "authorisation_id_form"),
        ("BCD1٢", "authorisation_id_form"),
        ("ØCD12", "authorisation_id_form"),
        ("", "authorisation_id_form"),
    ],
)
def test_an_authorisation_id_is_five_digits_and_capital_consonants(value, code):
    assert code_of(validate_authorisation_id, value) == code


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("101", None),
        ("860", None),
        ("100", "municipality_code_form"),
        ("861", "municipality_code_form"),
        ("0101", "municipality_code_form"),
        ("75", "municipality_code_form"),
        ("751\n", "municipality_code_form"),
        ("٧٥١", "municipality_code_form"),
        ("", "municipality_code_form"),
    ],
)
def test_a_municipality_code_lies_between_101_and_860(value, code):
    assert code_of(validate_municipality_code, value) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Hun er født 010203-1234 i Skive", "cpr_like"),
        ("0102031234", "cpr_like"),
        ("010203 1234", "cpr_like"),
        ("010203–1234", "cpr_like"),
        ("311299-1234.", "cpr_like"),
        ("320203-1234", None),
        ("011303-1234", None),
        ("Ring 87 12 34 56", None),
        ("440781000016009", None),
        ("Den 01.02.2026 kl. 12.34", None),
        ("", None),
    ],
)
def test_a_text_with_something_like_a_cpr_number_is_refused(text, code):
    assert code_of(refuse_cpr_number, text) == code
