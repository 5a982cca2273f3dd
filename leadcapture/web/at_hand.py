"""Which posts need no thread of their own: those that have come whole, for a form whose answer waits for nobody."""

import re
import time
from collections.abc import Collection
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from io import BytesIO
from typing import Any, Protocol

from leadcapture.web.raw_request import RawRequest, read_request

MOST_BYTES = 8192
"""A longer request is no form that a person typed: it may have a thread."""
MOST_HEADERS = 100
"""gunicorn refuses more."""
HEAD = re.compile(r"HTTP/1\.1 [0-9]{3} [ -~]*\r\n(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+: [\t -~\x80-\xff]*\r\n)+")


def prompt_paths(app: Any) -> frozenset[str]:
    """Return the paths of the forms whose posts wait for nothing but the disk: a captcha is asked about elsewhere.

    Empty for an application that is not ours, or that gunicorn is told (SCRIPT_NAME) to find below a path.
    """
    ours = getattr(app, "extensions", {})
    services, config = ours.get("leadcapture"), ours.get("leadcapture.config")
    if services is None or (config and config.environment.get("SCRIPT_NAME")):
        return frozenset()
    forms = services.catalogue.forms.values()
    captcha = services.guards.captcha is not None
    return frozenset(f"/f/{form.name}" for form in forms if not (captcha and form.screening.captcha))


@dataclass(slots=True)
class Post:
    """A whole post: what WSGI wants to know of it, and what gunicorn's `Response` asks of its request."""

    method = "POST"
    version = (1, 1)

    request: RawRequest
    body: bytes
    size: int
    ends: bool

    def should_close(self) -> bool:
        """Say whether the line ends with the answer."""
        return self.ends

    def force_close(self) -> None:
        """End the line with the answer."""
        self.ends = True

    def environ(self) -> dict[str, Any]:
        """Return what the post says of itself, as gunicorn would say it."""
        path, _, query = self.request.target.partition("?")
        return {
            "REQUEST_METHOD": self.method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "RAW_URI": self.request.target,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.input": BytesIO(self.body),
            **self.request.variables,
        }


def read_post(came: bytes, paths: Collection[str]) -> Post | None:
    """Return what has come if it is exactly one post, to its last byte, to one of these paths, and nothing is odd
    about it; None otherwise: gunicorn reads all else."""
    if not came.startswith(b"POST /f/"):
        return None
    request = read_request(came)
    if request is None or request.minor != "1" or not request.is_whole or request.odd:
        return None
    variables = request.variables
    if "CONTENT_LENGTH" not in variables or "HTTP_UPGRADE" in variables or len(variables) > MOST_HEADERS:
        return None
    if request.target.partition("?")[0] not in paths or "#" in request.target:
        return None
    ends = variables.get("HTTP_CONNECTION", "").lower() == "close"
    return Post(request, came[len(came) - request.after_head :], len(came), ends)


class Line(Protocol):
    """What an answer is written to: a socket, or `held_answers.HeldAnswer`."""

    def sendall(self, data: bytes, /) -> None:
        """Write."""
        ...


class Reply:
    """The answer to a post as it goes over the line: for posts that are read here what gunicorn's `Response` is."""

    def __init__(self, post: Post, line: Line) -> None:
        self._post, self._line = post, line
        self._head = ""
        self._pieces: list[bytes] = []

    def start_response(self, status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
        """Take the head, as WSGI gives it. Whether the line stays is the server's to say."""
        lines = [f"{name}: {value}\r\n" for name, value in headers if name.lower() != "connection"]
        if not any(line[:15].lower() == "content-length:" for line in lines):
            self._post.force_close()
        stays = "close" if self._post.ends else "keep-alive"
        date = _date(int(time.time()))
        head = f"HTTP/1.1 {status}\r\nServer: gunicorn\r\nDate: {date}\r\nConnection: {stays}\r\n{''.join(lines)}"
        if not HEAD.fullmatch(head) or head.count("\r\n") != len(lines) + 4:
            raise ValueError("an answer's head would break out of its line")
        self._head = head

    def write(self, piece: bytes) -> None:
        """Take a piece of the body."""
        self._pieces.append(piece)

    def close(self) -> None:
        """Send it."""
        self._line.sendall(b"".join((self._head.encode("latin-1"), b"\r\n", *self._pieces)))

    def should_close(self) -> bool:
        """Say whether the line ends with this answer."""
        return self._post.ends


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)
