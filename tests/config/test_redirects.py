"""Where a page has gone, an editor says; the record store isn't a page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect

pytestmark = pytest.mark.django_db


def test_a_page_that_has_moved_leads_on(client):
    Redirect.objects.create(old_path="/gammel", redirect_link="/moduler/")
    assert client.get("/gammel/").headers["Location"] == "/moduler/"


def test_what_is_not_in_the_record_store_leads_nowhere_and_asks_no_redirect(client):
    Redirect.objects.create(old_path="/xapi/gammel", redirect_link="/moduler/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/xapi/gammel/").status_code == 404
    assert [sql for sql in asked if "redirect" in sql["sql"]] == []
