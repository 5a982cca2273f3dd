"""gunicorn's settings, each with its reason. Read by `gunicorn wsgi:app`."""

import gc
import logging
import sys

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from leadcapture.config import NOT_RENEWED
from leadcapture.errors import ConfigError
from leadcapture.intake.naming import spoken_words
from leadcapture.intake.screening_words import words
from leadcapture.settings import servers_settings
from leadcapture.supervisor import Beside

try:
    _config = servers_settings()
except ConfigError as error:
    # Wrong settings end here, before any worker starts: plain words, no traceback, no restart loop.
    sys.exit(error.told)

# The platform says which port; every interface, since a router stands in front.
bind = f"0.0.0.0:{_config.port}"
# A request is short and mostly waits for the disk: threads share one process' memory and its group commit. Ours are
# gunicorn's own, but for forms that have come whole (main_thread), for clients that send a byte at a time, and for
# overload: who would wait too long is refused.
worker_class = "leadcapture.overload.PromptWorker"
threads = 16
# With the database's own files fewer than the 1,024 that many systems let a process open.
worker_connections = 900
# Two processes use two cores and survive each other; more only where WEB_CONCURRENCY says so.
workers = _config.web_concurrency or 2
# The app is loaded once and shared: less memory, a faster start, and one shared table of rates.
preload_app = True
# Files go out as everything does, so that a client which does not read them ends with its patience (slow_clients).
sendfile = False
# Longer than any request takes; a worker that hangs longer is replaced.
timeout = 30
# On SIGTERM running requests are finished; platforms kill after 30 seconds, or 10.
graceful_timeout = 8
# Browsers and load balancers send several requests over one connection.
keepalive = 5
# Request lines and headers of real browsers are far smaller; what is larger is an attack.
limit_request_line = 8190
limit_request_fields = 100
limit_request_field_size = 8190
# Worker heartbeats in memory: a slow disk must not look like a hanging worker.
worker_tmp_dir = "/dev/shm" if sys.platform == "linux" else None  # noqa: S108
# Who set X-Forwarded-Proto is for TRUSTED_PROXIES alone to say; gunicorn would believe anybody on this machine.
forwarded_allow_ips = ""
# Access logs hold query strings with personal data and keys: none. Errors go to standard error.
accesslog = None
errorlog = "-"
# At debug gunicorn writes every path down, and paths hold what people put there.
loglevel = _config.log_level.lower().replace("debug", "info")


def _without_requests(record: logging.LogRecord) -> bool:
    """Leave a bad request's address and headers out of the log."""
    if str(record.msg).startswith("Invalid request"):
        record.msg, record.args = "An invalid request was refused", ()
    return True


def on_starting(server: Arbiter) -> None:
    """Before the first worker."""
    server.log.error_log.addFilter(_without_requests)
    if _config.nexudus_token:
        server.log.warning(NOT_RENEWED)


def pre_fork(_server: Arbiter, _worker: Worker) -> None:
    """Make once what every worker needs, and let the garbage collector leave it alone: they go on sharing it."""
    # The tables of phrases: 0.1 s that each worker would spend on its first lead, and memory that they would not share.
    words()
    spoken_words()
    gc.collect()
    gc.freeze()
    # A post makes and drops thousands of objects and hardly a cycle: to look for those after each 700, as Python does,
    # took a twentieth of it.
    gc.set_threshold(10_000)


def when_ready(server: Arbiter) -> None:
    """With WORKER_IN_WEB=1, one worker runs beside the web processes."""
    if not _config.worker_in_web:
        return
    # On the server and not in this file, which SIGHUP reads anew: `on_exit` is then another file's than this function.
    server.beside = beside = Beside()
    beside.look()
    # gunicorn has no hook for "now and then" in its master, and a thread in a process that forks is asking for trouble.
    # Its loop calls `murder_workers` once a second and after every child's end, and no more once it stops: the one
    # place where somebody notices that the supervisor was killed. A gunicorn that renames it ends here, at the start.
    murder_workers = server.murder_workers

    def murder_workers_and_look() -> None:
        murder_workers()
        beside.look()

    server.murder_workers = murder_workers_and_look


def on_exit(server: Arbiter) -> None:
    """Take the worker along."""
    if beside := getattr(server, "beside", None):
        beside.end()
