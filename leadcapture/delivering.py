"""The worker as a process: `python -m leadcapture.delivering`. It loads nothing that only the web needs.

`flask leads worker` becomes this process, and `leadcapture.supervisor` starts it (docs/adr/012-only-what-is-needed.md);
the supervisor adds the number of its own process, and the worker ends when that is gone.
"""

import logging
import os
import signal
import sys
from collections.abc import Callable
from threading import Event, Thread
from types import FrameType

from leadcapture import bootstrap, foundation
from leadcapture.config import Config
from leadcapture.domain.form import Catalogue
from leadcapture.errors import ConfigError
from leadcapture.settings import settings
from leadcapture.store.store import Store

log = logging.getLogger(__name__)

CHECK_SECONDS = 0.5


def main(supervisor: int | None = None) -> None:
    """Deliver until stopped, or until the process of that number is our parent no more. Wrong settings end it in plain
    words."""
    try:
        config = settings()
        foundation.begin_telling(config)
        catalogue, store = foundation.build_base(config)
    except ConfigError as error:
        sys.exit(error.told)
    deliver(config, store, catalogue, supervisor=supervisor)


def deliver(
    config: Config, store: Store, catalogue: Catalogue, drain: bool = False, supervisor: int | None = None
) -> None:
    """Deliver until SIGTERM or SIGINT, or, draining, until nothing is due, or until the supervisor is gone."""
    worker = bootstrap.build_worker(config, store, catalogue)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if supervisor is not None:
        Thread(target=_end_with, args=(supervisor, worker.stop), name="supervisor", daemon=True).start()
    worker.run(drain)


def _end_with(supervisor: int, stop: Callable[[], None]) -> None:
    """Stop the worker as SIGTERM does when its supervisor was killed: the next one starts a worker of its own."""
    pause = Event()
    while os.getppid() == supervisor:
        pause.wait(CHECK_SECONDS)
    log.warning("the supervisor is gone: ending")
    stop()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else None)
