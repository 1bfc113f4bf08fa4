import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import translation

from xapi.domain.forwarding import (
    Unreachable,
    backlog_in_words,
    forward_all,
    send_refused_again,
    with_backlog,
)
from xapi.models import Forwarding

#: Seconds between two looks at what waits.
PAUSE = 2.0


class Command(BaseCommand):
    help = (
        "Sends new statements to the other record stores that the back office names, in order. "
        "With --follow it goes on until it is told to stop. `tick` does the same, a while at a time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--follow", action="store_true", help="go on until SIGTERM or Ctrl-C")
        what.add_argument("--status", action="store_true", help="send nothing; say what waits where, and why")
        what.add_argument("--refused", action="store_true", help="send once more what was refused there")

    def handle(self, *, follow: bool, status: bool, refused: bool, **_options: Any) -> None:
        if status:
            self._say()
        elif refused:
            for forwarding in Forwarding.objects.filter(is_active=True):
                try:
                    taken = send_refused_again(forwarding)
                except Unreachable as error:
                    raise CommandError(f"{forwarding}: {error}") from error
                left = forwarding.refusals.count()
                self.stdout.write(f"{forwarding}: {taken} taken, {left} refused again")
        elif follow:
            self._follow()
        else:
            self.stdout.write(f"{forward_all(seconds=float('inf'))} sent")

    def _follow(self) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        # A while that is begun is finished: the signal only sets the event.
        while not stop.is_set():
            close_old_connections()
            if not forward_all(seconds=5):
                stop.wait(PAUSE)

    def _say(self) -> None:
        with translation.override("en"):
            rows: Any = with_backlog(Forwarding.objects.all())
            for forwarding in rows:
                backlog = backlog_in_words(forwarding)
                waits = f"waits: {backlog}" if backlog else "nothing waits"
                said = f"{forwarding}: {waits}; {forwarding.sent} sent, {forwarding.refused} refused"
                self.stdout.write(said + (f"; {forwarding.last_error}" if forwarding.last_error else ""))
