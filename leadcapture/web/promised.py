"""An answer that is given before it is true: it goes out once what it speaks of is on disk."""

from collections.abc import Callable, Iterable
from typing import Any

from leadcapture.domain.frozen import frozen
from leadcapture.errors import StoreUnavailable
from leadcapture.intake.receive import Receipt
from leadcapture.web.posts import Accepted, Refusal, fault

HOLD = "leadcapture.hold"
"""Where the server may offer, in the environment of a request, to hold its answer back (`held_answers`)."""

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


@frozen
class Promised:
    """The answer to a post whose lead is on its way to the disk; under any other server than ours it is waited for.

    `refuse` returns the WSGI application that answers a post which is refused after all, or was here already.
    """

    accepted: Accepted
    headers: list[tuple[str, str]]
    refuse: Callable[[Refusal], Application]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer: through the server when it is true, or here after waiting for it."""
        hold = environ.get(HOLD)
        held = hold is not None and hold(self, environ)
        if not held and not self._comes_true():
            return self.instead()(environ, start_response)
        start_response(self.accepted.answer.status, self.headers)
        return [self.accepted.answer.body]

    def when_known(self, then: Callable[[], Callable[[], None] | None]) -> None:
        """Have `then` called when the lead is committed or has failed, by any thread, or at once; and what it returns,
        once for all that are known together."""
        self.accepted.handed.when_done(then)

    def hurry(self) -> None:
        """Say that no other post is on its way."""
        self.accepted.handed.hurry()

    def is_kept(self) -> bool:
        """Say whether the lead is on disk under the id that the answer tells."""
        return self.accepted.handed.is_done() and self._comes_true()

    def wait(self) -> None:
        """Wait until it is known whether the answer is true, or for as long as one may wait for that."""
        self._comes_true()

    def instead(self) -> Application:
        """Return the application whose answer is true instead."""
        try:
            outcome = self._outcome()
        except Exception as error:
            return self.refuse(fault(error))
        return self.refuse(self.accepted.otherwise(outcome))

    def _comes_true(self) -> bool:
        try:
            return self.accepted.handed.wait().id == self.accepted.id
        except Exception:
            return False

    def _outcome(self) -> Receipt | StoreUnavailable:
        if not self.accepted.handed.is_done():
            return StoreUnavailable("a write took too long")
        try:
            return self.accepted.handed.wait()
        except StoreUnavailable as error:
            return error
