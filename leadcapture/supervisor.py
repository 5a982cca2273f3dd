"""Keeps a worker running beside gunicorn: `WORKER_IN_WEB=1`. One, however many web workers there are.

Run as `python -m leadcapture.supervisor` by gunicorn's master (see gunicorn.conf.py), it starts
a worker, starts it again when it dies, and ends with the process that started it, however that ends.
"""

import os
import select
import signal
import subprocess
import sys
import time
from types import FrameType

WORKER = (sys.executable, "-m", "leadcapture.delivering")
CHECK_SECONDS = 0.5
SHORTEST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
LAST_WORDS_SECONDS = 12.0


class Supervisor:
    """One worker process, kept alive."""

    def __init__(self, command: tuple[str, ...] = WORKER) -> None:
        self._command = command
        self._stopping = False
        self._parent = os.getppid()

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        """End the worker, and then ourselves."""
        self._stopping = True

    def run(self) -> int:
        """Keep a worker running until told to stop, or until our parent is gone."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        pause = SHORTEST_PAUSE_SECONDS
        while not self._ending():
            started = time.monotonic()
            worker = subprocess.Popen(self._command, start_new_session=True)  # noqa: S603 - our own command
            self._watch(worker)
            if time.monotonic() - started > LONGEST_PAUSE_SECONDS:
                pause = SHORTEST_PAUSE_SECONDS
            if not self._ending():
                self._rest(pause)
                pause = min(LONGEST_PAUSE_SECONDS, pause * 2)
        return 0

    def _ending(self) -> bool:
        return self._stopping or os.getppid() != self._parent

    def _watch(self, worker: subprocess.Popen[bytes]) -> None:
        while not self._ending():
            try:
                worker.wait(CHECK_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            return
        worker.terminate()
        try:
            worker.wait(LAST_WORDS_SECONDS)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()

    def _rest(self, seconds: float) -> None:
        """Wait before the next start; a signal to stop ends the wait at the next check."""
        until = time.monotonic() + seconds
        while not self._ending() and time.monotonic() < until:
            select.select([], [], [], CHECK_SECONDS)


if __name__ == "__main__":
    sys.exit(Supervisor().run())
