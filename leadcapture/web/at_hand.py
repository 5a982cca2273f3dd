"""Which posts need no thread of their own: those that have come whole, for a form whose answer waits for nobody."""

from collections.abc import Collection
from typing import Any

from leadcapture.web.raw_request import read_request

MOST_BYTES = 8192
"""A longer request is no form that a person typed: it may have a thread."""


def prompt_paths(app: Any) -> frozenset[str]:
    """Return the paths of the forms whose posts wait for nothing but the disk: a captcha is asked about elsewhere.

    Empty for an application that is not ours.
    """
    services = getattr(app, "extensions", {}).get("leadcapture")
    if services is None:
        return frozenset()
    forms = services.catalogue.forms.values()
    captcha = services.guards.captcha is not None
    return frozenset(f"/f/{form.name}" for form in forms if not (captcha and form.screening.captcha))


def is_at_hand(came: bytes, paths: Collection[str]) -> bool:
    """Say whether what has come is exactly one post, to its last byte, to one of these paths."""
    if not came.startswith(b"POST /f/"):
        return False
    request = read_request(came)
    if request is None or request.minor != "1" or request.target.partition("?")[0] not in paths:
        return False
    return "content-length" in request.headers and request.is_whole
