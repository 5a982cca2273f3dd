"""gunicorn's worker that keeps nobody waiting long: in overload, who would wait too long is told so at once.

More requests than the machine can take stand in line for the threads. Were all of them served, all would wait for
seconds. A refusal costs a fortieth of an accepted post and no thread, so that whoever is let in has waited little.
"""

import socket
import struct
import sys
import time
from collections import deque
from typing import Any

from leadcapture.main_thread import MainThreadWorker
from leadcapture.web.busy import refusal

LATE_SECONDS = 0.2
NOTICED_SECONDS = 0.05
TOO_LATE_SECONDS = 0.4
STANDING_SECONDS = 0.3
OVER_SECONDS = 1.0
FEW = 64
"""A process with no more requests at once refuses nobody, however slow the machine, or however long a commit takes."""
TELL_EVERY_SECONDS = 60.0
RECEIVE_BYTES = 65536
LAST_RECEIVED = struct.Struct("52xI")
"""`tcpi_last_data_recv` in Linux' TCP_INFO: how many milliseconds ago the last bytes came."""


Place = tuple[float, int, int]
"""Since when somebody stands in line, behind how many that wait for a thread, and how many that wait for the disk."""


class Line:
    """The requests of a process that wait for its main thread, or for any of the others, and then for the disk; and
    whether they are too many for too long.

    One burst is no overload: it is served, as is what piled up while the process stood still. Overload is when for
    STANDING_SECONDS everybody's turn came late; it is over when for OVER_SECONDS nobody has waited half as long.
    The main thread lets in, threads take up; what they may overwrite of each other is a measurement, not a count.
    """

    def __init__(self) -> None:
        self._waiting: deque[float] = deque()
        self._held: deque[float] = deque()
        self._turn_pace = self._answer_pace = 0.0
        self._late_since: float | None = None
        self._overload = False
        self._over_at = 0.0

    def join(self, now: float) -> Place:
        """Stand in line."""
        place = now, len(self._waiting), len(self._held)
        self._waiting.append(now)
        return place

    def is_full(self, now: float) -> bool:
        """Say whether one more would wait too long, in overload: by what the last one has waited behind so many."""
        oldest = now - min(_first(self._waiting, now), _first(self._held, now))
        if not self._is_overload(oldest, now):
            return False
        turn = len(self._waiting) * self._turn_pace
        answer = (len(self._waiting) + len(self._held)) * self._answer_pace
        return max(oldest, turn, answer) >= LATE_SECONDS

    def take_up(self, place: Place, waited: float, now: float) -> bool:
        """Leave the line for a thread, after having waited so long; say whether there is overload."""
        self._waiting.popleft()
        since, ahead, _ = place
        self._turn_pace = (now - since) / (ahead + 1)
        return self._is_overload(max(waited, now - _first(self._held, now)), now)

    def hold(self, place: Place) -> None:
        """Wait for the disk."""
        self._held.append(place[0])

    def answer(self, place: Place, now: float) -> None:
        """Have the answer that was waited for."""
        self._held.popleft()
        since, ahead, held = place
        self._answer_pace = (now - since) / (ahead + held + 1)
        self._is_overload(now - since, now)

    def _is_overload(self, waited: float, now: float) -> bool:
        if self._overload:
            if waited >= LATE_SECONDS / 2:
                self._over_at = now + OVER_SECONDS
            elif now >= self._over_at:
                self._overload = False
            return self._overload
        since = self._late_since
        if waited < LATE_SECONDS:
            self._late_since = None
        elif since is None:
            self._late_since = now
        elif now - since >= STANDING_SECONDS:
            self._late_since, self._overload, self._over_at = None, True, now + OVER_SECONDS
        return self._overload


def _first(times: deque[float], now: float) -> float:
    try:
        return times[0]
    except IndexError:
        return now


class PromptWorker(MainThreadWorker):
    """A worker that lets nobody wait long."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._line_here, self._line_of_threads = Line(), Line()
        self._refused = 0
        self._told_at = 0.0

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """Take a request on a line that has had one."""
        if not self._turns_away(conn, self.keepalived_conns):
            super().on_client_socket_readable(conn, client)

    def on_pending_socket_readable(self, conn: Any, client: Any) -> None:
        """Take the first request on a line."""
        if not self._turns_away(conn, self.pending_conns):
            super().on_pending_socket_readable(conn, client)

    def _turns_away(self, conn: Any, idle: deque[Any]) -> bool:
        """Refuse a request here, on the main thread and before any other is woken for it, if its line is full.

        Slow clients may have all threads: what needs none goes on.
        """
        now = time.monotonic()
        if self._line_here.is_full(now):
            line = self._line_here
        elif self._line_of_threads.is_full(now) and self.needs_a_thread(conn):
            line = self._line_of_threads
        else:
            return False
        stays = None if self._are_few(line) else self._refuse(conn)
        if stays is None:
            return False
        idle.remove(conn)
        if stays:
            conn.set_timeout()
            idle.append(conn)
        else:
            self.poller.unregister(conn.sock)
            self.hang_up(conn)
        return True

    def _are_few(self, line: Line) -> bool:
        here = len(self._here)
        return len(self._held) + (here if line is self._line_here else len(self._at_work) - here) <= FEW

    def is_taken(self, conn: Any) -> None:
        """Let a request into its line."""
        conn.line = self._line_of_threads if conn.post is None else self._line_here
        conn.place = conn.line.join(time.monotonic())
        super().is_taken(conn)

    def hand_over(self, conn: Any) -> None:
        """Leave this thread's line for the threads'."""
        conn.line.take_up(conn.place, 0.0, time.monotonic())
        super().hand_over(conn)

    def handle(self, conn: Any) -> Any:
        """Serve a request whose turn has come, unless it came too late."""
        stays = self._refuses_late(conn)
        return super().handle(conn) if stays is None else stays

    def serve_here(self, conn: Any) -> bool:
        """Serve a post whose turn has come, unless it came too late."""
        stays = self._refuses_late(conn)
        if stays is not None:
            return stays
        if not self._accepting:
            conn.post.force_close()
        return super().serve_here(conn)

    def _refuses_late(self, conn: Any) -> bool | None:
        """Refuse a request that came too late in overload, and say whether its line stays; None if it is served."""
        now = time.monotonic()
        waited = now - conn.place[0]
        if waited > NOTICED_SECONDS:
            waited = max(waited, _unread_for(conn.sock))
        is_overload = conn.line.take_up(conn.place, waited, now)
        if is_overload and waited >= TOO_LATE_SECONDS and not self._are_few(conn.line):
            return self._refuse(conn)
        return None

    def is_held(self, conn: Any) -> None:
        """Count an answer that waits for the disk."""
        conn.line.hold(conn.place)
        super().is_held(conn)

    def is_answered(self, conn: Any) -> None:
        """Measure how long an answer took that has waited for the disk."""
        conn.line.answer(conn.place, time.monotonic())
        super().is_answered(conn)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Serve a request; while the process takes no new lines each ends with its answer, so that others get in."""
        if not self._accepting:
            req.force_close()
        return super().handle_request(req, conn)

    def _refuse(self, conn: Any) -> bool | None:
        """Answer a request that is there, and say whether its line stays; None if it must be served all the same."""
        if self.has_read_ahead(conn):
            return None
        try:
            came = conn.sock.recv(RECEIVE_BYTES, socket.MSG_DONTWAIT)
            answer = refusal(came, self.alive and self._accepting)
            if answer is None:
                conn.init()
                conn.parser.unreader.unread(came)
                return None
            sent = conn.sock.send(answer.data, socket.MSG_DONTWAIT)
        except OSError:
            return False
        self._refused += 1
        return answer.stays and sent == len(answer.data)

    def murder_keepalived(self, force: bool = False) -> Any:
        """Say at most once a minute, besides, how many were refused."""
        now = time.monotonic()
        if self._refused and now - self._told_at > TELL_EVERY_SECONDS:
            self.log.warning("Overload: %d requests were refused, they would have waited too long", self._refused)
            self._refused, self._told_at = 0, now
        return super().murder_keepalived(force)


def _unread_for(line: socket.socket) -> float:
    """Return for how long what came has lain in the system, also before this process saw it; 0 where it can't say."""
    if sys.platform != "linux":
        return 0.0
    try:
        said = line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, LAST_RECEIVED.size)
        return float(LAST_RECEIVED.unpack(said)[0]) / 1000
    except (OSError, struct.error):
        return 0.0
