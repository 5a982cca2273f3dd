"""An account as it is set up and looked after: signed in to, renewed, read."""

from leadcapture.domain.account import Me
from leadcapture.nexudus.client import NexudusClient


class NexudusAccount(NexudusClient):
    """Keeps `domain.setup.AccountReader`; belongs to one thread."""

    def sign_in(self, email: str, password: str, code: str | None) -> Me:
        """Sign in and keep the token; raises SignInRefused when the words are wrong."""
        self._tokens.sign_in(email, password, code)
        return self.who_am_i()

    def renew_if_due(self) -> bool:
        """Renew the sign-in if its end is near, and say whether it was; raises SignInRefused."""
        return self._tokens.renew_if_due()

    @property
    def clock_skew_seconds(self) -> float | None:
        """How far the CRM's clock is ahead of ours, by its latest reply; None before the first."""
        return self._transport.clock_skew_seconds
