"""Exports: which packages were made in the web app, of what, and with which hashes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "exports",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("standard", sa.String(60), nullable=False),
        sa.Column("preset", sa.String(60), nullable=False),
        sa.Column("options", _JSON, nullable=False),
        sa.Column("modules", _JSON, nullable=False),
        sa.Column("partnership", sa.String(200), nullable=False),
        sa.Column("overlay", sa.String(), nullable=False),
        sa.Column("overlay_sha256", sa.String(64), nullable=False),
        sa.Column("files", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exports"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_exports_person_id_people"),
    )
    op.create_index("ix_exports_at_id", "exports", ["at", "id"])


def downgrade() -> None:
    raise NotImplementedError("Records are kept: restore a backup instead.")
