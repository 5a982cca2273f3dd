"""Where builders' servers post: exactly 200 once key and signature hold, whatever the body."""

import hmac

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest, ClientDisconnected, RequestEntityTooLarge

from leadcapture.domain.form import Form, Hook
from leadcapture.errors import BadSignature, StoreUnavailable
from leadcapture.intake.handshakes import answer_get
from leadcapture.web.posts import read_submission
from leadcapture.web.public import form_named
from leadcapture.web.refusals import RETRY_SECONDS
from leadcapture.web.services import services, this_request
from leadcapture.web.throttle import Rate

blueprint = Blueprint("hooks", __name__)


@blueprint.get("/hooks/<name>/<builder>")
def handshake(name: str, builder: str) -> Response:
    """A builder proves that the address is ours; no lead ever comes of it."""
    hook = form_named(name).hooks.get(builder)
    if hook is None or hook.key is None:
        return _refused(403, "no such hook, or it has no key")
    if _given_key() and not _key_fits(hook):
        return _refused(403, "wrong key")
    answer = answer_get(hook.builder, request.args.to_dict(), hook.key, hook.secret)
    if answer is not None:
        return Response(answer.body, answer.status, content_type=answer.content_type)
    return jsonify(ok=True) if _key_fits(hook) else _refused(403, "wrong key")


@blueprint.post("/hooks/<name>/<builder>")
def receive(name: str, builder: str) -> Response:
    """A submission from a builder's server."""
    form = form_named(name)
    hook = form.hooks.get(builder)
    if hook is None or not _key_fits(hook):
        return _refused(403, "wrong key")
    if wait := _too_fast(form, hook):
        response = _refused(429, "too many at once")
        response.headers["Retry-After"] = str(max(1, round(wait)))
        return response
    try:
        headers = {name.lower(): value for name, value in request.headers}
        submission = read_submission(this_request(), headers, services())
        lead_id = services().hook_receiver.receive(form, hook, submission, request.url)
    except BadSignature:
        return _refused(401, "bad signature")
    except RequestEntityTooLarge:
        return _refused(413, "too large")
    except (ClientDisconnected, BadRequest, OSError):
        return _refused(400, "the body broke off")
    except StoreUnavailable:
        response = _refused(503, "not stored: send it again")
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    return jsonify(ok=True, id=lead_id)


def _key_fits(hook: Hook) -> bool:
    """Compare the key in constant time; it comes in the address or, where a builder can, in a header."""
    if hook.key is None:
        return False
    return hmac.compare_digest(_given_key().encode(), hook.key.encode())


def _given_key() -> str:
    return request.args.get("key") or request.headers.get("X-Leadcapture-Key") or ""


def _too_fast(form: Form, hook: Hook) -> float:
    limit = services().catalogue.limits.hook_posts_per_minute
    return services().throttle.wait_seconds(f"hook {form.name}/{hook.builder}", Rate(limit, limit))


def _refused(status: int, error: str) -> Response:
    response = jsonify(ok=False, error=error)
    response.status_code = status
    return response
