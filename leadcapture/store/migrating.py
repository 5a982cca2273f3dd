"""Migrations: Alembic's, run from within, once, under a lock. Loaded when somebody migrates, and not before."""

import logging
from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from leadcapture.store.db import Database, named_failures
from leadcapture.store.schema import current_revision, head_revision
from leadcapture.store.tables import metadata

log = logging.getLogger(__name__)

MIGRATION_LOCK = 7318402
"""The number of PostgreSQL's advisory lock under which migrations run."""


def scripts() -> ScriptDirectory:
    """Return the migrations as Alembic knows them."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def migrate(database: Database) -> None:
    """Bring the schema up to date. Two that start at once do it one after the other. Raises StoreUnavailable.

    One that a newer version has migrated already stays as it is: this code works on it (see `Store.ready`).
    """
    with named_failures(), database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        if (current_revision(connection) or "") > head_revision():
            log.warning("the database is newer than this version, and stays as it is")
            return
        found = scripts()
        with EnvironmentContext(
            Config(), found, fn=lambda rev, _context: found._upgrade_revs("head", rev)
        ) as environment:
            environment.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
            environment.run_migrations()
