"""A learner's step against a bare page of the same site: server time and bytes."""

import gzip

from django.core.management import call_command
from django.test import Client

from tests.bench.database import say, scratch_database, seconds

from config.demo import LOGINS  # isort: skip
from content.models import ModulePage  # isort: skip
from courses.domain import enrolment  # isort: skip
from courses.models import Edition  # isort: skip
from organisations.models import User  # isort: skip


def main() -> None:
    with scratch_database() as vendor:
        for name in ("load_reference_data", "load_targets", "import_framework", "load_modules", "load_demo"):
            call_command(name, verbosity=0, stdout=open("/dev/null", "w"))  # noqa: SIM115, PTH123
        print(f"Pages on {vendor}, in this process, without a network:")
        user = User.objects.get(email=LOGINS[0].email)
        page = ModulePage.objects.get(code="M02", locale__language_code="da")
        edition = Edition.objects.of_module(page.translation_key).in_language("da").newest_first()[0]
        enrolment.begin(user.person, edition=edition)
        client = Client()
        client.force_login(user)
        step = f"{page.url}trin/2/"
        bare = seconds(lambda: client.get("/privatliv/"), times=20)
        for name, address in (("a step", step), ("my page", "/mit/"), ("my profile", "/mit/profil/")):
            say(name, seconds(lambda address=address: client.get(address), times=20), "a bare page", bare)
            size = len(gzip.compress(client.get(address).content))
            print(f"  {size / 1000:.1f} kB of HTML, compressed")


if __name__ == "__main__":
    main()
