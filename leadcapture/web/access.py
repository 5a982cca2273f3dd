"""Who may post here, how often, and where a visitor may be sent: decisions about a request, none of its content."""

from functools import lru_cache
from urllib.parse import urlsplit

from flask import Request, Response
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from leadcapture.domain.form import Form

ALLOWED_HEADERS = (
    "Content-Type, Accept, X-Requested-With, Idempotency-Key, "
    "Formspree-Client, Formspree-Session-Data"  # Formspree's own JavaScript client says who it is
)


def origin_allowed(request: Request, form: Form) -> bool:
    """Say whether a browser's Origin may post this form; a post without one is not a browser's fetch or form."""
    origin = request.environ.get("HTTP_ORIGIN")
    if origin is None:
        return True
    origin = origin.strip().lower()
    return "*" in form.allowed_origins or origin in form.allowed_origins or is_own_origin(origin, request)


def is_own_origin(origin: str, request: Request) -> bool:
    """Say whether an Origin is this service itself. The scheme is left out: a proxy that nobody declared ends TLS."""
    return origin.partition("://")[2] == request.host.lower()


def vary_by_origin(response: Response) -> None:
    """Tell caches that an answer is another one for another Origin."""
    if "Vary" not in response.headers:
        response.headers["Vary"] = "Origin"
    elif response.headers["Vary"] != "Origin":
        response.vary.add("Origin")


def share(response: Response, request: Request, form: Form) -> Response:
    """Let pages of allowed origins read an answer; credentials never travel."""
    vary_by_origin(response)
    origin = request.headers.get("Origin")
    if origin and origin_allowed(request, form):
        response.headers["Access-Control-Allow-Origin"] = origin
    return response


def allow_preflight(response: Response, request: Request, form: Form) -> Response:
    """Answer a browser that asks before it posts."""
    share(response, request, form)
    if "Access-Control-Allow-Origin" in response.headers:
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
        response.headers["Access-Control-Max-Age"] = "3600"
    return response


def wants_json(request: Request) -> bool:
    """Say whether an answer is JSON: the request is, or its Accept prefers it to HTML, or a script asks."""
    sent = request.environ
    script = sent.get("HTTP_X_REQUESTED_WITH", "").lower() == "xmlhttprequest"
    return script or is_json(sent.get("CONTENT_TYPE", "")) or prefers_json(sent.get("HTTP_ACCEPT", ""))


def is_json(content_type: str) -> bool:
    """Say whether a body's type is JSON."""
    kind = content_type.partition(";")[0].strip(" \t").lower()
    return kind in ("application/json", "text/json") or (kind.startswith("application/") and kind.endswith("+json"))


@lru_cache(maxsize=512)
def prefers_json(header: str) -> bool:
    """Say whether an Accept header prefers JSON to HTML. Browsers send a handful of them: each is read once."""
    accept = parse_accept_header(header, MIMEAccept)
    json, html = (accept.quality(kind) for kind in ("application/json", "text/html"))
    named = {kind for kind, _ in accept}
    # A script that names JSON, and HTML only by */* (axios does), prefers JSON.
    return json > html or (json == html > 0 and "application/json" in named and "text/html" not in named)


def own_hosts(request: Request, form: Form) -> tuple[str, ...]:
    """Return the hosts that are the operator's own: ours, and those that may post the form."""
    return (request.host.partition(":")[0], *_hosts_of(tuple(form.allowed_origins)))


def own_url(request: Request, form: Form) -> str:
    """Return the address of a form's hosted page, as the visitor sees it."""
    return f"{request.scheme}://{request.host}{request.root_path}/f/{form.name}"


@lru_cache(maxsize=512)
def _hosts_of(origins: tuple[str, ...]) -> tuple[str, ...]:
    hosts = {urlsplit(origin).hostname for origin in origins if origin != "*"}
    return tuple(sorted(host for host in hosts if host))


def frame_ancestors(form: Form) -> str:
    """Return who may frame a form's page, as a CSP source list."""
    if "*" in form.allowed_origins:
        return "*"
    return " ".join(["'self'", *form.allowed_origins])


def form_targets(form: Form) -> str:
    """Return where a form's page may send its visitor, as a CSP source list: browsers apply it to redirects too."""
    hosts = [f"{scheme}://{host}:*" for host in form.redirect_hosts for scheme in ("https", "http")]
    return " ".join(["'self'", *hosts])
