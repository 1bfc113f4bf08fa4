"""Statements and clients for tests."""

import base64
import hashlib
import json
import uuid
from typing import Any

import factory
from factory.django import DjangoModelFactory

from xapi import vocabulary
from xapi.domain.clients import create_client
from xapi.enums import Scope
from xapi.models import Client

ACTIVITY = "https://lindra.example/id/modules/m02"


def a_statement(
    learner: uuid.UUID | None = None,
    verb: str = vocabulary.ANSWERED,
    activity: str = ACTIVITY,
    **properties: Any,
) -> dict[str, Any]:
    """A valid statement about a learner of ours; `properties` are added, or replace what is there."""
    return {
        "actor": vocabulary.actor_of(learner or uuid.uuid4()),
        "verb": vocabulary.verb(verb),
        "object": {"objectType": "Activity", "id": activity},
        **properties,
    }


def a_voiding(statement_id: uuid.UUID, **properties: Any) -> dict[str, Any]:
    """A valid statement that voids another."""
    return {
        "actor": {"mbox": "mailto:drift@lindra.example"},
        "verb": vocabulary.verb(vocabulary.VOIDED),
        "object": {"objectType": "StatementRef", "id": str(statement_id)},
        **properties,
    }


class ClientFactory(DjangoModelFactory):
    """A client that may do everything and is trusted for nothing. `client.secret` is its secret."""

    class Meta:
        model = Client

    name = factory.Sequence(lambda n: f"Learning system {n}")
    scopes = (Scope.ALL,)

    @classmethod
    def _create(cls, model_class: type[Client], *args: Any, **fields: Any) -> Client:
        client, client.secret = create_client(**fields)
        return client


def credentials(client: Client, version: str = "2.0.0") -> dict[str, str]:
    """The headers of a request by this client."""
    pair = base64.b64encode(f"{client.key}:{client.secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}", "X-Experience-API-Version": version}


def an_attachment(data: bytes, **properties: Any) -> dict[str, Any]:
    """What a statement says of this data when it comes along; `properties` replace what is there."""
    return {
        "usageType": "https://lindra.example/id/usage/file",
        "display": {"da": "Bilag"},
        "contentType": "text/plain",
        "length": len(data),
        "sha2": hashlib.sha256(data).hexdigest(),
        **properties,
    }


def a_part(data: bytes, **headers: str | None) -> bytes:
    """The part of a body that brings this data; a header of None is left out."""
    given = {
        "Content-Type": "text/plain",
        "Content-Transfer-Encoding": "binary",
        "X-Experience-API-Hash": hashlib.sha256(data).hexdigest(),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = [f"{name}: {value}" for name, value in given.items() if value is not None]
    return "\r\n".join([*lines, "", ""]).encode() + data


def a_multipart(said: Any, *parts: bytes, boundary: str = "kant") -> bytes:
    """The body that brings statements and these parts."""
    first = b"Content-Type: application/json\r\n\r\n" + json.dumps(said).encode()
    edge = f"--{boundary}".encode()
    return b"".join(edge + b"\r\n" + part + b"\r\n" for part in (first, *parts)) + edge + b"--\r\n"
