"""The forms that visitors see; what they post is taken before Flask is asked (`front`)."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, jsonify, request

from leadcapture.domain.form import Field, Form
from leadcapture.web.access import allow_preflight, share
from leadcapture.web.colours import theme_css
from leadcapture.web.pages import Shown, form_page, thanks_page
from leadcapture.web.services import services, this_request

blueprint = Blueprint("public", __name__)
REFUSAL = "leadcapture.refusal"
"""Where in the environment of a post it stands how it is refused: a `posts.Refusal`."""


def form_named(name: str) -> Form:
    """Return a form, or answer 404."""
    form = services().catalogue.forms.get(name)
    if form is None:
        abort(404)
    return form


@blueprint.get("/f/<name>", provide_automatic_options=False)
def show(name: str) -> Response:
    """The hosted form; values of its own fields in the query are filled in."""
    form = form_named(name)
    given = {field.name: _prefilled(field) for field in form.fields if field.name in request.args}
    defaults = {field.name: field.default for field in form.fields if field.default}
    carried = [("_referrer", referrer)] if (referrer := _came_from()) else []
    return share(form_page(form, Shown(values=defaults | given, carried=carried)), request, form)


def _prefilled(field: Field) -> str | tuple[str, ...]:
    return tuple(request.args.getlist(field.name)) if field.multiple else request.args[field.name]


@blueprint.get("/f/<name>/thanks")
def thanks(name: str) -> Response:
    """The page that follows a stored post."""
    return thanks_page(form_named(name))


@blueprint.get("/f/<name>/theme.css")
def theme(name: str) -> Response:
    """A form's own colour with its readable shades, as a stylesheet so that no page needs inline styles."""
    color = form_named(name).theme_color
    response = Response(theme_css(color) if color else "/* the house's own colour */\n", mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@blueprint.route("/f/<name>", methods=["OPTIONS"])
def preflight(name: str) -> Response:
    """What a browser asks before it posts from another origin."""
    return allow_preflight(Response(status=204), request, form_named(name))


@blueprint.post("/f/<name>", provide_automatic_options=False)
def submit(name: str) -> Response:
    """What was posted to a form and not accepted, and why: `front` takes the posts."""
    form, asked = form_named(name), this_request()
    refusal = asked.environ.get(REFUSAL) or abort(404)
    return share(refusal(), asked, form)


def _came_from() -> str | None:
    referrer = request.headers.get("Referer", "")
    return referrer[:2000] if referrer and urlsplit(referrer).netloc != request.host else None


@blueprint.get("/leads/<lead_id>")
def lead(lead_id: str) -> Response:
    """How a lead stands: no personal data."""
    found = services().store.leads.standing(lead_id)
    if found is None:
        abort(404)
    return jsonify(
        id=found.id,
        state=found.state.value,
        received_at=found.received_at.isoformat(),
        delivered_at=found.delivered_at.isoformat() if found.delivered_at else None,
    )
