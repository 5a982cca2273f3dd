"""What a fault answers: the ways in which Nexudus, or the way to it, lets a caller down."""

from dataclasses import replace
from typing import Any

from leadcapture.sandbox.wire import Reply, html_reply, json_reply

_TOO_FAST = "You must wait before accessing this url again."
_GENERIC = "Ooops! There was a problem while running this action. Please try again later."
_PAGE = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1><hr>gateway</body></html>"
NO_ANSWER = Reply(0, send="nothing")


def throttled(way: str, seconds: float) -> Reply:
    """`409` is the documented reply; `429`, `429_body` and `429_bare` are those that clients meet today."""
    whole = str(max(1, -int(-seconds // 1))) if seconds else "0"
    if way == "409":
        documented = {
            "Cache-Control": "no-cache",
            "Pragma": "no-cache",
            "Expires": "-1",
            "Retry-After": whole,
        }
        return Reply(409, headers=documented, reason=_TOO_FAST)
    if way == "429":
        return Reply(429, headers={"Retry-After": whole})
    if way == "429_body":
        return json_reply(429, {"Message": f"Too many requests. Wait {float(seconds)} seconds."})
    return Reply(429)


def ooops(status: int = 500) -> Reply:
    """The generic failure that says nothing about what came of the call."""
    return json_reply(status, {"Message": _GENERIC})


def proxy_page(status: int) -> Reply:
    """A page of something between the client and Nexudus; with 200, nothing at all."""
    if status == 200:
        return Reply(200)
    names = {502: "502 Bad Gateway", 503: "503 Service Unavailable", 504: "504 Gateway Time-out"}
    return html_reply(status, _PAGE.format(names[status]))


def soft_failure(message: str) -> Reply:
    """HTTP 200, and no success."""
    return json_reply(200, wrapper(200, message, None, None, "", succeeded=False))


def lost(reply: Reply, mode: str, seconds: float) -> Reply:
    """An answer that the client does not get: the line is cut, the answer is cut, or it comes too late."""
    if mode == "sleep":
        return replace(reply, wait_seconds=seconds)
    return replace(reply, send="half" if mode == "cut" else "nothing")


def wrapper(
    status: int, message: str, value: Any, updated_on: str | None, by: str, succeeded: bool = True
) -> dict[str, Any]:
    """The envelope of every write that was carried out."""
    return {
        "Status": status, "Message": message, "Value": value,
        "OpenInDialog": False, "OpenInWindow": False, "RedirectURL": None, "JavaScript": None,
        "UpdatedOn": updated_on, "UpdatedBy": by,
        "Errors": None, "WasSuccessful": succeeded,
    }  # fmt: skip
