"""Which posts need no thread of their own: those that have come whole, for a form whose answer waits for nobody."""

import re
from collections.abc import Collection
from typing import Any

MOST_BYTES = 8192
"""A longer request is no form that a person typed: it may have a thread."""
POST = re.compile(rb"POST (/f/[^ ?]+)(?:\?[!-~]*)? HTTP/1\.1\r\n")
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,5})[ \t]*(?:\r\n|\Z)")
READ_ON_THE_WAY = (b"\r\ntransfer-encoding:", b"\r\nexpect:")


def prompt_paths(app: Any) -> frozenset[bytes]:
    """Return the paths of the forms whose posts wait for nothing but the disk: a captcha is asked about elsewhere.

    Empty for an application that is not ours.
    """
    services = getattr(app, "extensions", {}).get("leadcapture")
    if services is None:
        return frozenset()
    forms = services.catalogue.forms.values()
    captcha = services.guards.captcha is not None
    return frozenset(f"/f/{form.name}".encode() for form in forms if not (captcha and form.screening.captcha))


def is_at_hand(came: bytes, paths: Collection[bytes]) -> bool:
    """Say whether what has come is exactly one post, to its last byte, to one of these paths."""
    found = POST.match(came)
    if found is None or found[1] not in paths:
        return False
    head, end, body = came.partition(b"\r\n\r\n")
    lines = head.lower()
    lengths = LENGTH.findall(lines)
    whole = bool(end) and len(lengths) == 1 and int(lengths[0]) == len(body)
    return whole and not any(line in lines for line in READ_ON_THE_WAY)
