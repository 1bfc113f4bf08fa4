"""The embedded default, used by `make run`: one process, one SQLite file, no secrets to set."""

from django.core.management.utils import get_random_secret_key

from .base import *  # noqa: F403  (a settings module is its base plus what differs)
from .base import ALLOWED_HOSTS, BASE_DIR, env

VAR = BASE_DIR / "var"
VAR.mkdir(exist_ok=True)


def _own_secret_key() -> str:
    """A random key, made at the first start and kept, so that log-ins outlive a restart."""
    path = VAR / "secret-key"
    if not path.exists():
        path.write_text(get_random_secret_key())
        path.chmod(0o600)
    return path.read_text()


SECRET_KEY = env("SECRET_KEY", default="") or _own_secret_key()
#: The demo's log-ins and their password may be shown on the log-in page.
DEMO = env.bool("DEMO", default=True)
#: No other server stands in front and serves what editors upload.
SERVE_MEDIA = True
if env("HOST", default="") in {"0.0.0.0", "::"}:  # noqa: S104  (who asks for it wants to be reached)
    ALLOWED_HOSTS = ["*"]
elif env("HOST", default=""):
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, env("HOST")]
