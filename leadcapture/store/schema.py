"""Which schema the database has and which one this code needs, told without Alembic: asking must cost nothing."""

from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

VERSIONS = Path(__file__).parent / "migrations" / "versions"


@lru_cache(maxsize=1)
def head_revision() -> str:
    """Return the revision that this code needs: the number that the last migration's file begins with."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*_*.py"))


def current_revision(connection: Connection) -> str | None:
    """Return the revision that the database has; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
