"""How people are told: mail, a webhook, and always the log. The only place that sends either."""

import logging
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import requests

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 15.0
Send = Callable[[str, str], None]
"""Sends a subject and a text; raises OSError (requests' and smtplib's errors are OSErrors) when it can't."""


@dataclass(frozen=True, slots=True)
class Mail:
    """Sends to one address through SMTP_URL: smtp://user:password@host:587, or smtps://…:465."""

    url: str
    to: str

    def __call__(self, subject: str, text: str) -> None:
        """Send one message; TLS whenever the server offers it, and always before a password is sent."""
        parts = urlsplit(self.url)
        message = EmailMessage()
        message["Subject"] = " ".join(subject.split())
        message["From"] = unquote(parts.username) if parts.username and "@" in unquote(parts.username) else self.to
        message["To"] = self.to
        message.set_content(text)
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
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)


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


def to_log(subject: str, text: str) -> None:
    """Write a message into the log; it holds no personal data."""
    log.warning("alert: %s: %s", subject, " ".join(text.split()))
