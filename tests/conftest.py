"""What tests of several rooms share: the day, the browser, and the eye for accessibility."""

import datetime as dt
import gc
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partialmethod
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.color import Style
from django.core.signals import request_finished, request_started
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import TransactionTestCase
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, sync_playwright
from psycopg import sql

from competencies.standing import requirements_of
from tests import template
from tests.browser import NO_CHROMIUM, chromium
from tests.snapshot import all_rows, insert_rows

AXE = Path(settings.NODE_MODULES) / "axe-core" / "axe.min.js"
#: The day on which tests happen, unless they say another.
DAY = dt.date(2026, 11, 22)
OURS = {"127.0.0.1", "localhost", "[::1]", "::1"}
#: No name leads to another machine.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE ::1",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def noon() -> Iterator[Callable[..., None]]:
    """Stops the clock at noon of 22 November 2026; `noon(day)` moves it to noon of another day."""
    copenhagen = ZoneInfo("Europe/Copenhagen")
    with time_machine.travel(dt.datetime.combine(DAY, dt.time(12), copenhagen), tick=False) as clock:

        def move(day: dt.date) -> None:
            clock.move_to(dt.datetime.combine(day, dt.time(12), copenhagen))

        yield move


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    """A request to /en/ leaves English active in the thread; every test begins in Danish."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """What one test had cached (the glossary's words, a framework) stands in no database of the next."""
    cache.clear()
    requirements_of.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def alone_at_the_end(request: pytest.FixtureRequest) -> Iterator[None]:
    """Ends what a thread of a live server may have left open, for PostgreSQL drops no database in use."""
    if connection.vendor != "postgresql":
        yield
        return
    unblocked = request.getfixturevalue("django_db_blocker")
    request.getfixturevalue("django_db_setup")
    yield
    connection.close()  # its server process may be gone
    with unblocked.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    connection.close()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest, django_db_modify_db_settings: None, django_db_blocker
) -> None:
    """One of several processes has its database from what they all copy."""
    if run := getattr(request.config, "workerinput", {}).get("testrunuid"):
        with django_db_blocker.unblock():
            template.begin_as_a_copy(run)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> None:
    """A test that commits leaves the database as it found it: as the migrations made it.

    Django would empty it, and make content types and permissions anew, with other numbers than those that
    the migrations' rows and this process know.
    """
    with django_db_blocker.unblock():
        made = all_rows()

    def put_back(_test: TransactionTestCase) -> None:
        how = {"inhibit_post_migrate": True, "reset_sequences": False}
        call_command("flush", verbosity=0, interactive=False, **how)
        insert_rows(made)

    TransactionTestCase._fixture_teardown = put_back
    if connection.vendor == "postgresql":
        # Of the class: under Playwright's loop Django has another connection than before it.
        operations = type(connection.ops)
        operations.sql_flush = partialmethod(delete_rows, operations.sql_flush)


def delete_rows(
    self: BaseDatabaseOperations,
    truncate: Callable[..., list[str]],
    style: Style,
    tables: list[str],
    **how: bool,
) -> list[str]:
    """What empties only the tables that hold something. TRUNCATE makes new files for every table and index,
    which takes PostgreSQL a second after each test that commits.
    """
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() != (True,):  # who isn't a superuser can't leave foreign keys unchecked
            return truncate(self, style, tables, **how)
        full = []
        for table in map(sql.Identifier, tables):
            cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(table))
            if cursor.fetchone() == (True,):
                full.append(sql.SQL("DELETE FROM {}").format(table).as_string())
    return ["SET session_replication_role = replica", *full, "SET session_replication_role = DEFAULT"]


# --- The browser --------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip(NO_CHROMIUM)
    # Playwright's sync API runs a loop in this thread, and Django refuses the database under one.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


#: How much longer than on a fast machine each request takes, in milliseconds: a test that doesn't wait
#: for the page it asked for fails at once, not now and then.
LAG = int(os.environ.get("BROWSER_LAG", "0"))


class Outside:
    """Remembers every request to another machine, none of which the browser finds (`ARGUMENTS`).

    Nothing is held up to be looked at: a browser that is keeps no file from one page to the next.
    """

    def __init__(self) -> None:
        self.tried: list[str] = []

    def look_at(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob", "about"} and address.hostname not in OURS:
            self.tried.append(request.url)


@pytest.fixture
def quiet_server(live_server) -> Iterator[None]:
    """Waits at the end until the server answers nobody: what it writes late meets an emptied database."""
    answering: set[int] = set()

    def begin(**_signal: object) -> None:
        answering.add(threading.get_ident())

    def end(**_signal: object) -> None:
        answering.discard(threading.get_ident())

    request_started.connect(begin)
    request_finished.connect(end)
    yield
    last = time.monotonic() + 10
    while answering and time.monotonic() < last:
        time.sleep(0.01)
    request_started.disconnect(begin)
    request_finished.disconnect(end)
    assert not answering, "The server still answers a request of this test."


@pytest.fixture
def context(browser: Browser, quiet_server, live_server) -> Iterator[BrowserContext]:
    """A browser without cookies, in Danish, on a desk. Fails the test that reached for the outside."""
    outside = Outside()
    context = browser.new_context(
        base_url=live_server.url, locale="da-DK", timezone_id="Europe/Copenhagen", viewport=DESK
    )
    context.set_default_timeout(10_000)
    context.on("request", outside.look_at)
    yield context
    _leave(context)
    context.close()
    assert outside.tried == []


def _leave(context: BrowserContext) -> None:
    """Leaves every page, and waits for what the pages send on leaving: else the next test would get it."""
    going: set[Request] = set()

    def begin(request: Request) -> None:  # Playwright takes no method of a set
        going.add(request)

    def end(request: Request) -> None:
        going.discard(request)

    context.on("request", begin)
    context.on("requestfinished", end)
    context.on("requestfailed", end)
    for page in context.pages:
        page.goto("about:blank")
        page.wait_for_timeout(20)
        last = time.monotonic() + 5
        while going and time.monotonic() < last:
            page.wait_for_timeout(20)


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """One tab. Fails the test whose page broke the content-security policy or threw an error."""
    page = context.new_page()
    if LAG:
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": LAG, "downloadThroughput": -1, "uploadThroughput": -1},
        )
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console",
        lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None,
    )
    yield page
    assert wrong == []


def follow(page: Page, link: Locator) -> None:
    """Clicks on what leads to another page, and waits until that is there. A click alone returns at once,
    so that whoever reads next may read the page that is left.
    """
    with page.expect_navigation():
        link.click()


@pytest.fixture
def log_in(page: Page) -> Callable[..., None]:
    """Logs in through the log-in page, as people do."""

    def log_in(email: str, password: str) -> None:
        page.goto("/konto/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", password)
        follow(page, page.locator("main button[type=submit]"))
        assert "/konto/login" not in page.url

    return log_in


@pytest.fixture
def assert_accessible() -> Callable[..., None]:
    """Fails with axe-core's findings (WCAG 2.2 AA and best practices), one line each.

    `theirs` names what isn't ours to mend: by rule, a part of the element that breaks it.
    """
    if not AXE.is_file():
        pytest.skip("axe-core isn't installed (npm ci)")
    source = AXE.read_text()
    # What was found right isn't asked for: the list of it takes longer to send than to find.
    run = 'axe.run(document, {resultTypes: ["violations"]}).then(results => results.violations)'

    def assert_accessible(page: Page, *, theirs: Mapping[str, str] = MappingProxyType({})) -> None:
        # Evaluated over the debugger's wire, which the page's own policy doesn't govern.
        page.evaluate(source)
        found = page.evaluate(run)
        lines = [
            f"{violation['id']}: {violation['help']}: {node['html'][:160]}"
            for violation in found
            for node in violation["nodes"]
            if not (violation["id"] in theirs and theirs[violation["id"]] in node["html"])
        ]
        assert lines == [], f"{page.url} at {page.viewport_size}"

    return assert_accessible


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


#: The run, as the process knows it that starts the others.
RUN = pytest.StashKey[str]()


@pytest.hookimpl(optionalhook=True)  # xdist's
def pytest_configure_node(node) -> None:
    node.config.stash[RUN] = node.workerinput["testrunuid"]


@pytest.hookimpl(trylast=True)  # by then nothing keeps this process from the database
def pytest_unconfigure(config: pytest.Config) -> None:
    if RUN in config.stash:
        template.drop(config.stash[RUN])


def pytest_collection_finish() -> None:
    """All that is loaded by now stays to the end. Looking through it for garbage, again and again, took a
    seventh of the time.
    """
    gc.collect()
    gc.freeze()
