"""Which Host headers are answered: plausible ones, and where ALLOWED_HOSTS is set, those alone."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, request

PLAUSIBLE = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9._-]{0,252}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::(\d{1,5}))?", re.IGNORECASE
)
HIGHEST_PORT = 65535
PROBES = ("/healthz", "/readyz")
"""What load balancers ask by address."""


def init_app(app: Flask, allowed: tuple[str, ...]) -> None:
    """Check the host before anything else."""

    def check() -> Response | None:
        if is_served(request.environ, allowed):
            return None
        return Response("This host is not served here.\n", 400, mimetype="text/plain")

    app.before_request_funcs.setdefault(None, []).insert(0, check)


def is_served(environ: Mapping[str, Any], allowed: tuple[str, ...]) -> bool:
    """Say whether a request names a host that is plausible, and allowed unless a probe asks."""
    host = environ.get("HTTP_HOST", "")
    found = PLAUSIBLE.fullmatch(host)
    if found is None or int(found[1] or 0) > HIGHEST_PORT:
        return False
    return environ.get("PATH_INFO") in PROBES or is_allowed(host, allowed)


def is_allowed(host: str, allowed: tuple[str, ...]) -> bool:
    """Say whether a host is served; its port does not matter."""
    if not allowed:
        return True
    name = re.sub(r":\d+$", "", host.lower())
    return any(name == one or (one.startswith(".") and f".{name}".endswith(one)) for one in allowed)
