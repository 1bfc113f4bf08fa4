import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from xapi.domain.importing import TakenOver, Unfinished, begin, take_in
from xapi.models import Client

HELP = """
Takes in statements from a file of JSON Lines, one statement a line.

Good lines are stored, 500 at a time; bad ones are left out and told with their number and the
reason, here and in FILE.refused. What is here already and says the same is not stored twice.
The file may end anywhere and the command may be killed at any time: --resume goes on with the
first line that isn't stored. Afterwards `project` recomputes the learners concerned.

The data of a statement's attachments stands before it, in lines {"attachment": {"sha2": …,
"contentType": …, "data": base64}}, as xapi_export writes them. If it is bad, the statement is refused
too; at most 64 MiB come along with one statement.

Who vouches for an imported statement is the client that --client names. What it is trusted for
holds for what it imports, and an authority in the file is never believed.

--as-is is for one's own export, when a store moves: authority, stored, timestamp and version stay
as the file says, in the file's order. The clients that wrote them must be here first, with the
same keys. Whoever can write the file can then say anything in the platform's name: use it only
for a file that nobody else has had. Statements get new sequence numbers, so that a forwarding has
to begin anew (the other store takes each statement once), and pages with `more` are asked again.
"""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(
            prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--client", metavar="KEY", help="the client that vouches for the statements")
        who.add_argument("--as-is", action="store_true", help="keep what one's own export says")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--resume", action="store_true", help="go on where an import of the file stopped")
        how.add_argument("--anew", action="store_true", help="begin again at the first line")

    def handle(self, *, file: Path, client: str | None, as_is: bool, **options: Any) -> None:
        vouching = None
        if client is not None:
            vouching = Client.objects.active().filter(key=client).first()
            if vouching is None:
                raise CommandError(f"There is no active client with the key {client}.")
        try:
            with file.open("rb") as lines:
                run = begin(lines, client=vouching, resume=options["resume"], anew=options["anew"])
                self._take_in(run, lines, file, as_is=as_is)
        except Unfinished as unfinished:
            raise CommandError(f"{unfinished} Say --resume to go on, or --anew to begin again.") from None
        except TakenOver as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        self.stdout.write(f"{run.stored} stored, {run.known} here already, {run.refused} refused")
        if run.refused:
            raise CommandError(f"{run.refused} lines are refused; {file}.refused says which and why.")

    def _take_in(self, run: Any, lines: Any, file: Path, *, as_is: bool) -> None:
        report_file = file.with_name(file.name + ".refused")
        if run.line == 0:
            report_file.unlink(missing_ok=True)

        def report(number: int, reason: str) -> None:
            said = f"line {number}: {reason}"
            self.stderr.write(said)
            with report_file.open("a", encoding="utf-8") as out:
                out.write(said + "\n")

        console = Console(stderr=True)
        with Progress(console=console, disable=not sys.stderr.isatty()) as progress:
            bar = progress.add_task("Reading", total=file.stat().st_size, completed=run.offset)
            for state in take_in(run, lines, report=report, as_is=as_is):
                progress.update(bar, completed=state.offset)
