"""One sign-in shared by every process: renewed by one at a time, saved before it is used (contract 2)."""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

from leadcapture.domain.token import Credentials, Token
from leadcapture.errors import SignInNeeded, SignInRefused
from leadcapture.nexudus.calls import RENEW_TOKEN, SIGN_IN, Call
from leadcapture.nexudus.transport import Transport

_log = logging.getLogger(__name__)

_ASSUMED_LIFE = timedelta(hours=1)
_LONGEST_LIFE = timedelta(days=400)
_LAST_DAYS = timedelta(days=3)
_REFRESH_TOKEN_AGE = timedelta(days=13)
_NEW = timedelta(seconds=30)
_READ_AGAIN_AFTER = timedelta(seconds=60)


class TokenStore(Protocol):
    """Where the one sign-in of this installation is kept, for all of its processes and threads."""

    def load(self) -> Token | None:
        """Return the sign-in as it is now, or None."""
        ...

    def save(self, token: Token) -> None:
        """Replace access token and refresh token together; durable when this returns."""
        ...

    def client_id(self) -> str:
        """Return this installation's own GUID; each has one live refresh token (contract 2.3)."""
        ...

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold the right to renew, against every other process and thread."""
        ...


class TokenKeeper:
    """Hands out the bearer token and renews it; belongs to one thread, as its transport does.

    With `fixed_token` nothing is ever stored or renewed. With `credentials` a lost chain of refresh tokens is
    mended by a new sign-in; without them a person has to.
    """

    def __init__(
        self,
        store: TokenStore,
        transport: Transport,
        credentials: Credentials | None,
        fixed_token: str | None,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._transport = transport
        self._credentials = credentials
        self._fixed_token = fixed_token
        self._clock = clock
        self._held: Token | None = None
        self._read_at: datetime | None = None

    @property
    def fixed(self) -> bool:
        """Say whether the token was given ready-made and cannot be renewed."""
        return bool(self._fixed_token)

    def bearer(self) -> str:
        """Return the access token, signing in or renewing first when there is none or its time is up.

        The stored row is read again every minute, so that another process's sign-in is soon used here.
        """
        if self._fixed_token:
            return self._fixed_token
        now = self._clock()
        if self._held is None or self._read_at is None or now - self._read_at >= _READ_AGAIN_AFTER:
            self._held, self._read_at = self._store.load(), now
        if self._held is not None and now < self._held.expires_at:
            return self._held.access_token
        return self.renew(self._held.access_token if self._held else "")

    def obtained_just_now(self, access_token: str) -> bool:
        """Say whether a token is so new that a 401 cannot mean its age (contract 2.5)."""
        held, now = self._held, self._clock()
        return (
            held is not None
            and held.access_token == access_token
            and now < held.expires_at
            and timedelta(0) <= now - held.obtained_at < _NEW
        )

    def renew(self, failed_access_token: str) -> str:
        """Return a token other than the one that failed; one process asks the CRM, all use what it got."""
        if self._fixed_token:
            raise SignInRefused(RENEW_TOKEN.name, 401, "NEXUDUS_TOKEN was refused and cannot be renewed")
        with self._store.exclusive():
            stored = self._store.load()
            if _usable(stored, self._clock()) and stored and stored.access_token != failed_access_token:
                return self._hold(stored)
            return self._hold(self._obtain(stored))

    def renew_if_due(self) -> bool:
        """Renew well before the end, and say whether it was done; does nothing where nothing can be renewed.

        A `SignInRefused` from here means that a person must sign in soon, not that calls fail already:
        `bearer` goes on handing out the old token until its time is up.
        """
        if self._fixed_token or not _due(self._store.load(), self._clock()):
            return False
        with self._store.exclusive():
            stored = self._store.load()
            if stored is None or not _due(stored, self._clock()):
                return False
            if stored.refresh_token is None and self._credentials is None:
                return False
            self._hold(self._obtain(stored))
        return True

    def sign_in(self, email: str, password: str, totp: str | None = None) -> Token:
        """Sign in with a person's own words and keep the result; raises SignInRefused when they are wrong."""
        with self._store.exclusive():
            token = self._sign_in(email, password, totp)
            self._hold(token)
        return token

    def _obtain(self, stored: Token | None) -> Token:
        """Get a new pair by the refresh token, else by the credentials; to be called within `exclusive`."""
        if stored is not None and stored.refresh_token:
            try:
                return self._refresh(stored.refresh_token)
            except SignInRefused as refused:
                _log.warning("the CRM refused the refresh token: HTTP %s", refused.status)
                if self._credentials is None:
                    self._held = None
                    raise
        if self._credentials is not None:
            return self._sign_in(self._credentials.email, self._credentials.password, None)
        self._held = None
        if stored is not None:
            raise SignInRefused(RENEW_TOKEN.name, None, "the sign-in has ended and nothing can renew it")
        raise SignInNeeded(SIGN_IN.name, None, "no sign-in is stored and no credentials are set")

    def _refresh(self, refresh_token: str) -> Token:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self._ask(RENEW_TOKEN, form, refresh_token)

    def _sign_in(self, email: str, password: str, totp: str | None) -> Token:
        form = {"grant_type": "password", "username": email, "password": password}
        if totp:
            form["totp"] = totp
        return self._ask(SIGN_IN, form, None)

    def _ask(self, call: Call, form: Mapping[str, str], previous_refresh_token: str | None) -> Token:
        """Ask for a pair and save it before anyone uses it: a crash in between must not lose the chain."""
        asked_at = self._clock()
        answer = self._transport.exchange(call, form=form, headers={"client_id": self._store.client_id()})
        refresh_token = answer.record.get("refresh_token")
        token = Token(
            access_token=answer.record["access_token"],
            refresh_token=refresh_token if isinstance(refresh_token, str) else previous_refresh_token,
            obtained_at=asked_at,
            expires_at=asked_at + _life(answer.record.get("expires_in")),
        )
        self._store.save(token)
        return token

    def _hold(self, token: Token) -> str:
        self._held, self._read_at = token, self._clock()
        return token.access_token


def _usable(token: Token | None, now: datetime) -> bool:
    return token is not None and now < token.expires_at


def _due(token: Token | None, now: datetime) -> bool:
    """Say whether to renew: half of the life is over, or three days are left of a life of more than four, or
    the refresh token nears its fifteen days (contract 2.3)."""
    if token is None:
        return False
    life = token.expires_at - token.obtained_at
    margin = max(life / 2, _LAST_DAYS) if life > _LAST_DAYS + timedelta(days=1) else life / 2
    return now >= min(token.expires_at - margin, token.obtained_at + _REFRESH_TOKEN_AGE)


def _life(expires_in: Any) -> timedelta:
    """Read `expires_in`, which is seconds; take an hour when it is missing or makes no sense."""
    try:
        life = timedelta(seconds=float(expires_in))
    except (TypeError, ValueError, OverflowError):
        return _ASSUMED_LIFE
    return life if timedelta(0) < life <= _LONGEST_LIFE and expires_in is not True else _ASSUMED_LIFE
