"""What the operator's pages need: indexes of set-aside leads, names and sources, heartbeats, sums for metrics."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

SET_ASIDE = sa.text("state IN ('held', 'blocked', 'discarded')")
NAMED = sa.text("name <> ''")
SOURCED = sa.text("source <> ''")


def upgrade() -> None:
    op.drop_index("leads_needing_a_person", "leads")
    op.create_index("leads_set_aside", "leads", ["state", "id"], sqlite_where=SET_ASIDE, postgresql_where=SET_ASIDE)
    if op.get_bind().dialect.name == "postgresql":
        for column, length in (("email", 320), ("name", 200)):
            op.alter_column("leads", column, type_=sa.String(length, collation="C"), existing_nullable=False)
    op.create_index("leads_by_name", "leads", ["name", "id"], sqlite_where=NAMED, postgresql_where=NAMED)
    op.create_index("leads_by_source", "leads", ["source", "id"], sqlite_where=SOURCED, postgresql_where=SOURCED)
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "tallies",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("sums", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
