"""Find leads by a surname, and by the reference that stands in the titles of Nexudus."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

SURNAMED = sa.text("surname <> ''")
LAST_WORD = {
    "postgresql": "lower(substring(name from '[^ ]+$'))",
    "sqlite": "lower(replace(name, rtrim(name, replace(name, ' ', '')), ''))",
}
"""A name's last word, of the leads that are there already; new ones are written in letters of every script."""


def upgrade() -> None:
    engine = op.get_bind().dialect.name
    surname = sa.String(length=100, collation="C" if engine == "postgresql" else None)
    op.add_column("leads", sa.Column("surname", surname, nullable=False, server_default=""))
    last = LAST_WORD[engine]
    op.execute(f"UPDATE leads SET surname = coalesce(substr({last}, 1, 100), '') WHERE name LIKE '% %'")  # noqa: S608
    op.create_index("leads_by_surname", "leads", ["surname", "id"], sqlite_where=SURNAMED, postgresql_where=SURNAMED)
    op.create_index("leads_by_reference", "leads", [sa.text("substr(id, 27)")])
