"""The first tables. A copy that never changes, whatever tables.py becomes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table of version 0.1."""
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeat"),
    )
    op.create_table(
        "host_state",
        sa.Column("host", sa.String(200), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.String(32)),
        sa.PrimaryKeyConstraint("host", name="pk_host_state"),
    )
    op.create_table(
        "key_check",
        sa.Column("key_id", sa.String(200), nullable=False),
        sa.Column("canary", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name="pk_key_check"),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("host", sa.String(200), nullable=False),
        sa.Column("delivery_id", sa.String(200), nullable=False),
        sa.Column("body_sha256", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("received_at", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quarantine"),
        sa.UniqueConstraint(
            "host", "delivery_id", "body_sha256", name="uq_quarantine_host_delivery_id_body_sha256"
        ),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("host", sa.String(200), nullable=False),
        sa.Column("delivery_id", sa.String(200), nullable=False),
        sa.Column("body_sha256", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("received_at", sa.String(32), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("form_type", sa.String(200)),
        sa.Column("form_id", sa.String(200)),
        sa.Column("version", sa.String(200)),
        sa.Column("ordinal", sa.Integer()),
        sa.Column("content_sha256", sa.String(64)),
        sa.Column("person_ids", sa.JSON(), nullable=False),
        sa.Column("completed_at", sa.String(32)),
        sa.Column("processed_at", sa.String(32)),
        sa.Column("as_of", sa.Date()),
        sa.Column("status", sa.String(200)),
        sa.Column("summary", sa.LargeBinary()),
        sa.Column("configuration_hash", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
        sa.UniqueConstraint("host", "delivery_id", name="uq_submission_host_delivery_id"),
    )
    op.create_index("ix_submission_host_form_id", "submission", ["host", "form_id"])
    op.create_index("ix_submission_received_at", "submission", ["received_at"])
    op.create_index("ix_submission_state_received_at", "submission", ["state", "received_at"])

    op.create_table(
        "answers",
        sa.Column("host", sa.String(200), nullable=False),
        sa.Column("person_id", sa.String(200), nullable=False),
        sa.Column("form_type", sa.String(200), nullable=False),
        sa.Column("submission_id", sa.String(40), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_answers_submission_id"
        ),
        sa.PrimaryKeyConstraint("host", "person_id", "form_type", name="pk_answers"),
    )
    op.create_table(
        "follow_up",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("host", sa.String(200), nullable=False),
        sa.Column("person_id", sa.String(200), nullable=False),
        sa.Column("task", sa.String(20), nullable=False),
        sa.Column("rule", sa.String(20), nullable=False),
        sa.Column("reference", sa.String(80), nullable=False),
        sa.Column("submission_id", sa.String(40), nullable=False),
        sa.Column("scheduled_for", sa.Date(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("inbox", sa.String(20), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_follow_up_submission_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_follow_up"),
        sa.UniqueConstraint("reference", name="uq_follow_up_reference"),
    )
    op.create_index("ix_follow_up_host_person_id", "follow_up", ["host", "person_id"])
    op.create_index("ix_follow_up_state_opens_on", "follow_up", ["state", "opens_on"])
    op.create_index("ix_follow_up_submission_id", "follow_up", ["submission_id"])

    op.create_table(
        "effect",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("submission_id", sa.String(40), nullable=False),
        sa.Column("host", sa.String(200), nullable=False),
        sa.Column("person_id", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("step", sa.String(200), nullable=False),
        sa.Column("reference", sa.String(80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(200)),
        sa.Column("lease_until", sa.String(32)),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.String(32)),
        sa.Column("first_sent", sa.String(32)),
        sa.Column("last_sent", sa.String(32)),
        sa.Column("remote_id", sa.String(200)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("follow_up_id", sa.String(40)),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("settled_at", sa.String(32)),
        sa.ForeignKeyConstraint(["follow_up_id"], ["follow_up.id"], name="fk_effect_follow_up_id"),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_effect_submission_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_effect"),
        sa.UniqueConstraint("reference", name="uq_effect_reference"),
    )
    op.create_index("ix_effect_follow_up_id", "effect", ["follow_up_id"])
    op.create_index("ix_effect_host_person_id", "effect", ["host", "person_id"])
    op.create_index("ix_effect_state_not_before", "effect", ["state", "not_before"])
    op.create_index("ix_effect_submission_id", "effect", ["submission_id"])

    op.create_table(
        "attempt",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("effect_id", sa.String(40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("started_at", sa.String(32)),
        sa.Column("ended_at", sa.String(32)),
        sa.Column("result", sa.String(40), nullable=False),
        sa.Column("http_status", sa.Integer()),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["effect_id"], ["effect.id"], name="fk_attempt_effect_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
        sa.UniqueConstraint("effect_id", "n", name="uq_attempt_effect_id_n"),
    )
    op.create_table(
        "document",
        sa.Column("effect_id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["effect_id"], ["effect.id"], name="fk_document_effect_id"),
        sa.PrimaryKeyConstraint("effect_id", name="pk_document"),
    )
