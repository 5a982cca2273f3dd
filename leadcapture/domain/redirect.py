"""Where a visitor may be sent after a form: a plain web address whose host the form lists."""

import re
import unicodedata
from collections.abc import Collection
from urllib.parse import quote

SAFE_URL = re.compile(r"https?://([A-Za-z0-9.-]+)(?::(\d{1,5}))?([/?#][\x21-\x5b\x5d-\x7e]*)?")
BEGINNING = re.compile(r"(https?://)([^/?#:@\\%\s]+)", re.IGNORECASE)
LONGEST_HOST = 253
HOST_LETTERS = frozenset(("Ll", "Lo", "Lm", "Mn", "Mc", "Nd"))
"""Unicode's categories of what a host's name is made of, in small letters."""
HIGHEST_PORT = 65535
LEFT_ALONE = "".join(chr(sign) for sign in range(0x21, 0x7F))


def redirect_target(url: str | None, hosts: Collection[str]) -> str | None:
    """Return the address as a header may carry it, or None when nobody may be sent there.

    Blanks around it are dropped; blanks and letters beyond ASCII in its path and query are percent-encoded, those of
    its host become Punycode, as `hosts` hold them. A user's name, another scheme, a relative address, a backslash or a
    control character are refused. Ports do not matter.
    """
    text = (url or "").strip(" ")
    if not text or not text.isprintable():
        return None
    written = quote(_plain_beginning(text), safe=LEFT_ALONE)
    found = SAFE_URL.fullmatch(written)
    if found is None or found[1].lower() not in hosts or int(found[2] or 0) > HIGHEST_PORT:
        return None
    return written


def ascii_host(host: str) -> str | None:
    """Return a host's name as an address carries it, in small letters and Punycode; None where it can't be one.

    A name that only becomes a plain one when its letters are replaced (a full-width stop, a Roman numeral) is refused:
    nobody has such a name, and it is made to look like another's.
    """
    if host.isascii():
        return host.lower()
    if len(host) > LONGEST_HOST or any(not sign.isascii() and sign.lower().isascii() for sign in host):
        return None
    name = unicodedata.normalize("NFC", host.lower())
    letters = name.replace(".", "").replace("-", "")
    if unicodedata.normalize("NFKC", name) != name or {unicodedata.category(one) for one in letters} - HOST_LETTERS:
        return None
    return ".".join(_label(label) for label in name.split("."))


def _label(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}"


def _plain_beginning(text: str) -> str:
    found = None if text.isascii() and text.startswith(("http:", "https:")) else BEGINNING.match(text)
    if found is None:
        return text
    scheme, host = found.groups()
    return scheme.lower() + (host if host.isascii() else ascii_host(host) or host) + text[found.end() :]
