"""Looks for doubles, restored backups, and what PostgreSQL asks for."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the second look and a restored backup need."""
    op.add_column("effect", sa.Column("check_at", sa.String(32)))
    op.create_index("ix_effect_check_at", "effect", ["check_at"])
    op.create_index("ix_attempt_ended_at", "attempt", ["ended_at"])
    op.create_index("ix_submission_state_host", "submission", ["state", "host"])
    op.create_index("ix_effect_state_host_kind", "effect", ["state", "host", "kind"])
    op.create_table(
        "restoration",
        sa.Column("restored_at", sa.String(32), nullable=False),
        sa.Column("backup_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("restored_at", name="pk_restoration"),
    )
    _lengthen()


def _lengthen() -> None:
    """SQLite never counted the letters of a host's ids; PostgreSQL would."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    for table in sa.inspect(connection).get_table_names():
        for column in sa.inspect(connection).get_columns(table):
            if getattr(column["type"], "length", None) == 200:
                op.alter_column(table, column["name"], type_=sa.Text())
