"""Which fields hold a secret that must never be stored or shown: by name, and where people use the name, by value."""

import re
from typing import Any

from leadcapture.intake.wording import remembered, squeezed, words

_SECRETS_NAMES = """
    accesskey googlekey handshakekey apikey secretkey secret clientsecret password passwd passwort xapikey apitoken
    accesstoken authtoken bearer privatekey webhooksecret sharedsecret verifytoken refreshtoken hubverifytoken
    setcookie proxyauthorization
    """
SECRETS = frozenset(_SECRETS_NAMES.split())
_PARTS = frozenset(("nonce", "wpnonce", "fluentformnonce", "password", "passwd", "passwort", "csrf", "xsrf"))
"""Words that make a secret of every machine name they stand in (`form_nonce`, `user_password`)."""
_EITHER = frozenset(("pass", "signature", "security", "authorization"))
"""What builders call a secret and people an answer: a day's pass, a name under a contract."""
_COOKIE_WORDS = frozenset(("cookie", "cookies"))
_LINKS = frozenset(("editlink", "editurl"))

_ANYTHING = re.compile(r".*", re.DOTALL)
_TOKEN = re.compile(r"(?:bearer|basic)\s+\S+|(?=\S*\d)(?=\S*[a-z])(?!\S*://)(?:[0-9a-f]{10}|\S{16,})", re.IGNORECASE)
"""A key, a digest or WordPress' ten digits: long, letters and digits mixed, nothing that a person writes."""
_COOKIES = re.compile(rf"[^\s=;]+=.*|{_TOKEN.pattern}", re.IGNORECASE | re.DOTALL)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


def is_secret(key: str, value: Any) -> bool:
    """Say whether a field of this name and value must never be stored or shown."""
    telling = _secret_values(key)
    if telling is None:
        return False
    if isinstance(value, str):
        return telling.fullmatch(value.strip()) is not None
    if isinstance(value, list | tuple):
        return any(is_secret(key, one) for one in value)
    return telling is _ANYTHING or (isinstance(value, dict) and squeezed(key) in _COOKIE_WORDS)


@remembered
def _secret_values(key: str) -> re.Pattern[str] | None:
    """Return which values of a field of this name are secrets; None when none is.

    A name with a blank in it is a question that people read, so that its answer must look like a secret itself.
    """
    short, parts = squeezed(key), words(key)
    if short in SECRETS or _PARTS & set(parts) or short.startswith(("csrf", "xsrf")):
        return _TOKEN if " " in key.rstrip() else _ANYTHING
    if key == "COOKIES":
        return _ANYTHING
    if _COOKIE_WORDS & set(parts):
        return _COOKIES
    if short in _LINKS:
        return _ADDRESS
    return _TOKEN if short in _EITHER or "".join(parts[-2:]) in SECRETS else None
