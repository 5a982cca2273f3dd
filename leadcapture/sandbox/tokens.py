"""Sign-in and renewal: /api/token, and who stands behind an Authorization header.

Form-encoded only; `client_id` is a header; one refresh token for each client_id, used once and replaced every
time; access tokens that were issued live until they expire, whatever happens since.
"""

import base64
import binascii
import hmac
import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from leadcapture.sandbox import moments
from leadcapture.sandbox.storage import Storage
from leadcapture.sandbox.switches import Switches
from leadcapture.sandbox.wire import Reply, Request, json_reply

REFRESH_LIFE = timedelta(days=15)


class Tokens:
    """Issues tokens to one account and recognises them again. Safe for several threads."""

    def __init__(
        self,
        account: tuple[str, str],
        clock: Callable[[], datetime],
        switches: Switches,
        storage: Storage,
        lock: threading.RLock,
    ) -> None:
        self._username, self._password = account
        self._clock = clock
        self._switches = switches
        self._storage = storage
        self._lock = lock
        kept = storage.state("tokens") or {}
        self._access: dict[str, str] = kept.get("access", {})
        self._refresh: dict[str, list[str]] = kept.get("refresh", {})
        switches.on_action("expire_tokens", self.expire)
        switches.on_action("revoke_refresh", self.revoke)

    def answer(self, request: Request) -> Reply:
        """The reply of /api/token."""
        if request.method != "POST":
            return json_reply(405, {"Message": "The requested resource does not support this method."})
        if request.media_type != "application/x-www-form-urlencoded":
            return json_reply(400, {"error": "unsupported_grant_type"})
        form = request.form()
        client_id = request.headers.get("client_id", "")
        with self._lock:
            match form.get("grant_type"):
                case "password":
                    return self._signed_in(form, client_id or form.get("username", ""))
                case "refresh_token":
                    return self._renewed(form, client_id)
                case _:
                    return json_reply(400, {"error": "unsupported_grant_type"})

    def known(self, authorization: str) -> bool:
        """Whether an Authorization header is good: a living bearer token, or the account's Basic pair."""
        scheme, _, credentials = authorization.partition(" ")
        if scheme.lower() == "bearer":
            until = self._access.get(credentials.strip())
            return until is not None and until > moments.stored(self._clock())
        if scheme.lower() == "basic" and self._switches["totp"] is None:
            try:
                pair = base64.b64decode(credentials.strip(), validate=True).decode()
            except (binascii.Error, UnicodeDecodeError):
                return False
            username, _, password = pair.partition(":")
            return self._right(username, password)
        return False

    def expire(self) -> None:
        """Every access token dies."""
        with self._lock:
            self._access.clear()
            self._keep()

    def revoke(self) -> None:
        """Every refresh token dies."""
        with self._lock:
            self._refresh.clear()
            self._keep()

    def _right(self, username: str, password: str) -> bool:
        same_name = hmac.compare_digest(username.lower().encode(), self._username.lower().encode())
        same_word = hmac.compare_digest(password.encode(), self._password.encode())
        return same_name and same_word and not self._switches["refuse_sign_in"]

    def _signed_in(self, form: dict[str, str], client_id: str) -> Reply:
        code = self._switches["totp"]
        right = self._right(form.get("username", ""), form.get("password", ""))
        if not right or (code is not None and form.get("totp") != code):
            wrong = "The user name or password is incorrect."
            body = {"error": "invalid_grant", "error_description": wrong}
            return json_reply(self._switches["bad_password_status"], body)
        return self._issued(client_id)

    def _renewed(self, form: dict[str, str], client_id: str) -> Reply:
        token, until = self._refresh.get(client_id.lower(), ["", ""])
        good = token and hmac.compare_digest(form.get("refresh_token", "").encode(), token.encode())
        if not good or until <= moments.stored(self._clock()):
            return json_reply(400, {"error": "invalid_grant"})
        return self._issued(client_id)

    def _issued(self, client_id: str) -> Reply:
        now = self._clock()
        access, refresh = secrets.token_urlsafe(48), secrets.token_urlsafe(32)
        seconds = self._switches["expires_in"]
        dead = [token for token, until in self._access.items() if until <= moments.stored(now)]
        for token in dead:
            del self._access[token]
        self._access[access] = moments.stored(now + timedelta(seconds=seconds))
        self._refresh[client_id.lower()] = [refresh, moments.stored(now + REFRESH_LIFE)]
        self._keep()
        body: dict[str, Any] = {"access_token": access, "token_type": "bearer"}
        return json_reply(200, body | {"expires_in": seconds, "refresh_token": refresh})

    def _keep(self) -> None:
        self._storage.keep_state("tokens", {"access": self._access, "refresh": self._refresh})
