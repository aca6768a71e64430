"""The outbox: XapiStatements on their way to an LRS."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("statement_id", sa.String(36), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(60), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("due_at", _TIME, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("delivered_at", _TIME, nullable=True),
        sa.Column("refused_why", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("statement_id", name="pk_outbox"),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_outbox_attempt_id_attempts"),
    )
    op.create_index("ix_outbox_attempt_id_number", "outbox", ["attempt_id", "number"])
    op.create_index("ix_outbox_due_at", "outbox", ["due_at"])


def downgrade() -> None:
    raise NotImplementedError("Records are kept: restore a backup instead.")
