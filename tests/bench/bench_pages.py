"""A learner's pages against a bare Wagtail page of the same site: server time, queries and what travels."""

import gzip
import io

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Page, sync_playwright

from tests.bench.database import say, scratch_database, seconds
from tests.bench.server import manage, postgres_database, serving
from tests.browser import NO_CHROMIUM, chromium

from config.demo import LOGINS, PASSWORD  # isort: skip
from content.models import ModulePage  # isort: skip
from courses.domain import enrolment  # isort: skip
from courses.models import Edition  # isort: skip
from organisations.models import User  # isort: skip
from wagtail.models import Page as WagtailPage  # isort: skip

LOADS = (*settings.LOADS, "load_demo")
#: What the first view of a module may weigh on the wire, in bytes.
LIMIT = 250_000
MODULE = "/moduler/se-det-i-tide/"
#: As `make run` serves it.
WITH_DEMO = {"settings": "config.settings.local"}


def main() -> None:
    with scratch_database() as vendor:
        print(f"Pages on {vendor}, in this process, without a network:")
        measure_the_server()
    path = chromium()
    if path is None:
        print(NO_CHROMIUM)
    else:
        print("What travels to a browser that was never here, from gunicorn, with its static files:")
        measure_the_wire(path)


def measure_the_server() -> None:
    for name in LOADS:
        call_command(name, verbosity=0, stdout=io.StringIO())
    user = User.objects.get(email=LOGINS[0].email)
    module = ModulePage.objects.get(code="M02", locale__language_code="da")
    bare = module.get_parent().add_child(instance=WagtailPage(title="Bar", slug="bar"))
    edition = Edition.objects.of_module(module.translation_key).in_language("da").newest_first()[0]
    enrolment.begin(user.person, edition=edition)
    client = Client()
    client.force_login(user)
    peer = seconds(lambda: client.get(bare.url), times=20)
    for name, address in (
        ("a module", module.url),
        ("a step", f"{module.url}trin/2/"),
        ("my page", "/mit/"),
        ("my profile", "/mit/profil/"),
    ):
        say(name, seconds(lambda address=address: client.get(address), times=20), "a bare Wagtail page", peer)
        with CaptureQueriesContext(connection) as asked:
            html = client.get(address).content
        print(f"  {len(asked)} queries, {len(gzip.compress(html)) / 1000:.1f} kB of HTML, compressed")


def measure_the_wire(path: str) -> None:
    with postgres_database("lindra_bench_pages") as database:
        for name in LOADS:
            manage(name, database=database, **WITH_DEMO)
        with serving(database, **WITH_DEMO) as port, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            for name, address in (("a module", MODULE), ("its first step", f"{MODULE}trin/1/")):
                context = browser.new_context(base_url=f"http://127.0.0.1:{port}", locale="da-DK")
                page = context.new_page()
                page.goto("/konto/login/")
                page.fill("input[name=login]", LOGINS[0].email)
                page.fill("input[name=password]", PASSWORD)
                with page.expect_navigation():
                    page.click("main button[type=submit]")
                if "trin" in address:
                    page.goto(MODULE)
                    with page.expect_navigation():
                        page.get_by_role("button", name="Begynd").click()
                weigh(name, context.new_page(), address)
                context.close()
            browser.close()


def weigh(name: str, page: Page, address: str) -> None:
    """Opens the page with nothing kept from before, and says what came, by kind."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.clearBrowserCache")
    kinds: dict[str, str] = {}
    came: dict[str, float] = {}
    wire.on("Network.responseReceived", lambda said: kinds.update({said["requestId"]: said["type"]}))

    def over(said: dict[str, object]) -> None:
        kind = kinds.get(str(said["requestId"]), "Other")
        came[kind] = came.get(kind, 0) + float(str(said["encodedDataLength"]))

    wire.on("Network.loadingFinished", over)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    whole = sum(came.values())
    parts = ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in sorted(came.items()))
    print(f"{name}: {whole / 1000:.1f} kB of at most {LIMIT / 1000:.0f}, ratio {whole / LIMIT:.2f} ({parts})")


if __name__ == "__main__":
    main()
