"""The training lead's desk: places over time, assignments, letters, imports, notes, gathered figures, the audit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from course.learning.migrations.triggers import change_in_turn, keep_for_ever, note_change

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_BEFORE_ANY_RECORD = "2000-01-01 00:00:00.000000+00:00"
_IS_ROLE = "role IN ('practitioner', 'manager', 'senior-manager')"


def upgrade() -> None:
    _people()
    _assignments()
    _letters_and_imports()
    _figures_and_notes()
    _audit()
    change_in_turn()
    for table in ("people", "former_places"):
        note_change(table, who="NEW.id" if table == "people" else "NEW.person_id")
    for table in ("attempts", "completions"):
        note_change(table, who="NEW.person_id", changes="INSERT")
    for table in ("assignments", "voids_in_force"):
        note_change(table, who="''")


def _people() -> None:
    # Added one at a time: SQLite would otherwise make the table anew, which rows that refer to it forbid.
    op.add_column("people", sa.Column("joined_at", _TIME, nullable=False, server_default=_BEFORE_ANY_RECORD))
    op.add_column("people", sa.Column("left_at", _TIME, nullable=True))
    op.add_column("people", sa.Column("wants_reminders", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.execute(
        "ALTER TABLE people ADD COLUMN manager_id VARCHAR(32) "
        "CONSTRAINT fk_people_manager_id_people REFERENCES people (id)"
    )
    op.create_index("ix_people_manager_id", "people", ["manager_id"])
    op.create_table(
        "former_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(60), nullable=False),
        sa.Column("until", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_former_places"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_former_places_person_id_people"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_former_places_team_id_teams"),
        sa.CheckConstraint(_IS_ROLE, name=op.f("ck_former_places_role")),
    )
    op.create_index("ix_former_places_person_id_until", "former_places", ["person_id", "until"])
    op.create_table(
        "changed",
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_changed"),
    )
    op.create_index("ix_changed_number", "changed", ["number"])


def _assignments() -> None:
    op.create_table(
        "assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("module_ids", _JSON, nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(60), nullable=True),
        sa.Column("person_id", sa.String(32), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("within_days", sa.Integer(), nullable=True),
        sa.Column("refresh_months", sa.Integer(), nullable=True),
        sa.Column("counts_from", _TIME, nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("made_by_id", sa.String(32), nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("ended_by_id", sa.String(32), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_assignments"),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_assignments_agency_id_agencies"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_assignments_team_id_teams"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_assignments_person_id_people"),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name="fk_assignments_made_by_id_people"),
        sa.ForeignKeyConstraint(["ended_by_id"], ["people.id"], name="fk_assignments_ended_by_id_people"),
        sa.ForeignKeyConstraint(["replaces_id"], ["assignments.id"], name="fk_assignments_replaces_id_assignments"),
        sa.UniqueConstraint("replaces_id", name="uq_assignments_replaces_id"),
        sa.CheckConstraint(_IS_ROLE, name=op.f("ck_assignments_role")),
    )
    op.create_table(
        "voids_in_force",
        sa.Column("module_id", sa.String(60), nullable=False),
        sa.Column("version", sa.String(60), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("by_id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("module_id", "version", name="pk_voids_in_force"),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_voids_in_force_by_id_people"),
    )


def _letters_and_imports() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("once", sa.String(200), nullable=True),
        sa.Column("about", _JSON, nullable=False),
        sa.Column("state", sa.String(60), nullable=False),
        sa.Column("why", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_letters_person_id_people"),
        sa.UniqueConstraint("once", name="uq_letters_once"),
        sa.CheckConstraint("kind IN ('invitation', 'password', 'reminder')", name=op.f("ck_letters_kind")),
        sa.CheckConstraint("state IN ('sending', 'sent', 'failed', 'bounced')", name=op.f("ck_letters_state")),
    )
    op.create_index("ix_letters_person_id_at", "letters", ["person_id", "at"])
    op.create_index("ix_letters_at_id", "letters", ["at", "id"])
    op.create_table(
        "imports",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("by_id", sa.String(32), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("file", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("sheet", _JSON, nullable=False),
        sa.Column("done_at", _TIME, nullable=True),
        sa.Column("counts", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_imports_by_id_people"),
    )
    op.create_index("ix_imports_at_id", "imports", ["at", "id"])


def _figures_and_notes() -> None:
    op.create_table(
        "gatherings",
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("module_id", sa.String(60), nullable=False),
        sa.Column("up_to", _TIME, nullable=False),
        sa.Column("body", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("kind", "module_id", name="pk_gatherings"),
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.String(60), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.String(32), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
        sa.ForeignKeyConstraint(["agency_id"], ["agencies.id"], name="fk_notes_agency_id_agencies"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_notes_team_id_teams"),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_notes_by_id_people"),
    )
    op.create_index("ix_notes_module_id_at", "notes", ["module_id", "at"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("by_id", sa.String(32), nullable=False),
        sa.Column("act", sa.String(60), nullable=False),
        sa.Column("about_id", sa.String(32), nullable=True),
        sa.Column("what", sa.String(2000), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_audit_by_id_people"),
        sa.ForeignKeyConstraint(["about_id"], ["people.id"], name="fk_audit_about_id_people"),
    )
    op.create_index("ix_audit_about_id_at", "audit", ["about_id", "at"])
    op.create_index("ix_audit_at_id", "audit", ["at", "id"])
    keep_for_ever("audit")


def downgrade() -> None:
    raise NotImplementedError("Records are kept: restore a backup instead.")
