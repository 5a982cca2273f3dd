"""The operator's session: a signed cookie of the admin pages alone, which ends with its row and with the password."""

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256

from flask import Flask, Request, current_app, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect

from leadcapture.web.services import services

LASTS = timedelta(hours=12)
SIGNED_IN, NAME = "operator", "session"
ADMIN = "/admin"
csrf = CSRFProtect()


class AdminSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, secure wherever the browser came by TLS; of the admin pages, and of nothing else."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie where it belongs: a visitor's form has no session to look for."""
        if not request.path.startswith(ADMIN):
            return self.make_null_session(app)
        return super().open_session(app, request)

    def get_cookie_secure(self, app: Flask) -> bool:
        """Say whether the cookie may only travel over TLS."""
        return request.is_secure


def init_app(app: Flask) -> None:
    """Set up cookies and CSRF tokens; the token is checked by the admin pages alone."""
    app.session_interface = AdminSessions()
    app.config.update(
        SESSION_COOKIE_NAME="leadcapture_admin",
        SESSION_COOKIE_PATH=ADMIN,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=LASTS,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=int(LASTS.total_seconds()),
    )
    csrf.init_app(app)


def same_password(given: str, wanted: str) -> bool:
    """Compare in a time that tells nothing, not even the length."""
    digests = [sha256(text.encode("utf-8", "replace")).digest() for text in (given, wanted)]
    return hmac.compare_digest(*digests)


def sign_in(password: str) -> None:
    """Begin a new session."""
    now = services().clock()
    session.clear()
    session.permanent = True
    session[SIGNED_IN] = _mark(password)
    session[NAME] = secrets.token_urlsafe(24)
    services().store.sessions.open(session[NAME], now, now + LASTS)


def sign_out() -> None:
    """End the session, also for whoever has kept its cookie."""
    if isinstance(name := session.get(NAME), str):
        services().store.sessions.close(name)
    session.clear()


def signed_in(password: str) -> bool:
    """Say whether this session was begun with today's password, less than LASTS ago, and not ended since."""
    mark, name = session.get(SIGNED_IN), session.get(NAME)
    if not isinstance(mark, str) or not isinstance(name, str):
        return False
    same = hmac.compare_digest(mark, _mark(password))
    return same and services().store.sessions.is_open(name, services().clock())


def _mark(password: str) -> str:
    key = str(current_app.secret_key).encode()
    return hmac.new(key, b"operator\0" + password.encode("utf-8", "replace"), sha256).hexdigest()[:32]
