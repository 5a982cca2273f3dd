"""The stand-in without its sockets: a request comes in, and what is to be sent comes out.

Whatever is under /api passes the switched-on faults first and ends in the journal; everything else is the
stand-in's own: the page, and /_sandbox.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from leadcapture.sandbox import faults
from leadcapture.sandbox.api import Api
from leadcapture.sandbox.control import Control
from leadcapture.sandbox.journal import Call, Limits
from leadcapture.sandbox.page import Page
from leadcapture.sandbox.storage import Storage
from leadcapture.sandbox.switches import Switches
from leadcapture.sandbox.tokens import Tokens
from leadcapture.sandbox.wire import Reply, Request
from leadcapture.sandbox.world import World


class Application:
    """The whole stand-in: world, switches, tokens, and the doors to them."""

    def __init__(self, clock: Callable[[], datetime], data: Path | None, account: tuple[str, str]) -> None:
        self.clock = clock
        self.storage = Storage(data)
        self.world = World(clock, self.storage, account[0])
        self.switches = Switches(self.storage, self.world.lock)
        self.tokens = Tokens(account, clock, self.switches, self.storage, self.world.lock)
        self.limits = Limits()
        self._api = Api(self.world, self.switches, self.tokens)
        self._control = Control(self.world, self.switches, self.reset)
        self._page = Page(self.world, self.switches, self.reset)

    def hangs_up(self, request: Request) -> bool:
        """Whether the line is to be cut before the body is read: asked once for each request."""
        if not _is_api(request):
            return False
        unread = self.switches.take("drop_after_commit", request.method, request.resource, mode="unread")
        if unread is None and self.switches["down"] != "close":
            return False
        self._note(request, faults.NO_ANSWER)
        return True

    def answer(self, request: Request) -> Reply:
        """What is to be sent."""
        if not _is_api(request):
            if request.path.startswith("/_sandbox/") and request.path != "/_sandbox/panel":
                return self._control.answer(request)
            return self._page.answer(request)
        reply = self._api_answer(request)
        self._note(request, reply)
        delay = self.switches["delay_ms"] / 1000
        return replace(reply, wait_seconds=reply.wait_seconds + delay) if delay else reply

    def reset(self, keep_seed: bool = False) -> None:
        """Back to the beginning; with `keep_seed` boards, users and sign-ins stay and only leads go."""
        with self.world.transaction():
            self.world.clear(keep_seed)
            self.switches.clear()
            self.limits.clear()
            if not keep_seed:
                self.tokens.expire()
                self.tokens.revoke()

    def close(self) -> None:
        """Let the file go."""
        with self.world.lock:
            self.storage.close()

    def _api_answer(self, request: Request) -> Reply:
        if self.switches["down"] == "503":
            return faults.proxy_page(503)
        way = self.switches.take_throttle(request.resource)
        if way != "none":
            return faults.throttled(way, self.switches["throttle_seconds"])
        limits = self.switches["enforce_limits"]
        if limits and not self.limits.accepts(limits, request.method, self.clock()):
            return faults.throttled("409", 1)
        for name in ("html_error", "ooops", "soft_fail"):
            fault = self.switches.take(name, request.method, request.resource)
            if fault:
                return self._failed(name, fault, request)
        lost = self._lost(request)
        reply = self._api.answer(request)
        return faults.lost(reply, lost["mode"], lost["seconds"]) if lost else reply

    def _failed(self, name: str, fault: dict[str, Any], request: Request) -> Reply:
        if fault.get("written"):
            self._api.answer(request)
        if name == "html_error":
            return faults.proxy_page(fault["status"])
        return faults.ooops(fault["status"]) if name == "ooops" else faults.soft_failure(fault["message"])

    def _lost(self, request: Request) -> dict[str, Any] | None:
        standing = self.switches["drop_after_commit"]
        if standing is None or standing["mode"] == "unread":
            return None
        return self.switches.take("drop_after_commit", request.method, request.resource)

    def _note(self, request: Request, reply: Reply) -> None:
        status = reply.status if reply.send == "all" else 0
        self.world.journal.append(Call(self.clock(), request.method, request.path, status))


def _is_api(request: Request) -> bool:
    return request.path == "/api" or request.path.startswith("/api/")
