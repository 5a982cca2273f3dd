"""A request as it lies on the line, read without the server: what it is, and whether it has come to its last byte."""

import re
from functools import lru_cache

from leadcapture.domain.frozen import frozen

REQUEST = re.compile(
    rb"(?P<method>[A-Z]+) (?P<target>[!-~]+) HTTP/1\.(?P<minor>[01])\r\n"
    rb"(?P<lines>(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~\x80-\xff]*\r\n)*)\r\n"
)
"""A head that gunicorn takes, too: what else it may take (a folded line, an empty one before it) is none here."""


@frozen
class RawRequest:
    """A request of which at least the head has come.

    `variables`: its headers as WSGI names them (`CONTENT_TYPE`, `HTTP_ACCEPT`); `odd`: whether one came twice, or was
    left out since its name has an underscore, as gunicorn does; `after_head`: how many bytes have come besides.
    """

    method: str
    target: str
    minor: str
    variables: dict[str, str]
    odd: bool
    after_head: int

    @property
    def is_whole(self) -> bool:
        """Say whether exactly this request has come: no byte of its body is missing, and none of another is there."""
        variables = self.variables
        if "HTTP_TRANSFER_ENCODING" in variables or "HTTP_EXPECT" in variables:
            return False
        return variables.get("CONTENT_LENGTH", "0") == str(self.after_head)


def read_request(came: bytes) -> RawRequest | None:
    """Read a head; None for what is none, or not yet."""
    found = REQUEST.match(came)
    if found is None:
        return None
    method, target, minor, lines = (part.decode("latin-1") for part in found.groups())
    variables, odd = _variables(lines)
    return RawRequest(method, target, minor, variables, odd, len(came) - found.end())


def _variables(lines: str) -> tuple[dict[str, str], bool]:
    found: dict[str, str] = {}
    odd = False
    for line in lines.split("\r\n")[:-1]:
        name, _, value = line.partition(":")
        key, value = _variable(name), value.strip(" \t")
        odd = odd or not key or key in found
        if key:
            found[key] = f"{found[key]},{value}" if key in found else value
    return found, odd


@lru_cache(maxsize=256)
def _variable(name: str) -> str:
    """Return WSGI's name of a header; "" for one whose name could be taken for another's."""
    if "_" in name:
        return ""
    key = name.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
