"""Follow-ups that go on for years: periods, ends, people, forms that were opened again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what version 0.2 keeps; a follow-up made before is known by its form, as it was then."""
    _widen("submission", sa.Column("event", sa.String(200)), sa.Column("not_before", sa.String(32)))
    _widen("answers", sa.Column("turns_on", sa.Date()))
    op.create_index("ix_answers_turns_on", "answers", ["turns_on"])
    _follow_ups()
    op.create_index("ix_effect_host_remote_id", "effect", ["host", "remote_id"])
    op.create_table(
        "person",
        sa.Column("host", sa.String(200), nullable=False),
        sa.Column("person_id", sa.String(200), nullable=False),
        sa.Column("merged_into", sa.String(200)),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("looked_at", sa.String(32)),
        sa.Column("changed_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("host", "person_id", name="pk_person"),
    )
    op.create_table(
        "worker_left",
        sa.Column("host", sa.String(200), nullable=False),
        sa.Column("worker_id", sa.String(200), nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("host", "worker_id", name="pk_worker_left"),
    )
    op.create_table(
        "frozen_form",
        sa.Column("host", sa.String(200), nullable=False),
        sa.Column("form_id", sa.String(200), nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("host", "form_id", name="pk_frozen_form"),
    )
    op.create_table(
        "round_made",
        sa.Column("host", sa.String(200), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("host", "name", name="pk_round_made"),
    )


def _widen(table: str, *columns: sa.Column[object]) -> None:
    for column in columns:
        op.add_column(table, column)


def _follow_ups() -> None:
    _widen(
        "follow_up",
        sa.Column("form_type", sa.String(200)),
        sa.Column("form_id", sa.String(200)),
        sa.Column("period_key", sa.String(200), nullable=False, server_default=""),
        sa.Column("counted_from", sa.Date()),
        sa.Column("wanted_on", sa.Date()),
        sa.Column("escalates_on", sa.Date()),
        sa.Column("done_on", sa.Date()),
        sa.Column("role", sa.String(20), nullable=False, server_default="worker"),
        sa.Column("assignee", sa.String(200)),
        sa.Column("replaced_by", sa.String(200)),
        sa.Column("looked_at", sa.String(32)),
    )
    # A form that came without an id of its own is known by its delivery.
    op.execute(
        "UPDATE follow_up SET"
        " form_type = (SELECT s.form_type FROM submission s WHERE s.id = follow_up.submission_id),"
        " form_id = (SELECT coalesce(s.form_id, s.id) FROM submission s"
        " WHERE s.id = follow_up.submission_id)"
    )
    # Which action a T20 is stands in what is sealed: store/first_version.py goes on from here.
    op.execute(
        "UPDATE follow_up SET role = inbox, period_key = CASE"
        " WHEN task IN ('T07', 'T08', 'T10', 'T15') THEN ''"
        " WHEN task = 'T20' THEN reference ELSE form_id END"
    )
    # A task that was taken back and asked for again has one row for each time.
    op.execute(
        "UPDATE follow_up SET period_key = period_key || '~' || reference WHERE EXISTS ("
        "SELECT 1 FROM follow_up o WHERE o.host = follow_up.host"
        " AND o.person_id = follow_up.person_id AND o.task = follow_up.task"
        " AND o.period_key = follow_up.period_key AND o.id < follow_up.id)"
    )
    op.drop_index("ix_follow_up_host_person_id", "follow_up")
    op.create_index(
        "uq_follow_up_host_person_id_task_period_key",
        "follow_up",
        ["host", "person_id", "task", "period_key"],
        unique=True,
    )
    for column in ("due_on", "escalates_on", "looked_at"):
        op.create_index(f"ix_follow_up_state_{column}", "follow_up", ["state", column])
    op.create_index("ix_follow_up_host_assignee", "follow_up", ["host", "assignee"])
