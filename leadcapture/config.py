"""The settings of the environment, read once and passed on; every wrong one is named at once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from leadcapture.errors import ConfigError

PLACEHOLDERS = ("changeme", "change-me", "change_me")
SHORTEST_SECRET = 16
NOT_RENEWED = "NEXUDUS_TOKEN is used: it can't be renewed, and delivery stops when it ends"


@dataclass(frozen=True, slots=True)
class Config:
    """Settings as `docs/configuration.md` lists them. Secrets are kept out of its repr."""

    database_url: str = field(default="sqlite:///leads.db", repr=False)
    secret_key: str = field(default="", repr=False)
    secret_key_previous: str | None = field(default=None, repr=False)
    forms_file: str = "forms.toml"
    nexudus_url: str = "https://spaces.nexudus.com"
    nexudus_email: str | None = field(default=None, repr=False)
    nexudus_password: str | None = field(default=None, repr=False)
    nexudus_token: str | None = field(default=None, repr=False)
    admin_password: str | None = field(default=None, repr=False)
    trusted_proxies: int = 0
    max_body_bytes: int = 262144
    port: int = 8000
    web_concurrency: int | None = None
    alert_email_to: str | None = field(default=None, repr=False)
    smtp_url: str | None = field(default=None, repr=False)
    alert_webhook_url: str | None = field(default=None, repr=False)
    alert_after_minutes: int = 15
    fallback_email_to: str | None = field(default=None, repr=False)
    metrics_token: str | None = field(default=None, repr=False)
    log_level: str = "INFO"
    sentry_dsn: str | None = field(default=None, repr=False)
    allowed_hosts: tuple[str, ...] = ()
    captcha: tuple[str, str, str] | None = field(default=None, repr=False)
    """Which service, its site key and its secret key."""
    writes_per_minute: int = 55
    writes_per_day: int = 2400
    calls_per_minute: int = 100
    timeout_seconds: float = 20.0
    retry_base_seconds: float = 5.0
    worker_in_web: bool = False
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The whole environment, for the variables that forms.toml names (`key_env` and the like)."""


def from_env(environment: Mapping[str, str]) -> Config:
    """Read the settings. Raises ConfigError with one sentence for each that is wrong or missing."""
    reader = _Reader(environment)
    on_dyno = bool(environment.get("DYNO"))
    config = Config(
        database_url=reader.text("DATABASE_URL", "sqlite:///leads.db"),
        secret_key=reader.secret_key(),
        secret_key_previous=reader.optional("SECRET_KEY_PREVIOUS"),
        forms_file=reader.text("FORMS_FILE", "forms.toml"),
        nexudus_url=reader.url("NEXUDUS_URL", "https://spaces.nexudus.com").rstrip("/"),
        nexudus_email=reader.optional("NEXUDUS_EMAIL"),
        nexudus_password=reader.optional("NEXUDUS_PASSWORD"),
        nexudus_token=reader.optional("NEXUDUS_TOKEN"),
        admin_password=reader.optional("ADMIN_PASSWORD"),
        trusted_proxies=reader.number("TRUSTED_PROXIES", 1 if on_dyno else 0, int, 0, 10),
        max_body_bytes=reader.number("MAX_BODY_BYTES", 262144, int, 1, 50_000_000),
        port=reader.number("PORT", 8000, int, 1, 65535),
        web_concurrency=reader.number("WEB_CONCURRENCY", None, int, 1, 64),
        alert_email_to=reader.address("ALERT_EMAIL_TO"),
        smtp_url=reader.smtp_url(),
        alert_webhook_url=reader.url("ALERT_WEBHOOK_URL", None),
        alert_after_minutes=reader.number("ALERT_AFTER_MINUTES", 15, int, 1, 10080),
        fallback_email_to=reader.address("FALLBACK_EMAIL_TO"),
        metrics_token=reader.optional("METRICS_TOKEN"),
        log_level=reader.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")),
        sentry_dsn=reader.url("SENTRY_DSN", None),
        allowed_hosts=tuple(reader.text("ALLOWED_HOSTS", "").lower().replace(",", " ").split()),
        captcha=reader.captcha(
            turnstile=(reader.optional("TURNSTILE_SITE_KEY"), reader.optional("TURNSTILE_SECRET_KEY")),
            hcaptcha=(reader.optional("HCAPTCHA_SITE_KEY"), reader.optional("HCAPTCHA_SECRET_KEY")),
            recaptcha=(reader.optional("RECAPTCHA_SITE_KEY"), reader.optional("RECAPTCHA_SECRET_KEY")),
        ),
        writes_per_minute=reader.number("NEXUDUS_WRITES_PER_MINUTE", 55, int, 2, 1_000_000),
        writes_per_day=reader.number("NEXUDUS_WRITES_PER_DAY", 2400, int, 2, 1_000_000_000),
        calls_per_minute=reader.number("NEXUDUS_CALLS_PER_MINUTE", 100, int, 4, 1_000_000),
        timeout_seconds=reader.number("NEXUDUS_TIMEOUT_SECONDS", 20.0, float, 0.1, 60),
        retry_base_seconds=reader.number("RETRY_BASE_SECONDS", 5.0, float, 0.01, 3600),
        worker_in_web=reader.flag("WORKER_IN_WEB"),
        environment=environment,
    )
    reader.database(config.database_url, on_dyno)
    if (config.nexudus_email is None) != (config.nexudus_password is None):
        reader.problems.append("NEXUDUS_EMAIL and NEXUDUS_PASSWORD: set both or neither")
    if reader.problems:
        raise ConfigError(reader.problems)
    return config


class _Reader:
    """Reads variables and collects what is wrong with them; an empty value counts as none."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.problems: list[str] = []

    def optional(self, name: str) -> str | None:
        return self._environment.get(name, "").strip() or None

    def text(self, name: str, default: str) -> str:
        return self.optional(name) or default

    def flag(self, name: str) -> bool:
        value = (self.optional(name) or "0").lower()
        if value not in {"0", "1", "true", "false", "yes", "no"}:
            self.problems.append(f"{name}: must be 1 or 0")
        return value in {"1", "true", "yes"}

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name, default).upper()
        if value not in allowed:
            self.problems.append(f"{name}: must be one of {', '.join(allowed)}")
        return value

    def number(self, name: str, default: Any, kind: Callable[[str], Any], least: float, most: float) -> Any:
        text = self.optional(name)
        if text is None:
            return default
        try:
            value = kind(text)
        except ValueError:
            value = None
        if value is None or not least <= value <= most:
            word = "a whole number" if kind is int else "a number"
            self.problems.append(f"{name}: must be {word} from {least} to {most}")
            return default
        return value

    def url(self, name: str, default: Any) -> Any:
        text = self.optional(name)
        if text is None:
            return default
        if _scheme_of(text) not in {"http", "https"}:
            self.problems.append(f"{name}: must be an http:// or https:// address")
        return text

    def address(self, name: str) -> str | None:
        text = self.optional(name)
        if text and not re.fullmatch(r"[^@\s]+@[^@\s]+", text):
            self.problems.append(f"{name}: must be an e-mail address")
        return text

    def smtp_url(self) -> str | None:
        text = self.optional("SMTP_URL")
        if text and _scheme_of(text) not in {"smtp", "smtps"}:
            self.problems.append("SMTP_URL: must look like smtp://user:password@mail.example.com:587")
        wanted = self.optional("ALERT_EMAIL_TO") or self.optional("FALLBACK_EMAIL_TO")
        if wanted and not text:
            self.problems.append("SMTP_URL: missing: ALERT_EMAIL_TO and FALLBACK_EMAIL_TO need a mail server")
        return text

    def secret_key(self) -> str:
        key = self.optional("SECRET_KEY")
        if key is None:
            self.problems.append(
                "SECRET_KEY: missing. It signs cookies and encrypts the stored token. "
                'Make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
            return ""
        if len(key) < SHORTEST_SECRET or len(set(key)) < 6 or any(word in key.lower() for word in PLACEHOLDERS):
            self.problems.append(
                f"SECRET_KEY: too weak: use at least {SHORTEST_SECRET} random characters, and no placeholder"
            )
        return key

    def captcha(self, **services: tuple[str | None, str | None]) -> tuple[str, str, str] | None:
        found = []
        for name, (site_key, secret) in services.items():
            if site_key and secret:
                found.append((name, site_key, secret))
            elif site_key or secret:
                self.problems.append(f"{name.upper()}_SITE_KEY and {name.upper()}_SECRET_KEY: set both or neither")
        if len(found) > 1:
            self.problems.append("TURNSTILE, HCAPTCHA, RECAPTCHA: set the keys of one of them only")
        return found[0] if found else None

    def database(self, url: str, on_dyno: bool) -> None:
        scheme = url.partition(":")[0].partition("+")[0]
        if scheme not in {"sqlite", "postgres", "postgresql"}:
            self.problems.append("DATABASE_URL: must begin with sqlite:///, postgres:// or postgresql://")
        elif scheme == "sqlite" and url.partition("://")[2].partition("?")[0].lstrip("/") in {"", ":memory:"}:
            self.problems.append("DATABASE_URL: an in-memory database loses every lead: name a file")
        elif scheme == "sqlite" and on_dyno:
            self.problems.append(
                "DATABASE_URL: SQLite on a dyno (DYNO is set): its disk is wiped at every restart and leads "
                "would be lost. Add a PostgreSQL database"
            )


def _scheme_of(url: str) -> str:
    """Return an address's scheme, "" when it is no address with a host and a possible port."""
    try:
        parts = urlsplit(url)
        return parts.scheme if parts.hostname and (parts.port is None or parts.port > 0) else ""
    except ValueError:
        return ""
