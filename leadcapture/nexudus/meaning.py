"""What an answer, or the lack of one, means: pure decisions, no HTTP (contract 3.2, 4.7, 10).

The order of the rules matters, because the CRM's status codes do not: a throttle may be a 409, a 401 may be a
quota, a 500 may be a validation, and a 200 may be a failure.
"""

import re
from collections.abc import Sequence
from email.utils import parsedate_to_datetime

from leadcapture.errors import (
    AccessDenied,
    CrmError,
    Full,
    Missing,
    NotSent,
    OutcomeUnknown,
    Refused,
    SignInRefused,
    Throttled,
)
from leadcapture.nexudus.answer import Answer, created_id
from leadcapture.nexudus.calls import CREATE_OPPORTUNITY, Call, Effect
from leadcapture.nexudus.faults import faults_of, says_full, says_generic

_WAIT = re.compile(r"\bwait\s+(\d+(?:\.\d+)?)\s+seconds?", re.IGNORECASE)
_MARGIN_SECONDS = 0.25
_LONGEST_WAIT_SECONDS = 24 * 3600.0

# A server or a proxy that gave up on the connection: no word on the record.
_PASSING = frozenset({408, 425})

# What OAuth calls a server's own trouble, with whatever status.
_PASSING_CODES = ("server_error", "temporarily_unavailable")


def error_in(call: Call, answer: Answer, sent: Sequence[str] = ()) -> CrmError | None:
    """Return what an answer means for the worker, or None when the call did what it was asked to do.

    `sent` are the texts of the request: they are taken out of the CRM's message before it goes into an error.
    """
    throttled = _throttle(call, answer)
    if throttled is not None:
        return throttled
    if 300 <= answer.status < 400:
        return _redirected(call, answer)
    if call.effect is Effect.GRANT:
        return _grant_error(call, answer)
    if answer.status in (401, 403):
        return AccessDenied(call.name, answer.status, quota="access denied" in answer.text.lower())
    if answer.status == 404:
        return Missing(call.name, answer.status)
    return _refusal(call, answer, sent) or _unusable(call, answer)


def error_without_answer(call: Call, detail: str, never_sent: bool = False) -> CrmError:
    """Return what it means that no whole answer came; `detail` names the failure's type, and nothing else.

    Only what was in the way before the line was open is `never_sent`: a server may read everything and hang up.
    """
    if call.effect.repeatable or never_sent:
        return NotSent(call.name, None, detail)
    return OutcomeUnknown(call.name, None, detail)


def _redirected(call: Call, answer: Answer) -> CrmError:
    """A redirect is what stands before the CRM says; or the CRM, of what it has made; or its way to an error page."""
    kind = NotSent if call.effect.repeatable else OutcomeUnknown
    return kind(call.name, answer.status, "redirected: check NEXUDUS_URL")


def _throttle(call: Call, answer: Answer) -> Throttled | None:
    asked = (
        not answer.text.strip()
        or answer.retry_after is not None
        or "must wait" in answer.reason.lower()
        or "must wait" in answer.text.lower()
        or _WAIT.search(answer.text) is not None
    )
    if answer.status == 429 or (answer.status == 409 and asked):
        return Throttled(call.name, answer.status, _delay_seconds(answer))
    return None


def _delay_seconds(answer: Answer) -> float:
    """Read the wait from Retry-After, else from the body's sentence, else take a second (contract 3.2)."""
    delay = _retry_after_seconds(answer)
    if delay is None:
        sentence = _WAIT.search(answer.text)
        delay = float(sentence.group(1)) if sentence else 1.0
    return min(max(delay, 0.0) + _MARGIN_SECONDS, _LONGEST_WAIT_SECONDS)


def _retry_after_seconds(answer: Answer) -> float | None:
    value = (answer.retry_after or "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        return None
    return (moment - (answer.date or answer.received_at)).total_seconds()


def _grant_error(call: Call, answer: Answer) -> CrmError | None:
    """Read a reply of /api/token, whose errors have OAuth's shape (contract 2.5)."""
    if answer.succeeded:
        token = answer.record.get("access_token")
        return None if isinstance(token, str) and token else NotSent(call.name, answer.status, "no token in it")
    if answer.status in (400, 401, 403) and _refuses_sign_in(answer):
        code = answer.record.get("error")
        known = isinstance(code, str) and re.fullmatch(r"[a-z_]{1,40}", code)
        return SignInRefused(call.name, answer.status, str(code) if known else "refused")
    if answer.status in (404, 405):
        return NotSent(call.name, answer.status, "no sign-in there: check NEXUDUS_URL")
    return NotSent(call.name, answer.status)


def _refuses_sign_in(answer: Answer) -> bool:
    """Say whether the CRM itself refuses, after which delivery stops: in JSON, or without a word (contract 2.5, U2).

    A page or a line of text is a firewall's or a proxy's in front of it, and so is a bare 403, which the CRM does not
    know. JSON in doubt is a refusal: a password that is tried again and again may lock the account.
    """
    if answer.payload is None:
        return answer.status != 403 and not answer.text.strip()
    return answer.record.get("error") not in _PASSING_CODES and not says_generic(answer)


def _refusal(call: Call, answer: Answer, sent: Sequence[str]) -> CrmError | None:
    """Read a reply in which the CRM says that it did not act, whatever its status (contract 4.7)."""
    if answer.succeeded and not _failed_softly(answer):
        return None
    faults = faults_of(answer, sent)
    if answer.status >= 500 and not isinstance(answer.record.get("Errors"), list):
        return None  # what a server in trouble says, with whatever marks, is no word on the record
    if call.name == CREATE_OPPORTUNITY.name and says_full(answer, sent):
        return Full(call.name, answer.status)
    if faults:
        return Refused(call.name, answer.status, faults)
    if answer.succeeded:
        return Refused(call.name, answer.status, [("record", "not accepted, without a reason")])
    if 400 < answer.status < 500 and answer.status not in _PASSING:
        return Refused(call.name, answer.status, [("request", f"answered with {answer.status}")])
    return None


def _failed_softly(answer: Answer) -> bool:
    """Say whether a 200 tells of a failure; an id is believed over a list of complaints (contract 4.7)."""
    wrapper = answer.record
    if wrapper.get("WasSuccessful") is False:
        return True
    return "WasSuccessful" in wrapper and bool(wrapper.get("Errors")) and created_id(wrapper) is None


def _unusable(call: Call, answer: Answer) -> CrmError | None:
    """Read what is left: a success that must show its result, or a failure that says nothing."""
    if answer.succeeded:
        usable = created_id(answer.payload) if call.effect is Effect.CREATE else answer.payload
        if usable is not None:
            return None
        detail, generic = "answered without a result", False
    else:
        generic = answer.status == 400 or says_generic(answer)
        detail = "the CRM's general error" if generic else ""
    if call.effect.repeatable:
        return NotSent(call.name, answer.status, detail, unreachable=not generic)
    return OutcomeUnknown(call.name, answer.status, detail, generic=generic)
