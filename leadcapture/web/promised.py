"""An answer that is given before it is true: it goes out once what it speaks of is on disk."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from flask import Flask, Response, current_app
from werkzeug.wrappers.response import Response as AnyResponse

from leadcapture.errors import StoreUnavailable
from leadcapture.intake.receive import Handed, Receipt

HOLD = "leadcapture.hold"
"""Where the server may offer, in the environment of a request, to hold its answer back (`held_answers`)."""


class Promised(Response):
    """The answer to a post whose lead is on its way to the disk; under any other server than ours it is waited for."""

    lead_id: str
    handed: Handed
    otherwise: Callable[[Receipt | StoreUnavailable], Response]
    app: Flask

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer: through the server when it is true, or here after waiting for it."""
        hold = environ.get(HOLD)
        held = hold is not None and hold(self, environ)
        true = held or self._comes_true()
        return super().__call__(environ, start_response) if true else self.instead(environ)(environ, start_response)

    def when_known(self, then: Callable[[], None]) -> None:
        """Have `then` called when the lead is committed or has failed, by any thread, or at once."""
        self.handed.when_done(then)

    def hurry(self) -> None:
        """Say that no other post is on its way."""
        self.handed.hurry()

    def is_kept(self) -> bool:
        """Say whether the lead is on disk under the id that the answer tells."""
        return self.handed.is_done() and self._comes_true()

    def wait(self) -> None:
        """Wait until it is known whether the answer is true, or for as long as one may wait for that."""
        self._comes_true()

    def instead(self, environ: dict[str, Any]) -> AnyResponse:
        """Return the answer that is true instead, with all that the app adds to each of its answers."""
        with self.app.request_context(environ):
            try:
                return self.app.process_response(self.otherwise(self._outcome()))
            except Exception as error:
                return self.app.handle_exception(error)

    def _comes_true(self) -> bool:
        try:
            return self.handed.wait().id == self.lead_id
        except Exception:
            return False

    def _outcome(self) -> Receipt | StoreUnavailable:
        if not self.handed.is_done():
            return StoreUnavailable("a write took too long")
        try:
            return self.handed.wait()
        except StoreUnavailable as error:
            return error


def promise(
    answer: Response, lead_id: str, handed: Handed, otherwise: Callable[[Receipt | StoreUnavailable], Response]
) -> Response:
    """Return an answer that goes out once the lead is committed under its id; else what `otherwise` returns for the
    receipt of the lead that was there already, or for the store's failure."""
    promised = cast(Promised, Promised.force_type(answer))
    promised.lead_id, promised.handed, promised.otherwise = lead_id, handed, otherwise
    promised.app = current_app._get_current_object()  # type: ignore[attr-defined]  # Flask's documented way
    return promised
