"""First tables, and the triggers that keep events and completions for ever."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from course.learning.migrations.triggers import keep_for_ever

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _people()
    _learning()
    for table in ("events", "completions"):
        keep_for_ever(table)


def _people() -> None:
    op.create_table(
        "agencies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agencies"),
        sa.UniqueConstraint("name", name="uq_agencies_name"),
    )
    op.create_table(
        "teams",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_teams_agency_id_agencies"),
        sa.UniqueConstraint("agency_id", "name", name="uq_teams_agency_id_name"),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("role", sa.String(60), nullable=False),
        sa.Column("access", sa.String(60), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("session_key", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("email", name="uq_people_email"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_people_team_id_teams"),
        sa.CheckConstraint("role IN ('practitioner', 'manager', 'senior-manager')", name=op.f("ck_people_role")),
        sa.CheckConstraint(
            "access IN ('learner', 'team-lead', 'agency-lead', 'partnership-lead', 'administrator')",
            name=op.f("ck_people_access"),
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_people_email")),
    )
    op.create_index("ix_people_team_id", "people", ["team_id"])
    op.create_index("ix_people_name_id", "people", ["name", "id"])


def _learning() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("module_id", sa.String(60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(60), nullable=False),
        sa.Column("started_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_attempts_person_id_people"),
        sa.UniqueConstraint("person_id", "module_id", "number", name="uq_attempts_person_id_module_id_number"),
    )
    op.create_index("ix_attempts_module_id_person_id", "attempts", ["module_id", "person_id"])
    op.create_table(
        "events",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("body", _JSON, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", "number", name="pk_events"),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_events_attempt_id_attempts"),
    )
    op.create_table(
        "completions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("module_id", sa.String(60), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(60), nullable=False),
        sa.Column("completed_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_completions"),
        sa.UniqueConstraint("attempt_id", name="uq_completions_attempt_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_completions_person_id_people"),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_completions_attempt_id_attempts"),
    )
    columns = ["person_id", "module_id", "completed_at"]
    op.create_index("ix_completions_person_id_module_id_completed_at", "completions", columns)
    op.create_index("ix_completions_module_id_person_id", "completions", ["module_id", "person_id"])
    op.create_table(
        "reflections",
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("module_id", sa.String(60), nullable=False),
        sa.Column("answers", _JSON, nullable=False),
        sa.Column("commitment", sa.String(), nullable=False),
        sa.Column("by_when", sa.String(), nullable=False),
        sa.Column("who_notices", sa.String(), nullable=False),
        sa.Column("saved_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "module_id", name="pk_reflections"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_reflections_person_id_people"),
    )


def downgrade() -> None:
    raise NotImplementedError("Records are kept: restore a backup instead.")
