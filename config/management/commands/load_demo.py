"""Make the demo's world, once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import demo_world as demo


class Command(BaseCommand):
    help = "Make the demo: made-up people in real places. If it is there, it is left as it is."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if demo.exists():
            self.stdout.write("The demo is there, and stays as it is.")
            return
        try:
            demo.make()
        except demo.NotReady as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write("The demo is made.")
