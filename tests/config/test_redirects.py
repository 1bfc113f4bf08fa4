"""Where a page has gone, an editor says; the record store isn't a page."""

import pytest
from wagtail.contrib.redirects.models import Redirect

pytestmark = pytest.mark.django_db


def test_a_page_that_has_moved_leads_on(client):
    Redirect.objects.create(old_path="/gammel", redirect_link="/moduler/")
    assert client.get("/gammel/").headers["Location"] == "/moduler/"


def test_what_is_not_in_the_record_store_leads_nowhere_and_asks_nobody(client, django_assert_num_queries):
    Redirect.objects.create(old_path="/xapi/gammel", redirect_link="/moduler/")
    with django_assert_num_queries(0):
        assert client.get("/xapi/gammel").status_code == 404
