"""What gunicorn itself costs: so many bytes as are asked for, with nothing behind them."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

_STATEMENT = b"0" * 1024


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    environ["wsgi.input"].read()
    wanted = int(parse_qs(environ["QUERY_STRING"]).get("kilobytes", ["1"])[0])
    body = _STATEMENT * wanted
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
