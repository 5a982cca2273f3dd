"""An account as a person sets it up: signed in to with words of his own, then read."""

from leadcapture.domain.account import Me
from leadcapture.nexudus.client import NexudusClient


class NexudusAccount(NexudusClient):
    """Keeps `domain.setup.AccountReader`; belongs to one thread."""

    def sign_in(self, email: str, password: str, code: str | None) -> Me:
        """Sign in and keep the token; raises SignInRefused when the words are wrong."""
        self._tokens.sign_in(email, password, code)
        return self.who_am_i()
