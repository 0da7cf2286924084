"""Every table: what is kept, and which columns are sealed.

In clear stand ids, hashes, times, states and rule or task ids only. A column of kind `SEALED`
holds what the vault sealed. The migrations build exactly these tables.
"""

from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from connector.store.columns import HASH, ID, NAME, SEALED, Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# One row per key id ever used: opened at start, so that a wrong key is found before any writing.
key_check = Table(
    "key_check",
    metadata,
    Column("key_id", NAME, primary_key=True),
    Column("canary", SEALED, nullable=False),
)

# state: received | held_stale | held_loop | unmapped | ignored | duplicate | outdated | echo |
# broken | processed | unfetched (an entry of the host's list, its form could not be read yet)
submission = Table(
    "submission",
    metadata,
    Column("id", ID, primary_key=True),
    Column("host", NAME, nullable=False),
    Column("delivery_id", NAME, nullable=False),
    Column("body_sha256", HASH, nullable=False),
    Column("body", SEALED),
    Column("received_at", Instant, nullable=False),
    Column("state", String(20), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("event", NAME),
    Column("not_before", Instant),
    Column("form_type", NAME),
    Column("form_id", NAME),
    Column("version", NAME),
    Column("ordinal", Integer),
    Column("content_sha256", HASH),
    Column("person_ids", JSON, nullable=False, default=list),
    Column("completed_at", Instant),
    Column("processed_at", Instant),
    Column("as_of", Date),
    Column("status", NAME),
    Column("summary", SEALED),
    Column("configuration_hash", HASH),
    UniqueConstraint("host", "delivery_id"),
    Index(None, "state", "received_at"),
    Index(None, "state", "host"),
    Index(None, "host", "form_id"),
    Index(None, "received_at"),
)

# A body that came under a delivery id we hold another body for: kept for a look, never worked on.
quarantine = Table(
    "quarantine",
    metadata,
    Column("id", ID, primary_key=True),
    Column("host", NAME, nullable=False),
    Column("delivery_id", NAME, nullable=False),
    Column("body_sha256", HASH, nullable=False),
    Column("body", SEALED),
    Column("received_at", Instant, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    UniqueConstraint("host", "delivery_id", "body_sha256"),
)

# state: planned | open | missed | done | done_late | cancelled | superseded
follow_up = Table(
    "follow_up",
    metadata,
    Column("id", ID, primary_key=True),
    Column("host", NAME, nullable=False),
    Column("person_id", NAME, nullable=False),
    Column("task", String(20), nullable=False),
    Column("rule", String(20), nullable=False),
    Column("reference", String(80), nullable=False, unique=True),
    Column("submission_id", ForeignKey(submission.c.id), nullable=False),
    Column("form_type", NAME),
    Column("form_id", NAME),
    Column("period_key", NAME, nullable=False),
    Column("scheduled_for", Date, nullable=False),
    Column("opens_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("counted_from", Date),
    Column("wanted_on", Date),
    Column("escalates_on", Date),
    Column("done_on", Date),
    Column("state", String(20), nullable=False, default="planned"),
    Column("role", String(20), nullable=False, default="worker"),
    Column("inbox", String(20), nullable=False),
    Column("assignee", NAME),
    Column("content", SEALED),
    Column("reason", Text, nullable=False, default=""),
    Column("replaced_by", NAME),
    Column("looked_at", Instant),
    Column("created_at", Instant, nullable=False),
    Index(
        "uq_follow_up_host_person_id_task_period_key",
        "host",
        "person_id",
        "task",
        "period_key",
        unique=True,
    ),
    Index(None, "state", "opens_on"),
    Index(None, "state", "due_on"),
    Index(None, "state", "escalates_on"),
    Index(None, "state", "looked_at"),
    Index(None, "host", "assignee"),
    Index(None, "submission_id"),
)

# What the host says of a person now: who is responsible, and whether they died. Sealed.
person = Table(
    "person",
    metadata,
    Column("host", NAME, primary_key=True),
    Column("person_id", NAME, primary_key=True),
    Column("merged_into", NAME),
    Column("content", SEALED),
    Column("looked_at", Instant),
    Column("changed_at", Instant, nullable=False),
)

worker_left = Table(
    "worker_left",
    metadata,
    Column("host", NAME, primary_key=True),
    Column("worker_id", NAME, primary_key=True),
    Column("since", Instant, nullable=False),
)

# A form that was opened again: nothing new from it until it is completed.
frozen_form = Table(
    "frozen_form",
    metadata,
    Column("host", NAME, primary_key=True),
    Column("form_id", NAME, primary_key=True),
    Column("since", Instant, nullable=False),
)

# How far back each host's completed forms have been asked for, and what nightly checks found.
round_made = Table(
    "round_made",
    metadata,
    Column("host", NAME, primary_key=True),
    Column("name", NAME, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("found", Integer, nullable=False, default=0),
)

# state: planned | intent | confirmed | unknown | parked | cancelled
effect = Table(
    "effect",
    metadata,
    Column("id", ID, primary_key=True),
    Column("submission_id", ForeignKey(submission.c.id), nullable=False),
    Column("host", NAME, nullable=False),
    Column("person_id", NAME, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("step", NAME, nullable=False),
    Column("reference", String(80), nullable=False, unique=True),
    Column("position", Integer, nullable=False),
    Column("state", String(20), nullable=False, default="planned"),
    Column("content", SEALED),
    Column("attempts", Integer, nullable=False, default=0),
    Column("misses", Integer, nullable=False, default=0),
    Column("lease_owner", NAME),
    Column("lease_until", Instant),
    Column("fence", Integer, nullable=False, default=0),
    Column("not_before", Instant),
    Column("first_sent", Instant),
    Column("last_sent", Instant),
    Column("remote_id", NAME),
    Column("reason", Text, nullable=False, default=""),
    Column("follow_up_id", ForeignKey(follow_up.c.id)),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Column("check_at", Instant),
    Index(None, "state", "not_before"),
    Index(None, "state", "host", "kind"),
    Index(None, "check_at"),
    Index(None, "submission_id"),
    Index(None, "host", "person_id"),
    Index(None, "host", "remote_id"),
    Index(None, "follow_up_id"),
)

# kind: send | look_up | resolve. Only ever added to.
attempt = Table(
    "attempt",
    metadata,
    Column("id", ID, primary_key=True),
    Column("effect_id", ForeignKey(effect.c.id), nullable=False),
    Column("n", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("result", String(40), nullable=False),
    Column("http_status", Integer),
    Column("message", Text, nullable=False, default=""),
    UniqueConstraint("effect_id", "n"),
    Index(None, "ended_at"),
)

document = Table(
    "document",
    metadata,
    Column("effect_id", ForeignKey(effect.c.id), primary_key=True),
    Column("name", NAME, nullable=False),
    Column("sha256", HASH, nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", SEALED),
)

answers = Table(
    "answers",
    metadata,
    Column("host", NAME, primary_key=True),
    Column("person_id", NAME, primary_key=True),
    Column("form_type", NAME, primary_key=True),
    Column("submission_id", ForeignKey(submission.c.id), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("content", SEALED, nullable=False),
    Column("turns_on", Date),
    Column("kept_at", Instant, nullable=False),
    Index(None, "turns_on"),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("name", NAME, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("detail", Text, nullable=False, default=""),
)

# Back-off is kept per host: while one is known to be down no effect burns an attempt.
host_state = Table(
    "host_state",
    metadata,
    Column("host", NAME, primary_key=True),
    Column("failures", Integer, nullable=False, default=0),
    Column("not_before", Instant),
)

# Each time a backup was put back: what was sent between the two moments is not in the ledger.
restoration = Table(
    "restoration",
    metadata,
    Column("restored_at", Instant, primary_key=True),
    Column("backup_at", Instant, nullable=False),
)
