"""Keeps a worker running beside gunicorn: `WORKER_IN_WEB=1`. One, however many web workers there are.

Run as `python -m leadcapture.supervisor <number of the parent's process>` by gunicorn's master (see gunicorn.conf.py),
it starts a worker, starts it again when it dies, and ends with the process that started it, however that ends. So does
the worker, which is told our number, and the master starts us again (`Beside`): whichever of the three is killed, the
two others mend it.
"""

import logging
import os
import select
import signal
import subprocess
import sys
import time
from types import FrameType

log = logging.getLogger(__name__)

SUPERVISOR = (sys.executable, "-m", "leadcapture.supervisor")
WORKER = (sys.executable, "-m", "leadcapture.delivering")
CHECK_SECONDS = 0.5
SHORTEST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
LAST_WORDS_SECONDS = 12.0
SUPERVISOR_PAUSE_SECONDS = 3.0
SUPERVISOR_LAST_WORDS_SECONDS = 15.0


class Supervisor:
    """One worker process, kept alive. `parent` is the process that it ends with."""

    def __init__(self, parent: int, command: tuple[str, ...] = WORKER) -> None:
        self._command = (*command, str(os.getpid()))
        self._stopping = False
        self._parent = parent

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
            worker = self._start()
            if worker is not None:
                self._watch(worker)
            if time.monotonic() - started > LONGEST_PAUSE_SECONDS:
                pause = SHORTEST_PAUSE_SECONDS
            if not self._ending():
                self._rest(pause)
                pause = min(LONGEST_PAUSE_SECONDS, pause * 2)
        return 0

    def _start(self) -> subprocess.Popen[bytes] | None:
        """Start a worker; None when the system can't just now: no interpreter (a deploy swaps it), no memory."""
        try:
            return subprocess.Popen(self._command, start_new_session=True)  # noqa: S603 - our own command
        except OSError as error:
            log.warning("the worker can't be started, trying again soon: %s", error)
            return None

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


class Beside:
    """The supervisor as gunicorn's master has it: kept running, and ended with the master.

    The master reaps every child that ends, also ours: `Popen` then finds no process of that number, which it takes
    for an end with 0.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._tried_at: float | None = None

    def look(self) -> None:
        """Start the supervisor if none runs, though not more often than every few seconds."""
        if self._process is not None and self._process.poll() is None:
            return
        now = time.monotonic()
        if self._tried_at is not None and now - self._tried_at < SUPERVISOR_PAUSE_SECONDS:
            return
        if self._process is not None:
            log.warning("the worker's supervisor has ended: starting another")
        self._tried_at = now
        try:
            self._process = subprocess.Popen((*SUPERVISOR, str(os.getpid())))  # noqa: S603 - our own command
        except OSError as error:
            log.warning("the worker's supervisor can't be started, trying again soon: %s", error)

    def end(self) -> None:
        """End the supervisor and with it the worker, and wait for both."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(SUPERVISOR_LAST_WORDS_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


if __name__ == "__main__":
    sys.exit(Supervisor(int(sys.argv[1])).run())
