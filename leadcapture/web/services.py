"""What the views are given: built in `app`, kept in `app.extensions`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import current_app
from itsdangerous import TimestampSigner

from leadcapture.domain.form import Catalogue
from leadcapture.domain.pace import Allowance
from leadcapture.intake.receive import Receiver
from leadcapture.intake.receive_hook import HookReceiver
from leadcapture.store.store import Store
from leadcapture.web.guarding import Guards
from leadcapture.web.texts import Texts
from leadcapture.web.throttle import Throttle


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a view may need."""

    catalogue: Catalogue
    store: Store
    receiver: Receiver
    hook_receiver: HookReceiver
    throttle: Throttle
    texts: Texts
    stamps: TimestampSigner
    clock: Callable[[], datetime]
    allowances: Mapping[str, Allowance]
    version: str
    guards: Guards


def services() -> Services:
    """Return the running app's services."""
    return cast(Services, current_app.extensions["leadcapture"])
