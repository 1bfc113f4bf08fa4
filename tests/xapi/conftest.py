"""What the tests of the store's resources share: a client, and how it asks."""

import json

import pytest

from tests.factories.xapi import ClientFactory, credentials

URL = "/xapi/statements"


@pytest.fixture
def system():
    return ClientFactory()


@pytest.fixture
def post(client, system):
    def post(body, url=URL, headers=None, kind="application/json", **how):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        return client.post(url, body, kind, headers=headers or credentials(system), **how)

    return post


@pytest.fixture
def get(client, system):
    def get(url=URL, headers=None, **asked):
        return client.get(url, asked, headers=headers or credentials(system))

    return get
