"""What follows from a module: dated commitments, shared entries, checks at six weeks, cards, certificates, requests."""

from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from course.learning.migrations.triggers import keep_nobody, refuse_of_nobody

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_THEIR_OWN = (
    "reflections",
    "shares",
    "six_week_checks",
    "checks_begun",
    "card_answers",
    "certificates",
    "data_requests",
    "letters",
)
_LETTERS = "kind IN ('invitation', 'password', 'reminder', 'check', 'card', 'talks')"


def upgrade() -> None:
    _people()
    _reflections()
    with op.batch_alter_table("letters") as letters:
        letters.drop_constraint(op.f("ck_letters_kind"), type_="check")
        letters.create_check_constraint(op.f("ck_letters_kind"), _LETTERS)
    _shares()
    _six_week_checks()
    _checks_begun()
    _cards()
    _certificates()
    _data_requests()
    for table in _THEIR_OWN:
        refuse_of_nobody(table)
    keep_nobody()


def _people() -> None:
    # Added one at a time: SQLite would otherwise make the table anew, which rows that refer to it forbid.
    op.execute(
        "ALTER TABLE people ADD COLUMN cards VARCHAR(60) DEFAULT 'no' NOT NULL "
        "CONSTRAINT ck_people_cards CHECK (cards IN ('no', 'home', 'email'))"
    )
    op.add_column("people", sa.Column("to_say", _JSON, nullable=False, server_default="[]"))
    op.add_column("people", sa.Column("agency_since", _TIME, nullable=True))


def _reflections() -> None:
    """A commitment’s day was any text. What is no day goes to the end of the commitment, so that nothing is lost."""
    op.add_column("reflections", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("reflections", sa.Column("done_at", _TIME, nullable=True))
    table = sa.table(
        "reflections",
        sa.column("person_id", sa.String()),
        sa.column("module_id", sa.String()),
        sa.column("commitment", sa.String()),
        sa.column("by_when", sa.String()),
        sa.column("due_on", sa.Date()),
    )
    written = sa.select(table).where(table.c.by_when != "").order_by(table.c.person_id, table.c.module_id)
    for row in op.get_bind().execute(written).all():
        values: dict[str, object]
        try:
            values = {"due_on": date.fromisoformat(row.by_when.strip())}
        except ValueError:
            values = {"commitment": f"{row.commitment} (by {row.by_when})".strip()}
        mine = (table.c.person_id == row.person_id) & (table.c.module_id == row.module_id)
        op.execute(table.update().where(mine).values(values))
    with op.batch_alter_table("reflections") as reflections:
        reflections.drop_column("by_when")


def _shares() -> None:
    op.create_table(
        "shares",
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("module_id", sa.String(60), nullable=False),
        sa.Column("entry_saved_at", _TIME, nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("ends_at", _TIME, nullable=False),
        sa.Column("taken_back_at", _TIME, nullable=True),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("opened_at", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("mark", name="pk_shares"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_shares_person_id_people"),
    )
    op.create_index("ix_shares_person_id_module_id", "shares", ["person_id", "module_id"])


def _six_week_checks() -> None:
    op.create_table(
        "six_week_checks",
        sa.Column("completion_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("choice", sa.String(60), nullable=False),
        sa.Column("did", sa.String(60), nullable=False),
        sa.Column("came_up", sa.String(60), nullable=False),
        sa.Column("in_the_way", sa.String(60), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("discussed_at", _TIME, nullable=True),
        sa.Column("not_yet_at", _TIME, nullable=True),
        sa.Column("confirmed_at", _TIME, nullable=True),
        sa.Column("confirmed_by_id", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("completion_id", name="pk_six_week_checks"),
        sa.ForeignKeyConstraint(
            ["completion_id"], ["completions.id"], name="fk_six_week_checks_completion_id_completions"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_six_week_checks_person_id_people"),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["people.id"], name="fk_six_week_checks_confirmed_by_id_people"),
    )
    op.create_index("ix_six_week_checks_person_id", "six_week_checks", ["person_id"])


def _checks_begun() -> None:
    op.create_table(
        "checks_begun",
        sa.Column("completion_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("choice", sa.String(60), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("completion_id", name="pk_checks_begun"),
        sa.ForeignKeyConstraint(
            ["completion_id"], ["completions.id"], name="fk_checks_begun_completion_id_completions"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_checks_begun_person_id_people"),
    )
    op.create_index("ix_checks_begun_person_id", "checks_begun", ["person_id"])


def _cards() -> None:
    op.create_table(
        "card_answers",
        sa.Column("completion_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("card_id", sa.String(60), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("choice", sa.String(60), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("completion_id", "card_id", name="pk_card_answers"),
        sa.ForeignKeyConstraint(
            ["completion_id"], ["completions.id"], name="fk_card_answers_completion_id_completions"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_card_answers_person_id_people"),
    )
    op.create_index("ix_card_answers_person_id", "card_answers", ["person_id"])


def _certificates() -> None:
    op.create_table(
        "certificates",
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("completion_id", sa.Integer(), nullable=True),
        sa.Column("body", _JSON, nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_certificates"),
        sa.UniqueConstraint("completion_id", name="uq_certificates_completion_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_certificates_person_id_people"),
        sa.ForeignKeyConstraint(
            ["completion_id"], ["completions.id"], name="fk_certificates_completion_id_completions"
        ),
    )
    op.create_index("ix_certificates_person_id", "certificates", ["person_id"])


def _data_requests() -> None:
    op.create_table(
        "data_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("answered_at", _TIME, nullable=True),
        sa.Column("answered_by_id", sa.String(32), nullable=True),
        sa.Column("answer", sa.String(2000), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_data_requests"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_data_requests_person_id_people"),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people.id"], name="fk_data_requests_answered_by_id_people"),
        sa.CheckConstraint("kind IN ('correct', 'erase')", name=op.f("ck_data_requests_kind")),
    )
    op.create_index("ix_data_requests_at", "data_requests", ["at"])
    op.create_index("ix_data_requests_person_id", "data_requests", ["person_id"])


def downgrade() -> None:
    raise NotImplementedError("Records are kept: restore a backup instead.")
