"""How people are told: by mail, and by a webhook. The only place that sends either."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import requests

TIMEOUT_SECONDS = 15.0
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
Send = Callable[[str, str], None]
"""Sends a subject and a text; raises OSError (requests' and smtplib's errors are OSErrors) when it can't."""


@dataclass(frozen=True, slots=True)
class Mail:
    """Sends to one address through SMTP_URL: smtp://user:password@host:587, or smtps://…:465."""

    url: str
    to: str

    def __call__(self, subject: str, text: str) -> None:
        """Send one message."""
        sender = unquote(urlsplit(self.url).username or "")
        message = EmailMessage()
        message["Subject"] = " ".join(subject.split())
        message["From"] = sender if "@" in sender else self.to
        message["To"] = self.to
        message.set_content(text)
        with self._signed_in() as server:
            server.send_message(message)

    def check(self) -> None:
        """Sign in and send nothing; raises OSError when a message could not be sent."""
        with self._signed_in() as server:
            server.noop()

    @contextmanager
    def _signed_in(self) -> Iterator[smtplib.SMTP]:
        """A line to the server: TLS whenever it offers that, and before a password is sent."""
        parts = urlsplit(self.url)
        context = ssl.create_default_context()
        host = parts.hostname or "localhost"
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT_SECONDS)
        with server:
            server.ehlo()
            if parts.scheme == "smtp" and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            elif parts.scheme == "smtp" and parts.username and host not in LOOPBACK:
                raise OSError("the mail server offers no TLS, and a password is never sent without")
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            yield server


@dataclass(frozen=True, slots=True)
class Webhook:
    """Posts {"text": …}, which chat services take as a message."""

    url: str

    def __call__(self, subject: str, text: str) -> None:
        """Post one message."""
        answer = requests.post(
            self.url, json={"text": f"{subject}\n{text}"}, timeout=TIMEOUT_SECONDS, allow_redirects=False
        )
        answer.raise_for_status()
