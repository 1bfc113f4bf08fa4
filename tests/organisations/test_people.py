import pytest
from django.core.exceptions import ValidationError

from organisations.domain import people
from organisations.models import PendingPerson, Person, User
from tests.factories.organisations import PersonFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_person_is_registered_and_marked():
    person = people.register_person(given_name=" Signe ", family_name="Holm", authorisation_id="bcd12")
    person.refresh_from_db()
    assert (person.full_name, person.authorisation_id) == ("Signe Holm", "BCD12")
    assert [row.learner for row in PendingPerson.objects.all()] == [person.pseudonym]


def test_two_people_do_not_share_an_authorisation_id():
    PersonFactory(authorisation_id="BCD12")
    with pytest.raises(ValidationError):
        PersonFactory(authorisation_id="BCD12")
    assert Person.objects.count() == 1


def test_any_number_of_people_have_no_authorisation_id():
    PersonFactory()
    PersonFactory()
    assert Person.objects.filter(authorisation_id="").count() == 2


def test_a_person_without_a_name_is_refused():
    with pytest.raises(ValidationError) as error:
        people.register_person(given_name=" ", family_name="Holm")
    assert list(error.value.message_dict) == ["given_name"]


def test_a_correction_keeps_who_the_person_is():
    person = PersonFactory(given_name="Sine")
    pseudonym = person.pseudonym
    people.correct_person(person, given_name="Signe", family_name="Holm")
    person.refresh_from_db()
    assert (person.full_name, person.pseudonym) == ("Signe Holm", pseudonym)


def test_a_person_may_have_several_log_ins():
    person = PersonFactory()
    people.create_login(person, email="Signe@Kommune.dk", password="et-langt-kodeord")
    people.create_login(person, email="signe@hospital.dk")
    first, second = person.users.order_by("pk")
    assert first.email == "signe@kommune.dk"
    assert first.check_password("et-langt-kodeord")
    assert not second.has_usable_password()
    assert [first.is_staff, first.is_superuser] == [False, False]


@pytest.mark.parametrize("email", ["signe@kommune.dk", "SIGNE@kommune.dk", "signe", ""])
def test_an_address_that_is_taken_or_is_none_is_refused(email):
    UserFactory(email="signe@kommune.dk")
    with pytest.raises(ValidationError):
        people.create_login(PersonFactory(), email=email)
    assert User.objects.count() == 1


def test_a_log_in_outlives_its_person_without_a_name():
    user = UserFactory()
    user.person.delete()
    user.refresh_from_db()
    assert user.person is None
    assert user.get_full_name() == user.email
