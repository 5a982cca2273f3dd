"""Migrations: Alembic's, run from within, once, under a lock. Loaded when somebody migrates, and not before."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from leadcapture.store.db import Database, named_failures
from leadcapture.store.tables import metadata

MIGRATION_LOCK = 7318402
"""The number of PostgreSQL's advisory lock under which migrations run."""


def scripts() -> ScriptDirectory:
    """Return the migrations as Alembic knows them."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def migrate(database: Database) -> None:
    """Bring the schema up to date. Two that start at once do it one after the other. Raises StoreUnavailable."""
    with named_failures(), database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        found = scripts()
        with EnvironmentContext(
            Config(), found, fn=lambda rev, _context: found._upgrade_revs("head", rev)
        ) as environment:
            environment.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
            environment.run_migrations()
