"""Instants as they are written on a command line."""

from argparse import ArgumentTypeError
from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime


def instant(text: str) -> datetime:
    """A date (its beginning, local time) or a date with a time."""
    try:
        found = parse_datetime(text)
        if found is None and (day := parse_date(text)):
            found = datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone())
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is not a date that exists") from error
    if found is None:
        raise ArgumentTypeError(f"{text} is not a date like 2027-12-31")
    return found if timezone.is_aware(found) else timezone.make_aware(found)
