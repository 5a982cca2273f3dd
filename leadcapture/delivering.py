"""The worker as a process: `python -m leadcapture.delivering`. It loads nothing that only the web needs.

`flask leads worker` becomes this process, and `leadcapture.supervisor` starts it (docs/adr/012-only-what-is-needed.md).
"""

import signal
import sys
from types import FrameType

from leadcapture import bootstrap, foundation
from leadcapture.config import Config
from leadcapture.domain.form import Catalogue
from leadcapture.errors import ConfigError
from leadcapture.settings import settings
from leadcapture.store.store import Store


def main() -> None:
    """Deliver until stopped. Wrong settings end it in plain words."""
    try:
        config = settings()
        foundation.begin_telling(config)
        catalogue, store = foundation.build_base(config)
    except ConfigError as error:
        sys.exit(error.told)
    deliver(config, store, catalogue)


def deliver(config: Config, store: Store, catalogue: Catalogue, drain: bool = False) -> None:
    """Deliver until SIGTERM or SIGINT, or, draining, until nothing is due."""
    worker = bootstrap.build_worker(config, store, catalogue)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    worker.run(drain)


if __name__ == "__main__":
    main()
