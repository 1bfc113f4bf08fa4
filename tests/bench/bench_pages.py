"""A learner's pages against a bare Wagtail page of the same site: server time, queries and what travels."""

import gzip
import io

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from playwright.sync_api import Page, sync_playwright

from tests.bench.database import address, say, scratch_database, seconds
from tests.bench.server import SECRET_KEY, serving
from tests.browser import NO_CHROMIUM, chromium

from config.demo import LOGINS  # isort: skip
from content.models import ModulePage  # isort: skip
from courses.domain import enrolment  # isort: skip
from courses.models import Edition  # isort: skip
from organisations.models import User  # isort: skip
from wagtail.models import Page as WagtailPage  # isort: skip

LOADS = (*settings.LOADS, "load_demo")
#: What the first view of a module may weigh on the wire, in bytes.
LIMIT = 250_000


def main() -> None:
    path = chromium()
    with scratch_database() as vendor:
        print(f"Pages on {vendor}, in this process, without a network:", flush=True)
        for name in LOADS:
            call_command(name, verbosity=0, stdout=io.StringIO())
        user = User.objects.get(email=LOGINS[0].email)
        module = ModulePage.objects.get(code="M02", locale__language_code="da")
        edition = Edition.objects.of_module(module.translation_key).in_language("da").newest_first()[0]
        enrolment.begin(user.person, edition=edition)
        measure_the_server(user, module)
        if path is None:
            print(NO_CHROMIUM)
        else:
            print("What travels to a browser that was never here, from gunicorn, with its static files:")
            measure_the_wire(path, user, module)


def measure_the_server(user: User, module: ModulePage) -> None:
    bare = module.get_parent().add_child(instance=WagtailPage(title="Bar", slug="bar"))
    client = Client()
    client.force_login(user)
    peer = seconds(lambda: client.get(bare.url), times=20)
    for name, place in (
        ("a module", module.url),
        ("a step", f"{module.url}trin/2/"),
        ("the list of modules", "/moduler/"),
        ("a search", "/soeg/?q=smerter"),
        ("my page", "/mit/"),
        ("my profile", "/mit/profil/"),
    ):
        say(name, seconds(lambda place=place: client.get(place), times=20), "a bare Wagtail page", peer)
        with CaptureQueriesContext(connection) as asked:
            html = client.get(place).content
        print(f"  {len(asked)} queries, {len(gzip.compress(html)) / 1000:.1f} kB of HTML, compressed")


def measure_the_wire(path: str, user: User, module: ModulePage) -> None:
    client = Client()
    with override_settings(SECRET_KEY=SECRET_KEY):
        client.force_login(user)
    # As `make run` serves it.
    with serving(address(), settings="config.settings.local") as port, sync_playwright() as playwright:
        site = f"http://127.0.0.1:{port}"
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-background-networking"]
        )
        for name, place in (("a module", module.url), ("its first step", f"{module.url}trin/1/")):
            context = browser.new_context(base_url=site, locale="da-DK")
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
            weigh(name, context.new_page(), place)
            context.close()
        browser.close()


def weigh(name: str, page: Page, place: str) -> None:
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
    page.goto(place)
    page.wait_for_load_state("networkidle")
    whole = sum(came.values())
    parts = ", ".join(f"{kind} {size / 1000:.1f}" for kind, size in sorted(came.items()))
    print(f"{name}: {whole / 1000:.1f} kB of at most {LIMIT / 1000:.0f}, ratio {whole / LIMIT:.2f} ({parts})")


if __name__ == "__main__":
    main()
