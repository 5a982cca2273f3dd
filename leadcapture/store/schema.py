"""Migrations: Alembic's, run from within, once, under a lock."""

from functools import lru_cache
from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from leadcapture.store.db import Database, named_failures
from leadcapture.store.tables import metadata

MIGRATION_LOCK = 7318402
"""The number of PostgreSQL's advisory lock under which migrations run."""


@lru_cache(maxsize=1)
def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def head_revision() -> str | None:
    """Return the revision that this code needs."""
    return _scripts().get_current_head()


def current_revision(connection: Connection) -> str | None:
    """Return the revision that the database has; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def migrate(database: Database) -> None:
    """Bring the schema up to date. Two that start at once do it one after the other. Raises StoreUnavailable."""
    with named_failures(), database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        scripts = _scripts()
        with EnvironmentContext(
            Config(), scripts, fn=lambda rev, _context: scripts._upgrade_revs("head", rev)
        ) as environment:
            environment.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
            environment.run_migrations()
