"""HTTP as no client library would send it: bytes over a socket, and what comes back."""

import socket
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Raw:
    """An answer: its status (0 when the line was closed without one), and all its bytes."""

    status: int
    whole: bytes

    @property
    def statuses(self) -> list[int]:
        """The status of every answer on the line."""
        return [int(part[:3]) for part in self.whole.split(b"HTTP/1.1 ")[1:]]


def send(port: int, data: bytes, seconds: float = 10, pieces: int = 0, pause: float = 0) -> Raw:
    """Send bytes (in pieces with pauses) and read until the server closes the line or `seconds` are over."""
    until = time.monotonic() + seconds
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as line:
        try:
            for start in range(0, len(data), pieces or max(1, len(data))):
                line.sendall(data[start : start + (pieces or len(data))])
                if pause:
                    time.sleep(pause)
            while time.monotonic() < until and (more := line.recv(65536)):
                received += more
        except (TimeoutError, ConnectionError):
            pass
    status = int(received[9:12]) if received.startswith(b"HTTP/1.") else 0
    return Raw(status, received)


def request(path: str, headers: dict[str, str] | None = None, body: bytes = b"", method: str = "POST") -> bytes:
    """Return a plain request that asks the server to close the line."""
    lines = {"Host": "127.0.0.1", "Connection": "close"} | (headers or {})
    if body and "Content-Length" not in lines and "Transfer-Encoding" not in lines:
        lines["Content-Length"] = str(len(body))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body
