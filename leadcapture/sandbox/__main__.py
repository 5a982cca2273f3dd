"""`python -m leadcapture.sandbox`: the stand-in as a process of its own, until SIGTERM or SIGINT."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from leadcapture.sandbox.seed import PASSWORD, USERNAME
from leadcapture.sandbox.server import Sandbox
from leadcapture.sandbox.switches import SwitchError


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m leadcapture.sandbox", description="A stand-in Nexudus.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001, help="0 chooses a free one")
    parser.add_argument("--data", type=Path, help="a file in which everything survives a restart")
    parser.add_argument("--switches", type=json.loads, default={}, help="a JSON object; see docs/sandbox.md")
    parser.add_argument("--username", default=USERNAME)
    parser.add_argument("--password", default=PASSWORD)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Start, say where, and wait for a signal to stop. Returns the exit status."""
    parser = _arguments()
    given = parser.parse_args(arguments)
    if not isinstance(given.switches, dict):
        parser.error("--switches must be a JSON object")
    try:
        sandbox = Sandbox(
            port=given.port,
            data=given.data,
            host=given.host,
            username=given.username,
            password=given.password,
            switches=given.switches,
        )
    except SwitchError as error:
        parser.error(str(error))
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        sandbox.start()
    except OSError as error:
        parser.exit(1, f"cannot listen on {given.host}:{given.port}: {error.strerror}\n")
    sys.stdout.write(f"Stand-in Nexudus at {sandbox.url} (sign in as {given.username})\n")
    sys.stdout.flush()
    stop.wait()
    sandbox.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
