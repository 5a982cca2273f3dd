"""Where a visitor may be sent after a form: a plain web address whose host the form lists."""

import re
from collections.abc import Collection
from urllib.parse import quote

SAFE_URL = re.compile(r"https?://([A-Za-z0-9.-]+)(?::(\d{1,5}))?([/?#][\x21-\x5b\x5d-\x7e]*)?")
HIGHEST_PORT = 65535
LEFT_ALONE = "".join(chr(sign) for sign in range(0x21, 0x7F))


def redirect_target(url: str | None, hosts: Collection[str]) -> str | None:
    """Return the address as a header may carry it, or None when nobody may be sent there.

    Blanks around it are dropped; blanks and letters beyond ASCII in its path and query are percent-encoded. A user's
    name, another scheme, a relative address, a backslash or a control character are refused. Ports do not matter.
    """
    text = (url or "").strip(" ")
    if not text.isprintable():
        return None
    written = quote(text, safe=LEFT_ALONE)
    found = SAFE_URL.fullmatch(written)
    if found is None or found[1].lower() not in hosts or int(found[2] or 0) > HIGHEST_PORT:
        return None
    return written
