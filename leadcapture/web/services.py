"""What the views are given: built in `app`, kept in `app.extensions`."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import field
from datetime import datetime
from pathlib import Path
from typing import cast

from flask import Request, current_app, request
from itsdangerous import TimestampSigner

from leadcapture.domain.form import Catalogue
from leadcapture.domain.frozen import frozen
from leadcapture.domain.pace import Allowance
from leadcapture.domain.setup import AccountReader
from leadcapture.intake.receive import Receiver
from leadcapture.intake.receive_hook import HookReceiver
from leadcapture.store.store import Store
from leadcapture.web.admin.lockout import Lockout
from leadcapture.web.guarding import Guards
from leadcapture.web.texts import Texts
from leadcapture.web.throttle import Throttle


@frozen
class Operator:
    """What only the operator's pages and monitors need: off without `password`, `metrics_token`. `open_account`
    opens the Nexudus account of a connection, for the setup pages alone; `alerts`: whether anybody is told."""

    password: str | None = field(repr=False)
    metrics_token: str | None = field(repr=False)
    lockout: Lockout
    forms_file: Path
    alerts: bool
    open_account: Callable[[str], AbstractContextManager[AccountReader]]


@frozen
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
    most_bytes: int
    allowances: Mapping[str, Allowance]
    version: str
    guards: Guards
    operator: Operator


def this_request() -> Request:
    """Return the request itself: Flask's name for it costs several calls at each use."""
    return cast(Request, request._get_current_object())  # type: ignore[attr-defined]  # Flask's documented way


def services() -> Services:
    """Return the running app's services."""
    return cast(Services, current_app.extensions["leadcapture"])
