"""The forms and the store, built from a Config: what every process begins with."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from leadcapture import __version__
from leadcapture import log as logs
from leadcapture.config import Config
from leadcapture.domain.form import Catalogue, Connection
from leadcapture.domain.pace import Allowance
from leadcapture.errors import ConfigError
from leadcapture.intake.forms_file import load_forms
from leadcapture.later import load_part
from leadcapture.store.store import Store


def clock() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)


def begin_telling(config: Config) -> None:
    """Send logs to standard error, and faults to Sentry where SENTRY_DSN is set. Raises ConfigError."""
    logs.configure(config.log_level)
    if config.sentry_dsn:
        load_part("leadcapture.sentry").init(config.sentry_dsn, __version__)


def build_base(config: Config) -> tuple[Catalogue, Store]:
    """Return the forms and the store. Raises ConfigError naming all that is wrong with either."""
    problems: list[str] = []
    catalogue = store = None
    try:
        catalogue = build_catalogue(config)
    except ConfigError as error:
        problems += error.problems
    try:
        store = build_store(config)
    except ValueError:
        problems.append("DATABASE_URL: can't be read: write sqlite:///file.db or postgresql://user:password@host/name")
    if catalogue is None or store is None:
        raise ConfigError(problems)
    return catalogue, store


def forms_problems(environment: Mapping[str, str]) -> list[str]:
    """Return what is wrong with forms.toml, when the settings are wrong as well."""
    try:
        load_forms(Path(environment.get("FORMS_FILE") or "forms.toml"), environment, Connection())
    except ConfigError as error:
        return error.problems
    return []


def build_store(config: Config) -> Store:
    """Return the store; nothing is opened yet."""
    return Store(config.database_url, config.secret_key, config.secret_key_previous, clock)


def build_catalogue(config: Config) -> Catalogue:
    """Read forms.toml. Raises ConfigError."""
    return load_forms(Path(config.forms_file), config.environment, main_connection(config))


def main_connection(config: Config) -> Connection:
    """Return the connection that the environment describes."""
    return Connection(
        name="main",
        url=config.nexudus_url,
        email=config.nexudus_email,
        password=config.nexudus_password,
        token=config.nexudus_token,
        writes_per_minute=config.writes_per_minute,
        writes_per_day=config.writes_per_day,
        calls_per_minute=config.calls_per_minute,
        timeout_seconds=config.timeout_seconds,
    )


def allowance(connection: Connection) -> Allowance:
    """Return a connection's limits."""
    return Allowance(connection.writes_per_minute, connection.writes_per_day, connection.calls_per_minute)
