"""Faults of ours told to Sentry, where SENTRY_DSN is set: what went wrong and where, never whom it was about."""

from typing import Any

import sentry_sdk
from sentry_sdk.utils import BadDsn, Dsn

from leadcapture.errors import ConfigError

KEPT = frozenset({"event_id", "timestamp", "platform", "level", "logger", "release", "environment", "exception"})
FRAME = ("filename", "function", "lineno", "module", "in_app")


def init(dsn: str, release: str) -> None:
    """Start reporting; raises ConfigError for an address that is none.

    People are never sent: that is the default, and `scrubbed` again.
    """
    try:
        Dsn(dsn)
    except BadDsn:
        raise ConfigError(["SENTRY_DSN: is no address of a Sentry project"]) from None
    sentry_sdk.init(
        dsn=dsn,
        release=release,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=0.0,
        auto_session_tracking=False,
        server_name="",
        before_send=scrubbed,
    )


def scrubbed(event: Any, _hint: Any = None) -> Any:
    """Return an event with the exception's type and places alone: no message, request, user or variables.

    What an exception says may hold what somebody typed; its type and line are enough to find the fault.
    """
    kept = {key: value for key, value in event.items() if key in KEPT}
    values = (kept.get("exception") or {}).get("values") or ()
    kept["exception"] = {"values": [_bare(value) for value in values]}
    return kept


def _bare(value: Any) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames") or ()
    return {
        "type": value.get("type"),
        "module": value.get("module"),
        "value": "",
        "stacktrace": {"frames": [{key: frame[key] for key in FRAME if key in frame} for frame in frames]},
    }
