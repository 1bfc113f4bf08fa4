import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from xapi.projection import project_pending

#: Seconds between two looks at the sources.
PAUSE = 1.0


class Command(BaseCommand):
    help = "Projects the learners who wait. With --follow it goes on until it is told to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--follow", action="store_true", help="go on until SIGTERM or Ctrl-C")

    def handle(self, *, follow: bool, **_options: Any) -> None:
        if not follow:
            self.stdout.write(f"{project_pending()} projected")
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        # A learner who is begun is finished: the signal only sets the event.
        while not stop.is_set():
            close_old_connections()
            done = project_pending(limit=20)
            if not done:
                stop.wait(PAUSE)
