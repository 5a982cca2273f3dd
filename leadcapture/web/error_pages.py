"""What a visitor sees when an address or a request is wrong, and the headers that every answer carries."""

import logging

from flask import Flask, Request, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from leadcapture.errors import StoreUnavailable
from leadcapture.web.access import vary_by_origin, wants_json
from leadcapture.web.pages import error_page
from leadcapture.web.services import services, this_request

log = logging.getLogger(__name__)
OTHER_TITLE, OTHER_MESSAGE = "Not accepted", "The request can't be answered."
TITLES = {404: "Not here", 405: "Not this way", 500: "Something went wrong", 503: "One moment, please"}
MESSAGES = {
    404: "There is no page at this address.",
    405: "This address does not take what was sent to it.",
    500: "It is our fault, and it has been written down. Please try again.",
    503: "The database can't be reached just now. Please try again in a moment.",
}
UNREAD = (400, 413)
"""Where a body may not have been read to its end: the line ends, so that its rest is never taken for a request."""

STRICT = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
ALWAYS = (
    ("Content-Security-Policy", STRICT),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
)
"""What every answer carries unless it says otherwise."""


def init_app(app: Flask) -> None:
    """Register the error pages and the headers."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(StoreUnavailable, _store_unavailable)
    app.register_error_handler(Exception, _unexpected)
    app.after_request(lambda response: harden(response, this_request()))


def _answer(status: int) -> Response:
    language, text = _language(), MESSAGES.get(status, OTHER_MESSAGE)
    if wants_json(request) or request.path.startswith("/hooks/"):
        response = jsonify(ok=False, error=services().texts.translator(language)(text))
        response.status_code = status
    else:
        response = error_page(status, TITLES.get(status, OTHER_TITLE), text, language)
    response.vary.add("Accept-Language")
    return response


def _language() -> str:
    """Return the language of the form that was asked for; else the first of the visitor's that we speak."""
    kind, _, rest = request.path.strip("/").partition("/")
    form = services().catalogue.forms.get(rest.partition("/")[0]) if kind == "f" else None
    if form is not None:
        return form.language
    spoken = services().texts.languages
    wanted = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next((language for language in wanted if language in spoken), "en")


def _http(error: HTTPException) -> Response:
    answer = _answer(error.code or 500)
    if error.code == 405:
        answer.headers["Allow"] = dict(error.get_headers()).get("Allow", "")
    return answer


def _store_unavailable(_error: StoreUnavailable) -> Response:
    answer = _answer(503)
    answer.headers["Retry-After"] = "30"
    return answer


def _unexpected(error: Exception) -> Response:
    log.error("unexpected %s at %s", type(error).__name__, request.endpoint, exc_info=error)
    return _answer(500)


def harden(response: Response, asked: Request) -> Response:
    """Add the headers that every answer carries."""
    headers = response.headers
    given = {name.lower() for name in headers.keys()}  # noqa: SIM118 - iterating headers gives pairs
    for name, value in ALWAYS:
        if name.lower() not in given:
            headers.add(name, value)
    if "HTTP_ORIGIN" in asked.environ:
        vary_by_origin(response)
    if asked.environ.get("PATH_INFO", "").startswith("/admin"):
        headers.setdefault("Cache-Control", "no-store")  # also what is not there, and the way from /admin to /admin/
    if response.status_code in UNREAD and asked.method == "POST":
        headers["Connection"] = "close"
    if asked.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
