"""The board at /."""

from collections.abc import Callable

from leadcapture.sandbox.switches import Switches
from leadcapture.sandbox.wire import Reply, Request, html_reply, json_reply
from leadcapture.sandbox.world import World


class Page:
    """Answers /."""

    def __init__(self, world: World, switches: Switches, reset: Callable[[bool], None]) -> None:
        self._world = world
        self._switches = switches
        self._reset = reset

    def answer(self, request: Request) -> Reply:
        """The page."""
        if request.path == "/":
            return html_reply(200, "<!DOCTYPE html><title>Stand-in Nexudus</title>")
        return json_reply(404, "Not found")
