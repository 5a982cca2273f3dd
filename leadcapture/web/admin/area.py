"""The admin pages as one blueprint: off without a password, closed to strangers, never cached, never framed."""

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as BaseResponse

from leadcapture.web.admin import audit, forms, health, inbox, lead, reports, setup, signing, words
from leadcapture.web.admin.sessions import csrf, signed_in
from leadcapture.web.services import services

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
TOO_LONG = ("This page was open for too long", "Nothing was changed. Go back, reload the page and try again.")
NOT_THE_HOST = "The referrer does not match the host."
"""What Flask-WTF says when a token is right, and the page that it stood on is another host's."""

OTHER_ADDRESS = (
    "This is not the address that we are called by",
    "Nothing was changed. The address in your browser does not match what your proxy passes on: let it pass the Host "
    "header on (nginx: proxy_set_header Host $http_host).",
)
OPEN = frozenset({"admin.signing.form", "admin.signing.enter"})

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
for part in (signing, inbox, lead, health, forms, reports, setup, audit):
    blueprint.register_blueprint(part.blueprint)


@blueprint.before_request
def guard() -> BaseResponse | None:
    """Let nobody in but the operator, and nothing change but by his own pages."""
    password = services().operator.password
    if not password:
        abort(404)
    if request.method == "POST":
        csrf.protect()
    if request.endpoint in OPEN or signed_in(password):
        return None
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("admin.signing.form", next=wanted), 303)


@blueprint.after_request
def seal(response: Response) -> Response:
    """Keep these pages out of caches and frames."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@blueprint.errorhandler(CSRFError)
def stale(error: CSRFError) -> Response:
    """Answer a form that was not made by this session's pages, or that came by another address than it was for."""
    title, text = OTHER_ADDRESS if error.description == NOT_THE_HOST else TOO_LONG
    return make_response(render_template("admin/message.html", title=title, text=text), 400)


@blueprint.app_context_processor
def vocabulary() -> dict[str, object]:
    """Give templates the words for moments, durations and states."""
    if request.blueprint is None or not request.blueprint.startswith("admin"):
        return {}
    return words.VOCABULARY | {"zone": words.zone(), "attention": health.attention}
