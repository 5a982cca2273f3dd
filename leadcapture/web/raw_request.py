"""A request as it lies on the line, read without the server: what it is, and whether it has come to its last byte."""

import re
from dataclasses import dataclass

REQUEST = re.compile(
    rb"(?P<method>[A-Z]+) (?P<target>[!-~]+) HTTP/1\.(?P<minor>[01])\r\n"
    rb"(?P<lines>(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n\0]*\r\n)*)\r\n"
)


@dataclass(frozen=True, slots=True)
class RawRequest:
    """A request of which at least the head has come; `headers` by their names in small letters, `after_head`: how many
    bytes have come besides."""

    method: str
    target: str
    minor: str
    headers: dict[str, str]
    after_head: int

    @property
    def is_whole(self) -> bool:
        """Say whether exactly this request has come: no byte of its body is missing, and none of another is there."""
        headers = self.headers
        if "transfer-encoding" in headers or "expect" in headers:
            return False
        return headers.get("content-length", "0") == str(self.after_head)


def read_request(came: bytes) -> RawRequest | None:
    """Read a head; None for what is none, or not yet."""
    found = REQUEST.match(came)
    if found is None:
        return None
    method, target, minor, lines = (part.decode("latin-1") for part in found.groups())
    return RawRequest(method, target, minor, _headers(lines), len(came) - found.end())


def _headers(lines: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines.split("\r\n")[:-1]:
        name, _, value = line.partition(":")
        name, value = name.lower(), value.strip()
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found
