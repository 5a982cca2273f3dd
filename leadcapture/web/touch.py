"""`GET /touch`: a first-party cookie for those whose service is a subdomain of their website (`cookie_domain`).

Browsers that clear what a script has stored after a week (Safari) keep what a server of the same site has set. The
script asks for it as for an image, with the touches that it knows, and reads the cookie from the page: no endpoint
ever allows credentials across origins.
"""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request

from leadcapture.domain.form import Form
from leadcapture.web.services import services

COOKIE = "lc_touch"
MAX_AGE_SECONDS = 90 * 24 * 3600
MOST_CHARACTERS = 3500
"""Browsers drop a cookie of more than 4,096 characters, its name and attributes included."""

blueprint = Blueprint("touch", __name__)


@blueprint.get("/touch")
def touch() -> Response:
    """Keep the visitor's first and last touch in a cookie; remove it when there are none, or he asks for privacy."""
    response = Response(status=204)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Cross-Origin-Resource-Policy"] = "same-site"
    domain = cookie_domain(request.host, services().catalogue.forms.values())
    if domain is None or request.headers.get("Sec-Fetch-Site", "same-site") not in {"same-site", "same-origin"}:
        return response
    private = request.headers.get("Sec-GPC") == "1"
    value = "" if private else cookie_value(request.args.get("t", ""))
    if value is not None:
        response.set_cookie(
            COOKIE,
            value,
            max_age=MAX_AGE_SECONDS if value else 0,
            domain=domain,
            secure=request.is_secure,
            samesite="Lax",
        )
    return response


def cookie_domain(host: str, forms: Iterable[Form]) -> str | None:
    """Return the longest of the forms' cookie domains that a request's host is, or is under."""
    name = host.partition(":")[0].lower()
    domains = {form.cookie_domain for form in forms if form.cookie_domain}
    return max((one for one in domains if name == one or name.endswith(f".{one}")), key=len, default=None)


def cookie_value(text: str) -> str | None:
    """Return touches as the cookie says them, "" for none; None for what our script does not send."""
    try:
        said = json.loads(text) if text else {}
        touches = {name: _touch(part) for name, part in said.items() if name in ("first", "last")}
        value = quote(json.dumps(touches, ensure_ascii=False, separators=(",", ":")), safe="!*'()")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    if len(value) > MOST_CHARACTERS:
        return None
    return value if touches else ""


def _touch(said: dict[str, Any]) -> dict[str, str]:
    if not all(isinstance(said[part], str) for part in ("url", "referrer", "at")):
        raise TypeError
    return {part: said[part] for part in ("url", "referrer", "at")}
