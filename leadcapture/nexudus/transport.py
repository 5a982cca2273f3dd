"""One HTTP exchange with the CRM: timed, bounded in size, and every failure one of our errors."""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

import requests

from leadcapture.domain.frozen import frozen
from leadcapture.errors import CrmError
from leadcapture.nexudus.answer import Answer, read_json
from leadcapture.nexudus.calls import Call
from leadcapture.nexudus.meaning import error_in, error_without_answer
from leadcapture.nexudus.one_host import NeverSent, OneHost, no_objection

CONNECT_TIMEOUT_SECONDS = 5.0

# A server closes an idle connection when its own keep-alive ends, five seconds being the shortest in common
# use. A request that crosses that close on the wire ends in a reset which looks exactly like a server that
# took the request and died. For a read that costs a repeat; for a create it would cost a look-up before
# anything else may be sent. So a create never goes out on a connection that has been idle for longer.
_IDLE_SECONDS = 4.0

_FIXED_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "Connection": "keep-alive",
    "User-Agent": "leadcapture",
}


@frozen
class CallRecord:
    """What a metric or a log line may know of one exchange: never a body, an address or a token."""

    call: str
    method: str
    status: int | None
    latency_seconds: float
    outcome: str


def ignore_record(_record: CallRecord) -> None:
    """Observe nothing."""


class Transport:
    """Sends calls to one CRM host over one connection; belongs to one thread.

    `before_writing` is asked directly before the bytes of a create or a change go out, when signing in and connecting
    have taken what time they took; what it raises passes, and nothing is sent.

    Redirects are not followed and cookies not kept. The proxy and the certificate settings of the environment
    are read once, here; a netrc file never, since its entry would replace our bearer token.
    """

    def __init__(
        self,
        url: str,
        timeout_seconds: float = 20.0,
        observe: Callable[[CallRecord], None] = ignore_record,
        monotonic: Callable[[], float] = time.monotonic,
        before_writing: Callable[[], None] = no_objection,
    ) -> None:
        self._base = re.split(r"[?#]", str(requests.Request("GET", url).prepare().url))[0].rstrip("/")
        self._timeouts = (CONNECT_TIMEOUT_SECONDS, timeout_seconds)
        self._observe = observe
        self._monotonic = monotonic
        self._before_writing = before_writing
        self._session = requests.Session()
        self._adapter = OneHost()
        self._session.mount(f"{self._base}/", self._adapter)
        settings = self._session.merge_environment_settings(self._base, {}, True, None, None)
        self._proxies: dict[str, str] = dict(settings["proxies"])
        self._verify: bool | str = settings["verify"] or True
        self._last_used = self._monotonic()
        self.clock_skew_seconds: float | None = None
        """How far the CRM's clock is ahead of ours, by its latest Date header; None before the first."""

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        self._session.close()

    def exchange(
        self,
        call: Call,
        *,
        query: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        record: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Answer:
        """Make one call and return its answer, which says that the call did what was asked.

        `record` is sent as JSON, `form` as a form. Raises a leaf of `CrmError` without a cause attached:
        a cause would carry the URL, and that may hold an e-mail address.
        """
        request = self._prepare(call, query, headers, record, form)
        started = self._monotonic()
        if call.effect.wants_live_connection and started - self._last_used > _IDLE_SECONDS:
            self._adapter.hang_up()
        result = self._attempt(call, request, _texts(record))
        self._last_used = self._monotonic()
        seconds = self._last_used - started
        self._observe(CallRecord(call.name, call.method, result.status, seconds, _outcome(result)))
        if isinstance(result, CrmError):
            raise result
        return result

    def _attempt(self, call: Call, request: requests.PreparedRequest, sent: Sequence[str]) -> Answer | CrmError:
        self._adapter.last_word = no_objection if call.effect.repeatable else self._before_writing
        try:
            answer = self._send(request)
        except NeverSent as failure:
            return error_without_answer(call, str(failure), never_sent=True)
        except (requests.RequestException, OSError, ValueError) as failure:
            return error_without_answer(call, type(failure).__name__)
        return error_in(call, answer, sent) or answer

    def _prepare(
        self,
        call: Call,
        query: Mapping[str, str | int] | None,
        headers: Mapping[str, str] | None,
        record: Mapping[str, Any] | None,
        form: Mapping[str, str] | None,
    ) -> requests.PreparedRequest:
        """Write the request down directly, past the work that requests spends on what we never use."""
        request = requests.PreparedRequest()
        request.method = call.method
        request.url = f"{self._base}{call.path}"
        if query:
            request.url += f"?{urlencode(query, errors='replace', quote_via=quote)}"
        lines = {**_FIXED_HEADERS, **(headers or {})}
        if record is not None:
            request.body, lines["Content-Type"] = json.dumps(record).encode(), "application/json"
        elif form is not None:
            request.body = urlencode(form, errors="replace").encode()
            lines["Content-Type"] = "application/x-www-form-urlencoded"
        if request.body is not None:
            lines["Content-Length"] = str(len(request.body))
        request.headers = lines  # type: ignore[assignment]  # each is written as it is named here
        return request

    def _send(self, request: requests.PreparedRequest) -> Answer:
        response = self._adapter.send(request, timeout=self._timeouts, verify=self._verify, proxies=self._proxies)
        text = response.content.decode("utf-8-sig", "replace")
        now = datetime.now(UTC)
        date = _moment(response.headers.get("Date"))
        if date is not None:
            self.clock_skew_seconds = (date - now).total_seconds()
        return Answer(
            status=response.status_code,
            received_at=now,
            reason=response.reason or "",
            text=text,
            payload=read_json(text),
            retry_after=response.headers.get("Retry-After"),
            date=date,
        )


def _outcome(result: Answer | CrmError) -> str:
    """Name what came of a call: "ok", or the error's name in small letters."""
    if isinstance(result, Answer):
        return "ok"
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(result).__name__).lower()


def _texts(record: Mapping[str, Any] | None) -> list[str]:
    return [value for value in (record or {}).values() if isinstance(value, str)]


@lru_cache(maxsize=8)
def _moment(value: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
