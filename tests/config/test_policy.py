"""The content-security policy: strict on the site, its own in the back office."""

import pytest

pytestmark = pytest.mark.django_db


def policy(response) -> dict[str, str]:
    header = response.headers["Content-Security-Policy"]
    return dict(directive.strip().split(" ", 1) for directive in header.split(";") if directive.strip())


def test_the_site_runs_only_its_own_scripts(client):
    directives = policy(client.get("/konto/login/"))
    assert directives["script-src"] == "'self'"
    assert directives["object-src"] == "'none'"
    assert directives["form-action"] == "'self'"


def test_the_back_office_may_have_inline_scripts(admin_client):
    assert policy(admin_client.get("/cms/"))["script-src"] == "'self' 'unsafe-inline'"


def test_an_address_that_only_looks_like_the_back_office_keeps_the_strict_policy(client):
    assert policy(client.get("/en/cms/"))["script-src"] == "'self'"


def test_the_log_in_page_has_no_inline_script_and_no_outside_address(client):
    body = client.get("/konto/login/").content.decode()
    assert [
        word for word in ("<script>", "onclick=", "http://", "https://", "javascript:") if word in body
    ] == []
