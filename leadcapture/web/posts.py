"""A form's post, from the request to what becomes of it. None of it needs Flask's contexts, but what refuses it."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NoReturn
from urllib.parse import urlencode

import orjson
from flask import Request, Response
from werkzeug.exceptions import BadRequest, ClientDisconnected, RequestEntityTooLarge
from werkzeug.sansio.utils import get_content_length
from werkzeug.utils import redirect
from werkzeug.wsgi import get_input_stream

from leadcapture.domain.form import Form
from leadcapture.domain.frozen import frozen
from leadcapture.domain.ip import network
from leadcapture.domain.redirect import redirect_target
from leadcapture.domain.submission import Controls, Submission
from leadcapture.errors import StoreUnavailable, SubmissionRejected
from leadcapture.intake.receive import Handed, Origin, Receipt, Refused
from leadcapture.web.access import origin_allowed, own_hosts, own_url, wants_json
from leadcapture.web.guards import captcha_check, proof_check
from leadcapture.web.pages import stamp_age
from leadcapture.web.refusals import invalid, refuse, store_is_down, too_fast
from leadcapture.web.services import Services
from leadcapture.web.throttle import Rate

COMPRESSIONS = frozenset(("gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress"))

Refusal = Callable[[], Response]
"""How a post is refused: called within Flask's request context."""


@frozen
class Answer:
    """An answer before the headers that every answer has."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


@frozen
class Accepted:
    """A post that becomes a lead with this id once it is `handed` to the disk: its answer, and what is answered when it
    turns out otherwise."""

    id: str
    handed: Handed
    answer: Answer
    otherwise: Callable[[Receipt | StoreUnavailable], Refusal]


def fault(error: Exception) -> Refusal:
    """Refuse a post for a fault of ours: Flask says so as for any other."""

    def raises() -> NoReturn:
        raise error

    return raises


def take(form: Form, asked: Request, services: Services) -> Accepted | Refusal:
    """Take a form's post."""
    if not origin_allowed(asked, form):
        return partial(refuse, form, 403, "origin_not_allowed")
    if wait := _too_fast(asked, services):
        return partial(too_fast, form, wait)
    if _is_compressed(asked):
        return partial(refuse, form, 415, "unsupported_type")
    try:
        submission = read_submission(asked, {"user-agent": asked.environ.get("HTTP_USER_AGENT", "")}, services)
        received = services.receiver.receive(form, submission, _origin(form, asked, services))
    except RequestEntityTooLarge:
        return partial(refuse, form, 413, "too_large")
    except (ClientDisconnected, BadRequest, OSError):
        return partial(refuse, form, 400, "unreadable")
    except SubmissionRejected as error:
        return partial(refuse, form, error.status, error.code)
    except StoreUnavailable:
        return partial(store_is_down, form, submission)
    if isinstance(received, Refused):
        return partial(invalid, form, received)
    answer = _thanks(form, received.id, received.controls, asked)
    otherwise = partial(_otherwise, form, submission, received.controls, asked)
    return Accepted(received.id, received.handed, answer, otherwise)


def _otherwise(
    form: Form, submission: Submission, controls: Controls, asked: Request, outcome: Receipt | StoreUnavailable
) -> Refusal:
    """Answer a post that was here already, or could not be stored."""
    if isinstance(outcome, StoreUnavailable):
        return partial(store_is_down, form, submission)
    answer = _thanks(form, outcome.id, controls, asked)
    return partial(Response, answer.body, answer.status, answer.headers)


def _is_compressed(asked: Request) -> bool:
    """Say whether a body is packed, which no browser does and we don't read; a charset named there is no packing."""
    encoding = asked.environ.get("HTTP_CONTENT_ENCODING")
    return encoding is not None and not COMPRESSIONS.isdisjoint(re.split(r"[\s,]+", encoding.lower()))


def read_submission(asked: Request, headers: Mapping[str, str], services: Services) -> Submission:
    """Take a request as it came, whole, with those of its headers that are wanted.

    Raises RequestEntityTooLarge, ClientDisconnected.
    """
    return Submission(
        content_type=asked.environ.get("CONTENT_TYPE", ""),
        body=_whole_body(asked.environ, services.most_bytes),
        headers=headers,
        query=_own_query(asked) if asked.environ.get("QUERY_STRING") else (),
        remote_address=asked.remote_addr,
        received_at=services.clock(),
    )


def _own_query(asked: Request) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in asked.args.items(multi=True) if name not in {"key", "embed"})


def _whole_body(environ: dict[str, Any], limit: int) -> bytes:
    """Return the body: one that is longer than allowed or breaks off is refused, never cut short.

    gunicorn ends the stream by itself, so that werkzeug takes the end of the line for the end of the body, and
    stops reading chunks at the limit without a word; both are seen from the length alone.
    """
    announced = get_content_length(environ.get("CONTENT_LENGTH"), environ.get("HTTP_TRANSFER_ENCODING"))
    if announced is not None and announced > limit:
        raise RequestEntityTooLarge
    try:
        ends = environ.get("wsgi.input_terminated")
        body: bytes = (environ["wsgi.input"] if ends else get_input_stream(environ)).read(limit + 1)
    except Exception as error:  # what gunicorn raises at chunks that are none has no name of its own here
        raise ClientDisconnected from error
    if len(body) > limit:
        raise RequestEntityTooLarge
    if announced is not None and len(body) < announced:
        raise ClientDisconnected
    return body


def _origin(form: Form, asked: Request, services: Services) -> Origin:
    return Origin(
        idempotency_key=asked.environ.get("HTTP_IDEMPOTENCY_KEY"),
        referer=asked.environ.get("HTTP_REFERER"),
        own_hosts=own_hosts(asked, form),
        page_url=partial(own_url, asked, form),
        stamp_age=partial(stamp_age, services),
        proof=partial(proof_check, services, form),
        captcha=partial(captcha_check, services, form, asked.remote_addr),
    )


def _too_fast(asked: Request, services: Services) -> float:
    limits, throttle = services.catalogue.limits, services.throttle
    mine = Rate(limits.posts_per_address, limits.posts_per_address_per_minute)
    everybody = Rate(limits.posts_per_minute, limits.posts_per_minute)
    return throttle.wait_seconds(f"post {network(asked.remote_addr or '')}", mine) or throttle.wait_seconds(
        "posts", everybody
    )


def _thanks(form: Form, lead_id: str, controls: Controls, asked: Request) -> Answer:
    target = _next_url(form, controls.next_url, asked)
    if wants_json(asked):
        body = orjson.dumps({"id": lead_id, "next": target, "ok": True}, option=orjson.OPT_APPEND_NEWLINE)
        return Answer("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))], body)
    page = redirect(target, 303, Response)
    return Answer(page.status, page.get_wsgi_headers(asked.environ).to_wsgi_list(), page.get_data())


def _next_url(form: Form, wanted: str | None, asked: Request) -> str:
    """Return where the visitor goes: `_next`, else success_url, where the form allows it; else our thank-you page."""
    for url in (wanted, form.success_url):
        if target := redirect_target(url, form.redirect_hosts):
            return target
    embed = asked.args.get("embed") if asked.environ.get("QUERY_STRING") else None
    return f"{own_url(asked, form)}/thanks" + (f"?{urlencode({'embed': embed})}" if embed else "")
