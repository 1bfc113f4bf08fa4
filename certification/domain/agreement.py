"""The targets of the agreement of 2011–2014, from the file that ships with the project."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from organisations.models import Area, Profession

from ..models import Target
from .targets import Decision, adopt_target

AGREEMENT = Path(__file__).resolve().parents[1] / "data" / "targets.json"


class AgreementError(Exception):
    """The file, or what it refers to, can't be used; the message says what is wrong."""


@transaction.atomic
def load_agreement(path: Path = AGREEMENT) -> tuple[int, int]:
    """Adopt the file's targets. Returns how many were loaded, and how many were there before.

    What is there stays as it is, also where somebody has ended it since. All or nothing: raises
    `AgreementError` for a missing field, an unknown area, level or profession.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        area = Area.objects.get(code=data["area"])
        loaded = [
            _load(target, level, data, area) for target in data["targets"] for level in target["levels"]
        ]
    except (OSError, json.JSONDecodeError) as error:
        raise AgreementError(f"{path.name} can't be read: {error}.") from error
    except KeyError as error:
        raise AgreementError(f"{path.name} lacks the field {error}.") from error
    except Area.DoesNotExist as error:
        raise AgreementError(
            f"{path.name} speaks of the area {data['area']}, which isn't there. "
            "Run load_reference_data first."
        ) from error
    except (ValidationError, ValueError) as error:
        message = error.messages[0] if isinstance(error, ValidationError) else error
        raise AgreementError(f"{path.name}: {message}") from error
    return sum(loaded), len(loaded) - sum(loaded)


def _load(target: dict[str, Any], level: str, data: dict[str, Any], area: Area) -> bool:
    """Whether the target was loaded; False when it was there."""
    source = data["source"]
    starts_on = dt.date.fromisoformat(data["starts_on"])
    if Target.objects.filter(area=area, code=target["code"], unit_kind=level, starts_on=starts_on).exists():
        return False
    profession = Profession.objects.filter(code=target["profession"]).first()
    if profession is None:
        raise AgreementError(
            f"{target['code']} speaks of the profession {target['profession']}, which isn't there. "
            "Run load_reference_data first."
        )
    adopt_target(
        area,
        code=target["code"],
        unit_kind=level,
        profession=profession,
        minimum=target["minimum"],
        relevant_only=target["relevant_only"],
        text_da=target["text_da"],
        text_en=target["text_en"],
        decision=Decision(
            text_da=f"{source['da']}. {target['place_da']}. {source['since_da']}.",
            text_en=f"{source['en']}. {target['place_en']}. {source['since_en']}.",
            year=source["year"],
        ),
        starts_on=starts_on,
        ends_on=dt.date.fromisoformat(data["ends_on"]),
    )
    return True
