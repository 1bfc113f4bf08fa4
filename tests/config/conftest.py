import importlib
import sys

import pytest


@pytest.fixture
def production(monkeypatch):
    """Reads the settings of a server that others reach, with what it can't do without and `environment`."""
    name = "config.settings.production"

    def read(**environment):
        for key in ("CACHE_URL", "EMAIL_URL", "MFA_REQUIRED", "SECRET_KEY"):
            monkeypatch.delenv(key, raising=False)
        needed = {"SECRET_KEY": "only-for-this-test", "EMAIL_URL": "dummymail://"}
        for key, value in {**needed, **environment}.items():
            if value is not None:
                monkeypatch.setenv(key, value)
        monkeypatch.delitem(sys.modules, name, raising=False)
        return importlib.import_module(name)

    return read
